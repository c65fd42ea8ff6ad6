/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to do for a session, one thing at a time. What comes next
 * follows from its state in the kernel and from what has been done already,
 * whether it was a notification, an answer, a timer or a restart of the daemon
 * that led here; when it is done is in session.c.
 */
#ifndef KBNGD_TASK_H
#define KBNGD_TASK_H

#include "kbngd.h"
#include "lib/names.h"

/** enum task - what may be next for a session */
enum task {
	TASK_NONE,
	TASK_AUTH,			/* ask who it is */
	TASK_CLAIM,			/* active, but with no cookie of ours */
	TASK_ANNOUNCE,			/* SESSION_START, POLICY_APPLY */
	TASK_START,			/* the record Start */
	TASK_UPDATE,			/* Interim-Update, SESSION_UPDATE */
	TASK_ANNOUNCE_STOP,		/* SESSION_STOP */
	TASK_STOP,			/* the record Stop */
	TASK_ACK,			/* the kernel may forget it */
};

/** enum outcome - what came of running a task */
enum outcome {
	DONE,				/* see what is next */
	UNDER_WAY,			/* an answer will come */
	FAILED,				/* later again */
	GONE,				/* the kernel does not have it */
};

extern const struct kbng_names task_names, outcome_names;

enum task task_next(const struct session *s);

enum outcome task_run(struct session *s, enum task task);

/* The same where the kernel's view of @s is known already. Not TASK_ACK. */
enum outcome task_run_with(struct session *s, enum task task,
			   const struct kbng_session_info *info);

/* What @task wrote to the journal was lost: it is still to be done. */
void task_undo(struct session *s, enum task task);

/*
 * Keep what a server said of @s before its offer: it holds for the address too,
 * if the client takes one within a minute. Takes the reply of @req.
 */
void task_keep_answer(struct session *s, struct radius_request *req);

/* The kernel's view of @s, complete. */
enum outcome task_get(struct session *s, struct kbng_session_info *info);

#endif /* KBNGD_TASK_H */

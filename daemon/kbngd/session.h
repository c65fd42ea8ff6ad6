/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a session, seen from here: authenticate, apply the verdict, tell
 * and account, acknowledge. One thing is under way with a session at a time;
 * what comes next follows from its state in the kernel and from what has been
 * done already (session_task()), whether it was a notification, an answer, a
 * timer or a restart of the daemon that led here.
 */
#ifndef KBNGD_SESSION_H
#define KBNGD_SESSION_H

#include "kbngd.h"

/*
 * The kernel has session @s: from a dump or a notification. @renewed: its
 * lease was extended, so a rejected one is tried again. What there is to do
 * starts in the loop, after this has returned.
 */
void session_seen(struct kbngd *k, const struct kbng_session_info *s,
		  bool renewed);

/* The answer to a request of ours; a radius_done_fn, @arg is the kbngd. */
void session_answered(struct radius_request *req, void *arg);

#endif /* KBNGD_SESSION_H */

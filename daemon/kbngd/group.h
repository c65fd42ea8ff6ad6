/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written to the journal within a moment is written together, and what
 * depends on it is done then: records and events are sent, sessions are
 * acknowledged. If it is lost the sessions' tasks are to be done again.
 */
#ifndef KBNGD_GROUP_H
#define KBNGD_GROUP_H

#include "task.h"

#define GROUP_MS	20		/* that something waits for others */

/** enum group_then - what to do when the journal has it: flags */
enum group_then {
	GROUP_RECORDS = 1,		/* send records */
	GROUP_EVENTS = 2,		/* send events */
};

/* Groups for k->journal; NULL without memory. */
struct group *group_open(struct kbngd *k);
void group_close(struct group *group);

/* @task of @s was done, and may have written to the journal. */
void group_add(struct group *group, const struct session *s, enum task task);

/* Whether something of @s waits. */
bool group_has(const struct group *group, const struct session *s);

/* When all that is written by now is in the journal. */
void group_then(struct group *group, enum group_then what);

#endif /* KBNGD_GROUP_H */

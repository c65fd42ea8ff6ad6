/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told to the outside: SESSION_START, SESSION_UPDATE, SESSION_STOP,
 * POLICY_APPLY, ROUTER_UPDATE and BNG_HEALTH_UPDATE, as JSON objects in the
 * journal. docs/events.md has the fields.
 *
 * All return 0, or -1 with the reason logged: then nothing was told.
 */
#ifndef KBNGD_EVENTS_H
#define KBNGD_EVENTS_H

#include "lib/cookie.h"
#include "kbngd.h"

/*
 * A session was accepted: POLICY_APPLY and, for what is new to the journal,
 * SESSION_START, both or none.
 */
int events_accepted(struct kbngd *k, const struct kbng_session_info *s,
		    const struct cookie *cookie);

/* POLICY_APPLY of a session that was rejected. */
int events_rejected(struct kbngd *k, const struct kbng_session_info *s,
		    const char *username);

/* SESSION_UPDATE with the counters of @s. */
int events_update(struct kbngd *k, const struct kbng_session_info *s,
		  const struct cookie *cookie);

/* SESSION_STOP with the final counters of @s. */
int events_stopped(struct kbngd *k, const struct kbng_session_info *s,
		   const struct cookie *cookie);

/** struct health_report - BNG_HEALTH_UPDATE */
struct health_report {
	unsigned int cpu;		/* per mille of all processors */
	uint64_t mem_usage, mem_max;	/* MiB */
	unsigned int sessions[KBNG_STATE_STOPPED + 1];
};

int events_health(struct kbngd *k, const struct health_report *report);

/* ROUTER_UPDATE of an access node, which the journal then has as @node. */
int events_node(struct kbngd *k, const struct journal_node *node);

#endif /* KBNGD_EVENTS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told to the outside: SESSION_START, SESSION_UPDATE, SESSION_STOP and
 * POLICY_APPLY, as JSON objects in the journal. docs/events.md has the fields.
 *
 * All return 0, or -1 with the reason logged: then nothing was told.
 */
#ifndef KBNGD_EVENTS_H
#define KBNGD_EVENTS_H

#include "cookie.h"
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

#endif /* KBNGD_EVENTS_H */

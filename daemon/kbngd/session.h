/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a session, seen from here: authenticate, apply the verdict, tell
 * and account, acknowledge. One thing is under way with a session at a time:
 * task.c knows what is next, this when.
 */
#ifndef KBNGD_SESSION_H
#define KBNGD_SESSION_H

#include "task.h"

/*
 * The kernel has session @s: from a dump or a notification. @renewed: its
 * lease was extended, so a rejected one is tried again. What there is to do
 * starts in the loop, after this has returned.
 */
void session_seen(struct kbngd *k, const struct kbng_session_info *s,
		  bool renewed);

/* What the session may use, or its interim interval, was changed. */
void session_changed(struct session *s);

/* An update and an Interim-Update are wanted now. */
void session_update_now(struct session *s);

/*
 * Authenticate it once more; active, it stays so meanwhile, and if nobody
 * answers. With @state, of @len octets, authorise only, see auth_request().
 * False without memory.
 */
bool session_reauth(struct session *s, const void *state, size_t len);

/*
 * Its update is due and the kernel has said @info; or @err, a negative errno,
 * and nothing.
 */
void session_update(struct session *s, int err,
		    const struct kbng_session_info *info);

/* The journal has lost what @task of the session @uuid wrote. */
void session_undo(struct kbngd *k, const uint8_t *uuid, enum task task);

/* The answer to an Access-Request of ours, or none. */
void session_answered(struct kbngd *k, struct radius_request *req);

#endif /* KBNGD_SESSION_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a session may last, and may be idle: Session-Timeout, Idle-Timeout
 * and Termination-Action (RFC 2865 5.27 to 5.29). A quota is such a limit too.
 */
#ifndef KBNGD_TIMEOUT_H
#define KBNGD_TIMEOUT_H

#include "lib/cookie.h"
#include "kbngd.h"

/* What @cookie grants to @s, which is as @info says, counts from now on. */
void timeout_set(struct session *s, const struct kbng_session_info *info,
		 const struct cookie *cookie);

/* Note whether @s, as @info says, has used up its quota. */
void timeout_seen(struct session *s, const struct kbng_session_info *info);

/* The loop time at which timeout_run() is wanted; UINT64_MAX: never. */
uint64_t timeout_due(const struct session *s);

/*
 * End @s or have it authenticated again if its time is over or its quota used
 * up, end it if it was idle for too long. Its end is told by the kernel.
 */
void timeout_run(struct session *s);

/* Nobody answered when its time was over: again after a while. */
void timeout_retry(struct session *s);

#endif /* KBNGD_TIMEOUT_H */

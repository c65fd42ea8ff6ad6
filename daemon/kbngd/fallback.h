/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is let in when no RADIUS server answers: `no_answer` of kbngd.yaml(5).
 */
#ifndef KBNGD_FALLBACK_H
#define KBNGD_FALLBACK_H

#include "kbngd.h"

/*
 * Make the pending session @s active, by the first of its iface's `no_answer`
 * that knows it; @info is the kernel's view. False if it has to wait: none
 * does, it is not pending, or the kernel refused, which is logged.
 */
bool fallback_admit(struct kbngd *k, struct session *s,
		    const struct kbng_session_info *info);

#endif /* KBNGD_FALLBACK_H */

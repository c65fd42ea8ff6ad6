/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts: from an answer or the subscriber file to the kernel.
 *
 * Each sets the session's state in the kernel and then in @s. They return 0,
 * or -1 with the reason logged; @info is the kernel's view of @s.
 */
#ifndef KBNGD_VERDICT_H
#define KBNGD_VERDICT_H

#include "kbngd.h"

/* By the answer @req, which is an accept or a reject. */
int verdict_radius(struct kbngd *k, struct session *s,
		   const struct kbng_session_info *info,
		   const struct radius_request *req);

/* By the subscriber file. */
int verdict_local(struct kbngd *k, struct session *s,
		  const struct kbng_session_info *info);

/* It is active by somebody else's word: account it as it is. */
int verdict_claim(struct kbngd *k, struct session *s,
		  const struct kbng_session_info *info);

/* Note in the cookie of @info that the Accounting Start was answered. */
void verdict_mark_started(struct kbngd *k, const struct kbng_session_info *info);

#endif /* KBNGD_VERDICT_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts: from an answer or the subscriber file to the kernel.
 *
 * Each sets the session's state in the kernel and then in @s. They return 0,
 * or -1 with the reason logged; @info is the kernel's view of @s.
 */
#ifndef KBNGD_VERDICT_H
#define KBNGD_VERDICT_H

#include "coa.h"
#include "kbngd.h"

/*
 * Active with policy, prefixes, terms and radius6 of @grant, NULL for those it has, by the
 * decision that is in @cookie with all else of it. An offered session has its
 * offer granted, by the terms and radius6, and the rest waits for its address.
 */
int verdict_accept(struct kbngd *k, struct session *s,
		   const struct kbng_session_info *info,
		   const struct cookie *cookie,
		   const struct kbng_verdict *grant);

/* Note in @s by whose word it is active. */
void verdict_by(struct session *s, const struct cookie *cookie);

/* The user is @name, of TEMPLATE_MAX octets at most. */
void verdict_name(struct cookie *cookie, const char *name);

/*
 * Has nothing but the subscriber's own packets told us its address? Then only
 * who knows the address may let it in.
 */
bool verdict_wants_address(const struct kbng_session_info *info);

/*
 * Let @grant give @radius6, which has to live as long. It may be empty: then the
 * session loses what it has, if it has any.
 */
void verdict_radius6(const struct kbng_session_info *info,
		     const struct kbng_radius6 *radius6,
		     struct kbng_verdict *grant);

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

/*
 * By a CoA-Request: rates, Class, timeouts, interim interval and whether it is
 * walled, of an active session, all that it asks for or nothing.
 */
enum coa_error verdict_change(struct kbngd *k, struct session *s,
			      const struct kbng_session_info *info,
			      const struct coa *coa);

#endif /* KBNGD_VERDICT_H */

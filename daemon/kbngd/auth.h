/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a session is, to RADIUS: the attributes of an Access-Request, and what an
 * Access-Accept grants. docs/radius.md lists both.
 */
#ifndef KBNGD_AUTH_H
#define KBNGD_AUTH_H

#include "lib/cookie.h"
#include "kbngd.h"

/*
 * Build the Access-Request (RFC 2865 4.1) for @s; NULL with the reason logged.
 * With @state, of a CoA-Request, it asks to authorise only (RFC 5176 3.2): it
 * returns State and has no password.
 */
struct radius_request *auth_request(struct kbngd *k,
				    const struct kbng_session_info *s,
				    const struct cookie_value *state, int tag);

/*
 * The user name by which @s is known as long as no server gives another, into
 * @name, of TEMPLATE_MAX + 1 octets: radius.username, or the MAC address.
 */
void auth_username(const struct kbngd *k, const struct kbng_session_info *s,
		   char *name);

/*
 * What the Access-Accept @req says of @s: the policy, IPv6 @prefixes, and in @cookie, which has
 * the user name already, a better name (RFC 2865 5.1), Class (5.25), timeouts
 * (5.27 to 5.29), the interim interval (RFC 2869 5.16), the name that is
 * charged (RFC 4372), and whether it is walled.
 */
void auth_accepted(struct kbngd *k, const struct kbng_session_info *s,
		   const struct radius_request *req, struct cookie *cookie,
		   struct kbng_policy *policy, struct kbng_prefixes *prefixes);

/* @seconds from now as the session time of @s at which it ends, 0 for none. */
uint32_t auth_end(const struct kbng_session_info *s, uint32_t seconds);

/* An Acct-Interim-Interval as it is used, RFC 2869 5.16. */
uint32_t auth_interim(uint32_t seconds);

/*
 * Add what identifies the session and this NAS, in Access-Requests and
 * Accounting-Requests alike. False if something did not fit.
 */
bool auth_add_identity(struct kbngd *k, struct radius_request *req,
		       const struct kbng_session_info *s);

/* The part of it that identifies this NAS. */
bool auth_add_nas(struct kbngd *k, struct radius_request *req);

/* Add an attribute to @req; false with the reason logged by radcli. */
bool auth_add(struct kbngd *k, struct radius_request *req, int attribute,
	      int vendor, const void *data, int len);
bool auth_add_number(struct kbngd *k, struct radius_request *req, int attribute,
		     uint32_t value);

#endif /* KBNGD_AUTH_H */

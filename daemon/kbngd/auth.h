/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a session is, to RADIUS: the attributes of an Access-Request, and what an
 * Access-Accept grants. docs/radius.md lists both.
 */
#ifndef KBNGD_AUTH_H
#define KBNGD_AUTH_H

#include "cookie.h"
#include "kbngd.h"

/* Build the Access-Request (RFC 2865 4.1) for @s; NULL with the reason logged. */
struct radius_request *auth_request(struct kbngd *k,
				    const struct kbng_session_info *s, int tag);

/*
 * The user name by which @s is known as long as no server gives another, into
 * @name, of TEMPLATE_MAX + 1 octets: radius.username, or the MAC address.
 */
void auth_username(const struct kbngd *k, const struct kbng_session_info *s,
		   char *name);

/*
 * What the Access-Accept @req says: the policy, and in @cookie, which has the
 * user name already, a better name (RFC 2865 5.1), Class (5.25) and the
 * interim interval (RFC 2869 5.16).
 */
void auth_accepted(struct kbngd *k, const struct radius_request *req,
		   struct cookie *cookie, struct kbng_policy *policy);

/*
 * Add what identifies the session and this NAS, in Access-Requests and
 * Accounting-Requests alike. False if something did not fit.
 */
bool auth_add_identity(struct kbngd *k, struct radius_request *req,
		       const struct kbng_session_info *s);

/* Add an attribute to @req; false with the reason logged by radcli. */
bool auth_add(struct kbngd *k, struct radius_request *req, int attribute,
	      int vendor, const void *data, int len);
bool auth_add_number(struct kbngd *k, struct radius_request *req, int attribute,
		     uint32_t value);

#endif /* KBNGD_AUTH_H */

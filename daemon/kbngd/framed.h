/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv6 prefixes and IPv4 networks of sessions as RADIUS attributes:
 * Framed-IPv6-Prefix (RFC 3162 2.3), Framed-IPv6-Route (2.5),
 * Delegated-IPv6-Prefix (RFC 4818 3), Framed-IPv6-Address (RFC 6911 3.1) and
 * Framed-Route (RFC 2865 5.22). A route to a subscriber is a prefix that is
 * behind him, like one that is delegated. Pure.
 */
#ifndef KBNGD_FRAMED_H
#define KBNGD_FRAMED_H

#include <radcli/radcli.h>

#include "lib/model.h"

#define FRAMED_ROUTE		22
#define FRAMED_IPV6_PREFIX	97
#define FRAMED_IPV6_ROUTE	99
#define DELEGATED_IPV6_PREFIX	123
#define FRAMED_IPV6_ADDRESS	168

#define FRAMED_VALUE_MAX	24	/* octets */

/*
 * Collect the prefixes of the attributes @pairs in @list, which has none if
 * there are none. The attributes must be known to radcli as strings. Returns
 * how many were malformed, or more than a session may have.
 */
unsigned int framed_from_pairs(VALUE_PAIR *pairs, struct kbng_prefixes *list);

/*
 * Write the value of the attribute that tells of @prefix, and its length to
 * *@len. Returns the attribute: the address of a host, the /64 of a link, an
 * IPv4 route, and anything else is delegated.
 */
int framed_attribute(const struct kbng_prefix *prefix,
		     uint8_t value[FRAMED_VALUE_MAX], int *len);

#endif /* KBNGD_FRAMED_H */

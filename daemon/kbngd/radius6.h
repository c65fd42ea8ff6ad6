/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What RADIUS says of a host's IPv6 besides its prefixes: Framed-IPv6-Pool (RFC
 * 3162 2.6), and of RFC 6911 Stateful-IPv6-Address-Pool (3.5),
 * Delegated-IPv6-Prefix-Pool (3.4), DNS-Server-IPv6-Address (3.2) and
 * Route-IPv6-Information (3.3). Pure.
 */
#ifndef KBNGD_RADIUS6_H
#define KBNGD_RADIUS6_H

#include <radcli/radcli.h>

#include "lib/model.h"

#define FRAMED_IPV6_POOL	100
#define DNS_SERVER_IPV6_ADDRESS	169
#define ROUTE_IPV6_INFORMATION	170
#define DELEGATED_IPV6_PREFIX_POOL 171
#define STATEFUL_IPV6_ADDRESS_POOL 172

/*
 * Collect the attributes @pairs in @list, empty if there are none: the pools,
 * one of each, as 172, 171, 100, then DNS servers and routes. So a DHCPv6
 * server finds a pool at an offset that depends on nothing but other pools. The
 * attributes must be known to radcli as strings. Returns how many were left
 * out: malformed, or more than a session may have.
 */
unsigned int radius6_from_pairs(VALUE_PAIR *pairs, struct kbng_radius6 *list);

#endif /* KBNGD_RADIUS6_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RADIUS attributes that are about a host's IPv6, in their wire form (RFC 2865
 * 5): pools and DNS servers for DHCPv6, DNS servers and routes for router
 * advertisements (RFC 3162, RFC 6911). Pure: tests compile this file.
 */
#ifndef _KBNG_RADIUS6_H
#define _KBNG_RADIUS6_H

#include <linux/in6.h>
#include <linux/types.h>
#include <linux/kbng.h>
#include "nd_router.h"

enum kbng_radius6_type {
	KBNG_RADIUS6_FRAMED_POOL = 100,
	KBNG_RADIUS6_DNS = 169,
	KBNG_RADIUS6_ROUTE = 170,
	KBNG_RADIUS6_DELEGATED_POOL = 171,
	KBNG_RADIUS6_STATEFUL_POOL = 172,
};

enum kbng_radius6_fault {
	KBNG_RADIUS6_FINE,
	KBNG_RADIUS6_MALFORMED,
	KBNG_RADIUS6_FOREIGN,
	KBNG_RADIUS6_MANY_DNS,
	KBNG_RADIUS6_MANY_ROUTES,
};

/**
 * struct kbng_radius6_walk - attributes that are left, and the newest one
 * @p: where the next begins; NULL: there are none
 * @left: octets from @p on
 * @value: of the newest
 * @type: enum kbng_radius6_type
 * @len: of @value
 */
struct kbng_radius6_walk {
	const u8 *p;
	size_t left;
	const u8 *value;
	u8 type;
	u8 len;
};

/**
 * kbng_radius6_next() - take an attribute
 * @w: walk
 *
 * Return: false when that was all, or, if octets are left, when the next ends
 * past the end
 */
static inline bool kbng_radius6_next(struct kbng_radius6_walk *w)
{
	if (w->left < 2 || w->p[1] < 2 || w->p[1] > w->left)
		return false;
	w->type = w->p[0];
	w->len = w->p[1] - 2;
	w->value = w->p + 2;
	w->left -= w->p[1];
	w->p += w->p[1];
	return true;
}

enum kbng_radius6_fault kbng_radius6_check(const u8 *data, size_t len);
unsigned int kbng_radius6_dns(struct kbng_radius6_walk w,
			      struct in6_addr dns[KBNG_SERVERS_MAX]);
unsigned int kbng_radius6_routes(struct kbng_radius6_walk w,
				 struct kbng_nd_route route[KBNG_ROUTES6_MAX]);
unsigned int kbng_radius6_less_dns(struct in6_addr *dns, unsigned int n,
				   const struct in6_addr *kept,
				   unsigned int n_kept);
unsigned int kbng_radius6_less_routes(struct kbng_nd_route *route,
				      unsigned int n,
				      const struct kbng_nd_route *kept,
				      unsigned int n_kept);

#endif /* _KBNG_RADIUS6_H */

// SPDX-License-Identifier: GPL-2.0
#include "radius6.h"

#include <linux/string.h>

#define KBNG_RADIUS6_ROUTE_LEN	2	/* reserved, and bits of the prefix */

/* RFC 6911 3.3: of the prefix there are as many octets as its bits need. */
static bool kbng_radius6_route_ok(const struct kbng_radius6_walk *w)
{
	return w->len >= KBNG_RADIUS6_ROUTE_LEN && w->value[1] <= 128 &&
	       w->len >= KBNG_RADIUS6_ROUTE_LEN + (w->value[1] + 7) / 8 &&
	       w->len <= KBNG_RADIUS6_ROUTE_LEN + sizeof(struct in6_addr);
}

static enum kbng_radius6_fault
kbng_radius6_check_one(const struct kbng_radius6_walk *w)
{
	bool ok;

	switch (w->type) {
	case KBNG_RADIUS6_FRAMED_POOL:
	case KBNG_RADIUS6_DELEGATED_POOL:
	case KBNG_RADIUS6_STATEFUL_POOL:
		ok = w->len;
		break;
	case KBNG_RADIUS6_DNS:
		ok = w->len == sizeof(struct in6_addr);
		break;
	case KBNG_RADIUS6_ROUTE:
		ok = kbng_radius6_route_ok(w);
		break;
	default:
		return KBNG_RADIUS6_FOREIGN;
	}
	return ok ? KBNG_RADIUS6_FINE : KBNG_RADIUS6_MALFORMED;
}

/**
 * kbng_radius6_check() - are these attributes what others here may rely on?
 * @data: attributes
 * @len: of @data
 *
 * Return: KBNG_RADIUS6_FINE, or what is wrong
 */
enum kbng_radius6_fault kbng_radius6_check(const u8 *data, size_t len)
{
	struct kbng_radius6_walk w = { .p = data, .left = len };
	enum kbng_radius6_fault fault;
	unsigned int routes = 0;
	unsigned int dns = 0;

	while (kbng_radius6_next(&w)) {
		fault = kbng_radius6_check_one(&w);
		if (fault)
			return fault;
		dns += w.type == KBNG_RADIUS6_DNS;
		routes += w.type == KBNG_RADIUS6_ROUTE;
	}
	if (w.left)
		return KBNG_RADIUS6_MALFORMED;
	if (dns > KBNG_SERVERS_MAX)
		return KBNG_RADIUS6_MANY_DNS;
	return routes > KBNG_ROUTES6_MAX ? KBNG_RADIUS6_MANY_ROUTES :
					   KBNG_RADIUS6_FINE;
}

/**
 * kbng_radius6_dns() - DNS-Server-IPv6-Address (RFC 6911 3.2)
 * @w: attributes that were checked
 * @dns: gets them
 *
 * Return: how many
 */
unsigned int kbng_radius6_dns(struct kbng_radius6_walk w,
			      struct in6_addr dns[KBNG_SERVERS_MAX])
{
	unsigned int n = 0;

	while (kbng_radius6_next(&w))
		if (w.type == KBNG_RADIUS6_DNS)
			memcpy(&dns[n++], w.value, sizeof(*dns));
	return n;
}

/**
 * kbng_radius6_routes() - Route-IPv6-Information (RFC 6911 3.3)
 * @w: attributes that were checked
 * @route: gets them, without lifetime and bits behind their length
 *
 * Return: how many
 */
unsigned int kbng_radius6_routes(struct kbng_radius6_walk w,
				 struct kbng_nd_route route[KBNG_ROUTES6_MAX])
{
	struct kbng_nd_route *r;
	unsigned int n = 0;
	u8 *addr;

	while (kbng_radius6_next(&w)) {
		if (w.type != KBNG_RADIUS6_ROUTE)
			continue;
		r = &route[n++];
		addr = (u8 *)&r->addr;
		memset(r, 0, sizeof(*r));
		r->len = w.value[1];
		memcpy(addr, w.value + KBNG_RADIUS6_ROUTE_LEN,
		       (r->len + 7) / 8);
		if (r->len % 8)
			addr[r->len / 8] &= 0xff00 >> r->len % 8;
	}
	return n;
}

/**
 * kbng_radius6_less_dns() - take away those that are kept
 * @dns: servers; gets what is left
 * @n: entries of @dns
 * @kept: others
 * @n_kept: entries of @kept
 *
 * Return: how many are left
 */
unsigned int kbng_radius6_less_dns(struct in6_addr *dns, unsigned int n,
				   const struct in6_addr *kept,
				   unsigned int n_kept)
{
	unsigned int left = 0;
	unsigned int i;
	unsigned int j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n_kept; j++)
			if (!memcmp(&dns[i], &kept[j], sizeof(*dns)))
				break;
		if (j == n_kept)
			dns[left++] = dns[i];
	}
	return left;
}

/**
 * kbng_radius6_less_routes() - the same of routes
 * @route: routes; gets what is left
 * @n: entries of @route
 * @kept: others
 * @n_kept: entries of @kept
 *
 * Return: how many are left
 */
unsigned int kbng_radius6_less_routes(struct kbng_nd_route *route,
				      unsigned int n,
				      const struct kbng_nd_route *kept,
				      unsigned int n_kept)
{
	unsigned int left = 0;
	unsigned int i;
	unsigned int j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n_kept; j++)
			if (route[i].len == kept[j].len &&
			    !memcmp(&route[i].addr, &kept[j].addr,
				    sizeof(route[i].addr)))
				break;
		if (j == n_kept)
			route[left++] = route[i];
	}
	return left;
}

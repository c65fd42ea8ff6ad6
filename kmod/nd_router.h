/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Router advertisements over a byte buffer (RFC 4861 4.2, RFC 4191 2, RFC 8106
 * 5). Pure: no skb, no allocation; tests compile this.
 */
#ifndef _KBNG_ND_ROUTER_H
#define _KBNG_ND_ROUTER_H

#include <linux/in6.h>
#include <linux/types.h>
#include <linux/kbng.h>

/* The server gives addresses, and other things, by DHCPv6. */
#define KBNG_ND_ROUTER_DHCP	0xc0

/*
 * A search list as it is sent, behind 8 octets: a name has two octets more than
 * its text, and there are most names if each is one letter.
 */
#define KBNG_ND_SEARCH_MAX	(8 + (KBNG_SEARCH_MAX + \
				      (KBNG_SEARCH_MAX + 1) / 2 + 1 + 7) / 8 * 8)

/* With all its options. */
#define KBNG_ND_ROUTER_MAX	(16 + 8 + 8 + 32 * KBNG_PREFIXES_MAX + \
				 24 * KBNG_ROUTES6_MAX + \
				 8 + 16 * KBNG_SERVERS_MAX + KBNG_ND_SEARCH_MAX)

/**
 * struct kbng_nd_prefix - a /64 that the host makes itself an address of
 * @addr: its address
 * @valid: s that an address lives
 * @preferred: s that it is used for something new
 */
struct kbng_nd_prefix {
	struct in6_addr addr;
	u32 valid;
	u32 preferred;
};

/**
 * struct kbng_nd_route - where else this router leads to (RFC 4191 2.3)
 * @addr: prefix, zero behind its length
 * @len: bits of it
 * @lifetime: s
 */
struct kbng_nd_route {
	struct in6_addr addr;
	u8 len;
	u32 lifetime;
};

/**
 * struct kbng_nd_router - what an advertisement says
 * @flags: KBNG_ND_ROUTER_DHCP or 0
 * @lifetime: s that this is a default router, 0: it is none
 * @dns_lifetime: s that @dns may be asked and @search is good
 * @mac: 6 octets: the router's link-layer address
 * @mtu: of the link, 0: not said
 * @n_prefixes: entries of @prefix
 * @n_routes: entries of @route
 * @n_dns: entries of @dns, 0: not said
 * @prefix: none of them is on the link: everything goes by the router
 * @route: of medium preference
 * @dns: recursive DNS servers
 * @search: search list that kbng_nd_search_valid(), empty or NULL: not said
 */
struct kbng_nd_router {
	u8 flags;
	u16 lifetime;
	u32 dns_lifetime;
	const u8 *mac;
	u32 mtu;
	unsigned int n_prefixes;
	unsigned int n_routes;
	unsigned int n_dns;
	struct kbng_nd_prefix prefix[KBNG_PREFIXES_MAX];
	struct kbng_nd_route route[KBNG_ROUTES6_MAX];
	const struct in6_addr *dns;
	const char *search;
};

bool kbng_nd_search_valid(const char *search);
size_t kbng_nd_router_write(u8 *buf, size_t size,
			    const struct kbng_nd_router *r);

#endif /* _KBNG_ND_ROUTER_H */

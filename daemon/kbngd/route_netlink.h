/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A route, as the kernel is told of it and tells of it. */
#ifndef KBNGD_ROUTE_NETLINK_H
#define KBNGD_ROUTE_NETLINK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nl_sock;

/** struct route - to one prefix; those of a session are in a list */
struct route {
	struct route *next;
	struct in6_addr dst;		/* IPv4 is mapped, as in @via */
	struct in6_addr via;		/* ::: onto the link */
	uint32_t ifindex;
	uint32_t table;
	uint8_t len;
	bool kept;			/* of those found: a session has it */
};

/** struct routes_found - the kernel's of ROUTE_PROTOCOL; @at is malloc()ed */
struct routes_found {
	struct route *at;
	size_t n;
};

/* Let route_netlink_find() fill @found. An error of libnl's. */
int route_netlink_open(struct nl_sock *sk, struct routes_found *found);

/* Adds the routes of IPv4 and IPv6 to what was found. An error of libnl's. */
int route_netlink_find(struct nl_sock *sk);

/*
 * Add a route, or take it away. One of ours to the same prefix, which is
 * another's no more, is replaced; taken away is only that which is all the same.
 * An error of libnl's; one that is not there any more is none.
 */
int route_netlink_add(struct nl_sock *sk, const struct route *route);
int route_netlink_del(struct nl_sock *sk, const struct route *route);

#endif /* KBNGD_ROUTE_NETLINK_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes to subscribers' prefixes, in the kernel's table. A prefix has one as
 * long as a live session has the prefix: through the link-local address that the
 * subscriber speaks DHCPv6 from, or onto the link if there is none; to an IPv4
 * network through the subscriber's address.
 *
 * The routes stay when the daemon ends. When it begins, what is there is
 * compared with the sessions: what nobody has goes, what lacks comes.
 */
#ifndef KBNGD_ROUTE_H
#define KBNGD_ROUTE_H

#include "kbngd.h"

/* Whose routes these are, to `ip -6 route show proto 75` and routing daemons. */
#define ROUTE_PROTOCOL	75

/* Worse than what an operator adds (1024): his route to the same prefix wins. */
#define ROUTE_METRIC	2048

struct routes;

/* Into k->routes; -1, and why in @error, of @size octets. */
int route_open(struct kbngd *k, char *error, size_t size);
void route_close(struct routes *r);

/* Between these two all sessions are given to route_session(). */
void route_sync_begin(struct routes *r);
void route_sync_end(struct routes *r);

/* Make the routes to @s those of its prefixes: none, if it is stopped. */
void route_session(struct session *s, const struct kbng_session_info *info);

/* What could not be added is tried again. */
void route_retry(struct routes *r);

/* Forget the routes to @s, which stay in the kernel. */
void route_forget(struct session *s);

#endif /* KBNGD_ROUTE_H */

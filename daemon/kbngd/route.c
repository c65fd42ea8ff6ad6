// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "lib/fmt.h"
#include "lib/log.h"
#include "route.h"
#include "route_netlink.h"
#include "yamlfile.h"

/** struct routes_iface - an access iface that gets routes */
struct routes_iface {
	uint32_t ifindex;
	uint32_t table;
	bool up;
};

struct routes {
	struct kbngd *k;
	struct nl_sock *sk;		/* requests */
	struct nl_sock *links;		/* what becomes of devices */
	uv_poll_t poll;			/* of that; what frees all this */
	struct routes_iface *ifaces;
	size_t n_ifaces;
	struct routes_found found;	/* during a sync */
	bool syncing;
	bool failed;			/* something is to be tried again */
	bool told;			/* somebody was told so */
};

static bool route_same_dst(const struct route *a, const struct route *b)
{
	return a->len == b->len && a->table == b->table &&
	       IN6_ARE_ADDR_EQUAL(&a->dst, &b->dst);
}

static bool route_same(const struct route *a, const struct route *b)
{
	return route_same_dst(a, b) && a->ifindex == b->ifindex &&
	       IN6_ARE_ADDR_EQUAL(&a->via, &b->via);
}

/* By destination, for the routes that were found. */
static int route_compare(const void *one, const void *other)
{
	const struct route *a = one, *b = other;
	int order = memcmp(&a->dst, &b->dst, sizeof(a->dst));

	if (order)
		return order;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return a->table < b->table ? -1 : a->table > b->table;
}

static void route_complain(const struct route *route, const char *what, int err)
{
	struct kbng_prefix prefix = { .addr = route->dst, .len = route->len };
	char dst[KBNG_FMT_SIZE];

	kbng_warning("route is not %s prefix=%s ifindex=%u table=%u: %s", what,
		     kbng_fmt_prefix(dst, sizeof(dst), &prefix),
		     route->ifindex, route->table, nl_geterror(err));
}

static void route_add(struct routes *r, const struct route *route)
{
	int err = route_netlink_add(r->sk, route);

	if (!err)
		return;
	if (!r->told)
		route_complain(route, "added, will try again", err);
	r->failed = r->told = true;
}

static void route_del(struct routes *r, const struct route *route)
{
	int err = route_netlink_del(r->sk, route);

	if (err)
		route_complain(route, "removed", err);
}

static const struct routes_iface *route_iface(const struct routes *r,
					      uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < r->n_ifaces; i++)
		if (r->ifaces[i].ifindex == ifindex)
			return &r->ifaces[i];
	return NULL;
}

void route_forget(struct session *s)
{
	struct route *next;

	for (; s->routes; s->routes = next) {
		next = s->routes->next;
		free(s->routes);
	}
}

/* Adds what is not there; what is, is a session's. */
static void route_ensure(struct routes *r, const struct route *route)
{
	struct route *found = NULL;

	if (r->found.n)
		found = bsearch(route, r->found.at, r->found.n, sizeof(*found),
				route_compare);
	if (!found || !route_same(found, route))
		route_add(r, route);
	/* Even if it was another's: replaced, it is not to be removed. */
	if (found)
		found->kept = true;
}

/* Takes the one to the same prefix out of a list. */
static struct route *route_take(struct route **list, const struct route *like)
{
	struct route *route;

	for (; (route = *list); list = &route->next)
		if (route_same_dst(route, like)) {
			*list = route->next;
			return route;
		}
	return NULL;
}

static void route_want(struct session *s, struct route **old,
		       const struct route *want)
{
	struct routes *r = s->k->routes;
	struct route *route = route_take(old, want);
	bool kept = route && route_same(route, want);

	if (!route)
		route = malloc(sizeof(*route));
	if (!route) {
		kbng_error("out of memory: no route to a prefix");
		return;
	}
	*route = *want;
	route->next = s->routes;
	s->routes = route;
	if (!kept || r->syncing)
		route_ensure(r, route);
}

/* Through the address that the session speaks from; without one, onto the link. */
static void route_via(const struct kbng_session_info *info,
		      const struct kbng_prefix *prefix, struct in6_addr *via)
{
	if (!kbng_is_route4(prefix)) {
		*via = info->link_local;
		return;
	}
	memset(via, 0, sizeof(*via));
	if (!info->addr.s_addr)
		return;
	memset(&via->s6_addr[10], 0xff, 2);
	memcpy(&via->s6_addr[12], &info->addr, 4);
}

void route_session(struct session *s, const struct kbng_session_info *info)
{
	struct routes *r = s->k->routes;
	const struct routes_iface *iface = route_iface(r, info->ifindex);
	struct route *old = s->routes, *next;
	struct route want = { .ifindex = info->ifindex };
	const struct kbng_prefix *prefix;
	unsigned int i;

	s->routes = NULL;
	for (i = 0; iface && info->state != KBNG_STATE_STOPPED &&
		    i < info->prefixes.n; i++) {
		prefix = &info->prefixes.prefix[i];
		route_via(info, prefix, &want.via);
		want.dst = prefix->addr;
		want.len = prefix->len;
		want.table = iface->table;
		if (want.len < 128 || kbng_is_route4(prefix))
			route_want(s, &old, &want);
	}
	for (; old; old = next) {
		next = old->next;
		/* A sync removes by itself what nobody wants. */
		if (!r->syncing)
			route_del(r, old);
		free(old);
	}
}

void route_sync_begin(struct routes *r)
{
	int err = route_netlink_find(r->sk);

	r->syncing = true;
	r->failed = err;
	if (err)
		kbng_warning("routes cannot be read: %s", nl_geterror(err));
	if (r->found.n)
		qsort(r->found.at, r->found.n, sizeof(*r->found.at), route_compare);
}

void route_sync_end(struct routes *r)
{
	size_t i;

	for (i = 0; i < r->found.n; i++)
		if (!r->found.at[i].kept)
			route_del(r, &r->found.at[i]);
	free(r->found.at);
	r->found.at = NULL;
	r->found.n = 0;
	r->syncing = false;
	r->told = r->failed;
}

static void route_sync_session(struct session *s, void *arg)
{
	const struct route *route;

	for (route = s->routes; route; route = route->next)
		route_ensure(arg, route);
}

/* The kernel's routes are made those that the sessions should have. */
static void route_sync(struct routes *r)
{
	route_sync_begin(r);
	table_each(&r->k->sessions, route_sync_session, r);
	route_sync_end(r);
}

void route_retry(struct routes *r)
{
	if (r->failed)
		route_sync(r);
}

static int route_link(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	const struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct routes *r = arg;
	size_t i;

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return NL_OK;
	for (i = 0; i < r->n_ifaces; i++) {
		if (r->ifaces[i].ifindex != (uint32_t)ifi->ifi_index)
			continue;
		if (!r->ifaces[i].up && ifi->ifi_flags & IFF_UP)
			r->failed = true;
		r->ifaces[i].up = ifi->ifi_flags & IFF_UP;
	}
	return NL_OK;
}

/* Up again, a device has none of its routes: the kernel has removed them. */
static void route_readable(uv_poll_t *poll, int status, int events)
{
	struct routes *r = poll->data;

	(void)status;
	(void)events;
	/* Some were lost: it may have been down. */
	if (nl_recvmsgs_default(r->links) == -NLE_NOMEM)
		r->failed = true;
	route_retry(r);
}

static int route_ifaces(struct routes *r)
{
	const struct config *c = r->k->config;
	const struct config_iface *iface;
	uint32_t i;

	r->ifaces = calloc(c->ifaces_count, sizeof(*r->ifaces));
	if (!r->ifaces)
		return -1;
	for (i = 0; i < c->ifaces_count; i++) {
		iface = &c->ifaces[i];
		if (iface->role == KBNG_ROLE_ACCESS &&
		    iface->install_routes != YAMLFILE_NO)
			r->ifaces[r->n_ifaces++] = (struct routes_iface) {
				.ifindex = if_nametoindex(iface->name),
				.table = iface->route_table ? iface->route_table :
							      RT_TABLE_MAIN,
			};
	}
	return 0;
}

static int route_connect(struct routes *r)
{
	int err;

	nl_socket_disable_seq_check(r->links);
	nl_socket_modify_cb(r->links, NL_CB_VALID, NL_CB_CUSTOM, route_link, r);
	err = route_netlink_open(r->sk, &r->found);
	if (!err)
		err = nl_connect(r->links, NETLINK_ROUTE);
	if (!err)
		err = nl_socket_add_membership(r->links, RTNLGRP_LINK);
	if (!err)
		err = nl_socket_set_nonblocking(r->links);
	return err;
}

int route_open(struct kbngd *k, char *error, size_t size)
{
	struct routes *r = calloc(1, sizeof(*r));
	int err = -NLE_NOMEM;

	if (r) {
		r->k = k;
		r->sk = nl_socket_alloc();
		r->links = nl_socket_alloc();
		if (r->sk && r->links && !route_ifaces(r))
			err = route_connect(r);
	}
	if (err) {
		snprintf(error, size, "routes: %s", nl_geterror(err));
		route_close(r);
		return -1;
	}
	k->routes = r;
	uv_poll_init(&k->loop, &r->poll, nl_socket_get_fd(r->links));
	r->poll.data = r;
	uv_poll_start(&r->poll, UV_READABLE, route_readable);
	return 0;
}

static void route_free(struct routes *r)
{
	nl_socket_free(r->sk);
	nl_socket_free(r->links);
	free(r->ifaces);
	free(r->found.at);
	free(r);
}

static void route_closed(uv_handle_t *handle)
{
	route_free(handle->data);
}

void route_close(struct routes *r)
{
	if (r && r->poll.data)
		uv_close((uv_handle_t *)&r->poll, route_closed);
	else if (r)
		route_free(r);
}

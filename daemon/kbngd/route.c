// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "lib/fmt.h"
#include "lib/log.h"
#include "route.h"
#include "yamlfile.h"

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
	struct route *found;		/* in the kernel, during a sync */
	size_t n_found;
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

/* --- rtnetlink ----------------------------------------------------------- */

/* An IPv4 address is mapped, and the last four octets of 16. */
static int route_put_addr(struct nl_msg *msg, int type,
			  const struct in6_addr *addr, bool v4)
{
	return v4 ? nla_put(msg, type, 4, &addr->s6_addr[12]) :
		    nla_put(msg, type, sizeof(*addr), addr);
}

/* The way to an IPv4 network is an address of which no more need be known. */
static int route_talk(struct routes *r, int type, int flags,
		      const struct route *route)
{
	bool v4 = IN6_IS_ADDR_V4MAPPED(&route->dst);
	struct rtmsg rtm = {
		.rtm_family = v4 ? AF_INET : AF_INET6,
		.rtm_flags = v4 ? RTNH_F_ONLINK : 0,
		.rtm_dst_len = v4 ? route->len - 96 : route->len,
		.rtm_protocol = ROUTE_PROTOCOL,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);
	int err = -NLE_NOMEM;

	if (msg && !nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO) &&
	    !route_put_addr(msg, RTA_DST, &route->dst, v4) &&
	    !nla_put_u32(msg, RTA_OIF, route->ifindex) &&
	    !nla_put_u32(msg, RTA_TABLE, route->table) &&
	    !nla_put_u32(msg, RTA_PRIORITY, ROUTE_METRIC) &&
	    (IN6_IS_ADDR_UNSPECIFIED(&route->via) ||
	     !route_put_addr(msg, RTA_GATEWAY, &route->via, v4)))
		err = nl_send_auto(r->sk, msg);
	nlmsg_free(msg);
	return err < 0 ? err : nl_wait_for_ack(r->sk);
}

static void route_complain(const struct route *route, const char *what, int err)
{
	struct kbng_prefix prefix = { .addr = route->dst, .len = route->len };
	char dst[KBNG_FMT_SIZE];

	kbng_warning("route is not %s prefix=%s ifindex=%u table=%u: %s", what,
		     kbng_fmt_prefix(dst, sizeof(dst), &prefix),
		     route->ifindex, route->table, nl_geterror(err));
}

/* One of ours to the same prefix, which is another's no more, is replaced. */
static void route_add(struct routes *r, const struct route *route)
{
	int err = route_talk(r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE,
			     route);

	if (!err)
		return;
	if (!r->told)
		route_complain(route, "added, will try again", err);
	r->failed = r->told = true;
}

/* By the whole of it: to the prefix there may be another's by now. */
static void route_del(struct routes *r, const struct route *route)
{
	int err = route_talk(r, RTM_DELROUTE, 0, route);

	/* The kernel does away with the routes of a device that goes down. */
	if (err && err != -NLE_OBJ_NOTFOUND && err != -NLE_NODEV)
		route_complain(route, "removed", err);
}

static void route_get_addr(struct in6_addr *addr, const struct nlattr *a,
			   bool v4)
{
	if (!a)
		return;
	if (v4)
		memset(&addr->s6_addr[10], 0xff, 2);
	nla_memcpy(v4 ? &addr->s6_addr[12] : addr->s6_addr, a, v4 ? 4 : 16);
}

static int route_parse(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	const struct rtmsg *rtm = nlmsg_data(nlh);
	struct nlattr *a[RTA_MAX + 1];
	bool v4 = rtm->rtm_family == AF_INET;
	struct routes *r = arg;
	struct route *more;

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    rtm->rtm_protocol != ROUTE_PROTOCOL ||
	    nlmsg_parse(nlh, sizeof(*rtm), a, RTA_MAX, NULL) < 0 ||
	    !a[RTA_DST] || !a[RTA_OIF] || !a[RTA_TABLE])
		return NL_OK;
	/* 1, 2, 4, ...: full when its number is a power of two. */
	if (!(r->n_found & (r->n_found - 1))) {
		more = realloc(r->found, (r->n_found ? 2 * r->n_found : 1) *
			       sizeof(*more));
		if (!more)
			return -NLE_NOMEM;
		r->found = more;
	}
	more = &r->found[r->n_found++];
	memset(more, 0, sizeof(*more));
	more->len = rtm->rtm_dst_len + (v4 ? 96 : 0);
	more->ifindex = nla_get_u32(a[RTA_OIF]);
	more->table = nla_get_u32(a[RTA_TABLE]);
	route_get_addr(&more->dst, a[RTA_DST], v4);
	route_get_addr(&more->via, a[RTA_GATEWAY], v4);
	return NL_OK;
}

static int route_dump(struct routes *r, uint8_t family)
{
	struct rtmsg rtm = {
		.rtm_family = family,
		.rtm_protocol = ROUTE_PROTOCOL,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_DUMP);
	int err = -NLE_NOMEM;

	if (msg && !nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO))
		err = nl_send_auto(r->sk, msg);
	nlmsg_free(msg);
	return err < 0 ? err : nl_recvmsgs_default(r->sk);
}

/* --- Sessions and routes ------------------------------------------------- */

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

	if (r->n_found)
		found = bsearch(route, r->found, r->n_found, sizeof(*found),
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
	int err = route_dump(r, AF_INET6);

	if (!err)
		err = route_dump(r, AF_INET);
	r->syncing = true;
	r->failed = err;
	if (err)
		kbng_warning("routes cannot be read: %s", nl_geterror(err));
	if (r->n_found)
		qsort(r->found, r->n_found, sizeof(*r->found), route_compare);
}

void route_sync_end(struct routes *r)
{
	size_t i;

	for (i = 0; i < r->n_found; i++)
		if (!r->found[i].kept)
			route_del(r, &r->found[i]);
	free(r->found);
	r->found = NULL;
	r->n_found = 0;
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

/* --- Devices ------------------------------------------------------------- */

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
	int on = 1, err;

	nl_socket_disable_seq_check(r->links);
	nl_socket_modify_cb(r->sk, NL_CB_VALID, NL_CB_CUSTOM, route_parse, r);
	nl_socket_modify_cb(r->links, NL_CB_VALID, NL_CB_CUSTOM, route_link, r);
	err = nl_connect(r->sk, NETLINK_ROUTE);
	if (!err)
		err = nl_connect(r->links, NETLINK_ROUTE);
	if (!err)
		err = nl_socket_add_membership(r->links, RTNLGRP_LINK);
	if (!err)
		err = nl_socket_set_nonblocking(r->links);
	/* Where it is unknown, the kernel sends all routes. */
	if (!err)
		setsockopt(nl_socket_get_fd(r->sk), SOL_NETLINK,
			   NETLINK_GET_STRICT_CHK, &on, sizeof(on));
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
	free(r->found);
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

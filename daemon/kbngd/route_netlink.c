// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "route.h"
#include "route_netlink.h"

/* An IPv4 address is mapped, and the last four octets of 16. */
static int route_put_addr(struct nl_msg *msg, int type,
			  const struct in6_addr *addr, bool v4)
{
	return v4 ? nla_put(msg, type, 4, &addr->s6_addr[12]) :
		    nla_put(msg, type, sizeof(*addr), addr);
}

/* The way to an IPv4 network is an address of which no more need be known. */
static int route_talk(struct nl_sock *sk, int type, int flags,
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
		err = nl_send_auto(sk, msg);
	nlmsg_free(msg);
	return err < 0 ? err : nl_wait_for_ack(sk);
}

int route_netlink_add(struct nl_sock *sk, const struct route *route)
{
	return route_talk(sk, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route);
}

int route_netlink_del(struct nl_sock *sk, const struct route *route)
{
	int err = route_talk(sk, RTM_DELROUTE, 0, route);

	/* The kernel does away with the routes of a device that goes down. */
	return err == -NLE_OBJ_NOTFOUND || err == -NLE_NODEV ? 0 : err;
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
	struct routes_found *found = arg;
	struct route *more;

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    rtm->rtm_protocol != ROUTE_PROTOCOL ||
	    nlmsg_parse(nlh, sizeof(*rtm), a, RTA_MAX, NULL) < 0 ||
	    !a[RTA_DST] || !a[RTA_OIF] || !a[RTA_TABLE])
		return NL_OK;
	/* 1, 2, 4, ...: full when its number is a power of two. */
	if (!(found->n & (found->n - 1))) {
		more = realloc(found->at, (found->n ? 2 * found->n : 1) *
			       sizeof(*more));
		if (!more)
			return -NLE_NOMEM;
		found->at = more;
	}
	more = &found->at[found->n++];
	memset(more, 0, sizeof(*more));
	more->len = rtm->rtm_dst_len + (v4 ? 96 : 0);
	more->ifindex = nla_get_u32(a[RTA_OIF]);
	more->table = nla_get_u32(a[RTA_TABLE]);
	route_get_addr(&more->dst, a[RTA_DST], v4);
	route_get_addr(&more->via, a[RTA_GATEWAY], v4);
	return NL_OK;
}

static int route_dump(struct nl_sock *sk, uint8_t family)
{
	struct rtmsg rtm = {
		.rtm_family = family,
		.rtm_protocol = ROUTE_PROTOCOL,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_DUMP);
	int err = -NLE_NOMEM;

	if (msg && !nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO))
		err = nl_send_auto(sk, msg);
	nlmsg_free(msg);
	return err < 0 ? err : nl_recvmsgs_default(sk);
}

int route_netlink_find(struct nl_sock *sk)
{
	int err = route_dump(sk, AF_INET6);

	return err ? err : route_dump(sk, AF_INET);
}

int route_netlink_open(struct nl_sock *sk, struct routes_found *found)
{
	int on = 1, err;

	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, route_parse, found);
	err = nl_connect(sk, NETLINK_ROUTE);
	/* Where it is unknown, the kernel sends all routes. */
	if (!err)
		setsockopt(nl_socket_get_fd(sk), SOL_NETLINK,
			   NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return err;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 on the fast path.
 */
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include "fast_ip.h"

/**
 * kbng_fast6_check() - what ipv6_rcv() and ip6_forward() make sure of
 * @skb: packet, data at its header; gets its transport header
 *
 * Extension headers are for the stack, which knows those that are for routers.
 *
 * Context: softirq. May reallocate the skb's data
 * Return: KBNG_STAT_NONE, or why the stack has to see it
 */
enum kbng_stat kbng_fast6_check(struct sk_buff *skb)
{
	const struct ipv6hdr *ip6;
	u32 len;
	int type;

	if (!pskb_may_pull(skb, sizeof(*ip6)))
		return KBNG_STAT_fast_other;
	ip6 = ipv6_hdr(skb);
	if (ip6->version != 6)
		return KBNG_STAT_fast_other;
	if (ip6->nexthdr == NEXTHDR_FRAGMENT)
		return KBNG_STAT_fast_fragment;
	if (ipv6_ext_hdr(ip6->nexthdr))
		return KBNG_STAT_fast_options;
	if (ip6->hop_limit <= 1)
		return KBNG_STAT_fast_ttl;
	type = ipv6_addr_type(&ip6->saddr);
	if (type & IPV6_ADDR_LINKLOCAL)
		return KBNG_STAT_fast_route;
	if (type == IPV6_ADDR_ANY ||
	    type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LOOPBACK))
		return KBNG_STAT_fast_other;
	/* Without a length it is one of GRO's that is longer than 64 KiB. */
	len = sizeof(*ip6) + ntohs(ip6->payload_len);
	if (!ip6->payload_len || len > skb->len || pskb_trim_rcsum(skb, len))
		return KBNG_STAT_fast_other;
	skb_set_transport_header(skb, sizeof(*ip6));
	return KBNG_STAT_NONE;
}

static bool kbng_fast6_is_on(const struct net_device *dev)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);

	return idev && !READ_ONCE(idev->cnf.disable_ipv6);
}

/* What a router does beyond forwarding, or does not do at all. */
static bool kbng_fast6_is_plain(const struct net *net)
{
#ifdef CONFIG_IPV6_MULTIPLE_TABLES
	if (net->ipv6.fib6_rules_require_fldissect)
		return false;
#endif
	return READ_ONCE(net->ipv6.devconf_all->forwarding) &&
	       !READ_ONCE(net->ipv6.devconf_all->proxy_ndp);
}

/**
 * kbng_fast6_route() - ask the stack for the way of a packet
 * @skb: packet that kbng_fast6_check() let pass; gets the route, without a
 *	reference
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE, or why the stack has to see it
 */
enum kbng_stat kbng_fast6_route(struct sk_buff *skb)
{
	const int flags = RT6_LOOKUP_F_HAS_SADDR | RT6_LOOKUP_F_DST_NOREF;
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	struct net *net = dev_net(skb->dev);
	struct flowi6 fl6 = {
		.flowi6_iif = skb->dev->ifindex,
		.daddr = ip6->daddr,
		.saddr = ip6->saddr,
		.flowlabel = ip6_flowinfo(ip6),
		.flowi6_mark = skb->mark,
		.flowi6_proto = ip6->nexthdr,
	};
	struct dst_entry *dst;

	if (!kbng_fast6_is_plain(net) || !kbng_fast6_is_on(skb->dev) ||
	    ipv6_addr_type(&ip6->daddr) & (IPV6_ADDR_MULTICAST |
					   IPV6_ADDR_LINKLOCAL))
		return KBNG_STAT_fast_route;
	dst = ip6_route_input_lookup(net, skb->dev, &fl6, skb, flags);
	skb_dst_set_noref(skb, dst);
	if (dst->error || !kbng_fast6_is_on(dst->dev) ||
	    container_of(dst, struct rt6_info, dst)->rt6i_flags &
	    (RTF_REJECT | RTF_LOCAL | RTF_ANYCAST))
		return KBNG_STAT_fast_route;
	return KBNG_STAT_NONE;
}

/**
 * kbng_fast6_mtu() - how long a packet may be
 * @dst: its route
 *
 * The stack forwards what the device takes, and then refuses what the route
 * does not.
 *
 * Context: RCU
 * Return: octets
 */
u32 kbng_fast6_mtu(const struct dst_entry *dst)
{
	u32 mtu = ip6_dst_mtu_maybe_forward(dst, true);

	return max_t(u32, min(mtu, dst_mtu(dst)), IPV6_MIN_MTU);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 on the fast path.
 */
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/inet_dscp.h>
#include <net/ip.h>
#include <net/route.h>
#include "fast_ip.h"
#include "way4.h"

/**
 * kbng_fast4_check() - what ip_rcv() and ip_forward() make sure of
 * @skb: packet, data at its header; gets its transport header
 *
 * Context: softirq. May reallocate the skb's data
 * Return: KBNG_STAT_NONE, or why the stack has to see it
 */
enum kbng_stat kbng_fast4_check(struct sk_buff *skb)
{
	const struct iphdr *ip;
	u32 len;

	if (!pskb_may_pull(skb, sizeof(*ip)))
		return KBNG_STAT_fast_other;
	ip = ip_hdr(skb);
	if (ip->version != 4 || ip->ihl != sizeof(*ip) / 4)
		return KBNG_STAT_fast_options;
	if (ip_is_fragment(ip))
		return KBNG_STAT_fast_fragment;
	if (ip->ttl <= 1)
		return KBNG_STAT_fast_ttl;
	len = ntohs(ip->tot_len);
	if (len < sizeof(*ip) || len > skb->len ||
	    ip_fast_csum(ip, sizeof(*ip) / 4) ||
	    pskb_trim_rcsum(skb, len))
		return KBNG_STAT_fast_other;
	skb_set_transport_header(skb, sizeof(*ip));
	return KBNG_STAT_NONE;
}

/**
 * kbng_fast4_route() - the way of a packet, as the stack would have it go
 * @kn: namespace
 * @skb: packet that kbng_fast4_check() let pass; gets the route, without a
 *	reference
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE, or why the stack has to see it
 */
enum kbng_stat kbng_fast4_route(const struct kbng_net *kn, struct sk_buff *skb)
{
	struct kbng_way4_table *table = kbng_way4_table_for(kn, skb);
	const struct iphdr *ip = ip_hdr(skb);

	if (table && kbng_way4_get(table, skb))
		return KBNG_STAT_NONE;
	if (ip_route_input_noref(skb, ip->daddr, ip->saddr,
				 ip->tos & INET_DSCP_MASK, skb->dev) ||
	    skb_rtable(skb)->rt_type != RTN_UNICAST)
		return KBNG_STAT_fast_route;
	if (table)
		kbng_way4_put(table, skb);
	return KBNG_STAT_NONE;
}

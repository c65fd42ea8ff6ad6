// SPDX-License-Identifier: GPL-2.0
#include "neigh6.h"

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include "guard6.h"
#include "iface.h"
#include "nd.h"
#include "tags.h"

static const struct in6_addr *kbng_neigh6_target(const struct sk_buff *skb)
{
	return (const struct in6_addr *)((const u8 *)(ipv6_hdr(skb) + 1) +
					 KBNG_ND_OFF_TARGET);
}

/**
 * kbng_neigh6_alloc() - memory for an ICMPv6 message to a subscriber
 * @dev: access device
 * @len: octets that will be put into it, at most
 *
 * Return: empty, with room for the headers, or NULL
 */
struct sk_buff *kbng_neigh6_alloc(struct net_device *dev, unsigned int len)
{
	const unsigned int room = LL_RESERVED_SPACE(dev) +
				  sizeof(struct ipv6hdr);
	struct sk_buff *skb;

	skb = alloc_skb(room + len + dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb->dev = dev;
	return skb;
}

/**
 * kbng_neigh6_send() - send a neighbour discovery message by a line
 * @skb: of kbng_neigh6_alloc(), its checksum 0; taken over
 * @saddr: of this machine
 * @daddr: of the subscriber, or of a group that he is in
 * @mac: his
 * @tags: of the line
 */
void kbng_neigh6_send(struct sk_buff *skb, const struct in6_addr *saddr,
		      const struct in6_addr *daddr, const u8 *mac, u32 tags)
{
	const unsigned int len = skb->len;
	struct ipv6hdr *ip6;

	skb_reset_transport_header(skb);
	icmp6_hdr(skb)->icmp6_cksum =
		csum_ipv6_magic(saddr, daddr, len, IPPROTO_ICMPV6,
				csum_partial(skb->data, len, 0));
	ip6 = skb_push(skb, sizeof(*ip6));
	skb_reset_network_header(skb);
	ip6_flow_hdr(ip6, 0, 0);
	ip6->payload_len = htons(len);
	ip6->nexthdr = IPPROTO_ICMPV6;
	ip6->hop_limit = KBNG_ND_HOP_LIMIT;
	ip6->saddr = *saddr;
	ip6->daddr = *daddr;
	skb->protocol = htons(ETH_P_IPV6);
	if (dev_hard_header(skb, skb->dev, ETH_P_IPV6, mac, NULL,
			    skb->len) < 0 ||
	    kbng_tags_push(skb, tags))
		kfree_skb(skb);
	else
		dev_queue_xmit(skb);
}

/* By the line that the question came by (RFC 4861 7.2.4). */
static void kbng_neigh6_reply(const struct kbng_iface *iface, u32 tags,
			      const struct sk_buff *skb)
{
	const struct in6_addr *target = kbng_neigh6_target(skb);
	const struct in6_addr *daddr = &ipv6_hdr(skb)->saddr;
	u8 flags = KBNG_ND_NA_ROUTER | KBNG_ND_NA_OVERRIDE;
	struct net_device *dev = iface->dev;
	struct sk_buff *reply;

	/* Who has no address yet tries ours, and hears of it as everybody. */
	if (ipv6_addr_any(daddr))
		daddr = &in6addr_linklocal_allnodes;
	else
		flags |= KBNG_ND_NA_SOLICITED;
	reply = kbng_neigh6_alloc(dev, KBNG_ND_NA_LEN);
	if (!reply)
		return;
	kbng_nd_advertise(skb_put(reply, KBNG_ND_NA_LEN), target->s6_addr,
			  dev->dev_addr, flags);
	kbng_neigh6_send(reply, target, daddr, eth_hdr(skb)->h_source, tags);
}

/**
 * kbng_neigh6_solicited() - a subscriber asks who has an address
 * @iface: access iface
 * @tags: of the line that it came by
 * @skb: neighbour solicitation that the guard has let pass, in the linear part
 *
 * The stack answers by the asker's link-local address, which may be on several
 * lines. So where lines have tags questions for the gateway's addresses are
 * answered here, and the stack gets the others.
 *
 * Context: softirq, RCU
 * Return: verdict
 */
unsigned int kbng_neigh6_solicited(const struct kbng_iface *iface, u32 tags,
				   struct sk_buff *skb)
{
	if (!tags && !rcu_dereference(iface->config)->vlan)
		return NF_ACCEPT;
	if (!kbng_guard6_is_ours(iface, kbng_neigh6_target(skb),
				 IFA_F_TENTATIVE))
		return NF_ACCEPT;
	kbng_neigh6_reply(iface, tags, skb);
	consume_skb(skb);
	return NF_STOLEN;
}

/**
 * kbng_neigh6_asked() - whom the stack asks for
 * @skb: IPv6 packet that is sent, data at its MAC header, the IPv6 header in the
 *	linear part
 *
 * One that a process made has its socket, and one that tries an address of this
 * machine has no source: these are none.
 *
 * May reallocate the skb's data.
 *
 * Return: the address in the solicitation, or NULL for anything else
 */
const struct in6_addr *kbng_neigh6_asked(struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);

	if (ip6->nexthdr != IPPROTO_ICMPV6 ||
	    skb->sk != dev_net(skb->dev)->ipv6.ndisc_sk ||
	    ipv6_addr_any(&ip6->saddr) ||
	    !pskb_may_pull(skb, ETH_HLEN + sizeof(*ip6) +
				sizeof(struct nd_msg)))
		return NULL;
	return *(const u8 *)(ipv6_hdr(skb) + 1) == KBNG_ND_NS ?
		       kbng_neigh6_target(skb) : NULL;
}

/**
 * kbng_neigh6_answer_stack() - answer the stack in a subscriber's place
 * @skb: in which kbng_neigh6_asked() found a question; taken over
 * @mac: of the subscriber
 */
void kbng_neigh6_answer_stack(struct sk_buff *skb, const u8 *mac)
{
	struct neighbour *neigh;

	neigh = neigh_lookup(&nd_tbl, kbng_neigh6_target(skb), skb->dev);
	if (neigh) {
		neigh_update(neigh, mac, NUD_REACHABLE,
			     NEIGH_UPDATE_F_OVERRIDE, 0);
		neigh_release(neigh);
	}
	consume_skb(skb);
}

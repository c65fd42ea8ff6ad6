// SPDX-License-Identifier: GPL-2.0
/*
 * Layer-3 access nodes, where they speak for themselves.
 */
#include "node.h"

#include <linux/icmp.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include "iface.h"

/**
 * kbng_node_answers() - whether a packet is a node's answer to an echo of ours
 * @iface: access iface, by which it came
 * @skb: packet without a session, its network header in place
 *
 * Nodes have no sessions, but who watches them has to hear them. What can be
 * forged by this is an answer to somebody on this machine who has asked, and
 * nothing is forwarded.
 *
 * Context: softirq, RCU
 */
bool kbng_node_answers(const struct kbng_iface *iface, struct sk_buff *skb)
{
	const struct iphdr *ip;
	const struct icmphdr *icmp;
	struct icmphdr _icmp;

	if (skb->protocol != htons(ETH_P_IP))
		return false;
	ip = ip_hdr(skb);
	if (ip->protocol != IPPROTO_ICMP || ip_is_fragment(ip) ||
	    !kbng_iface_has_node(rcu_dereference(iface->config), ip->saddr))
		return false;
	icmp = skb_header_pointer(skb, skb_network_offset(skb) + ip->ihl * 4,
				  sizeof(_icmp), &_icmp);
	return icmp && icmp->type == ICMP_ECHOREPLY &&
	       inet_addr_type_dev_table(dev_net(iface->dev), iface->dev,
					ip->daddr) == RTN_LOCAL;
}

// SPDX-License-Identifier: GPL-2.0
#include "arp.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/arp.h>
#include "host.h"
#include "hook.h"
#include "iface.h"
#include "pernet.h"
#include "tags.h"
#include "trigger.h"

static const u8 *kbng_arp_sender_mac(const struct sk_buff *skb)
{
	return (const u8 *)(arp_hdr(skb) + 1);
}

static __be32 kbng_arp_sender(const struct sk_buff *skb)
{
	__be32 addr;

	memcpy(&addr, kbng_arp_sender_mac(skb) + ETH_ALEN, sizeof(addr));
	return addr;
}

/**
 * kbng_arp_target() - whom an ARP message is for
 * @skb: ARP of Ethernet and IPv4, all of it in the linear part
 *
 * Return: IPv4 address
 */
__be32 kbng_arp_target(const struct sk_buff *skb)
{
	__be32 addr;

	memcpy(&addr, kbng_arp_sender_mac(skb) + 2 * ETH_ALEN + sizeof(addr),
	       sizeof(addr));
	return addr;
}

/* Answers a request for the gateway's address by the line that it came by. */
static void kbng_arp_reply(const struct kbng_iface *iface, u32 tags,
			   const struct sk_buff *skb)
{
	const u8 *mac = kbng_arp_sender_mac(skb);
	struct net_device *dev = iface->dev;
	struct sk_buff *reply;

	reply = arp_create(ARPOP_REPLY, ETH_P_ARP, kbng_arp_sender(skb), dev,
			   kbng_arp_target(skb), mac, dev->dev_addr, mac);
	if (!reply)
		return;
	if (kbng_tags_push(reply, tags))
		kfree_skb(reply);
	else
		dev_queue_xmit(reply);
}

/*
 * The stack answers for its own addresses, and on a tagged line finds the way
 * back by the asker's address. The gateway's is answered for here, so that
 * somebody without an address may ask too; what else he asks interests nobody.
 */
static unsigned int kbng_arp_pass(const struct kbng_iface *iface, u32 tags,
				  struct sk_buff *skb)
{
	const struct kbng_iface_config *cfg = rcu_dereference(iface->config);
	__be32 target = kbng_arp_target(skb);

	if (!tags || arp_hdr(skb)->ar_op != htons(ARPOP_REQUEST))
		return NF_ACCEPT;
	if (target && target == cfg->giaddr)
		kbng_arp_reply(iface, tags, skb);
	else if (kbng_arp_sender(skb))
		return NF_ACCEPT;
	consume_skb(skb);
	return NF_STOLEN;
}

/**
 * kbng_arp_guard() - ARP from a subscriber
 * @iface: access iface
 * @tags: that the frame had
 * @skb: frame, data at the ARP header
 *
 * A probe (RFC 5227) claims nothing and passes. An access node that routes asks
 * from addresses that nobody leases.
 *
 * Context: softirq, RCU. May reallocate the skb's data
 * Return: verdict
 */
unsigned int kbng_arp_guard(struct kbng_iface *iface, u32 tags,
			    struct sk_buff *skb)
{
	const struct kbng_host *host;
	const struct arphdr *arp;
	const u8 *mac;

	if (!pskb_may_pull(skb, arp_hdr_len(skb->dev)))
		return kbng_hook_drop(iface, KBNG_STAT_drop_malformed);
	arp = arp_hdr(skb);
	if (arp->ar_hrd != htons(ARPHRD_ETHER) ||
	    arp->ar_pro != htons(ETH_P_IP) || arp->ar_hln != ETH_ALEN ||
	    arp->ar_pln != sizeof(__be32))
		return kbng_hook_drop(iface, KBNG_STAT_drop_malformed);

	mac = kbng_arp_sender_mac(skb);
	if (!ether_addr_equal(mac, eth_hdr(skb)->h_source))
		return kbng_hook_drop(iface, KBNG_STAT_drop_arp_spoofed);
	if (!kbng_arp_sender(skb))
		return kbng_arp_pass(iface, tags, skb);
	host = kbng_host_find(iface->kn, kbng_arp_sender(skb), KBNG_UP);
	if (!host && kbng_iface_has_node(rcu_dereference(iface->config),
					 kbng_arp_sender(skb)))
		return kbng_arp_pass(iface, tags, skb);
	if (kbng_trigger_is_free(host) &&
	    !kbng_trigger_ipv4(iface, tags, mac, kbng_arp_sender(skb),
			       KBNG_TRIGGER_ARP))
		return kbng_arp_pass(iface, tags, skb);
	if (!host || host->ifindex != iface->ifindex || host->tags != tags ||
	    !ether_addr_equal(mac, host->mac))
		return kbng_hook_drop(iface, KBNG_STAT_drop_arp_spoofed);
	return kbng_arp_pass(iface, tags, skb);
}

/**
 * kbng_arp_answer_stack() - answer the stack in a subscriber's place
 * @host: that kbng_arp_target() asks for
 * @skb: ARP that is sent; taken over if it is a request of the stack's. One that
 *	a process made has a socket, and goes to the line
 *
 * Return: true when it was taken over
 */
bool kbng_arp_answer_stack(const struct kbng_host *host, struct sk_buff *skb)
{
	struct neighbour *neigh;

	if (skb->sk || arp_hdr(skb)->ar_op != htons(ARPOP_REQUEST))
		return false;
	neigh = neigh_lookup(&arp_tbl, &host->addr, skb->dev);
	if (neigh) {
		neigh_update(neigh, host->mac, NUD_REACHABLE,
			     NEIGH_UPDATE_F_OVERRIDE, 0);
		neigh_release(neigh);
	}
	consume_skb(skb);
	return true;
}

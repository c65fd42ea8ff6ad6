// SPDX-License-Identifier: GPL-2.0
/*
 * The route to subscribers points at the access device, and of VLANs the stack
 * knows nothing. It makes its Ethernet header, and here, between the stack and
 * the device's queue, the frame becomes one for the subscriber's line: his MAC
 * address, his tags. This holds for everything that the stack sends, forwarded
 * or its own, fragments as well, after conntrack and NAT are through with it.
 */
#include "egress.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>
#include "arp.h"
#include "guard6.h"
#include "host.h"
#include "iface.h"
#include "neigh6.h"
#include "pernet.h"
#include "session.h"
#include "tags.h"

static unsigned int kbng_egress_to(const struct kbng_iface *iface,
				   struct sk_buff *skb, const u8 *mac, u32 tags)
{
	ether_addr_copy(eth_hdr(skb)->h_dest, mac);
	if (likely(!kbng_tags_push(skb, tags)))
		return NF_ACCEPT;
	kbng_iface_count(iface, KBNG_STAT_drop_no_memory);
	return NF_DROP;
}

static unsigned int kbng_egress_ipv4(const struct kbng_iface *iface,
				     struct sk_buff *skb, __be32 addr)
{
	const struct kbng_host *host;

	host = kbng_host_find(iface->kn, addr, KBNG_DOWN) ?:
	       kbng_prefix_find_host4(iface->kn, addr);
	if (!host || host->dev != iface->dev)
		return NF_ACCEPT;
	if (skb->protocol == htons(ETH_P_ARP) &&
	    kbng_arp_answer_stack(host, skb))
		return NF_STOLEN;
	return kbng_egress_to(iface, skb, host->mac, host->tags);
}

/* Of a link-local address only DHCPv6 says whose it is. */
static const u8 *kbng_egress_find6(const struct kbng_iface *iface,
				   const struct in6_addr *addr, u32 *tags)
{
	const struct kbng_client *client;
	const struct kbng_host *host;

	if (ipv6_addr_is_multicast(addr))
		return NULL;
	if (kbng_guard6_is_link_local(addr)) {
		client = kbng_peer_first(iface->kn, iface->ifindex, addr);
		if (!client)
			return NULL;
		*tags = client->tags;
		return client->mac;
	}
	host = kbng_prefix_find_host(iface->kn, addr);
	if (!host || host->dev != iface->dev)
		return NULL;
	*tags = host->tags;
	return host->mac;
}

static unsigned int kbng_egress_ipv6(const struct kbng_iface *iface,
				     struct sk_buff *skb)
{
	const struct in6_addr *asked = kbng_neigh6_asked(skb);
	const u8 *mac;
	u32 tags;

	mac = kbng_egress_find6(iface, asked ?: &ipv6_hdr(skb)->daddr, &tags);
	if (!mac)
		return NF_ACCEPT;
	if (!asked)
		return kbng_egress_to(iface, skb, mac, tags);
	kbng_neigh6_answer_stack(skb, mac);
	return NF_STOLEN;
}

/**
 * kbng_egress() - a frame leaves through an access device
 * @iface: access iface
 * @skb: frame, data at its MAC header
 *
 * What has tags has them from a VLAN device or from kbng. What has no route was
 * made by hand, by a process or by the relay, whose client need not have the
 * address yet.
 *
 * Context: RCU, bottom halves off. May reallocate the skb's data
 * Return: verdict
 */
unsigned int kbng_egress(const struct kbng_iface *iface, struct sk_buff *skb)
{
	if (skb_vlan_tag_present(skb) || skb_network_offset(skb) != ETH_HLEN ||
	    skb_shared(skb))
		return NF_ACCEPT;
	switch (skb->protocol) {
	case htons(ETH_P_ARP):
		if (!pskb_may_pull(skb, ETH_HLEN + arp_hdr_len(skb->dev)))
			return NF_ACCEPT;
		return kbng_egress_ipv4(iface, skb, kbng_arp_target(skb));
	case htons(ETH_P_IP):
		if (!skb_dst(skb) ||
		    !pskb_may_pull(skb, ETH_HLEN + sizeof(struct iphdr)))
			return NF_ACCEPT;
		return kbng_egress_ipv4(iface, skb, ip_hdr(skb)->daddr);
	case htons(ETH_P_IPV6):
		if (!skb_dst(skb) ||
		    !pskb_may_pull(skb, ETH_HLEN + sizeof(struct ipv6hdr)))
			return NF_ACCEPT;
		return kbng_egress_ipv6(iface, skb);
	default:
		return NF_ACCEPT;
	}
}

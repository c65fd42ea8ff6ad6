// SPDX-License-Identifier: GPL-2.0
/*
 * What comes from the access side: DHCP for the relay, ARP and neighbour
 * discovery for their guards, and traffic, whose source is checked.
 */
#include "ingress.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/ip.h>
#include "arp.h"
#include "dhcp.h"
#include "fast.h"
#include "guard6.h"
#include "hook.h"
#include "host.h"
#include "iface.h"
#include "neigh6.h"
#include "node.h"
#include "ra.h"
#include "relay.h"
#include "relay6.h"
#include "tags.h"
#include "trigger.h"

/* What an IPv4 packet from a subscriber is; data is at the IP header. */
enum kbng_ingress_kind {
	KBNG_INGRESS_TRAFFIC,
	KBNG_INGRESS_DHCP,		/* to a server's port */
	KBNG_INGRESS_DHCP_SERVER,	/* from a server's port to a client's */
	KBNG_INGRESS_DHCP_FRAGMENT,
	KBNG_INGRESS_MALFORMED,
};

/* May reallocate the skb's data. */
static enum kbng_ingress_kind kbng_ingress_classify(struct sk_buff *skb)
{
	const struct udphdr *uh;
	const struct iphdr *ip;
	unsigned int ihl;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*ip)))
		return KBNG_INGRESS_MALFORMED;
	ip = ip_hdr(skb);
	ihl = ip->ihl * 4;
	/* What GRO made longer than 64 KiB has no length of its own. */
	len = !ip->tot_len && skb_is_gso(skb) ? skb->len : ntohs(ip->tot_len);
	if (ip->version != 4 || ihl < sizeof(*ip) || len < ihl ||
	    skb->len < len)
		return KBNG_INGRESS_MALFORMED;
	if (ip->protocol != IPPROTO_UDP || ip->frag_off & htons(IP_OFFSET))
		return KBNG_INGRESS_TRAFFIC;

	if (len < ihl + sizeof(*uh) ||
	    !pskb_may_pull(skb, ihl + sizeof(*uh)))
		return KBNG_INGRESS_MALFORMED;
	ip = ip_hdr(skb);
	uh = (const struct udphdr *)((const u8 *)ip + ihl);
	if (uh->dest == htons(KBNG_DHCP_SERVER_PORT)) {
		/* The stack, which checks this, does not see the packet. */
		if (ip_fast_csum(ip, ip->ihl))
			return KBNG_INGRESS_MALFORMED;
		return ip->frag_off & htons(IP_MF) ? KBNG_INGRESS_DHCP_FRAGMENT :
						     KBNG_INGRESS_DHCP;
	}
	if (uh->dest == htons(KBNG_DHCP_CLIENT_PORT) &&
	    uh->source == htons(KBNG_DHCP_SERVER_PORT))
		return KBNG_INGRESS_DHCP_SERVER;
	return KBNG_INGRESS_TRAFFIC;
}

static bool kbng_ingress_is_fast(const struct kbng_iface *iface)
{
	return rcu_dereference(iface->config)->fastpath;
}

/* A packet for others, its header in place. May reallocate the skb's data. */
static unsigned int kbng_ingress_traffic(struct kbng_iface *iface, u32 tags,
					 struct sk_buff *skb)
{
	enum kbng_stat stat;

	if (kbng_ingress_is_fast(iface) &&
	    kbng_fast_take(iface, KBNG_UP, tags, skb))
		return NF_STOLEN;
	if (likely(kbng_host_is_source(iface->kn, skb, iface->ifindex, tags)))
		return NF_ACCEPT;
	stat = kbng_trigger_check_source(iface, tags, skb,
					 kbng_host_of(iface->kn, skb, KBNG_UP));
	if (!stat || kbng_node_answers(iface, skb))
		return NF_ACCEPT;
	return kbng_hook_drop(iface, stat);
}

static unsigned int kbng_ingress_ipv4(struct kbng_iface *iface, u32 tags,
				      struct sk_buff *skb)
{
	enum kbng_stat stat;

	switch (kbng_ingress_classify(skb)) {
	case KBNG_INGRESS_DHCP:
		stat = kbng_relay_client(iface, tags, skb);
		if (stat)
			return kbng_hook_drop(iface, stat);
		consume_skb(skb);
		return NF_STOLEN;
	case KBNG_INGRESS_DHCP_SERVER:
		return kbng_hook_drop(iface, KBNG_STAT_dhcp_rogue_server);
	case KBNG_INGRESS_DHCP_FRAGMENT:
		return kbng_hook_drop(iface, KBNG_STAT_dhcp_fragment);
	case KBNG_INGRESS_MALFORMED:
		return kbng_hook_drop(iface, KBNG_STAT_drop_malformed);
	case KBNG_INGRESS_TRAFFIC:
		break;
	}
	return kbng_ingress_traffic(iface, tags, skb);
}

static unsigned int kbng_ingress_ipv6(struct kbng_iface *iface, u32 tags,
				      struct sk_buff *skb)
{
	enum kbng_guard6_kind kind;
	enum kbng_stat stat;

	stat = kbng_guard6_classify(iface, tags, skb, &kind);
	if (stat)
		return kbng_hook_drop(iface, stat);
	switch (kind) {
	case KBNG_GUARD6_DHCP:
		stat = kbng_relay6_client(iface, tags, skb);
		if (stat)
			return kbng_hook_drop(iface, stat);
		consume_skb(skb);
		return NF_STOLEN;
	case KBNG_GUARD6_CONTROL:
		return NF_ACCEPT;
	case KBNG_GUARD6_SOLICIT:
		return kbng_neigh6_solicited(iface, tags, skb);
	case KBNG_GUARD6_ROUTERS:
		kbng_trigger_ipv6(iface, tags, eth_hdr(skb)->h_source,
				  KBNG_TRIGGER_SOLICITATION);
		return kbng_ra_solicited(iface, tags, skb);
	case KBNG_GUARD6_TRAFFIC:
		break;
	}
	return kbng_ingress_traffic(iface, tags, skb);
}

/**
 * kbng_ingress() - what becomes of a frame from an access device
 * @iface: of the device
 * @skb: data at the network header, MAC header in place
 *
 * Context: softirq, RCU
 * Return: a verdict of netfilter
 */
unsigned int kbng_ingress(struct kbng_iface *iface, struct sk_buff *skb)
{
	u32 tags = 0;

	/* The stack drops it too, after what is on top has had a look. */
	if (skb->pkt_type == PACKET_OTHERHOST)
		return NF_DROP;
	if (skb_vlan_tag_present(skb)) {
		switch (kbng_tags_read(skb, rcu_dereference(iface->config)->vlan,
				       &tags)) {
		case KBNG_TAGS_LINE:
			if (kbng_tags_pop(skb))
				return kbng_hook_drop(iface,
						      KBNG_STAT_drop_no_memory);
			break;
		case KBNG_TAGS_PRIORITY:
			break;
		case KBNG_TAGS_OTHER:
			return NF_ACCEPT;
		case KBNG_TAGS_MALFORMED:
			return kbng_hook_drop(iface,
					      KBNG_STAT_drop_malformed);
		}
	}
	switch (skb->protocol) {
	case htons(ETH_P_IP):
		return kbng_ingress_ipv4(iface, tags, skb);
	case htons(ETH_P_ARP):
		return kbng_arp_guard(iface, tags, skb);
	case htons(ETH_P_IPV6):
		return kbng_ingress_ipv6(iface, tags, skb);
	default:
		return NF_ACCEPT;
	}
}

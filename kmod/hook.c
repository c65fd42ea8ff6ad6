// SPDX-License-Identifier: GPL-2.0
/*
 * Four places:
 *
 * netdev ingress of each access device: DHCP goes to the relay and never
 * reaches the IP stack; everything else must come from a session that may
 * send it, or is dropped before the stack sees it.
 *
 * netdev ingress of core devices with the fast path: what is for a subscriber
 * goes there without the stack, as does what subscribers send where their
 * access iface has the fast path.
 *
 * LOCAL_IN, after the operator's input rules: DHCP servers' answers to a
 * giaddr go to the relay.
 *
 * POST_ROUTING, before source NAT: what is forwarded from or to a subscriber
 * is shaped and counted. Departure times must be set here, as forwarding
 * clears a packet's timestamp.
 */
#include "hook.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netfilter_netdev.h>
#include <linux/udp.h>
#include <net/arp.h>
#include <net/ip.h>
#include "dhcp.h"
#include "fast.h"
#include "iface.h"
#include "pernet.h"
#include "relay.h"
#include "shape.h"

#define KBNG_HOOK_PRIORITY	(NF_IP_PRI_NAT_SRC - 1)

static unsigned int kbng_hook_drop(struct kbng_net *kn, enum kbng_stat stat)
{
	kbng_stat_inc(kn->stats, stat);
	return NF_DROP;
}

/* What an IPv4 packet from a subscriber is; data is at the IP header. */
enum kbng_hook_kind {
	KBNG_HOOK_TRAFFIC,
	KBNG_HOOK_DHCP,		/* to a server's port */
	KBNG_HOOK_DHCP_SERVER,	/* from a server's port to a client's */
	KBNG_HOOK_DHCP_FRAGMENT,
	KBNG_HOOK_MALFORMED,
};

/* May reallocate the skb's data. */
static enum kbng_hook_kind kbng_hook_classify(struct sk_buff *skb)
{
	const struct udphdr *uh;
	const struct iphdr *ip;
	unsigned int ihl;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*ip)))
		return KBNG_HOOK_MALFORMED;
	ip = ip_hdr(skb);
	ihl = ip->ihl * 4;
	/* What GRO made longer than 64 KiB has no length of its own. */
	len = !ip->tot_len && skb_is_gso(skb) ? skb->len : ntohs(ip->tot_len);
	if (ip->version != 4 || ihl < sizeof(*ip) || len < ihl ||
	    skb->len < len)
		return KBNG_HOOK_MALFORMED;
	if (ip->protocol != IPPROTO_UDP || ip->frag_off & htons(IP_OFFSET))
		return KBNG_HOOK_TRAFFIC;

	if (len < ihl + sizeof(*uh) ||
	    !pskb_may_pull(skb, ihl + sizeof(*uh)))
		return KBNG_HOOK_MALFORMED;
	ip = ip_hdr(skb);
	uh = (const struct udphdr *)((const u8 *)ip + ihl);
	if (uh->dest == htons(KBNG_DHCP_SERVER_PORT)) {
		/* The stack, which checks this, does not see the packet. */
		if (ip_fast_csum(ip, ip->ihl))
			return KBNG_HOOK_MALFORMED;
		return ip->frag_off & htons(IP_MF) ? KBNG_HOOK_DHCP_FRAGMENT :
						     KBNG_HOOK_DHCP;
	}
	if (uh->dest == htons(KBNG_DHCP_CLIENT_PORT) &&
	    uh->source == htons(KBNG_DHCP_SERVER_PORT))
		return KBNG_HOOK_DHCP_SERVER;
	return KBNG_HOOK_TRAFFIC;
}

static bool kbng_hook_is_fast(const struct kbng_iface *iface)
{
	return rcu_dereference(iface->config)->fastpath;
}

static unsigned int kbng_hook_ipv4(struct kbng_iface *iface,
				   struct sk_buff *skb)
{
	struct kbng_net *kn = iface->kn;
	const struct kbng_host *host;
	enum kbng_stat stat;

	switch (kbng_hook_classify(skb)) {
	case KBNG_HOOK_DHCP:
		stat = kbng_relay_client(iface, skb);
		if (stat)
			return kbng_hook_drop(kn, stat);
		consume_skb(skb);
		return NF_STOLEN;
	case KBNG_HOOK_DHCP_SERVER:
		return kbng_hook_drop(kn, KBNG_STAT_dhcp_rogue_server);
	case KBNG_HOOK_DHCP_FRAGMENT:
		return kbng_hook_drop(kn, KBNG_STAT_dhcp_fragment);
	case KBNG_HOOK_MALFORMED:
		return kbng_hook_drop(kn, KBNG_STAT_drop_malformed);
	case KBNG_HOOK_TRAFFIC:
		break;
	}
	if (kbng_hook_is_fast(iface) && kbng_fast_take(iface, KBNG_UP, skb))
		return NF_STOLEN;
	host = kbng_host_find(kn, ip_hdr(skb)->saddr, KBNG_UP);
	stat = kbng_host_check_source(host, iface->ifindex,
				      eth_hdr(skb)->h_source);
	return stat ? kbng_hook_drop(kn, stat) : NF_ACCEPT;
}

/*
 * ARP guard: a subscriber may speak for its own address only. A probe (RFC
 * 5227) claims nothing and passes; the stack answers for its own addresses.
 */
static unsigned int kbng_hook_arp(struct kbng_iface *iface, struct sk_buff *skb)
{
	const struct kbng_host *host;
	const struct arphdr *arp;
	const u8 *sha;
	__be32 spa;

	if (!pskb_may_pull(skb, arp_hdr_len(skb->dev)))
		return kbng_hook_drop(iface->kn, KBNG_STAT_drop_malformed);
	arp = arp_hdr(skb);
	if (arp->ar_hrd != htons(ARPHRD_ETHER) ||
	    arp->ar_pro != htons(ETH_P_IP) || arp->ar_hln != ETH_ALEN ||
	    arp->ar_pln != sizeof(spa))
		return kbng_hook_drop(iface->kn, KBNG_STAT_drop_malformed);

	sha = (const u8 *)(arp + 1);
	memcpy(&spa, sha + ETH_ALEN, sizeof(spa));
	if (!ether_addr_equal(sha, eth_hdr(skb)->h_source))
		return kbng_hook_drop(iface->kn, KBNG_STAT_drop_arp_spoofed);
	if (!spa)
		return NF_ACCEPT;
	host = kbng_host_find(iface->kn, spa, KBNG_UP);
	if (!host || host->ifindex != iface->ifindex ||
	    !ether_addr_equal(sha, host->mac))
		return kbng_hook_drop(iface->kn, KBNG_STAT_drop_arp_spoofed);
	return NF_ACCEPT;
}

/* Data is at the network header and the MAC header is in place. */
static unsigned int kbng_hook_access(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	struct kbng_iface *iface = priv;

	/* The stack drops it too, after what is on top has had a look. */
	if (skb->pkt_type == PACKET_OTHERHOST)
		return NF_DROP;
	if (skb_vlan_tag_present(skb)) {
		/* A tagged frame belongs to a VLAN device on top of this. */
		if (skb_vlan_tag_get_id(skb))
			return NF_ACCEPT;
		/* The stack strips a priority tag and then the next one. */
		if (eth_type_vlan(skb->protocol))
			return kbng_hook_drop(iface->kn,
					      KBNG_STAT_drop_malformed);
	}
	switch (skb->protocol) {
	case htons(ETH_P_IP):
		return kbng_hook_ipv4(iface, skb);
	case htons(ETH_P_ARP):
		return kbng_hook_arp(iface, skb);
	case htons(ETH_P_IPV6):
		return kbng_hook_drop(iface->kn, KBNG_STAT_drop_ipv6);
	default:
		return NF_ACCEPT;
	}
}

/* Of a core iface with the fast path; data is at the network header. */
static unsigned int kbng_hook_core(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	if (skb->protocol != htons(ETH_P_IP) || skb_vlan_tag_present(skb))
		return NF_ACCEPT;
	return kbng_fast_take(priv, KBNG_DOWN, skb) ? NF_STOLEN : NF_ACCEPT;
}

static unsigned int kbng_hook_local_in(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	struct kbng_net *kn = kbng_net(state->net);
	const struct iphdr *ip = ip_hdr(skb);
	enum kbng_stat stat;
	struct udphdr _uh;
	const struct udphdr *uh;
	bool ours = false;

	if (ip->protocol != IPPROTO_UDP)
		return NF_ACCEPT;
	uh = skb_header_pointer(skb, ip->ihl * 4, sizeof(_uh), &_uh);
	if (!uh || uh->dest != htons(KBNG_DHCP_SERVER_PORT))
		return NF_ACCEPT;
	stat = kbng_relay_server(kn, skb, &ours);
	if (!ours)
		return NF_ACCEPT;
	if (stat)
		return kbng_hook_drop(kn, stat);
	consume_skb(skb);
	return NF_STOLEN;
}

/*
 * The device that a forwarded packet came in by; 0 for this machine's own
 * packets, and for what a tunnel made of a forwarded one.
 */
static int kbng_hook_origin(const struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	if (!state->in)
		return 0;
	/* Neighbour discovery names a device, but has a socket. */
	if (state->pf != NFPROTO_IPV4)
		return skb->sk ? 0 : state->in->ifindex;
	if (!(IPCB(skb)->flags & IPSKB_FORWARDED))
		return 0;
	/* A VRF puts itself in the place of the device. */
	return netif_is_l3_master(state->in) ? IPCB(skb)->iif :
					       state->in->ifindex;
}

static struct kbng_iface *kbng_hook_access_of(struct kbng_net *kn, int ifindex)
{
	struct kbng_iface *iface = kbng_iface_get(kn, ifindex);

	return iface && iface->role == KBNG_ROLE_ACCESS ? iface : NULL;
}

/* The host that a forwarded packet counts on, or NULL. */
static struct kbng_host *kbng_hook_host(struct kbng_iface *iface, __be32 addr,
					enum kbng_dir dir)
{
	struct kbng_host *host = kbng_host_find(iface->kn, addr, dir);

	return host && host->ifindex == iface->ifindex ? host : NULL;
}

static unsigned int kbng_hook_forwarded(struct kbng_net *kn,
					struct sk_buff *skb,
					struct kbng_iface *from,
					struct kbng_iface *to,
					struct net_device *dev)
{
	struct kbng_host *up = NULL;
	struct kbng_host *down = NULL;
	struct kbng_shape_out out;
	enum kbng_stat stat;
	bool straight;

	if (from) {
		up = kbng_hook_host(from, ip_hdr(skb)->saddr, KBNG_UP);
		if (!up)
			return kbng_hook_drop(kn, KBNG_STAT_drop_no_session);
	}
	if (to) {
		down = kbng_hook_host(to, ip_hdr(skb)->daddr, KBNG_DOWN);
		if (!down)
			return kbng_hook_drop(kn,
					      KBNG_STAT_drop_no_session_down);
	}
	kbng_shape_out(kn, dev, &out);
	if (up) {
		stat = kbng_shape_charge(up, KBNG_UP, skb, &out, &straight);
		if (stat)
			return kbng_hook_drop(kn, stat);
	}
	if (down) {
		stat = kbng_shape_charge(down, KBNG_DOWN, skb, &out,
					 &straight);
		if (stat) {
			if (up)
				kbng_shape_refund(up, KBNG_UP, skb);
			return kbng_hook_drop(kn, stat);
		}
	}
	return NF_ACCEPT;
}

static unsigned int kbng_hook_postrouting(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	struct kbng_net *kn = kbng_net(state->net);
	int origin = kbng_hook_origin(skb, state);
	struct kbng_iface *from;
	struct kbng_iface *to;
	unsigned int verdict;

	if (!origin)
		return NF_ACCEPT;
	from = kbng_hook_access_of(kn, origin);
	to = kbng_hook_access_of(kn, state->out->ifindex);
	if (!from && !to)
		return NF_ACCEPT;
	if (state->pf != NFPROTO_IPV4)
		return kbng_hook_drop(kn, KBNG_STAT_drop_ipv6);
	/* What nfqueue gives back comes from a process. */
	local_bh_disable();
	verdict = kbng_hook_forwarded(kn, skb, from, to, state->out);
	local_bh_enable();
	return verdict;
}

static const struct nf_hook_ops kbng_hook_net_ops[] = {
	{
		.hook = kbng_hook_local_in,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_FILTER + 1,
	},
	{
		.hook = kbng_hook_postrouting,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = KBNG_HOOK_PRIORITY,
	},
	{
		.hook = kbng_hook_postrouting,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = KBNG_HOOK_PRIORITY,
	},
};

int kbng_hook_net_register(struct net *net)
{
	return nf_register_net_hooks(net, kbng_hook_net_ops,
				     ARRAY_SIZE(kbng_hook_net_ops));
}

void kbng_hook_net_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, kbng_hook_net_ops,
				ARRAY_SIZE(kbng_hook_net_ops));
}

/**
 * kbng_hook_ingress() - take the packets that come in by an iface, or let go
 * @iface: iface
 * @fastpath: its configuration says so
 *
 * Context: RTNL
 * Return: 0 or a negative errno
 */
int kbng_hook_ingress(struct kbng_iface *iface, bool fastpath)
{
	bool wanted = iface->role == KBNG_ROLE_ACCESS || fastpath;
	int err;

	if (wanted == iface->hooked)
		return 0;
	if (!wanted) {
		kbng_hook_ingress_release(iface);
		return 0;
	}
	iface->ingress = (struct nf_hook_ops) {
		.hook = iface->role == KBNG_ROLE_ACCESS ? kbng_hook_access :
							  kbng_hook_core,
		.priv = iface,
		.dev = iface->dev,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		.priority = NF_IP_PRI_FIRST,
	};
	err = nf_register_net_hook(iface->kn->net, &iface->ingress);
	iface->hooked = !err;
	return err;
}

/**
 * kbng_hook_ingress_release() - let the packets of an iface go
 * @iface: iface; nothing that came in by it waits here afterwards
 *
 * Context: RTNL
 */
void kbng_hook_ingress_release(struct kbng_iface *iface)
{
	if (!iface->hooked)
		return;
	nf_unregister_net_hook(iface->kn->net, &iface->ingress);
	iface->hooked = false;
	synchronize_net();
	kbng_fast_flush();
}

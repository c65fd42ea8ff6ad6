// SPDX-License-Identifier: GPL-2.0
/*
 * Five places:
 *
 * netdev ingress of each access device: DHCP goes to the relay and never
 * reaches the IP stack; everything else must come from a session that may
 * send it, or is dropped before the stack sees it.
 *
 * netdev ingress of core devices: what is for a subscriber begins to be looked
 * up or, with the fast path, goes there without the stack, as does what
 * subscribers send where their access iface has the fast path.
 *
 * netdev egress: what the stack sends to a subscriber gets his tags, where an
 * access device takes VLAN tags; and what need not wait passes the queue.
 *
 * LOCAL_IN, after the operator's input rules: DHCP servers' answers to a
 * giaddr go to the relay.
 *
 * POST_ROUTING, before source NAT: what is forwarded from or to a subscriber
 * is shaped and counted. Departure times must be set here, as forwarding
 * clears a packet's timestamp.
 */
#include "hook.h"

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netfilter_netdev.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "dhcp.h"
#include "dhcp6.h"
#include "egress.h"
#include "fast.h"
#include "forward.h"
#include "host.h"
#include "iface.h"
#include "ingress.h"
#include "pernet.h"
#include "relay.h"
#include "relay6.h"
#include "way4.h"
#include "xmit.h"

#define KBNG_HOOK_PRIORITY	(NF_IP_PRI_NAT_SRC - 1)

/* Of a core iface; data is at the network header. */
static unsigned int kbng_hook_core(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	struct kbng_iface *iface = priv;

	/* Whom it is for comes from memory while the stack looks for its route. */
	if (!rcu_dereference(iface->config)->fastpath) {
		if (skb->protocol == htons(ETH_P_IP) &&
		    skb_headlen(skb) >= sizeof(struct iphdr))
			kbng_host_find(iface->kn, ip_hdr(skb)->daddr, KBNG_DOWN);
		return NF_ACCEPT;
	}
	if (skb_vlan_tag_present(skb) ||
	    (skb->protocol != htons(ETH_P_IP) &&
	     skb->protocol != htons(ETH_P_IPV6)))
		return NF_ACCEPT;
	return kbng_fast_take(iface, KBNG_DOWN, 0, skb) ? NF_STOLEN : NF_ACCEPT;
}

/* An answer of a server, which may be for none of the ifaces. */
static unsigned int kbng_hook_refuse(struct kbng_net *kn, enum kbng_stat stat)
{
	kbng_stat_inc(kn->stats, stat);
	return NF_DROP;
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
		return kbng_hook_refuse(kn, stat);
	consume_skb(skb);
	return NF_STOLEN;
}

/* But for fragments, what has extension headers is no answer of a server. */
static unsigned int kbng_hook_local_in6(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	struct kbng_net *kn = kbng_net(state->net);
	enum kbng_stat stat;
	struct udphdr _uh;
	const struct udphdr *uh;
	bool ours = false;

	if (ipv6_hdr(skb)->nexthdr == NEXTHDR_FRAGMENT &&
	    kbng_relay6_gather(kn, skb) == -EINPROGRESS)
		return NF_STOLEN;
	if (ipv6_hdr(skb)->nexthdr != IPPROTO_UDP)
		return NF_ACCEPT;
	uh = skb_header_pointer(skb, sizeof(struct ipv6hdr), sizeof(_uh), &_uh);
	if (!uh || uh->dest != htons(KBNG_DHCP6_SERVER_PORT))
		return NF_ACCEPT;
	stat = kbng_relay6_server(kn, skb, &ours);
	if (!ours)
		return NF_ACCEPT;
	if (stat)
		return kbng_hook_refuse(kn, stat);
	consume_skb(skb);
	return NF_STOLEN;
}

static const struct nf_hook_ops kbng_hook_net_ops[] = {
	{
		.hook = kbng_hook_local_in,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_FILTER + 1,
	},
	{
		.hook = kbng_hook_local_in6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_FILTER + 1,
	},
	{
		.hook = kbng_forward,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = KBNG_HOOK_PRIORITY,
	},
	{
		.hook = kbng_forward,
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

static unsigned int kbng_hook_access(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	return kbng_ingress(priv, skb);
}

static unsigned int kbng_hook_egress(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	struct kbng_iface *iface = priv;
	unsigned int verdict = NF_ACCEPT;

	if (READ_ONCE(iface->tagged))
		verdict = kbng_egress(iface, skb);
	if (verdict == NF_ACCEPT && kbng_xmit_marked(iface, skb))
		return NF_STOLEN;
	return verdict;
}

static int kbng_hook_attach_ingress(struct kbng_iface *iface)
{
	int err;

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

/* After the operator's rules, which see what the stack has made. */
static int kbng_hook_attach_egress(struct kbng_iface *iface)
{
	int err;

	iface->egress = (struct nf_hook_ops) {
		.hook = kbng_hook_egress,
		.priv = iface,
		.dev = iface->dev,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_EGRESS,
		.priority = NF_IP_PRI_LAST,
	};
	err = nf_register_net_hook(iface->kn->net, &iface->egress);
	WRITE_ONCE(iface->egress_hooked, !err);
	return err;
}

static void kbng_hook_detach_ingress(struct kbng_iface *iface)
{
	if (!iface->hooked)
		return;
	nf_unregister_net_hook(iface->kn->net, &iface->ingress);
	iface->hooked = false;
	synchronize_net();
	kbng_fast_flush();
}

/**
 * kbng_hook_attach() - take the packets of an iface as its configuration says
 * @iface: iface
 * @config: what will be its configuration
 *
 * Once an iface has had lines with tags, what is sent to them gets tags until
 * it is deleted.
 *
 * Context: RTNL
 * Return: 0 or a negative errno, -EOPNOTSUPP when the kernel has no egress hook
 */
int kbng_hook_attach(struct kbng_iface *iface,
		     const struct kbng_iface_config *config)
{
	int err;

	if (!iface->egress_hooked) {
		err = kbng_hook_attach_egress(iface);
		if (err && (err != -EOPNOTSUPP || config->vlan))
			return err;
	}
	if (config->vlan)
		WRITE_ONCE(iface->tagged, true);
	if (config->fastpath) {
		err = kbng_way4_prepare(iface->kn);
		if (err)
			return err;
	}
	return iface->hooked ? 0 : kbng_hook_attach_ingress(iface);
}

/**
 * kbng_hook_detach() - let the packets of an iface go
 * @iface: iface; nothing that came in by it waits here afterwards
 *
 * Context: RTNL
 */
void kbng_hook_detach(struct kbng_iface *iface)
{
	kbng_hook_detach_ingress(iface);
	if (!iface->egress_hooked)
		return;
	nf_unregister_net_hook(iface->kn->net, &iface->egress);
	WRITE_ONCE(iface->egress_hooked, false);
}

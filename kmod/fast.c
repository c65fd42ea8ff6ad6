// SPDX-License-Identifier: GPL-2.0
/*
 * The fast path: a subscriber's packet goes from netdev ingress straight to
 * its way out, past the IP stack and the operator's rules in it. For the packet
 * it does what the stack would: route, TTL, MTU, neighbour. The route is asked
 * of the stack for every packet, so that a change counts at once.
 *
 * Whatever is not the plain case goes on to the stack, which knows what to do,
 * untouched and counted under the reason.
 */
#include "fast.h"

#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/lwtunnel.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/sock.h>
#include "iface.h"
#include "pernet.h"
#include "shape.h"

/* What ip_rcv() makes sure of. May reallocate the skb's data. */
static enum kbng_stat kbng_fast_check_header(struct sk_buff *skb)
{
	const struct iphdr *ip;
	u32 len;

	if (skb->pkt_type != PACKET_HOST || skb_shared(skb) || skb_dst(skb) ||
	    skb_sk_is_prefetched(skb) || !pskb_may_pull(skb, sizeof(*ip)))
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
	skb_orphan(skb);
	skb_set_transport_header(skb, sizeof(*ip));
	return KBNG_STAT_NONE;
}

/* Leaves the route with the packet, without a reference. */
static enum kbng_stat kbng_fast_route(struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	const struct rtable *rt;

	/* What is there belongs to the layers below, who are done with it. */
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	if (ip_route_input_noref(skb, ip->daddr, ip->saddr, ip->tos, skb->dev))
		return KBNG_STAT_fast_route;
	rt = skb_rtable(skb);
	if (rt->rt_type != RTN_UNICAST || rt->dst.dev == skb->dev ||
	    lwtunnel_output_redirect(rt->dst.lwtstate) ||
	    lwtunnel_xmit_redirect(rt->dst.lwtstate) ||
	    netif_is_l3_slave(skb->dev) || netif_is_l3_slave(rt->dst.dev))
		return KBNG_STAT_fast_route;
	return KBNG_STAT_NONE;
}

static bool kbng_fast_fits(const struct sk_buff *skb, const struct dst_entry *dst)
{
	u32 mtu = ip_dst_mtu_maybe_forward(dst, true);

	return skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
				 skb->len <= mtu;
}

/* The way out, as far as the direction decides about it. */
static enum kbng_stat kbng_fast_check_way(const struct kbng_host *host,
					  enum kbng_dir dir,
					  const struct rtable *rt,
					  const struct kbng_iface *out)
{
	if (dir == KBNG_DOWN)
		return rt->dst.dev == host->dev && !rt->rt_uses_gateway ?
			       KBNG_STAT_NONE : KBNG_STAT_fast_route;
	/* Both ends are subscribers: two directions to charge. */
	return out && out->role == KBNG_ROLE_ACCESS ? KBNG_STAT_fast_peer :
						      KBNG_STAT_NONE;
}

static bool kbng_fast_has_policies(const struct net *net)
{
#ifdef CONFIG_XFRM
	return net->xfrm.policy_count[XFRM_POLICY_FWD] ||
	       net->xfrm.policy_count[XFRM_POLICY_OUT];
#else
	return false;
#endif
}

/* What listens or decides between here and the device's queue. */
static bool kbng_fast_is_watched(struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_EGRESS
	if (rcu_access_pointer(dev->nf_hooks_egress))
		return true;
#endif
#if defined(CONFIG_NET_XGRESS)
	if (rcu_access_pointer(dev->tcx_egress))
		return true;
#elif defined(CONFIG_NET_CLS_ACT)
	if (rcu_access_pointer(dev->miniq_egress))
		return true;
#endif
	return dev_nit_active(dev);
}

/*
 * fq costs more than all else together, and a packet that may leave now has
 * nothing to gain there. It passes the queue, unless the device was full a
 * moment ago: then packets of its flow may be in the queue that were due.
 */
static bool kbng_fast_xmit_straight(struct sk_buff *skb,
				    struct kbng_iface *iface)
{
	struct net_device *dev = skb->dev;
	u16 queue = 0;

	if (!iface || skb_is_gso(skb) || kbng_fast_is_watched(dev) ||
	    dev->netdev_ops->ndo_select_queue ||
	    !(dev->priv_flags & IFF_XMIT_DST_RELEASE) ||
	    time_before(jiffies, READ_ONCE(iface->full) + HZ / 4) ||
	    !kbng_shape_has_fq(dev))
		return false;
	skb_dst_drop(skb);
	if (dev->real_num_tx_queues > 1)
		queue = netdev_pick_tx(dev, skb, NULL);
	if (__dev_direct_xmit(skb, queue) != NETDEV_TX_BUSY)
		return true;
	WRITE_ONCE(iface->full, jiffies);
	return false;
}

static void kbng_fast_xmit(struct sk_buff *skb, const u8 *mac,
			   const struct kbng_shape_out *out)
{
	if (dev_hard_header(skb, skb->dev, ETH_P_IP, mac, NULL, skb->len) < 0)
		kfree_skb(skb);
	else if (!out->straight || !kbng_fast_xmit_straight(skb, out->iface))
		dev_queue_xmit(skb);
}

/* To the next hop that the route names. */
static void kbng_fast_xmit_up(struct sk_buff *skb,
			      const struct kbng_shape_out *out)
{
	struct rtable *rt = skb_rtable(skb);
	u8 mac[MAX_ADDR_LEN];
	struct neighbour *neigh;
	bool is_v6gw = false;

	rcu_read_lock_bh();
	neigh = ip_neigh_for_gw(rt, skb, &is_v6gw);
	if (IS_ERR(neigh)) {
		kfree_skb(skb);
	} else if (likely(READ_ONCE(neigh->nud_state) & NUD_CONNECTED)) {
		neigh_ha_snapshot(mac, neigh, skb->dev);
		kbng_fast_xmit(skb, mac, out);
	} else {
		neigh_output(neigh, skb, is_v6gw);
	}
	rcu_read_unlock_bh();
}

/* Everything that may still end in the stack's hands. */
static enum kbng_stat kbng_fast_prepare(struct kbng_net *kn,
					const struct kbng_host *host,
					enum kbng_dir dir, struct sk_buff *skb,
					struct kbng_shape_out *out)
{
	const struct dst_entry *dst;
	enum kbng_stat stat;

	stat = kbng_fast_route(skb);
	if (stat)
		return stat;
	dst = skb_dst(skb);
	kbng_shape_out(kn, dst->dev, out);
	stat = kbng_fast_check_way(host, dir, skb_rtable(skb), out->iface);
	if (stat)
		return stat;
	if (!kbng_fast_fits(skb, dst))
		return KBNG_STAT_fast_mtu;
	if (skb_warn_if_lro(skb) || kbng_fast_has_policies(kn->net) ||
	    skb_cow(skb, LL_RESERVED_SPACE(dst->dev)))
		return KBNG_STAT_fast_other;
	return KBNG_STAT_NONE;
}

/**
 * kbng_fast_forward() - forward a subscriber's packet without the IP stack
 * @in: iface that it came in by
 * @host: an active one that passed the source check, or is the destination
 * @dir: which of these
 * @skb: IPv4 packet, data at its header
 *
 * Context: softirq, RCU. May reallocate the skb's data
 * Return: true when the packet was sent, or dropped by the shaper; false when
 * it is for the stack
 */
bool kbng_fast_forward(struct kbng_iface *in, struct kbng_host *host,
		       enum kbng_dir dir, struct sk_buff *skb)
{
	struct kbng_net *kn = in->kn;
	struct kbng_shape_out out;
	enum kbng_stat stat;

	stat = kbng_fast_check_header(skb);
	if (stat)
		goto err_count;
	stat = kbng_fast_prepare(kn, host, dir, skb, &out);
	if (stat)
		goto err_drop_route;

	skb_clear_tstamp(skb);
	skb_forward_csum(skb);
	skb->priority = rt_tos2priority(ip_hdr(skb)->tos);
	stat = kbng_shape_charge(host, dir, skb, &out);
	if (stat) {
		kbng_stat_inc(kn->stats, stat);
		kfree_skb(skb);
		return true;
	}
	ip_decrease_ttl(ip_hdr(skb));
	skb->dev = skb_dst(skb)->dev;
	/* Downstream the MAC address is known: no ARP. */
	if (dir == KBNG_UP)
		kbng_fast_xmit_up(skb, &out);
	else
		kbng_fast_xmit(skb, host->mac, &out);
	return true;

err_drop_route:
	skb_dst_drop(skb);
err_count:
	kbng_stat_inc(kn->stats, stat);
	return false;
}

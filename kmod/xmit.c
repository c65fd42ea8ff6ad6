// SPDX-License-Identifier: GPL-2.0
/*
 * The end of both paths: a packet leaves through its device, and by the
 * device's queue only if it has to. What the stack goes on with has a mark for
 * that, which is found again at the device's egress hook.
 */
#include "xmit.h"

#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/sch_generic.h>
#include <net/xfrm.h>
#include "iface.h"
#include "shape.h"
#include "tags.h"

/*
 * The mark: a departure time, in ns, of long ago. A queue that sees it all the
 * same lets such a packet go at once.
 */
#define KBNG_XMIT_STRAIGHT	1

/* Our own hook has nothing to add to what the fast path sends. */
static bool kbng_xmit_is_hooked(const struct kbng_iface *iface)
{
#ifdef CONFIG_NETFILTER_EGRESS
	const struct nf_hook_entries *e;

	e = rcu_dereference(iface->dev->nf_hooks_egress);
	return e && !(e->num_hook_entries == 1 &&
		      e->hooks[0].priv == iface);
#else
	return false;
#endif
}

/* What listens or decides between the egress hook and the device's queue. */
static bool kbng_xmit_is_watched(struct net_device *dev)
{
#if defined(CONFIG_NET_XGRESS)
	if (rcu_access_pointer(dev->tcx_egress))
		return true;
#elif defined(CONFIG_NET_CLS_ACT)
	if (rcu_access_pointer(dev->miniq_egress))
		return true;
#endif
	return dev_nit_active(dev);
}

/* Whether the device takes the packet as it is, whatever its features. */
static bool kbng_xmit_is_plain(const struct sk_buff *skb)
{
	return !skb_is_nonlinear(skb) && skb->ip_summed != CHECKSUM_PARTIAL &&
	       !skb_vlan_tag_present(skb) && !secpath_exists(skb);
}

/* What __dev_direct_xmit() does with a packet of which it need not be sure. */
static int kbng_xmit_now(struct sk_buff *skb, u16 queue)
{
	struct net_device *dev = skb->dev;
	struct netdev_queue *txq;
	int ret = NETDEV_TX_BUSY;

	if (unlikely(!kbng_xmit_is_plain(skb) || !netif_running(dev) ||
		     !netif_carrier_ok(dev)))
		return __dev_direct_xmit(skb, queue);
	skb_set_queue_mapping(skb, queue);
	txq = netdev_get_tx_queue(dev, queue);
	HARD_TX_LOCK(dev, txq, smp_processor_id());
	if (!netif_xmit_frozen_or_drv_stopped(txq))
		ret = netdev_start_xmit(skb, dev, txq, false);
	HARD_TX_UNLOCK(dev, txq);
	return ret;
}

/*
 * fq costs more than all else together, and a packet that may leave now has
 * nothing to gain there. It passes the queue, unless the device was full a
 * moment ago: then packets of its flow may be in the queue that were due.
 */
static bool kbng_xmit_straight(struct sk_buff *skb, struct kbng_iface *iface)
{
	struct net_device *dev = skb->dev;
	u16 queue = 0;

	if (skb_is_gso(skb) || kbng_xmit_is_watched(dev) ||
	    dev->netdev_ops->ndo_select_queue ||
	    !(dev->priv_flags & IFF_XMIT_DST_RELEASE) ||
	    time_before(jiffies, READ_ONCE(iface->full) + HZ / 4))
		return false;
	skb_dst_drop(skb);
	if (dev->real_num_tx_queues > 1)
		queue = netdev_pick_tx(dev, skb, NULL);
	if (kbng_xmit_now(skb, queue) != NETDEV_TX_BUSY)
		return true;
	WRITE_ONCE(iface->full, jiffies);
	return false;
}

/**
 * kbng_xmit_mark() - a packet that the stack goes on with may pass the queue
 * @skb: packet, without a departure time
 * @out: where it leaves
 */
void kbng_xmit_mark(struct sk_buff *skb, const struct kbng_shape_out *out)
{
	if (out->fq && out->iface && READ_ONCE(out->iface->egress_hooked))
		skb_set_delivery_time(skb, ns_to_ktime(KBNG_XMIT_STRAIGHT),
				      true);
}

/**
 * kbng_xmit_marked() - send a packet of the stack past the queue, if it may
 * @iface: of its device, whose egress hook it is at, after all others
 * @skb: frame
 *
 * Context: RCU, bottom halves off
 * Return: true when it was sent; else it is to go on
 */
bool kbng_xmit_marked(struct kbng_iface *iface, struct sk_buff *skb)
{
	if (ktime_to_ns(skb->tstamp) != KBNG_XMIT_STRAIGHT)
		return false;
	skb_set_delivery_time(skb, 0, true);
	return !skb_shared(skb) && kbng_xmit_straight(skb, iface);
}

/**
 * kbng_xmit_to() - send a packet to a neighbour
 * @skb: IP packet, data at its header, dev the way out; taken over
 * @mac: of the neighbour
 * @tags: of his line
 * @out: of dev
 * @straight: as kbng_shape_charge() has it
 *
 * Context: softirq, RCU
 */
void kbng_xmit_to(struct sk_buff *skb, const u8 *mac, u32 tags,
		  const struct kbng_shape_out *out, bool straight)
{
	if (dev_hard_header(skb, skb->dev, ntohs(skb->protocol), mac, NULL,
			    skb->len) < 0 ||
	    kbng_tags_push(skb, tags))
		kfree_skb(skb);
	else if (!straight || !out->fq || !out->iface ||
		 kbng_xmit_is_hooked(out->iface) ||
		 !kbng_xmit_straight(skb, out->iface))
		dev_queue_xmit(skb);
}

static struct neighbour *kbng_xmit_neigh(struct sk_buff *skb, bool *is_v6gw)
{
	struct rt6_info *rt6;

	if (skb->protocol == htons(ETH_P_IP))
		return ip_neigh_for_gw(skb_rtable(skb), skb, is_v6gw);
	rt6 = container_of(skb_dst(skb), struct rt6_info, dst);
	return ip_neigh_gw6(skb->dev, rt6_nexthop(rt6, &ipv6_hdr(skb)->daddr));
}

/**
 * kbng_xmit_route() - send a packet to the next hop of its route
 * @skb: IP packet, data at its header, dev the way out; taken over
 * @out: of dev
 * @straight: as kbng_shape_charge() has it
 *
 * Context: softirq, RCU
 */
void kbng_xmit_route(struct sk_buff *skb, const struct kbng_shape_out *out,
		     bool straight)
{
	u8 mac[MAX_ADDR_LEN] __uninitialized;
	struct neighbour *neigh;
	bool is_v6gw = false;

	rcu_read_lock_bh();
	neigh = kbng_xmit_neigh(skb, &is_v6gw);
	if (IS_ERR(neigh)) {
		kfree_skb(skb);
	} else if (likely(READ_ONCE(neigh->nud_state) & NUD_CONNECTED)) {
		neigh_ha_snapshot(mac, neigh, skb->dev);
		kbng_xmit_to(skb, mac, 0, out, straight);
	} else {
		neigh_output(neigh, skb, is_v6gw);
	}
	rcu_read_unlock_bh();
}

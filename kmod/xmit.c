// SPDX-License-Identifier: GPL-2.0
/*
 * The end of the fast path: a packet leaves through its device, and by the
 * device's queue only if it has to.
 */
#include "xmit.h"

#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/sch_generic.h>
#include "iface.h"
#include "shape.h"

/* What listens or decides between here and the device's queue. */
static bool kbng_xmit_is_watched(struct net_device *dev)
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
static bool kbng_xmit_straight(struct sk_buff *skb,
			       const struct kbng_shape_out *out)
{
	struct net_device *dev = skb->dev;
	u16 queue = 0;

	if (!out->iface || !out->fq || skb_is_gso(skb) || kbng_xmit_is_watched(dev) ||
	    dev->netdev_ops->ndo_select_queue ||
	    !(dev->priv_flags & IFF_XMIT_DST_RELEASE) ||
	    time_before(jiffies, READ_ONCE(out->iface->full) + HZ / 4))
		return false;
	skb_dst_drop(skb);
	if (dev->real_num_tx_queues > 1)
		queue = netdev_pick_tx(dev, skb, NULL);
	if (__dev_direct_xmit(skb, queue) != NETDEV_TX_BUSY)
		return true;
	WRITE_ONCE(out->iface->full, jiffies);
	return false;
}

/**
 * kbng_xmit_to() - send a packet to a neighbour
 * @skb: IPv4 packet, data at its header, dev the way out; taken over
 * @mac: of the neighbour
 * @out: of dev
 * @straight: as kbng_shape_charge() has it
 *
 * Context: softirq, RCU
 */
void kbng_xmit_to(struct sk_buff *skb, const u8 *mac,
		  const struct kbng_shape_out *out, bool straight)
{
	if (dev_hard_header(skb, skb->dev, ETH_P_IP, mac, NULL, skb->len) < 0)
		kfree_skb(skb);
	else if (!straight || !kbng_xmit_straight(skb, out))
		dev_queue_xmit(skb);
}

/**
 * kbng_xmit_route() - send a packet to the next hop of its route
 * @skb: IPv4 packet, data at its header, dev the way out; taken over
 * @out: of dev
 * @straight: as kbng_shape_charge() has it
 *
 * Context: softirq, RCU
 */
void kbng_xmit_route(struct sk_buff *skb, const struct kbng_shape_out *out,
		     bool straight)
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
		kbng_xmit_to(skb, mac, out, straight);
	} else {
		neigh_output(neigh, skb, is_v6gw);
	}
	rcu_read_unlock_bh();
}

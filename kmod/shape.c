// SPDX-License-Identifier: GPL-2.0
/*
 * Shaping by earliest departure time. There is no queue here: each direction
 * of a session has a clock (edt.h) that says when a packet may leave, the time
 * is written into the packet, and fq on the way out holds it until then. How
 * far the clock is ahead of now is how long the queue would be: a packet that
 * would wait longer than the limit is dropped. Without fq the same arithmetic
 * polices: packets pass at once or not at all.
 */
#include "shape.h"

#include <linux/hash.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/sch_generic.h>
#include "iface.h"
#include "session.h"

/* However slow the rate: two full packets may always wait. */
#define KBNG_SHAPE_OCTETS_MIN	3000

#define KBNG_SHAPE_HELD_SHIFT	20

static bool kbng_shape_qdisc_is(const struct net_device *dev, const char *id)
{
	const struct Qdisc *q;

	q = rcu_dereference(netdev_get_tx_queue(dev, 0)->qdisc);
	return q && !strcmp(q->ops->id, id);
}

/**
 * kbng_shape_held() - whether departure times are kept on the way out
 * @dev: the device that a packet leaves through
 * @mode: of its iface
 *
 * Looks through VLAN devices, which have no queue of their own.
 *
 * Return: true for fq, as root or below mq
 */
bool kbng_shape_held(const struct net_device *dev, enum kbng_shaper_mode mode)
{
	if (mode != KBNG_SHAPER_AUTO)
		return mode == KBNG_SHAPER_EDT;
	while (is_vlan_dev(dev) && kbng_shape_qdisc_is(dev, "noqueue"))
		dev = vlan_dev_real_dev(dev);
	return kbng_shape_qdisc_is(dev, "fq");
}

/**
 * kbng_shape_out() - how packets are delayed on their way out, as of now
 * @kn: namespace
 * @dev: the device that they leave through
 * @out: the answer, for the length of the RCU read section
 */
void kbng_shape_out(struct kbng_net *kn, struct net_device *dev,
		    struct kbng_shape_out *out)
{
	enum kbng_shaper_mode mode = KBNG_SHAPER_AUTO;
	u32 max_delay = KBNG_IFACE_MAX_DELAY;
	const struct kbng_iface_config *cfg;

	out->dev = dev;
	out->iface = kbng_iface_get(kn, dev->ifindex);
	if (out->iface) {
		cfg = rcu_dereference(out->iface->config);
		mode = cfg->shaper_mode;
		max_delay = cfg->max_delay;
	}
	out->now = ktime_get_ns();
	out->max_delay = (u64)max_delay * NSEC_PER_USEC;
	out->fq = kbng_shape_qdisc_is(dev, "fq");
	out->held = kbng_shape_held(dev, mode);
}

/*
 * What a packet becomes that is too long for its way out, or whose fragments
 * were put together on the way in: as in ip_do_fragment(), each fragment has
 * the header again. skb->data is at the IP header.
 */
static u32 kbng_shape_fragmented(const struct sk_buff *skb, u32 *packets)
{
	u32 headers = ip_hdrlen(skb);
	u32 mtu = ip_skb_dst_mtu(NULL, skb);
	u32 room;

	if (IPCB(skb)->frag_max_size)
		mtu = min_t(u32, mtu, IPCB(skb)->frag_max_size);
	if (likely(skb->len <= mtu) || mtu < headers + 8)
		return skb->len;
	room = (mtu - headers) & ~7U;
	*packets = DIV_ROUND_UP(skb->len - headers, room);
	return skb->len + (*packets - 1) * headers;
}

/*
 * What a packet is on the wire: a GSO packet leaves as several, each with its
 * own headers. skb->data is at the IP header.
 */
static u32 kbng_shape_size(const struct sk_buff *skb, u32 *packets)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	u32 headers;
	u32 segs;

	*packets = 1;
	if (!skb_is_gso(skb))
		return kbng_shape_fragmented(skb, packets);

	headers = (skb->encapsulation ? skb_inner_transport_header(skb) :
					skb_transport_header(skb)) - skb->data;
	if (info->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)) {
		struct tcphdr _th;
		const struct tcphdr *th;

		th = skb_header_pointer(skb, headers, sizeof(_th), &_th);
		headers += th ? __tcp_hdrlen(th) : sizeof(_th);
	} else {
		headers += sizeof(struct udphdr);
	}
	if (skb->len <= headers)
		return skb->len;
	segs = DIV_ROUND_UP(skb->len - headers, info->gso_size);
	*packets = segs;
	return skb->len + (segs - 1) * headers;
}

static enum kbng_family kbng_shape_family(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6) ? KBNG_IPV6 : KBNG_IPV4;
}

/* Whether a time in 2^20 ns is past; one of weeks ago may seem not to be. */
static bool kbng_shape_is_over(u32 time, u64 now)
{
	return (s32)((u32)(now >> KBNG_SHAPE_HELD_SHIFT) - time) >= 0;
}

/**
 * kbng_shape_charge() - shape and count a packet
 * @host: the subscriber's
 * @dir: direction
 * @skb: packet, data at the IP header; gets its departure time
 * @out: where it leaves
 * @straight: set to whether it may leave now, with none of its flow in the queue
 *	before it
 *
 * Context: softirq
 * Return: KBNG_STAT_NONE, or the name under which to drop the packet: then
 * nothing was counted
 */
enum kbng_stat kbng_shape_charge(struct kbng_host *host, enum kbng_dir dir,
				 struct sk_buff *skb,
				 const struct kbng_shape_out *out,
				 bool *straight)
{
	enum kbng_family family = kbng_shape_family(skb);
	struct kbng_flow *flow = &host->flow[dir];
	u64 now = out->now;
	u64 wait = 0;
	u64 leaves;
	u32 packets;
	u32 octets;

	octets = kbng_shape_size(skb, &packets);
	spin_lock(&flow->lock);
	if (unlikely(host->state != KBNG_STATE_ACTIVE)) {
		spin_unlock(&flow->lock);
		return KBNG_STAT_drop_unauthorised;
	}
	if (flow->edt.cost) {
		wait = kbng_edt_wait(&flow->edt, now);
		if (unlikely(wait > out->max_delay) &&
		    wait > kbng_edt_ns(&flow->edt, KBNG_SHAPE_OCTETS_MIN)) {
			host->session->drops[dir] += packets;
			spin_unlock(&flow->lock);
			return dir == KBNG_UP ? KBNG_STAT_drop_shaper_up :
						KBNG_STAT_drop_shaper_down;
		}
		kbng_edt_charge(&flow->edt, now, octets);
	}
	flow->packets[family] += packets;
	flow->octets[family] += octets;
	leaves = now + wait;
	if (wait)
		flow->held = (leaves >> KBNG_SHAPE_HELD_SHIFT) + 2;
	*straight = !wait && kbng_shape_is_over(flow->held, now);
	spin_unlock(&flow->lock);

	if (wait && out->held && ktime_to_ns(skb->tstamp) < leaves)
		skb_set_delivery_time(skb, ns_to_ktime(leaves), true);
	/* One flow of fq and one queue of the device for each subscriber. */
	__skb_set_sw_hash(skb, hash_ptr(host, 32), true);
	return KBNG_STAT_NONE;
}

/**
 * kbng_shape_refund() - take back a count: the packet was dropped after all
 * @host: that kbng_shape_charge() has counted @skb on
 * @dir: direction
 * @skb: packet
 */
void kbng_shape_refund(struct kbng_host *host, enum kbng_dir dir,
		       const struct sk_buff *skb)
{
	enum kbng_family family = kbng_shape_family(skb);
	struct kbng_flow *flow = &host->flow[dir];
	u32 packets;
	u32 octets;

	octets = kbng_shape_size(skb, &packets);
	spin_lock(&flow->lock);
	/* A stopped session's counters are final and may have been read. */
	if (host->state == KBNG_STATE_ACTIVE) {
		flow->packets[family] -= packets;
		flow->octets[family] -= octets;
	}
	spin_unlock(&flow->lock);
}

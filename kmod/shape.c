// SPDX-License-Identifier: GPL-2.0
/*
 * Shaping by earliest departure time. There is no queue here: each direction
 * of a session has a clock (edt.h) that says when a packet may leave, the time
 * is written into the packet, and fq on the way out holds it until then. How
 * far the clock is ahead of now is how long the queue would be, and all that
 * is done to queues is done to this number: a packet that would wait longer
 * than the limit is dropped, senders are slowed down before that (aqm.h), and
 * flows that send little do not wait (sparse.h). Without fq the same arithmetic
 * polices: packets pass at once or not at all. A GSO packet leaves as a whole,
 * at the line rate of the device, and is charged so; one that is long at its
 * subscriber's rate is taken apart first, and each packet gets a time.
 */
#include "shape.h"

#include <linux/hash.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/gso.h>
#include <net/inet_ecn.h>
#include <net/sch_generic.h>
#include "iface.h"
#include "pernet.h"
#include "session.h"
#include "shaper.h"
#include "sparse.h"
#include "wire.h"

/* However slow the rate: two full packets may always wait. */
#define KBNG_SHAPE_OCTETS_MIN	3000

/* ns at its rate for which a GSO packet may keep the line. */
#define KBNG_SHAPE_WHOLE_MAX	NSEC_PER_MSEC

#define KBNG_SHAPE_HELD_SHIFT	20
#define KBNG_SHAPE_SPARSE_BITS	14

/*
 * The flows of subscribers whose packets have to wait, by hash. Two that meet
 * here are taken for one: then what is sparse may have to wait.
 */
static struct kbng_sparse kbng_shape_sparse[1 << KBNG_SHAPE_SPARSE_BITS];

/* For every packet: of a constant, strlen() and memcmp() are no calls. */
static __always_inline bool kbng_shape_qdisc_is(const struct net_device *dev,
						const char *id)
{
	const struct Qdisc *q;

	q = rcu_dereference(netdev_get_tx_queue(dev, 0)->qdisc);
	return q && !memcmp(q->ops->id, id, strlen(id) + 1);
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
 * @out: device and iface; the rest is the answer, for the length of the RCU read
 *	section
 */
void kbng_shape_out(struct kbng_shape_out *out)
{
	enum kbng_shaper_mode mode = KBNG_SHAPER_AUTO;
	u32 max_delay = KBNG_IFACE_MAX_DELAY;
	u32 target = KBNG_IFACE_TARGET_DELAY;
	const struct kbng_iface_config *cfg;

	if (out->iface) {
		cfg = rcu_dereference(out->iface->config);
		mode = cfg->shaper_mode;
		max_delay = cfg->max_delay;
		target = cfg->target_delay;
	}
	out->now = ktime_get_ns();
	out->max_delay = (u64)max_delay * NSEC_PER_USEC;
	out->fq = kbng_shape_qdisc_is(out->dev, "fq");
	out->held = (mode == KBNG_SHAPER_AUTO && out->fq) ||
		    kbng_shape_held(out->dev, mode);
	/* Policing leaves nothing to be kept short. */
	out->target = out->held ? (u64)target * NSEC_PER_USEC : U64_MAX;
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

static struct kbng_sparse *kbng_shape_sparse_flow(const struct kbng_host *host,
						  struct sk_buff *skb)
{
	u32 hash = skb_get_hash(skb) ^ hash_ptr(host, 32);

	return &kbng_shape_sparse[hash_32(hash, KBNG_SHAPE_SPARSE_BITS)];
}

/**
 * struct kbng_shape_queue - the queue that a packet would find
 * @wait: ns that it would have to wait
 * @own: of these, for its subscriber's own clocks
 * @share: cost of an octet at the subscriber's share of a shaper, 0: no limit
 * @cost: the same at the rate that counts, its share or its own
 */
struct kbng_shape_queue {
	u64 wait;
	u64 own;
	u64 share;
	u64 cost;
};

/* Under the flow's lock. */
static void kbng_shape_look(const struct kbng_host *host, enum kbng_dir dir,
			    u64 now, struct kbng_shape_queue *q)
{
	const struct kbng_shaper *shaper = READ_ONCE(host->shaper);
	const struct kbng_edt *edt = &host->flow[dir].edt;
	u64 next;

	q->wait = 0;
	q->own = edt->cost ? kbng_edt_wait(edt, now) : 0;
	q->share = 0;
	if (shaper) {
		kbng_shaper_look(shaper, dir, now, &q->wait, &q->share);
		next = host->load[dir].share;
		if (q->share && next > now)
			q->own = max(q->own, next - now);
	}
	q->wait = max(q->wait, q->own);
	q->cost = max(edt->cost, q->share);
}

/*
 * A packet that finds others before it waits, passes them or is dropped. It
 * passes if it leaves @wait at 0. Under the flow's lock.
 */
static enum kbng_stat kbng_shape_judge(struct kbng_host *host,
				       enum kbng_dir dir, struct sk_buff *skb,
				       const struct kbng_shape_out *out,
				       u32 line, struct kbng_shape_queue *q)
{
	struct kbng_sparse *flow = kbng_shape_sparse_flow(host, skb);
	u64 room = kbng_edt_ns(q->cost, KBNG_SHAPE_OCTETS_MIN);
	struct kbng_load *load = &host->load[dir];

	if (kbng_sparse_pass(flow, &load->sparse, out->now,
			     kbng_edt_ns(q->cost, line), room)) {
		q->wait = 0;
		q->own = 0;
		return KBNG_STAT_NONE;
	}
	if (q->wait > max(out->max_delay, room))
		return dir == KBNG_UP ? KBNG_STAT_drop_shaper_up :
					KBNG_STAT_drop_shaper_down;
	if (kbng_aqm_signal(&load->aqm, q->wait > max(out->target, room),
			    out->now)) {
		if (!INET_ECN_set_ce(skb))
			return dir == KBNG_UP ? KBNG_STAT_drop_aqm_up :
						KBNG_STAT_drop_aqm_down;
		kbng_stat_inc(host->session->kn->stats, KBNG_STAT_aqm_marked);
	}
	flow->leaves = out->now + q->wait;
	return KBNG_STAT_NONE;
}

/* Under the flow's lock. */
static void kbng_shape_count(struct kbng_host *host, enum kbng_dir dir, u64 now,
			     const struct kbng_shape_queue *q,
			     enum kbng_family family,
			     const struct kbng_wire *wire, u32 line)
{
	struct kbng_shaper *shaper = READ_ONCE(host->shaper);
	struct kbng_load *load = &host->load[dir];
	struct kbng_flow *flow = &host->flow[dir];

	kbng_edt_charge(&flow->edt, now, line);
	if (shaper) {
		if (load->share + KBNG_EDT_SLACK < now)
			load->share = now - KBNG_EDT_SLACK;
		load->share += kbng_edt_ns(q->share, line);
		kbng_shaper_charge(shaper, dir, now, q->own, wire->packets,
				   line);
	}
	flow->packets[family] += wire->packets;
	flow->octets[family] += wire->octets;
}

/**
 * kbng_shape_split() - take a GSO packet apart that is too long for its rate
 * @host: the subscriber's
 * @dir: direction
 * @skb: GSO packet, data at the IP header, its device the one that it leaves
 *	through; stays as it is
 * @out: where it leaves
 *
 * What follows SKB_GSO_CB_OFFSET in the control block is lost.
 *
 * Return: a list of what it would leave as, or NULL: it is to be kept whole
 */
struct sk_buff *kbng_shape_split(const struct kbng_host *host,
				 enum kbng_dir dir, struct sk_buff *skb,
				 const struct kbng_shape_out *out)
{
	const struct kbng_shaper *shaper = READ_ONCE(host->shaper);
	u64 cost = READ_ONCE(host->flow[dir].edt.cost);
	struct sk_buff *segs;
	u64 wait = 0;

	if (shaper)
		kbng_shaper_look(shaper, dir, out->now, &wait, &cost);
	if (kbng_edt_ns(cost, skb->len) <= KBNG_SHAPE_WHOLE_MAX)
		return NULL;
	/* What cannot be taken apart the stack will refuse. */
	segs = skb_gso_segment(skb, netif_skb_features(skb) &
				    ~NETIF_F_GSO_MASK);
	return IS_ERR(segs) ? NULL : segs;
}

/**
 * kbng_shape_charge() - shape and count a packet
 * @host: the subscriber's
 * @dir: direction
 * @skb: packet, data at the IP header, which can be written; gets its departure
 *	time, and perhaps a mark of congestion
 * @out: where it leaves
 * @straight: set to whether it may leave now, with none of its flow in the queue
 *	before it
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE, or the name under which to drop the packet: then
 * nothing was counted
 */
enum kbng_stat kbng_shape_charge(struct kbng_host *host, enum kbng_dir dir,
				 struct sk_buff *skb,
				 const struct kbng_shape_out *out,
				 bool *straight)
{
	struct kbng_flow *flow = &host->flow[dir];
	enum kbng_stat stat = KBNG_STAT_NONE;
	struct kbng_shape_queue q __uninitialized;
	struct kbng_wire wire __uninitialized;
	u64 now = out->now;
	bool passes = false;
	u32 line;

	kbng_wire_of(skb, &wire);
	line = kbng_edt_line(wire.octets, wire.packets,
			     READ_ONCE(host->overhead),
			     READ_ONCE(host->min_unit));
	spin_lock(&flow->lock);
	if (unlikely(host->state != KBNG_STATE_ACTIVE)) {
		stat = KBNG_STAT_drop_unauthorised;
		goto out_unlock;
	}
	kbng_shape_look(host, dir, now, &q);
	if (unlikely(q.wait)) {
		stat = kbng_shape_judge(host, dir, skb, out, line, &q);
		if (stat)
			goto out_unlock;
		passes = !q.wait;
	}
	kbng_shape_count(host, dir, now, &q, kbng_shape_family(skb), &wire,
			 line);
	/* One with segments waits for nobody, but takes the queue. */
	if (q.wait || skb_is_gso(skb))
		flow->held = ((now + q.wait) >> KBNG_SHAPE_HELD_SHIFT) + 2;
	*straight = !q.wait &&
		    (passes || kbng_shape_is_over(flow->held, now));
	spin_unlock(&flow->lock);

	if (q.wait && out->held && ktime_to_ns(skb->tstamp) < now + q.wait)
		skb_set_delivery_time(skb, ns_to_ktime(now + q.wait), true);
	/*
	 * For each subscriber one queue of the device and one flow of fq, where
	 * packets leave by their times; and one for those that pass.
	 */
	__skb_set_sw_hash(skb, hash_ptr(host, 32) + passes, true);
	return KBNG_STAT_NONE;

out_unlock:
	spin_unlock(&flow->lock);
	kbng_session_count_drop(host->session, stat, wire.packets);
	return stat;
}

/**
 * kbng_shape_refund() - take back a count: the packet was dropped after all
 * @host: that kbng_shape_charge() has counted @skb on
 * @dir: direction
 * @skb: packet
 */
void kbng_shape_refund(struct kbng_host *host, enum kbng_dir dir,
		       struct sk_buff *skb)
{
	enum kbng_family family = kbng_shape_family(skb);
	struct kbng_flow *flow = &host->flow[dir];
	struct kbng_wire wire;

	kbng_wire_of(skb, &wire);
	spin_lock(&flow->lock);
	/* A stopped session's counters are final and may have been read. */
	if (host->state == KBNG_STATE_ACTIVE) {
		flow->packets[family] -= wire.packets;
		flow->octets[family] -= wire.octets;
	}
	spin_unlock(&flow->lock);
}

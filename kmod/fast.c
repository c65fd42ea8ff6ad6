// SPDX-License-Identifier: GPL-2.0
/*
 * The fast path: a subscriber's packet goes from netdev ingress straight to
 * its way out, past the IP stack and the operator's rules in it. For the packet
 * it does what the stack would: route, TTL, MTU, neighbour. The route is the
 * stack's, who tells when it is stale: a change counts at once.
 *
 * Two steps. At ingress a packet is looked at as far as that needs nothing of
 * its subscriber: header, route, MTU. Whatever is not the plain case goes on to
 * the stack, which knows what to do, untouched and counted under the reason.
 * The others wait, for microseconds, in a queue of this CPU until the softirq
 * that brought them is through with all it has. Then they are taken in bunches:
 * with many subscribers the time is spent on waiting for memory, and a bunch
 * waits for all of its hosts at once.
 *
 * Life: what waits was brought by a hooked iface, and kbng_fast_flush() empties
 * the queues when one goes, so iface and device exist. The route is held by RCU
 * alone; should a grace period have passed, it is asked for again.
 */
#include "fast.h"

#include <linux/cpu.h>
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/lwtunnel.h>
#include <net/route.h>
#include <net/sock.h>
#include "fast_ip.h"
#include "iface.h"
#include "pernet.h"
#include "shape.h"
#include "trigger.h"
#include "way4.h"
#include "xmit.h"

#define KBNG_FAST_BUNCH	32

/**
 * struct kbng_fast_queue - packets that this CPU has taken
 * @packets: these; only its own softirqs touch them
 * @rcu: state of RCU before the first of them got its route
 * @tasklet: forwards them
 * @flush: does so at once
 */
struct kbng_fast_queue {
	struct sk_buff_head packets;
	unsigned long rcu;
	struct tasklet_struct tasklet;
	struct work_struct flush;
};

static DEFINE_PER_CPU(struct kbng_fast_queue, kbng_fast_queue);

/**
 * struct kbng_fast_cb - in a packet that waits
 * @ip: of the stack, as after ip_rcv()
 * @ip6: likewise
 * @in: where it came in
 * @dir: from a subscriber or to one
 * @tags: that it had when it came in
 */
struct kbng_fast_cb {
	union {
		struct inet_skb_parm ip;
		struct inet6_skb_parm ip6;
	};
	struct kbng_iface *in;
	enum kbng_dir dir;
	u32 tags;
};

static struct kbng_fast_cb *kbng_fast_cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct kbng_fast_cb) > sizeof(skb->cb));
	return (struct kbng_fast_cb *)skb->cb;
}

static bool kbng_fast_is_ipv6(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6);
}

/* What is not the stack's own business. May reallocate the skb's data. */
static enum kbng_stat kbng_fast_check_header(struct sk_buff *skb)
{
	enum kbng_stat stat;

	if (skb->pkt_type != PACKET_HOST)
		return KBNG_STAT_fast_route;
	if (skb_shared(skb) || skb_dst(skb) || skb_sk_is_prefetched(skb))
		return KBNG_STAT_fast_other;
	stat = kbng_fast_is_ipv6(skb) ? kbng_fast6_check(skb) :
					kbng_fast4_check(skb);
	if (stat)
		return stat;
	skb_orphan(skb);
	return KBNG_STAT_NONE;
}

static bool kbng_fast_fits(const struct sk_buff *skb, u32 mtu)
{
	return skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
				 skb->len <= mtu;
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

/* The way out, as far as it needs no subscriber. */
static enum kbng_stat kbng_fast_check_way(const struct kbng_iface *in,
					  enum kbng_dir dir,
					  const struct sk_buff *skb)
{
	const struct dst_entry *dst = skb_dst(skb);
	const struct kbng_iface *out;
	bool access;

	if (dst->dev == skb->dev || lwtunnel_output_redirect(dst->lwtstate) ||
	    lwtunnel_xmit_redirect(dst->lwtstate) ||
	    netif_is_l3_slave(skb->dev) || netif_is_l3_slave(dst->dev))
		return KBNG_STAT_fast_route;
	out = kbng_iface_get(in->kn, dst->dev->ifindex);
	access = out && out->role == KBNG_ROLE_ACCESS;
	/* Both ends are subscribers: two directions to charge. */
	if (dir == KBNG_UP)
		return access ? KBNG_STAT_fast_peer : KBNG_STAT_NONE;
	/*
	 * By way of whomever the route says: the session knows the next hop, a
	 * subscriber for his delegated prefix, or the access node before him.
	 */
	return access ? KBNG_STAT_NONE : KBNG_STAT_fast_route;
}

/* Fills kbng_fast_cb(). May reallocate the skb's data. */
static enum kbng_stat kbng_fast_prepare(struct kbng_iface *in,
					enum kbng_dir dir, u32 tags,
					struct sk_buff *skb)
{
	bool ipv6 = kbng_fast_is_ipv6(skb);
	const struct dst_entry *dst;
	enum kbng_stat stat;

	/* What is there belongs to the layers below, who are done with it. */
	memset(skb->cb, 0, sizeof(struct kbng_fast_cb));
	if (!ipv6)
		IPCB(skb)->flags = IPSKB_FORWARDED;
	stat = ipv6 ? kbng_fast6_route(skb) : kbng_fast4_route(in->kn, skb);
	if (stat)
		return stat;
	stat = kbng_fast_check_way(in, dir, skb);
	if (stat)
		return stat;
	dst = skb_dst(skb);
	if (!kbng_fast_fits(skb, ipv6 ? kbng_fast6_mtu(dst) :
					ip_dst_mtu_maybe_forward(dst, true)))
		return KBNG_STAT_fast_mtu;
	if (skb_warn_if_lro(skb) || kbng_fast_has_policies(in->kn->net) ||
	    skb_cow(skb, LL_RESERVED_SPACE(dst->dev)))
		return KBNG_STAT_fast_other;
	kbng_fast_cb(skb)->in = in;
	kbng_fast_cb(skb)->dir = dir;
	kbng_fast_cb(skb)->tags = tags;
	return KBNG_STAT_NONE;
}

/**
 * kbng_fast_take() - take a packet past the IP stack
 * @in: iface that it came in by
 * @dir: from subscribers, or perhaps to one
 * @tags: that it had
 * @skb: IP packet, data at its header
 *
 * Context: softirq, RCU. May reallocate the skb's data
 * Return: true when the packet was taken over; false when it is for the stack
 */
bool kbng_fast_take(struct kbng_iface *in, enum kbng_dir dir, u32 tags,
		    struct sk_buff *skb)
{
	struct kbng_fast_queue *queue = this_cpu_ptr(&kbng_fast_queue);
	enum kbng_stat stat;

	stat = kbng_fast_check_header(skb);
	if (stat)
		goto err_count;
	stat = kbng_fast_prepare(in, dir, tags, skb);
	if (stat)
		goto err_drop_route;
	if (skb_queue_empty(&queue->packets)) {
		queue->rcu = get_state_synchronize_rcu();
		tasklet_schedule(&queue->tasklet);
	}
	__skb_queue_tail(&queue->packets, skb);
	return true;

err_drop_route:
	skb_dst_drop(skb);
err_count:
	/* What comes from the core is mostly not for subscribers. */
	if (dir == KBNG_UP || stat != KBNG_STAT_fast_route)
		kbng_iface_count(in, stat);
	return false;
}

static enum kbng_stat kbng_fast_check(struct kbng_iface *in,
				      const struct kbng_host *host,
				      const struct sk_buff *skb)
{
	if (kbng_fast_cb(skb)->dir == KBNG_UP)
		return kbng_trigger_check_source(in, kbng_fast_cb(skb)->tags,
						 skb, host);
	return host && host->dev == skb_dst(skb)->dev ?
		       KBNG_STAT_NONE : KBNG_STAT_drop_no_session_down;
}

/* One packet of whom it is from or to. */
static void kbng_fast_leave(struct sk_buff *skb, struct kbng_iface *in,
			    struct kbng_host *host, enum kbng_dir dir,
			    const struct kbng_shape_out *out)
{
	enum kbng_stat stat;
	bool straight;

	stat = kbng_shape_charge(host, dir, skb, out, &straight);
	if (stat) {
		kbng_iface_count(in, stat);
		kfree_skb(skb);
		return;
	}
	if (kbng_fast_is_ipv6(skb)) {
		ipv6_hdr(skb)->hop_limit--;
	} else {
		ip_decrease_ttl(ip_hdr(skb));
		skb->priority = rt_tos2priority(ip_hdr(skb)->tos);
	}
	/* Downstream the MAC address is known: no ARP. */
	if (dir == KBNG_UP)
		kbng_xmit_route(skb, out, straight);
	else
		kbng_xmit_to(skb, host->mac, host->tags, out, straight);
}

/* Keeps in @out what is the same for the next one. */
static void kbng_fast_forward(struct sk_buff *skb,
			      const struct kbng_host_slot *slot,
			      struct kbng_shape_out *out)
{
	struct kbng_iface *in = kbng_fast_cb(skb)->in;
	enum kbng_dir dir = kbng_fast_cb(skb)->dir;
	struct net_device *dev = skb_dst(skb)->dev;
	struct sk_buff *segs = NULL;
	struct kbng_host *host;
	struct sk_buff *next;
	enum kbng_stat stat;

	host = kbng_host_in(in->kn, skb, dir, slot);
	stat = kbng_fast_check(in, host, skb);
	if (stat) {
		kbng_iface_count(in, stat);
		kfree_skb(skb);
		return;
	}
	skb_clear_tstamp(skb);
	skb_forward_csum(skb);
	skb->dev = dev;
	if (out->dev != dev) {
		out->dev = dev;
		out->iface = kbng_iface_get(in->kn, dev->ifindex);
		kbng_shape_out(out);
	}
	if (skb_is_gso(skb))
		segs = kbng_shape_split(host, dir, skb, out);
	if (!segs) {
		kbng_fast_leave(skb, in, host, dir, out);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		kbng_fast_leave(skb, in, host, dir, out);
	}
}

/* The route may be gone. Who has none any more is dropped, by name. */
static bool kbng_fast_renew(struct sk_buff *skb)
{
	struct kbng_iface *in = kbng_fast_cb(skb)->in;
	enum kbng_dir dir = kbng_fast_cb(skb)->dir;
	u32 tags = kbng_fast_cb(skb)->tags;

	skb_dst_set(skb, NULL);
	if (!kbng_fast_prepare(in, dir, tags, skb))
		return true;
	skb_dst_drop(skb);
	kbng_iface_count(in, KBNG_STAT_drop_route_changed);
	kfree_skb(skb);
	return false;
}

static void kbng_fast_run(struct kbng_fast_queue *queue)
{
	struct kbng_host_slot slots[KBNG_FAST_BUNCH] __uninitialized;
	struct sk_buff *bunch[KBNG_FAST_BUNCH] __uninitialized;
	const struct kbng_fast_cb *cb;
	struct kbng_shape_out out;
	struct sk_buff *skb;
	unsigned int n;
	unsigned int i;
	bool stale;

	rcu_read_lock();
	stale = poll_state_synchronize_rcu(queue->rcu);
	do {
		n = 0;
		while (n < KBNG_FAST_BUNCH &&
		       (skb = __skb_dequeue(&queue->packets))) {
			if (unlikely(stale) && !kbng_fast_renew(skb))
				continue;
			cb = kbng_fast_cb(skb);
			kbng_host_slot(cb->in->kn, skb, cb->dir, &slots[n]);
			bunch[n++] = skb;
		}
		for (i = 0; i < n; i++)
			kbng_host_look(&slots[i], kbng_fast_cb(bunch[i])->dir);
		out.dev = NULL;
		for (i = 0; i < n; i++)
			kbng_fast_forward(bunch[i], &slots[i], &out);
	} while (n);
	rcu_read_unlock();
}

static void kbng_fast_tasklet(struct tasklet_struct *tasklet)
{
	kbng_fast_run(container_of(tasklet, struct kbng_fast_queue, tasklet));
}

static void kbng_fast_flush_cpu(struct work_struct *work)
{
	local_bh_disable();
	kbng_fast_run(container_of(work, struct kbng_fast_queue, flush));
	kbng_way4_flush(smp_processor_id());
	local_bh_enable();
}

/**
 * kbng_fast_flush() - forward what waits now
 *
 * Afterwards no packet waits of an iface whose hook was taken away a grace
 * period ago, and its ways are forgotten.
 *
 * Context: process
 */
void kbng_fast_flush(void)
{
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		schedule_work_on(cpu, &per_cpu(kbng_fast_queue, cpu).flush);
	for_each_online_cpu(cpu)
		flush_work(&per_cpu(kbng_fast_queue, cpu).flush);
	for_each_possible_cpu(cpu)
		if (!cpu_online(cpu))
			kbng_way4_flush(cpu);
	cpus_read_unlock();
}

void __init kbng_fast_init(void)
{
	struct kbng_fast_queue *queue;
	int cpu;

	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&kbng_fast_queue, cpu);
		__skb_queue_head_init(&queue->packets);
		tasklet_setup(&queue->tasklet, kbng_fast_tasklet);
		INIT_WORK(&queue->flush, kbng_fast_flush_cpu);
	}
}

/* All hooks are gone, and what they brought. */
void kbng_fast_uninit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		tasklet_kill(&per_cpu_ptr(&kbng_fast_queue, cpu)->tasklet);
	kbng_way4_free();
}

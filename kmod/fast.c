// SPDX-License-Identifier: GPL-2.0
/*
 * The fast path: a subscriber's packet goes from netdev ingress straight to
 * its way out, past the IP stack and the operator's rules in it. For the packet
 * it does what the stack would: route, TTL, MTU, neighbour. The route is asked
 * of the stack for every packet, so that a change counts at once.
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
#include <linux/inetdevice.h>
#include <linux/interrupt.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/lwtunnel.h>
#include <net/route.h>
#include <net/sock.h>
#include "iface.h"
#include "pernet.h"
#include "shape.h"
#include "xmit.h"

#define KBNG_FAST_BUNCH	16

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
 * @in: where it came in
 * @dir: from a subscriber or to one
 */
struct kbng_fast_cb {
	struct inet_skb_parm ip;
	struct kbng_iface *in;
	enum kbng_dir dir;
};

static struct kbng_fast_cb *kbng_fast_cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct kbng_fast_cb) > sizeof(skb->cb));
	return (struct kbng_fast_cb *)skb->cb;
}

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
					  const struct rtable *rt)
{
	const struct kbng_iface *out;
	bool access;

	out = kbng_iface_get(in->kn, rt->dst.dev->ifindex);
	access = out && out->role == KBNG_ROLE_ACCESS;
	/* Both ends are subscribers: two directions to charge. */
	if (dir == KBNG_UP)
		return access ? KBNG_STAT_fast_peer : KBNG_STAT_NONE;
	return access && !rt->rt_uses_gateway ? KBNG_STAT_NONE :
						KBNG_STAT_fast_route;
}

/* May reallocate the skb's data. */
static enum kbng_stat kbng_fast_prepare(const struct kbng_iface *in,
					enum kbng_dir dir, struct sk_buff *skb)
{
	const struct dst_entry *dst;
	enum kbng_stat stat;

	stat = kbng_fast_route(skb);
	if (stat)
		return stat;
	stat = kbng_fast_check_way(in, dir, skb_rtable(skb));
	if (stat)
		return stat;
	dst = skb_dst(skb);
	if (!kbng_fast_fits(skb, dst))
		return KBNG_STAT_fast_mtu;
	if (skb_warn_if_lro(skb) || kbng_fast_has_policies(in->kn->net) ||
	    skb_cow(skb, LL_RESERVED_SPACE(dst->dev)))
		return KBNG_STAT_fast_other;
	return KBNG_STAT_NONE;
}

/**
 * kbng_fast_take() - take a packet past the IP stack
 * @in: iface that it came in by
 * @dir: from subscribers, or perhaps to one
 * @skb: IPv4 packet, data at its header
 *
 * Context: softirq, RCU. May reallocate the skb's data
 * Return: true when the packet was taken over; false when it is for the stack
 */
bool kbng_fast_take(struct kbng_iface *in, enum kbng_dir dir,
		    struct sk_buff *skb)
{
	struct kbng_fast_queue *queue = this_cpu_ptr(&kbng_fast_queue);
	enum kbng_stat stat;

	stat = kbng_fast_check_header(skb);
	if (stat)
		goto err_count;
	stat = kbng_fast_prepare(in, dir, skb);
	if (stat)
		goto err_drop_route;
	kbng_fast_cb(skb)->in = in;
	kbng_fast_cb(skb)->dir = dir;
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
		kbng_stat_inc(in->kn->stats, stat);
	return false;
}

static __be32 kbng_fast_subscriber(const struct sk_buff *skb)
{
	return kbng_fast_cb(skb)->dir == KBNG_UP ? ip_hdr(skb)->saddr :
						   ip_hdr(skb)->daddr;
}

static enum kbng_stat kbng_fast_check(const struct kbng_iface *in,
				      const struct kbng_host *host,
				      const struct sk_buff *skb)
{
	if (kbng_fast_cb(skb)->dir == KBNG_UP)
		return kbng_host_check_source(host, in->ifindex,
					      eth_hdr(skb)->h_source);
	return host && host->dev == skb_dst(skb)->dev ?
		       KBNG_STAT_NONE : KBNG_STAT_drop_no_session_down;
}

/* Keeps in @out what is the same for the next one. */
static void kbng_fast_forward(struct sk_buff *skb, struct kbng_shape_out *out)
{
	struct kbng_iface *in = kbng_fast_cb(skb)->in;
	enum kbng_dir dir = kbng_fast_cb(skb)->dir;
	struct net_device *dev = skb_dst(skb)->dev;
	struct kbng_host *host;
	enum kbng_stat stat;
	bool straight;

	host = kbng_host_find(in->kn, kbng_fast_subscriber(skb), dir);
	stat = kbng_fast_check(in, host, skb);
	if (stat)
		goto err_drop;
	skb_clear_tstamp(skb);
	skb_forward_csum(skb);
	skb->priority = rt_tos2priority(ip_hdr(skb)->tos);
	if (out->dev != dev)
		kbng_shape_out(in->kn, dev, out);
	stat = kbng_shape_charge(host, dir, skb, out, &straight);
	if (stat)
		goto err_drop;
	ip_decrease_ttl(ip_hdr(skb));
	skb->dev = dev;
	/* Downstream the MAC address is known: no ARP. */
	if (dir == KBNG_UP)
		kbng_xmit_route(skb, out, straight);
	else
		kbng_xmit_to(skb, host->mac, out, straight);
	return;

err_drop:
	kbng_stat_inc(in->kn->stats, stat);
	kfree_skb(skb);
}

/* The route may be gone. Who has none any more is dropped, by name. */
static bool kbng_fast_renew(struct sk_buff *skb)
{
	struct kbng_iface *in = kbng_fast_cb(skb)->in;
	enum kbng_dir dir = kbng_fast_cb(skb)->dir;

	skb_dst_set(skb, NULL);
	if (!kbng_fast_prepare(in, dir, skb)) {
		kbng_fast_cb(skb)->in = in;
		kbng_fast_cb(skb)->dir = dir;
		return true;
	}
	skb_dst_drop(skb);
	kbng_stat_inc(in->kn->stats, KBNG_STAT_drop_route_changed);
	kfree_skb(skb);
	return false;
}

static void kbng_fast_run(struct kbng_fast_queue *queue)
{
	struct sk_buff *bunch[KBNG_FAST_BUNCH];
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
			kbng_host_prefetch_bucket(kbng_fast_cb(skb)->in->kn,
						  kbng_fast_subscriber(skb));
			bunch[n++] = skb;
		}
		for (i = 0; i < n; i++)
			kbng_host_prefetch(kbng_fast_cb(bunch[i])->in->kn,
					   kbng_fast_subscriber(bunch[i]),
					   kbng_fast_cb(bunch[i])->dir);
		out.dev = NULL;
		for (i = 0; i < n; i++)
			kbng_fast_forward(bunch[i], &out);
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
	local_bh_enable();
}

/**
 * kbng_fast_flush() - forward what waits now
 *
 * Afterwards no packet waits of an iface whose hook was taken away a grace
 * period ago.
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
}

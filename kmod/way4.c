// SPDX-License-Identifier: GPL-2.0
/*
 * Ways: routes of IPv4 packets, as the stack gave them before. The stack marks
 * its routes as stale whenever a route, rule, address or what else decides about
 * them changes, so one that is not stale is what it would say again, if nothing
 * but destination, TOS and device decide. Where a source address matters, by
 * rules or rp_filter, or for a packet from an address that might be this
 * machine's own, the stack is asked.
 *
 * Each CPU has a table that only its softirqs touch. A destination gets its place
 * there when it is asked for twice in a row: those of one packet leave those alone
 * that have many.
 *
 * Life: a way holds its route. kbng_way4_flush() lets all of a CPU go.
 */
#include "way4.h"

#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/inet_dscp.h>
#include <net/ip_fib.h>
#include <net/nexthop.h>
#include <net/route.h>
#include "pernet.h"

#define KBNG_WAY4_BITS	13
#define KBNG_WAY4_MAX	255	/* as struct kbng_way4_place counts them */

/**
 * struct kbng_way4 - a route, of which there are few
 * @rt: the route, held
 * @in: device that its packets come in by
 */
struct kbng_way4 {
	struct rtable *rt;
	const struct net_device *in;
};

/**
 * struct kbng_way4_place - of the destinations with one hash, that which uses it
 * @daddr: destination
 * @asked: more of the hash of who wanted this place last
 * @tos: of its packets, the bits of the DSCP
 * @way: number of its way, from 1; 0: nobody's place
 */
struct kbng_way4_place {
	__be32 daddr;
	u16 asked;
	u8 tos;
	u8 way;
};

/**
 * struct kbng_way4_table - what a CPU knows
 * @n_ways: how many of @ways
 * @ways: routes
 * @places: by hash of the destination; small, so that it stays in the cache
 */
struct kbng_way4_table {
	unsigned int n_ways;
	struct kbng_way4 ways[KBNG_WAY4_MAX];
	struct kbng_way4_place places[1 << KBNG_WAY4_BITS];
};

static DEFINE_PER_CPU(struct kbng_way4_table *, kbng_way4_table);

static bool kbng_way4_may_be_own(const struct kbng_net *kn, __be32 addr)
{
	return test_bit(hash_32((__force u32)addr, KBNG_OWN4_BITS), kn->own4);
}

static void kbng_way4_set_own(struct kbng_net *kn, __be32 addr)
{
	set_bit(hash_32((__force u32)addr, KBNG_OWN4_BITS), kn->own4);
}

/* An address that is gone may stay: it costs its packets a lookup. */
static int kbng_way4_address(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	const struct in_ifaddr *ifa = ptr;

	if (event == NETDEV_UP)
		kbng_way4_set_own(kbng_net(dev_net(ifa->ifa_dev->dev)),
				  ifa->ifa_local);
	return NOTIFY_DONE;
}

static struct notifier_block kbng_way4_notifier = {
	.notifier_call = kbng_way4_address,
};

int __init kbng_way4_init(void)
{
	return register_inetaddr_notifier(&kbng_way4_notifier);
}

void kbng_way4_uninit(void)
{
	unregister_inetaddr_notifier(&kbng_way4_notifier);
}

/**
 * kbng_way4_prepare() - make room for ways, before the first packet; a CPU that
 *	comes online later has none
 * @kn: namespace that packets will come from
 *
 * Context: RTNL
 * Return: 0 or -ENOMEM
 */
int kbng_way4_prepare(struct kbng_net *kn)
{
	const struct in_device *in_dev;
	const struct in_ifaddr *ifa;
	struct kbng_way4_table *table;
	struct net_device *dev;
	int cpu;

	for_each_online_cpu(cpu) {
		if (per_cpu(kbng_way4_table, cpu))
			continue;
		table = kvzalloc_node(sizeof(*table), GFP_KERNEL,
				      cpu_to_node(cpu));
		if (!table)
			return -ENOMEM;
		/* Pairs with this_cpu_read() of an iface that is hooked already. */
		smp_store_release(per_cpu_ptr(&kbng_way4_table, cpu), table);
	}
	for_each_netdev(kn->net, dev) {
		in_dev = __in_dev_get_rtnl(dev);
		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rtnl(ifa, in_dev)
			kbng_way4_set_own(kn, ifa->ifa_local);
	}
	return 0;
}

/* Whether the stack would look at nothing of the source but what it is. */
static bool kbng_way4_source_is_plain(const struct kbng_net *kn, __be32 saddr)
{
	return !ipv4_is_zeronet(saddr) && !ipv4_is_loopback(saddr) &&
	       ntohl(saddr) < INADDR_UNSPEC_GROUP &&
	       !kbng_way4_may_be_own(kn, saddr);
}

static u8 kbng_way4_tos(const struct sk_buff *skb)
{
	return ip_hdr(skb)->tos & INET_DSCP_MASK;
}

static u32 kbng_way4_hash(const struct sk_buff *skb)
{
	return hash_32((__force u32)ip_hdr(skb)->daddr, 32);
}

static struct kbng_way4_place *kbng_way4_at(struct kbng_way4_table *table,
					    u32 hash)
{
	return &table->places[hash >> (32 - KBNG_WAY4_BITS)];
}

/**
 * kbng_way4_table_for() - what is remembered of packets such as this one
 * @kn: namespace
 * @skb: packet, data at its IPv4 header
 *
 * Context: softirq, RCU
 * Return: this CPU's table, or NULL: only the stack knows
 */
struct kbng_way4_table *kbng_way4_table_for(const struct kbng_net *kn,
					    const struct sk_buff *skb)
{
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);

	return in_dev && !IN_DEV_RPFILTER(in_dev) &&
	       kbng_way4_source_is_plain(kn, ip_hdr(skb)->saddr) ?
		       this_cpu_read(kbng_way4_table) : NULL;
}

static void kbng_way4_clear(struct kbng_way4_table *table)
{
	while (table->n_ways)
		dst_release(&table->ways[--table->n_ways].rt->dst);
	memset(table->places, 0, sizeof(table->places));
}

/**
 * kbng_way4_get() - give a packet the route that was remembered
 * @table: for it
 * @skb: packet, data at its IPv4 header; gets the route, without a reference
 *
 * Context: softirq, RCU
 * Return: false when the stack has to be asked
 */
bool kbng_way4_get(struct kbng_way4_table *table, struct sk_buff *skb)
{
	const struct kbng_way4_place *place;
	const struct kbng_way4 *way;

	place = kbng_way4_at(table, kbng_way4_hash(skb));
	if (!place->way || place->daddr != ip_hdr(skb)->daddr ||
	    place->tos != kbng_way4_tos(skb))
		return false;
	way = &table->ways[place->way - 1];
	if (way->in != skb->dev)
		return false;
	/* What makes one stale makes all of them so, with few exceptions. */
	if (!dst_check(&way->rt->dst, 0)) {
		kbng_way4_clear(table);
		return false;
	}
	skb_dst_set_noref(skb, &way->rt->dst);
	return true;
}

/* Of several next hops each flow has its own. */
static bool kbng_way4_is_only(const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct net *net = dev_net(skb->dev);
	struct fib_result res = {};
	struct flowi4 fl4;

	if (fib4_has_custom_rules(net) || fib_num_tclassid_users(net) ||
	    net->ipv4.fib_has_custom_local_routes)
		return false;
	flowi4_init_output(&fl4, 0, skb->mark, kbng_way4_tos(skb),
			   RT_SCOPE_UNIVERSE, 0, 0, ip->daddr, ip->saddr, 0, 0,
			   sock_net_uid(net, NULL));
	return !fib_lookup(net, &fl4, &res, 0) &&
	       fib_info_num_path(res.fi) == 1;
}

/* Number of a packet's way, or 0. */
static u8 kbng_way4_number(struct kbng_way4_table *table,
			   const struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	unsigned int i;

	for (i = 0; i < table->n_ways; i++)
		if (table->ways[i].rt == rt && table->ways[i].in == skb->dev)
			return i + 1;
	if (table->n_ways == KBNG_WAY4_MAX)
		kbng_way4_clear(table);
	if (!dst_hold_safe(&rt->dst))
		return 0;
	table->ways[table->n_ways].rt = rt;
	table->ways[table->n_ways].in = skb->dev;
	return ++table->n_ways;
}

/**
 * kbng_way4_put() - remember the stack's answer, if it is asked for often
 * @table: for it
 * @skb: packet with its route, which leads to another machine
 *
 * Context: softirq, RCU
 */
void kbng_way4_put(struct kbng_way4_table *table, const struct sk_buff *skb)
{
	u32 hash = kbng_way4_hash(skb);
	struct kbng_way4_place *place = kbng_way4_at(table, hash);

	if (place->asked != (u16)hash) {
		place->asked = hash;
		return;
	}
	/* With an end: an exception, of what another router has told us. */
	if (skb_dst(skb)->expires || !kbng_way4_is_only(skb))
		return;
	place->way = kbng_way4_number(table, skb);
	place->daddr = ip_hdr(skb)->daddr;
	place->tos = kbng_way4_tos(skb);
}

/**
 * kbng_way4_flush() - forget the ways of a CPU
 * @cpu: this one, with softirqs disabled, or one that is offline
 */
void kbng_way4_flush(int cpu)
{
	struct kbng_way4_table *table = per_cpu(kbng_way4_table, cpu);

	if (table)
		kbng_way4_clear(table);
}

/* All hooks are gone. */
void kbng_way4_free(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		kbng_way4_flush(cpu);
		kvfree(per_cpu(kbng_way4_table, cpu));
	}
}

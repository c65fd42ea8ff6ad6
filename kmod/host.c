// SPDX-License-Identifier: GPL-2.0
#include "host.h"

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/prefetch.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include "pernet.h"
#include "prefix.h"
#include "session.h"

static struct kmem_cache *kbng_host_cache;

static const struct rhashtable_params kbng_host_params = {
	.head_offset = offsetof(struct kbng_host, node),
	.key_offset = offsetof(struct kbng_host, addr),
	.key_len = sizeof_field(struct kbng_host, addr),
	.automatic_shrinking = true,
};

int __init kbng_host_slab_init(void)
{
	kbng_host_cache = KMEM_CACHE(kbng_host,
				     SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return kbng_host_cache ? 0 : -ENOMEM;
}

void kbng_host_slab_uninit(void)
{
	kmem_cache_destroy(kbng_host_cache);
}

int kbng_host_net_init(struct kbng_net *kn)
{
	return rhashtable_init(&kn->hosts, &kbng_host_params);
}

void kbng_host_net_uninit(struct kbng_net *kn)
{
	rhashtable_destroy(&kn->hosts);
}

/**
 * kbng_host_create() - the data path's part of a session, in state pending
 * @s: session; under kbng_net.lock
 * @dev: its access device
 *
 * Return: the host, which no packet finds yet, or NULL for want of memory
 */
struct kbng_host *kbng_host_create(struct kbng_session *s,
				   struct net_device *dev)
{
	struct kbng_host *host;
	int dir;

	host = kmem_cache_zalloc(kbng_host_cache, GFP_ATOMIC);
	if (!host)
		return NULL;
	host->ifindex = s->client.ifindex;
	host->tags = s->client.tags;
	ether_addr_copy(host->mac, s->hop);
	host->state = KBNG_STATE_PENDING;
	host->session = s;
	host->dev = dev;
	for (dir = 0; dir < KBNG_DIRS; dir++) {
		spin_lock_init(&host->flow[dir].lock);
		host->flow[dir].edt.next = ktime_get_ns();
	}
	return host;
}

/**
 * kbng_host_link() - packets find the host by its IPv4 address from now on
 * @host: which never had one: a packet may still follow the links of a host
 *	that was unlinked
 * @addr: the address, which no other host has
 *
 * Return: 0 or -ENOMEM
 */
int kbng_host_link(struct kbng_host *host, __be32 addr)
{
	int err;

	host->addr = addr;
	err = rhashtable_insert_fast(&host->session->kn->hosts, &host->node,
				     kbng_host_params);
	if (!err)
		return 0;
	host->addr = 0;
	return -ENOMEM;
}

/**
 * kbng_host_unlink() - no packet finds the host any more
 * @host: in the table; its counters can still be read
 */
void kbng_host_unlink(struct kbng_host *host)
{
	rhashtable_remove_fast(&host->session->kn->hosts, &host->node,
			       kbng_host_params);
}

/**
 * kbng_host_free() - free a host, a grace period after it was unlinked
 * @host: may be NULL
 */
void kbng_host_free(struct kbng_host *host)
{
	if (host)
		kmem_cache_free(kbng_host_cache, host);
}

static void kbng_host_slot4(struct kbng_net *kn, __be32 addr,
			    struct kbng_host_slot *slot)
{
	struct rhashtable *ht = &kn->hosts;

	slot->tbl = rht_dereference_rcu(ht->tbl, ht);
	slot->addr = addr;
	slot->hash = rht_key_hashfn(ht, slot->tbl, &addr, kbng_host_params);
}

/*
 * With many hosts the cost is two cache lines that come from memory, the
 * host's and the flow's. Asking for the second before the first was compared
 * lets them come together. A function of its own would have no effect that the
 * compiler knows of, and not be called.
 */
static __always_inline void
kbng_host_prefetch(const struct kbng_host_slot *slot, enum kbng_dir dir)
{
	struct kbng_host *host;

	if (rht_is_a_nulls(slot->pos))
		return;
	host = container_of(slot->pos, struct kbng_host, node);
	prefetch(host);
	prefetchw(&host->flow[dir]);
}

static struct kbng_host *kbng_host_find_in(struct kbng_net *kn,
					   const struct kbng_host_slot *slot)
{
	struct kbng_host *host;
	struct rhash_head *pos;

	rht_for_each_entry_rcu_from(host, pos, slot->pos, slot->tbl,
				    slot->hash, node)
		if (host->addr == slot->addr)
			return host;
	/* The table may be growing: what was moved is in the next one. */
	smp_rmb();
	if (likely(!rcu_access_pointer(slot->tbl->future_tbl)))
		return NULL;
	return rhashtable_lookup(&kn->hosts, &slot->addr, kbng_host_params);
}

/**
 * kbng_host_find() - the host of an address
 * @kn: namespace
 * @addr: IPv4 address
 * @dir: the direction that will be charged
 *
 * Return: the host, for the length of the RCU read section, or NULL
 */
struct kbng_host *kbng_host_find(struct kbng_net *kn, __be32 addr,
				 enum kbng_dir dir)
{
	struct kbng_host_slot slot __uninitialized;

	kbng_host_slot4(kn, addr, &slot);
	kbng_host_first(&slot, dir);
	return kbng_host_find_in(kn, &slot);
}

static const struct in6_addr *kbng_host_addr6(const struct sk_buff *skb,
					      enum kbng_dir dir)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);

	return dir == KBNG_UP ? &ip6->saddr : &ip6->daddr;
}

/**
 * kbng_host_of() - the host that a packet is from or to
 * @kn: namespace
 * @skb: IP packet, its header in place
 * @dir: the direction that will be charged
 *
 * Return: the host, for the length of the RCU read section, or NULL
 */
struct kbng_host *kbng_host_of(struct kbng_net *kn, const struct sk_buff *skb,
			       enum kbng_dir dir)
{
	struct kbng_host_slot slot __uninitialized;

	kbng_host_slot(kn, skb, dir, &slot);
	kbng_host_first(&slot, dir);
	return kbng_host_in(kn, skb, dir, &slot);
}

/**
 * kbng_host_slot() - first of four steps to many hosts at a time
 * @kn: namespace
 * @skb: IP packet, its header in place
 * @dir: the direction that will be charged
 * @slot: gets the place, which is on its way from memory afterwards
 */
void kbng_host_slot(struct kbng_net *kn, const struct sk_buff *skb,
		    enum kbng_dir dir, struct kbng_host_slot *slot)
{
	const struct iphdr *ip = ip_hdr(skb);

	slot->tbl = NULL;
	if (ip->version == 6)
		return;
	kbng_host_slot4(kn, dir == KBNG_UP ? ip->saddr : ip->daddr, slot);
	prefetch(rht_bucket(slot->tbl, slot->hash));
}

/**
 * kbng_host_first() - second step, once the place is there
 * @slot: place; the first host in it is on its way afterwards
 * @dir: the direction that will be charged
 */
void kbng_host_first(struct kbng_host_slot *slot, enum kbng_dir dir)
{
	if (!slot->tbl)
		return;
	slot->pos = rht_ptr_rcu(rht_bucket(slot->tbl, slot->hash));
	kbng_host_prefetch(slot, dir);
}

/**
 * kbng_host_second() - third step, once the first host is there
 * @slot: place; the second host in it is on its way afterwards, if it is not
 *	the first. A third one is not worth a wait
 * @dir: the direction that will be charged
 */
void kbng_host_second(struct kbng_host_slot *slot, enum kbng_dir dir)
{
	struct kbng_host *host;

	if (!slot->tbl || rht_is_a_nulls(slot->pos))
		return;
	host = container_of(slot->pos, struct kbng_host, node);
	if (likely(host->addr == slot->addr))
		return;
	slot->pos = rcu_dereference_raw(slot->pos->next);
	kbng_host_prefetch(slot, dir);
}

/**
 * kbng_host_in() - last step: the host
 * @kn: namespace
 * @skb: IP packet, its header in place
 * @dir: the direction that will be charged
 * @slot: place of its host
 *
 * Return: the host, for the length of the RCU read section, or NULL
 */
struct kbng_host *kbng_host_in(struct kbng_net *kn, const struct sk_buff *skb,
			       enum kbng_dir dir,
			       const struct kbng_host_slot *slot)
{
	struct kbng_host *host;

	if (!slot->tbl)
		return kbng_prefix_find_host(kn, kbng_host_addr6(skb, dir));
	host = kbng_host_find_in(kn, slot);
	return likely(host) ? host : kbng_prefix_find_host4(kn, slot->addr);
}

/**
 * kbng_host_check_source() - may a frame's sender use this address?
 * @host: of the address
 * @ifindex: access iface that the frame came in by
 * @tags: that it had
 * @mac: its source
 *
 * Return: KBNG_STAT_NONE, or the name under which to drop it
 */
enum kbng_stat kbng_host_check_source(const struct kbng_host *host,
				      int ifindex, u32 tags, const u8 *mac)
{
	if (host->ifindex != ifindex)
		return KBNG_STAT_drop_spoofed_iface;
	if (host->tags != tags)
		return KBNG_STAT_drop_spoofed_vlan;
	if (!ether_addr_equal(mac, host->mac))
		return KBNG_STAT_drop_spoofed_mac;
	if (READ_ONCE(host->state) != KBNG_STATE_ACTIVE)
		return KBNG_STAT_drop_unauthorised;
	return KBNG_STAT_NONE;
}

/**
 * kbng_host_set_state() - change the state as the data path sees it
 * @host: host
 * @state: new state
 *
 * When this returns, no packet counts any more under the old state.
 */
void kbng_host_set_state(struct kbng_host *host, enum kbng_state state)
{
	spin_lock_bh(&host->flow[KBNG_UP].lock);
	spin_lock_nested(&host->flow[KBNG_DOWN].lock, SINGLE_DEPTH_NESTING);
	WRITE_ONCE(host->state, state);
	spin_unlock(&host->flow[KBNG_DOWN].lock);
	spin_unlock_bh(&host->flow[KBNG_UP].lock);
}

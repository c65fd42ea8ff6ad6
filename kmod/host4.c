// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts by IPv4 address. Addresses come from pools, side by side, so they are
 * kept in blocks of 64: the table of the blocks is small enough to stay in the
 * cache, and of the place in a block one knows where it is before anything had
 * to be compared. A hash of single addresses would be one more wait for memory,
 * and another for each one that has the same hash.
 *
 * What the source check needs of an active host is in its place too, together
 * little enough for the cache: what comes from a subscriber does not wait for
 * the host itself, which is on its way while the stack looks for a route.
 *
 * Life: a block is there while it has a host, and a grace period longer.
 */
#include "host4.h"

#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/rhashtable.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include "host.h"
#include "pernet.h"

#define KBNG_HOST4_BITS	6

/**
 * struct kbng_host4_entry - an address
 * @host: who has it, or NULL
 * @ifindex: of the host while it is active, else 0
 * @tags: likewise
 * @mac: likewise
 */
struct kbng_host4_entry {
	struct kbng_host __rcu *host;
	int ifindex;
	u32 tags;
	u8 mac[ETH_ALEN];
};

/**
 * struct kbng_host4_block - hosts with adjacent addresses
 * @node: entry in kbng_net.hosts
 * @number: what is the same in all of the addresses
 * @n: how many of @entries have a host; under kbng_net.lock
 * @seq: of what is beside the hosts in @entries, which is read without the lock
 * @rcu: frees it
 * @entries: by the last bits of the address
 */
struct kbng_host4_block {
	struct rhash_head node;
	u32 number;
	u32 n;
	seqcount_spinlock_t seq;
	struct rcu_head rcu;
	struct kbng_host4_entry entries[1 << KBNG_HOST4_BITS] ____cacheline_aligned;
};

static struct kmem_cache *kbng_host4_cache;

/* Of blocks side by side each has a place of its own. */
static u32 kbng_host4_hash(const void *number, u32 len, u32 seed)
{
	u32 hash = hash_32(*(const u32 *)number ^ seed, 32);

	return hash ^ hash >> 15;
}

static int kbng_host4_compare(struct rhashtable_compare_arg *arg,
			      const void *block)
{
	return ((const struct kbng_host4_block *)block)->number !=
	       *(const u32 *)arg->key;
}

static const struct rhashtable_params kbng_host4_params = {
	.head_offset = offsetof(struct kbng_host4_block, node),
	.key_offset = offsetof(struct kbng_host4_block, number),
	.key_len = sizeof_field(struct kbng_host4_block, number),
	.hashfn = kbng_host4_hash,
	.obj_cmpfn = kbng_host4_compare,
	.automatic_shrinking = true,
};

int __init kbng_host4_slab_init(void)
{
	kbng_host4_cache = KMEM_CACHE(kbng_host4_block,
				      SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return kbng_host4_cache ? 0 : -ENOMEM;
}

/* After rcu_barrier(). */
void kbng_host4_slab_uninit(void)
{
	kmem_cache_destroy(kbng_host4_cache);
}

int kbng_host4_net_init(struct kbng_net *kn)
{
	return rhashtable_init(&kn->hosts, &kbng_host4_params);
}

static void kbng_host4_free(void *block, void *arg)
{
	kmem_cache_free(kbng_host4_cache, block);
}

/* Nothing else reaches the namespace any more. */
void kbng_host4_net_uninit(struct kbng_net *kn)
{
	rhashtable_free_and_destroy(&kn->hosts, kbng_host4_free, NULL);
}

static void kbng_host4_free_rcu(struct rcu_head *rcu)
{
	kbng_host4_free(container_of(rcu, struct kbng_host4_block, rcu), NULL);
}

static u32 kbng_host4_number(__be32 addr)
{
	return ntohl(addr) >> KBNG_HOST4_BITS;
}

static struct kbng_host4_entry *kbng_host4_in(struct kbng_host4_block *block,
					      __be32 addr)
{
	return &block->entries[ntohl(addr) & (BIT(KBNG_HOST4_BITS) - 1)];
}

/* Under RCU. */
static struct kbng_host4_block *kbng_host4_block(struct kbng_net *kn,
						 __be32 addr)
{
	u32 number = kbng_host4_number(addr);

	return rhashtable_lookup(&kn->hosts, &number, kbng_host4_params);
}

/**
 * kbng_host4_place() - where the host of an address would be
 * @kn: namespace
 * @addr: IPv4 address
 *
 * Context: RCU
 * Return: the place, not read yet, or NULL: nobody has that address
 */
struct kbng_host __rcu **kbng_host4_place(struct kbng_net *kn, __be32 addr)
{
	struct kbng_host4_block *block = kbng_host4_block(kn, addr);

	return likely(block) ? &kbng_host4_in(block, addr)->host : NULL;
}

/**
 * kbng_host4_is_active() - whether an address is an active host's on this line
 * @kn: namespace
 * @addr: IPv4 address
 * @ifindex: access iface
 * @tags: of the line
 * @mac: hardware address
 * @host: gets the host, which need not be looked at, if the answer is true
 *
 * Context: RCU
 * Return: true if so; false says nothing: ask the host
 */
bool kbng_host4_is_active(struct kbng_net *kn, __be32 addr, int ifindex,
			  u32 tags, const u8 *mac, struct kbng_host **host)
{
	struct kbng_host4_block *block = kbng_host4_block(kn, addr);
	const struct kbng_host4_entry *e;
	unsigned int seq;
	bool is;

	if (unlikely(!block))
		return false;
	e = kbng_host4_in(block, addr);
	seq = raw_read_seqcount(&block->seq);
	*host = rcu_dereference(e->host);
	is = e->ifindex == ifindex && e->tags == tags &&
	     ether_addr_equal(e->mac, mac);
	return likely(is && !(seq & 1)) && !read_seqcount_retry(&block->seq, seq);
}

/* Under kbng_net.lock, as long as the block is used. */
static struct kbng_host4_block *kbng_host4_find(struct kbng_net *kn,
						__be32 addr)
{
	u32 number = kbng_host4_number(addr);

	lockdep_assert_held(&kn->lock);
	return rhashtable_lookup_fast(&kn->hosts, &number, kbng_host4_params);
}

static void kbng_host4_write(struct kbng_host4_block *block,
			     struct kbng_host4_entry *e,
			     const struct kbng_host *host)
{
	write_seqcount_begin(&block->seq);
	e->ifindex = 0;
	if (host && host->state == KBNG_STATE_ACTIVE) {
		e->ifindex = host->ifindex;
		e->tags = host->tags;
		ether_addr_copy(e->mac, host->mac);
	}
	write_seqcount_end(&block->seq);
}

static struct kbng_host4_block *kbng_host4_create(struct kbng_net *kn,
						  __be32 addr)
{
	struct kbng_host4_block *block;

	block = kmem_cache_zalloc(kbng_host4_cache, GFP_ATOMIC);
	if (!block)
		return NULL;
	block->number = kbng_host4_number(addr);
	seqcount_spinlock_init(&block->seq, &kn->lock);
	if (!rhashtable_insert_fast(&kn->hosts, &block->node,
				    kbng_host4_params))
		return block;
	kbng_host4_free(block, NULL);
	return NULL;
}

/**
 * kbng_host4_set() - packets find a host by its address from now on
 * @kn: namespace
 * @addr: address, which nobody has
 * @host: its host
 *
 * Context: under kbng_net.lock
 * Return: 0 or -ENOMEM
 */
int kbng_host4_set(struct kbng_net *kn, __be32 addr, struct kbng_host *host)
{
	struct kbng_host4_block *block;

	block = kbng_host4_find(kn, addr) ?: kbng_host4_create(kn, addr);
	if (!block)
		return -ENOMEM;
	rcu_assign_pointer(kbng_host4_in(block, addr)->host, host);
	kbng_host4_write(block, kbng_host4_in(block, addr), host);
	block->n++;
	return 0;
}

/**
 * kbng_host4_update() - a host's state has changed
 * @kn: namespace
 * @host: host; nothing happens unless packets find it by its address
 *
 * Context: under kbng_net.lock
 */
void kbng_host4_update(struct kbng_net *kn, const struct kbng_host *host)
{
	struct kbng_host4_block *block = kbng_host4_find(kn, host->addr);
	struct kbng_host4_entry *e;

	if (!block)
		return;
	e = kbng_host4_in(block, host->addr);
	if (rcu_access_pointer(e->host) == host)
		kbng_host4_write(block, e, host);
}

/**
 * kbng_host4_clear() - no packet finds the host of an address any more
 * @kn: namespace
 * @addr: address, which has a host
 *
 * Context: under kbng_net.lock
 */
void kbng_host4_clear(struct kbng_net *kn, __be32 addr)
{
	struct kbng_host4_block *block = kbng_host4_find(kn, addr);

	kbng_host4_write(block, kbng_host4_in(block, addr), NULL);
	RCU_INIT_POINTER(kbng_host4_in(block, addr)->host, NULL);
	if (--block->n)
		return;
	rhashtable_remove_fast(&kn->hosts, &block->node, kbng_host4_params);
	call_rcu(&block->rcu, kbng_host4_free_rcu);
}

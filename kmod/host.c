// SPDX-License-Identifier: GPL-2.0
#include "host.h"

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/prefetch.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include "host4.h"
#include "pernet.h"
#include "prefix.h"
#include "session.h"

static struct kmem_cache *kbng_host_cache;

int __init kbng_host_slab_init(void)
{
	int err;

	err = kbng_host4_slab_init();
	if (err)
		return err;
	kbng_host_cache = KMEM_CACHE(kbng_host,
				     SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	if (kbng_host_cache)
		return 0;
	kbng_host4_slab_uninit();
	return -ENOMEM;
}

void kbng_host_slab_uninit(void)
{
	kmem_cache_destroy(kbng_host_cache);
	kbng_host4_slab_uninit();
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
 * @host: which never had one: packets that have found it may still look
 *	at its address
 * @addr: the address, which no other host has
 *
 * Return: 0 or -ENOMEM
 */
int kbng_host_link(struct kbng_host *host, __be32 addr)
{
	int err;

	host->addr = addr;
	err = kbng_host4_set(host->session->kn, addr, host);
	if (err)
		host->addr = 0;
	return err;
}

/**
 * kbng_host_unlink() - no packet finds the host any more
 * @host: in the table; its counters can still be read
 */
void kbng_host_unlink(struct kbng_host *host)
{
	kbng_host4_clear(host->session->kn, host->addr);
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

/*
 * With many hosts the cost is two cache lines that come from memory, the
 * host's and the flow's: both are asked for before one is read. A function of
 * its own would have no effect that the compiler knows of, and not be called.
 */
static __always_inline void kbng_host_prefetch(const struct kbng_host *host,
					       enum kbng_dir dir)
{
	prefetch(host);
	prefetchw(&host->flow[dir]);
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
	struct kbng_host __rcu **place = kbng_host4_place(kn, addr);
	struct kbng_host *host = place ? rcu_dereference(*place) : NULL;

	if (likely(host))
		kbng_host_prefetch(host, dir);
	return host;
}

static bool kbng_host_is_ipv4(const struct sk_buff *skb)
{
	return ip_hdr(skb)->version == 4;
}

static __be32 kbng_host_addr4(const struct sk_buff *skb, enum kbng_dir dir)
{
	const struct iphdr *ip = ip_hdr(skb);

	return dir == KBNG_UP ? ip->saddr : ip->daddr;
}

static const struct in6_addr *kbng_host_addr6(const struct sk_buff *skb,
					      enum kbng_dir dir)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);

	return dir == KBNG_UP ? &ip6->saddr : &ip6->daddr;
}

static struct kbng_host *kbng_host_by_prefix(struct kbng_net *kn,
					     const struct sk_buff *skb,
					     enum kbng_dir dir)
{
	return kbng_host_is_ipv4(skb) ?
	       kbng_prefix_find_host4(kn, kbng_host_addr4(skb, dir)) :
	       kbng_prefix_find_host(kn, kbng_host_addr6(skb, dir));
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
	struct kbng_host *host = NULL;

	if (kbng_host_is_ipv4(skb))
		host = kbng_host_find(kn, kbng_host_addr4(skb, dir), dir);
	return likely(host) ? host : kbng_host_by_prefix(kn, skb, dir);
}

/**
 * kbng_host_slot() - first of three steps to many hosts at a time
 * @kn: namespace
 * @skb: IP packet, its header in place
 * @dir: the direction that will be charged
 * @slot: gets the place, which is on its way from memory afterwards
 */
void kbng_host_slot(struct kbng_net *kn, const struct sk_buff *skb,
		    enum kbng_dir dir, struct kbng_host_slot *slot)
{
	slot->host = NULL;
	slot->place = kbng_host_is_ipv4(skb) ?
		kbng_host4_place(kn, kbng_host_addr4(skb, dir)) : NULL;
	if (slot->place)
		prefetch(slot->place);
}

/**
 * kbng_host_look() - second step, once the place is there
 * @slot: place; the host in it is on its way afterwards
 * @dir: the direction that will be charged
 */
void kbng_host_look(struct kbng_host_slot *slot, enum kbng_dir dir)
{
	if (slot->place)
		slot->host = rcu_dereference(*slot->place);
	if (likely(slot->host))
		kbng_host_prefetch(slot->host, dir);
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
	return likely(slot->host) ? slot->host :
				    kbng_host_by_prefix(kn, skb, dir);
}

/**
 * kbng_host_is_source() - whether a frame's sender may surely use its address
 * @kn: namespace
 * @skb: IP packet, its header in place, MAC header too
 * @ifindex: access iface that it came in by
 * @tags: that it had
 *
 * Does not wait for the host to come from memory.
 *
 * Return: true if so; else kbng_host_check_source() knows
 */
bool kbng_host_is_source(struct kbng_net *kn, const struct sk_buff *skb,
			 int ifindex, u32 tags)
{
	struct kbng_host *host;

	if (!kbng_host_is_ipv4(skb) ||
	    !kbng_host4_is_active(kn, kbng_host_addr4(skb, KBNG_UP), ifindex,
				  tags, eth_hdr(skb)->h_source, &host))
		return false;
	kbng_host_prefetch(host, KBNG_UP);
	return true;
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
	kbng_host4_update(host->session->kn, host);
}

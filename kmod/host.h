/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hosts: what the data path knows of a bound session, and nothing else. A
 * packet reads the first cache line and writes the one of its direction; all
 * that only people and DHCP look at is in the session.
 *
 * The data path finds hosts under RCU and takes no reference. A host's state
 * and counters change together under its flows' locks, so once it is stopped
 * no packet that is still on its way can count on it.
 */
#ifndef _KBNG_HOST_H
#define _KBNG_HOST_H

#include <linux/if_ether.h>
#include <linux/spinlock.h>
#include <linux/kbng.h>
#include "aqm.h"
#include "edt.h"
#include "stats.h"

struct kbng_net;
struct kbng_session;
struct kbng_shaper;
struct net_device;
struct sk_buff;

enum kbng_dir {
	KBNG_UP,	/* from the subscriber */
	KBNG_DOWN,	/* to the subscriber */
	KBNG_DIRS
};

enum kbng_family {
	KBNG_IPV4,
	KBNG_IPV6,
	KBNG_FAMILIES
};

/**
 * struct kbng_flow - one direction: all that a packet writes
 * @lock: protects the rest, and the host's state together with the other
 *	flow's; the reader of either may hold one, the writer holds both
 * @held: 2^20 ns of the clock of @edt, until when packets may be in the queue
 * @edt: the shaper's clock
 * @packets: forwarded, by family
 * @octets: of these, whole IP packets
 */
struct kbng_flow {
	spinlock_t lock;	/* protects the rest, and the state */
	u32 held;
	struct kbng_edt edt;
	u64 packets[KBNG_FAMILIES];
	u64 octets[KBNG_FAMILIES];
} ____cacheline_aligned;

/**
 * struct kbng_load - one direction: what counts while packets have to wait
 * @aqm: active queue management
 * @sparse: ns, clock of the sparse flows
 * @share: ns, clock of the share of @kbng_host.shaper
 *
 * Under that direction's kbng_flow.lock.
 */
struct kbng_load {
	struct kbng_aqm aqm;
	u64 sparse;
	u64 share;
};

/**
 * struct kbng_host - one IP host behind an access iface
 * @addr: IPv4 address; 0 before it has one, and never changes after that
 * @ifindex: access iface
 * @tags: of the line (tags.h), 0: untagged
 * @mac: hardware address, or that of the access node which routes to it
 * @state: enum kbng_state
 * @overhead: octets that the line adds to a packet
 * @min_unit: octets that a packet takes on the line at least
 * @isolated: nothing passes from or to another host
 * @session: everything else; lives as long
 * @dev: of the access iface; lives as long as the host is in the table
 * @shaper: what it shares with others, or NULL; lives as long as a packet that
 *	has found it, under RCU
 * @flow: counters and shaper, by direction
 * @load: by direction
 */
struct kbng_host {
/* Read for every packet. */
	__be32 addr;
	int ifindex;
	u32 tags;
	u8 mac[ETH_ALEN];
	u8 state;
	u8 overhead;
	u8 min_unit;
	bool isolated;
	struct kbng_session *session;
	struct net_device *dev;
	struct kbng_shaper *shaper;

/* Written for every packet. */
	struct kbng_flow flow[KBNG_DIRS];

/* Written while packets have to wait. */
	struct kbng_load load[KBNG_DIRS];
};

/**
 * struct kbng_host_slot - where a host is, for the length of an RCU read section
 * @place: where an IPv4 address has its host; NULL for one that has none, and for
 *	IPv6: prefixes of several lengths have no single place
 * @host: that was there
 */
struct kbng_host_slot {
	struct kbng_host __rcu **place;
	struct kbng_host *host;
};

#if !defined(CONFIG_DEBUG_SPINLOCK) && !defined(CONFIG_DEBUG_LOCK_ALLOC) && \
	!defined(CONFIG_PREEMPT_RT)
static_assert(offsetof(struct kbng_host, flow) <= 64);
static_assert(sizeof(struct kbng_flow) <= 64);
#endif

int kbng_host_slab_init(void);
void kbng_host_slab_uninit(void);
struct kbng_host *kbng_host_create(struct kbng_session *s,
				   struct net_device *dev);
int kbng_host_link(struct kbng_host *host, __be32 addr);
void kbng_host_unlink(struct kbng_host *host);
void kbng_host_free(struct kbng_host *host);
struct kbng_host *kbng_host_find(struct kbng_net *kn, __be32 addr,
				 enum kbng_dir dir);
struct kbng_host *kbng_host_of(struct kbng_net *kn, const struct sk_buff *skb,
			       enum kbng_dir dir);
void kbng_host_slot(struct kbng_net *kn, const struct sk_buff *skb,
		    enum kbng_dir dir, struct kbng_host_slot *slot);
void kbng_host_look(struct kbng_host_slot *slot, enum kbng_dir dir);
struct kbng_host *kbng_host_in(struct kbng_net *kn, const struct sk_buff *skb,
			       enum kbng_dir dir,
			       const struct kbng_host_slot *slot);
bool kbng_host_is_source(struct kbng_net *kn, const struct sk_buff *skb,
			 int ifindex, u32 tags);
enum kbng_stat kbng_host_check_source(const struct kbng_host *host,
				      int ifindex, u32 tags, const u8 *mac);
void kbng_host_set_state(struct kbng_host *host, enum kbng_state state);

#endif /* _KBNG_HOST_H */

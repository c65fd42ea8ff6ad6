/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shapers: rates that many subscribers share, by name: a line with several
 * hosts, an access node, a port. A shaper may have a parent, and a packet must
 * fit all of them on the way up. There is no queue in them either, only clocks.
 *
 * Fairness: a shaper that is asked for more than its rate finds out what each
 * subscriber may have, and the subscribers keep to that by a clock of their
 * own. What one does not use goes to the others (max-min fairness).
 */
#ifndef _KBNG_SHAPER_H
#define _KBNG_SHAPER_H

#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/kbng.h>
#include "host.h"

struct kbng_net;

/**
 * struct kbng_shaper_flow - one direction: all that a packet writes
 * @lock: protects the rest
 * @edt: the clock
 * @share: cost of an octet, as in @edt, at the rate that a subscriber may have;
 *	written under @lock, read without
 * @held: ns of the clock's lead that are packets which their subscribers' own
 *	clocks hold; written under @lock, read without
 * @since: ns, when the period began in which the next two are counted
 * @asked: octets that passed in it
 * @waited: of these, ns that they wait for their subscribers' clocks, each for
 *	as many times as it has octets
 * @packets: that passed
 * @octets: of these
 */
struct kbng_shaper_flow {
	spinlock_t lock;	/* protects the rest */
	struct kbng_edt edt;
	u64 share;
	u64 held;
	u64 since;
	u64 asked;
	u64 waited;
	u64 packets;
	u64 octets;
} ____cacheline_aligned_in_smp;

/**
 * struct kbng_shaper - a rate that is shared
 * @parent: what this one has a share of, or NULL; never changes
 * @flow: by direction
 * @node: entry in kbng_net.shapers_by_name
 * @id: key in kbng_net.shapers
 * @name: its name, 0 up to the end
 * @rate: bit/s, 0: no limit
 * @burst: octets, 0: a default
 * @users: sessions that have it, and shapers whose parent it is
 * @level: shapers above it
 * @rcu: frees it
 *
 * All but @flow is written under kbng_net.lock.
 */
struct kbng_shaper {
	struct kbng_shaper *parent;
	struct kbng_shaper_flow flow[KBNG_DIRS];
	struct rhash_head node;
	u32 id;
	char name[KBNG_NAME_MAX + 1];
	u64 rate[KBNG_DIRS];
	u32 burst[KBNG_DIRS];
	unsigned int users;
	unsigned int level;
	struct rcu_head rcu;
};

/* Life; all under kbng_net.lock. */
int kbng_shaper_net_init(struct kbng_net *kn);
void kbng_shaper_net_uninit(struct kbng_net *kn);
struct kbng_shaper *kbng_shaper_find(struct kbng_net *kn, const char *name);
struct kbng_shaper *kbng_shaper_create(struct kbng_net *kn, const char *name,
				       struct kbng_shaper *parent);
void kbng_shaper_set_rate(struct kbng_shaper *shaper, enum kbng_dir dir,
			  u64 rate, u32 burst);
void kbng_shaper_delete(struct kbng_net *kn, struct kbng_shaper *shaper);

/* Data path. */
void kbng_shaper_look(const struct kbng_shaper *shaper, enum kbng_dir dir,
		      u64 now, u64 *wait, u64 *share);
void kbng_shaper_charge(struct kbng_shaper *shaper, enum kbng_dir dir, u64 now,
			u64 wait, u32 packets, u32 octets);

#endif /* _KBNG_SHAPER_H */

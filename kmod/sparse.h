/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sparse flows: a name lookup, a game, a call or a keystroke should not wait
 * behind somebody's download. A flow that uses less than a sixteenth of its
 * subscriber's rate, and has no packet waiting, passes those that wait. It is
 * charged all the same, so what waits then waits longer and the sum stays. All
 * sparse flows together may use half of the rate: many of them are bulk too.
 * Pure.
 */
#ifndef _KBNG_SPARSE_H
#define _KBNG_SPARSE_H

#include <linux/types.h>

#define KBNG_SPARSE_FLOW	16	/* of the rate, for one flow */
#define KBNG_SPARSE_ALL		2	/* of the rate, for all of them */

/**
 * struct kbng_sparse - a flow, or several whose hashes collide
 * @clock: ns, of a shaper with a sixteenth of the rate
 * @leaves: ns, when the last of its packets that had to wait leaves
 */
struct kbng_sparse {
	u64 clock;
	u64 leaves;
};

/**
 * kbng_sparse_pass() - may a packet pass those that wait?
 * @flow: the packet's
 * @all: ns, clock of all sparse flows of the subscriber
 * @now: ns
 * @octets_ns: ns that the packet takes at the subscriber's rate
 * @room: ns that two full packets take: what may come in a burst
 *
 * Return: true when it may leave now; otherwise the caller sets @leaves
 */
static inline bool kbng_sparse_pass(struct kbng_sparse *flow, u64 *all, u64 now,
				    u64 octets_ns, u64 room)
{
	u64 clock = flow->clock > now ? flow->clock : now;
	u64 ahead = clock - now;
	bool pass;

	/* A clock from another subscriber's flow may be far ahead. */
	if (ahead > 2 * KBNG_SPARSE_FLOW * room)
		ahead = 2 * KBNG_SPARSE_FLOW * room;
	pass = ahead <= KBNG_SPARSE_FLOW * room && flow->leaves <= now &&
	       *all <= now + KBNG_SPARSE_ALL * room;
	flow->clock = now + ahead + KBNG_SPARSE_FLOW * octets_ns;
	if (pass)
		*all = (*all > now ? *all : now) + KBNG_SPARSE_ALL * octets_ns;
	return pass;
}

#endif /* _KBNG_SPARSE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Earliest departure time: the arithmetic of a shaper without a queue. Pure.
 *
 * The clock holds the time at which the next octet may leave. A packet leaves
 * then, or now if that is past, and moves the clock on by what its octets
 * take at the rate. Credit for time that went by unused is at most @slack.
 * Time is kept in ns and 1/2^27 ns: at 400 Gbit/s the rate is right to 2e-7.
 */
#ifndef _KBNG_EDT_H
#define _KBNG_EDT_H

#include <linux/math64.h>
#include <linux/types.h>

#define KBNG_EDT_SHIFT		27
#define KBNG_EDT_SECOND		1000000000ULL
#define KBNG_EDT_SLACK		10000000	/* ns, the default */
#define KBNG_EDT_BURST_MAX	0x7fffffffU	/* octets */

/**
 * struct kbng_edt - one clock
 * @next: ns, when the next octet may leave
 * @cost: of an octet in 1/2^27 ns, 0: no limit
 * @frac: 1/2^27 ns to add to @next
 * @slack: ns that @next may lag behind
 */
struct kbng_edt {
	u64 next;
	u64 cost;
	u32 frac;
	u32 slack;
};

/**
 * kbng_edt_cost() - what an octet costs
 * @rate: bit/s from 64 kbit/s to 400 Gbit/s, or 0 for no limit
 *
 * Return: 1/2^27 ns; the way back is the same
 */
static inline u64 kbng_edt_cost(u64 rate)
{
	return rate ? div64_u64(((8 * KBNG_EDT_SECOND) << KBNG_EDT_SHIFT) +
				rate / 2, rate) : 0;
}

/**
 * kbng_edt_ns() - how long octets take
 * @cost: of one
 * @octets: up to 512 KiB even at 64 kbit/s
 *
 * Return: ns
 */
static inline u64 kbng_edt_ns(u64 cost, u32 octets)
{
	return (cost * octets) >> KBNG_EDT_SHIFT;
}

/**
 * kbng_edt_burst_ok() - whether a burst can be kept
 * @rate: bit/s
 * @burst: octets, up to KBNG_EDT_BURST_MAX
 *
 * Return: false when it lasts too long at this rate
 */
static inline bool kbng_edt_burst_ok(u64 rate, u32 burst)
{
	return !rate ||
	       div64_u64(8 * KBNG_EDT_SECOND * burst, rate) <= U32_MAX;
}

/**
 * kbng_edt_set_rate() - change the rate, keep the clock
 * @e: the clock
 * @rate: bit/s from 64 kbit/s to 400 Gbit/s, or 0 for no limit
 * @burst: octets that may leave at once after a pause, 0 for the default; one
 *	that kbng_edt_burst_ok() refuses is cut
 */
static inline void kbng_edt_set_rate(struct kbng_edt *e, u64 rate, u32 burst)
{
	u64 slack = rate ? KBNG_EDT_SLACK : 0;

	e->cost = kbng_edt_cost(rate);
	if (rate && burst)
		slack = div64_u64(8 * KBNG_EDT_SECOND * burst, rate);
	e->slack = slack < U32_MAX ? slack : U32_MAX;
}

/**
 * kbng_edt_wait() - how long a packet would have to wait
 * @e: the clock
 * @now: ns
 *
 * Return: ns, 0 when it may leave at once
 */
static inline u64 kbng_edt_wait(const struct kbng_edt *e, u64 now)
{
	return e->next > now ? e->next - now : 0;
}

/**
 * kbng_edt_charge() - move the clock on
 * @e: the clock
 * @now: ns
 * @octets: of the packet
 *
 * Without a limit it shows when the last packet was.
 */
static inline void kbng_edt_charge(struct kbng_edt *e, u64 now, u32 octets)
{
	u64 cost = e->cost * octets + e->frac;

	if (e->next + e->slack < now)
		e->next = now - e->slack;
	e->next += cost >> KBNG_EDT_SHIFT;
	e->frac = cost & ((1U << KBNG_EDT_SHIFT) - 1);
}

/**
 * kbng_edt_line() - what packets take on a line that adds to each of them
 * @octets: of all
 * @packets: how many
 * @overhead: octets that are added to each
 * @min_unit: octets that each takes at least, with @overhead
 *
 * Return: octets
 */
static inline u32 kbng_edt_line(u32 octets, u32 packets, u8 overhead,
				u8 min_unit)
{
	u32 line = octets + packets * overhead;

	return line > packets * min_unit ? line : packets * min_unit;
}

/**
 * kbng_edt_idle() - how long nothing was charged
 * @e: the clock
 * @now: ns
 *
 * Return: ns, up to @slack too much
 */
static inline u64 kbng_edt_idle(const struct kbng_edt *e, u64 now)
{
	return e->next < now ? now - e->next : 0;
}

#endif /* _KBNG_EDT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Active queue management: CoDel (RFC 8289) for a queue that is only a number.
 * How long a packet will wait is known when it comes, so the decision is made
 * then and not when it leaves: the sender hears of it a queue's length
 * earlier. Pure.
 *
 * Times are in ticks of 2^16 ns and wrap after three days; one of so long ago
 * may seem to be ahead, and then costs a signal or delays one.
 */
#ifndef _KBNG_AQM_H
#define _KBNG_AQM_H

#include <linux/kernel.h>
#include <linux/types.h>

#define KBNG_AQM_SHIFT		16
#define KBNG_AQM_INTERVAL	(100000000U >> KBNG_AQM_SHIFT)	/* 100 ms */
#define KBNG_AQM_COUNT_MAX	0xffffU

/**
 * struct kbng_aqm - what it remembers of one queue
 * @due: ticks, when a wait above the target has lasted too long
 * @next: ticks, when to signal again
 * @count: signals of this episode; they come the closer the more there were
 * @last: @count when the episode began
 * @above: the wait is above the target, since an interval before @due
 * @signalling: in an episode
 */
struct kbng_aqm {
	u32 due;
	u32 next;
	u16 count;
	u16 last;
	bool above;
	bool signalling;
};

static inline bool kbng_aqm_is_over(u32 time, u32 now)
{
	return (s32)(now - time) >= 0;
}

/* The next signal's time, RFC 8289 3.3: the interval by the root of the count. */
static inline u32 kbng_aqm_next(const struct kbng_aqm *aqm, u32 time)
{
	return time + (KBNG_AQM_INTERVAL << 4) /
		      int_sqrt((unsigned long)aqm->count << 8);
}

static inline void kbng_aqm_begin(struct kbng_aqm *aqm, u32 now)
{
	u16 grown = aqm->count - aqm->last;

	/* Soon after the last episode: go on where that had got to. */
	if (grown > 1 &&
	    !kbng_aqm_is_over(aqm->next + 16 * KBNG_AQM_INTERVAL, now))
		aqm->count = grown;
	else
		aqm->count = 1;
	aqm->last = aqm->count;
	aqm->signalling = true;
	aqm->next = kbng_aqm_next(aqm, now);
}

/**
 * kbng_aqm_signal() - whether to signal congestion by this packet
 * @aqm: state, all 0 at first
 * @above: it would wait longer than the target
 * @now: ns
 *
 * Return: true to mark the packet, or to drop it if it cannot be marked
 */
static inline bool kbng_aqm_signal(struct kbng_aqm *aqm, bool above, u64 now)
{
	u32 tick = now >> KBNG_AQM_SHIFT;

	if (!above) {
		aqm->above = false;
		aqm->signalling = false;
		return false;
	}
	if (!aqm->above) {
		aqm->above = true;
		aqm->due = tick + KBNG_AQM_INTERVAL;
		return false;
	}
	if (aqm->signalling) {
		if (!kbng_aqm_is_over(aqm->next, tick))
			return false;
		if (aqm->count < KBNG_AQM_COUNT_MAX)
			aqm->count++;
		aqm->next = kbng_aqm_next(aqm, aqm->next);
		return true;
	}
	if (!kbng_aqm_is_over(aqm->due, tick))
		return false;
	kbng_aqm_begin(aqm, tick);
	return true;
}

#endif /* _KBNG_AQM_H */

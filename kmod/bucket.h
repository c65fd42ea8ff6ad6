/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Token bucket that holds a second's worth, as the one moment when it will be
 * full again. Pure.
 */
#ifndef _KBNG_BUCKET_H
#define _KBNG_BUCKET_H

#include <linux/math64.h>
#include <linux/types.h>

/**
 * struct kbng_bucket - when the tokens taken will all be back
 * @full: ns
 */
struct kbng_bucket {
	u64 full;
};

/**
 * kbng_bucket_take() - take one token
 * @b: bucket; all zero is a full one
 * @rate: tokens a second, 0: no limit
 * @now: ns
 *
 * Return: false when it is empty
 */
static inline bool kbng_bucket_take(struct kbng_bucket *b, u32 rate, u64 now)
{
	u64 full = b->full > now ? b->full : now;

	if (!rate)
		return true;
	full += div_u64(1000000000, rate);
	if (full > now + 1000000000)
		return false;
	b->full = full;
	return true;
}

#endif /* _KBNG_BUCKET_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A token bucket: so many a second and so many at once, and no more. Pure.
 */
#ifndef KBNGD_BUCKET_H
#define KBNGD_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/** struct bucket - zeroed, it is full */
struct bucket {
	uint64_t used;			/* thousandths of a token that lack */
	uint64_t last;			/* ms, when that was so */
};

/*
 * Take a token at the time @now, ms of a clock that does not go back, at @rate
 * tokens a second and @burst at most. False if there is none.
 */
static inline bool bucket_take(struct bucket *b, uint64_t now, uint32_t rate,
			       uint32_t burst)
{
	uint64_t back = (now - b->last) * rate;

	b->used = back < b->used ? b->used - back : 0;
	b->last = now;
	if (b->used + 1000 > burst * 1000ULL)
		return false;
	b->used += 1000;
	return true;
}

#endif /* KBNGD_BUCKET_H */

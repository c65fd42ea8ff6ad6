// SPDX-License-Identifier: GPL-2.0
/*
 * The shaper's arithmetic in the kernel's own 64 bit, against 128 bit ones,
 * over all rates from 64 kbit/s to 400 Gbit/s.
 */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/kbng.h>
#include "edt.h"

#define KBNG_KUNIT_ROUNDS	4000

/* Evenly over the orders of magnitude; the first two are the ends. */
static u64 kbng_kunit_rate(struct rnd_state *rnd, int round)
{
	u64 rate;

	if (round < 2)
		return round ? KBNG_RATE_MAX : KBNG_RATE_MIN;
	rate = (u64)prandom_u32_state(rnd) << 32 | prandom_u32_state(rnd);
	rate >>= 25 + prandom_u32_state(rnd) % 23;
	return clamp(rate, KBNG_RATE_MIN, KBNG_RATE_MAX);
}

/* ns that octets take at a rate, rounded down. */
static u64 kbng_kunit_exact(u64 octets, u64 rate)
{
	return mul_u64_u64_div_u64(octets, 8 * KBNG_EDT_SECOND, rate);
}

static u64 kbng_kunit_off(u64 is, u64 should)
{
	return is > should ? is - should : should - is;
}

/* A second's worth and more of packets moves the clock by what they take. */
static void kbng_kunit_edt_rate(struct kunit *test)
{
	struct rnd_state rnd;
	int round;

	prandom_seed_state(&rnd, 1);
	for (round = 0; round < KBNG_KUNIT_ROUNDS; round++) {
		u64 rate = kbng_kunit_rate(&rnd, round);
		struct kbng_edt e = { .next = KBNG_EDT_SECOND };
		u64 octets = 0;
		u64 exact;
		int n;

		kbng_edt_set_rate(&e, rate, 0);
		for (n = 0; n < 300; n++) {
			u32 len = 1 + prandom_u32_state(&rnd) % 65536;

			kbng_edt_charge(&e, KBNG_EDT_SECOND, len);
			octets += len;
		}
		exact = kbng_kunit_exact(octets, rate);
		KUNIT_ASSERT_LE(test,
				kbng_kunit_off(e.next - KBNG_EDT_SECOND, exact),
				1 + div_u64(exact, 5000000));
	}
}

/* The longest packet at any rate, with the fraction about to carry. */
static void kbng_kunit_edt_overflow(struct kunit *test)
{
	const u32 longest = 512 << 10;
	struct rnd_state rnd;
	int round;

	prandom_seed_state(&rnd, 2);
	for (round = 0; round < KBNG_KUNIT_ROUNDS; round++) {
		u64 rate = kbng_kunit_rate(&rnd, round);
		u64 exact = kbng_kunit_exact(longest, rate);
		struct kbng_edt e = { .frac = (1U << KBNG_EDT_SHIFT) - 1 };

		kbng_edt_set_rate(&e, rate, 0);
		KUNIT_ASSERT_LE(test,
				kbng_kunit_off(kbng_edt_ns(e.cost, longest), exact),
				1 + div_u64(exact, 5000000));
		kbng_edt_charge(&e, 0, longest);
		KUNIT_ASSERT_LE(test, kbng_kunit_off(e.next, exact),
				2 + div_u64(exact, 5000000));
		KUNIT_ASSERT_LT(test, e.frac, 1U << KBNG_EDT_SHIFT);
	}
}

/* What is allowed as a burst is kept as it is; what is not would not fit. */
static void kbng_kunit_edt_burst(struct kunit *test)
{
	struct rnd_state rnd;
	int round;

	prandom_seed_state(&rnd, 3);
	for (round = 0; round < KBNG_KUNIT_ROUNDS; round++) {
		u64 rate = kbng_kunit_rate(&rnd, round);
		u32 burst = prandom_u32_state(&rnd) >> (1 + round % 31);
		struct kbng_edt e = { };
		u64 exact;

		burst = burst ?: KBNG_EDT_BURST_MAX;
		exact = kbng_kunit_exact(burst, rate);
		kbng_edt_set_rate(&e, rate, burst);
		KUNIT_ASSERT_EQ(test, kbng_edt_burst_ok(rate, burst),
				exact <= U32_MAX);
		KUNIT_ASSERT_EQ(test, (u64)e.slack, min_t(u64, exact, U32_MAX));
	}
}

/* The clock never goes back, whatever the time and the rate do. */
static void kbng_kunit_edt_monotone(struct kunit *test)
{
	struct kbng_edt e = { };
	struct rnd_state rnd;
	u64 now = 0;
	u64 was = 0;
	int round;

	prandom_seed_state(&rnd, 4);
	for (round = 0; round < 10 * KBNG_KUNIT_ROUNDS; round++) {
		if (round % 50 == 0)
			kbng_edt_set_rate(&e, round % 300 ?
					  kbng_kunit_rate(&rnd, round) : 0, 0);
		now += prandom_u32_state(&rnd) >> prandom_u32_state(&rnd) % 32;
		kbng_edt_charge(&e, now, prandom_u32_state(&rnd) % 65536);
		KUNIT_ASSERT_GE(test, e.next, was);
		KUNIT_ASSERT_GE(test, e.next + e.slack, now);
		was = e.next;
	}
}

static struct kunit_case kbng_kunit_edt_cases[] = {
	KUNIT_CASE(kbng_kunit_edt_rate),
	KUNIT_CASE(kbng_kunit_edt_overflow),
	KUNIT_CASE(kbng_kunit_edt_burst),
	KUNIT_CASE(kbng_kunit_edt_monotone),
	{ }
};

static struct kunit_suite kbng_kunit_edt = {
	.name = "kbng_edt",
	.test_cases = kbng_kunit_edt_cases,
};

kunit_test_suite(kbng_kunit_edt);
MODULE_LICENSE("GPL");

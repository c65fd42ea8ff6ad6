// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/edt.h: the shaper's arithmetic over the whole range of rates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <linux/kbng.h>
#include <cmocka.h>
#include "../../kmod/edt.h"

static const u64 rates[] = {
	KBNG_RATE_MIN, 128000, 999999, 2000000, 20000000, 123456789, 1000000000,
	10000000000, 100000000000, KBNG_RATE_MAX
};

#define N_RATES (sizeof(rates) / sizeof(*rates))

/* A backlogged sender gets what it should, to 0.2 in a million. */
static void test_exact_rate(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N_RATES; i++) {
		struct kbng_edt e = { .next = 1000000 };
		double expected, error;
		u64 octets = 0;
		int n;

		kbng_edt_set_rate(&e, rates[i], 0);
		for (n = 0; n < 1000000; n++) {
			kbng_edt_charge(&e, 1000000, 64 + n % 1437);
			octets += 64 + n % 1437;
		}
		expected = (double)octets * 8e9 / (double)rates[i];
		error = ((double)(e.next - 1000000) - expected) / expected;
		assert_true(error < 2e-7 && error > -2e-7);
	}
}

/* A packet of 512 KiB at the lowest rate takes 66 s: nothing wraps on the way. */
static void test_no_overflow(void **state)
{
	struct kbng_edt e = { .next = 0 };
	u64 ns;

	(void)state;
	kbng_edt_set_rate(&e, KBNG_RATE_MIN, 0);
	ns = kbng_edt_ns(e.cost, 512U << 10);
	assert_int_equal(ns, (512ULL << 10) * 125000);
	e.frac = (1U << KBNG_EDT_SHIFT) - 1;
	kbng_edt_charge(&e, 0, 512U << 10);
	assert_int_equal(e.next, ns);
}

static void test_credit_is_bounded(void **state)
{
	struct kbng_edt e = { .next = 0 };
	u64 day = 86400 * KBNG_EDT_SECOND;

	(void)state;
	kbng_edt_set_rate(&e, 8000000, 0);	/* 1000 ns an octet */
	assert_int_equal(e.slack, KBNG_EDT_SLACK);
	kbng_edt_charge(&e, day, 1);
	assert_int_equal(e.next, day - KBNG_EDT_SLACK + 1000);

	kbng_edt_set_rate(&e, 8000000, 50000);	/* 50 ms */
	assert_int_equal(e.slack, 50000000);
	kbng_edt_set_rate(&e, KBNG_RATE_MIN, UINT32_MAX);
	assert_int_equal(e.slack, U32_MAX);
}

static void test_wait(void **state)
{
	struct kbng_edt e = { .next = 0 };
	u64 now = KBNG_EDT_SECOND;

	(void)state;
	kbng_edt_set_rate(&e, 8000000, 0);
	assert_int_equal(kbng_edt_wait(&e, now), 0);
	e.next = now;
	kbng_edt_charge(&e, now, 1500);
	assert_int_equal(kbng_edt_wait(&e, now), 1500000);
	assert_int_equal(kbng_edt_wait(&e, now + 1500000), 0);
}

static void test_rate_change_keeps_the_clock(void **state)
{
	struct kbng_edt e = { .next = 0 };

	(void)state;
	kbng_edt_set_rate(&e, 8000000, 0);
	e.next = 5000;
	e.frac = 77;
	kbng_edt_set_rate(&e, 80000000, 0);
	assert_int_equal(e.next, 5000);
	assert_int_equal(e.frac, 77);
	assert_int_equal(kbng_edt_ns(e.cost, 1000), 100000);
	kbng_edt_set_rate(&e, 0, 0);
	assert_int_equal(e.cost, 0);
}

/* Without a limit the clock still tells when the last packet was. */
static void test_idle(void **state)
{
	struct kbng_edt e = { .next = 0 };
	u64 now = KBNG_EDT_SECOND;

	(void)state;
	kbng_edt_set_rate(&e, 0, 0);
	kbng_edt_charge(&e, now, 1500);
	assert_int_equal(kbng_edt_idle(&e, now), 0);
	assert_int_equal(kbng_edt_idle(&e, now + 77), 77);
	kbng_edt_set_rate(&e, 8000000, 0);
	kbng_edt_charge(&e, 2 * now, 1500);
	assert_int_equal(kbng_edt_idle(&e, 3 * now), now + KBNG_EDT_SLACK - 1500000);
}

static void test_line(void **state)
{
	(void)state;
	assert_int_equal(kbng_edt_line(1500, 1, 0, 0), 1500);
	assert_int_equal(kbng_edt_line(1500, 1, 38, 84), 1538);
	assert_int_equal(kbng_edt_line(40, 1, 38, 84), 84);
	assert_int_equal(kbng_edt_line(46, 1, 38, 84), 84);
	assert_int_equal(kbng_edt_line(47, 1, 38, 84), 85);
	assert_int_equal(kbng_edt_line(45 * 1500, 45, 38, 84), 45 * 1538);
	assert_int_equal(kbng_edt_line(80, 2, 0, 255), 510);
	/* The most that a GSO packet can become. */
	assert_int_equal(kbng_edt_line(524288, 65535, 255, 255), 524288 + 65535 * 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact_rate),
		cmocka_unit_test(test_no_overflow),
		cmocka_unit_test(test_credit_is_bounded),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_rate_change_keeps_the_clock),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

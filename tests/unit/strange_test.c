// SPDX-License-Identifier: GPL-2.0-or-later
/* kbngd/strange.c: what an Access-Accept has and nobody here understands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/strange.h"

#define RATE_UP	"\x1a\x0c\0\0\x7e\xd9\x01\x06\0\0\x13\x88"
#define WALLED	"\x1a\x0c\0\0\x7e\xd9\x0f\x06\0\0\0\x01"
#define CISCO	"\x1a\x0c\0\0\0\x09\x01\x06\0\0\0\x01"
#define MTU	"\x0c\x06\0\0\x05\xdc"

static struct strange strange;

static unsigned int tell(const char *attributes, size_t len)
{
	return strange_tell(&strange, (const uint8_t *)attributes, len,
			    policy_default_rates, policy_default_rates_count);
}

#define TELL(text)	tell(text, sizeof(text) - 1)

static void test_known(void **state)
{
	(void)state;
	assert_int_equal(TELL(""), 0);
	assert_int_equal(TELL("\x01\x03z" "\x06\x06\0\0\0\x02" "\x0b\x03g"
			      "\x19\x03" "c" "\x59\x03" "u" RATE_UP WALLED), 0);
	assert_int_equal(TELL("\x64\x03p\xa9\x03z\xaa\x03z\xab\x03z\xac\x03z"), 0);
}

static void test_once(void **state)
{
	(void)state;
	assert_int_equal(TELL(MTU CISCO "\x01\x03z" MTU), 2);
	assert_int_equal(TELL(MTU CISCO), 0);
	/* Another of that vendor, and one of ours that there is not. */
	assert_int_equal(TELL("\x1a\x0c\0\0\0\x09\x02\x06\0\0\0\x01"
			      "\x1a\x09\0\0\x7e\xd9\xf0\x03z"), 2);
}

static void test_odd_vendors(void **state)
{
	(void)state;
	assert_int_equal(TELL("\x1a\x02"), 0);
	assert_int_equal(TELL("\x1a\x06\0\0\0\x0a"), 0);
	assert_int_equal(TELL("\x1a\x07\0\0\0\x0a\x01"), 1);
	assert_int_equal(TELL("\x1a\x08\0\0\0\x0a\x02\0"), 1);
	assert_int_equal(TELL("\x1a\x08\0\0\0\x0a\x03\x09"), 1);
}

static void test_bounded(void **state)
{
	char vendor[] = "\x1a\x09\0\0\0\x0b\0\x03z";
	unsigned int i, told = 0;

	(void)state;
	for (i = 0; i < 256; i++) {
		vendor[6] = i;
		told += TELL(vendor);
	}
	assert_true(told < STRANGE_MAX);
	assert_int_equal(strange.n, STRANGE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_odd_vendors),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Which request is the same as one before, and how many a second. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/bucket.h"
#include "kbngd/replay.h"

static int setup(void **state)
{
	*state = replay_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	replay_free(*state);
	return 0;
}

static struct replay_key key_of(const char *authenticator, uint16_t port,
				bool stamped)
{
	struct replay_key key = {
		.authenticator = (const uint8_t *)authenticator,
		.port = port,
		.stamped = stamped,
	};

	return key;
}

static bool is_known(struct replay *r, const struct replay_key *key, time_t now,
		     const char *answer)
{
	size_t len;
	const uint8_t *got = replay_find(r, key, now, &len);

	if (!got)
		return false;
	assert_int_equal(len, strlen(answer));
	assert_memory_equal(got, answer, len);
	return true;
}

static void test_without_timestamp(void **state)
{
	struct replay_key key = key_of("0123456789abcdef", 1000, false);
	struct replay_key other = key_of("0123456789abcdef", 1001, false);

	assert_false(is_known(*state, &key, 100, ""));
	replay_keep(*state, &key, 130, (const uint8_t *)"ack", 3);
	assert_true(is_known(*state, &key, 130, "ack"));
	assert_false(is_known(*state, &key, 131, ""));
	assert_false(is_known(*state, &other, 110, ""));	/* port */
	other = key;
	other.source.s6_addr[15] = 1;
	assert_false(is_known(*state, &other, 110, ""));	/* host */
	/* the same is meant again: there is one entry, with the new answer */
	replay_keep(*state, &other, 230, (const uint8_t *)"nak2", 4);
	assert_true(is_known(*state, &other, 200, "nak2"));
	assert_false(is_known(*state, &key, 200, ""));
}

static void test_with_timestamp(void **state)
{
	struct replay_key key = key_of("fedcba9876543210", 1000, true);
	struct replay_key other = key_of("fedcba9876543210", 2000, true);

	replay_keep(*state, &key, 400, (const uint8_t *)"ack", 3);
	assert_true(is_known(*state, &other, 400, "ack"));	/* a replay */
	assert_false(is_known(*state, &other, 401, ""));
}

static void test_bounded(void **state)
{
	char authenticator[REPLAY_DIGEST + 1];
	struct replay_key key = key_of(authenticator, 1, true);
	unsigned int i;

	for (i = 0; i <= REPLAY_MAX; i++) {
		snprintf(authenticator, sizeof(authenticator), "%016u", i);
		replay_keep(*state, &key, 10, (const uint8_t *)"a", 1);
	}
	assert_true(is_known(*state, &key, 1, "a"));
	snprintf(authenticator, sizeof(authenticator), "%016u", 1);
	assert_true(is_known(*state, &key, 1, "a"));
	snprintf(authenticator, sizeof(authenticator), "%016u", 0);
	assert_false(is_known(*state, &key, 1, ""));	/* the oldest */
}

static unsigned int taken(struct bucket *b, uint64_t now, unsigned int tries)
{
	unsigned int n = 0;

	while (tries--)
		n += bucket_take(b, now, 10, 4);
	return n;
}

static void test_bucket(void **state)
{
	struct bucket b = { 0 };

	(void)state;
	assert_int_equal(taken(&b, 5000000, 100), 4);
	assert_int_equal(taken(&b, 5000099, 100), 0);
	assert_int_equal(taken(&b, 5000100, 100), 1);
	assert_int_equal(taken(&b, 5000350, 100), 2);
	assert_int_equal(taken(&b, 5000400, 100), 1);	/* halves add up */
	assert_int_equal(taken(&b, 9000000, 100), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_without_timestamp, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_with_timestamp, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_bounded, setup, teardown),
		cmocka_unit_test(test_bucket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

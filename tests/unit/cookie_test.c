// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/cookie.h"

#define ROOM	1024

static struct cookie sample(void)
{
	struct cookie c = { .decision = DECISION_WALLED, .interim = 600, .classes = 2,
			    .end = 7200, .idle = 900, .ask_again = true, .framed = true };

	c.username.len = 5;
	memcpy(c.username.data, "alice", 5);
	c.cui.len = 3;
	memcpy(c.cui.data, "a\0b", 3);
	c.class[0].len = COOKIE_VALUE_MAX;
	memset(c.class[0].data, 0xa5, COOKIE_VALUE_MAX);
	c.class[1].len = 3;
	memcpy(c.class[1].data, "\0x\xff", 3);
	return c;
}

static void same(const struct cookie_value *a, const struct cookie_value *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, a->len);
}

static void test_round_trip(void **state)
{
	struct cookie c = sample(), back;
	uint8_t buf[ROOM];
	size_t len = cookie_encode(&c, buf, sizeof(buf));

	(void)state;
	assert_true(cookie_decode(&back, buf, len));
	assert_int_equal(back.decision, DECISION_WALLED);
	assert_int_equal(back.interim, 600);
	assert_int_equal(back.end, 7200);
	assert_int_equal(back.idle, 900);
	assert_true(back.ask_again);
	assert_true(back.framed);
	assert_int_equal(back.classes, 2);
	same(&back.username, &c.username);
	same(&back.cui, &c.cui);
	same(&back.class[0], &c.class[0]);
	same(&back.class[1], &c.class[1]);
}

static void test_empty(void **state)
{
	struct cookie c = { 0 }, back;
	uint8_t buf[ROOM];
	size_t len = cookie_encode(&c, buf, sizeof(buf));

	(void)state;
	assert_true(cookie_decode(&back, buf, len));
	assert_false(back.framed);
	assert_int_equal(back.decision, DECISION_ACCEPT);
	assert_int_equal(back.interim, 0);
	assert_int_equal(back.end, 0);
	assert_int_equal(back.idle, 0);
	assert_false(back.ask_again);
	assert_int_equal(back.username.len, 0);
	assert_int_equal(back.classes, 0);
}

/* Four full Class attributes do not fit: three do, and the rest is whole. */
static void test_overflow(void **state)
{
	struct cookie c = sample(), back;
	uint8_t buf[ROOM];
	size_t len;
	int i;

	(void)state;
	c.classes = COOKIE_CLASSES_MAX;
	for (i = 0; i < COOKIE_CLASSES_MAX; i++)
		c.class[i] = c.class[0];
	len = cookie_encode(&c, buf, sizeof(buf));
	assert_true(len <= sizeof(buf));
	assert_true(cookie_decode(&back, buf, len));
	assert_int_equal(back.classes, 3);
	same(&back.username, &c.username);
}

static void test_other_version(void **state)
{
	uint8_t buf[] = { 2, 1, 0 };
	struct cookie c;

	(void)state;
	assert_false(cookie_decode(&c, buf, sizeof(buf)));
	assert_false(cookie_decode(&c, buf, 0));
}

static void test_unknown_type(void **state)
{
	uint8_t buf[] = { 1, 99, 2, 'x', 'y', 7, 0 };
	struct cookie c;

	(void)state;
	assert_true(cookie_decode(&c, buf, sizeof(buf)));
	assert_true(c.ask_again);
}

/* Cut anywhere: refused or a shorter cookie, never a read past the end. */
static void test_cut(void **state)
{
	struct cookie c = sample();
	uint8_t buf[ROOM];
	size_t len = cookie_encode(&c, buf, sizeof(buf)), i;

	(void)state;
	for (i = 0; i < len; i++) {
		uint8_t *cut = malloc(i ? i : 1);

		memcpy(cut, buf, i);
		cookie_decode(&c, cut, i);
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_other_version),
		cmocka_unit_test(test_unknown_type),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

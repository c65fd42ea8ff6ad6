// SPDX-License-Identifier: GPL-2.0-or-later
/* kbngd/terms.c: the lease that RADIUS wants, for DHCP servers. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/terms.h"

static struct kbng_terms terms;

/* What an address and a pool of @len octets, -1: none, come to. */
static bool take(uint32_t addr, int len, uint8_t user_len)
{
	static VALUE_PAIR framed, pool;
	struct cookie_value user = { .len = user_len };

	memset(user.data, 'u', user_len);
	memset(&framed, 0, sizeof(framed));
	framed.attribute = PW_FRAMED_IP_ADDRESS;
	framed.type = PW_TYPE_IPADDR;
	framed.lvalue = addr;
	memset(&pool, 0, sizeof(pool));
	pool.attribute = FRAMED_POOL;
	pool.type = PW_TYPE_STRING;
	if (len >= 0) {
		pool.lvalue = len;
		memset(pool.strvalue, 'p', len);
		framed.next = &pool;
	} else {
		framed.next = NULL;
	}
	return terms_from_pairs(&framed, &user, &terms);
}

static void test_nothing(void **state)
{
	struct cookie_value user = { .len = 3 };

	(void)state;
	assert_true(terms_from_pairs(NULL, &user, &terms));
	assert_int_equal(terms.framed.s_addr, 0);
	assert_int_equal(terms.attrs.len, 0);
}

static void test_address(void **state)
{
	(void)state;
	assert_true(take(0x0a400107, -1, 0));
	assert_int_equal(terms.framed.s_addr, inet_addr("10.64.1.7"));
	assert_true(take(0xffffffff, -1, 0));
	assert_int_equal(terms.framed.s_addr, 0);
	assert_true(take(0xfffffffe, -1, 0));
	assert_int_equal(terms.framed.s_addr, 0);
}

static void test_pool(void **state)
{
	(void)state;
	assert_true(take(0, 4, 2));
	assert_int_equal(terms.attrs.len, 10);
	assert_memory_equal(terms.attrs.data, "\x58\x06pppp\x01\x04uu", 10);
	assert_true(take(0, 4, 0));
	assert_int_equal(terms.attrs.len, 6);
	assert_true(take(0, 0, 5));
	assert_int_equal(terms.attrs.len, 0);
}

/* The user name goes first, then the pool. */
static void test_room(void **state)
{
	(void)state;
	assert_true(take(0, 100, 16));
	assert_int_equal(terms.attrs.len, 120);
	assert_true(take(0, 100, 17));
	assert_int_equal(terms.attrs.len, 102);
	assert_true(take(0, 118, 253));
	assert_int_equal(terms.attrs.len, 120);
	assert_false(take(0x0a400107, 119, 0));
	assert_int_equal(terms.attrs.len, 0);
	assert_int_equal(terms.framed.s_addr, inet_addr("10.64.1.7"));
	assert_false(take(0, 253, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

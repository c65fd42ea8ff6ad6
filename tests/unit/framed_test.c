// SPDX-License-Identifier: GPL-2.0-or-later
/* kbngd/framed.c: IPv6 prefixes in RADIUS attributes, sound and broken. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/framed.h"
#include "pairs.h"

static unsigned int take(VALUE_PAIR *list, struct kbng_prefixes *out)
{
	unsigned int bad = framed_from_pairs(list, out);

	pairs_free(list);
	return bad;
}

static void is(const struct kbng_prefix *p, const char *addr, uint32_t len)
{
	char text[INET6_ADDRSTRLEN];

	assert_string_equal(inet_ntop(AF_INET6, &p->addr, text, sizeof(text)),
			    addr);
	assert_int_equal(p->len, len);
	assert_int_equal(p->kind, KBNG_PREFIX_STATIC);
}

static void test_nothing(void **state)
{
	struct kbng_prefixes out;

	(void)state;
	assert_int_equal(take(NULL, &out), 0);
	assert_false(out.given);
	assert_int_equal(out.n, 0);
}

static void test_each_kind(void **state)
{
	struct kbng_prefixes out;
	VALUE_PAIR *list = NULL;

	(void)state;
	list = add(list, DELEGATED_IPV6_PREFIX,
		   VALUE("\0\x38\x20\x01\x0d\xb8\0\1\0"));
	list = add(list, FRAMED_IPV6_PREFIX,
		   VALUE("\0\x40\x20\x01\x0d\xb8\0\2\0\3\0\0\0\0\0\0\0\0"));
	list = add(list, FRAMED_IPV6_ADDRESS,
		   VALUE("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\5"));
	assert_int_equal(take(list, &out), 0);
	assert_true(out.given);
	assert_int_equal(out.n, 3);
	is(&out.prefix[0], "2001:db8::5", 128);
	is(&out.prefix[1], "2001:db8:2:3::", 64);
	is(&out.prefix[2], "2001:db8:1::", 56);
}

static void test_malformed(void **state)
{
	struct kbng_prefixes out;
	VALUE_PAIR *list = NULL;

	(void)state;
	list = add(list, FRAMED_IPV6_PREFIX, VALUE(""));
	list = add(list, FRAMED_IPV6_PREFIX, VALUE("\0"));
	list = add(list, FRAMED_IPV6_PREFIX, VALUE("\0\x40\x20\x01"));
	list = add(list, FRAMED_IPV6_PREFIX,
		   VALUE("\0\x81\x20\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
	list = add(list, FRAMED_IPV6_PREFIX,
		   VALUE("\0\x40\x20\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
	list = add(list, FRAMED_IPV6_ADDRESS, VALUE("\x20\x01"));
	assert_int_equal(take(list, &out), 6);
	assert_false(out.given);
}

/* RFC 3162 2.5 */
static void test_routes(void **state)
{
	struct kbng_prefixes out;
	VALUE_PAIR *list = NULL;

	(void)state;
	list = add(list, FRAMED_IPV6_ROUTE, VALUE("2001:db8:5::/48"));
	list = add(list, FRAMED_IPV6_ROUTE,
		   VALUE("2001:db8:6:100::/56 2001:db8::1 1"));
	list = add(list, FRAMED_IPV6_ROUTE, VALUE("2001:db8::5"));
	list = add(list, FRAMED_IPV6_ROUTE, VALUE(""));
	list = add(list, FRAMED_IPV6_ROUTE, VALUE(" 2001:db8:7::/48"));
	list = add(list, FRAMED_IPV6_ROUTE, VALUE("2001:db8:7::/129"));
	list = add(list, FRAMED_IPV6_ROUTE, VALUE("2001:db8:7::/48\0x"));
	list = add(list, FRAMED_IPV6_ROUTE,
		   VALUE("2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000/64"));
	list = add(list, DELEGATED_IPV6_PREFIX,
		   VALUE("\0\x30\x20\x01\x0d\xb8\0\5"));
	assert_int_equal(take(list, &out), 5);
	assert_int_equal(out.n, 3);
	is(&out.prefix[0], "2001:db8:5::", 48);
	is(&out.prefix[1], "2001:db8::5", 128);
	is(&out.prefix[2], "2001:db8:6:100::", 56);
}

/* RFC 2865 5.22 */
static void test_routes4(void **state)
{
	static const char *const texts[] = {
		"10.1.0.0/24", "10.2.0.0/16 192.0.2.9 1", "192.0.2.9/32",
		"10.0.0.0", "172.16.0.0", "192.168.7.0",
	};
	static const uint32_t lens[] = { 24, 16, 32, 8, 16, 24 };
	uint8_t value[FRAMED_VALUE_MAX];
	struct kbng_prefixes out;
	VALUE_PAIR *list = NULL;
	unsigned int i;
	int len;

	(void)state;
	for (i = 0; i < 6; i++)
		list = add(list, FRAMED_ROUTE, texts[i], strlen(texts[i]));
	list = add(list, FRAMED_ROUTE, VALUE("10.1.0.0/33"));
	list = add(list, FRAMED_ROUTE, VALUE("2001:db8::/48"));
	list = add(list, FRAMED_IPV6_ROUTE, VALUE("10.1.0.0/24"));
	assert_int_equal(take(list, &out), 3);
	assert_int_equal(out.n, 6);
	for (i = 0; i < 6; i++) {
		assert_true(kbng_is_route4(&out.prefix[5 - i]));
		assert_int_equal(out.prefix[5 - i].len, 96 + lens[i]);
	}
	assert_int_equal(framed_attribute(&out.prefix[5], value, &len),
			 FRAMED_ROUTE);
	assert_int_equal(len, 11);
	assert_memory_equal(value, "10.1.0.0/24", 11);
}

static void test_once_and_not_too_many(void **state)
{
	char value[] = "\0\x40\x20\x01\x0d\xb8\0\1\0\0";
	struct kbng_prefixes out;
	VALUE_PAIR *list = NULL;
	unsigned int i;

	(void)state;
	for (i = 0; i < KBNG_PREFIXES_MAX + 2; i++) {
		value[9] = i;
		list = add(list, FRAMED_IPV6_PREFIX, value, 10);
		list = add(list, DELEGATED_IPV6_PREFIX, value, 10);
	}
	/* Two are too many, and delegated as well. */
	assert_int_equal(take(list, &out), 4);
	assert_int_equal(out.n, KBNG_PREFIXES_MAX);
}

static void test_both_ways(void **state)
{
	static const struct {
		const char *addr;
		uint32_t len;
		enum kbng_prefix_kind kind;
		int attribute;
	} rows[] = {
		{ "2001:db8::5", 128, KBNG_PREFIX_STATIC, FRAMED_IPV6_ADDRESS },
		{ "2001:db8::5", 128, KBNG_PREFIX_NA, FRAMED_IPV6_ADDRESS },
		{ "2001:db8:1:2::", 64, KBNG_PREFIX_STATIC, FRAMED_IPV6_PREFIX },
		{ "2001:db8:1:2::", 64, KBNG_PREFIX_PD, DELEGATED_IPV6_PREFIX },
		{ "2001:db8:1::", 57, KBNG_PREFIX_STATIC, DELEGATED_IPV6_PREFIX },
	};
	uint8_t value[FRAMED_VALUE_MAX];
	struct kbng_prefixes out;
	struct kbng_prefix p;
	unsigned int i;
	int attribute, len;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		p = (struct kbng_prefix){ .len = rows[i].len,
					  .kind = rows[i].kind };
		assert_int_equal(inet_pton(AF_INET6, rows[i].addr, &p.addr), 1);
		attribute = framed_attribute(&p, value, &len);
		assert_int_equal(attribute, rows[i].attribute);
		assert_int_equal(take(add(NULL, attribute, (char *)value, len),
				      &out), 0);
		is(&out.prefix[0], rows[i].addr, rows[i].len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_each_kind),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_routes4),
		cmocka_unit_test(test_once_and_not_too_many),
		cmocka_unit_test(test_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RADIUS attributes about a host's IPv6: what kbngd/radius6.c takes out of an
 * Access-Accept, and what kmod/radius6.c takes of that, sound and broken.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/radius6.h"
#include "pairs.h"
#include "../../kmod/radius6.c"

#define DNS1	"\x20\x01\x0d\xb8\0\x0c\0\0\0\0\0\0\0\0\0\x53"
#define DNS2	"\x20\x01\x0d\xb8\0\x0c\0\0\0\0\0\0\0\0\0\x54"
#define DNS_ATTR	"\xa9\x12"
#define ROUTE	"\0\x20\x20\x01\x0d\xb8"
#define ROUTE_ATTR	"\xaa\x08" ROUTE
#define BYTES(text)	(const u8 *)text, sizeof(text) - 1

/* What is taken is always what the kernel takes. */
static unsigned int take(VALUE_PAIR *list, struct kbng_radius6 *out)
{
	unsigned int bad = radius6_from_pairs(list, out);

	pairs_free(list);
	assert_int_equal(kbng_radius6_check(out->data, out->len),
			 KBNG_RADIUS6_FINE);
	return bad;
}

static void is(const struct kbng_radius6 *out, const char *octets, size_t len)
{
	assert_int_equal(out->len, len);
	assert_memory_equal(out->data, octets, len);
}

static void test_nothing(void **state)
{
	struct kbng_radius6 out = { .len = 7 };

	(void)state;
	assert_int_equal(take(NULL, &out), 0);
	assert_int_equal(out.len, 0);
}

/* However a server sorts them, pools are first and in this order. */
static void test_order(void **state)
{
	VALUE_PAIR *list = NULL;
	struct kbng_radius6 out;

	(void)state;
	list = add(list, STATEFUL_IPV6_ADDRESS_POOL, VALUE("gold"));
	list = add(list, DELEGATED_IPV6_PREFIX_POOL, VALUE("pd"));
	list = add(list, FRAMED_IPV6_POOL, VALUE("f"));
	list = add(list, 123, VALUE("\0\x40"));
	list = add(list, DNS_SERVER_IPV6_ADDRESS, VALUE(DNS2));
	list = add(list, DNS_SERVER_IPV6_ADDRESS, VALUE(DNS1));
	list = add(list, ROUTE_IPV6_INFORMATION, VALUE(ROUTE));
	assert_int_equal(take(list, &out), 0);
	is(&out, VALUE("\xac\6gold\xab\4pd\x64\3f" DNS_ATTR DNS1
		       DNS_ATTR DNS2 ROUTE_ATTR));
}

static void test_malformed(void **state)
{
	struct kbng_radius6 out;
	VALUE_PAIR *list = NULL;

	(void)state;
	list = add(list, FRAMED_IPV6_POOL, VALUE(""));
	list = add(list, DELEGATED_IPV6_PREFIX_POOL, VALUE("b"));
	list = add(list, DELEGATED_IPV6_PREFIX_POOL, VALUE("a"));	/* first */
	list = add(list, DNS_SERVER_IPV6_ADDRESS, DNS1, 15);
	list = add(list, DNS_SERVER_IPV6_ADDRESS, VALUE(DNS1 "\0"));
	list = add(list, DNS_SERVER_IPV6_ADDRESS, DNS1, 0);
	list = add(list, ROUTE_IPV6_INFORMATION, VALUE(""));
	list = add(list, ROUTE_IPV6_INFORMATION, VALUE("\0"));
	list = add(list, ROUTE_IPV6_INFORMATION, VALUE("\0\x21\x20\1\x0d\xb8"));
	list = add(list, ROUTE_IPV6_INFORMATION, VALUE("\0\x81" DNS1));
	list = add(list, ROUTE_IPV6_INFORMATION, VALUE("\0\x80" DNS1 "\0"));
	list = add(list, ROUTE_IPV6_INFORMATION, VALUE("\0\0"));	/* ::/0 */
	assert_int_equal(take(list, &out), 10);
	is(&out, VALUE("\xab\3a\xaa\4\0\0"));
}

static void test_too_many(void **state)
{
	static char name[253];
	struct kbng_radius6 out;
	VALUE_PAIR *list = NULL;
	unsigned int i;

	(void)state;
	for (i = 0; i <= KBNG_ROUTES6_MAX; i++)
		list = add(list, ROUTE_IPV6_INFORMATION, VALUE(ROUTE));
	for (i = 0; i <= KBNG_SERVERS_MAX; i++)
		list = add(list, DNS_SERVER_IPV6_ADDRESS, VALUE(DNS1));
	assert_int_equal(take(list, &out), 2);
	assert_int_equal(out.len, 18 * KBNG_SERVERS_MAX + 8 * KBNG_ROUTES6_MAX);

	list = add(NULL, FRAMED_IPV6_POOL, VALUE("p"));
	list = add(list, DELEGATED_IPV6_PREFIX_POOL, name, sizeof(name));
	list = add(list, STATEFUL_IPV6_ADDRESS_POOL, name, sizeof(name));
	assert_int_equal(take(list, &out), 1);
	assert_int_equal(out.len, 510);
}

static void test_check(void **state)
{
	(void)state;
	assert_int_equal(kbng_radius6_check(BYTES("")), KBNG_RADIUS6_FINE);
	assert_int_equal(kbng_radius6_check(BYTES("\x64\3p" "\x64\3q")),
			 KBNG_RADIUS6_FINE);
	assert_int_equal(kbng_radius6_check(BYTES("\x58\3p")),
			 KBNG_RADIUS6_FOREIGN);
	assert_int_equal(kbng_radius6_check(BYTES("\x64\2")),
			 KBNG_RADIUS6_MALFORMED);
	assert_int_equal(kbng_radius6_check(BYTES("\xa9\3p")),
			 KBNG_RADIUS6_MALFORMED);
	assert_int_equal(kbng_radius6_check(BYTES("\xaa\4\0\1")),
			 KBNG_RADIUS6_MALFORMED);
	assert_int_equal(kbng_radius6_check(BYTES("\x64\1")),
			 KBNG_RADIUS6_MALFORMED);
	assert_int_equal(kbng_radius6_check(BYTES("\x64\0\0\0")),
			 KBNG_RADIUS6_MALFORMED);
}

/* In a buffer of exactly that size, so that ASan sees a step past it. */
static void test_every_truncation(void **state)
{
	static const char whole[] = "\xac\6gold" DNS_ATTR DNS1 ROUTE_ATTR;
	size_t len;
	u8 *copy;

	(void)state;
	for (len = 0; len < sizeof(whole); len++) {
		copy = malloc(len ? len : 1);
		memcpy(copy, whole, len);
		assert_int_equal(kbng_radius6_check(copy, len) ==
				 KBNG_RADIUS6_FINE,
				 len == 0 || len == 6 || len == 24 ||
				 len == sizeof(whole) - 1);
		free(copy);
	}
}

static void test_bounds(void **state)
{
	u8 buf[(KBNG_SERVERS_MAX + 1) * 18];
	unsigned int i;

	(void)state;
	for (i = 0; i <= KBNG_SERVERS_MAX; i++)
		memcpy(buf + 18 * i, DNS_ATTR DNS1, 18);
	assert_int_equal(kbng_radius6_check(buf, 18 * KBNG_SERVERS_MAX),
			 KBNG_RADIUS6_FINE);
	assert_int_equal(kbng_radius6_check(buf, sizeof(buf)),
			 KBNG_RADIUS6_MANY_DNS);
	for (i = 0; i <= KBNG_ROUTES6_MAX; i++)
		memcpy(buf + 8 * i, ROUTE_ATTR, 8);
	assert_int_equal(kbng_radius6_check(buf, 8 * KBNG_ROUTES6_MAX),
			 KBNG_RADIUS6_FINE);
	assert_int_equal(kbng_radius6_check(buf, 8 * (KBNG_ROUTES6_MAX + 1)),
			 KBNG_RADIUS6_MANY_ROUTES);
}

/* Bits behind a route's length are not part of it. */
static void test_read(void **state)
{
	static const char octets[] = "\xac\6gold" DNS_ATTR DNS1
		"\xaa\x0a\0\x2c\x20\x01\x0d\xb8\xff\xff" "\xaa\4\0\0"
		DNS_ATTR DNS2;
	const struct kbng_radius6_walk w = {
		.p = (const u8 *)octets, .left = sizeof(octets) - 1,
	};
	struct kbng_nd_route route[KBNG_ROUTES6_MAX];
	struct in6_addr dns[KBNG_SERVERS_MAX];

	(void)state;
	assert_int_equal(kbng_radius6_dns(w, dns), 2);
	assert_memory_equal(&dns[0], DNS1, 16);
	assert_memory_equal(&dns[1], DNS2, 16);
	memset(route, 0xff, sizeof(route));
	assert_int_equal(kbng_radius6_routes(w, route), 2);
	assert_int_equal(route[0].len, 44);
	assert_memory_equal(&route[0].addr, "\x20\x01\x0d\xb8\xff\xf0\0\0\0\0\0\0\0\0\0\0",
			    16);
	assert_int_equal(route[1].len, 0);
	assert_memory_equal(&route[1].addr, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
}

static void test_less(void **state)
{
	struct kbng_nd_route route[2] = { { .len = 32 }, { .len = 48 } };
	struct in6_addr dns[2], kept[2];

	(void)state;
	memcpy(&dns[0], DNS1, 16);
	memcpy(&dns[1], DNS2, 16);
	kept[0] = dns[0];
	assert_int_equal(kbng_radius6_less_dns(dns, 2, kept, 0), 2);
	assert_int_equal(kbng_radius6_less_dns(dns, 2, kept, 1), 1);
	assert_memory_equal(&dns[0], DNS2, 16);
	assert_int_equal(kbng_radius6_less_dns(dns, 1, dns, 1), 0);
	assert_int_equal(kbng_radius6_less_routes(route, 2, &route[0], 0), 2);
	assert_int_equal(kbng_radius6_less_routes(route, 2,
						  &(struct kbng_nd_route){ .len = 32 },
						  1), 1);
	assert_int_equal(route[0].len, 48);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

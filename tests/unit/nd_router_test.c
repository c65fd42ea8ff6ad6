// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/nd_router.c: router advertisements, octet by octet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../../kmod/nd_router.c"

#define PREFIX	"\x20\x01\x0d\xb8\0\7\0\0\0\0\0\0\0\0\0\0"
#define DNS	"\x20\x01\x0d\xb8\0\x0c\0\0\0\0\0\0\0\0\0\x53"
#define MAC	"\2\0\0\0\0\1"
#define SLL	"\1\1" MAC

/* In a buffer of exactly @size, so that ASan sees a step past it. */
static size_t in(size_t size, const struct kbng_nd_router *r, u8 **buf)
{
	*buf = malloc(size ? size : 1);
	memset(*buf, 0xaa, size);
	return kbng_nd_router_write(*buf, size, r);
}

#define SAYS(buf, len, text)					\
do {								\
	assert_int_equal(len, sizeof(text) - 1);		\
	assert_memory_equal(buf, text, sizeof(text) - 1);	\
} while (0)

static struct kbng_nd_router full(void)
{
	static struct in6_addr dns[KBNG_SERVERS_MAX];
	static char search[KBNG_SEARCH_MAX + 1];
	struct kbng_nd_router r = {
		.flags = KBNG_ND_ROUTER_DHCP,
		.lifetime = 9000,
		.dns_lifetime = 27000,
		.mac = (const u8 *)MAC,
		.mtu = 1500,
		.n_prefixes = KBNG_PREFIXES_MAX,
		.n_routes = KBNG_ROUTES6_MAX,
		.n_dns = KBNG_SERVERS_MAX,
		.dns = dns,
		.search = search,
	};
	unsigned int i;

	/* Nothing takes more room for its length. */
	for (i = 0; i < KBNG_SEARCH_MAX; i++)
		search[i] = i % 2 ? ' ' : 'a';
	for (i = 0; i < KBNG_SERVERS_MAX; i++)
		memcpy(&dns[i], DNS, 16);
	for (i = 0; i < KBNG_PREFIXES_MAX; i++)
		memcpy(&r.prefix[i].addr, PREFIX, 16);
	for (i = 0; i < KBNG_ROUTES6_MAX; i++)
		r.route[i].len = 65;
	return r;
}

static void test_no_session(void **state)
{
	struct kbng_nd_router r = { .mac = (const u8 *)MAC };
	size_t len;
	u8 *buf;

	(void)state;
	len = in(KBNG_ND_ROUTER_MAX, &r, &buf);
	SAYS(buf, len, "\x86\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0" SLL);
	free(buf);
}

static void test_all_options(void **state)
{
	struct kbng_nd_router r = full();
	size_t len;
	u8 *buf;

	(void)state;
	r.n_prefixes = 1;
	r.prefix[0].valid = 2592000;
	r.prefix[0].preferred = 604800;
	r.n_routes = 4;
	r.route[0] = (struct kbng_nd_route){ .len = 0, .lifetime = 9000 };
	r.route[1] = (struct kbng_nd_route){ .len = 64, .lifetime = 9000 };
	r.route[2] = (struct kbng_nd_route){ .len = 65 };
	r.route[3] = (struct kbng_nd_route){ .len = 1 };
	memcpy(&r.route[1].addr, PREFIX, 16);
	memcpy(&r.route[2].addr, DNS, 16);
	r.n_dns = 2;
	r.search = "isp.example b";
	len = in(KBNG_ND_ROUTER_MAX, &r, &buf);
	SAYS(buf, len, "\x86\0\0\0\x40\xc0\x23\x28\0\0\0\0\0\0\0\0" SLL
	     "\5\1\0\0\0\0\x05\xdc"
	     "\3\4\x40\x40\0\x27\x8d\0\0\x09\x3a\x80\0\0\0\0" PREFIX
	     "\x18\1\0\0\0\0\x23\x28" "\x18\2\x40\0\0\0\x23\x28\x20\1\x0d\xb8\0\7\0\0"
	     "\x18\3\x41\0\0\0\0\0" DNS "\x18\2\1\0\0\0\0\0\0\0\0\0\0\0\0\0"
	     "\x19\5\0\0\0\0\x69\x78" DNS DNS
	     "\x1f\3\0\0\0\0\x69\x78" "\3isp\7example\0\1b\0");
	free(buf);
}

/* The most that there can be fits, exactly. */
static void test_longest(void **state)
{
	struct kbng_nd_router r = full();
	u8 *buf;

	(void)state;
	assert_int_equal(in(KBNG_ND_ROUTER_MAX, &r, &buf), KBNG_ND_ROUTER_MAX);
	free(buf);
}

static void test_no_room(void **state)
{
	struct kbng_nd_router r = full();
	size_t size;
	u8 *buf;

	(void)state;
	for (size = 0; size < KBNG_ND_ROUTER_MAX; size++) {
		assert_int_equal(in(size, &r, &buf), 0);
		free(buf);
	}
}

#define LABEL63	"a23456789-b23456789-c23456789-d23456789-e23456789-f23456789-x_z"

static void test_search(void **state)
{
	static const char * const good[] = {
		"", "a", "isp.example", "isp.example home.isp.example",
		"7-zip.Example _tcp.example", LABEL63 " " LABEL63,
		LABEL63 "." LABEL63 "." LABEL63 "." "a.b.c.d.e.f.g.h.i.j.k.l.m.n"
		".o.p.q.r.s.t.u.v.w.x.y.z1.z2.z3",
	};
	static const char * const bad[] = {
		" ", " a", "a ", "a  b", ".", ".a", "a.", "a..b", "-a", "a-",
		"a-.b", "a\tb", "a,b", "\xc3\xa4", LABEL63 "a", "a\n",
		LABEL63 "." LABEL63 "." LABEL63 "." LABEL63,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(kbng_nd_search_valid(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(kbng_nd_search_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_session),
		cmocka_unit_test(test_all_options),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

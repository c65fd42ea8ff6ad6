// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "kbngd/subscribers.h"
#include "lib/fmt.h"

static char path[] = "/tmp/kbng-subscribers-XXXXXX";
static char error[SUBSCRIBERS_ERROR_SIZE];

static int load(const char *text, struct subscribers **subs)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return subscribers_load(path, subs, error);
}

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static const struct kbng_session_info alice = {
	.ifname = "acc0", .mac = { 2, 0, 0, 0, 0, 1 },
	.circuit_id = { 6, "port-1" },
};
static const struct kbng_session_info bob = {
	.ifname = "acc1", .mac = { 2, 0, 0, 0, 0, 2 },
	.circuit_id = { 6, "port-2" }, .remote_id = { 2, { 0, 0xff } },
};

static void test_match(void **state)
{
	struct subscribers *subs;
	struct subscriber who;

	(void)state;
	assert_int_equal(load(
		"subscribers:\n"
		"  - { circuit_id: port-2, mac: '02:00:00:00:00:03' }\n"
		"  - { mac: '02:00:00:00:00:01', username: alice,\n"
		"      policy: gold, rate_up: 10M, rate_down: 2.5G,\n"
		"      burst_down: 64KiB, isolated: yes }\n"
		"  - { remote_id: '0x00ff', ifname: acc1, reject: yes }\n",
		&subs), 0);
	assert_true(subscribers_authorise(subs, &alice, &who));
	assert_string_equal(who.username, "alice");
	assert_string_equal(who.policy.name, "gold");
	assert_int_equal(who.policy.rate_up, 10000000);
	assert_true(who.policy.rate_down == 2500000000ULL);
	assert_int_equal(who.policy.burst_down, 65536);
	assert_int_equal(who.policy.isolated, 1);
	assert_false(subscribers_authorise(subs, &bob, &who));
	subscribers_free(subs);
}

/* Who has begun without DHCP is let in by the address only. */
static void test_address(void **state)
{
	struct kbng_session_info carol = alice;
	struct subscribers *subs;
	struct subscriber who;

	(void)state;
	carol.addr.s_addr = htonl(0xc0000205);
	assert_int_equal(load(
		"subscribers:\n"
		"  - { address: 192.0.2.6, username: dave }\n"
		"  - { address: 192.0.2.5, username: carol }\n"
		"  - { username: all }\n", &subs), 0);
	assert_true(subscribers_authorise(subs, &carol, &who));
	assert_string_equal(who.username, "carol");
	carol.trigger = KBNG_TRIGGER_ARP;
	assert_true(subscribers_authorise(subs, &carol, &who));
	assert_string_equal(who.username, "carol");
	carol.addr.s_addr = htonl(0xc0000207);
	assert_false(subscribers_authorise(subs, &carol, &who));
	carol.trigger = KBNG_TRIGGER_NONE;
	assert_true(subscribers_authorise(subs, &carol, &who));
	assert_string_equal(who.username, "all");
	carol.trigger = KBNG_TRIGGER_SOLICITATION;
	carol.addr.s_addr = 0;
	assert_true(subscribers_authorise(subs, &carol, &who));
	subscribers_free(subs);
}

static void test_default(void **state)
{
	struct subscribers *subs;
	struct subscriber who;

	(void)state;
	assert_int_equal(load("subscribers:\n"
			      "  - { circuit_id: port-1 }\n", &subs), 0);
	assert_true(subscribers_authorise(subs, &alice, &who));
	assert_null(who.username);
	assert_int_equal(who.policy.rate_up, 0);
	assert_false(subscribers_authorise(subs, &bob, &who));
	subscribers_free(subs);
	assert_int_equal(load("subscribers:\n"
			      "  - { circuit_id: port-1 }\n"
			      "  - { rate_down: 1M }\n", &subs), 0);
	assert_true(subscribers_authorise(subs, &bob, &who));
	assert_int_equal(who.policy.rate_down, 1000000);
	subscribers_free(subs);
}

static void test_prefixes(void **state)
{
	struct subscribers *subs;
	struct subscriber who;
	char text[64];

	(void)state;
	assert_int_equal(load(
		"subscribers:\n"
		"  - { circuit_id: port-1, prefixes: [2001:db8:1::/56, 2001:db8::5, 10.1.0.0/24] }\n"
		"  - { circuit_id: port-2 }\n", &subs), 0);
	assert_true(subscribers_authorise(subs, &alice, &who));
	assert_true(who.prefixes.given);
	assert_int_equal(who.prefixes.n, 3);
	assert_true(kbng_is_route4(&who.prefixes.prefix[2]));
	assert_string_equal(kbng_fmt_prefix(text, sizeof(text),
					    &who.prefixes.prefix[0]),
			    "2001:db8:1::/56");
	assert_int_equal(who.prefixes.prefix[1].len, 128);
	assert_true(subscribers_authorise(subs, &bob, &who));
	assert_false(who.prefixes.given);
	assert_int_equal(who.prefixes.n, 0);
	subscribers_free(subs);
}

static void fails(const char *text, const char *at)
{
	struct subscribers *subs;
	char expected[SUBSCRIBERS_ERROR_SIZE];

	assert_int_equal(load(text, &subs), -1);
	snprintf(expected, sizeof(expected), "%s:%s", path, at);
	assert_string_equal(error, expected);
}

static void test_errors(void **state)
{
	(void)state;
	fails("subscribers:\n  - mac: 02:00\n",
	      "2: subscribers[0].mac: '02:00': not a MAC address such as 52:54:00:12:34:56");
	fails("subscribers:\n  - {}\n  - rate_up: 1k\n",
	      "3: subscribers[1].rate_up: '1k': not a rate such as 20M, from 64k to 400G");
	fails("subscribers:\n  - address: 192.0.2\n",
	      "2: subscribers[0].address: '192.0.2': not an IPv4 address");
	fails("subscribers:\n  - prefixes: [2001:db8::/56, 10.1.0.0/33]\n",
	      "2: subscribers[0].prefixes[1]: '10.1.0.0/33': neither an IPv6 prefix such as 2001:db8:1::/56 nor an IPv4 network");
	fails("subscribers:\n  - mac: \"02\\n00\"\n",
	      "2: subscribers[0].mac: '02 00': not a MAC address such as 52:54:00:12:34:56");
	fails("subscribers:\n  - rate: 1M\n",
	      "2: subscribers[0].rate: unknown key: remove it, or see the manual page for the keys there are");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

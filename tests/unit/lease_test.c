// SPDX-License-Identifier: GPL-2.0-or-later
/* Leases as versions of Kea tell of them. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/lease.h"

#define TIMES	"\"cltt\":1000,\"valid-lft\":600,\"state\":0"
#define LEASE	"\"ip-address\":\"10.64.1.2\"," TIMES

static struct lease lease;

/* Members of a lease, without the braces. */
static bool parses(const char *members)
{
	char text[2048];
	json_t *json;
	bool ok;

	snprintf(text, sizeof(text), "{%s}", members);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	ok = lease_parse(json, &lease);
	json_decref(json);
	return ok;
}

static void all_of_a_lease_is_read(void **state)
{
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 0x0a };
	static const uint8_t remote[] = { 0xff, 0, 1 };
	char addr[INET_ADDRSTRLEN];

	(void)state;
	assert_true(parses(LEASE ",\"hw-address\":\"02:00:00:00:00:0a\","
			   "\"user-context\":{\"ISC\":{\"relay-agent-info\":"
			   "\"0x01036162630901000203FF0001\"}}"));
	assert_string_equal(inet_ntop(AF_INET, &lease.addr, addr, sizeof(addr)),
			    "10.64.1.2");
	assert_true(lease.has_mac);
	assert_memory_equal(lease.mac, mac, sizeof(mac));
	assert_true(lease.in_use);
	assert_int_equal(lease.circuit_id.len, 3);
	assert_memory_equal(lease.circuit_id.data, "abc", 3);
	assert_int_equal(lease.remote_id.len, 3);
	assert_memory_equal(lease.remote_id.data, remote, 3);
}

static void option_82_of_later_versions_is_a_map(void **state)
{
	(void)state;
	assert_true(parses(LEASE ",\"user-context\":{\"ISC\":{"
			   "\"relay-agent-info\":{\"sub-options\":"
			   "\"0x0103616263\",\"remote-id\":\"xx\"}}}"));
	assert_int_equal(lease.circuit_id.len, 3);
	assert_int_equal(lease.remote_id.len, 0);
	assert_false(lease.has_mac);
}

/* Such a lease exists, but its line is not known. */
static void bad_option_82_is_none(void **state)
{
	static const char *const bad[] = {
		"\"\"", "\"0x\"", "\"0x0\"", "\"0x01\"", "\"0x0103\"",
		"\"0x01036162\"", "\"010361626\"", "\"0x01zz\"", "7", "null",
		"{}", "{\"sub-options\":7}",
	};
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text), LEASE
			 ",\"user-context\":{\"ISC\":{\"relay-agent-info\":%s}}",
			 bad[i]);
		assert_true(parses(text));
		assert_int_equal(lease.circuit_id.len, 0);
		assert_int_equal(lease.remote_id.len, 0);
	}
}

static void what_is_no_lease_is_refused(void **state)
{
	static const char *const bad[] = {
		TIMES,
		"\"ip-address\":\"10.64.1\"," TIMES,
		"\"ip-address\":7," TIMES,
		"\"ip-address\":\"10.64.1.2\"",
		"\"ip-address\":\"10.64.1.2\",\"cltt\":-1,\"valid-lft\":600,\"state\":0",
		"\"ip-address\":\"10.64.1.2\",\"cltt\":1,\"valid-lft\":4294967296,\"state\":0",
		"\"ip-address\":\"10.64.1.2\",\"cltt\":1,\"valid-lft\":\"600\",\"state\":0",
		"\"ip-address\":\"10.64.1.2\",\"cltt\":1,\"valid-lft\":600",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(parses(bad[i]));
	assert_false(lease_parse(NULL, &lease));
}

static void declined_and_reclaimed_leases_are_not_in_use(void **state)
{
	(void)state;
	assert_true(parses("\"ip-address\":\"10.64.1.2\",\"cltt\":1,"
			   "\"valid-lft\":600,\"state\":1"));
	assert_false(lease.in_use);
}

static void what_is_left_never_wraps(void **state)
{
	(void)state;
	assert_true(parses(LEASE));
	assert_int_equal(lease_left(&lease, 1000), 600);
	assert_int_equal(lease_left(&lease, 1599), 1);
	assert_int_equal(lease_left(&lease, 1600), 0);
	assert_int_equal(lease_left(&lease, UINT64_MAX), 0);
	lease.valid = LEASE_FOREVER;
	assert_int_equal(lease_left(&lease, UINT64_MAX), LEASE_FOREVER);
	lease.valid = LEASE_FOREVER - 1;
	lease.bound = 2000;		/* Kea's clock is ahead */
	assert_int_equal(lease_left(&lease, 1000), LEASE_FOREVER - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_a_lease_is_read),
		cmocka_unit_test(option_82_of_later_versions_is_a_map),
		cmocka_unit_test(bad_option_82_is_none),
		cmocka_unit_test(what_is_no_lease_is_refused),
		cmocka_unit_test(declined_and_reclaimed_leases_are_not_in_use),
		cmocka_unit_test(what_is_left_never_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

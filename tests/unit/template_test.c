// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/template.h"

static const struct kbng_session_info session = {
	.ifname = "acc0",
	.mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
	.circuit_id = { 6, "port-1" },
	.remote_id = { 2, { 0, 0xff } },
};

static void expands(const char *format, const char *expected)
{
	struct kbng_session_info s = session;
	char out[TEMPLATE_MAX + 1];

	inet_pton(AF_INET, "10.1.2.3", &s.addr);
	assert_int_equal(template_expand(format, &s, "bng-1", out, sizeof(out)),
			 strlen(expected));
	assert_string_equal(out, expected);
}

static void test_expand(void **state)
{
	(void)state;
	expands("", "");
	expands("plain", "plain");
	expands("{mac}", "52:54:00:12:34:56");
	expands("{bng_id}/{remote_id}/{circuit_id}", "bng-1/0x00ff/port-1");
	expands("{ifname}:{address}", "acc0:10.1.2.3");
	expands("[{hostname}]", "[]");
}

static void test_check(void **state)
{
	const char *at;

	(void)state;
	assert_true(template_check("{mac}-{hostname}", &at));
	assert_false(template_check("x{user}", &at));
	assert_string_equal(at, "{user}");
	assert_false(template_check("{mac", &at));
	assert_string_equal(at, "{mac");
	assert_false(template_check("mac}", &at));
	assert_string_equal(at, "}");
	assert_false(template_check("{}", &at));
	assert_false(template_check("{{mac}}", &at));
}

static void test_room(void **state)
{
	char out[18];

	(void)state;
	assert_int_equal(template_expand("{mac}", &session, "b", out, 18), 17);
	assert_int_equal(template_expand("{mac}", &session, "b", out, 17), -1);
	assert_int_equal(template_expand("", &session, "b", out, 0), -1);
	assert_int_equal(template_expand("{nope}", &session, "b", out, 18), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

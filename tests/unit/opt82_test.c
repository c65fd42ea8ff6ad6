// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/opt82.c and kmod/template.c: the ids of a line, made and compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include "../../kmod/opt82.c"
#include "../../kmod/template.c"

static struct kbng_id id_of(const char *text)
{
	struct kbng_id id = { .len = strlen(text) };

	memcpy(id.data, text, id.len);
	return id;
}

static void test_build(void **state)
{
	struct kbng_id circuit = id_of("olt3:1"), remote = id_of("r");
	struct kbng_id none = { 0 };
	u8 dst[KBNG_OPT82_MAX];

	(void)state;
	assert_int_equal(kbng_opt82_build(dst, &circuit, &remote), 11);
	assert_memory_equal(dst, "\x01\x06olt3:1\x02\x01r", 11);
	assert_int_equal(kbng_opt82_build(dst, &none, &remote), 3);
	assert_memory_equal(dst, "\x02\x01r", 3);
	assert_int_equal(kbng_opt82_build(dst, &none, &none), 0);
}

static void test_largest_fits_an_option(void **state)
{
	struct kbng_id id = { .len = KBNG_ID_MAX };
	u8 dst[KBNG_OPT82_MAX];

	(void)state;
	assert_int_equal(kbng_opt82_build(dst, &id, &id), KBNG_OPT82_MAX);
	assert_true(KBNG_OPT82_MAX <= 255);
}

static void test_valid(void **state)
{
	(void)state;
	assert_true(kbng_opt82_valid((const u8 *)"\x01\x02hi\x02\x00", 6));
	assert_false(kbng_opt82_valid((const u8 *)"\x01\x03hi", 4));
	assert_false(kbng_opt82_valid((const u8 *)"\x01", 1));
	assert_false(kbng_opt82_valid((const u8 *)"\x01\xff", 2));
	assert_false(kbng_opt82_valid((const u8 *)"\x01\x02hi\x02", 5));
}

static void test_matches(void **state)
{
	struct kbng_id circuit = id_of("hi"), remote = id_of("x");

	(void)state;
	assert_true(kbng_opt82_matches((const u8 *)"\x01\x02hi\x02\x01x", 7,
				       &circuit, &remote));
	/* What is not there does not differ. */
	assert_true(kbng_opt82_matches((const u8 *)"\x09\x02hi", 4, &circuit,
				       &remote));
	assert_false(kbng_opt82_matches((const u8 *)"\x01\x02ho", 4, &circuit,
					&remote));
	assert_false(kbng_opt82_matches((const u8 *)"\x01\x01h", 3, &circuit,
					&remote));
	assert_false(kbng_opt82_matches((const u8 *)"\x02\x01y", 3, &circuit,
					&remote));
}

static const struct kbng_template_values values = {
	.host = "bng1",
	.ifname = "ens3.100",
	.mac = (const u8 *)"\x02\x00\x00\x0a\x0b\xff",
	.vlan = 100,
};

static void expands_to(const char *format, const char *expected)
{
	struct kbng_template_values v = values;
	struct kbng_id id;

	v.giaddr = htonl(0x0a400001);
	assert_true(kbng_template_valid(format));
	kbng_template_expand(&id, format, &v);
	assert_int_equal(id.len, strlen(expected));
	assert_memory_equal(id.data, expected, id.len);
}

static void test_template(void **state)
{
	(void)state;
	expands_to("", "");
	expands_to("plain", "plain");
	expands_to("{host}:{ifname}", "bng1:ens3.100");
	expands_to("{mac}", "02:00:00:0a:0b:ff");
	expands_to("v{vlan}/{giaddr}", "v100/10.64.0.1");
	expands_to(KBNG_TEMPLATE_CIRCUIT_ID, "bng1:ens3.100");
}

static void test_template_refused(void **state)
{
	(void)state;
	assert_false(kbng_template_valid("{hots}"));
	assert_false(kbng_template_valid("{host"));
	assert_false(kbng_template_valid("host}"));
	assert_false(kbng_template_valid("{{host}}"));
	assert_false(kbng_template_valid("{"));
}

static void test_template_cut(void **state)
{
	struct kbng_template_values v = values;
	struct kbng_id id;

	(void)state;
	v.host = "a-name-of-sixty-four-octets-which-is-the-most-that-linux-allows-";
	kbng_template_expand(&id, "{host}{host}{host}", &v);
	assert_int_equal(id.len, KBNG_ID_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_largest_fits_an_option),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_template_refused),
		cmocka_unit_test(test_template_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

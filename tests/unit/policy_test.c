// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "kbngd/policy.h"

static rc_handle *rh;

static int setup(void **state)
{
	char text[4096];
	size_t len;

	(void)state;
	rh = rc_config_init(rc_new());
	assert_non_null(rh);
	len = policy_dictionary(policy_default_rates,
				policy_default_rates_count, text, sizeof(text));
	assert_true(len > 0);
	return rc_read_dictionary_from_buffer(rh, text, len);
}

static int teardown(void **state)
{
	(void)state;
	rc_destroy(rh);
	return 0;
}

static void add_number(VALUE_PAIR **list, int vendor, int attribute,
		       uint32_t value)
{
	uint8_t raw[4] = { value >> 24, value >> 16, value >> 8, value };

	assert_non_null(rc_avpair_add(rh, list, attribute, raw, 4, vendor));
}

static void add_text(VALUE_PAIR **list, int vendor, int attribute,
		     const char *text)
{
	assert_non_null(rc_avpair_add(rh, list, attribute, text, strlen(text),
				      vendor));
}

static unsigned int by_default(VALUE_PAIR *pairs, struct kbng_policy *p)
{
	unsigned int bad = policy_from_pairs(policy_default_rates,
					     policy_default_rates_count, pairs,
					     p);

	rc_avpair_free(pairs);
	return bad;
}

static void test_nothing(void **state)
{
	struct kbng_policy p;

	(void)state;
	assert_int_equal(by_default(NULL, &p), 0);
	assert_int_equal(p.rate_up, 0);
	assert_int_equal(p.rate_down, 0);
	assert_string_equal(p.name, "");
}

static void test_kbng(void **state)
{
	VALUE_PAIR *list = NULL;
	struct kbng_policy p;

	(void)state;
	add_number(&list, 32473, 1, 5000);
	add_number(&list, 32473, 2, 20000);
	add_number(&list, 32473, 3, 15000);
	add_number(&list, 32473, 4, 65536);
	add_text(&list, 32473, 5, "home-20");
	assert_int_equal(by_default(list, &p), 0);
	assert_int_equal(p.rate_up, 5000000);
	assert_int_equal(p.rate_down, 20000000);
	assert_int_equal(p.burst_up, 15000);
	assert_int_equal(p.burst_down, 65536);
	assert_string_equal(p.name, "home-20");
}

static void test_quota(void **state)
{
	VALUE_PAIR *list = NULL;
	struct kbng_policy p;

	(void)state;
	add_number(&list, 32473, 14, 5000000);
	assert_int_equal(by_default(list, &p), 0);
	assert_int_equal(p.quota, 5000000);
	assert_int_equal(p.isolated, 0);
	list = NULL;
	add_number(&list, 32473, 16, 7);
	assert_int_equal(by_default(list, &p), 0);
	assert_int_equal(p.isolated, 1);
}

static void test_line(void **state)
{
	VALUE_PAIR *list = NULL;
	struct kbng_policy p;

	(void)state;
	add_number(&list, 32473, 8, 38);
	add_number(&list, 32473, 9, 84);
	assert_int_equal(by_default(list, &p), 0);
	assert_int_equal(p.overhead, 38);
	assert_int_equal(p.min_unit, 84);
	list = NULL;
	add_number(&list, 32473, 8, 256);
	add_number(&list, 32473, 9, 0xffffffff);
	assert_int_equal(by_default(list, &p), 2);
	assert_int_equal(p.overhead, 255);
	assert_int_equal(p.min_unit, 255);
}

static void test_wispr_and_filter_id(void **state)
{
	VALUE_PAIR *list = NULL;
	struct kbng_policy p;

	(void)state;
	add_number(&list, 14122, 8, 4000000000u);
	add_number(&list, 14122, 7, 64000);
	add_text(&list, 0, 11, "home-50");
	assert_int_equal(by_default(list, &p), 0);
	assert_true(p.rate_down == 4000000000ULL);
	assert_int_equal(p.rate_up, 64000);
	assert_string_equal(p.name, "home-50");
}

/* The order of the mappings decides, not that of the attributes. */
static void test_first_mapping_wins(void **state)
{
	VALUE_PAIR *list = NULL;
	struct kbng_policy p;

	(void)state;
	add_text(&list, 14988, 8, "1M/2M");
	add_number(&list, 14122, 7, 3000000);
	add_number(&list, 32473, 2, 4000);
	assert_int_equal(by_default(list, &p), 0);
	assert_int_equal(p.rate_up, 3000000);
	assert_int_equal(p.rate_down, 4000000);
}

static void test_out_of_range(void **state)
{
	VALUE_PAIR *list = NULL;
	struct kbng_policy p;

	(void)state;
	add_number(&list, 32473, 1, 1);			/* 1 kbit/s */
	add_number(&list, 32473, 2, 4000000000u);	/* 4 Tbit/s */
	assert_int_equal(by_default(list, &p), 2);
	assert_true(p.rate_up == KBNG_RATE_MIN);
	assert_true(p.rate_down == KBNG_RATE_MAX);
}

static void test_not_understood(void **state)
{
	VALUE_PAIR *list = NULL;
	struct kbng_policy p;

	(void)state;
	add_text(&list, 32473, 1, "5M");	/* two octets, no number */
	add_text(&list, 14988, 8, "fast");
	add_text(&list, 0, 11, "\033[2J");
	assert_int_equal(by_default(list, &p), 3);
	assert_int_equal(p.rate_up, 0);
	assert_string_equal(p.name, "");
}

static void test_units(void **state)
{
	static const struct policy_rate rates[] = {
		{ 32473, 1, POLICY_UP, POLICY_MBIT },
		{ 32473, 2, POLICY_DOWN, POLICY_OCTET },
	};
	VALUE_PAIR *list = NULL;
	struct kbng_policy p;

	(void)state;
	add_number(&list, 32473, 1, 10);
	add_number(&list, 32473, 2, 1000000);
	assert_int_equal(policy_from_pairs(rates, 2, list, &p), 0);
	rc_avpair_free(list);
	assert_int_equal(p.rate_up, 10000000);
	assert_int_equal(p.rate_down, 8000000);
}

static void test_mikrotik(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t up, down;
	} t[] = {
		{ "10M/20M", true, 10000000, 20000000 },
		{ "512k", true, 512000, 512000 },
		{ "1G/2500000", true, 1000000000, 2500000 },
		{ " 64K/128k ", true, 64000, 128000 },
		{ "1M/2M 2M/4M 1M/2M 10/10 8 256k/512k", true, 1000000,
		  2000000 },
		{ "0/0", true, 0, 0 },
		{ "", false, 0, 0 },
		{ "/10M", false, 0, 0 },
		{ "10M/", false, 0, 0 },
		{ "10M/20M/30M", false, 0, 0 },
		{ "10T", false, 0, 0 },
		{ "-1M", false, 0, 0 },
		{ "1.5M", false, 0, 0 },
		{ "99999999999999999999", false, 0, 0 },
		{ "18446744073709551615G", false, 0, 0 },
	};
	uint64_t up, down;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(policy_parse_mikrotik(t[i].text,
						       strlen(t[i].text), &up,
						       &down), t[i].ok);
		if (!t[i].ok)
			continue;
		assert_true(up == t[i].up);
		assert_true(down == t[i].down);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_kbng),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_quota),
		cmocka_unit_test(test_wispr_and_filter_id),
		cmocka_unit_test(test_first_mapping_wins),
		cmocka_unit_test(test_out_of_range),
		cmocka_unit_test(test_not_understood),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_mikrotik),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

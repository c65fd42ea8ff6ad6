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

static void add(struct kbng_opt82 *opt, u8 code, const char *text)
{
	kbng_opt82_add(opt, code, text, strlen(text));
}

static void test_add(void **state)
{
	struct kbng_opt82 opt = { .data = "\x01\x02hi", .len = 4 };

	(void)state;
	/* What is there stays, and the like does not come again. */
	add(&opt, 1, "olt3:1");
	add(&opt, 2, "r");
	add(&opt, 152, "");
	assert_int_equal(opt.len, 9);
	assert_memory_equal(opt.data, "\x01\x02hi\x02\x01r\x98\x00", 9);
	assert_false(opt.full);
	assert_true(kbng_opt82_has(opt.data, opt.len, 152));
	assert_false(kbng_opt82_has(opt.data, opt.len, 151));
}

static void test_room(void **state)
{
	struct kbng_opt82 opt = { .data = { 9, 249 }, .len = 251 };

	(void)state;
	add(&opt, 2, "xyz");
	assert_true(opt.full);
	assert_int_equal(opt.len, 251);
	opt.full = false;
	add(&opt, 2, "xy");
	assert_int_equal(opt.len, 255);
	add(&opt, 3, "");
	assert_true(opt.full);
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

static enum kbng_stat ids(const char *value, size_t len, const char *circuit,
			  const char *remote)
{
	struct kbng_id c, r;
	enum kbng_stat stat;

	stat = kbng_opt82_ids((const u8 *)value, len, &c, &r);
	if (stat)
		return stat;
	assert_int_equal(c.len, strlen(circuit));
	assert_memory_equal(c.data, circuit, c.len);
	assert_int_equal(r.len, strlen(remote));
	assert_memory_equal(r.data, remote, r.len);
	return stat;
}

static void test_ids(void **state)
{
	char big[2 + KBNG_ID_MAX + 1] = { 1, KBNG_ID_MAX + 1 };

	(void)state;
	assert_int_equal(ids("\x09\x01v\x02\x01x\x01\x02hi", 10, "hi", "x"), 0);
	assert_int_equal(ids("\x02\x01x", 3, "", "x"), 0);
	assert_int_equal(ids("\x09\x01v", 3, "", ""), 0);
	assert_int_equal(ids("\x01\x01" "a\x01\x01" "b", 6, "", ""),
			 KBNG_STAT_dhcp_opt82_malformed);
	assert_int_equal(ids("\x02\x00\x02\x01x", 5, "", ""),
			 KBNG_STAT_dhcp_opt82_malformed);
	assert_int_equal(ids(big, sizeof(big), "", ""),
			 KBNG_STAT_dhcp_opt82_too_long);
}

static void test_rates(void **state)
{
	/* Two vendors; ours has rates, one of a wrong length and more tags. */
	static const char value[] = "\x01\x02hi"
		"\x09\x29" "\x00\x00\x00\x09\x02" "ab"
		"\x00\x00\x0d\xe9\x1d"
		"\x81\x04\x00\x00\x27\x10" "\x82\x04\x00\x01\x86\xa0"
		"\x83\x02\x12\x34" "\x86\x04\xff\xff\xff\xff"
		"\x90\x03\x00\x00\x00" "\x88\x00";
	static const char cut[] = "\x09\x0a\x00\x00\x0d\xe9\x06\x81\x04\x00\x00\x27";
	struct kbng_line_rates r;

	(void)state;
	assert_true(kbng_opt82_valid((const u8 *)value, sizeof(value) - 1));
	kbng_opt82_rates((const u8 *)value, sizeof(value) - 1, &r);
	assert_int_equal(r.kbit[KBNG_LINE_ACTUAL_UP], 10000);
	assert_int_equal(r.kbit[KBNG_LINE_ACTUAL_DOWN], 100000);
	assert_int_equal(r.kbit[KBNG_LINE_MINIMUM_UP], 0);
	assert_int_equal(r.kbit[KBNG_LINE_ATTAINABLE_DOWN], 0xffffffff);
	kbng_opt82_rates((const u8 *)cut, sizeof(cut) - 1, &r);
	assert_int_equal(r.kbit[KBNG_LINE_ACTUAL_UP], 0);
}

static const struct kbng_template_values values = {
	.host = "bng1",
	.ifname = "ens3.100",
	.mac = (const u8 *)"\x02\x00\x00\x0a\x0b\xff",
	.cvlan = 100,
	.hostname = (const u8 *)"alice\0",
	.hostname_len = 5,
	.client_id = (const u8 *)"\x01\x02\xff",
	.client_id_len = 3,
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
	expands_to("{svlan}/{cvlan}", "0/100");
	expands_to("{hostname}@{host} {client_id}", "alice@bng1 0102ff");
	expands_to(KBNG_TEMPLATE_CIRCUIT_ID, "bng1:ens3.100");
}

static void test_template_two_tags(void **state)
{
	struct kbng_template_values v = values;
	struct kbng_id id;

	(void)state;
	v.svlan = 4094;
	kbng_template_expand(&id, "{vlan} {svlan} {cvlan}", &v);
	assert_int_equal(id.len, 17);
	assert_memory_equal(id.data, "4094.100 4094 100", id.len);
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

/* Neither told; or an identifier of more digits than there is room for. */
static void test_template_client(void **state)
{
	struct kbng_template_values v = values;
	struct kbng_id id;
	u8 long_id[255];

	(void)state;
	v.hostname = v.client_id = NULL;
	v.hostname_len = v.client_id_len = 0;
	kbng_template_expand(&id, "[{hostname}{client_id}]", &v);
	assert_int_equal(id.len, 2);
	memset(long_id, 0xab, sizeof(long_id));
	v.client_id = long_id;
	v.client_id_len = sizeof(long_id);
	kbng_template_expand(&id, "x{client_id}y", &v);
	assert_int_equal(id.len, KBNG_ID_MAX);
	assert_memory_equal(id.data + KBNG_ID_MAX - 3, "aba", 3);
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
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_template_two_tags),
		cmocka_unit_test(test_template_refused),
		cmocka_unit_test(test_template_client),
		cmocka_unit_test(test_template_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

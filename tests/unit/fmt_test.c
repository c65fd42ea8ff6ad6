// SPDX-License-Identifier: GPL-2.0-or-later
/* Values to text and back: lib/fmt.h, lib/parse.h, lib/names.h */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/fmt.h"
#include "lib/log.h"
#include "lib/names.h"
#include "lib/parse.h"

#define assert_text(call, text) do { \
	char buf[KBNG_FMT_SIZE]; \
	assert_string_equal(call, text); \
} while (0)

#define RATE(v)		kbng_fmt_rate(buf, sizeof(buf), v)
#define OCTETS(v)	kbng_fmt_octets(buf, sizeof(buf), v)
#define SHORT(v, b)	kbng_fmt_short(buf, sizeof(buf), v, b)
#define DURATION(v)	kbng_fmt_duration(buf, sizeof(buf), v)
#define PORT(s)		kbng_fmt_port(buf, sizeof(buf), s)
#define BLOB(s)		kbng_fmt_blob(buf, sizeof(buf), s, sizeof(s) - 1)

static void rates_are_si(void **state)
{
	(void)state;
	assert_text(RATE(0), "0 bit/s");
	assert_text(RATE(999), "999 bit/s");
	assert_text(RATE(64000), "64 kbit/s");
	assert_text(RATE(1500000), "1.5 Mbit/s");
	assert_text(RATE(1050000), "1.05 Mbit/s");
	assert_text(RATE(50000000), "50 Mbit/s");
	assert_text(RATE(KBNG_RATE_MAX), "400 Gbit/s");
	assert_text(RATE(UINT64_MAX), "18.44 Ebit/s");
}

static void a_port_has_its_tags(void **state)
{
	struct kbng_session_info s = { .ifname = "acc0" };

	(void)state;
	assert_text(PORT(&s), "acc0");
	s.vlan = 100;
	assert_text(PORT(&s), "acc0:100");
	s.inner_vlan = 7;
	assert_text(PORT(&s), "acc0:100.7");
	s.vlan = 4094;
	s.inner_vlan = 4094;
	strcpy(s.ifname, "fifteen-letters");
	assert_text(PORT(&s), "fifteen-letters:4094.4094");
}

static void what_was_counted_is_never_rounded_up(void **state)
{
	(void)state;
	assert_text(RATE(999999), "999.99 kbit/s");
	assert_text(OCTETS(1023), "1023 B");
	assert_text(OCTETS(1024 * 1024 - 1), "1023.99 KiB");
	assert_text(OCTETS(1299227608), "1.21 GiB");
	assert_text(OCTETS(UINT64_MAX), "15.99 EiB");
	assert_text(SHORT(10000000, false), "10M");
	assert_text(SHORT(1536, true), "1.5Ki");
	assert_text(SHORT(0, true), "0");
}

static void durations_have_two_units(void **state)
{
	(void)state;
	assert_text(DURATION(0), "0s");
	assert_text(DURATION(59), "59s");
	assert_text(DURATION(60), "1m0s");
	assert_text(DURATION(3599), "59m59s");
	assert_text(DURATION(11520), "3h12m");
	assert_text(DURATION(86400 * 2 + 3600 * 4 + 59), "2d4h");
	assert_text(DURATION(UINT64_MAX), "213503982334601d7h");
}

static void a_small_buffer_is_never_overrun(void **state)
{
	static const uint8_t uuid[KBNG_UUID_LEN];
	uint8_t hostile[KBNG_ID_MAX];
	char guard[16];
	size_t size;

	(void)state;
	memset(hostile, 0xff, sizeof(hostile));
	for (size = 1; size < sizeof(guard); size++) {
		memset(guard, 'G', sizeof(guard));
		kbng_fmt_rate(guard, size, UINT64_MAX);
		kbng_fmt_octets(guard, size, UINT64_MAX);
		kbng_fmt_duration(guard, size, UINT64_MAX);
		kbng_fmt_mac(guard, size, uuid);
		kbng_fmt_uuid(guard, size, uuid);
		kbng_fmt_blob(guard, size, hostile, sizeof(hostile));
		kbng_fmt_blob(guard, size, "plain text that is longer", 25);
		assert_non_null(memchr(guard, '\0', size));
		assert_int_equal(guard[size], 'G');
	}
}

static void subscribers_cannot_drive_a_terminal(void **state)
{
	unsigned int octet;

	(void)state;
	assert_text(BLOB("\033]0;owned\007"), "0x1b5d303b6f776e656407");
	assert_text(BLOB("a\nb"), "0x610a62");
	assert_text(BLOB("a\tb"), "0x610962");
	assert_text(BLOB("a\0b"), "0x610062");
	assert_text(BLOB("\x9b""31m"), "0x9b33316d");
	assert_text(BLOB("\xe2\x80\xae"), "0xe280ae");
	for (octet = 0; octet < 256; octet++) {
		uint8_t one = octet;
		char text[KBNG_FMT_SIZE];
		const char *p;

		for (p = kbng_fmt_blob(text, sizeof(text), &one, 1); *p; p++)
			assert_in_range(*p, 0x20, 0x7e);
	}
}

static void no_two_blobs_look_the_same(void **state)
{
	(void)state;
	assert_text(BLOB(""), "");
	assert_text(BLOB("olt3/1/7:100"), "olt3/1/7:100");
	assert_text(BLOB("-"), "0x2d");
	assert_text(BLOB("0x41"), "0x30783431");
	assert_text(BLOB("0X41"), "0x30583431");
	assert_text(BLOB("0"), "0");
	assert_text(BLOB("--"), "--");
}

static void blobs_come_back_as_they_went(void **state)
{
	struct kbng_blob in, out;
	char buf[KBNG_FMT_SIZE];
	unsigned int seed = 1;
	unsigned int i;
	unsigned int n;

	(void)state;
	for (n = 0; n < 2000; n++) {
		in.len = n % KBNG_ID_MAX + 1;
		for (i = 0; i < in.len; i++) {
			seed = seed * 1103515245 + 12345;
			in.data[i] = n % 2 ? seed >> 16 : 0x20 + (seed >> 16) % 95;
		}
		kbng_fmt_blob(buf, sizeof(buf), in.data, in.len);
		assert_true(kbng_parse_blob(buf, &out));
		assert_int_equal(out.len, in.len);
		assert_memory_equal(out.data, in.data, in.len);
	}
}

static void bad_blobs_are_refused(void **state)
{
	char longer[KBNG_ID_MAX + 2];
	struct kbng_blob out = { .len = 7 };

	(void)state;
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_false(kbng_parse_blob("", &out));
	assert_false(kbng_parse_blob("0x", &out));
	assert_false(kbng_parse_blob("0x1", &out));
	assert_false(kbng_parse_blob("0x1g", &out));
	assert_false(kbng_parse_blob(longer, &out));
	assert_int_equal(out.len, 7);
	longer[KBNG_ID_MAX] = '\0';
	assert_true(kbng_parse_blob(longer, &out));
	assert_int_equal(out.len, KBNG_ID_MAX);
}

static void uuids_and_macs_both_ways(void **state)
{
	const char *text = "3f2a9c11-0b7e-4d25-a6f0-0123456789ab";
	uint8_t uuid[KBNG_UUID_LEN];
	uint8_t mac[KBNG_MAC_LEN];
	char buf[KBNG_UUID_TEXT];

	(void)state;
	assert_true(kbng_parse_uuid(text, uuid));
	assert_string_equal(kbng_fmt_uuid(buf, sizeof(buf), uuid), text);
	assert_true(kbng_parse_uuid("3F2A9C11-0B7E-4D25-A6F0-0123456789AB", uuid));
	assert_string_equal(kbng_fmt_uuid(buf, sizeof(buf), uuid), text);
	assert_false(kbng_parse_uuid("", uuid));
	assert_false(kbng_parse_uuid("3f2a9c11", uuid));
	assert_false(kbng_parse_uuid("3f2a9c11-0b7e-4d25-a6f0-0123456789a", uuid));
	assert_false(kbng_parse_uuid("3f2a9c11-0b7e-4d25-a6f0-0123456789abc", uuid));
	assert_false(kbng_parse_uuid("3f2a9c110b7e-4d25-a6f0-0123456789abcd", uuid));

	assert_true(kbng_parse_mac("52:54:00:12:34:5F", mac));
	assert_string_equal(kbng_fmt_mac(buf, sizeof(buf), mac), "52:54:00:12:34:5f");
	assert_true(kbng_parse_mac("2-4-0-1-3-f", mac));
	assert_string_equal(kbng_fmt_mac(buf, sizeof(buf), mac), "02:04:00:01:03:0f");
	assert_false(kbng_parse_mac("", mac));
	assert_false(kbng_parse_mac("52:54:00:12:34", mac));
	assert_false(kbng_parse_mac("52:54:00:12:34:56:78", mac));
	assert_false(kbng_parse_mac("52:54:00:12:34:", mac));
	assert_false(kbng_parse_mac("52:54:00:12:34:5g", mac));
	assert_false(kbng_parse_mac("525400123456", mac));
}

static void prefixes_both_ways(void **state)
{
	static const char *const same[] = {
		"2001:db8:1::/56", "2001:db8::1", "::/0", "fe80::1/64",
		"10.1.0.0/24", "192.0.2.1/32",
	};
	static const char *const bad[] = {
		"", "/64", "2001:db8::/", "2001:db8::/129", "2001:db8::/-1",
		"2001:db8::/6 4", "10.0.0.0/33", "2001:db8:::1", "2001:db8::g/64",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/64",
	};
	struct kbng_prefix prefix, before;
	char buf[KBNG_FMT_SIZE];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_true(kbng_parse_prefix(same[i], &prefix));
		assert_string_equal(kbng_fmt_prefix(buf, sizeof(buf), &prefix),
				    same[i]);
	}
	assert_true(kbng_is_route4(&prefix));
	assert_true(kbng_parse_prefix("10.0.0.1", &prefix));
	assert_int_equal(prefix.len, 128);
	assert_true(kbng_parse_prefix("2001:DB8::1/128", &prefix));
	assert_false(kbng_is_route4(&prefix));
	assert_string_equal(kbng_fmt_prefix(buf, sizeof(buf), &prefix),
			    "2001:db8::1");
	before = prefix;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(kbng_parse_prefix(bad[i], &prefix));
	assert_memory_equal(&prefix, &before, sizeof(prefix));
}

static void subnets_both_ways(void **state)
{
	static const char *const same[] = {
		"192.0.2.0/24", "10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32",
	};
	static const char *const bad[] = {
		"", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1",
		"192.0.2/24", "2001:db8::/32", "192.0.2.0/2 4", "192.0.2.256/24",
	};
	struct kbng_subnet subnet, before;
	char buf[KBNG_FMT_SIZE];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_true(kbng_parse_subnet(same[i], &subnet));
		assert_string_equal(kbng_fmt_subnet(buf, sizeof(buf), &subnet),
				    same[i]);
	}
	assert_true(kbng_parse_subnet("192.0.2.7", &subnet));
	assert_string_equal(kbng_fmt_subnet(buf, sizeof(buf), &subnet),
			    "192.0.2.7/32");
	before = subnet;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(kbng_parse_subnet(bad[i], &subnet));
	assert_memory_equal(&subnet, &before, sizeof(subnet));
}

static void rates_are_read(void **state)
{
	static const struct {
		const char *text;
		uint64_t bps;
	} good[] = {
		{ "0", 0 }, { "64000", 64000 }, { "64k", 64000 }, { "64K", 64000 },
		{ "10M", 10000000 }, { "10Mbit", 10000000 }, { "10 Mbit/s", 10000000 },
		{ "10mbps", 10000000 }, { "2.5Gbit", 2500000000 }, { "1.5M", 1500000 },
		{ "0.4T", KBNG_RATE_MAX }, { "400G", KBNG_RATE_MAX },
		{ "64000.0", 64000 }, { "1G", 1000000000 }, { "64000bit/s", 64000 },
	};
	static const char *const bad[] = {
		"", " ", "k", "M", "bit", ".", "1.", ".5M", "1..5M", "1.5.5M", "-1M",
		"+10M", "10MB", "10MiB", "10 M x", "10M bit", "1e6", "0x10", "63999",
		"401G", "400.1G", "18446744073709551616", "99999999999999999999M",
		"64000.5", "0.00000001k", "10M\n", "1,5M",
	};
	uint64_t bps;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(kbng_parse_rate(good[i].text, &bps));
		assert_int_equal(bps, good[i].bps);
	}
	bps = 42;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (kbng_parse_rate(bad[i], &bps))
			fail_msg("\"%s\" is no rate", bad[i]);
	}
	assert_int_equal(bps, 42);
}

static void numbers_times_and_octets_are_read(void **state)
{
	uint64_t value = 42;

	(void)state;
	assert_false(kbng_parse_number("", 10, &value));
	assert_false(kbng_parse_number("11", 10, &value));
	assert_false(kbng_parse_number("-1", 10, &value));
	assert_false(kbng_parse_number(" 1", 10, &value));
	assert_false(kbng_parse_number("18446744073709551616", UINT64_MAX, &value));
	assert_false(kbng_parse_duration("1w", UINT32_MAX, &value));
	assert_false(kbng_parse_duration("4294967296", UINT32_MAX, &value));
	assert_false(kbng_parse_octets("0.5", UINT32_MAX, &value));
	assert_false(kbng_parse_octets("4GiB", UINT32_MAX, &value));
	assert_int_equal(value, 42);
	assert_true(kbng_parse_number("18446744073709551615", UINT64_MAX, &value));
	assert_int_equal(value, UINT64_MAX);
	assert_true(kbng_parse_duration("1.5h", UINT32_MAX, &value));
	assert_int_equal(value, 5400);
	assert_true(kbng_parse_octets("1.5KiB", UINT32_MAX, &value));
	assert_int_equal(value, 1536);
}

static void names_both_ways(void **state)
{
	const struct kbng_names *sets[] = {
		&kbng_states, &kbng_roles, &kbng_shapers, &kbng_causes, &kbng_dhcp_types,
	};
	uint32_t value = 42;
	uint32_t i;
	size_t set;

	(void)state;
	for (set = 0; set < sizeof(sets) / sizeof(sets[0]); set++) {
		for (i = 0; i < sets[set]->count; i++) {
			if (!sets[set]->name[i])
				continue;
			assert_true(kbng_name_parse(sets[set], kbng_name(sets[set], i),
						    &value));
			assert_int_equal(value, i);
		}
		assert_string_equal(kbng_name(sets[set], UINT32_MAX), "unknown");
		assert_string_equal(kbng_name(sets[set], sets[set]->count), "unknown");
		assert_false(kbng_name_parse(sets[set], "unknown", &value));
		assert_false(kbng_name_parse(sets[set], "", &value));
	}
	assert_string_equal(kbng_name(&kbng_states, 0), "unknown");
	assert_true(kbng_name_parse(&kbng_states, "Active", &value));
	assert_int_equal(value, KBNG_STATE_ACTIVE);
	for (i = KBNG_CAUSE_USER_REQUEST; i <= KBNG_CAUSE_MAX; i++)
		assert_string_not_equal(kbng_name(&kbng_causes, i), "unknown");
}

static void log_levels_have_names(void **state)
{
	enum kbng_log_level level = KBNG_LOG_INFO;

	(void)state;
	assert_true(kbng_log_level_parse("debug", &level));
	assert_int_equal(level, KBNG_LOG_DEBUG);
	assert_true(kbng_log_level_parse("error", &level));
	assert_int_equal(level, KBNG_LOG_ERROR);
	assert_false(kbng_log_level_parse("loud", &level));
	assert_int_equal(level, KBNG_LOG_ERROR);
}

static void attributes_have_names(void **state)
{
	const uint8_t all[] =
		"\x58\x06" "gold" "\x01\x04" "a\n" "\x64\x03" "p"
		"\xa9\x12\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x53"
		"\xaa\x0a\x00\x30\x20\x01\x0d\xb8\x00\x01"
		"\xaa\x04\x00\x00" "\xac\x03s" "\xab\x03" "d" "\xff\x02";
	const uint8_t wrong[] = "\xa9\x03\x01" "\xaa\x03\x00" "\xaa\x04\x00\x01";
	char buf[1024], tiny[20];

	(void)state;
	assert_string_equal(kbng_fmt_radius(buf, sizeof(buf), all, sizeof(all) - 1),
		"Framed-Pool gold, User-Name 0x610a, Framed-IPv6-Pool p, "
		"DNS-Server-IPv6-Address 2001:db8::53, "
		"Route-IPv6-Information 2001:db8:1::/48, Route-IPv6-Information ::/0, "
		"Stateful-IPv6-Address-Pool s, Delegated-IPv6-Prefix-Pool d, "
		"attribute 255 ");
	assert_string_equal(kbng_fmt_radius(buf, sizeof(buf), wrong, sizeof(wrong) - 1),
		"DNS-Server-IPv6-Address 0x01, Route-IPv6-Information 0x00, "
		"Route-IPv6-Information 0x0001");
	assert_string_equal(kbng_fmt_radius(buf, sizeof(buf), all, 0), "");
	assert_string_equal(kbng_fmt_radius(buf, sizeof(buf), all, 5), "0x5806676f6c");
	assert_string_equal(kbng_fmt_radius(buf, sizeof(buf), all, 1), "X");
	assert_string_equal(kbng_fmt_radius(tiny, sizeof(tiny), all, sizeof(all) - 1),
			    "Framed-Pool gold, U");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_si),
		cmocka_unit_test(a_port_has_its_tags),
		cmocka_unit_test(what_was_counted_is_never_rounded_up),
		cmocka_unit_test(durations_have_two_units),
		cmocka_unit_test(a_small_buffer_is_never_overrun),
		cmocka_unit_test(subscribers_cannot_drive_a_terminal),
		cmocka_unit_test(no_two_blobs_look_the_same),
		cmocka_unit_test(blobs_come_back_as_they_went),
		cmocka_unit_test(bad_blobs_are_refused),
		cmocka_unit_test(attributes_have_names),
		cmocka_unit_test(uuids_and_macs_both_ways),
		cmocka_unit_test(prefixes_both_ways),
		cmocka_unit_test(subnets_both_ways),
		cmocka_unit_test(rates_are_read),
		cmocka_unit_test(numbers_times_and_octets_are_read),
		cmocka_unit_test(names_both_ways),
		cmocka_unit_test(log_levels_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

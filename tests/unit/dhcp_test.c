// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmod/dhcp.c: what is read, what is refused and under which name, and that
 * editing option 82 leaves the rest of a message alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../../kmod/dhcp.c"
#include "dhcp_msg.h"

/* A copy of exactly that size, so that ASan sees every read past it. */
static enum kbng_stat parse_len(const struct dhcp_msg *d, size_t len,
				struct kbng_dhcp *m)
{
	u8 *copy = malloc(len ? len : 1);
	enum kbng_stat stat;

	memcpy(copy, d->buf, len);
	stat = kbng_dhcp_parse(copy, len, m);
	free(copy);
	return stat;
}

static enum kbng_stat parse(const struct dhcp_msg *d, struct kbng_dhcp *m)
{
	return parse_len(d, d->len, m);
}

static void dhcp_discover(struct dhcp_msg *d)
{
	dhcp_msg_start(d, KBNG_DHCP_BOOTREQUEST);
	dhcp_msg_type(d, KBNG_DHCP_DISCOVER);
	dhcp_msg_option(d, KBNG_DHCP_OPT_HOSTNAME, "alice", 5);
	dhcp_msg_option(d, 61, "\x01\x02\x00\x00\x00\x00\x07", 7);
	dhcp_msg_option(d, KBNG_DHCP_OPT_REQUESTED, "\x0a\x40\x00\x09", 4);
}

static void test_fields(void **state)
{
	struct kbng_dhcp m;
	struct dhcp_msg d;

	(void)state;
	dhcp_discover(&d);
	d.buf[KBNG_DHCP_OFF_FLAGS] = 0x80;
	d.buf[KBNG_DHCP_OFF_HOPS] = 3;
	dhcp_msg_end(&d, 300);
	assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
	assert_int_equal(m.op, KBNG_DHCP_BOOTREQUEST);
	assert_int_equal(m.type, KBNG_DHCP_DISCOVER);
	assert_int_equal(ntohl(m.xid), 0x12345678);
	assert_int_equal(ntohl(m.requested), 0x0a400009);
	assert_int_equal(m.hops, 3);
	assert_true(m.broadcast);
	assert_false(m.has_lease);
	assert_int_equal(m.hostname.len, 5);
	assert_memory_equal(d.buf + m.hostname.off, "alice", 5);
	assert_int_equal(m.relay.len, 0);
	assert_int_equal(d.buf[m.end], KBNG_DHCP_OPT_END);
}

/* Before End every cut must be refused, behind it there is only padding. */
static void test_cut_anywhere(void **state)
{
	struct kbng_dhcp m;
	struct dhcp_msg d;
	size_t end, len;

	(void)state;
	dhcp_discover(&d);
	end = d.len;
	dhcp_msg_end(&d, 320);
	for (len = 0; len <= end; len++)
		assert_int_not_equal(parse_len(&d, len, &m), KBNG_STAT_NONE);
	for (; len <= d.len; len++)
		assert_int_equal(parse_len(&d, len, &m), KBNG_STAT_NONE);
	assert_int_equal(parse_len(&d, 239, &m), KBNG_STAT_dhcp_truncated);
	assert_int_equal(parse_len(&d, end, &m), KBNG_STAT_dhcp_no_end);
	assert_int_equal(parse_len(&d, end - 1, &m),
			 KBNG_STAT_dhcp_option_overrun);
}

static void test_refused_by_name(void **state)
{
	struct kbng_dhcp m;
	struct dhcp_msg d;

	(void)state;
	dhcp_discover(&d);
	dhcp_msg_end(&d, 300);

	d.buf[KBNG_DHCP_OFF_OP] = 3;
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_bad_op);
	d.buf[KBNG_DHCP_OFF_OP] = KBNG_DHCP_BOOTREQUEST;

	d.buf[KBNG_DHCP_OFF_HLEN] = 255;
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_bad_hlen);
	d.buf[KBNG_DHCP_OFF_HLEN] = 6;
	d.buf[KBNG_DHCP_OFF_HTYPE] = 6;
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_bad_hlen);
	d.buf[KBNG_DHCP_OFF_HTYPE] = 1;

	d.buf[KBNG_DHCP_OFF_MAGIC] ^= 1;
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_bad_magic);
	d.buf[KBNG_DHCP_OFF_MAGIC] ^= 1;

	assert_int_equal(parse_len(&d, KBNG_DHCP_LEN_MAX + 1, &m),
			 KBNG_STAT_dhcp_oversized);
	assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);

	dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
	dhcp_msg_end(&d, 300);
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_no_type);
}

static void test_option_lengths(void **state)
{
	static const u8 codes[] = {
		KBNG_DHCP_OPT_TYPE, KBNG_DHCP_OPT_OVERLOAD,
		KBNG_DHCP_OPT_REQUESTED, KBNG_DHCP_OPT_LEASE
	};
	struct kbng_dhcp m;
	struct dhcp_msg d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes); i++) {
		dhcp_msg_start(&d, KBNG_DHCP_BOOTREPLY);
		dhcp_msg_option(&d, codes[i], "\0\0\0\0\0\0", 6);
		dhcp_msg_end(&d, 300);
		assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_option_length);
	}
}

/* Once, or twice the same; otherwise two readers see two messages. */
static void test_option_twice(void **state)
{
	static const struct {
		u8 code, len;
	} options[] = {
		{ KBNG_DHCP_OPT_TYPE, 1 },
		{ KBNG_DHCP_OPT_OVERLOAD, 1 },
		{ KBNG_DHCP_OPT_REQUESTED, 4 },
		{ KBNG_DHCP_OPT_LEASE, 4 },
	};
	u8 first[4] = { 1, 1, 1, 1 }, second[4];
	struct kbng_dhcp m;
	struct dhcp_msg d;

	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		for (int change = 0; change < 2; change++) {
			memcpy(second, first, sizeof(second));
			second[options[i].len - 1] += change;
			dhcp_msg_start(&d, KBNG_DHCP_BOOTREPLY);
			dhcp_msg_option(&d, options[i].code, first,
					options[i].len);
			dhcp_msg_option(&d, options[i].code, second,
					options[i].len);
			if (options[i].code != KBNG_DHCP_OPT_TYPE)
				dhcp_msg_type(&d, KBNG_DHCP_ACK);
			dhcp_msg_end(&d, 300);
			assert_int_equal(parse(&d, &m), change ?
					 KBNG_STAT_dhcp_option_length :
					 KBNG_STAT_NONE);
		}
	}
	/* Half of it here, half of it there; and one in file that differs. */
	dhcp_msg_start(&d, KBNG_DHCP_BOOTREPLY);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_LEASE, "\0\0", 2);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_LEASE, "\0\x3c", 2);
	dhcp_msg_end(&d, 300);
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_option_length);
	dhcp_msg_start(&d, KBNG_DHCP_BOOTREPLY);
	dhcp_msg_type(&d, KBNG_DHCP_ACK);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_OVERLOAD, "\x01", 1);
	dhcp_msg_end(&d, 300);
	memcpy(d.buf + KBNG_DHCP_OFF_FILE, "\x35\x01\x06\xff", 4);
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_option_length);
}

static void test_rapid_commit(void **state)
{
	struct kbng_dhcp m;
	struct dhcp_msg d;

	(void)state;
	dhcp_discover(&d);
	dhcp_msg_end(&d, 300);
	assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
	assert_false(m.rapid_commit);
	dhcp_discover(&d);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_RAPID_COMMIT, "", 0);
	dhcp_msg_end(&d, 300);
	assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
	assert_true(m.rapid_commit);
	dhcp_discover(&d);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_RAPID_COMMIT, "x", 1);
	dhcp_msg_end(&d, 300);
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_option_length);
}

/* Whatever stands before it: padding, long options, nothing. */
static void test_type_anywhere(void **state)
{
	u8 filler[255] = { 0 };
	struct kbng_dhcp m;
	struct dhcp_msg d;
	int before;

	(void)state;
	for (before = 0; before < 5; before++) {
		dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
		for (int i = 0; i < before; i++)
			dhcp_msg_option(&d, 43, filler, 200 + i);
		d.len += before;
		dhcp_msg_type(&d, KBNG_DHCP_REQUEST);
		dhcp_msg_end(&d, 1400);
		assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
		assert_int_equal(m.type, KBNG_DHCP_REQUEST);
	}
}

static void test_overload(void **state)
{
	struct kbng_dhcp m;
	struct dhcp_msg d;
	u8 overload;

	(void)state;
	/* Type in file, lease time in sname. */
	for (overload = 1; overload <= 3; overload++) {
		dhcp_msg_start(&d, KBNG_DHCP_BOOTREPLY);
		dhcp_msg_option(&d, KBNG_DHCP_OPT_OVERLOAD, &overload, 1);
		dhcp_msg_end(&d, 300);
		memcpy(d.buf + KBNG_DHCP_OFF_FILE, "\x35\x01\x05\xff", 4);
		memcpy(d.buf + KBNG_DHCP_OFF_SNAME,
		       "\x33\x04\x00\x00\x0e\x10\xff", 7);
		if (overload == 2) {
			assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_no_type);
			continue;
		}
		assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
		assert_int_equal(m.type, KBNG_DHCP_ACK);
		assert_int_equal(m.has_lease, overload == 3);
		if (overload == 3)
			assert_int_equal(m.lease, 3600);
	}
	/* An option that would leave file for what is behind it. */
	d.buf[KBNG_DHCP_OFF_FILE + 126] = 12;
	memset(d.buf + KBNG_DHCP_OFF_FILE, 0, 126);
	d.buf[KBNG_DHCP_OFF_FILE + 127] = 1;
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_option_overrun);
}

static void test_relay_option_refused(void **state)
{
	struct kbng_dhcp m;
	struct dhcp_msg d;
	u8 overload = 1;

	(void)state;
	dhcp_discover(&d);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_RELAY, "", 0);
	dhcp_msg_end(&d, 300);
	assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_opt82_malformed);

	/* In file, alone and as the second part. */
	for (int parts = 1; parts <= 2; parts++) {
		dhcp_discover(&d);
		dhcp_msg_option(&d, KBNG_DHCP_OPT_OVERLOAD, &overload, 1);
		if (parts == 2)
			dhcp_msg_option(&d, KBNG_DHCP_OPT_RELAY, "\x02\x01y", 3);
		dhcp_msg_end(&d, 300);
		memcpy(d.buf + KBNG_DHCP_OFF_FILE, "\x52\x03\x01\x01x\xff", 6);
		assert_int_equal(parse(&d, &m), KBNG_STAT_dhcp_opt82_malformed);
	}
}

/* Cut at every octet, with and without others around: always the same value. */
static void test_join_relay(void **state)
{
	static const u8 value[] = "\x01\x03" "abc" "\x02\x04" "wxyz";
	const u8 len = sizeof(value) - 1;
	struct kbng_dhcp m;
	struct dhcp_msg d;
	u8 *p;

	(void)state;
	for (u8 cut = 1; cut < len; cut++) {
		dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
		d.len += cut % 3;
		dhcp_msg_option(&d, KBNG_DHCP_OPT_RELAY, value, cut);
		dhcp_msg_option(&d, KBNG_DHCP_OPT_HOSTNAME, "alice", 5);
		d.len += cut % 3;
		dhcp_msg_option(&d, KBNG_DHCP_OPT_RELAY, value + cut, len - cut);
		dhcp_msg_type(&d, KBNG_DHCP_DISCOVER);
		dhcp_msg_end(&d, cut % 2 ? 300 : 0);
		assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
		assert_true(m.relay_split);
		assert_int_equal(kbng_dhcp_join_relay(d.buf, d.len, &m),
				 KBNG_STAT_NONE);
		assert_false(m.relay_split);
		assert_int_equal(m.relay.len, len);
		assert_memory_equal(d.buf + m.relay.off, value, len);
		assert_memory_equal(d.buf + m.hostname.off, "alice", 5);
		assert_int_equal(m.type, KBNG_DHCP_DISCOVER);
		/* Behind all others, and padding up to End. */
		for (p = d.buf + m.relay.off + len; p < d.buf + m.end; p++)
			assert_int_equal(*p, KBNG_DHCP_OPT_PAD);
		kbng_dhcp_strip_relay(d.buf, d.len, &m);
		assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
		assert_int_equal(m.relay.len, 0);
	}
}

/* 255 octets, in as many parts as can be, and one more. */
static void test_join_relay_length(void **state)
{
	struct kbng_dhcp m;
	struct dhcp_msg d;

	(void)state;
	for (int n = 255; n <= 256; n++) {
		dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
		for (int i = 0; i < n; i++)
			dhcp_msg_option(&d, KBNG_DHCP_OPT_RELAY, "x", 1);
		dhcp_msg_type(&d, KBNG_DHCP_DISCOVER);
		dhcp_msg_end(&d, 0);
		assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
		assert_int_equal(kbng_dhcp_join_relay(d.buf, d.len, &m),
				 n == 255 ? KBNG_STAT_NONE :
					    KBNG_STAT_dhcp_opt82_too_long);
		if (n == 255)
			assert_int_equal(m.relay.len, 255);
	}
}

static void test_insert_then_strip(void **state)
{
	static const size_t lens[] = { 0, 300, 320, 548, 1400 };
	struct dhcp_msg d, before;
	struct kbng_dhcp m, m2;
	u8 value[200];
	size_t i, len;

	(void)state;
	memset(value, 'v', sizeof(value));
	for (i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		dhcp_discover(&d);
		dhcp_msg_end(&d, lens[i]);
		before = d;
		assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
		len = kbng_dhcp_insert_relay(d.buf, d.len, sizeof(d.buf), &m,
					     value, sizeof(value));
		assert_true(len >= KBNG_DHCP_LEN_PAD);
		assert_true(len >= lens[i]);
		d.len = len;
		assert_int_equal(parse(&d, &m2), KBNG_STAT_NONE);
		assert_int_equal(m2.relay.len, sizeof(value));
		assert_memory_equal(d.buf + m2.relay.off, value, sizeof(value));
		/* The last option, right before End. */
		assert_int_equal(m2.relay.off + m2.relay.len, m2.end);
		assert_memory_equal(d.buf, before.buf, m.end);

		kbng_dhcp_strip_relay(d.buf, d.len, &m2);
		assert_int_equal(parse(&d, &m2), KBNG_STAT_NONE);
		assert_int_equal(m2.relay.len, 0);
		assert_memory_equal(d.buf, before.buf, m.end + 1);
	}
}

static void test_strip_keeps_what_follows(void **state)
{
	struct kbng_dhcp m;
	struct dhcp_msg d;

	(void)state;
	dhcp_msg_start(&d, KBNG_DHCP_BOOTREPLY);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_RELAY, "\x01\x02hi", 4);
	dhcp_msg_type(&d, KBNG_DHCP_ACK);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_LEASE, "\xff\xff\xff\xff", 4);
	dhcp_msg_end(&d, 300);
	assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
	kbng_dhcp_strip_relay(d.buf, d.len, &m);
	assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
	assert_int_equal(m.type, KBNG_DHCP_ACK);
	assert_int_equal(m.lease, U32_MAX);
	assert_int_equal(m.relay.len, 0);
}

static void test_insert_without_room(void **state)
{
	struct dhcp_msg d, before;
	struct kbng_dhcp m;
	u8 value[100] = { 0 };

	(void)state;
	dhcp_discover(&d);
	dhcp_msg_end(&d, 0);
	assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
	before = d;
	assert_int_equal(kbng_dhcp_insert_relay(d.buf, d.len, d.len + 101, &m,
						value, sizeof(value)), 0);
	assert_memory_equal(d.buf, before.buf, sizeof(d.buf));
	assert_int_equal(kbng_dhcp_insert_relay(d.buf, d.len, d.len + 102, &m,
						value, sizeof(value)),
			 d.len + 102);
}

static const __be32 wanted = 0x4d01400a;

static size_t ask(struct dhcp_msg *d, struct kbng_dhcp *m)
{
	struct kbng_dhcp again;
	size_t len;

	assert_int_equal(parse(d, m), KBNG_STAT_NONE);
	len = kbng_dhcp_ask_for(d->buf, d->len, sizeof(d->buf), m, wanted);
	d->len = len;
	assert_int_equal(parse(d, &again), KBNG_STAT_NONE);
	assert_memory_equal(m, &again, sizeof(again));
	return len;
}

static void test_ask_for(void **state)
{
	struct dhcp_msg d, before;
	struct kbng_dhcp m;

	(void)state;
	dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
	dhcp_msg_type(&d, KBNG_DHCP_DISCOVER);
	dhcp_msg_end(&d, 300);
	assert_int_equal(ask(&d, &m), 300);
	assert_int_equal(m.requested, wanted);

	dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
	dhcp_msg_type(&d, KBNG_DHCP_REQUEST);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_REQUESTED, "\x0a\x00\x00\x01", 4);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_HOSTNAME, "hi", 2);
	dhcp_msg_end(&d, 0);
	assert_int_equal(ask(&d, &m), d.len);
	assert_int_equal(m.requested, wanted);

	/* Who renews says in ciaddr what it has. */
	dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
	dhcp_msg_type(&d, KBNG_DHCP_REQUEST);
	dhcp_msg_end(&d, 300);
	before = d;
	assert_int_equal(ask(&d, &m), 300);
	assert_memory_equal(d.buf, before.buf, sizeof(d.buf));
}

/* Each of them, or the message would contradict itself. */
static void test_ask_for_everywhere(void **state)
{
	static const u8 option[] = { 50, 4, 10, 0, 0, 1, 255 };
	struct kbng_dhcp m;
	struct dhcp_msg d;

	(void)state;
	dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
	dhcp_msg_type(&d, KBNG_DHCP_DISCOVER);
	dhcp_msg_option(&d, KBNG_DHCP_OPT_OVERLOAD, "\x03", 1);
	memcpy(d.buf + KBNG_DHCP_OFF_FILE, option, sizeof(option));
	memcpy(d.buf + KBNG_DHCP_OFF_SNAME + 1, option, sizeof(option));
	dhcp_msg_end(&d, 0);
	assert_int_equal(ask(&d, &m), d.len);
	assert_int_equal(m.requested, wanted);

	/* A name that looks like it is none. */
	dhcp_msg_start(&d, KBNG_DHCP_BOOTREQUEST);
	dhcp_msg_type(&d, KBNG_DHCP_DISCOVER);
	memcpy(d.buf + KBNG_DHCP_OFF_FILE, option, sizeof(option));
	dhcp_msg_end(&d, 0);
	ask(&d, &m);
	assert_memory_equal(d.buf + KBNG_DHCP_OFF_FILE, option, sizeof(option));
}

static void test_ask_for_without_room(void **state)
{
	struct dhcp_msg d, before;
	struct kbng_dhcp m;

	(void)state;
	dhcp_discover(&d);
	dhcp_msg_end(&d, 0);
	assert_int_equal(parse(&d, &m), KBNG_STAT_NONE);
	m.type = KBNG_DHCP_DISCOVER;
	before = d;
	if (m.requested)
		return;
	assert_int_equal(kbng_dhcp_ask_for(d.buf, d.len, d.len + 5, &m,
					   wanted), 0);
	assert_memory_equal(d.buf, before.buf, sizeof(d.buf));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_refused_by_name),
		cmocka_unit_test(test_option_lengths),
		cmocka_unit_test(test_option_twice),
		cmocka_unit_test(test_rapid_commit),
		cmocka_unit_test(test_type_anywhere),
		cmocka_unit_test(test_overload),
		cmocka_unit_test(test_relay_option_refused),
		cmocka_unit_test(test_join_relay),
		cmocka_unit_test(test_join_relay_length),
		cmocka_unit_test(test_insert_then_strip),
		cmocka_unit_test(test_strip_keeps_what_follows),
		cmocka_unit_test(test_insert_without_room),
		cmocka_unit_test(test_ask_for),
		cmocka_unit_test(test_ask_for_everywhere),
		cmocka_unit_test(test_ask_for_without_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

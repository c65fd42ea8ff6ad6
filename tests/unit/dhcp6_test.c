// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmod/dhcp6.c: what is read of DHCPv6 messages, what is refused and under
 * which name, and what a relay puts around one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../../kmod/dhcp6.c"

#define XID	"\xab\xcd\xef"
#define ADDR	"\x20\x01\x0d\xb8\0\x0a\0\0\0\0\0\0\0\0\0\5"
#define PREFIX	"\x20\x01\x0d\xb8\0\2\0\0\0\0\0\0\0\0\0\0"
#define TIMES	"\0\0\0\x64\0\0\0\xc8"		/* 100 and 200 s */
#define IAADDR	"\0\5\0\x18" ADDR TIMES
#define IAPREFIX "\0\x1a\0\x19" TIMES "\x38" PREFIX
#define IA	"\0\0\0\1\0\0\0\0\0\0\0\0"
#define IA_NA	"\0\3\0\x28" IA IAADDR
#define IA_PD	"\0\x19\0\x29" IA IAPREFIX
#define DUID	"\0\1\0\4\0\3\0\1"

#define PARSE(text, m)	parse(text, sizeof(text) - 1, m)

/* In a buffer of exactly that size, so that ASan sees a step past it. */
static enum kbng_stat parse(const char *text, size_t len, struct kbng_dhcp6 *m)
{
	u8 *copy = malloc(len ? len : 1);
	enum kbng_stat stat;

	memcpy(copy, text, len);
	stat = kbng_dhcp6_parse(copy, len, m);
	free(copy);
	return stat;
}

static void test_leases(void **state)
{
	struct kbng_dhcp6 m;

	(void)state;
	assert_int_equal(PARSE("\7" XID DUID IA_NA IA_PD, &m), KBNG_STAT_NONE);
	assert_int_equal(m.type, KBNG_DHCP6_REPLY);
	assert_int_equal(m.xid, 0xabcdef);
	assert_int_equal(m.n_leases, 2);
	assert_memory_equal(m.lease[0].addr, ADDR, 16);
	assert_int_equal(m.lease[0].len, 128);
	assert_false(m.lease[0].delegated);
	assert_int_equal(m.lease[0].preferred, 100);
	assert_int_equal(m.lease[0].valid, 200);
	assert_memory_equal(m.lease[1].addr, PREFIX, 16);
	assert_int_equal(m.lease[1].len, 56);
	assert_true(m.lease[1].delegated);
	assert_int_equal(m.lease[1].valid, 200);
}

static void test_no_lease(void **state)
{
	struct kbng_dhcp6 m;

	(void)state;
	assert_int_equal(PARSE("\1" XID, &m), KBNG_STAT_NONE);
	assert_int_equal(PARSE("\1" XID "\0\3\0\x0c" IA, &m), KBNG_STAT_NONE);
	assert_int_equal(m.n_leases, 0);
	/* A prefix in an IA_NA, and one that is preferred for too long. */
	assert_int_equal(PARSE("\7" XID "\0\3\0\x29" IA IAPREFIX, &m),
			 KBNG_STAT_NONE);
	assert_int_equal(m.n_leases, 0);
	assert_int_equal(PARSE("\7" XID "\0\3\0\x28" IA "\0\5\0\x18" ADDR
			       "\0\0\0\2\0\0\0\1", &m), KBNG_STAT_NONE);
	assert_int_equal(m.n_leases, 0);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		enum kbng_stat stat;
	} rows[] = {
#define ROW(text, stat)	{ text, sizeof(text) - 1, KBNG_STAT_dhcp6_##stat }
		ROW("", malformed),
		ROW("\1\0\0", malformed),
		ROW("\0" XID, bad_type),
		ROW("\x0c" XID, untrusted),	/* a relay's */
		ROW("\x0d" XID, bad_type),
		ROW("\xff" XID, bad_type),
		ROW("\1" XID "\0", malformed),
		ROW("\1" XID "\0\1\0\4\0\3\0", malformed),
		ROW("\1" XID "\0\3\0\x0b\0\0\0\1\0\0\0\0\0\0\0", malformed),
		ROW("\7" XID "\0\3\0\x10" IA "\0\5\0\x18", malformed),
		ROW("\7" XID "\0\3\0\x27" IA "\0\5\0\x17" ADDR "\0\0\0\1\0\0\0",
		    malformed),
		ROW("\7" XID "\0\x19\0\x29" IA "\0\x1a\0\x19" TIMES "\x81" PREFIX,
		    malformed),
		/* An option inside a lease that ends past it. */
		ROW("\7" XID "\0\3\0\x2c" IA "\0\5\0\x1c" ADDR TIMES "\0\x0d\0\1",
		    malformed),
		ROW("\7" XID IA_NA IA_NA IA_NA IA_NA IA_NA IA_NA IA_NA IA_NA
		    IA_NA, bad_lease),
#undef ROW
	};
	struct kbng_dhcp6 m;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(parse(rows[i].text, rows[i].len, &m),
				 rows[i].stat);
}

static void test_every_truncation(void **state)
{
	static const char whole[] = "\7" XID IA_NA IA_PD;
	struct kbng_dhcp6 m;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(whole) - 1; len++)
		assert_int_equal(parse(whole, len, &m) == KBNG_STAT_NONE,
				 len == 4 || len == 4 + sizeof(IA_NA) - 1);
}

#define LINK	"\x20\x01\x0d\xb8\0\x0a\0\0\0\0\0\0\0\0\0\1"
#define PEER	"\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x11"

static void test_wrap(void **state)
{
	static const char want[] = "\x0c\0" LINK PEER "\0\x12\0\2ab"
		"\0\x25\0\7\0\0\x0d\xe9xyz" "\0\x09\0\4";
	struct kbng_id interface = { .len = 2, .data = "ab" };
	struct kbng_id remote = { .len = 3, .data = "xyz" };
	struct kbng_radius6_walk radius = { .p = NULL };
	u8 buf[KBNG_DHCP6_WRAP_MAX];

	(void)state;
	assert_int_equal(kbng_dhcp6_wrap(buf, 0, (const u8 *)LINK,
					 (const u8 *)PEER, &interface, &remote,
					 &radius, 4), sizeof(want) - 1);
	assert_memory_equal(buf, want, sizeof(want) - 1);
	assert_int_equal(kbng_dhcp6_wrap(buf, 1, (const u8 *)LINK,
					 (const u8 *)PEER, &interface, &remote,
					 &radius, 4), sizeof(want) - 1);
	assert_int_equal(buf[KBNG_DHCP6_OFF_HOPS], 1);
}

/* Routes are not for a server. */
static void test_wrap_radius(void **state)
{
	static const char want[] = "\x0c\0" LINK PEER
		"\0\x51\0\x0b\xac\6gold\xa9\5xyz" "\0\x09\0\4";
	static const u8 attrs[] = "\xac\6gold\xaa\4\0\0\xa9\5xyz";
	static const u8 route[] = "\xaa\4\0\0";
	struct kbng_radius6_walk radius = {
		.p = attrs, .left = sizeof(attrs) - 1,
	};
	u8 buf[KBNG_DHCP6_WRAP_MAX], most[KBNG_RADIUS6_MAX];
	struct kbng_id none = { .len = 0 };
	struct kbng_id longest = { .len = KBNG_ID_MAX };

	(void)state;
	assert_int_equal(kbng_dhcp6_wrap(buf, 0, (const u8 *)LINK,
					 (const u8 *)PEER, &none, &none,
					 &radius, 4), sizeof(want) - 1);
	assert_memory_equal(buf, want, sizeof(want) - 1);
	radius.p = route;
	radius.left = sizeof(route) - 1;
	assert_int_equal(kbng_dhcp6_wrap(buf, 0, (const u8 *)LINK,
					 (const u8 *)PEER, &none, &none,
					 &radius, 4), KBNG_DHCP6_RELAY_LEN + 4);
	/* The longest fits, as ASan would tell. */
	memset(most, 'p', sizeof(most));
	for (radius.left = 0; radius.left < sizeof(most); radius.left += 128) {
		most[radius.left] = KBNG_RADIUS6_FRAMED_POOL;
		most[radius.left + 1] = 128;
	}
	radius.p = most;
	assert_int_equal(kbng_dhcp6_wrap(buf, 0, (const u8 *)LINK,
					 (const u8 *)PEER, &longest, &longest,
					 &radius, 4), KBNG_DHCP6_WRAP_MAX);
}

static enum kbng_stat unwrap(const u8 *buf, size_t len,
			     struct kbng_dhcp6_relay *r)
{
	return kbng_dhcp6_unwrap(buf, len, KBNG_DHCP6_RELAY_REPL, r);
}

static void test_unwrap(void **state)
{
	static const char whole[] = "\x0d\0" LINK PEER "\0\x12\0\2ab"
		"\0\x09\0\4\7" XID;
	struct kbng_dhcp6_relay r;
	size_t len;
	u8 *copy;

	(void)state;
	for (len = 0; len <= sizeof(whole) - 1; len++) {
		copy = malloc(len ? len : 1);
		memcpy(copy, whole, len);
		if (len < sizeof(whole) - 1) {
			assert_int_equal(unwrap(copy, len, &r),
					 KBNG_STAT_dhcp6_malformed);
		} else {
			assert_int_equal(unwrap(copy, len, &r),
					 KBNG_STAT_NONE);
			assert_memory_equal(r.link, LINK, 16);
			assert_memory_equal(r.peer, PEER, 16);
			assert_int_equal(r.msg_len, 4);
			assert_memory_equal(r.msg, "\7" XID, 4);
			assert_int_equal(r.interface_id_len, 2);
			copy[0] = KBNG_DHCP6_RELAY_FORW;
			assert_int_equal(unwrap(copy, len, &r),
					 KBNG_STAT_dhcp6_bad_type);
		}
		free(copy);
	}
}

#define ANY	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define PORT	"\0\x12\0\2ab"
#define OWNER	"\0\x25\0\7\0\0\x0d\xe9xyz"
#define MESSAGE	"\0\x09\0\4\1" XID

/* What an access node says, read as the relay does. */
static enum kbng_stat node(const char *text, size_t len,
			   struct kbng_id *circuit, struct kbng_id *remote)
{
	struct kbng_dhcp6_relay r;
	u8 *copy = malloc(len);
	enum kbng_stat stat;

	memcpy(copy, text, len);
	stat = kbng_dhcp6_unwrap(copy, len, KBNG_DHCP6_RELAY_FORW, &r);
	if (!stat)
		stat = kbng_dhcp6_node(&r, (const u8 *)PEER, circuit, remote);
	free(copy);
	return stat;
}

static void test_node(void **state)
{
	static const char whole[] = "\x0c\0" ANY PEER PORT OWNER MESSAGE;
	static const char bare[] = "\x0c\0" ANY PEER MESSAGE PORT;
	struct kbng_id circuit = {};
	struct kbng_id remote = {};

	(void)state;
	assert_int_equal(node(whole, sizeof(whole) - 1, &circuit, &remote),
			 KBNG_STAT_NONE);
	assert_int_equal(circuit.len, 2);
	assert_memory_equal(circuit.data, "ab", 2);
	assert_int_equal(remote.len, 3);
	assert_memory_equal(remote.data, "xyz", 3);
	assert_int_equal(node(bare, sizeof(bare) - 1, &circuit, &remote),
			 KBNG_STAT_NONE);
	assert_int_equal(remote.len, 0);
}

static void test_no_node(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		enum kbng_stat stat;
	} rows[] = {
#define ROW(text, stat)	{ text, sizeof(text) - 1, KBNG_STAT_dhcp6_##stat }
		ROW("\x0c\1" ANY PEER PORT MESSAGE, bad_relay),
		ROW("\x0c\0" LINK PEER PORT MESSAGE, bad_relay),
		ROW("\x0c\0" ANY LINK PORT MESSAGE, bad_relay),
		ROW("\x0c\0" ANY PEER MESSAGE, bad_relay),
		ROW("\x0c\0" ANY PEER "\0\x12\0\0" MESSAGE, bad_relay),
		ROW("\x0c\0" ANY PEER PORT "\0\x09\0\1\x0c", bad_relay),
		ROW("\x0c\0" ANY PEER PORT, malformed),
		ROW("\x0c\0" ANY PEER PORT PORT MESSAGE, malformed),
		ROW("\x0c\0" ANY PEER PORT MESSAGE MESSAGE, malformed),
		ROW("\x0c\0" ANY PEER PORT OWNER OWNER MESSAGE, malformed),
		ROW("\x0c\0" ANY PEER PORT "\0\x25\0\3\0\0\x0d" MESSAGE,
		    malformed),
		ROW("\x0d\0" ANY PEER PORT MESSAGE, bad_type),
#undef ROW
	};
	struct kbng_id circuit;
	struct kbng_id remote;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(node(rows[i].text, rows[i].len, &circuit,
				      &remote), rows[i].stat);
}

/* An id that no session keeps, in a message that is sound. */
static void test_long_ids(void **state)
{
	struct kbng_dhcp6_relay r = {
		.link = (const u8 *)ANY,
		.peer = (const u8 *)PEER,
		.msg = (const u8 *)"\1" XID,
		.msg_len = 4,
	};
	u8 id[KBNG_ID_MAX + 1] = {};
	struct kbng_id circuit;
	struct kbng_id remote;

	(void)state;
	r.interface_id = id;
	r.interface_id_len = KBNG_ID_MAX;
	r.remote_id = id;
	r.remote_id_len = KBNG_ID_MAX;
	assert_int_equal(kbng_dhcp6_node(&r, (const u8 *)PEER, &circuit,
					 &remote), KBNG_STAT_NONE);
	r.remote_id_len++;
	assert_int_equal(kbng_dhcp6_node(&r, (const u8 *)PEER, &circuit,
					 &remote), KBNG_STAT_dhcp6_bad_relay);
	r.remote_id_len--;
	r.interface_id_len++;
	assert_int_equal(kbng_dhcp6_node(&r, (const u8 *)PEER, &circuit,
					 &remote), KBNG_STAT_dhcp6_bad_relay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leases),
		cmocka_unit_test(test_no_lease),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_wrap_radius),
		cmocka_unit_test(test_unwrap),
		cmocka_unit_test(test_node),
		cmocka_unit_test(test_no_node),
		cmocka_unit_test(test_long_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

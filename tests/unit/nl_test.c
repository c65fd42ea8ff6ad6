// SPDX-License-Identifier: GPL-2.0-or-later
/* Decoders of lib/nl_private.h, fed with what no honest kernel would send. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/genl/genl.h>

#include "lib/nl_private.h"

#define FAMILY	42

static const uint8_t uuid[KBNG_UUID_LEN] = "0123456789abcde";
static const uint8_t mac[KBNG_MAC_LEN] = { 2, 0, 0, 0, 0, 1 };

static struct nl_msg *message(enum kbng_cmd cmd)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(genlmsg_put(msg, 0, 1, FAMILY, 0, 0, cmd, KBNG_GENL_VERSION));
	return msg;
}

static void put_counters(struct nl_msg *msg, int type, uint64_t base)
{
	struct nlattr *nest = nla_nest_start(msg, type);

	nla_put_u64(msg, KBNG_A_COUNT_PACKETS4, base);
	nla_put_u64(msg, KBNG_A_COUNT_OCTETS4, base + 1);
	nla_put_u64(msg, KBNG_A_COUNT_PACKETS6, base + 2);
	nla_put_u64(msg, KBNG_A_COUNT_OCTETS6, base + 3);
	nla_put_u64(msg, KBNG_A_COUNT_DROPS, base + 4);
	nla_nest_end(msg, nest);
}

/* A session with everything, but without attribute @without; 0: whole. */
static struct nl_msg *session_message(enum kbng_cmd cmd, int without)
{
	struct nl_msg *msg = message(cmd);
	struct nlattr *nest;
	struct nlattr *policy;

	nla_put_u64(msg, KBNG_A_SEQ, UINT64_MAX);
	nest = nla_nest_start(msg, KBNG_A_SESSION);
	if (without != KBNG_A_SESSION_ID)
		nla_put_u32(msg, KBNG_A_SESSION_ID, 7);
	if (without != KBNG_A_SESSION_UUID)
		nla_put(msg, KBNG_A_SESSION_UUID, sizeof(uuid), uuid);
	if (without != KBNG_A_SESSION_STATE)
		nla_put_u32(msg, KBNG_A_SESSION_STATE, KBNG_STATE_ACTIVE);
	if (without != KBNG_A_SESSION_IFINDEX)
		nla_put_u32(msg, KBNG_A_SESSION_IFINDEX, 3);
	if (without != KBNG_A_SESSION_MAC)
		nla_put(msg, KBNG_A_SESSION_MAC, sizeof(mac), mac);
	nla_put_string(msg, KBNG_A_SESSION_IFNAME, "acc0");
	nla_put_u32(msg, KBNG_A_SESSION_ADDR4, 0x0100400a);
	nla_put(msg, KBNG_A_SESSION_CIRCUIT_ID, 3, "a\0b");
	nla_put_u32(msg, KBNG_A_SESSION_LEASE_TIME, 0);
	nla_put_u64(msg, KBNG_A_SESSION_STARTED, 1ULL << 40);
	nla_put(msg, KBNG_A_SESSION_COOKIE, 5, "bread");
	policy = nla_nest_start(msg, KBNG_A_SESSION_POLICY);
	nla_put_string(msg, KBNG_A_POLICY_NAME, "gold");
	nla_put_u64(msg, KBNG_A_POLICY_RATE_DOWN, KBNG_RATE_MAX);
	nla_nest_end(msg, policy);
	put_counters(msg, KBNG_A_SESSION_UP, 100);
	put_counters(msg, KBNG_A_SESSION_DOWN, UINT64_MAX - 4);
	nla_put_u32(msg, KBNG_A_SESSION_MAX + 1000, 1);
	nla_nest_end(msg, nest);
	nla_put_u32(msg, KBNG_A_MAX + 1000, 1);
	return msg;
}

/* A session with just what is mandatory and one attribute more, of @len octets. */
static int decode_with(int type, int len)
{
	static const uint8_t data[2048];
	struct nl_msg *msg = message(KBNG_CMD_SESSION_GET);
	struct nlattr *nest = nla_nest_start(msg, KBNG_A_SESSION);
	struct kbng_session_info s;
	int rc;

	nla_put_u32(msg, KBNG_A_SESSION_ID, 7);
	nla_put(msg, KBNG_A_SESSION_UUID, sizeof(uuid), uuid);
	assert_int_equal(nla_put(msg, type, len, data), 0);
	nla_nest_end(msg, nest);
	rc = kbng_nl_decode_session(nlmsg_hdr(msg), false, &s);
	nlmsg_free(msg);
	return rc;
}

static void a_whole_session_is_read(void **state)
{
	struct nl_msg *msg = session_message(KBNG_CMD_SESSION_GET, 0);
	struct kbng_session_info s;

	(void)state;
	assert_int_equal(kbng_nl_decode_session(nlmsg_hdr(msg), true, &s), 0);
	assert_int_equal(s.id, 7);
	assert_memory_equal(s.uuid, uuid, sizeof(uuid));
	assert_int_equal(s.state, KBNG_STATE_ACTIVE);
	assert_string_equal(s.ifname, "acc0");
	assert_int_equal(s.addr.s_addr, 0x0100400a);
	assert_int_equal(s.circuit_id.len, 3);
	assert_memory_equal(s.circuit_id.data, "a\0b", 3);
	assert_int_equal(s.remote_id.len, 0);
	assert_true(s.has_lease);
	assert_int_equal(s.lease_time, 0);
	assert_int_equal(s.started, 1ULL << 40);
	assert_int_equal(s.cookie_len, 5);
	assert_memory_equal(s.cookie, "bread", 5);
	assert_true(s.has_policy);
	assert_string_equal(s.policy.name, "gold");
	assert_int_equal(s.policy.rate_up, 0);
	assert_int_equal(s.policy.rate_down, KBNG_RATE_MAX);
	assert_int_equal(s.up.packets4, 100);
	assert_int_equal(s.up.drops, 104);
	assert_int_equal(s.down.octets6, UINT64_MAX - 1);
	nlmsg_free(msg);
}

static void a_session_without_something_mandatory_is_refused(void **state)
{
	static const int mandatory[] = {
		KBNG_A_SESSION_ID, KBNG_A_SESSION_UUID, KBNG_A_SESSION_STATE,
		KBNG_A_SESSION_IFINDEX, KBNG_A_SESSION_MAC,
	};
	struct kbng_session_info s;
	struct nl_msg *msg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(mandatory) / sizeof(mandatory[0]); i++) {
		msg = session_message(KBNG_CMD_SESSION_GET, mandatory[i]);
		assert_int_equal(kbng_nl_decode_session(nlmsg_hdr(msg), true, &s),
				 -EBADMSG);
		nlmsg_free(msg);
	}
	msg = message(KBNG_CMD_SESSION_GET);
	assert_int_equal(kbng_nl_decode_session(nlmsg_hdr(msg), true, &s), -EBADMSG);
	nlmsg_free(msg);
}

static void wrong_lengths_are_refused(void **state)
{
	static const struct {
		int type;
		int good;
		int bad[2];
	} cases[] = {
		{ KBNG_A_SESSION_STATE, 4, { 3, 5 } },
		{ KBNG_A_SESSION_ADDR4, 4, { 0, 16 } },
		{ KBNG_A_SESSION_STARTED, 8, { 4, 9 } },
		{ KBNG_A_SESSION_MAC, 6, { 5, 8 } },
		{ KBNG_A_SESSION_UUID, 16, { 15, 17 } },
		{ KBNG_A_SESSION_IFNAME, 16, { 0, 17 } },
		{ KBNG_A_SESSION_CIRCUIT_ID, KBNG_ID_MAX, { 121, 256 } },
		{ KBNG_A_SESSION_REMOTE_ID, KBNG_ID_MAX, { 121, 256 } },
		{ KBNG_A_SESSION_HOSTNAME, KBNG_NAME_MAX, { 64, 256 } },
		{ KBNG_A_SESSION_COOKIE, KBNG_COOKIE_MAX, { 1025, 2048 } },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(decode_with(cases[i].type, cases[i].good), 0);
		assert_int_equal(decode_with(cases[i].type, cases[i].bad[0]), -EBADMSG);
		assert_int_equal(decode_with(cases[i].type, cases[i].bad[1]), -EBADMSG);
	}
}

static void a_string_without_an_end_is_refused(void **state)
{
	struct nl_msg *msg = message(KBNG_CMD_IFACE_GET);
	struct nlattr *nest = nla_nest_start(msg, KBNG_A_IFACE);
	struct kbng_iface_info iface;

	(void)state;
	nla_put_u32(msg, KBNG_A_IFACE_IFINDEX, 1);
	nla_put_u32(msg, KBNG_A_IFACE_ROLE, KBNG_ROLE_CORE);
	nla_put(msg, KBNG_A_IFACE_IFNAME, 4, "acc0");
	nla_nest_end(msg, nest);
	assert_int_equal(kbng_nl_decode_iface(nlmsg_hdr(msg), &iface), -EBADMSG);
	nlmsg_free(msg);
}

static void an_iface_has_its_servers_and_no_more(void **state)
{
	struct kbng_iface_info iface;
	struct nlattr *nest;
	struct nl_msg *msg;
	uint32_t n;
	uint32_t i;

	(void)state;
	for (n = 0; n <= KBNG_SERVERS_MAX + 1; n++) {
		msg = message(KBNG_CMD_IFACE_GET);
		nest = nla_nest_start(msg, KBNG_A_IFACE);
		nla_put_u32(msg, KBNG_A_IFACE_IFINDEX, 1);
		nla_put_u32(msg, KBNG_A_IFACE_ROLE, KBNG_ROLE_ACCESS);
		for (i = 0; i < n; i++)
			nla_put_u32(msg, KBNG_A_IFACE_SERVER, i + 1);
		nla_nest_end(msg, nest);
		assert_int_equal(kbng_nl_decode_iface(nlmsg_hdr(msg), &iface),
				 n > KBNG_SERVERS_MAX ? -EBADMSG : 0);
		if (n <= KBNG_SERVERS_MAX) {
			assert_int_equal(iface.n_servers, n);
			assert_true(!n || iface.servers[n - 1].s_addr == n);
		}
		nlmsg_free(msg);
	}
}

static void events_are_told_apart(void **state)
{
	struct nl_msg *msg = session_message(KBNG_CMD_SESSION_STOP_NTF, 0);
	struct kbng_session_info s;
	struct kbng_dhcp_info dhcp;
	struct kbng_event ev;

	(void)state;
	assert_int_equal(kbng_nl_decode_event(nlmsg_hdr(msg), &ev, &s, &dhcp), 0);
	assert_int_equal(ev.cmd, KBNG_CMD_SESSION_STOP_NTF);
	assert_int_equal(ev.seq, UINT64_MAX);
	assert_ptr_equal(ev.session, &s);
	assert_null(ev.dhcp);
	nlmsg_free(msg);

	msg = session_message(KBNG_CMD_DHCP_NTF, 0);
	assert_int_equal(kbng_nl_decode_event(nlmsg_hdr(msg), &ev, &s, &dhcp), -EBADMSG);
	nlmsg_free(msg);
	msg = session_message(KBNG_CMD_MAX + 1, 0);
	assert_int_equal(kbng_nl_decode_event(nlmsg_hdr(msg), &ev, &s, &dhcp), 1);
	nlmsg_free(msg);
}

static int sum(const char *name, uint64_t value, void *arg)
{
	assert_string_equal(name, "n");
	*(uint64_t *)arg += value;
	return 0;
}

static struct nl_msg *stats_message(bool value)
{
	struct nl_msg *msg = message(KBNG_CMD_STATS_GET);
	struct nlattr *nest;
	unsigned int i;

	nla_put(msg, KBNG_A_INSTANCE, sizeof(uuid), uuid);
	nla_put_string(msg, KBNG_A_VERSION, "0.1.0");
	nla_put_u64(msg, KBNG_A_SEQ, 9);
	for (i = 1; i <= 3; i++) {
		nest = nla_nest_start(msg, KBNG_A_STAT);
		nla_put_string(msg, KBNG_A_STAT_NAME, "n");
		if (value)
			nla_put_u64(msg, KBNG_A_STAT_VALUE, i);
		nla_nest_end(msg, nest);
	}
	return msg;
}

static void counters_are_all_given(void **state)
{
	struct nl_msg *msg = stats_message(true);
	struct kbng_module_info info;
	uint64_t total = 0;

	(void)state;
	assert_int_equal(kbng_nl_decode_stats(nlmsg_hdr(msg), &info, sum, &total), 0);
	assert_int_equal(total, 6);
	assert_string_equal(info.version, "0.1.0");
	assert_int_equal(info.seq, 9);
	nlmsg_free(msg);

	msg = stats_message(false);
	assert_int_equal(kbng_nl_decode_stats(nlmsg_hdr(msg), &info, sum, &total),
			 -EBADMSG);
	nlmsg_free(msg);
}

/* Every decoder, on a copy of exactly @len octets so that ASan sees the end. */
static void decode_all(const void *octets, size_t len)
{
	struct nlmsghdr *nlh = malloc(len);
	struct kbng_module_info info;
	struct kbng_iface_info iface;
	struct kbng_session_info s;
	struct kbng_dhcp_info dhcp;
	struct kbng_event ev;

	memcpy(nlh, octets, len);
	nlh->nlmsg_len = len;
	assert_in_range(-kbng_nl_decode_session(nlh, true, &s), 0, EBADMSG);
	assert_in_range(-kbng_nl_decode_session(nlh, false, &s), 0, EBADMSG);
	assert_in_range(-kbng_nl_decode_iface(nlh, &iface), 0, EBADMSG);
	assert_in_range(1 - kbng_nl_decode_event(nlh, &ev, &s, &dhcp), 0, EBADMSG + 1);
	assert_in_range(-kbng_nl_decode_stats(nlh, &info, NULL, NULL), 0, EBADMSG);
	free(nlh);
}

static void a_message_may_end_anywhere(void **state)
{
	struct nl_msg *messages[] = {
		session_message(KBNG_CMD_SESSION_BIND_NTF, 0), stats_message(true),
	};
	size_t len;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		for (len = NLMSG_HDRLEN; len <= nlmsg_hdr(messages[i])->nlmsg_len; len++)
			decode_all(nlmsg_hdr(messages[i]), len);
		nlmsg_free(messages[i]);
	}
}

static void octets_may_be_anything(void **state)
{
	struct nl_msg *msg = session_message(KBNG_CMD_SESSION_BIND_NTF, 0);
	const size_t len = nlmsg_hdr(msg)->nlmsg_len;
	uint8_t *octets = malloc(len);
	unsigned int seed = 1;
	unsigned int n;
	unsigned int i;

	(void)state;
	for (n = 0; n < 20000; n++) {
		memcpy(octets, nlmsg_hdr(msg), len);
		for (i = 0; i <= n % 8; i++) {
			seed = seed * 1103515245 + 12345;
			octets[NLMSG_HDRLEN + (seed >> 8) % (len - NLMSG_HDRLEN)] =
				seed >> 24;
		}
		decode_all(octets, len);
	}
	free(octets);
	nlmsg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_session_is_read),
		cmocka_unit_test(a_session_without_something_mandatory_is_refused),
		cmocka_unit_test(wrong_lengths_are_refused),
		cmocka_unit_test(a_string_without_an_end_is_refused),
		cmocka_unit_test(an_iface_has_its_servers_and_no_more),
		cmocka_unit_test(events_are_told_apart),
		cmocka_unit_test(counters_are_all_given),
		cmocka_unit_test(a_message_may_end_anywhere),
		cmocka_unit_test(octets_may_be_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

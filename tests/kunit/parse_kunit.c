// SPDX-License-Identifier: GPL-2.0
/*
 * The parsers on memory that ends where the message does, so that KASAN sees
 * an octet read behind it, as the kernel builds them.
 */
#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include "dhcp.h"
#include "opt82.h"
#include "stats.h"
#include "template.h"

/* A DISCOVER with host name, option 82 and overloaded fields. */
static size_t kbng_kunit_discover(u8 *buf)
{
	static const u8 options[] = {
		53, 1, KBNG_DHCP_DISCOVER, 52, 1, 3, 12, 3, 'f', 'o', 'o',
		82, 8, 1, 2, 'a', 'b', 2, 2, 'c', 'd', 0, 255,
	};

	memset(buf, 0, KBNG_DHCP_OFF_OPTIONS);
	buf[0] = KBNG_DHCP_BOOTREQUEST;
	buf[KBNG_DHCP_OFF_HTYPE] = 1;
	buf[KBNG_DHCP_OFF_HLEN] = ETH_ALEN;
	buf[KBNG_DHCP_OFF_CHADDR] = 2;
	buf[KBNG_DHCP_OFF_SNAME] = 255;
	buf[KBNG_DHCP_OFF_FILE] = 255;
	memcpy(buf + KBNG_DHCP_OFF_MAGIC, "\x63\x82\x53\x63", 4);
	memcpy(buf + KBNG_DHCP_OFF_OPTIONS, options, sizeof(options));
	return KBNG_DHCP_OFF_OPTIONS + sizeof(options);
}

static enum kbng_stat kbng_kunit_parse(struct kunit *test, const u8 *data,
				       size_t len)
{
	u8 *exact = kmemdup(data, len, GFP_KERNEL);
	struct kbng_dhcp m;
	enum kbng_stat stat;

	KUNIT_ASSERT_NOT_NULL(test, exact);
	stat = kbng_dhcp_parse(exact, len, &m);
	if (!stat) {
		KUNIT_EXPECT_LT(test, (size_t)m.end, len);
		KUNIT_EXPECT_LE(test, (size_t)m.hostname.off + m.hostname.len,
				len);
		KUNIT_EXPECT_LE(test, (size_t)m.relay.off + m.relay.len, len);
		kbng_dhcp_strip_relay(exact, len, &m);
	}
	kfree(exact);
	return stat;
}

static void kbng_kunit_dhcp_cut(struct kunit *test)
{
	u8 whole[300];
	size_t len = kbng_kunit_discover(whole);
	size_t n;

	KUNIT_EXPECT_EQ(test, kbng_kunit_parse(test, whole, len),
			KBNG_STAT_NONE);
	for (n = 1; n < len; n++)
		KUNIT_EXPECT_NE(test, kbng_kunit_parse(test, whole, n),
				KBNG_STAT_NONE);
}

static void kbng_kunit_dhcp_damage(struct kunit *test)
{
	struct rnd_state rnd;
	u8 whole[300];
	u8 bad[300];
	int passed = 0;
	size_t len;
	int round;
	int n;

	len = kbng_kunit_discover(whole);
	prandom_seed_state(&rnd, 5);
	for (round = 0; round < 20000; round++) {
		memcpy(bad, whole, len);
		for (n = round % 4; n >= 0; n--)
			bad[prandom_u32_state(&rnd) % len] =
				prandom_u32_state(&rnd);
		passed += !kbng_kunit_parse(test, bad, len);
	}
	/* Neither all nor none of it hurts. */
	KUNIT_EXPECT_GT(test, passed, 1000);
	KUNIT_EXPECT_LT(test, passed, 19000);
}

static void kbng_kunit_opt82_random(struct kunit *test)
{
	struct rnd_state rnd;
	int valid = 0;
	int round;

	prandom_seed_state(&rnd, 6);
	for (round = 0; round < 20000; round++) {
		size_t len = 1 + prandom_u32_state(&rnd) % 12;
		u8 *value = kmalloc(len, GFP_KERNEL);
		size_t n;

		KUNIT_ASSERT_NOT_NULL(test, value);
		for (n = 0; n < len; n++)
			value[n] = prandom_u32_state(&rnd) % 5;
		valid += kbng_opt82_valid(value, len);
		kfree(value);
	}
	KUNIT_EXPECT_GT(test, valid, 100);
	KUNIT_EXPECT_LT(test, valid, 19900);
}

/* Whatever a format says, an id stays within its octets. */
static void kbng_kunit_template_bounds(struct kunit *test)
{
	static const char * const words[] = {
		"{host}", "{ifname}", "{mac}", "{vlan}", "{svlan}", "{cvlan}",
		"{giaddr}", "{hostname}", "{client_id}", "x", "{", "}"
	};
	static const u8 mac[ETH_ALEN] = { 2, 255, 255, 255, 255, 255 };
	const struct kbng_template_values values = {
		.host = "a-host-name-of-thirty-two-octets", .ifname = "acc0.4094.4094",
		.mac = mac, .giaddr = htonl(INADDR_BROADCAST),
		.svlan = 4094, .cvlan = 4094,
		.hostname = mac, .hostname_len = sizeof(mac),
		.client_id = mac, .client_id_len = sizeof(mac),
	};
	struct kbng_id *id = kunit_kmalloc(test, sizeof(*id), GFP_KERNEL);
	char format[KBNG_FORMAT_MAX + 1];
	struct rnd_state rnd;
	int round;

	KUNIT_ASSERT_NOT_NULL(test, id);
	prandom_seed_state(&rnd, 7);
	for (round = 0; round < 5000; round++) {
		u32 n = prandom_u32_state(&rnd) % 12;

		format[0] = '\0';
		while (n--)
			strlcat(format, words[prandom_u32_state(&rnd) %
					      ARRAY_SIZE(words)],
				sizeof(format));
		if (!kbng_template_valid(format))
			continue;
		kbng_template_expand(id, format, &values);
		KUNIT_ASSERT_LE(test, (int)id->len, KBNG_ID_MAX);
	}
}

static struct kunit_case kbng_kunit_parse_cases[] = {
	KUNIT_CASE(kbng_kunit_dhcp_cut),
	KUNIT_CASE(kbng_kunit_dhcp_damage),
	KUNIT_CASE(kbng_kunit_opt82_random),
	KUNIT_CASE(kbng_kunit_template_bounds),
	{ }
};

static struct kunit_suite kbng_kunit_parse_suite = {
	.name = "kbng_parse",
	.test_cases = kbng_kunit_parse_cases,
};

kunit_test_suite(kbng_kunit_parse_suite);

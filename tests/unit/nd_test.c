// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/nd.c: neighbour discovery messages, sound and broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../../kmod/nd.c"

#define TARGET	"\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x22"
#define NS	"\x87\0\0\0\0\0\0\0" TARGET
#define NA	"\x88\0\0\0\x20\0\0\0" TARGET
#define RS	"\x85\0\0\0\0\0\0\0"
#define SLL	"\x01\x01\x02\0\0\0\0\x01"
#define TLL	"\x02\x01\x02\0\0\0\0\x02"
#define NONCE	"\x0e\x01\x01\x02\x03\x04\x05\x06"

/* In a buffer of exactly that size, so that ASan sees a step past it. */
static bool parse(const char *text, size_t len, struct kbng_nd *m, u8 **buf)
{
	*buf = malloc(len);
	memcpy(*buf, text, len);
	return kbng_nd_parse(*buf, len, m);
}

#define PARSE(text, m, buf)	parse(text, sizeof(text) - 1, m, buf)

static void test_solicitation(void **state)
{
	struct kbng_nd m;
	u8 *buf;

	(void)state;
	assert_true(PARSE(NS NONCE SLL, &m, &buf));
	assert_int_equal(m.type, KBNG_ND_NS);
	assert_memory_equal(m.target, TARGET, 16);
	assert_memory_equal(m.mac, "\x02\0\0\0\0\x01", 6);
	free(buf);
	assert_true(PARSE(NS, &m, &buf));
	assert_null(m.mac);
	free(buf);
}

/* Of an advertisement it is the target's address that counts. */
static void test_advertisement(void **state)
{
	struct kbng_nd m;
	u8 *buf;

	(void)state;
	assert_true(PARSE(NA SLL TLL, &m, &buf));
	assert_int_equal(m.type, KBNG_ND_NA);
	assert_memory_equal(m.mac, "\x02\0\0\0\0\x02", 6);
	free(buf);
}

/* What is written is what is read. */
static void test_answer(void **state)
{
	u8 buf[KBNG_ND_NA_LEN + 1];
	struct kbng_nd m;

	(void)state;
	memset(buf, 0xaa, sizeof(buf));
	kbng_nd_advertise(buf, (const u8 *)TARGET, (const u8 *)"\2\0\0\0\0\1",
			  KBNG_ND_NA_ROUTER | KBNG_ND_NA_SOLICITED);
	assert_int_equal(buf[KBNG_ND_NA_LEN], 0xaa);
	assert_memory_equal(buf, "\x88\0\0\0\xc0\0\0\0", 8);
	assert_true(kbng_nd_parse(buf, KBNG_ND_NA_LEN, &m));
	assert_int_equal(m.type, KBNG_ND_NA);
	assert_memory_equal(m.target, TARGET, 16);
	assert_memory_equal(m.mac, "\2\0\0\0\0\1", 6);
}

static void test_router_solicitation(void **state)
{
	struct kbng_nd m;
	u8 *buf;

	(void)state;
	assert_true(PARSE(RS SLL, &m, &buf));
	assert_null(m.target);
	assert_memory_equal(m.mac, "\x02\0\0\0\0\x01", 6);
	free(buf);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} bad[] = {
#define BAD(text)	{ text, sizeof(text) - 1 }
		BAD(""),
		BAD("\x87\0\0\0\0\0\0"),
		BAD("\x87\x01\0\0\0\0\0\0" TARGET),	/* a code */
		BAD("\x86\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), /* RA */
		BAD("\x89\0\0\0\0\0\0\0" TARGET TARGET),	/* redirect */
		BAD("\x87\0\0\0\0\0\0\0\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"),
		BAD(NS "\x01"),
		BAD(NS "\x01\0\x02\0\0\0\0\x01"),	/* length 0 */
		BAD(NS "\x01\x02\x02\0\0\0\0\x01"),	/* past the end */
		BAD(NS "\x01\x02\x02\0\0\0\0\x01\0\0\0\0\0\0\0\0"),
		BAD(NS SLL SLL),
		BAD(RS SLL SLL),
		BAD(NA TLL "\x02"),
#undef BAD
	};
	struct kbng_nd m;
	unsigned int i;
	u8 *buf;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(parse(bad[i].text, bad[i].len, &m, &buf));
		free(buf);
	}
}

static void test_every_truncation(void **state)
{
	static const char whole[] = NS SLL;
	struct kbng_nd m;
	size_t len;
	u8 *buf;

	(void)state;
	for (len = 0; len < sizeof(whole) - 1; len++) {
		/* Without its option it is whole as well. */
		assert_int_equal(parse(whole, len, &m, &buf), len == 24);
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_solicitation),
		cmocka_unit_test(test_advertisement),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_router_solicitation),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_truncation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments to structs and structs to text: cli/words.h, cli/field.h */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <string.h>

#include "cli/words.h"

/** struct thing - one of each */
struct thing {
	bool first;		/* at offset 0: a flag there must work too */
	uint32_t number, ifindex, seconds;
	uint64_t rate;
	uint32_t octets;
	enum kbng_state state;
	char text[8];
	struct kbng_blob blob;
	uint8_t mac[KBNG_MAC_LEN];
	struct in_addr addr;
	struct in_addr servers[KBNG_SERVERS_MAX];
	unsigned int n_servers;
	struct in6_addr servers6[2];
	unsigned int n_servers6;
};

#define AT(name)	.offset = offsetof(struct thing, name)

static const struct word words[] = {
	{ "number", KIND_NUMBER, AT(number), FLAG(struct thing, first), .min = 5, .max = 100,
	  .mandatory = true, .help = "so many" },
	{ "iface", KIND_IFINDEX, AT(ifindex) },
	{ "time", KIND_SECONDS, AT(seconds) },
	{ "rate", KIND_RATE, AT(rate) },
	{ "octets", KIND_OCTETS, AT(octets) },
	{ "state", KIND_NAME, AT(state), .names = &kbng_states },
	{ "text", KIND_TEXT, AT(text), .max = 7 },
	{ "blob", KIND_BLOB, AT(blob) },
	{ "mac", KIND_MAC, AT(mac) },
	{ "addr", KIND_ADDR, AT(addr) },
	{ "server", KIND_ADDRS, AT(servers), FLAG(struct thing, n_servers),
	  .max = KBNG_SERVERS_MAX },
	{ "server6", KIND_ADDRS6, AT(servers6), FLAG(struct thing, n_servers6),
	  .max = 2 },
	{ NULL },
};

static bool parse(struct thing *t, char *error, const char *line)
{
	char copy[1024];
	char *argv[64];
	int argc = 0;
	char *word;

	memset(t, 0, sizeof(*t));
	*error = '\0';
	strcpy(copy, line);
	for (word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	return words_parse(words, argc, argv, t, error);
}

static void all_words_are_read(void **state)
{
	char error[WORDS_ERROR_MAX];
	struct thing t;

	(void)state;
	assert_true(parse(&t, error,
			  "server 192.0.2.1 number 100 iface lo time 2m rate 10M octets 1k state active text 1234567 blob 0x00ff mac 2:0:0:0:0:1 addr 10.0.0.1 server 192.0.2.2"));
	assert_true(t.first);
	assert_int_equal(t.number, 100);
	assert_int_equal(t.ifindex, if_nametoindex("lo"));
	assert_int_equal(t.seconds, 120);
	assert_int_equal(t.rate, 10000000);
	assert_int_equal(t.octets, 1024);
	assert_int_equal(t.state, KBNG_STATE_ACTIVE);
	assert_string_equal(t.text, "1234567");
	assert_int_equal(t.blob.len, 2);
	assert_int_equal(t.mac[5], 1);
	assert_int_equal(t.addr.s_addr, htonl(0x0a000001));
	assert_int_equal(t.n_servers, 2);
	assert_int_equal(t.servers[1].s_addr, htonl(0xc0000202));
}

static void what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *line;
		const char *error;
	} cases[] = {
		{ "", "number is missing: so many" },
		{ "rate 10M", "number is missing: so many" },
		{ "number", "number needs a value: so many" },
		{ "number 101", "number: `101' is not a number from 5 to 100" },
		{ "number 4", "number: `4' is not a number from 5 to 100" },
		{ "number 5 number 6", "number is given twice" },
		{ "number 5 colour red", "unknown word `colour', known are number" },
		{ "number 5 iface no-such-thing", "is not an interface" },
		{ "number 5 rate 10", "is not a rate between 64k and 400G" },
		{ "number 5 state stoned", "is not one of offered pending" },
		{ "number 5 text 12345678", "text: longer than 7 octets" },
		{ "number 5 blob 0x1", "is not 1 to 120 octets" },
		{ "number 5 mac 1:2:3", "is not a MAC address" },
		{ "number 5 addr 10.0.0.256", "is not an IPv4 address" },
		{ "number 5 server a", "is not an IPv4 address" },
	};
	char error[WORDS_ERROR_MAX];
	struct thing t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(parse(&t, error, cases[i].line));
		if (!strstr(error, cases[i].error))
			fail_msg("\"%s\" brought \"%s\"", cases[i].line, error);
	}
}

static void servers_do_not_overrun(void **state)
{
	char error[WORDS_ERROR_MAX];
	struct thing t;

	(void)state;
	assert_true(parse(&t, error,
			  "number 5 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1"));
	assert_int_equal(t.n_servers, KBNG_SERVERS_MAX);
	assert_false(parse(&t, error,
			   "number 5 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1 server 1.1.1.1"));
	assert_non_null(strstr(error, "more than 8 times"));
	assert_true(parse(&t, error, "number 5 server6 2001:db8::1 server6 2001:db8::2"));
	assert_int_equal(t.n_servers6, 2);
	assert_int_equal(t.servers6[1].s6_addr[15], 2);
	assert_false(parse(&t, error,
			   "number 5 server6 ::1 server6 ::2 server6 ::3"));
	assert_non_null(strstr(error, "more than 2 times"));
}

static void a_long_word_does_not_overrun(void **state)
{
	char error[WORDS_ERROR_MAX];
	char word[2000];
	char *argv[] = { "rate", word };
	struct thing t = { 0 };

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_false(words_parse(words, 2, argv, &t, error));
	assert_true(strlen(error) < WORDS_ERROR_MAX);
	assert_false(words_parse(words, 1, argv + 1, &t, error));
	assert_true(strlen(error) < WORDS_ERROR_MAX);
}

static void fields_say_what_they_hold(void **state)
{
	static const struct field text = { "text", KIND_TEXT, AT(text), .optional = true };
	static const struct field servers = { "servers", KIND_ADDRS, AT(servers),
					      .flag = FLAG(struct thing, n_servers),
					      .optional = true };
	static const struct field number = { "number", KIND_NUMBER, AT(number),
					     .flag = FLAG(struct thing, first) };
	struct thing t = { .text = "\033[2J", .n_servers = KBNG_SERVERS_MAX };
	char buf[FIELD_TEXT_MAX];

	(void)state;
	memset(t.servers, 0xff, sizeof(t.servers));
	assert_string_equal(field_plain(&text, &t, buf), "0x1b5b324a");
	field_plain(&servers, &t, buf);
	assert_int_equal(strlen(buf), 8 * strlen("255.255.255.255") + 7);
	assert_false(field_present(&number, &t));
	t.first = true;
	assert_true(field_present(&number, &t));
	assert_false(field_notable(&number, &t));
	t.text[0] = '\0';
	assert_false(field_present(&text, &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_words_are_read),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(servers_do_not_overrun),
		cmocka_unit_test(a_long_word_does_not_overrun),
		cmocka_unit_test(fields_say_what_they_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

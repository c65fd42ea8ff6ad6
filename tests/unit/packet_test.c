// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>

#include "kbngd/dictionary.h"
#include "kbngd/packet.h"

#define SECRET	"testing123"

static rc_handle *rh;

static int setup(void **state)
{
	(void)state;
	rh = rc_config_init(rc_new());
	assert_non_null(rh);
	return rc_read_dictionary_from_buffer(rh, dictionary_text,
					      dictionary_size);
}

static int teardown(void **state)
{
	(void)state;
	rc_destroy(rh);
	return 0;
}

static VALUE_PAIR *pairs_new(const char *password)
{
	VALUE_PAIR *list = NULL;
	uint32_t type = 15;

	assert_non_null(rc_avpair_add(rh, &list, PW_USER_NAME, "alice", 5, 0));
	assert_non_null(rc_avpair_add(rh, &list, PW_USER_PASSWORD, password, -1,
				      0));
	assert_non_null(rc_avpair_add(rh, &list, PW_NAS_PORT_TYPE, &type, 0, 0));
	assert_non_null(rc_avpair_add(rh, &list, 1, "port", 4, 3561));
	return list;
}

/* RFC 2865 7.1: this server's answer, so that the arithmetic is not our own. */
static void test_rfc2865_example(void **state)
{
	static const uint8_t request[PACKET_HEADER] = {
		0x01, 0x00, 0x00, 0x38, 0x0f, 0x40, 0x3f, 0x94, 0x73, 0x97,
		0x80, 0x57, 0xbd, 0x83, 0xd5, 0xcb, 0x98, 0xf4, 0x22, 0x7a,
	};
	uint8_t answer[] = {
		0x02, 0x00, 0x00, 0x26, 0x86, 0xfe, 0x22, 0x0e, 0x76, 0x24,
		0xba, 0x2a, 0x10, 0x05, 0xf6, 0xbf, 0x9b, 0x55, 0xe0, 0xb2,
		0x06, 0x06, 0x00, 0x00, 0x00, 0x01, 0x0f, 0x06, 0x00, 0x00,
		0x00, 0x00, 0x0e, 0x06, 0xc0, 0xa8, 0x01, 0x03,
	};

	(void)state;
	assert_int_equal(packet_verify(request, answer, sizeof(answer),
				       "xyzzy5461", false), PACKET_GENUINE);
	assert_int_equal(packet_verify(request, answer, sizeof(answer),
				       "xyzzy5461", true), PACKET_FORGED);
	assert_int_equal(packet_verify(request, answer, sizeof(answer),
				       "xyzzy5462", false), PACKET_FORGED);
	answer[25] = 2;
	assert_int_equal(packet_verify(request, answer, sizeof(answer),
				       "xyzzy5461", false), PACKET_FORGED);
}

/* As in RFC 2865 5.2, undone. */
static void reveal(const uint8_t *packet, const uint8_t *hidden, size_t len,
		   char *password)
{
	const uint8_t *last = packet + 4;
	uint8_t pad[MD5_DIGEST_SIZE];
	struct md5_ctx md5;
	size_t i;

	for (i = 0; i < len; i++) {
		if (i % 16 == 0) {
			md5_init(&md5);
			md5_update(&md5, strlen(SECRET), (uint8_t *)SECRET);
			md5_update(&md5, 16, last);
			md5_digest(&md5, 16, pad);
			last = hidden + i;
		}
		password[i] = hidden[i] ^ pad[i % 16];
	}
	password[len] = '\0';
}

static void check_request(const char *password, size_t hidden_len)
{
	uint8_t buf[PACKET_MAX], copy[PACKET_MAX], digest[MD5_DIGEST_SIZE];
	VALUE_PAIR *list = pairs_new(password);
	size_t len = packet_encode(buf, PW_ACCESS_REQUEST, 7, list, SECRET);
	struct hmac_md5_ctx hmac;
	const uint8_t *at;
	char clear[129];

	rc_avpair_free(list);
	assert_int_equal(buf[0], PW_ACCESS_REQUEST);
	assert_int_equal(buf[1], 7);
	assert_int_equal(packet_length(buf), len);
	at = buf + PACKET_HEADER;
	assert_int_equal(at[0], PW_MESSAGE_AUTHENTICATOR);	/* first */
	memcpy(copy, buf, len);
	memset(copy + PACKET_HEADER + 2, 0, 16);
	hmac_md5_set_key(&hmac, strlen(SECRET), (uint8_t *)SECRET);
	hmac_md5_update(&hmac, len, copy);
	hmac_md5_digest(&hmac, 16, digest);
	assert_memory_equal(at + 2, digest, 16);
	at += 18;
	assert_memory_equal(at, "\x01\x07" "alice", 7);
	at += 7;
	assert_int_equal(at[0], PW_USER_PASSWORD);
	assert_int_equal(at[1], 2 + hidden_len);
	reveal(buf, at + 2, hidden_len, clear);
	assert_string_equal(clear, password);
	at += at[1];
	assert_memory_equal(at, "\x3d\x06\0\0\0\x0f", 6);
	at += 6;
	assert_memory_equal(at, "\x1a\x0c\0\0\x0d\xe9\x01\x06port", 12);
	assert_ptr_equal(at + 12, buf + len);
}

static void test_access_request(void **state)
{
	(void)state;
	check_request("", 16);
	check_request("0123456789abcde", 16);
	check_request("0123456789abcdef", 16);
	check_request("0123456789abcdefg", 32);
}

static void test_accounting_request(void **state)
{
	uint8_t buf[PACKET_MAX], copy[PACKET_MAX], digest[16];
	VALUE_PAIR *list = NULL;
	struct md5_ctx md5;
	size_t len;

	(void)state;
	assert_non_null(rc_avpair_add(rh, &list, PW_USER_NAME, "alice", 5, 0));
	len = packet_encode(buf, PW_ACCOUNTING_REQUEST, 9, list, SECRET);
	rc_avpair_free(list);
	assert_int_equal(len, PACKET_HEADER + 7);
	memcpy(copy, buf, len);
	memset(copy + 4, 0, 16);
	md5_init(&md5);
	md5_update(&md5, len, copy);
	md5_update(&md5, strlen(SECRET), (uint8_t *)SECRET);
	md5_digest(&md5, 16, digest);
	assert_memory_equal(buf + 4, digest, 16);
}

/* An answer to @request with @attributes, signed as a server does. */
static size_t make_answer(const uint8_t *request, uint8_t *answer,
			  const void *attributes, size_t len, bool sign)
{
	size_t size = PACKET_HEADER + (sign ? 18 : 0) + len;
	struct hmac_md5_ctx hmac;
	struct md5_ctx md5;
	uint8_t *at = answer + PACKET_HEADER;

	answer[0] = PW_ACCESS_ACCEPT;
	answer[1] = request[1];
	answer[2] = size >> 8;
	answer[3] = size;
	memcpy(answer + 4, request + 4, 16);
	if (sign) {
		memcpy(at, "\x50\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 18);
		at += 18;
	}
	memcpy(at, attributes, len);
	if (sign) {
		hmac_md5_set_key(&hmac, strlen(SECRET), (uint8_t *)SECRET);
		hmac_md5_update(&hmac, size, answer);
		hmac_md5_digest(&hmac, 16, answer + PACKET_HEADER + 2);
	}
	md5_init(&md5);
	md5_update(&md5, size, answer);
	md5_update(&md5, strlen(SECRET), (uint8_t *)SECRET);
	md5_digest(&md5, 16, answer + 4);
	return size;
}

static void test_message_authenticator(void **state)
{
	uint8_t request[PACKET_MAX], answer[PACKET_MAX];
	size_t len;

	(void)state;
	packet_encode(request, PW_ACCESS_REQUEST, 1, NULL, SECRET);
	len = make_answer(request, answer, "\x12\x04ok", 4, true);
	assert_int_equal(packet_verify(request, answer, len, SECRET, true),
			 PACKET_GENUINE);
	/* octets after the packet are padding, RFC 2865 3 */
	assert_int_equal(packet_verify(request, answer, len + 5, SECRET, true),
			 PACKET_GENUINE);
	request[1]++;
	assert_int_equal(packet_verify(request, answer, len, SECRET, true),
			 PACKET_STRAY);
}

static void test_malformed(void **state)
{
	static const struct {
		const char *attributes;
		size_t len;
	} bad[] = {
		{ "\x12", 1 },			/* a lonely type */
		{ "\x12\x01", 2 },		/* a length that goes back */
		{ "\x12\x05ok", 4 },		/* past the end */
		{ "\x50\x04ok", 4 },		/* a signature cut short */
		{ "\x00\x00", 2 },
	};
	uint8_t request[PACKET_MAX], answer[PACKET_MAX];
	size_t i, len;

	(void)state;
	packet_encode(request, PW_ACCESS_REQUEST, 1, NULL, SECRET);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		len = make_answer(request, answer, bad[i].attributes,
				  bad[i].len, false);
		assert_int_equal(packet_verify(request, answer, len, SECRET,
					       false), PACKET_MALFORMED);
	}
	len = make_answer(request, answer, "\x12\x04ok", 4, false);
	for (i = 0; i < len; i++)
		assert_int_equal(packet_verify(request, answer, i, SECRET,
					       false), PACKET_MALFORMED);
}

static void test_too_long(void **state)
{
	uint8_t buf[PACKET_MAX];
	VALUE_PAIR *list = NULL;
	char text[253];
	int i;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (i = 0; i < 17; i++)
		rc_avpair_add(rh, &list, PW_CLASS, text, sizeof(text), 0);
	assert_int_equal(packet_encode(buf, PW_ACCOUNTING_REQUEST, 1, list,
				       SECRET), 0);
	rc_avpair_free(list);
	list = NULL;		/* a vendor's attribute of 253 octets */
	rc_avpair_add(rh, &list, 1, text, sizeof(text), 3561);
	assert_int_equal(packet_encode(buf, PW_ACCOUNTING_REQUEST, 1, list,
				       SECRET), 0);
	rc_avpair_free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc2865_example),
		cmocka_unit_test(test_access_request),
		cmocka_unit_test(test_accounting_request),
		cmocka_unit_test(test_message_authenticator),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

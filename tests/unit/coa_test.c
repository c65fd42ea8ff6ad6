// SPDX-License-Identifier: GPL-2.0-or-later
/* What a CoA- or Disconnect-Request means, and which Error-Cause it gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>

#include "kbngd/coa.h"

#define SECRET	"testing123"
#define USER	"\x01\x07" "alice"
#define STATE	"\x18\x04st"
#define AUTHORIZE "\x06\x06\0\0\0\x11"
#define RATE_UP	"\x1a\x0c\0\0\x7e\xd9\x01\x06\0\0\x13\x88"	/* 5 Mbit/s */
#define INTERIM	"\x1a\x0c\0\0\x7e\xd9\x06\x06\0\0\0\x01"
#define WALLED	"\x1a\x0c\0\0\x7e\xd9\x0f\x06\0\0\0\x01"
#define REAUTH	"\x1a\x0c\0\0\x7e\xd9\x06\x06\0\0\0\x02"

static struct coa coa;
static uint8_t packet[PACKET_MAX];

static size_t make(uint8_t code, const void *attributes, size_t len)
{
	size_t size = PACKET_HEADER + len;

	memset(packet, 0, PACKET_HEADER);
	packet[0] = code;
	packet[1] = 9;
	packet[2] = size >> 8;
	packet[3] = size;
	memcpy(packet + PACKET_HEADER, attributes, len);
	return size;
}

static enum coa_error parse(uint8_t code, const void *attributes, size_t len)
{
	make(code, attributes, len);
	return coa_parse(&coa, packet, policy_default_rates,
			 policy_default_rates_count);
}

/* Of attributes in a string literal. */
#define COA(text)	parse(PACKET_COA_REQUEST, text, sizeof(text) - 1)
#define DISCONNECT(text) parse(PACKET_DISCONNECT_REQUEST, text, sizeof(text) - 1)

static void test_identification(void **state)
{
	(void)state;
	assert_int_equal(DISCONNECT("\x2c\x04id" USER "\x08\x06\x0a\0\0\x07"
				    "\x57\x06" "acc0" "\x1f\x04zz" "\x20\x05nas"
				    "\x04\x06\xc0\0\x02\x01"
				    "\x37\x06\x65\x53\xf1\0"
				    "\x21\x03p"), COA_OK);
	assert_true(coa.disconnect);
	assert_memory_equal(coa.session_id.data, "id", coa.session_id.len);
	assert_memory_equal(coa.user.data, "alice", coa.user.len);
	assert_memory_equal(coa.port.data, "acc0", coa.port.len);
	assert_memory_equal(coa.station.data, "zz", coa.station.len);
	assert_memory_equal(coa.nas_identifier.data, "nas",
			    coa.nas_identifier.len);
	assert_int_equal(coa.timestamp, 0x6553f100);
	assert_int_equal(DISCONNECT("\x20\x05nas"), COA_MISSING_ATTRIBUTE);
	assert_int_equal(DISCONNECT(USER USER), COA_INVALID_REQUEST);
	assert_int_equal(DISCONNECT(USER "\x08\x05\x0a\0\0"),
			 COA_INVALID_REQUEST);
	assert_int_equal(DISCONNECT(USER "\x01\x02"), COA_INVALID_REQUEST);
}

/* RFC 5176 3: what is not identification does not belong there. */
static void test_disconnect_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(DISCONNECT(USER RATE_UP), COA_UNSUPPORTED_ATTRIBUTE);
	assert_int_equal(DISCONNECT(USER INTERIM), COA_UNSUPPORTED_ATTRIBUTE);
	assert_int_equal(DISCONNECT(USER AUTHORIZE), COA_UNSUPPORTED_ATTRIBUTE);
	assert_int_equal(DISCONNECT(USER STATE), COA_UNSUPPORTED_ATTRIBUTE);
}

static void test_change(void **state)
{
	struct kbng_policy policy = { .name = "old", .rate_down = 7000000 };

	(void)state;
	assert_int_equal(COA(USER RATE_UP "\x0b\x05new" "\x55\x06\0\0\0\x78"
			     "\x19\x03" "a" "\x19\x03" "b"), COA_OK);
	assert_int_equal(coa.interim, 120);
	assert_int_equal(coa.classes, 2);
	assert_memory_equal(coa.class[1].data, "b", 1);
	assert_int_equal(policy_update(policy_default_rates,
				       policy_default_rates_count, coa.rates,
				       &policy), 0);
	assert_int_equal(policy.rate_up, 5000000);
	assert_int_equal(policy.rate_down, 7000000);	/* not in the request */
	assert_string_equal(policy.name, "new");
	assert_int_equal(COA(USER), COA_MISSING_ATTRIBUTE);
	assert_int_equal(COA(USER INTERIM), COA_OK);
	assert_int_equal(coa.command, COA_INTERIM_UPDATE);
	assert_null(coa.rates);
	assert_int_equal(COA(USER "\x1b\x06\0\0\x0e\x10" "\x1c\x06\0\0\0\0"
			     "\x1d\x06\0\0\0\x01"), COA_OK);
	assert_int_equal(coa_number(&coa.session_timeout, 0), 3600);
	assert_int_equal(coa_number(&coa.idle_timeout, 7), 0);	/* none */
	assert_int_equal(coa_number(&coa.termination_action, 0), 1);
	assert_int_equal(COA(USER "\x1d\x06\0\0\0\x02"), COA_INVALID_VALUE);
	assert_int_equal(COA(USER "\x1b\x05\0\0\x0e"), COA_INVALID_REQUEST);
	assert_int_equal(COA(USER REAUTH), COA_OK);
	assert_int_equal(COA(USER REAUTH RATE_UP), COA_INVALID_REQUEST);
	assert_int_equal(COA(USER "\x55\x06\0\0\0\0"), COA_INVALID_VALUE);
	assert_int_equal(COA(USER "\x1a\x0c\0\0\x7e\xd9\x06\x06\0\0\0\x09"),
			 COA_INVALID_VALUE);
}

static void test_walled(void **state)
{
	(void)state;
	assert_int_equal(COA("\x59\x04" "c1" WALLED), COA_OK);
	assert_memory_equal(coa.cui.data, "c1", coa.cui.len);
	assert_int_equal(coa_number(&coa.walled, 0), 1);
	assert_int_equal(COA(USER WALLED WALLED), COA_INVALID_REQUEST);
	assert_int_equal(COA(USER WALLED REAUTH), COA_INVALID_REQUEST);
	assert_int_equal(COA(USER "\x1a\x0c\0\0\x7e\xd9\x0f\x06\0\0\0\x02"),
			 COA_INVALID_VALUE);
	assert_int_equal(DISCONNECT(USER WALLED), COA_UNSUPPORTED_ATTRIBUTE);
}

static void test_authorize_only(void **state)
{
	(void)state;
	assert_int_equal(COA(USER AUTHORIZE STATE), COA_OK);
	assert_true(coa.authorize_only);
	assert_memory_equal(coa.state.data, "st", 2);
	assert_int_equal(COA(USER AUTHORIZE), COA_MISSING_ATTRIBUTE);
	assert_int_equal(COA(USER AUTHORIZE STATE RATE_UP),
			 COA_UNSUPPORTED_ATTRIBUTE);
	assert_int_equal(COA(USER "\x06\x06\0\0\0\x02"),
			 COA_UNSUPPORTED_SERVICE);
}

static void test_unsupported(void **state)
{
	(void)state;
	assert_int_equal(COA(USER RATE_UP "\x0c\x06\0\0\x05\xdc"),
			 COA_UNSUPPORTED_ATTRIBUTE);	/* Framed-MTU */
	assert_int_equal(COA(USER "\x1a\x0c\0\0\0\x09\x01\x06\0\0\0\x01"),
			 COA_UNSUPPORTED_ATTRIBUTE);	/* Cisco's */
	assert_int_equal(COA(USER "\x1a\x0c\0\x01\x7e\xd9\x01\x06\0\0\x13\x88"),
			 COA_UNSUPPORTED_ATTRIBUTE);	/* no vendor 32473 */
	assert_int_equal(COA(USER "\x1a\x05\0\0\x7e"), COA_INVALID_REQUEST);
	assert_int_equal(COA(USER "\x1a\x09\0\0\x7e\xd9\x01\x06\0"),
			 COA_INVALID_REQUEST);
	assert_int_equal(COA(USER "\x1a\x09\0\0\x7e\xd9\x01\x01\0"),
			 COA_INVALID_REQUEST);
}

/* RFC 5176 2.3 and 3.4, with arithmetic that is not packet.c's. */
static void sign(size_t len, size_t signature)
{
	struct hmac_md5_ctx hmac;
	struct md5_ctx md5;

	memset(packet + 4, 0, 16);
	if (signature) {
		memset(packet + signature, 0, 16);
		hmac_md5_set_key(&hmac, strlen(SECRET), (uint8_t *)SECRET);
		hmac_md5_update(&hmac, len, packet);
		hmac_md5_digest(&hmac, 16, packet + signature);
	}
	md5_init(&md5);
	md5_update(&md5, len, packet);
	md5_update(&md5, strlen(SECRET), (uint8_t *)SECRET);
	md5_digest(&md5, 16, packet + 4);
}

static enum packet_verdict verify(size_t len, bool must_sign)
{
	return packet_verify_request(packet, len, SECRET, must_sign);
}

static void test_genuine(void **state)
{
	static const char signed_user[] =
		"\x50\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" USER;
	size_t len;

	(void)state;
	len = make(PACKET_COA_REQUEST, USER, 7);
	assert_int_equal(verify(len, false), PACKET_FORGED);
	sign(len, 0);
	assert_int_equal(verify(len, false), PACKET_GENUINE);
	assert_int_equal(verify(len, true), PACKET_FORGED);
	assert_int_equal(verify(len - 1, false), PACKET_MALFORMED);
	packet[25] ^= 1;
	assert_int_equal(verify(len, false), PACKET_FORGED);

	len = make(PACKET_COA_REQUEST, signed_user, sizeof(signed_user) - 1);
	sign(len, PACKET_HEADER + 2);
	assert_int_equal(verify(len, true), PACKET_GENUINE);
	/* a right authenticator over a wrong signature */
	sign(len, 0);
	packet[PACKET_HEADER + 2] ^= 1;
	sign(len, 0);
	assert_int_equal(verify(len, false), PACKET_FORGED);
}

/* The answer is what a client accepts. */
static void test_answer(void **state)
{
	uint8_t answer[PACKET_MAX], big[PACKET_MAX];
	size_t len;

	(void)state;
	make(PACKET_DISCONNECT_REQUEST, USER, 7);
	memset(packet + 4, 0x5a, 16);
	len = packet_answer(answer, PACKET_DISCONNECT_NAK, packet,
			    (const uint8_t *)"\x65\x06\0\0\x01\xf7", 6, SECRET);
	assert_int_equal(len, PACKET_HEADER + 18 + 6);
	assert_int_equal(answer[0], PACKET_DISCONNECT_NAK);
	assert_int_equal(packet_verify(packet, answer, len, SECRET, true),
			 PACKET_GENUINE);
	memset(big, 0, sizeof(big));
	assert_int_equal(packet_answer(answer, PACKET_COA_ACK, packet, big,
				       PACKET_MAX - PACKET_HEADER - 17, SECRET),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identification),
		cmocka_unit_test(test_disconnect_changes_nothing),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_walled),
		cmocka_unit_test(test_authorize_only),
		cmocka_unit_test(test_unsupported),
		cmocka_unit_test(test_genuine),
		cmocka_unit_test(test_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

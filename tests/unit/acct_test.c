// SPDX-License-Identifier: GPL-2.0-or-later
/* Which attributes a record has, and in which direction octets count. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "kbngd/acct.h"
#include "kbngd/auth.h"
#include "kbngd/coa.h"
#include "kbngd/dictionary.h"

static uint32_t retries;
static struct config_server server = { .address = "127.0.0.1", .port = 9,
				       .secret = "x" };
static struct config_radius radius = {
	.auth_servers = &server, .auth_servers_count = 1,
	.acct_servers = &server, .acct_servers_count = 1,
	.timeout = 1, .retries = &retries, .workers = 1,
	.username = "{bng_id}/{circuit_id}", .password = "{mac}",
	.called_station_id = "{ifname}",
};
static struct config config = {
	.bng_id = "b1", .radius = &radius,
	.nas = { .identifier = "nas-1", .port_type = 15 },
};
static struct kbngd k = { .config = &config };

static void answered(struct radius_request *req, void *arg)
{
	(void)req;
	(void)arg;
}

static int setup(void **state)
{
	char error[256];

	(void)state;
	inet_pton(AF_INET, "192.0.2.1", &config.nas.addr);
	config.nas.address6 = "2001:db8::1";
	inet_pton(AF_INET6, config.nas.address6, &config.nas.addr6);
	uv_loop_init(&k.loop);
	return radius_open(&radius, &k.loop, answered, NULL, &k.radius, error,
			   sizeof(error));
}

static int teardown(void **state)
{
	(void)state;
	radius_close(k.radius);
	uv_run(&k.loop, UV_RUN_DEFAULT);
	return uv_loop_close(&k.loop);
}

static struct kbng_session_info session(void)
{
	struct kbng_session_info s = {
		.uuid = { 0x12, 0x34 },
		.ifname = "acc0",
		.mac = { 2, 0, 0, 0, 0, 1 },
		.circuit_id = { 6, "port-1" },
		.remote_id = { 2, { 0, 0xff } },
		.started = time(NULL) - 100,
		.stopped = time(NULL) - 10,
		.time = 90,
		.terminate_cause = KBNG_CAUSE_LOST_CARRIER,
		.up = { 3, 5, 4, (1ULL << 32) + 7, 0 },
		.down = { 30, 3ULL << 32, 40, 9, 0 },
	};

	inet_pton(AF_INET, "10.0.0.7", &s.addr);
	return s;
}

static void has_number(struct radius_request *req, int attribute,
		       uint32_t value)
{
	VALUE_PAIR *vp = rc_avpair_get(req->send, attribute, 0);

	assert_non_null(vp);
	assert_int_equal(vp->lvalue, value);
	assert_null(rc_avpair_get(vp->next, attribute, 0));
}

static void has_text(struct radius_request *req, int vendor, int attribute,
		     const void *text, size_t len)
{
	VALUE_PAIR *vp = rc_avpair_get(req->send, attribute, vendor);

	assert_non_null(vp);
	assert_int_equal(vp->lvalue, len);
	assert_memory_equal(vp->strvalue, text, len);
}

static void has_identity(struct radius_request *req)
{
	has_text(req, 0, PW_ACCT_SESSION_ID,
		 "12340000-0000-0000-0000-000000000000", 36);
	has_text(req, 0, PW_CALLING_STATION_ID, "02:00:00:00:00:01", 17);
	has_text(req, 0, PW_CALLED_STATION_ID, "acc0", 4);
	has_text(req, 0, PW_NAS_IDENTIFIER, "nas-1", 5);
	has_text(req, 0, PW_NAS_PORT_ID_STRING, "acc0", 4);
	has_text(req, 3561, 1, "port-1", 6);
	has_text(req, 3561, 2, "\0\xff", 2);
	has_number(req, PW_FRAMED_IP_ADDRESS, 0x0a000007);
	has_number(req, PW_NAS_IP_ADDRESS, 0xc0000201);
	has_text(req, 0, PW_NAS_IPV6_ADDRESS, &config.nas.addr6, 16);
	has_number(req, PW_NAS_PORT_TYPE, 15);
}

/* A record's way over the journal: to octets, and to attributes again. */
static struct radius_request *sent(const struct kbng_session_info *s,
				   const struct cookie *cookie,
				   enum journal_status status)
{
	struct journal_record record;
	struct radius_request *req;

	assert_int_equal(acct_record(&k, s, cookie, status, &record), 0);
	assert_int_equal(record.key.status, status);
	assert_memory_equal(record.key.uuid, s->uuid, KBNG_UUID_LEN);
	req = acct_request(&k, &record);
	assert_non_null(req);
	assert_int_equal(req->tag, status);
	return req;
}

/* What is no attributes is said to be none, and sent to nobody. */
static void test_unreadable(void **state)
{
	struct journal_record record = { .len = 3, .octets = { 44, 200, 1 } };

	(void)state;
	assert_null(acct_request(&k, &record));
	record.len = 0;
	assert_null(acct_request(&k, &record));
}

static void test_stop(void **state)
{
	struct kbng_session_info s = session();
	struct cookie cookie = {
		.username = { 5, "alice" },
		.class = { { 2, { 0, 1 } } },
		.classes = 1,
	};
	struct radius_request *req;

	(void)state;
	req = sent(&s, &cookie, JOURNAL_STOP);
	has_identity(req);
	has_text(req, 0, PW_USER_NAME, "alice", 5);
	has_text(req, 0, PW_CLASS, "\0\x01", 2);
	has_number(req, PW_ACCT_STATUS_TYPE, PW_STATUS_STOP);
	has_number(req, PW_SERVICE_TYPE, PW_FRAMED);
	has_number(req, PW_ACCT_INPUT_OCTETS, 12);	/* from the subscriber */
	has_number(req, PW_ACCT_INPUT_GIGAWORDS, 1);
	has_number(req, PW_ACCT_INPUT_PACKETS, 7);
	has_number(req, PW_ACCT_OUTPUT_OCTETS, 9);
	has_number(req, PW_ACCT_OUTPUT_GIGAWORDS, 3);
	has_number(req, PW_ACCT_OUTPUT_PACKETS, 70);
	has_number(req, PW_ACCT_SESSION_TIME, 90);
	has_number(req, PW_ACCT_TERMINATE_CAUSE, KBNG_CAUSE_LOST_CARRIER);
	has_number(req, PW_EVENT_TIMESTAMP, s.stopped);
	assert_in_range(rc_avpair_get(req->send, PW_ACCT_DELAY_TIME, 0)->lvalue,
			10, 12);
	radius_request_free(req);
}

static void test_start(void **state)
{
	struct kbng_session_info s = session();
	struct cookie cookie = { .username = { 5, "alice" } };
	struct radius_request *req;

	(void)state;
	req = sent(&s, &cookie, JOURNAL_START);
	has_identity(req);
	has_number(req, PW_EVENT_TIMESTAMP, s.started);
	assert_null(rc_avpair_get(req->send, PW_ACCT_INPUT_OCTETS, 0));
	assert_null(rc_avpair_get(req->send, PW_ACCT_TERMINATE_CAUSE, 0));
	radius_request_free(req);
}

static void test_on(void **state)
{
	uint8_t instance[KBNG_UUID_LEN] = { 0xab };
	time_t since = time(NULL) - 5;
	struct journal_record record;
	struct radius_request *req;

	(void)state;
	assert_int_equal(acct_nas_record(&k, JOURNAL_ON, instance, since,
					 &record), 0);
	assert_int_equal(record.key.status, JOURNAL_ON);
	assert_int_equal(record.event, since);
	req = acct_request(&k, &record);
	assert_non_null(req);
	has_number(req, PW_ACCT_STATUS_TYPE, PW_ACCOUNTING_ON);
	has_number(req, PW_NAS_IP_ADDRESS, 0xc0000201);
	has_number(req, PW_EVENT_TIMESTAMP, since);
	assert_in_range(rc_avpair_get(req->send, PW_ACCT_DELAY_TIME, 0)->lvalue,
			5, 7);
	has_text(req, 0, PW_NAS_IDENTIFIER, "nas-1", 5);
	has_text(req, 0, PW_ACCT_SESSION_ID,
		 "ab000000-0000-0000-0000-000000000000", 36);
	assert_null(rc_avpair_get(req->send, PW_USER_NAME, 0));
	radius_request_free(req);
}

static void test_access(void **state)
{
	struct kbng_session_info s = session();
	struct radius_request *req;

	(void)state;
	req = auth_request(&k, &s, NULL, 0);
	assert_non_null(req);
	has_identity(req);
	has_text(req, 0, PW_USER_NAME, "b1/port-1", 9);
	has_number(req, PW_SERVICE_TYPE, PW_FRAMED);
	has_text(req, 0, PW_USER_PASSWORD, "02:00:00:00:00:01", 17);
	radius_request_free(req);
	radius.password_secret = "from {a} file";	/* no template */
	req = auth_request(&k, &s, NULL, 0);
	assert_non_null(req);
	has_text(req, 0, PW_USER_PASSWORD, "from {a} file", 13);
	radius_request_free(req);
	radius.password_secret = NULL;
}

/* RFC 5176 3.2: State proves it, no password does. */
static void test_authorize_only(void **state)
{
	struct kbng_session_info s = session();
	struct cookie_value proof = { 2, { 0, 7 } };
	struct radius_request *req;

	(void)state;
	req = auth_request(&k, &s, &proof, 0);
	assert_non_null(req);
	has_number(req, PW_SERVICE_TYPE, COA_AUTHORIZE_ONLY);
	has_text(req, 0, PW_STATE, "\0\7", 2);
	has_text(req, 0, CHARGEABLE_USER_IDENTITY, "\0", 1);	/* tell us */
	assert_null(rc_avpair_get(req->send, PW_USER_PASSWORD, 0));
	radius_request_free(req);
}

/* RFC 4372 2.1: what the server said comes back, in requests and records. */
static void test_cui(void **state)
{
	struct cookie cookie = { .username = { 1, "x" }, .cui = { 2, "c1" } };
	struct kbng_session_info s = session();
	struct radius_request *req;

	(void)state;
	s.cookie_len = cookie_encode(&cookie, s.cookie, sizeof(s.cookie));
	req = auth_request(&k, &s, NULL, 0);
	assert_non_null(req);
	has_text(req, 0, CHARGEABLE_USER_IDENTITY, "c1", 2);
	radius_request_free(req);
	req = sent(&s, &cookie, JOURNAL_STOP);
	has_text(req, 0, CHARGEABLE_USER_IDENTITY, "c1", 2);
	radius_request_free(req);
	cookie.cui.len = 0;
	req = sent(&s, &cookie, JOURNAL_STOP);
	assert_null(rc_avpair_get(req->send, CHARGEABLE_USER_IDENTITY, 0));
	radius_request_free(req);
}

static void test_accepted(void **state)
{
	struct radius_request *req;
	struct cookie cookie = { .username = { 1, "x" } };
	struct kbng_prefixes prefixes;
	struct kbng_policy policy;
	uint8_t uuid[KBNG_UUID_LEN] = { 0 };
	struct kbng_session_info s = session();
	uint32_t interim = 30, end = 3600, idle = 600, again = 1;
	int i;

	(void)state;
	req = radius_request_new(RADIUS_AUTH, uuid, 0);
	rc_avpair_add(radius_handle(k.radius), &req->reply, PW_USER_NAME,
		      "real", 4, 0);
	rc_avpair_add(radius_handle(k.radius), &req->reply,
		      PW_ACCT_INTERIM_INTERVAL, &interim, 0, 0);
	rc_avpair_add(radius_handle(k.radius), &req->reply, PW_SESSION_TIMEOUT,
		      &end, 0, 0);
	rc_avpair_add(radius_handle(k.radius), &req->reply, PW_IDLE_TIMEOUT,
		      &idle, 0, 0);
	rc_avpair_add(radius_handle(k.radius), &req->reply,
		      PW_TERMINATION_ACTION, &again, 0, 0);
	for (i = 0; i < 6; i++)
		rc_avpair_add(radius_handle(k.radius), &req->reply, PW_CLASS,
			      &i, 4, 0);
	rc_avpair_add(radius_handle(k.radius), &req->reply,
		      CHARGEABLE_USER_IDENTITY, "who\0", 4, 0);
	auth_accepted(&k, &s, req, &cookie, &policy, &prefixes);
	assert_int_equal(cookie.cui.len, 4);
	assert_memory_equal(cookie.cui.data, "who\0", 4);
	assert_int_equal(cookie.decision, DECISION_ACCEPT);
	rc_avpair_add(radius_handle(k.radius), &req->reply, KBNG_WALLED,
		      &again, 0, VENDOR_KBNG);
	cookie = (struct cookie){ .username = { 1, "x" } };
	auth_accepted(&k, &s, req, &cookie, &policy, &prefixes);
	assert_int_equal(cookie.decision, DECISION_WALLED);
	assert_int_equal(cookie.username.len, 4);
	assert_memory_equal(cookie.username.data, "real", 4);
	assert_int_equal(cookie.interim, 60);	/* RFC 2869: not below */
	assert_int_equal(cookie.classes, COOKIE_CLASSES_MAX);
	assert_int_equal(cookie.end, 90 + 3600);	/* from now on */
	assert_int_equal(cookie.idle, 600);
	assert_true(cookie.ask_again);
	assert_false(prefixes.given);
	assert_int_equal(auth_end(&s, 0), 0);
	assert_int_equal(auth_end(&s, UINT32_MAX), UINT32_MAX);
	radius_request_free(req);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_on),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_authorize_only),
		cmocka_unit_test(test_cui),
		cmocka_unit_test(test_accepted),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

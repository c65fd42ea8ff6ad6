// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When which record is sent. Instead of threads there is a list of what is
 * under way, which a test answers as it likes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <signal.h>
#include <sys/resource.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "kbngd/acct.h"
#include "kbngd/group.h"
#include "kbngd/outbox.h"
#include "kbngd/session.h"

#define ROOM		4
#define ROUNDS		200

static struct config_radius radius = { .rate = 1000000, .burst = 1000000,
				       .retry_pending = 1 };
static struct config config = { .radius = &radius };
static struct kbngd k = { .config = &config };
static char path[64];
static struct radius_request *sent[ROOM];
static unsigned int n_sent;

/* --- What outbox.c stands on --- */

int acct_record(struct kbngd *kbngd, const struct kbng_session_info *s,
		const struct cookie *cookie, enum journal_status status,
		struct journal_record *record)
{
	(void)kbngd;
	(void)cookie;
	memset(record, 0, sizeof(*record));
	memcpy(record->key.uuid, s->uuid, KBNG_UUID_LEN);
	record->key.status = status;
	record->len = 1;
	return 0;
}

struct radius_request *acct_request(struct kbngd *kbngd,
				    const struct journal_record *record)
{
	struct radius_request *req = calloc(1, sizeof(*req));

	(void)kbngd;
	memcpy(req->uuid, record->key.uuid, KBNG_UUID_LEN);
	req->tag = record->key.status;
	return req;
}

bool radius_has_room(const struct radius *r, enum radius_kind kind)
{
	(void)r;
	assert_int_equal(kind, RADIUS_ACCT);
	return n_sent < ROOM;
}

/* A record of that kind is there for others, and so after a kill too. */
static bool is_kept(const struct radius_request *req)
{
	sqlite3_stmt *s;
	sqlite3 *db;
	bool kept;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT n FROM record WHERE"
					    " uuid = ? AND status = ?", -1,
					    &s, NULL), SQLITE_OK);
	sqlite3_bind_blob(s, 1, req->uuid, KBNG_UUID_LEN, SQLITE_STATIC);
	sqlite3_bind_int(s, 2, req->tag);
	kept = sqlite3_step(s) == SQLITE_ROW;
	sqlite3_finalize(s);
	sqlite3_close(db);
	return kept;
}

void radius_submit(struct radius *r, struct radius_request *req)
{
	(void)r;
	assert_true(n_sent < ROOM);
	assert_true(is_kept(req));
	sent[n_sent++] = req;
}

void radius_ask(struct radius *r, struct radius_request *req)
{
	(void)r;
	req->result = RADIUS_OK;
}

void radius_request_free(struct radius_request *req)
{
	free(req);
}

static unsigned int undone;

void session_undo(struct kbngd *kbngd, const uint8_t *uuid, enum task task)
{
	(void)kbngd;
	(void)uuid;
	(void)task;
	undone++;
}

void redis_kick(struct redis *r)
{
	(void)r;
}

/* --- */

static int setup(void **state)
{
	char dir[] = "/tmp/kbng-outbox-XXXXXX", error[256];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/j.db", dir);
	uv_loop_init(&k.loop);
	if (journal_open(path, 1000, 10000, &k.journal, error, sizeof(error)))
		return -1;
	k.group = group_open(&k);
	k.outbox = outbox_open(&k);
	return 0;
}

static void close_outbox(void)
{
	outbox_close(k.outbox);
	group_close(k.group);
	uv_run(&k.loop, UV_RUN_DEFAULT);
	while (n_sent)
		free(sent[--n_sent]);
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	close_outbox();
	journal_close(k.journal);
	*strrchr(path, '/') = '\0';
	snprintf(command, sizeof(command), "rm -rf %s", path);
	return uv_loop_close(&k.loop) || system(command);
}

/* What is due at once, or waits for others to come. */
static void turn(void)
{
	int i;

	journal_flush(k.journal);
	for (i = 0; i < 3; i++)
		uv_run(&k.loop, UV_RUN_NOWAIT);
}

/* Until something is under way, by the outbox's own clock. */
static void wait_for_one(void)
{
	while (!n_sent)
		uv_run(&k.loop, UV_RUN_ONCE);
}

static void put(char session, enum journal_status status)
{
	struct kbng_session_info s = { .uuid = { session } };

	assert_int_equal(outbox_put(&k, &s, NULL, status), 0);
}

static void put_on(void)
{
	struct journal_record r = { .key = { .uuid = { '!' },
					     .status = JOURNAL_ON }, .len = 1 };

	journal_begin(k.journal);
	journal_record_put(k.journal, &r, 0);
	assert_int_equal(journal_commit(k.journal), 0);
	outbox_kick(k.outbox);
}

/* "s1" is the Start of session s, and so on, in the order of being sent. */
static void under_way(const char *expected)
{
	char text[3 * ROOM + 1] = "";
	unsigned int i;

	turn();
	for (i = 0; i < n_sent; i++)
		sprintf(text + strlen(text), "%s%c%d", i ? " " : "",
			sent[i]->uuid[0], sent[i]->tag);
	assert_string_equal(text, expected);
}

/* The answer, or none, to number @i of what is under way. */
static void answer(unsigned int i, enum radius_result result)
{
	struct radius_request *req = sent[i];

	n_sent--;
	memmove(&sent[i], &sent[i + 1], (n_sent - i) * sizeof(*sent));
	req->result = result;
	outbox_answered(k.outbox, req);
	free(req);
}

static uint64_t left(void)
{
	return journal_records(k.journal)->total;
}

static void test_order(void **state)
{
	(void)state;
	put('a', JOURNAL_START);
	put('a', JOURNAL_INTERIM);
	put('b', JOURNAL_START);
	put('a', JOURNAL_INTERIM);	/* in the other's place */
	under_way("a1 b1");		/* a's next waits for a's first */
	answer(0, RADIUS_OK);
	under_way("b1 a3");
	put('a', JOURNAL_STOP);
	under_way("b1 a3");
	answer(1, RADIUS_OK);
	under_way("b1 a2");
	answer(1, RADIUS_OK);
	answer(0, RADIUS_OK);
	under_way("");
	assert_int_equal(left(), 0);
}

/* An Interim that waits behind the Start goes with the Stop. */
static void test_superseded(void **state)
{
	(void)state;
	put('a', JOURNAL_START);
	put('a', JOURNAL_INTERIM);
	under_way("a1");
	put('a', JOURNAL_STOP);
	answer(0, RADIUS_OK);
	under_way("a2");
	assert_int_equal(journal_records(k.journal)->superseded, 1);
}

/* Taken and put in the same turn: the new one is a record of its own. */
static void test_taken_and_renewed(void **state)
{
	(void)state;
	put('a', JOURNAL_INTERIM);
	under_way("a3");
	answer(0, RADIUS_OK);
	put('a', JOURNAL_INTERIM);
	under_way("a3");
	assert_int_equal(left(), 1);
	answer(0, RADIUS_OK);
	turn();
	assert_int_equal(left(), 0);
}

static void test_on_goes_alone(void **state)
{
	(void)state;
	put('a', JOURNAL_STOP);
	put_on();
	put('b', JOURNAL_START);
	put('c', JOURNAL_START);
	under_way("a2");
	answer(0, RADIUS_OK);
	under_way("!7");
	answer(0, RADIUS_SILENT);
	under_way("");
	wait_for_one();
	under_way("!7");
	answer(0, RADIUS_OK);
	under_way("b1 c1");
}

/* One at a time, each another one; an answer lets all go. */
static void test_outage(void **state)
{
	char s;

	(void)state;
	for (s = 'a'; s < 'g'; s++)
		put(s, JOURNAL_START);
	under_way("a1 b1 c1 d1");
	while (n_sent)
		answer(0, RADIUS_SILENT);
	under_way("");
	put('a', JOURNAL_STOP);
	under_way("");
	wait_for_one();
	turn();
	assert_int_equal(n_sent, 1);
	answer(0, RADIUS_OK);
	turn();
	assert_int_equal(n_sent, ROOM);
	while (n_sent) {
		answer(0, RADIUS_OK);
		turn();
	}
	assert_int_equal(left(), 0);
}

/* A record that no server wants holds up its own session alone. */
static void test_poison(void **state)
{
	int i, tries = 0;

	(void)state;
	put('p', JOURNAL_START);
	put('p', JOURNAL_STOP);
	put_on();
	for (i = 0; i < ROUNDS; i++)
		put('A' + i % 26, i % 2 ? JOURNAL_START : JOURNAL_STOP);
	while (left() > 2) {
		wait_for_one();
		tries += sent[0]->uuid[0] == 'p';
		assert_true(tries < 10);
		answer(0, sent[0]->uuid[0] == 'p' ? RADIUS_SILENT : RADIUS_OK);
		turn();
	}
	assert_int_equal(left(), 2);
}

static void room(rlim_t size)
{
	struct rlimit limit = { .rlim_max = RLIM_INFINITY, .rlim_cur = size };

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* What is not in the journal is not sent; its session has it to do again. */
static void test_lost(void **state)
{
	struct session s = { .uuid = { 'a' } };

	(void)state;
	undone = 0;
	put('a', JOURNAL_START);
	group_add(k.group, &s, TASK_START);
	assert_true(group_has(k.group, &s));
	room(1);
	under_way("");
	assert_int_equal(undone, 1);
	assert_false(group_has(k.group, &s));
	assert_int_equal(left(), 0);
	room(RLIM_INFINITY);
	put('a', JOURNAL_START);
	under_way("a1");
}

/* Another run of the daemon goes on with what was not answered. */
static void test_restart(void **state)
{
	(void)state;
	put('a', JOURNAL_START);
	put('b', JOURNAL_START);
	put('a', JOURNAL_STOP);
	under_way("a1 b1");
	answer(1, RADIUS_OK);
	close_outbox();
	k.group = group_open(&k);
	k.outbox = outbox_open(&k);
	under_way("a1");
	answer(0, RADIUS_OK);
	under_way("a2");
}

static void test_rate(void **state)
{
	uint64_t before;
	int i;

	(void)state;
	radius.rate = 100;
	radius.burst = 1;
	before = uv_hrtime();
	for (i = 0; i < 6; i++)
		put('a' + i, JOURNAL_START);
	while (left()) {
		if (n_sent)
			answer(0, RADIUS_OK);
		uv_run(&k.loop, UV_RUN_ONCE);
	}
	assert_true(uv_hrtime() - before >= 40 * 1000000ULL);
	radius.rate = radius.burst = 1000000;
}

/* More than it looks at. */
static void test_backlog(void **state)
{
	struct kbng_session_info s = { 0 };
	unsigned int i, answers = 0;

	(void)state;
	for (i = 0; i < 2500; i++) {
		memcpy(s.uuid, &i, sizeof(i));
		assert_int_equal(outbox_put(&k, &s, NULL, JOURNAL_START), 0);
	}
	while (left()) {
		wait_for_one();
		while (n_sent) {
			answer(0, RADIUS_OK);
			answers++;
		}
		turn();
	}
	assert_int_equal(answers, 2500);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_superseded),
		TEST(test_taken_and_renewed),
		TEST(test_on_goes_alone),
		TEST(test_outage),
		TEST(test_poison),
		TEST(test_lost),
		TEST(test_restart),
		TEST(test_rate),
		TEST(test_backlog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "kbngd/journal.h"
#include "lib/parse.h"

static char path[64], error[256];
static const uint8_t uuid_a[KBNG_UUID_LEN] = "aaaaaaaaaaaaaaa";
static const uint8_t uuid_b[KBNG_UUID_LEN] = "bbbbbbbbbbbbbbb";

static int setup(void **state)
{
	char dir[] = "/tmp/kbng-journal-XXXXXX";

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sub/journal.db", dir);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	*strrchr(path, '/') = '\0';
	*strrchr(path, '/') = '\0';
	snprintf(command, sizeof(command), "rm -rf %s", path);
	return system(command);
}

static struct journal *reopen(uint32_t max)
{
	struct journal *j;

	if (journal_open(path, max, 100, &j, error, sizeof(error)))
		fail_msg("%s", error);
	return j;
}

static void append(struct journal *j, const char *body)
{
	journal_begin(j);
	journal_append(j, body);
	assert_int_equal(journal_commit(j), 0);
}

/** struct seen - what journal_read() gave */
struct seen {
	char text[256];
	int64_t last;
};

static void see(int64_t n, const char *body, void *arg)
{
	struct seen *seen = arg;

	seen->last = n;
	strncat(seen->text, body, sizeof(seen->text) - strlen(seen->text) - 1);
}

static void holds(struct journal *j, const char *expected)
{
	struct seen seen = { 0 };

	assert_int_equal(journal_read(j, 100, see, &seen), strlen(expected));
	assert_string_equal(seen.text, expected);
	assert_int_equal(journal_count(j), strlen(expected));
}

static void test_order_and_numbers(void **state)
{
	struct journal *j = reopen(1000);
	struct seen seen = { 0 };
	char instance[37];

	(void)state;
	strcpy(instance, journal_instance(j));
	assert_int_equal(strlen(instance), 36);
	assert_int_equal(journal_next_seq(j), 1);
	append(j, "a");
	append(j, "b");
	append(j, "c");
	holds(j, "abc");
	assert_int_equal(journal_read(j, 2, see, &seen), 2);
	journal_taken(j, seen.last);
	holds(j, "c");
	journal_close(j);

	j = reopen(1000);		/* goes on where it was */
	assert_string_equal(journal_instance(j), instance);
	assert_int_equal(journal_next_seq(j), 4);
	append(j, "d");
	holds(j, "cd");
	assert_int_equal(journal_read(j, 100, see, &seen), 2);
	journal_taken(j, seen.last);
	holds(j, "");
	append(j, "e");			/* numbers go on in an empty journal */
	assert_int_equal(journal_next_seq(j), 6);
	holds(j, "e");
	journal_close(j);
}

/* Another boot: events may have been lost, so numbers begin anew. */
static void test_new_boot(void **state)
{
	struct journal *j = reopen(1000);
	char instance[37];
	sqlite3 *db;

	(void)state;
	strcpy(instance, journal_instance(j));
	append(j, "x");
	journal_close(j);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE meta SET value = 'other' WHERE key = 'boot'",
				      NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	j = reopen(1000);
	assert_string_not_equal(journal_instance(j), instance);
	assert_int_equal(journal_next_seq(j), 1);
	holds(j, "x");			/* what was there stays */
	journal_close(j);
}

static void test_marks(void **state)
{
	struct journal *j = reopen(1000);

	(void)state;
	assert_int_equal(journal_session_get(j, uuid_a), JOURNAL_UNKNOWN);
	journal_begin(j);
	journal_append(j, "s");
	journal_session_set(j, uuid_a, JOURNAL_STARTED);
	assert_int_equal(journal_commit(j), 0);
	journal_session_set(j, uuid_a, JOURNAL_STOPPED);
	journal_session_set(j, uuid_b, JOURNAL_STARTED);
	journal_close(j);
	j = reopen(1000);
	assert_int_equal(journal_session_get(j, uuid_a),
			 JOURNAL_STARTED | JOURNAL_STOPPED);
	assert_int_equal(journal_session_get(j, uuid_b), JOURNAL_STARTED);
	journal_session_forget(j, uuid_a);
	assert_int_equal(journal_session_get(j, uuid_a), JOURNAL_UNKNOWN);
	journal_close(j);
}

static bool keep_b(const uint8_t *uuid, void *arg)
{
	(void)arg;
	return !memcmp(uuid, uuid_b, KBNG_UUID_LEN);
}

static void test_prune(void **state)
{
	struct journal *j = reopen(1000);

	(void)state;
	journal_session_set(j, uuid_a, JOURNAL_STARTED);
	journal_session_set(j, uuid_b, JOURNAL_STARTED);
	assert_int_equal(journal_session_prune(j, keep_b, NULL), 1);
	journal_session_set(j, uuid_a, JOURNAL_STARTED);
	journal_session_set(j, uuid_a, JOURNAL_STOPPED);
	assert_int_equal(journal_session_prune(j, keep_b, NULL), 0);
	assert_int_equal(journal_session_get(j, uuid_a), JOURNAL_UNKNOWN);
	assert_int_equal(journal_session_get(j, uuid_b), JOURNAL_STARTED);
	journal_close(j);
}

static void test_bound(void **state)
{
	struct journal *j = reopen(10);
	int i;
	char body[2] = "0";

	(void)state;
	for (i = 0; i < 15; i++) {
		body[0] = 'a' + i;
		append(j, body);
		assert_true(journal_count(j) <= 10);
	}
	holds(j, "fghijklmno");
	assert_int_equal(journal_next_seq(j), 16);
	journal_close(j);
}

/* In a process that is killed after it. */
static void killed(void (*doing)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		doing();
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status));
}

static void append_and_begin(void)
{
	struct journal *j = reopen(1000);

	append(j, "a");
	journal_begin(j);
	journal_append(j, "b");
	journal_session_set(j, uuid_a, JOURNAL_STARTED);
}

/* Killed between append and commit: as if nothing had been. */
static void test_killed(void **state)
{
	struct journal *j;

	(void)state;
	killed(append_and_begin);
	j = reopen(1000);
	holds(j, "a");
	assert_int_equal(journal_next_seq(j), 2);
	assert_int_equal(journal_session_get(j, uuid_a), JOURNAL_UNKNOWN);
	journal_close(j);
}

static void test_no_directory(void **state)
{
	struct journal *j;

	(void)state;
	assert_int_equal(journal_open("/nowhere/at/all/j.db", 10, 10, &j, error,
				      sizeof(error)), -1);
	assert_non_null(strstr(error, "journal /nowhere/at/all/j.db: "));
	journal_close(j);
}

/* Where a client was accepted, until it is another line or too long ago. */
static void test_lines(void **state)
{
	struct kbng_session_info s = {
		.mac = { 2, 0, 0, 0, 0, 1 },
		.ifname = "acc0",
		.circuit_id = { 3, "abc" },
		.started = 1000,
	}, got, elsewhere;
	struct journal *j = reopen(10);
	uint64_t ended;

	(void)state;
	journal_line_set(j, &s);
	journal_close(j);
	j = reopen(10);
	got = s;
	memset(got.ifname, 0, sizeof(got.ifname));
	assert_true(journal_line_get(j, &got, &ended));
	assert_string_equal(got.ifname, "acc0");
	assert_int_equal(ended, 0);
	/* The same host elsewhere, by other ids: tags, or behind a node. */
	elsewhere = s;
	elsewhere.circuit_id.len = 1;
	elsewhere.vlan = 200;
	elsewhere.inner_vlan = 7;
	elsewhere.vlan_protocol = KBNG_VLAN_8021AD;
	elsewhere.node.s_addr = 0xfe46400a;
	memcpy(elsewhere.hop, "\x02\0\0\0\0\xee", KBNG_MAC_LEN);
	journal_line_set(j, &elsewhere);
	assert_true(journal_line_get(j, &got, &ended));
	assert_memory_equal(&got, &s, sizeof(s));
	got = s;
	got.circuit_id.len = 1;
	assert_true(journal_line_get(j, &got, &ended));
	assert_memory_equal(&got, &elsewhere, sizeof(got));
	got = s;
	got.circuit_id.len = 2;
	assert_false(journal_line_get(j, &got, &ended));
	got = s;
	got.remote_id.len = 1;
	assert_false(journal_line_get(j, &got, &ended));
	got = s;
	got.mac[5] = 2;
	assert_false(journal_line_get(j, &got, &ended));

	s.stopped = 2000;
	journal_line_end(j, &s);
	got = s;
	assert_true(journal_line_get(j, &got, &ended));
	assert_int_equal(ended, 2000);
	journal_line_prune(j, 1000, 2000);
	assert_true(journal_line_get(j, &got, &ended));
	journal_line_prune(j, 0, 2001);
	assert_false(journal_line_get(j, &got, &ended));
	journal_line_set(j, &s);
	journal_line_prune(j, 1001, 0);
	assert_false(journal_line_get(j, &got, &ended));
	journal_close(j);
}

/* Put a record of status @status for @uuid, its octets @text. */
static int put(struct journal *j, const uint8_t *uuid, int status,
	       const char *text, int64_t under_way)
{
	struct journal_record r = { .key.status = status, .event = 1000 };

	memcpy(r.key.uuid, uuid, KBNG_UUID_LEN);
	r.len = strlen(text);
	memcpy(r.octets, text, r.len);
	journal_begin(j);
	journal_record_put(j, &r, under_way);
	return journal_commit(j);
}

/* The texts of the records, in order. */
static void records(struct journal *j, const char *expected)
{
	struct journal_key keys[200];
	struct journal_record r;
	char text[512] = "";
	int i, n;

	n = journal_record_list(j, 0, keys, 200);
	assert_int_equal(journal_records(j)->total, n);
	for (i = 0; i < n && i < 100; i++) {
		assert_true(journal_record_get(j, keys[i].n, &r));
		assert_int_equal(r.key.status, keys[i].status);
		assert_memory_equal(r.key.uuid, keys[i].uuid, KBNG_UUID_LEN);
		strncat(text, (char *)r.octets, r.len);
	}
	assert_string_equal(text, expected);
}

static void test_records(void **state)
{
	struct journal *j = reopen(1000);
	struct journal_key key;
	struct journal_record r;

	(void)state;
	assert_int_equal(journal_record_oldest(j), 0);
	assert_int_equal(put(j, uuid_a, JOURNAL_START, "A", 0), 0);
	assert_int_equal(put(j, uuid_b, JOURNAL_START, "B", 0), 0);
	assert_int_equal(put(j, uuid_a, JOURNAL_INTERIM, "i", 0), 0);
	records(j, "ABi");
	assert_int_equal(put(j, uuid_b, JOURNAL_INTERIM, "j", 0), 0);
	assert_int_equal(put(j, uuid_a, JOURNAL_INTERIM, "k", 0), 0);
	records(j, "ABkj");		/* in its place */
	assert_int_equal(journal_records(j)->superseded, 1);
	journal_close(j);

	j = reopen(1000);		/* all of it is there again */
	records(j, "ABkj");
	assert_int_equal(journal_records(j)->waiting[JOURNAL_START], 2);
	assert_int_equal(journal_records(j)->waiting[JOURNAL_INTERIM], 2);
	assert_int_equal(journal_record_oldest(j), 1000);
	assert_int_equal(put(j, uuid_a, JOURNAL_STOP, "Z", 0), 0);
	records(j, "ABjZ");
	assert_int_equal(journal_record_list(j, 0, &key, 1), 1);
	journal_record_taken(j, &key);
	journal_record_taken(j, &key);	/* a second time it is no record */
	records(j, "BjZ");
	assert_false(journal_record_get(j, key.n, &r));
	journal_close(j);
}

/* What a server may be reading just now is neither changed nor taken away. */
static void test_under_way(void **state)
{
	struct journal *j = reopen(1000);
	struct journal_key key;

	(void)state;
	assert_int_equal(put(j, uuid_a, JOURNAL_INTERIM, "i", 0), 0);
	assert_int_equal(journal_record_list(j, 0, &key, 1), 1);
	assert_int_equal(put(j, uuid_a, JOURNAL_INTERIM, "j", key.n), 0);
	records(j, "ij");
	assert_int_equal(put(j, uuid_a, JOURNAL_INTERIM, "k", key.n), 0);
	records(j, "ik");
	assert_int_equal(put(j, uuid_a, JOURNAL_STOP, "Z", key.n), 0);
	records(j, "iZ");
	journal_record_taken(j, &key);
	records(j, "Z");
	journal_close(j);
}

/* Numbers grow, also where the last record is gone. */
static void test_record_numbers(void **state)
{
	struct journal *j = reopen(1000);
	struct journal_key first, second;

	(void)state;
	put(j, uuid_a, JOURNAL_START, "A", 0);
	assert_int_equal(journal_record_list(j, 0, &first, 1), 1);
	journal_record_taken(j, &first);
	put(j, uuid_a, JOURNAL_STOP, "Z", 0);
	assert_int_equal(journal_record_list(j, first.n, &second, 1), 1);
	assert_true(second.n > first.n);
	journal_close(j);
}

/* 100 records are room for: Interims go, Starts and Stops are refused. */
static void test_record_bound(void **state)
{
	struct journal *j = reopen(1000);
	uint8_t uuid[KBNG_UUID_LEN] = { 0 };
	const struct journal_records *r = journal_records(j);
	int i;

	(void)state;
	for (i = 0; i < 60; i++) {
		uuid[0] = i;
		assert_int_equal(put(j, uuid, JOURNAL_START, "S", 0), 0);
		assert_int_equal(put(j, uuid, JOURNAL_INTERIM, "i", 0), 0);
		assert_int_equal(r->filling, i >= 24);
	}
	assert_true(r->full);
	assert_int_equal(r->total, 100);
	assert_int_equal(r->waiting[JOURNAL_START], 60);
	assert_int_equal(r->dropped, 20);
	for (i = 60; i < 100; i++) {
		uuid[0] = i;
		assert_int_equal(put(j, uuid, JOURNAL_START, "S", 0), 0);
	}
	assert_int_equal(r->waiting[JOURNAL_INTERIM], 0);
	assert_int_equal(r->dropped, 60);
	assert_int_equal(r->refused, 0);
	assert_int_equal(put(j, uuid_a, JOURNAL_STOP, "Z", 0), -1);
	assert_int_equal(r->refused, 1);
	assert_int_equal(r->total, 100);
	assert_int_equal(put(j, uuid_a, JOURNAL_ON, "O", 0), 0);
	journal_close(j);
	j = reopen(1000);
	assert_true(journal_records(j)->full);
	journal_close(j);
}

/* How often a group was held, kept and lost. */
static int fates[3];

static void told(enum journal_fate fate, void *arg)
{
	assert_null(arg);
	fates[fate]++;
}

static struct journal *reopen_grouped(void)
{
	struct journal *j = reopen(1000);

	memset(fates, 0, sizeof(fates));
	journal_group(j, told, NULL);
	return j;
}

static void fates_are(int held, int kept, int lost)
{
	assert_int_equal(fates[JOURNAL_HELD], held);
	assert_int_equal(fates[JOURNAL_KEPT], kept);
	assert_int_equal(fates[JOURNAL_LOST], lost);
}

static int count_row(void *arg, int columns, char **value, char **name)
{
	(void)columns;
	(void)name;
	*(int *)arg = atoi(value[0]);
	return 0;
}

/* What another process sees, or this one after a kill. */
static int others_see(const char *table)
{
	char sql[64];
	sqlite3 *db;
	int n = -1;

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, count_row, &n, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	return n;
}

static void test_group(void **state)
{
	struct journal *j = reopen_grouped();
	struct journal_key key;

	(void)state;
	append(j, "a");
	append(j, "b");
	assert_int_equal(put(j, uuid_a, JOURNAL_START, "A", 0), 0);
	fates_are(3, 0, 0);
	assert_true(journal_holds(j));
	assert_int_equal(others_see("event"), 0);
	assert_int_equal(journal_flush(j), 0);
	fates_are(3, 1, 0);
	assert_false(journal_holds(j));
	assert_int_equal(others_see("event"), 2);
	assert_int_equal(others_see("record"), 1);
	assert_int_equal(journal_flush(j), 0);	/* there is nothing */
	fates_are(3, 1, 0);

	append(j, "c");			/* what is read is kept before */
	holds(j, "abc");
	assert_int_equal(others_see("event"), 3);
	assert_int_equal(put(j, uuid_b, JOURNAL_START, "B", 0), 0);
	assert_int_equal(journal_record_list(j, 0, &key, 1), 1);
	assert_int_equal(others_see("record"), 2);
	fates_are(5, 3, 0);
	journal_record_begin(j);	/* what is taken may wait */
	journal_record_taken(j, &key);
	assert_int_equal(journal_commit(j), 0);
	assert_int_equal(journal_record_list(j, 0, &key, 1), 1);
	assert_memory_equal(key.uuid, uuid_b, KBNG_UUID_LEN);
	assert_int_equal(others_see("record"), 2);
	journal_close(j);
	assert_int_equal(others_see("record"), 1);
}

/* One that is refused leaves nothing, the others of its group stay. */
static void test_group_part(void **state)
{
	struct journal *j = reopen(1000);
	uint8_t uuid[KBNG_UUID_LEN] = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 99; i++) {
		uuid[0] = i;
		assert_int_equal(put(j, uuid, JOURNAL_START, "S", 0), 0);
	}
	memset(fates, 0, sizeof(fates));
	journal_group(j, told, NULL);
	assert_int_equal(put(j, uuid_a, JOURNAL_START, "A", 0), 0);
	journal_begin(j);
	journal_append(j, "x");
	journal_session_set(j, uuid_b, JOURNAL_ACCT_STARTED);
	assert_int_equal(journal_record_put(j, &(struct journal_record) {
		.key.status = JOURNAL_START, .len = 1 }, 0), -1);
	journal_append(j, "y");		/* too late for it */
	assert_int_equal(journal_commit(j), -1);
	append(j, "b");
	assert_int_equal(journal_next_seq(j), 2);
	assert_int_equal(journal_flush(j), 0);
	fates_are(2, 1, 0);
	holds(j, "b");
	assert_int_equal(journal_session_get(j, uuid_b), JOURNAL_UNKNOWN);
	assert_int_equal(others_see("record"), 100);
	assert_int_equal(journal_records(j)->total, 100);
	assert_int_equal(journal_records(j)->refused, 1);
	journal_close(j);
}

/* Files may grow to @size and no more, as on a disk that is full. */
static void room(rlim_t size)
{
	struct rlimit limit = { .rlim_max = RLIM_INFINITY, .rlim_cur = size };

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static rlim_t log_size(void)
{
	char name[80];
	struct stat st;

	snprintf(name, sizeof(name), "%s-wal", path);
	assert_int_equal(stat(name, &st), 0);
	return st.st_size;
}

/* All of a group is lost, and until one is kept each is a group of its own. */
static void test_group_lost(void **state)
{
	struct journal *j = reopen_grouped();

	(void)state;
	append(j, "a");
	assert_int_equal(journal_flush(j), 0);
	append(j, "b");
	assert_int_equal(put(j, uuid_a, JOURNAL_START, "A", 0), 0);
	journal_begin(j);
	journal_session_set(j, uuid_a, JOURNAL_ACCT_STARTED);
	assert_int_equal(journal_commit(j), 0);
	room(log_size());
	assert_int_equal(journal_flush(j), -1);
	fates_are(4, 1, 1);
	assert_int_equal(journal_next_seq(j), 2);
	assert_int_equal(journal_records(j)->total, 0);
	assert_int_equal(journal_session_get(j, uuid_a), JOURNAL_UNKNOWN);
	assert_int_equal(put(j, uuid_a, JOURNAL_START, "A", 0), -1);
	journal_begin(j);
	assert_int_equal(journal_commit(j), 0);	/* empty */
	assert_int_equal(put(j, uuid_a, JOURNAL_START, "A", 0), -1);
	fates[JOURNAL_LOST] = 0;
	room(RLIM_INFINITY);
	holds(j, "a");
	assert_int_equal(put(j, uuid_a, JOURNAL_START, "A", 0), 0);
	assert_false(journal_holds(j));
	append(j, "b");
	assert_true(journal_holds(j));
	journal_close(j);
	assert_int_equal(fates[JOURNAL_LOST], 0);
	j = reopen(1000);
	holds(j, "ab");
	records(j, "A");
	journal_close(j);
}

static void begin_group(void)
{
	struct journal *j = reopen_grouped();

	append(j, "a");
	put(j, uuid_a, JOURNAL_START, "A", 0);
	journal_flush(j);
	append(j, "b");
	put(j, uuid_b, JOURNAL_START, "B", 0);
}

/* Killed before a group is kept: as if nothing of it had been. */
static void test_group_killed(void **state)
{
	struct journal *j;

	(void)state;
	killed(begin_group);
	j = reopen(1000);
	holds(j, "a");
	records(j, "A");
	assert_int_equal(journal_next_seq(j), 2);
	journal_close(j);
}

static void test_known(void **state)
{
	struct journal_known known = {
		.policy = { .name = "gold", .rate_up = 5000000,
			    .rate_down = 400000000000, .burst_up = 1,
			    .burst_down = UINT32_MAX, .shaper = "port",
			    .overhead = 38, .min_unit = 84,
			    .isolated = 1 },
		.username = { 5, "a\0li\xff" },
		.interim = 600, .idle = UINT32_MAX,
		.radius6 = { .len = 6, .data = "\xac\x06gold" },
		.terms = { .framed.s_addr = 0xfe02400a,
			   .attrs = { .len = 6, .data = "\x58\x06gold" } },
	}, back;
	struct journal *j = reopen(10);

	(void)state;
	assert_true(kbng_parse_prefix("2001:db8:1::/56",
				      &known.prefixes.prefix[0]));
	known.prefixes.prefix[0].kind = KBNG_PREFIX_STATIC;
	known.prefixes.prefix[1] = known.prefixes.prefix[0];
	known.prefixes.prefix[1].kind = KBNG_PREFIX_PD;
	assert_true(kbng_parse_prefix("2001:db8::5",
				      &known.prefixes.prefix[2]));
	known.prefixes.prefix[2].kind = KBNG_PREFIX_STATIC;
	known.prefixes.n = 3;

	assert_false(journal_known_get(j, "alice", 0, &back));
	journal_begin(j);
	journal_known_set(j, "alice", &known, 10000, 0);
	assert_int_equal(journal_commit(j), 0);
	journal_close(j);
	j = reopen(10);
	assert_true(journal_known_get(j, "alice", 10000, &back));
	assert_false(journal_known_get(j, "alice", 10001, &back));
	assert_false(journal_known_get(j, "Alice", 0, &back));
	assert_memory_equal(&back.policy, &known.policy, sizeof(back.policy));
	assert_int_equal(back.username.len, 5);
	assert_memory_equal(back.username.data, known.username.data, 5);
	assert_int_equal(back.interim, 600);
	assert_int_equal(back.idle, UINT32_MAX);
	assert_memory_equal(&back.terms, &known.terms, sizeof(back.terms));
	assert_memory_equal(&back.radius6, &known.radius6, sizeof(back.radius6));
	assert_int_equal(back.prefixes.n, 2);	/* without the leased one */
	assert_memory_equal(&back.prefixes.prefix[1].addr,
			    &known.prefixes.prefix[2].addr, 16);
	assert_int_equal(back.prefixes.prefix[0].len, 56);
	assert_int_equal(back.prefixes.prefix[0].kind, KBNG_PREFIX_STATIC);

	/* The rates of one take the place of those before. */
	known.policy.rate_up = 64000;
	known.prefixes.n = 0;
	known.username.len = 0;
	journal_known_set(j, "alice", &known, 20000, 0);
	assert_true(journal_known_get(j, "alice", 0, &back));
	assert_int_equal(back.policy.rate_up, 64000);
	assert_int_equal(back.prefixes.n, 0);
	assert_int_equal(back.username.len, 0);

	journal_known_touch(j, "alice", 30000);
	journal_known_touch(j, "nobody", 30000);
	assert_true(journal_known_get(j, "alice", 30000, &back));
	assert_false(journal_known_get(j, "nobody", 0, &back));
	journal_known_set(j, "bob", &known, 30001, 30001);	/* prunes */
	assert_false(journal_known_get(j, "alice", 0, &back));
	journal_known_forget(j, "bob");
	assert_false(journal_known_get(j, "bob", 0, &back));
	journal_close(j);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order_and_numbers),
		TEST(test_new_boot),
		TEST(test_marks),
		TEST(test_prune),
		TEST(test_bound),
		TEST(test_killed),
		TEST(test_lines),
		TEST(test_records),
		TEST(test_under_way),
		TEST(test_record_numbers),
		TEST(test_record_bound),
		cmocka_unit_test(test_no_directory),
		TEST(test_group),
		TEST(test_group_part),
		TEST(test_group_lost),
		TEST(test_group_killed),
		TEST(test_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

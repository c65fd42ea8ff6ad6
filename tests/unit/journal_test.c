// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "kbngd/journal.h"

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

	if (journal_open(path, max, &j, error, sizeof(error)))
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
	assert_int_equal(journal_session_get(j, uuid_a), JOURNAL_STOPPED);
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

/* Killed between append and commit: as if nothing had been. */
static void test_killed(void **state)
{
	struct journal *j;
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	if (!pid) {
		j = reopen(1000);
		append(j, "a");
		journal_begin(j);
		journal_append(j, "b");
		journal_session_set(j, uuid_a, JOURNAL_STARTED);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
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
	assert_int_equal(journal_open("/nowhere/at/all/j.db", 10, &j, error,
				      sizeof(error)), -1);
	assert_non_null(strstr(error, "journal /nowhere/at/all/j.db: "));
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
		cmocka_unit_test(test_no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

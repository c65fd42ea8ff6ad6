// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the journal into the stream of a real Redis, exactly once, whoever is
 * killed or paused and whenever that is.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <hiredis/hiredis.h>

#include "kbngd/redis.h"
#include "lib/log.h"

static char dir[] = "/tmp/kbng-redis-XXXXXX";
static struct config_redis config = { .stream = "events", .maxlen = 1000000 };
static char journal_path[64];
static redisContext *redis;
static pid_t server;
static uint64_t appended;

static void server_start(void)
{
	int tries;

	server = fork();
	assert_true(server >= 0);
	if (!server) {
		freopen("/dev/null", "w", stdout);
		execlp("redis-server", "redis-server", "--port", "0",
		       "--unixsocket", config.socket, "--save", "",
		       "--appendonly", "yes", "--appendfsync", "always",
		       "--dir", dir, NULL);
		_exit(127);
	}
	for (tries = 0; tries < 1000; tries++) {
		redis = redisConnectUnix(config.socket);
		if (redis && !redis->err)
			return;
		redisFree(redis);
		usleep(10000);
	}
	fail_msg("redis-server does not start");
}

static void server_stop(int number)
{
	redisFree(redis);
	kill(server, number);
	waitpid(server, NULL, 0);
}

static int setup(void **state)
{
	(void)state;
	kbng_log_level(KBNG_LOG_ERROR);
	assert_non_null(mkdtemp(dir));
	assert_true(asprintf(&config.socket, "%s/socket", dir) > 0);
	snprintf(journal_path, sizeof(journal_path), "%s/journal", dir);
	server_start();
	return 0;
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	server_stop(SIGTERM);
	free(config.socket);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static struct journal *journal(void)
{
	struct journal *j;
	char error[256];

	assert_int_equal(journal_open(journal_path, 1000000, 100, &j, error,
				      sizeof(error)), 0);
	return j;
}

static void append(unsigned int n)
{
	struct journal *j = journal();
	char body[512];

	journal_begin(j);
	while (n--) {
		appended = journal_next_seq(j);
		snprintf(body, sizeof(body),
			 "{\"bng_id\":\"b\",\"instance_id\":\"%s\",\"seq\":%" PRIu64 ",\"fill\":\"%0200d\"}",
			 journal_instance(j), appended, 0);
		journal_append(j, body);
	}
	assert_int_equal(journal_commit(j), 0);
	journal_close(j);
}

struct shipping {
	struct journal *j;
	struct redis *r;
	uv_check_t check;
};

static void when_empty(uv_check_t *check)
{
	struct shipping *s = check->data;

	if (journal_count(s->j))
		return;
	redis_close(s->r);
	uv_close((uv_handle_t *)check, NULL);
}

/* A process that ships all there is, and then ends with 0. */
static pid_t ship_start(void)
{
	struct shipping s;
	uv_loop_t loop;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	uv_loop_init(&loop);
	s.j = journal();
	uv_check_init(&loop, &s.check);
	s.check.data = &s;
	uv_check_start(&s.check, when_empty);
	s.r = redis_open(&config, &loop, s.j);
	uv_run(&loop, UV_RUN_DEFAULT);
	journal_close(s.j);
	_exit(0);
}

/* Whether it came to its end. */
static bool ship_end(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status));
	return WIFEXITED(status);
}

static void the_stream_is_whole(void)
{
	redisReply *all = redisCommand(redis, "XRANGE events - +"), *fields;
	size_t i;

	assert_non_null(all);
	assert_int_equal(all->elements, appended);
	for (i = 0; i < all->elements; i++) {
		fields = all->element[i]->element[1];
		assert_string_equal(fields->element[4]->str, "seq");
		assert_int_equal(strtoull(fields->element[5]->str, NULL, 10),
				 i + 1);
	}
	freeReplyObject(all);
}

static void all_come_in_order(void **state)
{
	(void)state;
	append(3000);
	assert_true(ship_end(ship_start()));
	the_stream_is_whole();
}

static void the_daemon_is_killed(void **state)
{
	unsigned int kills = 0;
	pid_t pid;

	(void)state;
	srandom(1);
	append(20000);
	do {
		pid = ship_start();
		usleep(10000 + random() % 60000);
		if (kills < 40)
			kill(pid, SIGKILL);
		kills++;
	} while (!ship_end(pid));
	the_stream_is_whole();
}

/* As if it died each time before it could note what Redis had taken. */
static void nothing_was_noted(void **state)
{
	char command[256];

	(void)state;
	append(1000);
	snprintf(command, sizeof(command), "cp %s %s.old", journal_path,
		 journal_path);
	assert_int_equal(system(command), 0);
	assert_true(ship_end(ship_start()));
	snprintf(command, sizeof(command), "rm -f %s-*; mv %s.old %s",
		 journal_path, journal_path, journal_path);
	assert_int_equal(system(command), 0);
	assert_true(ship_end(ship_start()));
	the_stream_is_whole();
}

static void redis_is_killed(void **state)
{
	int i;
	pid_t pid;

	(void)state;
	append(10000);
	pid = ship_start();
	for (i = 0; i < 3; i++) {
		usleep(30000);
		server_stop(SIGKILL);
		server_start();
	}
	assert_true(ship_end(pid));
	the_stream_is_whole();
}

/* For so long that the connection is given up: who pauses it has it answer. */
static void redis_is_paused(void **state)
{
	pid_t pid;

	(void)state;
	append(10000);
	pid = ship_start();
	usleep(100000);
	kill(server, SIGSTOP);
	sleep(13);
	kill(server, SIGCONT);
	assert_true(ship_end(pid));
	the_stream_is_whole();
}

static void redis_is_full(void **state)
{
	pid_t pid;

	(void)state;
	freeReplyObject(redisCommand(redis, "CONFIG SET maxmemory 1"));
	append(100);
	pid = ship_start();
	usleep(300000);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	freeReplyObject(redisCommand(redis, "CONFIG SET maxmemory 0"));
	assert_true(ship_end(pid));
	the_stream_is_whole();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_come_in_order),
		cmocka_unit_test(the_daemon_is_killed),
		cmocka_unit_test(nothing_was_noted),
		cmocka_unit_test(redis_is_killed),
		cmocka_unit_test(redis_is_paused),
		cmocka_unit_test(redis_is_full),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

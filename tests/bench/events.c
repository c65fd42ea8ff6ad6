// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * events JOURNAL SOCKET COUNT: how fast kbngd's own code writes COUNT events to
 * a new journal, each a transaction of its own as the daemon does, and takes
 * them from there to the stream of the Redis at SOCKET. Prints events per second.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kbngd/journal.h"
#include "kbngd/redis.h"

#define LIMIT_MS	300000

static void die(const char *why)
{
	fprintf(stderr, "events: %s\n", why);
	exit(1);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* SESSION_UPDATE with all that a session of the two families has. */
static char *event(struct journal *j)
{
	static const char *const counters[] = {
		"session_time", "input_octets", "input_packets",
		"output_octets", "output_packets", "input_octets_v4",
		"input_octets_v6", "output_octets_v4", "output_octets_v6",
		"input_packets_v4", "input_packets_v6", "output_packets_v4",
		"output_packets_v6", "input_drops", "output_drops",
	};
	json_int_t seq = journal_next_seq(j);
	char *body;
	json_t *e;
	size_t i;

	e = json_pack("{ss ss sI ss ss ss ss ss ss ss ss ss ss ss ss ss ss ss}",
		      "bng_id", "bng-1", "instance_id", journal_instance(j),
		      "seq", seq, "event_type", "SESSION_UPDATE",
		      "ts", "2026-01-01T12:00:00.000Z",
		      "session_id", "d5f699eb-e182-4f6b-a276-9832829b41ff",
		      "status", "ACTIVE", "auth_state", "AUTHORIZED",
		      "mac_address", "02:00:00:00:00:0a",
		      "ip_address", "100.64.0.10", "ipv6_prefixes",
		      "2001:db8:1::/56,2001:db8::5", "ifname", "acc0",
		      "circuit_id", "olt3/1/7:1042", "remote_id", "customer-1042",
		      "username", "02:00:00:00:00:0a", "nas_ip", "192.0.2.1",
		      "session_start", "2026-01-01T11:00:00Z",
		      "session_last_update", "2026-01-01T12:00:00.000Z");
	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		json_object_set_new(e, counters[i],
				    json_integer(seq * 1000003 + i));
	body = json_dumps(e, JSON_COMPACT);
	json_decref(e);
	return body;
}

static void write_all(struct journal *j, unsigned int count)
{
	char *body;

	while (count--) {
		body = event(j);
		if (!body)
			die("out of memory");
		journal_begin(j);
		journal_append(j, body);
		if (journal_commit(j))
			die("the journal cannot be written");
		free(body);
	}
}

/* Until nothing waits any more. */
static void drain(struct journal *j, const struct config_redis *config)
{
	struct redis *redis;
	uint64_t limit;
	uv_loop_t loop;

	uv_loop_init(&loop);
	limit = uv_now(&loop) + LIMIT_MS;
	redis = redis_open(config, &loop, j);
	if (!redis)
		die("out of memory");
	while (journal_count(j) && uv_now(&loop) < limit)
		uv_run(&loop, UV_RUN_ONCE);
	redis_close(redis);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	if (journal_count(j))
		die("events are left in the journal");
}

int main(int argc, char **argv)
{
	struct config_redis config = { .stream = "events", .maxlen = 1000000 };
	unsigned int count;
	struct journal *j;
	char error[512];
	double began;

	if (argc != 4)
		die("usage: events JOURNAL SOCKET COUNT");
	config.socket = argv[2];
	count = strtoul(argv[3], NULL, 10);
	if (journal_open(argv[1], count, 1000, &j, error, sizeof(error)))
		die(error);
	began = seconds();
	write_all(j, count);
	printf("events.journal_per_s %.0f 1/s\n", count / (seconds() - began));
	began = seconds();
	drain(j, &config);
	printf("events.per_s %.0f 1/s\n", count / (seconds() - began));
	journal_close(j);
	return 0;
}

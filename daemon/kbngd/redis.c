// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <hiredis/hiredis.h>
#include <hiredis/async.h>
#include <hiredis/adapters/libuv.h>

#include "lib/log.h"
#include "redis.h"

#define BATCH_MAX	256		/* events a transaction */
#define FIELDS_MAX	64		/* of an event */
#define TAKEN_DAYS	90		/* that Redis remembers an instance */
#define ANSWER_MS	10000		/* for EXEC, and for a connection */
#define RETRY_MIN_MS	500
#define RETRY_MAX_MS	15000

/** struct redis_event - which event it is, outside and in the journal */
struct redis_event {
	char instance[40];
	uint64_t seq;
	int64_t n;
};

struct redis {
	const struct config_redis *config;
	struct journal *journal;
	uv_loop_t *loop;
	uv_timer_t timer;		/* to connect again, or an answer's */
	redisAsyncContext *ac;		/* NULL: not connected */
	bool ready;			/* connected, let in, resumed */
	struct redis_event first;	/* the oldest, while it is resumed */
	struct redis_event batch;	/* the last one of the batch */
	bool waiting;			/* for EXEC's answer */
	unsigned int in_flight;		/* events of the batch under way */
	unsigned int retry_ms;
	bool complained;		/* once an outage is enough */
	char trouble[128];		/* why the last attempt failed */
};

static void redis_connect(struct redis *r);
static void redis_resume(struct redis *r);
static void redis_send_batch(struct redis *r);

static void redis_timer_retry(uv_timer_t *timer)
{
	redis_connect(timer->data);
}

/* Give the connection up and try again later; what is in flight comes again. */
static void redis_fail(struct redis *r, const char *why)
{
	redisAsyncContext *ac = r->ac;

	snprintf(r->trouble, sizeof(r->trouble), "%s", why);
	if (!r->complained)
		kbng_warning("Redis does not take events, they wait in the journal reason=\"%s\" waiting=%" PRIu64,
			     why, journal_count(r->journal));
	r->complained = true;
	r->ac = NULL;
	r->ready = false;
	r->waiting = false;
	if (ac) {
		ac->data = NULL;	/* its last callbacks find nobody */
		redisAsyncFree(ac);
	}
	uv_timer_start(&r->timer, redis_timer_retry, r->retry_ms, 0);
	r->retry_ms *= 2;
	if (r->retry_ms > RETRY_MAX_MS)
		r->retry_ms = RETRY_MAX_MS;
}

static void redis_timer_silent(uv_timer_t *timer)
{
	redis_fail(timer->data, "no answer");
}

static void redis_on_exec(redisAsyncContext *ac, void *reply, void *arg)
{
	struct redis *r = ac->data;
	redisReply *answer = reply;
	size_t i;

	(void)arg;
	if (!r)
		return;
	r->waiting = false;
	if (answer && answer->type == REDIS_REPLY_NIL) {
		redis_resume(r);	/* another connection was at it */
		return;
	}
	if (!answer || answer->type != REDIS_REPLY_ARRAY ||
	    answer->elements != r->in_flight) {
		redis_fail(r, answer && answer->type == REDIS_REPLY_ERROR ?
			   answer->str : "connection lost");
		return;
	}
	for (i = 0; i < answer->elements; i++)
		if (answer->element[i]->type == REDIS_REPLY_ERROR) {
			redis_fail(r, answer->element[i]->str);
			return;
		}
	uv_timer_stop(&r->timer);
	if (r->complained)
		kbng_notice("Redis takes events again waiting=%" PRIu64,
			    journal_count(r->journal));
	r->complained = false;
	r->retry_ms = RETRY_MIN_MS;
	journal_taken(r->journal, r->batch.n);
	redis_send_batch(r);
}

/* A value as the stream has it: text as it is, numbers in decimal. */
static const char *redis_value(const json_t *value, char *buf, size_t size)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value)) {
		snprintf(buf, size, "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		return buf;
	}
	if (json_is_real(value)) {
		snprintf(buf, size, "%.1f", json_real_value(value));
		return buf;
	}
	return json_is_true(value) ? "true" : "false";
}

/* What has no number is above all that were taken. */
static void redis_event(struct redis_event *e, int64_t n, const json_t *event)
{
	const char *instance;

	instance = json_string_value(json_object_get(event, "instance_id"));
	snprintf(e->instance, sizeof(e->instance), "%s",
		 instance ? instance : "");
	e->seq = UINT64_MAX;
	if (instance)
		e->seq = json_integer_value(json_object_get(event, "seq"));
	e->n = n;
}

/* Note with the batch how far the stream is. */
static void redis_note(struct redis *r)
{
	if (!r->batch.instance[0])
		return;
	redisAsyncCommand(r->ac, NULL, NULL, "SET {%s}:taken:%s %llu EX %d",
			  r->config->stream, r->batch.instance,
			  (unsigned long long)r->batch.seq,
			  TAKEN_DAYS * 86400);
	r->in_flight++;
}

/* XADD stream MAXLEN ~ n * field value ... of the event @body. */
static void redis_xadd(int64_t n, const char *body, void *arg)
{
	const char *argv[6 + 2 * FIELDS_MAX];
	char numbers[FIELDS_MAX][24], maxlen[16];
	struct redis_event now;
	struct redis *r = arg;
	json_t *event, *value;
	const char *key;
	int argc = 0, f = 0;

	event = json_loads(body, 0, NULL);
	if (!json_is_object(event)) {
		kbng_error("journal has an event that is no JSON n=%" PRId64, n);
		r->batch.n = n;
		json_decref(event);
		return;
	}
	redis_event(&now, n, event);
	if (!r->in_flight) {
		redisAsyncCommand(r->ac, NULL, NULL, "WATCH {%s}:taken:%s",
				  r->config->stream, now.instance);
		redisAsyncCommand(r->ac, NULL, NULL, "MULTI");
	} else if (strcmp(now.instance, r->batch.instance)) {
		redis_note(r);
	}
	r->batch = now;
	snprintf(maxlen, sizeof(maxlen), "%u", r->config->maxlen);
	argv[argc++] = "XADD";
	argv[argc++] = r->config->stream;
	argv[argc++] = "MAXLEN";
	argv[argc++] = "~";
	argv[argc++] = maxlen;
	argv[argc++] = "*";
	json_object_foreach(event, key, value) {
		if (f == FIELDS_MAX)
			break;
		argv[argc++] = key;
		argv[argc++] = redis_value(value, numbers[f],
					   sizeof(numbers[f]));
		f++;
	}
	redisAsyncCommandArgv(r->ac, NULL, NULL, argc, argv, NULL);
	r->in_flight++;
	json_decref(event);
}

static void redis_send_batch(struct redis *r)
{
	if (!r->ready || r->waiting || !journal_count(r->journal))
		return;
	r->in_flight = 0;
	r->batch.instance[0] = '\0';
	if (journal_read(r->journal, BATCH_MAX, redis_xadd, r) < 0) {
		redis_fail(r, "the journal cannot be read");
		return;
	}
	if (!r->in_flight) {		/* none of them was an event */
		journal_taken(r->journal, r->batch.n);
		return;
	}
	redis_note(r);
	redisAsyncCommand(r->ac, redis_on_exec, NULL, "EXEC");
	r->waiting = true;
	uv_timer_start(&r->timer, redis_timer_silent, ANSWER_MS, 0);
}

static void redis_first(int64_t n, const char *body, void *arg)
{
	json_t *event = json_loads(body, 0, NULL);
	struct redis *r = arg;

	redis_event(&r->first, n, event);
	json_decref(event);
}

/*
 * What the stream has already. Numbers of an instance are consecutive in the
 * journal, and so are its rows.
 */
static void redis_on_taken(redisAsyncContext *ac, void *reply, void *arg)
{
	struct redis *r = ac->data;
	redisReply *answer = reply;
	uint64_t taken, waiting;

	(void)arg;
	if (!r)
		return;
	if (!answer || answer->type == REDIS_REPLY_ERROR) {
		redis_fail(r, answer ? answer->str : "connection lost");
		return;
	}
	taken = answer->type == REDIS_REPLY_STRING ?
		strtoull(answer->str, NULL, 10) : 0;
	waiting = journal_count(r->journal);
	if (waiting && taken >= r->first.seq) {
		taken -= r->first.seq;
		if (taken >= waiting)
			taken = waiting - 1;
		journal_taken(r->journal, r->first.n + taken);
		kbng_notice("Redis had events already count=%" PRIu64,
			    taken + 1);
		redis_resume(r);
		return;
	}
	uv_timer_stop(&r->timer);
	r->ready = true;
	redis_send_batch(r);
}

/* Ask for the number of the last event of the oldest one's instance. */
static void redis_resume(struct redis *r)
{
	r->ready = false;
	redis_event(&r->first, 0, NULL);
	if (journal_read(r->journal, 1, redis_first, r) < 0) {
		redis_fail(r, "the journal cannot be read");
		return;
	}
	redisAsyncCommand(r->ac, NULL, NULL, "WATCH {%s}:taken:%s",
			  r->config->stream, r->first.instance);
	redisAsyncCommand(r->ac, redis_on_taken, NULL, "GET {%s}:taken:%s",
			  r->config->stream, r->first.instance);
}

/* The answer to AUTH or, without a password, to PING. */
static void redis_on_ready(redisAsyncContext *ac, void *reply, void *arg)
{
	struct redis *r = ac->data;
	redisReply *answer = reply;

	(void)arg;
	if (!r)
		return;
	if (!answer || answer->type == REDIS_REPLY_ERROR) {
		redis_fail(r, answer ? answer->str : "connection lost");
		return;
	}
	redis_resume(r);
}

static void redis_on_connect(const redisAsyncContext *ac, int status)
{
	struct redis *r = ac->data;

	if (!r)
		return;
	if (status != REDIS_OK) {
		r->ac = NULL;		/* hiredis frees it */
		redis_fail(r, ac->errstr);
		return;
	}
	if (r->config->password)
		redisAsyncCommand(r->ac, redis_on_ready, NULL, "AUTH %s",
				  r->config->password);
	else
		redisAsyncCommand(r->ac, redis_on_ready, NULL, "PING");
}

static void redis_on_disconnect(const redisAsyncContext *ac, int status)
{
	struct redis *r = ac->data;

	if (!r)
		return;
	r->ac = NULL;			/* hiredis frees it */
	redis_fail(r, status == REDIS_OK ? "connection closed" : ac->errstr);
}

static void redis_connect(struct redis *r)
{
	const struct config_redis *c = r->config;
	redisAsyncContext *ac;

	ac = c->socket ? redisAsyncConnectUnix(c->socket) :
			 redisAsyncConnect(c->host, c->port);
	if (!ac || ac->err) {
		redis_fail(r, ac ? ac->errstr : "out of memory");
		if (ac)
			redisAsyncFree(ac);
		return;
	}
	r->ac = ac;
	ac->data = r;
	redisLibuvAttach(ac, r->loop);
	redisAsyncSetConnectCallback(ac, redis_on_connect);
	redisAsyncSetDisconnectCallback(ac, redis_on_disconnect);
	uv_timer_start(&r->timer, redis_timer_silent, ANSWER_MS, 0);
}

struct redis *redis_open(const struct config_redis *config, uv_loop_t *loop,
			 struct journal *journal)
{
	struct redis *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->config = config;
	r->journal = journal;
	r->loop = loop;
	r->retry_ms = RETRY_MIN_MS;
	uv_timer_init(loop, &r->timer);
	r->timer.data = r;
	redis_connect(r);
	return r;
}

static void redis_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void redis_close(struct redis *r)
{
	if (!r)
		return;
	if (r->ac) {
		r->ac->data = NULL;
		redisAsyncFree(r->ac);
	}
	uv_close((uv_handle_t *)&r->timer, redis_closed);
}

void redis_kick(struct redis *r)
{
	if (r)
		redis_send_batch(r);
}

bool redis_is_up(const struct redis *r, const char **trouble)
{
	bool up = r->ready && !r->complained;

	*trouble = up || !r->trouble[0] ? NULL : r->trouble;
	return up;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <hiredis/hiredis.h>
#include <hiredis/async.h>

#include "lib/log.h"
#include "redis.h"
#include "redis_entry.h"
#include "redis_link.h"

#define BATCH_MAX	256		/* events a transaction */
#define TAKEN_DAYS	90		/* that Redis remembers an instance */
#define WAIT_MS		5000		/* for replicas */

/** struct redis_event - which event it is, outside and in the journal */
struct redis_event {
	char instance[40];
	uint64_t seq;
	int64_t n;
};

struct redis {
	const struct config_redis *config;
	struct journal *journal;
	struct redis_link *link;
	redisAsyncContext *ac;		/* the link's, while that is ready */
	bool ready;			/* resumed */
	struct redis_event first;	/* the oldest, while it is resumed */
	struct redis_event batch;	/* the last one of the batch */
	struct redis_event safe;	/* may be forgotten, if replicas agree */
	struct redis_event had;		/* the last one that was forgotten */
	bool waiting;			/* for EXEC's answer, or WAIT's */
	unsigned int in_flight;		/* events of the batch under way */
	bool complained;		/* once an outage is enough */
	char trouble[128];		/* why the last attempt failed */
};

static void redis_resume(struct redis *r);
static void redis_send_batch(struct redis *r);

/* What is in flight comes again. */
static void redis_lost(void *arg, const char *why)
{
	struct redis *r = arg;

	r->ac = NULL;
	r->ready = false;
	r->waiting = false;
	if (!why)
		return;
	snprintf(r->trouble, sizeof(r->trouble), "%s", why);
	if (!r->complained)
		kbng_warning("Redis does not take events, they wait in the journal reason=\"%s\" waiting=%" PRIu64,
			     why, journal_count(r->journal));
	r->complained = true;
}

static void redis_ready(void *arg, redisAsyncContext *ac)
{
	struct redis *r = arg;

	r->ac = ac;
	redis_resume(r);
}

static const struct redis_link_ops redis_link_ops = {
	.ready = redis_ready,
	.lost = redis_lost,
};

/* Redis has what may be forgotten, and so have enough of its replicas. */
static void redis_forget(struct redis *r)
{
	redis_link_answered(r->link);
	redis_link_well(r->link);
	if (r->complained)
		kbng_notice("Redis takes events again waiting=%" PRIu64,
			    journal_count(r->journal));
	r->complained = false;
	r->waiting = false;
	journal_taken(r->journal, r->safe.n);
	r->had = r->safe;
	if (r->ready)
		redis_send_batch(r);
	else
		redis_resume(r);
}

static unsigned int redis_replicas(const struct redis *r)
{
	return r->config->wait_replicas ? *r->config->wait_replicas : 0;
}

static void redis_on_wait(redisAsyncContext *ac, void *reply, void *arg)
{
	redisReply *answer = reply;
	struct redis *r = arg;
	char why[64];

	if (!ac->data)
		return;
	if (!answer || answer->type != REDIS_REPLY_INTEGER) {
		redis_link_fail(r->link,
				answer && answer->type == REDIS_REPLY_ERROR ?
				answer->str : "connection lost");
	} else if (answer->integer < redis_replicas(r)) {
		snprintf(why, sizeof(why), "%lld of %u replicas have the events",
			 answer->integer, redis_replicas(r));
		redis_link_fail(r->link, why);
	} else {
		redis_forget(r);
	}
}

/*
 * Events up to r->safe are in the stream, and this connection has written since
 * then, or they with it: WAIT is for what it wrote.
 */
static void redis_taken(struct redis *r)
{
	if (!redis_replicas(r)) {
		redis_forget(r);
		return;
	}
	redisAsyncCommand(r->ac, redis_on_wait, r, "WAIT %u %d",
			  redis_replicas(r), WAIT_MS);
	redis_link_expect(r->link);
}

static void redis_on_exec(redisAsyncContext *ac, void *reply, void *arg)
{
	redisReply *answer = reply;
	struct redis *r = arg;
	size_t i;

	if (!ac->data)
		return;
	if (answer && answer->type == REDIS_REPLY_NIL) {
		r->waiting = false;
		redis_resume(r);	/* another connection was at it */
		return;
	}
	if (!answer || answer->type != REDIS_REPLY_ARRAY ||
	    answer->elements != r->in_flight) {
		redis_link_fail(r->link,
				answer && answer->type == REDIS_REPLY_ERROR ?
				answer->str : "connection lost");
		return;
	}
	for (i = 0; i < answer->elements; i++)
		if (answer->element[i]->type == REDIS_REPLY_ERROR) {
			redis_link_fail(r->link, answer->element[i]->str);
			return;
		}
	r->safe = r->batch;
	redis_taken(r);
}

/* QUEUED; or why this Redis will not execute it. */
static void redis_on_queued(redisAsyncContext *ac, void *reply, void *arg)
{
	redisReply *answer = reply;
	struct redis *r = arg;

	if (ac->data && answer && answer->type == REDIS_REPLY_ERROR)
		redis_link_fail(r->link, answer->str);
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
	redisAsyncCommand(r->ac, redis_on_queued, r, "SET {%s}:taken:%s %llu EX %d",
			  r->config->stream, r->batch.instance,
			  (unsigned long long)r->batch.seq,
			  TAKEN_DAYS * 86400);
	r->in_flight++;
}

/* The event @body, in a transaction that is begun with the first one. */
static void redis_xadd(int64_t n, const char *body, void *arg)
{
	json_t *event = json_loads(body, 0, NULL);
	struct redis_event now;
	struct redis *r = arg;

	if (!json_is_object(event)) {
		kbng_error("journal has an event that is no JSON n=%" PRId64, n);
		r->batch.n = n;
		json_decref(event);
		return;
	}
	redis_event(&now, n, event);
	if (!r->in_flight) {
		redisAsyncCommand(r->ac, redis_on_queued, r, "WATCH {%s}:taken:%s",
				  r->config->stream, now.instance);
		redisAsyncCommand(r->ac, redis_on_queued, r, "MULTI");
	} else if (strcmp(now.instance, r->batch.instance)) {
		redis_note(r);
	}
	r->batch = now;
	redis_entry_add(r->ac, r->config, event, redis_on_queued, r);
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
		redis_link_fail(r->link, "the journal cannot be read");
		return;
	}
	if (!r->in_flight) {		/* none of them was an event */
		journal_taken(r->journal, r->batch.n);
		return;
	}
	redis_note(r);
	redisAsyncCommand(r->ac, redis_on_exec, r, "EXEC");
	r->waiting = true;
	redis_link_expect(r->link);
}

static void redis_first(int64_t n, const char *body, void *arg)
{
	json_t *event = json_loads(body, 0, NULL);
	struct redis *r = arg;

	redis_event(&r->first, n, event);
	json_decref(event);
}

/* A new master may lack what the old one had no time to pass on. */
static void redis_compare(struct redis *r, uint64_t taken)
{
	if (!r->had.instance[0] || taken >= r->had.seq ||
	    strcmp(r->first.instance, r->had.instance))
		return;
	kbng_warning("Redis has lost events that it had taken: readers see the gap count=%" PRIu64,
		     r->had.seq - taken);
	r->had.seq = taken;
}

/*
 * What the stream has already. Numbers of an instance are consecutive in the
 * journal, and so are its rows.
 */
static void redis_on_taken(redisAsyncContext *ac, void *reply, void *arg)
{
	redisReply *answer = reply;
	struct redis *r = arg;
	uint64_t taken, waiting;

	if (!ac->data)
		return;
	if (!answer || answer->type == REDIS_REPLY_ERROR) {
		redis_link_fail(r->link, answer ? answer->str :
						  "connection lost");
		return;
	}
	taken = answer->type == REDIS_REPLY_STRING ?
		strtoull(answer->str, NULL, 10) : 0;
	redis_compare(r, taken);
	waiting = journal_count(r->journal);
	if (waiting && taken >= r->first.seq) {
		taken -= r->first.seq;
		if (taken >= waiting)
			taken = waiting - 1;
		kbng_notice("Redis had events already count=%" PRIu64,
			    taken + 1);
		redisAsyncCommand(ac, redis_on_queued, r, "UNWATCH");
		redisAsyncCommand(ac, redis_on_queued, r,
				  "EXPIRE {%s}:taken:%s %d", r->config->stream,
				  r->first.instance, TAKEN_DAYS * 86400);
		r->safe = r->first;
		r->safe.seq += taken;
		r->safe.n += taken;
		redis_taken(r);
		return;
	}
	redis_link_answered(r->link);
	redis_link_well(r->link);
	r->ready = true;
	redis_send_batch(r);
}

/* Ask for the number of the last event of the oldest one's instance. */
static void redis_resume(struct redis *r)
{
	r->ready = false;
	redis_event(&r->first, 0, NULL);
	if (journal_read(r->journal, 1, redis_first, r) < 0) {
		redis_link_fail(r->link, "the journal cannot be read");
		return;
	}
	if (!r->first.instance[0])
		memcpy(r->first.instance, r->had.instance,
		       sizeof(r->first.instance));
	redisAsyncCommand(r->ac, redis_on_queued, r, "WATCH {%s}:taken:%s",
			  r->config->stream, r->first.instance);
	redisAsyncCommand(r->ac, redis_on_taken, r, "GET {%s}:taken:%s",
			  r->config->stream, r->first.instance);
	redis_link_expect(r->link);
}

struct redis *redis_open(const struct config_redis *config, uv_loop_t *loop,
			 struct journal *journal)
{
	struct redis *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->config = config;
	r->journal = journal;
	r->link = redis_link_open(config, loop, &redis_link_ops, r);
	if (r->link)
		return r;
	free(r);
	return NULL;
}

void redis_close(struct redis *r)
{
	if (!r)
		return;
	redis_link_close(r->link);
	free(r);
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

const char *redis_address(const struct redis *r)
{
	return redis_link_address(r->link);
}

uint64_t redis_moves(const struct redis *r)
{
	return redis_link_moves(r->link);
}

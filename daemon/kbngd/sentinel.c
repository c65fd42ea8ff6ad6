// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <hiredis/hiredis.h>
#include <hiredis/async.h>
#include <hiredis/adapters/libuv.h>

#include "lib/parse.h"
#include "sentinel.h"
#include "timer.h"

#define ANSWER_MS	2000		/* of each */

struct sentinel {
	const struct config_redis *config;
	uv_loop_t *loop;
	uv_timer_t timer;		/* until one is given up */
	redisAsyncContext *ac;		/* to the one that is asked */
	unsigned int turn;		/* whose it is */
	unsigned int left;		/* how many may still be asked */
	void (*told)(void *arg, const char *address, unsigned int port,
		     const char *why);
	void *arg;
};

static void sentinel_ask_one(struct sentinel *s);

static const struct config_endpoint *sentinel_now(const struct sentinel *s)
{
	return &s->config->sentinels[s->turn];
}

/* Done with the one that was asked. */
static void sentinel_drop(struct sentinel *s)
{
	redisAsyncContext *ac = s->ac;

	uv_timer_stop(&s->timer);
	s->ac = NULL;
	if (ac) {
		ac->data = NULL;	/* its last callbacks find nobody */
		redisAsyncFree(ac);
	}
}

/* This one cannot say it: ask the next. */
static void sentinel_pass(struct sentinel *s, const char *reason)
{
	const struct config_endpoint *at = sentinel_now(s);
	char why[256];

	snprintf(why, sizeof(why), "sentinel %s port %u: %s", at->address,
		 at->port, reason);
	sentinel_drop(s);
	s->turn = (s->turn + 1) % s->config->sentinels_count;
	if (--s->left)
		sentinel_ask_one(s);
	else
		s->told(s->arg, NULL, 0, why);
}

static void sentinel_timer_silent(uv_timer_t *timer)
{
	sentinel_pass(timer->data, "no answer");
}

static void sentinel_on_auth(redisAsyncContext *ac, void *reply, void *arg)
{
	redisReply *answer = reply;

	(void)arg;
	if (ac->data && answer && answer->type == REDIS_REPLY_ERROR)
		sentinel_pass(ac->data, answer->str);
}

/* What is wrong with it, or NULL: it is an address and a port. */
static const char *sentinel_wrong(const redisAsyncContext *ac,
				  const redisReply *answer)
{
	if (!answer)
		return ac->err ? ac->errstr : "connection lost";
	if (answer->type == REDIS_REPLY_ERROR)
		return answer->str;
	if (answer->type == REDIS_REPLY_NIL)
		return "it does not know the master";
	if (answer->type != REDIS_REPLY_ARRAY || answer->elements != 2 ||
	    answer->element[0]->type != REDIS_REPLY_STRING ||
	    answer->element[1]->type != REDIS_REPLY_STRING)
		return "its answer is none";
	if (!kbng_is_address(answer->element[0]->str))
		return "it gives the master's name, and names are not looked up";
	return NULL;
}

static void sentinel_on_answer(redisAsyncContext *ac, void *reply, void *arg)
{
	struct sentinel *s = ac->data;
	redisReply *answer = reply;
	const char *wrong;

	(void)arg;
	if (!s)
		return;
	wrong = sentinel_wrong(ac, answer);
	if (wrong) {
		sentinel_pass(s, wrong);
		return;
	}
	sentinel_drop(s);
	s->turn = (s->turn + 1) % s->config->sentinels_count;
	s->told(s->arg, answer->element[0]->str,
		strtoul(answer->element[1]->str, NULL, 10), NULL);
}

/* Commands wait in hiredis until it is connected; a failure answers them. */
static void sentinel_ask_one(struct sentinel *s)
{
	const struct config_endpoint *at = sentinel_now(s);
	const struct config_redis *c = s->config;

	s->ac = redisAsyncConnect(at->address, at->port);
	if (!s->ac || s->ac->err) {
		sentinel_pass(s, s->ac ? s->ac->errstr : "out of memory");
		return;
	}
	s->ac->data = s;
	redisLibuvAttach(s->ac, s->loop);
	uv_timer_start(&s->timer, sentinel_timer_silent, ANSWER_MS, 0);
	if (c->sentinel_password)
		redisAsyncCommand(s->ac, sentinel_on_auth, NULL, "AUTH %s",
				  c->sentinel_password);
	redisAsyncCommand(s->ac, sentinel_on_answer, NULL,
			  "SENTINEL GET-MASTER-ADDR-BY-NAME %s", c->master);
}

void sentinel_ask(struct sentinel *s)
{
	sentinel_drop(s);
	s->left = s->config->sentinels_count;
	sentinel_ask_one(s);
}

struct sentinel *sentinel_open(const struct config_redis *config,
			       uv_loop_t *loop,
			       void (*told)(void *arg, const char *address,
					    unsigned int port, const char *why),
			       void *arg)
{
	struct sentinel *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->config = config;
	s->loop = loop;
	s->told = told;
	s->arg = arg;
	uv_timer_init(loop, &s->timer);
	s->timer.data = s;
	return s;
}

void sentinel_close(struct sentinel *s)
{
	if (!s)
		return;
	sentinel_drop(s);
	timer_free(&s->timer);
}

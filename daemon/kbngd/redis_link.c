// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <hiredis/hiredis.h>
#include <hiredis/adapters/libuv.h>

#include "lib/log.h"
#include "lib/parse.h"
#include "redis_link.h"
#include "sentinel.h"
#include "timer.h"

#define ANSWER_MS	10000		/* also for a connection */
#define RETRY_MIN_MS	500
#define RETRY_MAX_MS	5000
#define HOPS_MAX	4		/* MOVEDs in a row */

struct redis_link {
	const struct config_redis *config;
	uv_loop_t *loop;
	const struct redis_link_ops *ops;
	void *arg;
	uv_timer_t timer;		/* to connect again, or an answer's */
	struct sentinel *sentinel;	/* NULL: there are none */
	redisAsyncContext *ac;		/* NULL: not connected */
	char host[INET6_ADDRSTRLEN];	/* where it is; "": the socket */
	unsigned int port;
	unsigned int seed;		/* whose turn it is */
	unsigned int hops;		/* MOVEDs since all was well */
	unsigned int retry_ms;
	uint64_t moves;
	char address[128];		/* where it is, as text */
	char before[128];		/* where it was when all was well */
};

static void redis_link_connect(struct redis_link *l);

static void redis_link_timer_retry(uv_timer_t *timer)
{
	redis_link_connect(timer->data);
}

static void redis_link_timer_silent(uv_timer_t *timer)
{
	redis_link_fail(timer->data, "no answer");
}

static bool redis_link_set(struct redis_link *l, const char *host, size_t len,
			   unsigned int port)
{
	char text[INET6_ADDRSTRLEN];

	if (len >= sizeof(text) || !port || port > 65535)
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)len, host);
	if (!kbng_is_address(text))
		return false;
	memcpy(l->host, text, sizeof(text));
	l->port = port;
	snprintf(l->address, sizeof(l->address),
		 strchr(text, ':') ? "[%s]:%u" : "%s:%u", text, port);
	return true;
}

/* "MOVED SLOT ADDRESS:PORT"; no address: the same one, at another port. */
static bool redis_link_follow(struct redis_link *l, const char *why)
{
	const char *host, *port;

	if (strncmp(why, "MOVED ", 6) || l->hops >= HOPS_MAX)
		return false;
	host = strchr(why + 6, ' ');
	port = strrchr(why, ':');
	if (!host || !port || port < ++host)
		return false;
	if (host == port)
		return redis_link_set(l, l->host, strlen(l->host),
				      strtoul(port + 1, NULL, 10));
	return redis_link_set(l, host, port - host,
			      strtoul(port + 1, NULL, 10));
}

static void redis_link_drop(struct redis_link *l)
{
	redisAsyncContext *ac = l->ac;

	l->ac = NULL;
	if (ac) {
		ac->data = NULL;	/* its last callbacks find nobody */
		redisAsyncFree(ac);
	}
}

void redis_link_fail(struct redis_link *l, const char *why)
{
	bool elsewhere = redis_link_follow(l, why);

	l->ops->lost(l->arg, elsewhere ? NULL : why);
	redis_link_drop(l);
	if (elsewhere) {
		l->hops++;
		uv_timer_start(&l->timer, redis_link_timer_retry, 0, 0);
		return;
	}
	l->hops = 0;
	l->seed++;
	uv_timer_start(&l->timer, redis_link_timer_retry, l->retry_ms, 0);
	l->retry_ms *= 2;
	if (l->retry_ms > RETRY_MAX_MS)
		l->retry_ms = RETRY_MAX_MS;
}

void redis_link_expect(struct redis_link *l)
{
	uv_timer_start(&l->timer, redis_link_timer_silent, ANSWER_MS, 0);
}

void redis_link_answered(struct redis_link *l)
{
	uv_timer_stop(&l->timer);
}

void redis_link_well(struct redis_link *l)
{
	if (l->before[0] && strcmp(l->address, l->before)) {
		l->moves++;
		kbng_notice("Redis is elsewhere now address=%s before=%s",
			    l->address, l->before);
	}
	memcpy(l->before, l->address, sizeof(l->before));
	l->hops = 0;
	l->retry_ms = RETRY_MIN_MS;
}

static void redis_link_on_auth(redisAsyncContext *ac, void *reply, void *arg)
{
	redisReply *answer = reply;

	(void)arg;
	if (ac->data && answer && answer->type == REDIS_REPLY_ERROR)
		redis_link_fail(ac->data, answer->str);
}

/* ROLE's answer begins with it. */
static bool redis_link_is_master(const redisReply *answer)
{
	return answer->type == REDIS_REPLY_ARRAY && answer->elements &&
	       answer->element[0]->type == REDIS_REPLY_STRING &&
	       !strcmp(answer->element[0]->str, "master");
}

/* The answer to ROLE where sentinels were asked, else to PING. */
static void redis_link_on_ready(redisAsyncContext *ac, void *reply, void *arg)
{
	struct redis_link *l = ac->data;
	redisReply *answer = reply;

	(void)arg;
	if (!l)
		return;
	if (!answer || answer->type == REDIS_REPLY_ERROR) {
		redis_link_fail(l, answer ? answer->str : "connection lost");
		return;
	}
	if (l->sentinel && !redis_link_is_master(answer)) {
		redis_link_fail(l, "the sentinel's master is none");
		return;
	}
	l->ops->ready(l->arg, ac);
}

static void redis_link_on_connect(const redisAsyncContext *ac, int status)
{
	struct redis_link *l = ac->data;

	if (!l)
		return;
	if (status != REDIS_OK) {
		l->ac = NULL;		/* hiredis frees it */
		redis_link_fail(l, ac->errstr);
		return;
	}
	if (l->config->password)
		redisAsyncCommand(l->ac, redis_link_on_auth, NULL, "AUTH %s",
				  l->config->password);
	redisAsyncCommand(l->ac, redis_link_on_ready, NULL,
			  l->sentinel ? "ROLE" : "PING");
}

static void redis_link_on_disconnect(const redisAsyncContext *ac, int status)
{
	struct redis_link *l = ac->data;

	if (!l)
		return;
	l->ac = NULL;			/* hiredis frees it */
	redis_link_fail(l, status == REDIS_OK ? "connection closed" :
						ac->errstr);
}

/* For each command hiredis asks for what libuv is doing: a system call more. */
static void redis_link_add_write(void *events)
{
	redisLibuvEvents *e = events;

	if (!(e->events & UV_WRITABLE))
		redisLibuvAddWrite(e);
}

static void redis_link_add_read(void *events)
{
	redisLibuvEvents *e = events;

	if (!(e->events & UV_READABLE))
		redisLibuvAddRead(e);
}

/* To where it is known to be. */
static void redis_link_go(struct redis_link *l)
{
	redisAsyncContext *ac;

	ac = l->host[0] ? redisAsyncConnect(l->host, l->port) :
			  redisAsyncConnectUnix(l->config->socket);
	if (!ac || ac->err) {
		redis_link_fail(l, ac ? ac->errstr : "out of memory");
		if (ac)
			redisAsyncFree(ac);
		return;
	}
	l->ac = ac;
	ac->data = l;
	redisLibuvAttach(ac, l->loop);
	ac->ev.addWrite = redis_link_add_write;
	ac->ev.addRead = redis_link_add_read;
	redisAsyncSetConnectCallback(ac, redis_link_on_connect);
	redisAsyncSetDisconnectCallback(ac, redis_link_on_disconnect);
	redis_link_expect(l);
}

static void redis_link_told(void *arg, const char *address, unsigned int port,
			    const char *why)
{
	struct redis_link *l = arg;

	if (!address)
		redis_link_fail(l, why);
	else if (!redis_link_set(l, address, strlen(address), port))
		redis_link_fail(l, "the sentinel's master has no port");
	else
		redis_link_go(l);
}

/* To find out where it is, unless a node of the cluster has told. */
static void redis_link_connect(struct redis_link *l)
{
	const struct config_redis *c = l->config;
	const struct config_endpoint *seed;

	if (l->hops) {
		redis_link_go(l);
	} else if (l->sentinel) {
		sentinel_ask(l->sentinel);
	} else if (c->socket) {
		l->host[0] = '\0';
		snprintf(l->address, sizeof(l->address), "%s", c->socket);
		redis_link_go(l);
	} else if (c->cluster) {
		seed = &c->cluster[l->seed % c->cluster_count];
		redis_link_set(l, seed->address, strlen(seed->address),
			       seed->port);
		redis_link_go(l);
	} else {
		redis_link_set(l, c->host, strlen(c->host), c->port);
		redis_link_go(l);
	}
}

struct redis_link *redis_link_open(const struct config_redis *config,
				   uv_loop_t *loop,
				   const struct redis_link_ops *ops, void *arg)
{
	struct redis_link *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->config = config;
	l->loop = loop;
	l->ops = ops;
	l->arg = arg;
	l->retry_ms = RETRY_MIN_MS;
	if (config->sentinels) {
		l->sentinel = sentinel_open(config, loop, redis_link_told, l);
		if (!l->sentinel) {
			free(l);
			return NULL;
		}
	}
	uv_timer_init(loop, &l->timer);
	l->timer.data = l;
	uv_timer_start(&l->timer, redis_link_timer_retry, 0, 0);
	return l;
}

void redis_link_close(struct redis_link *l)
{
	redis_link_drop(l);
	sentinel_close(l->sentinel);
	timer_free(&l->timer);
}

const char *redis_link_address(const struct redis_link *l)
{
	return l->address;
}

uint64_t redis_link_moves(const struct redis_link *l)
{
	return l->moves;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <syslog.h>
#include <unistd.h>

#include "deadline.h"
#include "dictionary.h"
#include "lib/log.h"
#include "radius_private.h"
#include "yamlfile.h"

static void queue_free(struct queue *q)
{
	struct radius_request *req;

	while ((req = queue_get(q)))
		radius_request_free(req);
}

static const char *const radius_kinds[] = {
	[RADIUS_AUTH] = "auth",
	[RADIUS_ACCT] = "acct",
};

static const char *const radius_results[] = {
	[RADIUS_OK] = "ok",
	[RADIUS_REJECTED] = "rejected",
	[RADIUS_SILENT] = "no_answer",
	[RADIUS_LIMITED] = "limited",
};

const struct kbng_names radius_kind_names = NAMES(radius_kinds);
const struct kbng_names radius_result_names = NAMES(radius_results);

struct radius_request *radius_request_new(enum radius_kind kind,
					  const uint8_t *uuid, int tag)
{
	struct radius_request *req = calloc(1, sizeof(*req));

	if (!req)
		return NULL;
	req->kind = kind;
	req->tag = tag;
	memcpy(req->uuid, uuid, KBNG_UUID_LEN);
	return req;
}

/* Passwords are in the pairs: nothing of them stays in free memory. */
static void radius_wipe(VALUE_PAIR *pairs)
{
	VALUE_PAIR *vp;

	for (vp = pairs; vp; vp = vp->next)
		explicit_bzero(vp->strvalue, sizeof(vp->strvalue));
	rc_avpair_free(pairs);
}

void radius_request_free(struct radius_request *req)
{
	radius_wipe(req->send);
	radius_wipe(req->reply);
	free(req);
}

static void radius_answered(uv_async_t *async)
{
	struct radius *r = async->data;
	struct radius_request *req, *next;

	pthread_mutex_lock(&r->lock);
	req = r->done.head;
	queue_init(&r->done);
	pthread_mutex_unlock(&r->lock);
	for (; req; req = next) {
		next = req->next;
		r->pools[req->kind].busy--;
		r->done_fn(req, r->arg);
		radius_request_free(req);
	}
}

/* The loop is going to wait: a thread may begin with what it has brought. */
static void radius_turn(uv_prepare_t *turn)
{
	struct radius *r = turn->data;
	int kind;

	for (kind = 0; kind < RADIUS_KINDS; kind++) {
		if (r->pools[kind].fresh)
			pthread_cond_signal(&r->pools[kind].wake);
		r->pools[kind].fresh = false;
	}
}

/*
 * The handle is read only once the dictionary is in: the threads share it.
 * What the mappings name is put in last and so found first, as strings.
 */
static int radius_open_handle(struct radius *r,
			      const struct config_radius *config, char *error,
			      size_t size)
{
	char text[POLICY_RATES_MAX * 192];
	size_t len;

	/* radcli's way to complain; unknown attributes are strange.c's. */
	openlog("kbngd", LOG_PID, LOG_DAEMON);
	setlogmask(LOG_UPTO(LOG_ERR));
	r->rh = rc_new();
	if (!r->rh || !rc_config_init(r->rh)) {
		snprintf(error, size, "radcli does not start: out of memory");
		return -1;
	}
	len = policy_dictionary(config->rates, config->rates_count, text,
				sizeof(text));
	if (!rc_read_dictionary_from_buffer(r->rh, dictionary_text,
					    dictionary_size) &&
	    (!len || !rc_read_dictionary_from_buffer(r->rh, text, len)))
		return 0;
	snprintf(error, size, "radcli does not take the dictionary");
	return -1;
}

static int radius_open_pool(struct radius *r, enum radius_kind kind,
			    const struct config_radius *config)
{
	bool auth = kind == RADIUS_AUTH;
	struct pool *pool = &r->pools[kind];
	struct exchange *ex = &pool->exchange;

	pool->radius = r;
	ex->servers = auth ? config->auth_servers : config->acct_servers;
	ex->n = auth ? config->auth_servers_count : config->acct_servers_count;
	ex->timeout = config->timeout;
	ex->retries = *config->retries;
	ex->must_sign = config->must_sign == YAMLFILE_YES;
	ex->dead_time = config->dead_time;
	ex->rate = config->rate;
	ex->burst = config->burst;
	ex->stop_fd = r->stop_fd;
	pthread_mutex_init(&ex->lock, NULL);
	pthread_cond_init(&pool->wake, NULL);
	if (!ex->n)
		return 0;
	pool->threads = calloc(config->workers, sizeof(*pool->threads));
	if (!pool->threads)
		return -1;
	while (pool->n < config->workers) {
		if (pthread_create(&pool->threads[pool->n], NULL,
				   radius_thread, pool))
			return -1;
		pool->n++;
	}
	return 0;
}

int radius_open(const struct config_radius *config, uv_loop_t *loop,
		radius_done_fn done, void *arg, struct radius **radius,
		char *error, size_t size)
{
	struct radius *r = calloc(1, sizeof(*r));
	sigset_t all, old;
	int kind, err = 0;

	if (!r) {
		snprintf(error, size, "out of memory");
		return -1;
	}
	r->config = config;
	r->done_fn = done;
	r->arg = arg;
	r->stop_fd = eventfd(0, EFD_CLOEXEC);
	pthread_mutex_init(&r->lock, NULL);
	queue_init(&r->done);
	uv_async_init(loop, &r->answered, radius_answered);
	uv_prepare_init(loop, &r->turn);
	uv_prepare_start(&r->turn, radius_turn);
	uv_unref((uv_handle_t *)&r->turn);
	r->answered.data = r->turn.data = r;
	r->handles = 2;
	for (kind = 0; kind < RADIUS_KINDS; kind++)
		queue_init(&r->pools[kind].todo);
	*radius = r;
	if (radius_open_handle(r, config, error, size))
		return -1;
	sigfillset(&all);		/* signals are the loop's */
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (kind = 0; kind < RADIUS_KINDS && !err; kind++)
		err = radius_open_pool(r, kind, config);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		snprintf(error, size, "cannot start the RADIUS threads: lower radius.workers");
	return err;
}

static void radius_closed(uv_handle_t *handle)
{
	struct radius *r = handle->data;

	if (!--r->handles)
		free(r);
}

void radius_close(struct radius *r)
{
	uint64_t one = 1;
	unsigned int i;
	int kind;

	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	for (kind = 0; kind < RADIUS_KINDS; kind++)
		pthread_cond_broadcast(&r->pools[kind].wake);
	pthread_mutex_unlock(&r->lock);
	if (write(r->stop_fd, &one, sizeof(one)) < 0)
		kbng_debug("RADIUS threads end by their timeouts");
	for (kind = 0; kind < RADIUS_KINDS; kind++) {
		for (i = 0; i < r->pools[kind].n; i++)
			pthread_join(r->pools[kind].threads[i], NULL);
		free(r->pools[kind].threads);
		queue_free(&r->pools[kind].todo);
		exchange_close(&r->pools[kind].exchange);
	}
	queue_free(&r->done);
	close(r->stop_fd);
	if (r->rh)
		rc_destroy(r->rh);
	uv_close((uv_handle_t *)&r->answered, radius_closed);
	uv_close((uv_handle_t *)&r->turn, radius_closed);
}

const rc_handle *radius_handle(const struct radius *r)
{
	return r->rh;
}

bool radius_has_room(const struct radius *r, enum radius_kind kind)
{
	return r->pools[kind].busy < 2 * r->pools[kind].n;
}

void radius_submit(struct radius *r, struct radius_request *req)
{
	struct pool *pool = &r->pools[req->kind];

	pool->busy++;
	req->begun = deadline_now_ms();
	pthread_mutex_lock(&r->lock);
	queue_put(&pool->todo, req);
	pthread_mutex_unlock(&r->lock);
	pool->fresh = true;
}

unsigned int radius_busy(const struct radius *r, enum radius_kind kind)
{
	return r->pools[kind].busy;
}

struct exchange *radius_exchange(struct radius *r, enum radius_kind kind)
{
	return &r->pools[kind].exchange;
}

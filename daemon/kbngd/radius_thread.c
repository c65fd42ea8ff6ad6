// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "deadline.h"
#include "radius_private.h"

/** struct batch - requests of one thread */
struct batch {
	struct pool *pool;
	unsigned int n;
	struct queue done;		/* answered, not yet told */
	struct radius_request *reqs[EXCHANGE_MANY];	/* NULL: answered */
	struct exchange_one ones[EXCHANGE_MANY];
};

static uint8_t radius_code(enum radius_kind kind)
{
	return kind == RADIUS_AUTH ? PW_ACCESS_REQUEST : PW_ACCOUNTING_REQUEST;
}

static uint64_t radius_key(const struct radius_request *req)
{
	uint64_t key;

	memcpy(&key, req->uuid, sizeof(key));	/* a session keeps its server */
	return key;
}

static void radius_strange(struct radius *r, const uint8_t *answer, size_t len)
{
	pthread_mutex_lock(&r->lock);
	strange_tell(&r->strange, answer + PACKET_HEADER, len - PACKET_HEADER,
		     r->config->rates, r->config->rates_count);
	pthread_mutex_unlock(&r->lock);
}

static void radius_result(struct radius *r, struct radius_request *req,
			  const uint8_t *answer, size_t len)
{
	req->result = answer[0] == PW_ACCESS_ACCEPT ||
		      answer[0] == PW_ACCOUNTING_RESPONSE ? RADIUS_OK :
							    RADIUS_REJECTED;
	if (req->kind == RADIUS_AUTH && len > PACKET_HEADER)
		req->reply = rc_avpair_gen(r->rh, NULL,
					   answer + PACKET_HEADER,
					   len - PACKET_HEADER, 0);
	if (answer[0] == PW_ACCESS_ACCEPT)
		radius_strange(r, answer, len);
}

void radius_ask(struct radius *r, struct radius_request *req)
{
	uint8_t answer[PACKET_MAX];
	bool limited;
	size_t len;

	len = exchange_run(&r->pools[req->kind].exchange,
			   radius_code(req->kind), req->send, radius_key(req),
			   &req->tried, answer, &limited);
	req->result = limited ? RADIUS_LIMITED : RADIUS_SILENT;
	if (len)
		radius_result(r, req, answer, len);
}

/* Under radius->lock; tells the loop. */
static void radius_done(struct radius *r, struct queue *done)
{
	struct radius_request *req;

	if (!done->head)
		return;
	while ((req = queue_get(done)))
		queue_put(&r->done, req);
	uv_async_send(&r->answered);
}

static void radius_batch_answer(struct exchange_one *one, const uint8_t *answer,
				size_t len, void *arg)
{
	struct batch *b = arg;
	struct radius *r = b->pool->radius;

	if (one) {
		radius_result(r, b->reqs[one - b->ones], answer, len);
		queue_put(&b->done, b->reqs[one - b->ones]);
		b->reqs[one - b->ones] = NULL;
		return;
	}
	pthread_mutex_lock(&r->lock);
	radius_done(r, &b->done);
	pthread_mutex_unlock(&r->lock);
}

/* The first try of all; what got no answer goes on alone, in any thread. */
static void radius_batch(struct batch *b)
{
	struct pool *pool = b->pool;
	unsigned int i;

	for (i = 0; i < b->n; i++) {
		b->ones[i].pairs = b->reqs[i]->send;
		b->ones[i].key = radius_key(b->reqs[i]);
		b->ones[i].tried.tries = 0;
	}
	exchange_many(&pool->exchange, radius_code(b->reqs[0]->kind), b->ones,
		      b->n, radius_batch_answer, b);
	pthread_mutex_lock(&pool->radius->lock);
	radius_done(pool->radius, &b->done);
	for (i = 0; i < b->n; i++) {
		if (!b->reqs[i])
			continue;
		b->reqs[i]->tried = b->ones[i].tried;
		b->reqs[i]->alone = true;
		queue_put(&pool->todo, b->reqs[i]);
	}
	pthread_mutex_unlock(&pool->radius->lock);
}

/* Take what is to be done next, under radius->lock. */
static void radius_take(struct batch *b)
{
	struct queue *todo = &b->pool->todo;

	b->n = 0;
	do {
		b->reqs[b->n++] = queue_get(todo);
	} while (b->n < EXCHANGE_MANY && !b->reqs[0]->alone && todo->head &&
		 !todo->head->alone);
	if (todo->head)
		pthread_cond_signal(&b->pool->wake);
}

/* The first try, and the turn it waited for, took time too (RFC 2866 5.2). */
static void radius_delay(const struct radius_request *req)
{
	VALUE_PAIR *delay = rc_avpair_get(req->send, PW_ACCT_DELAY_TIME, 0);

	if (delay)
		delay->lvalue += (deadline_now_ms() - req->begun) / 1000;
}

static void radius_work(struct batch *b)
{
	struct radius *r = b->pool->radius;

	if (!b->reqs[0]->alone) {
		radius_batch(b);
		return;
	}
	radius_delay(b->reqs[0]);
	radius_ask(r, b->reqs[0]);
	queue_put(&b->done, b->reqs[0]);
	pthread_mutex_lock(&r->lock);
	radius_done(r, &b->done);
	pthread_mutex_unlock(&r->lock);
}

void *radius_thread(void *arg)
{
	struct pool *pool = arg;
	struct radius *r = pool->radius;
	struct batch *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->pool = pool;
	queue_init(&b->done);
	pthread_mutex_lock(&r->lock);
	for (;;) {
		while (!r->stop && !pool->todo.head)
			pthread_cond_wait(&pool->wake, &r->lock);
		if (r->stop)
			break;
		radius_take(b);
		pthread_mutex_unlock(&r->lock);
		radius_work(b);
		pthread_mutex_lock(&r->lock);
	}
	pthread_mutex_unlock(&r->lock);
	free(b);
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What radius.c, in the loop, and radius_thread.c share.
 */
#ifndef KBNGD_RADIUS_PRIVATE_H
#define KBNGD_RADIUS_PRIVATE_H

#include <pthread.h>

#include "radius.h"
#include "strange.h"

/* A queue of requests, first in first out. */
struct queue {
	struct radius_request *head, **tail;
};

/* The threads for one kind of request. */
struct pool {
	struct radius *radius;
	struct exchange exchange;
	struct queue todo;		/* under radius->lock */
	pthread_cond_t wake;		/* todo has one, or stop */
	pthread_t *threads;
	unsigned int n;			/* threads that run */
	unsigned int busy;		/* let in and not answered; the loop's */
	bool fresh;			/* todo has new ones; the loop's */
};

struct radius {
	rc_handle *rh;
	const struct config_radius *config;
	struct pool pools[RADIUS_KINDS];
	pthread_mutex_t lock;
	struct queue done;		/* under lock */
	struct strange strange;		/* under lock */
	bool stop;			/* under lock */
	int stop_fd;
	uv_async_t answered;
	uv_prepare_t turn;		/* of the loop, ends */
	unsigned int handles;		/* of the two, open */
	radius_done_fn done_fn;
	void *arg;
};

static inline void queue_init(struct queue *q)
{
	q->head = NULL;
	q->tail = &q->head;
}

static inline void queue_put(struct queue *q, struct radius_request *req)
{
	req->next = NULL;
	*q->tail = req;
	q->tail = &req->next;
}

static inline struct radius_request *queue_get(struct queue *q)
{
	struct radius_request *req = q->head;

	if (!req)
		return NULL;
	q->head = req->next;
	if (!q->head)
		q->tail = &q->head;
	return req;
}

/* Takes what its pool, @arg, is to do, until radius->stop. */
void *radius_thread(void *arg);

#endif /* KBNGD_RADIUS_PRIVATE_H */

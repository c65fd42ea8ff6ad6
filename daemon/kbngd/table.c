// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "kbngd.h"
#include "route.h"

#define BUCKETS_MIN	256

/* UUIDs are random: any of their octets are as good as a hash. */
static struct session **table_bucket(const struct table *t,
				     const uint8_t *uuid)
{
	uint64_t hash;

	memcpy(&hash, uuid, sizeof(hash));
	return &t->buckets[hash & (t->n_buckets - 1)];
}

/* FNV-1a. */
uint32_t table_hash(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t hash = 2166136261;

	while (len--)
		hash = (hash ^ *p++) * 16777619;
	return hash;
}

int table_init(struct table *t)
{
	t->n = t->provisional = 0;
	t->n_buckets = BUCKETS_MIN;
	t->buckets = calloc(t->n_buckets, sizeof(*t->buckets));
	return t->buckets ? 0 : -1;
}

static void table_remove_each(struct session *s, void *arg)
{
	table_remove(arg, s);
}

void table_free(struct table *t)
{
	table_each(t, table_remove_each, t);
	free(t->buckets);
}

struct session *table_find(const struct table *t, const uint8_t *uuid)
{
	struct session *s;

	for (s = *table_bucket(t, uuid); s; s = s->next)
		if (!memcmp(s->uuid, uuid, KBNG_UUID_LEN))
			return s;
	return NULL;
}

void table_provisional(struct table *t, struct session *s, bool provisional)
{
	t->provisional += provisional - s->provisional;
	s->provisional = provisional;
}

/* Without memory for more buckets it goes on with longer chains. */
static void table_grow(struct table *t)
{
	struct table old = *t;
	struct session *s, *next, **bucket;
	size_t i;

	t->buckets = calloc(old.n_buckets * 2, sizeof(*t->buckets));
	if (!t->buckets) {
		t->buckets = old.buckets;
		return;
	}
	t->n_buckets = old.n_buckets * 2;
	for (i = 0; i < old.n_buckets; i++)
		for (s = old.buckets[i]; s; s = next) {
			next = s->next;
			bucket = table_bucket(t, s->uuid);
			s->next = *bucket;
			*bucket = s;
		}
	free(old.buckets);
}

struct session *table_add(struct table *t, struct kbngd *k, const uint8_t *uuid)
{
	struct session *s = calloc(1, sizeof(*s)), **bucket;

	if (!s)
		return NULL;
	if (t->n >= t->n_buckets)
		table_grow(t);
	s->k = k;
	memcpy(s->uuid, uuid, KBNG_UUID_LEN);
	uv_timer_init(&k->loop, &s->timer);
	s->timer.data = s;
	bucket = table_bucket(t, uuid);
	s->next = *bucket;
	*bucket = s;
	t->n++;
	return s;
}

static void table_closed(uv_handle_t *handle)
{
	struct session *s = handle->data;

	route_forget(s);
	free(s->proof);
	if (s->answer)
		radius_request_free(s->answer);
	free(s);
}

void table_remove(struct table *t, struct session *s)
{
	struct session **at = table_bucket(t, s->uuid);

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	t->n--;
	table_provisional(t, s, false);
	s->dead = true;
	if (!s->queued)
		uv_close((uv_handle_t *)&s->timer, table_closed);
}

void table_each(struct table *t, void (*cb)(struct session *s, void *arg),
		void *arg)
{
	struct session *s, *next;
	size_t i;

	for (i = 0; i < t->n_buckets; i++)
		for (s = t->buckets[i]; s; s = next) {
			next = s->next;
			cb(s, arg);
		}
}

void session_queue_init(struct session_queue *q)
{
	q->head = NULL;
	q->tail = &q->head;
}

void session_queue_put(struct session_queue *q, struct session *s)
{
	s->queue_next = NULL;
	s->queued = true;
	*q->tail = s;
	q->tail = &s->queue_next;
}

/* A session that was removed while it waited is freed here. */
struct session *session_queue_get(struct session_queue *q)
{
	struct session *s;

	while ((s = q->head)) {
		q->head = s->queue_next;
		if (!q->head)
			q->tail = &q->head;
		s->queued = false;
		if (!s->dead)
			return s;
		uv_close((uv_handle_t *)&s->timer, table_closed);
	}
	return NULL;
}

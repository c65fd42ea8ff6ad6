// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "group.h"
#include "lib/log.h"
#include "outbox.h"
#include "session.h"
#include "timer.h"

#define TASKS_MAX	256

/** struct group_task - what was done for a session */
struct group_task {
	uint8_t uuid[KBNG_UUID_LEN];
	enum task task;
};

struct group {
	struct kbngd *k;
	uv_timer_t timer;
	unsigned int then;		/* enum group_then */
	unsigned int n;
	struct group_task tasks[TASKS_MAX];
};

static void group_run(uv_timer_t *timer)
{
	struct group *g = timer->data;
	unsigned int then = g->then;

	g->then = 0;
	journal_flush(g->k->journal);
	if (then & GROUP_RECORDS)
		outbox_kick(g->k->outbox);
	if (then & GROUP_EVENTS)
		redis_kick(g->k->redis);
}

static void group_kept(struct group *g)
{
	g->n = 0;
	if (g->then)
		uv_timer_start(&g->timer, group_run, 0, 0);
	else
		uv_timer_stop(&g->timer);
}

static void group_lost(struct group *g)
{
	struct group_task tasks[TASKS_MAX];
	unsigned int i, n = g->n;

	memcpy(tasks, g->tasks, n * sizeof(*tasks));
	g->n = 0;
	if (n)
		kbng_error("what the journal lost is done again tasks=%u", n);
	for (i = 0; i < n; i++)
		session_undo(g->k, tasks[i].uuid, tasks[i].task);
}

static void group_told(enum journal_fate fate, void *arg)
{
	struct group *g = arg;

	switch (fate) {
	case JOURNAL_HELD:
		if (!uv_is_active((uv_handle_t *)&g->timer))
			uv_timer_start(&g->timer, group_run, GROUP_MS, 0);
		break;
	case JOURNAL_KEPT:
		group_kept(g);
		break;
	case JOURNAL_LOST:
		group_lost(g);
		break;
	}
}

void group_add(struct group *g, const struct session *s, enum task task)
{
	if (!journal_holds(g->k->journal))
		return;
	memcpy(g->tasks[g->n].uuid, s->uuid, KBNG_UUID_LEN);
	g->tasks[g->n++].task = task;
	if (g->n == TASKS_MAX)
		journal_flush(g->k->journal);
}

bool group_has(const struct group *g, const struct session *s)
{
	unsigned int i;

	for (i = 0; i < g->n; i++)
		if (!memcmp(g->tasks[i].uuid, s->uuid, KBNG_UUID_LEN))
			return true;
	return false;
}

void group_then(struct group *g, enum group_then what)
{
	g->then |= what;
	if (!journal_holds(g->k->journal))
		uv_timer_start(&g->timer, group_run, 0, 0);
}

struct group *group_open(struct kbngd *k)
{
	struct group *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->k = k;
	uv_timer_init(&k->loop, &g->timer);
	g->timer.data = g;
	journal_group(k->journal, group_told, g);
	return g;
}

void group_close(struct group *g)
{
	if (!g)
		return;
	journal_group(g->k->journal, NULL, NULL);
	timer_free(&g->timer);
}

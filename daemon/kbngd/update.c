// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "session.h"
#include "timer.h"
#include "update.h"

struct updates {
	struct kbngd *k;
	uv_timer_t timer;
	struct session_queue due;
};

static void updates_read(unsigned int i, int err,
			 const struct kbng_session_info *info, void *arg)
{
	struct session **batch = arg;

	session_update(batch[i], err, info);
}

static void updates_run(uv_timer_t *timer)
{
	struct updates *u = timer->data;
	struct session *batch[KBNG_NL_MANY];
	uint8_t uuids[KBNG_NL_MANY][KBNG_UUID_LEN];
	unsigned int n;

	do {
		for (n = 0; n < KBNG_NL_MANY; n++) {
			batch[n] = session_queue_get(&u->due);
			if (!batch[n])
				break;
			memcpy(uuids[n], batch[n]->uuid, KBNG_UUID_LEN);
		}
		if (n)
			kbng_nl_session_get_many(u->k->nl, uuids, n,
						 updates_read, batch);
	} while (n == KBNG_NL_MANY);
	journal_flush(u->k->journal);
}

void updates_put(struct updates *u, struct session *s)
{
	session_queue_put(&u->due, s);
	if (!uv_is_active((uv_handle_t *)&u->timer))
		uv_timer_start(&u->timer, updates_run, 0, 0);
}

struct updates *updates_open(struct kbngd *k)
{
	struct updates *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->k = k;
	session_queue_init(&u->due);
	uv_timer_init(&k->loop, &u->timer);
	u->timer.data = u;
	return u;
}

void updates_close(struct updates *u)
{
	if (!u)
		return;
	while (session_queue_get(&u->due))
		;
	timer_free(&u->timer);
}

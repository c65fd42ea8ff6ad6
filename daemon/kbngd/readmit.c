// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "bucket.h"
#include "exchange.h"
#include "readmit.h"
#include "session.h"
#include "timer.h"

#define TICK_MS		100
#define TICKS_A_SECOND	(1000 / TICK_MS)
#define BUCKETS		8192		/* of the table, looked at in a tick */

struct readmit {
	struct kbngd *k;
	uv_timer_t timer;
	struct bucket bucket;
	size_t at;			/* bucket of the table to go on with */
	uint64_t asked;			/* loop time, ms, while all were silent */
};

/* While servers are silent one session at a time finds out if they still are. */
static bool readmit_may(struct readmit *r)
{
	const struct config_radius *c = r->k->config->radius;
	uint64_t now = uv_now(&r->k->loop);

	if (r->k->waiting.head || !radius_has_room(r->k->radius, RADIUS_AUTH))
		return false;
	if (!exchange_all_dead(radius_exchange(r->k->radius, RADIUS_AUTH)))
		return bucket_take(&r->bucket, now, c->readmit_rate,
				   c->readmit_rate / TICKS_A_SECOND + 1);
	if (r->asked && now - r->asked < c->retry_pending * 1000ULL)
		return false;
	r->asked = now;
	return true;
}

static void readmit_tick(uv_timer_t *timer)
{
	struct readmit *r = timer->data;
	struct table *t = &r->k->sessions;
	struct session *s;
	size_t n;

	for (n = 0; t->provisional && n < BUCKETS && n < t->n_buckets; n++) {
		r->at &= t->n_buckets - 1;
		for (s = t->buckets[r->at]; s; s = s->next) {
			if (!s->provisional || s->reauth ||
			    s->state != KBNG_STATE_ACTIVE)
				continue;
			if (!readmit_may(r))
				return;	/* and here the next tick goes on */
			session_reauth(s, NULL, 0);
		}
		r->at++;
	}
}

int readmit_open(struct kbngd *k, struct readmit **readmit)
{
	struct readmit *r = calloc(1, sizeof(*r));

	if (!r)
		return -1;
	r->k = k;
	uv_timer_init(&k->loop, &r->timer);
	r->timer.data = r;
	uv_timer_start(&r->timer, readmit_tick, TICK_MS, TICK_MS);
	*readmit = r;
	return 0;
}

void readmit_close(struct readmit *r)
{
	if (r)
		timer_free(&r->timer);
}

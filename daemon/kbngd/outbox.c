// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "acct.h"
#include "bucket.h"
#include "group.h"
#include "lib/log.h"
#include "outbox.h"
#include "timer.h"

#define WINDOW		1024		/* records that are looked at */
#define PAUSE_MAX_MS	5000		/* between tries in an outage */
#define ALONE_MAX_MS	600000		/* of a record that others overtake */

/** struct outbox_entry - a record that is to be sent, or under way */
struct outbox_entry {
	struct journal_key key;
	int64_t after;			/* its session's one before it, or 0 */
	uint64_t due;			/* loop time, ms; 0: at once */
	uint64_t answers;		/* struct outbox's, at its last failure */
	uint8_t fails;			/* while others were answered */
	bool tried;
	bool under_way;
};

struct outbox {
	struct kbngd *k;
	uv_timer_t timer;
	struct outbox_entry entries[WINDOW];	/* by their numbers */
	unsigned int n;
	int64_t last;			/* number of the last that was read */
	bool more;			/* there may be some after it */
	struct journal_key taken[WINDOW];	/* answered, still journalled */
	unsigned int n_taken;
	unsigned int under_way;
	uint64_t answers;
	struct bucket bucket;
	uint64_t resume;		/* loop time, ms: no try before it */
	uint64_t pause;			/* ms, the last one; 0: no outage */
};

static bool outbox_is_nas(const struct outbox_entry *e)
{
	return e->key.status >= JOURNAL_ON;
}

static struct outbox_entry *outbox_find(struct outbox *o, int64_t n)
{
	unsigned int low = 0, high = o->n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (o->entries[middle].key.n < n)
			low = middle + 1;
		else
			high = middle;
	}
	return low < o->n && o->entries[low].key.n == n ? &o->entries[low] :
							  NULL;
}

/* The newest of the session's first @n entries, or NULL. */
static struct outbox_entry *outbox_of(struct outbox *o, const uint8_t *uuid,
				      unsigned int n)
{
	while (n--)
		if (!memcmp(o->entries[n].key.uuid, uuid, KBNG_UUID_LEN))
			return &o->entries[n];
	return NULL;
}

static struct outbox_entry *outbox_of_under_way(struct outbox *o,
						const uint8_t *uuid)
{
	struct outbox_entry *e;

	for (e = o->entries; e < o->entries + o->n; e++)
		if (e->under_way &&
		    !memcmp(e->key.uuid, uuid, KBNG_UUID_LEN))
			return e;
	return NULL;
}

static void outbox_remove(struct outbox *o, struct outbox_entry *e)
{
	o->n--;
	memmove(e, e + 1, (o->entries + o->n - e) * sizeof(*e));
}

/* All that was answered since in one transaction. */
static void outbox_forget(struct outbox *o)
{
	struct journal *j = o->k->journal;
	unsigned int i;

	if (!o->n_taken)
		return;
	journal_begin(j);
	for (i = 0; i < o->n_taken; i++)
		journal_record_taken(j, &o->taken[i]);
	if (journal_commit(j))
		kbng_error("records that were taken stay in the journal: they are sent again after a restart count=%u",
			   o->n_taken);
	o->n_taken = 0;
}

/* Read on where the window has room for many. */
static void outbox_read(struct outbox *o)
{
	struct journal_key keys[WINDOW / 2];
	struct outbox_entry *e, *before;
	int i, n;

	if (!o->more || o->n > WINDOW / 2)
		return;
	n = journal_record_list(o->k->journal, o->last, keys, WINDOW / 2);
	o->more = n < 0 || n == WINDOW / 2;
	for (i = 0; i < n; i++) {
		before = outbox_of(o, keys[i].uuid, o->n);
		e = &o->entries[o->n++];
		memset(e, 0, sizeof(*e));
		e->key = keys[i];
		e->after = before ? before->key.n : 0;
		o->last = keys[i].n;
	}
}

/* Whether its session has a record before it. */
static bool outbox_is_held(struct outbox *o, const struct outbox_entry *e)
{
	return e->after && outbox_find(o, e->after);
}

/*
 * Whether all records before @e were answered, but for those that no server
 * wants; with @tried, or at least tried.
 */
static bool outbox_is_first(struct outbox *o, const struct outbox_entry *e,
			    bool tried)
{
	const struct outbox_entry *before;

	for (before = o->entries; before < e; before++)
		if (!before->fails && !outbox_is_held(o, before) &&
		    !(tried && before->tried))
			return false;
	return true;
}

/* Whether @e could be sent if it were due. */
static bool outbox_may_go(struct outbox *o, const struct outbox_entry *e)
{
	if (e->under_way || outbox_is_held(o, e))
		return false;
	return !outbox_is_nas(e) ||
	       (!o->under_way && outbox_is_first(o, e, true));
}

/* False if it is not to be sent at all. */
static bool outbox_send(struct outbox *o, struct outbox_entry *e)
{
	struct journal_record record;
	struct radius_request *req;

	if (!journal_record_get(o->k->journal, e->key.n, &record))
		return false;		/* superseded, or dropped */
	req = acct_request(o->k, &record);
	if (!req) {
		e->fails++;
		e->due = uv_now(&o->k->loop) + ALONE_MAX_MS;
		return true;
	}
	if (!e->tried)
		e->answers = o->answers;
	e->tried = true;
	e->under_way = true;
	o->under_way++;
	radius_submit(o->k->radius, req);
	return true;
}

static bool outbox_has_room(const struct outbox *o)
{
	return radius_has_room(o->k->radius, RADIUS_ACCT) &&
	       (!o->pause || !o->under_way);
}

/*
 * Send what may be sent. Returns when to look again, UINT64_MAX: not by time.
 * Half of the burst is left for what comes late to the servers' own buckets.
 */
static uint64_t outbox_send_all(struct outbox *o)
{
	const struct config_radius *c = o->k->config->radius;
	uint64_t now = uv_now(&o->k->loop), next = UINT64_MAX;
	struct outbox_entry *e = o->entries;

	while (e < o->entries + o->n && outbox_has_room(o)) {
		if (outbox_may_go(o, e)) {
			if (e->due > now) {
				if (e->due < next)
					next = e->due;
			} else if (!bucket_take(&o->bucket, now, c->rate,
						(c->burst + 1) / 2)) {
				return now + 1000 / c->rate + 1;
			} else if (!outbox_send(o, e)) {
				outbox_remove(o, e);
				continue;
			}
		}
		if (outbox_is_nas(e))
			break;		/* nothing goes beside it, or before */
		e++;
	}
	return next;
}

/* Reading in a transaction takes SQLite's locks once. */
static void outbox_run(uv_timer_t *timer)
{
	struct outbox *o = timer->data;
	uint64_t now = uv_now(&o->k->loop), next = o->resume;

	outbox_forget(o);
	outbox_read(o);
	if (next <= now && o->n > o->under_way && outbox_has_room(o)) {
		journal_record_begin(o->k->journal);
		next = outbox_send_all(o);
		journal_commit(o->k->journal);
	} else if (next <= now) {
		next = UINT64_MAX;
	}
	if (next != UINT64_MAX)
		uv_timer_start(timer, outbox_run, next > now ? next - now : 0,
			       0);
}

/* What waits is looked at again. */
static void outbox_look(struct outbox *o)
{
	uv_timer_start(&o->timer, outbox_run, 0, 0);
}

void outbox_kick(struct outbox *o)
{
	if (!o)
		return;
	o->more = true;
	outbox_look(o);
}

/* Nobody answers any more: try one record now and then. */
static void outbox_pause(struct outbox *o, struct outbox_entry *e)
{
	uint64_t now = uv_now(&o->k->loop);

	if (now < o->resume) {		/* sent before this was known */
		e->due = o->resume;
		return;
	}
	if (!o->pause)
		kbng_warning("no server takes accounting records: they wait in the journal waiting=%" PRIu64,
			     journal_records(o->k->journal)->total);
	o->pause = o->pause ? 2 * o->pause :
			      o->k->config->radius->retry_pending * 1000ULL;
	if (o->pause > PAUSE_MAX_MS)
		o->pause = PAUSE_MAX_MS;
	o->resume = now + o->pause;
	e->due = o->resume + o->pause;	/* the next try is another's */
}

/* Only this one got no answer. */
static void outbox_set_aside(struct outbox *o, struct outbox_entry *e)
{
	uint64_t wait = o->k->config->radius->retry_pending * 1000ULL;

	if (e->fails < 10)
		e->fails++;
	wait <<= e->fails;
	e->due = uv_now(&o->k->loop) +
		 (wait < ALONE_MAX_MS ? wait : ALONE_MAX_MS);
}

/* A server answers, so what failed in an outage is tried again. */
static void outbox_go_on(struct outbox *o)
{
	struct outbox_entry *other;

	o->answers++;
	if (!o->pause)
		return;
	kbng_notice("a server takes accounting records again waiting=%" PRIu64,
		    journal_records(o->k->journal)->total);
	o->pause = o->resume = 0;
	for (other = o->entries; other < o->entries + o->n; other++)
		if (!other->fails)
			other->due = 0;
}

static void outbox_take(struct outbox *o, struct outbox_entry *e)
{
	o->taken[o->n_taken++] = e->key;
	if (o->n_taken == WINDOW)
		outbox_forget(o);
	outbox_remove(o, e);
}

void outbox_answered(struct outbox *o, const struct radius_request *req)
{
	struct outbox_entry *e = outbox_of_under_way(o, req->uuid);

	if (!e)
		return;
	e->under_way = false;
	o->under_way--;
	if (req->result == RADIUS_OK) {
		outbox_go_on(o);
		/* On was sent as a try: now what is before it, then it again. */
		if (!outbox_is_nas(e) || outbox_is_first(o, e, false))
			outbox_take(o, e);
	} else if (e->answers == o->answers) {
		outbox_pause(o, e);
	} else {
		e->answers = o->answers;
		outbox_set_aside(o, e);
	}
	outbox_look(o);
}

int outbox_put(struct kbngd *k, const struct kbng_session_info *s,
	       const struct cookie *cookie, enum journal_status status)
{
	struct outbox_entry *e = outbox_of_under_way(k->outbox, s->uuid);
	struct journal_record record;

	if (acct_record(k, s, cookie, status, &record))
		return -1;
	outbox_forget(k->outbox);	/* no taken Interim is to be renewed */
	journal_begin(k->journal);
	journal_record_put(k->journal, &record, e ? e->key.n : 0);
	if (status == JOURNAL_START)
		journal_session_set(k->journal, s->uuid, JOURNAL_ACCT_STARTED);
	else if (status == JOURNAL_STOP)
		journal_session_set(k->journal, s->uuid, JOURNAL_ACCT_STOPPED);
	if (journal_commit(k->journal))
		return -1;
	group_then(k->group, GROUP_RECORDS);
	return 0;
}

void outbox_send_last(struct outbox *o)
{
	struct journal *j = o->k->journal;
	struct journal_record record;
	struct radius_request *req;
	struct journal_key key;

	outbox_forget(o);
	if (journal_records(j)->total != 1 ||
	    journal_record_list(j, 0, &key, 1) != 1 ||
	    !journal_record_get(j, key.n, &record))
		return;
	req = acct_request(o->k, &record);
	if (!req)
		return;
	radius_ask(o->k->radius, req);
	if (req->result == RADIUS_OK)
		journal_record_taken(j, &key);
	radius_request_free(req);
}

struct outbox *outbox_open(struct kbngd *k)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	o->k = k;
	uv_timer_init(&k->loop, &o->timer);
	o->timer.data = o;
	outbox_kick(o);
	return o;
}

void outbox_close(struct outbox *o)
{
	if (!o)
		return;
	outbox_forget(o);
	timer_free(&o->timer);
}

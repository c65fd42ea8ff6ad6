// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "acct.h"
#include "auth.h"
#include "events.h"
#include "lib/log.h"
#include "session.h"
#include "verdict.h"

#define RETRY_MAX_S	60		/* back-off ends here */
#define RETRY_LOCAL_S	60		/* without a radius section */

/* What may be next for a session. */
enum task {
	TASK_NONE,
	TASK_AUTH,			/* ask who it is */
	TASK_CLAIM,			/* active, but with no cookie of ours */
	TASK_ANNOUNCE,			/* SESSION_START, POLICY_APPLY */
	TASK_START,			/* Accounting Start */
	TASK_UPDATE,			/* Interim-Update, SESSION_UPDATE */
	TASK_ANNOUNCE_STOP,		/* SESSION_STOP */
	TASK_STOP,			/* Accounting Stop */
	TASK_ACK,			/* the kernel may forget it */
};

/* What came of running a task. */
enum outcome {
	DONE,				/* see what is next */
	UNDER_WAY,			/* an answer will come */
	FAILED,				/* later again */
	GONE,				/* the kernel does not have it */
};

static bool session_has_acct(const struct kbngd *k)
{
	return k->config->radius && k->config->radius->acct_servers_count;
}

static enum task session_task(const struct session *s)
{
	switch (s->state) {
	case KBNG_STATE_PENDING:
	case KBNG_STATE_REJECTED:
		return TASK_AUTH;
	case KBNG_STATE_ACTIVE:
		if (!s->accepted)
			return TASK_CLAIM;
		if (!s->announced)
			return TASK_ANNOUNCE;
		return s->started ? TASK_UPDATE : TASK_START;
	case KBNG_STATE_STOPPED:
		if (!s->accepted)
			return TASK_ACK;
		if (!s->announced)
			return TASK_ANNOUNCE;
		if (!s->stop_announced)
			return TASK_ANNOUNCE_STOP;
		if (!s->started)
			return TASK_START;
		return s->stopped ? TASK_ACK : TASK_STOP;
	default:
		return TASK_NONE;
	}
}

/* The threads that a task needs, or RADIUS_KINDS for none. */
static enum radius_kind session_threads(const struct kbngd *k, enum task task)
{
	if (task == TASK_AUTH && k->radius)
		return RADIUS_AUTH;
	if ((task == TASK_START || task == TASK_UPDATE || task == TASK_STOP) &&
	    session_has_acct(k))
		return RADIUS_ACCT;
	return RADIUS_KINDS;
}

static void session_step(struct session *s, bool its_turn);

static void session_timer(uv_timer_t *timer)
{
	session_step(timer->data, false);
}

/* Go on in @ms; a tenth earlier or later, so that sessions do not march. */
static void session_later(struct session *s, uint64_t ms)
{
	uint64_t spread = ms / 5;

	if (spread)
		ms = ms - spread / 2 + random() % spread;
	s->due = uv_now(&s->k->loop) + ms;
}

/* A failure: again after a while, twice as long each time. */
static void session_back_off(struct session *s)
{
	const struct config_radius *r = s->k->config->radius;
	uint32_t first = r ? r->retry_pending : RETRY_LOCAL_S;
	uint32_t most = first > RETRY_MAX_S ? first : RETRY_MAX_S;
	uint64_t wait = (uint64_t)first << (s->fails < 8 ? s->fails : 8);

	if (s->fails < UINT8_MAX)
		s->fails++;
	session_later(s, (wait < most ? wait : most) * 1000);
}

/* Something was achieved: what is next is due at once, or in its time. */
static void session_progress(struct session *s)
{
	const struct config_radius *r = s->k->config->radius;

	s->fails = 0;
	s->due = 0;
	if (session_task(s) == TASK_UPDATE)
		session_later(s, s->interim * 1000ULL);
	else if (s->state == KBNG_STATE_REJECTED)
		session_later(s, (r ? r->retry_rejected : RETRY_LOCAL_S) *
				 1000ULL);
}

/* The kernel's view, complete. */
static enum outcome session_get(struct session *s,
				struct kbng_session_info *info)
{
	struct kbngd *k = s->k;
	int err = kbng_nl_session_get(k->nl, s->uuid, info);

	if (!err)
		return DONE;
	if (err == -ENOENT)
		return GONE;
	kbng_error("session cannot be read: %s", kbng_nl_error(k->nl));
	return FAILED;
}

static enum outcome session_submit(struct session *s,
				   struct radius_request *req)
{
	if (!req)
		return FAILED;
	s->busy = true;
	radius_submit(s->k->radius, req);
	return UNDER_WAY;
}

static enum outcome session_authenticate(struct session *s,
					 const struct kbng_session_info *info)
{
	struct kbngd *k = s->k;

	if (k->radius)
		return session_submit(s, auth_request(k, info, TASK_AUTH));
	return verdict_local(k, s, info) ? FAILED : DONE;
}

/* A record, or without accounting servers just what goes with it. */
static enum outcome session_account(struct session *s,
				    const struct kbng_session_info *info,
				    const struct cookie *cookie, enum task task)
{
	static const uint32_t status[] = {
		[TASK_START] = PW_STATUS_START,
		[TASK_UPDATE] = PW_STATUS_ALIVE,
		[TASK_STOP] = PW_STATUS_STOP,
	};
	struct kbngd *k = s->k;

	if (task == TASK_UPDATE && !s->fails)
		events_update(k, info, cookie);	/* the next one makes up */
	if (session_has_acct(k))
		return session_submit(s, acct_request(k, info, cookie,
						      status[task], task));
	s->started = true;
	s->stopped = task == TASK_STOP;
	return DONE;
}

static enum outcome session_acknowledge(struct session *s)
{
	struct kbngd *k = s->k;
	int err = kbng_nl_session_ack(k->nl, s->uuid);

	if (err && err != -ENOENT) {
		kbng_error("session cannot be acknowledged: %s",
			   kbng_nl_error(k->nl));
		return FAILED;
	}
	return GONE;
}

static enum outcome session_run(struct session *s, enum task task)
{
	struct kbng_session_info info;
	struct cookie cookie;
	struct kbngd *k = s->k;
	enum outcome got;

	if (task == TASK_ACK)
		return session_acknowledge(s);
	got = session_get(s, &info);
	if (got != DONE)
		return got;
	if (info.state != s->state) {	/* its notification is on the way */
		session_seen(k, &info, false);
		return DONE;
	}
	if (task == TASK_AUTH)
		return session_authenticate(s, &info);
	if (task == TASK_CLAIM)
		return verdict_claim(k, s, &info) ? FAILED : DONE;
	if (!cookie_decode(&cookie, info.cookie, info.cookie_len)) {
		s->accepted = false;	/* somebody took it away */
		return DONE;
	}
	switch (task) {
	case TASK_ANNOUNCE:
		s->announced = !events_accepted(k, &info, &cookie);
		return s->announced ? DONE : FAILED;
	case TASK_ANNOUNCE_STOP:
		s->stop_announced = !events_stopped(k, &info, &cookie);
		return s->stop_announced ? DONE : FAILED;
	default:
		return session_account(s, &info, &cookie, task);
	}
}

static void session_gone(struct session *s)
{
	if (s->announced)
		journal_session_forget(s->k->journal, s->uuid);
	table_remove(&s->k->sessions, s);
}

/*
 * Do what is due, and set the timer for what is not. A session that needs a
 * thread queues behind those that came before it, unless it is @its_turn: so
 * none is passed over however many have to be tried again.
 */
static void session_step(struct session *s, bool its_turn)
{
	struct kbngd *k = s->k;
	enum radius_kind kind;
	enum task task;

	while (!s->busy && !s->queued &&
	       (task = session_task(s)) != TASK_NONE) {
		if (s->due > uv_now(&k->loop)) {
			uv_timer_start(&s->timer, session_timer,
				       s->due - uv_now(&k->loop), 0);
			return;
		}
		kind = session_threads(k, task);
		if (kind != RADIUS_KINDS &&
		    ((k->waiting[kind].head && !its_turn) ||
		     !radius_has_room(k->radius, kind))) {
			session_queue_put(&k->waiting[kind], s);
			return;
		}
		switch (session_run(s, task)) {
		case DONE:
			session_progress(s);
			break;
		case UNDER_WAY:
			return;
		case FAILED:
			session_back_off(s);
			break;
		case GONE:
			session_gone(s);
			return;
		}
	}
}

/* Threads are free: the ones that wait longest go first. */
static void session_next(struct kbngd *k, enum radius_kind kind)
{
	struct session *s;

	while (radius_has_room(k->radius, kind) &&
	       (s = session_queue_get(&k->waiting[kind])))
		session_step(s, true);
}

static void session_adopt(struct session *s,
			  const struct kbng_session_info *info)
{
	struct kbngd *k = s->k;
	struct cookie cookie;
	enum journal_mark mark;

	s->interim = k->config->interim_interval;
	s->accepted = cookie_decode(&cookie, info->cookie, info->cookie_len);
	if (!s->accepted)
		return;
	if (cookie.interim)
		s->interim = cookie.interim;
	s->started |= cookie.started;
	mark = journal_session_get(k->journal, s->uuid);
	s->announced = mark != JOURNAL_UNKNOWN;
	s->stop_announced = mark == JOURNAL_STOPPED;
}

void session_seen(struct kbngd *k, const struct kbng_session_info *info,
		  bool renewed)
{
	struct session *s = table_find(&k->sessions, info->uuid);
	bool adopted = false;

	if (info->state == KBNG_STATE_OFFERED)
		return;			/* it may go without a word */
	if (!s) {
		s = table_add(&k->sessions, k, info->uuid);
		if (!s) {
			kbng_error("out of memory: a session waits until the next start");
			return;
		}
		adopted = true;
		session_adopt(s, info);
	}
	s->seen = true;
	if (s->state == KBNG_STATE_STOPPED)
		return;
	if (info->state != s->state) {
		s->state = info->state;
		session_progress(s);
		if (adopted && session_task(s) == TASK_UPDATE)
			s->due = uv_now(&k->loop) +
				 random() % (s->interim * 1000ULL);
	} else if (renewed && s->state == KBNG_STATE_REJECTED) {
		s->due = 0;
	}
	uv_timer_start(&s->timer, session_timer,
		       s->due > uv_now(&k->loop) ?
		       s->due - uv_now(&k->loop) : 0, 0);
}

/* The Start was answered: a restart of ours is not to send it again. */
static void session_mark_started(struct session *s)
{
	struct kbng_session_info info;

	s->started = true;
	if (s->state == KBNG_STATE_ACTIVE && session_get(s, &info) == DONE)
		verdict_mark_started(s->k, &info);
}

static void session_answered_auth(struct session *s,
				  const struct radius_request *req)
{
	struct kbngd *k = s->k;
	struct kbng_session_info info;

	if (session_task(s) != TASK_AUTH)
		return;			/* stopped meanwhile: too late */
	if (req->result == RADIUS_SILENT) {
		session_back_off(s);
		return;
	}
	if (session_get(s, &info) != DONE ||
	    verdict_radius(k, s, &info, req)) {
		session_back_off(s);
		return;
	}
	session_progress(s);
}

void session_answered(struct radius_request *req, void *arg)
{
	struct kbngd *k = arg;
	struct session *s = table_find(&k->sessions, req->uuid);

	if (s) {
		s->busy = false;
		if (req->tag == TASK_AUTH) {
			session_answered_auth(s, req);
		} else if (req->result != RADIUS_OK) {
			session_back_off(s);
		} else {
			if (req->tag == TASK_START)
				session_mark_started(s);
			else if (req->tag == TASK_STOP)
				s->stopped = true;
			session_progress(s);
		}
		session_step(s, false);
	}
	session_next(k, req->kind);
}

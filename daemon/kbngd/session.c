// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth.h"
#include "fallback.h"
#include "fixed.h"
#include "group.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "lib/names.h"
#include "node.h"
#include "reconcile.h"
#include "route.h"
#include "session.h"
#include "task.h"
#include "template.h"
#include "timeout.h"
#include "trace.h"
#include "update.h"
#include "verdict.h"

#define RETRY_MAX_S	60		/* back-off ends here */
#define RETRY_LIMITED_S	10		/* a server lives, and has its turn soon */
#define RETRY_LOCAL_S	60		/* without a radius section */

static void session_step(struct session *s, bool its_turn);

static void session_timer(uv_timer_t *timer)
{
	timeout_run(timer->data);
	session_step(timer->data, false);
}

/* In @ms; a tenth earlier or later, so that sessions do not march. */
static uint64_t session_later(const struct session *s, uint64_t ms)
{
	uint64_t spread = ms / 5;

	if (spread)
		ms = ms - spread / 2 + random() % spread;
	return uv_now(&s->k->loop) + ms;
}

/* When @task is to be run. */
static uint64_t session_due(const struct session *s, enum task task)
{
	return task == TASK_UPDATE && s->update_due > s->due ? s->update_due :
							       s->due;
}

/*
 * Take a step when one is due, never before the caller has returned. What is
 * under way or waits for a thread goes on by itself; a timeout waits for none.
 */
static void session_arm(struct session *s)
{
	uint64_t now = uv_now(&s->k->loop);
	uint64_t due = timeout_due(s);
	enum task task = task_next(s);

	if (!s->busy && !s->queued && task != TASK_NONE &&
	    session_due(s, task) < due)
		due = session_due(s, task);
	if (due == UINT64_MAX)
		uv_timer_stop(&s->timer);
	else
		uv_timer_start(&s->timer, session_timer,
			       due > now ? due - now : 0, 0);
}

/* A failure: again after a while, twice as long each time, up to @most s. */
static void session_back_off(struct session *s, uint32_t most)
{
	const struct config_radius *r = s->k->config->radius;
	uint32_t first = r ? r->retry_pending : RETRY_LOCAL_S;
	uint64_t wait = (uint64_t)first << (s->fails < 8 ? s->fails : 8);

	if (most < first)
		most = first;
	if (s->fails < UINT8_MAX)
		s->fails++;
	s->due = session_later(s, (wait < most ? wait : most) * 1000);
	trace(s->mac, "failed fails=%u again_s=%u", s->fails,
	      (unsigned int)(wait < most ? wait : most));
}

/* Something has changed: what is next is due at once, or in its time. */
static void session_progress(struct session *s)
{
	s->fails = 0;
	s->due = 0;
	if (s->state == KBNG_STATE_REJECTED)
		s->due = session_later(s, s->retry_rejected * 1000ULL);
}

/* @task was achieved. */
static void session_achieved(struct session *s, enum task task)
{
	session_progress(s);
	if (task == TASK_UPDATE || !s->update_due)
		s->update_due = update_moment(session_later(s, s->interim *
							    1000ULL));
}

static void session_gone(struct session *s)
{
	if (s->announced) {
		journal_begin(s->k->journal);
		journal_session_forget(s->k->journal, s->uuid);
		journal_commit(s->k->journal);
	}
	table_remove(&s->k->sessions, s);
}

/* What came of @task. False: the session is gone. */
static bool session_outcome(struct session *s, enum task task,
			    enum outcome outcome)
{
	trace(s->mac, "task=%s outcome=%s", kbng_name(&task_names, task),
	      kbng_name(&outcome_names, outcome));
	switch (outcome) {
	case DONE:
		session_achieved(s, task);
		group_add(s->k->group, s, task);
		break;
	case UNDER_WAY:
		break;
	case FAILED:
		session_back_off(s, RETRY_MAX_S);
		break;
	case GONE:
		session_gone(s);
		return false;
	}
	return true;
}

/*
 * Do what is due, and set the timer for what is not. A session that needs a
 * thread queues behind those that came before it, unless it is @its_turn: so
 * none is passed over however many have to be tried again. Updates wait for
 * those that are due as well.
 */
static void session_step(struct session *s, bool its_turn)
{
	struct kbngd *k = s->k;
	enum task task;

	while (!s->busy && !s->queued &&
	       (task = task_next(s)) != TASK_NONE) {
		if (session_due(s, task) > uv_now(&k->loop))
			break;
		if (task == TASK_AUTH && k->radius &&
		    ((k->waiting.head && !its_turn) ||
		     !radius_has_room(k->radius, RADIUS_AUTH))) {
			session_queue_put(&k->waiting, s);
			break;
		}
		if (task == TASK_UPDATE) {
			updates_put(k->updates, s);
			break;
		}
		if (!session_outcome(s, task, task_run(s, task)))
			return;
	}
	session_arm(s);
}

void session_update(struct session *s, int err,
		    const struct kbng_session_info *info)
{
	enum outcome outcome = err == -ENOENT ? GONE : FAILED;

	if (s->dead)
		return;
	if (!err)
		outcome = task_run_with(s, TASK_UPDATE, info);
	else if (err != -ENOENT)
		kbng_error("session cannot be read: %s",
			   kbng_nl_error(s->k->nl));
	if (session_outcome(s, TASK_UPDATE, outcome))
		session_step(s, false);
}

void session_undo(struct kbngd *k, const uint8_t *uuid, enum task task)
{
	struct session *s = table_find(&k->sessions, uuid);

	if (!s)
		return;
	task_undo(s, task);
	session_back_off(s, RETRY_MAX_S);
	session_arm(s);
}

/* Threads are free: the ones that wait longest go first. */
static void session_next(struct kbngd *k)
{
	struct session *s;

	while (radius_has_room(k->radius, RADIUS_AUTH) &&
	       (s = session_queue_get(&k->waiting)))
		session_step(s, true);
}

static void session_adopt(struct session *s,
			  const struct kbng_session_info *info)
{
	struct kbngd *k = s->k;
	struct cookie cookie;
	unsigned int mark;
	char name[TEMPLATE_MAX + 1];

	s->interim = k->config->interim_interval;
	s->accepted = cookie_decode(&cookie, info->cookie, info->cookie_len);
	if (!s->accepted) {
		auth_username(k, info, name);
		s->user = table_hash(name, strlen(name));
		return;
	}
	s->user = table_hash(cookie.username.data, cookie.username.len);
	timeout_set(s, info, &cookie);
	verdict_by(s, &cookie);
	if (cookie.interim)
		s->interim = cookie.interim;
	mark = journal_session_get(k->journal, s->uuid);
	s->announced = mark != JOURNAL_UNKNOWN;
	s->started = mark & JOURNAL_ACCT_STARTED;
	s->stop_announced = mark & JOURNAL_STOPPED;
	s->stopped = mark & JOURNAL_ACCT_STOPPED;
}

/* What the metrics and reconciliation have to know without asking the kernel. */
static void session_note(struct session *s,
			 const struct kbng_session_info *info)
{
	s->ifindex = info->ifindex;
	s->addr = info->addr;
	s->server = info->server;
	memcpy(s->mac, info->mac, KBNG_MAC_LEN);
	s->retry_rejected = s->k->config->radius ?
			    config_admission(s->k->config,
					     info->ifname).retry_rejected :
			    RETRY_LOCAL_S;
	s->lease_end = info->has_lease ? time(NULL) + info->lease_left : 0;
	if (info->state == KBNG_STATE_STOPPED && info->started) {
		reconcile_stopped(s->k, info);
		fixed_ended(s->k->fixed);
	}
}

static void session_trace(const struct kbng_session_info *info, bool renewed)
{
	char uuid[KBNG_UUID_TEXT], addr[INET_ADDRSTRLEN];

	if (!trace_follows(info->mac))
		return;
	trace(info->mac, "seen session=%s state=%s iface=%s address=%s lease_left=%u%s",
	      kbng_fmt_uuid(uuid, sizeof(uuid), info->uuid),
	      kbng_name(&kbng_states, info->state), info->ifname,
	      inet_ntop(AF_INET, &info->addr, addr, sizeof(addr)),
	      info->lease_left, renewed ? " renewed" : "");
}

void session_seen(struct kbngd *k, const struct kbng_session_info *info,
		  bool renewed)
{
	struct session *s = table_find(&k->sessions, info->uuid);
	bool adopted = false;

	if (info->state == KBNG_STATE_OFFERED && !info->offer)
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
	session_trace(info, renewed);
	if (s->state == KBNG_STATE_STOPPED)
		return;
	route_session(s, info);
	nodes_session(k->nodes, info);
	session_note(s, info);
	timeout_seen(s, info);
	if (info->state != s->state || info->offer != s->offer) {
		s->state = info->state;
		s->offer = info->offer;
		session_progress(s);
		if (adopted && s->announced)
			s->update_due = update_moment(uv_now(&k->loop) + 1 +
						      random() %
						      (s->interim * 1000ULL));
	} else if (renewed && s->state == KBNG_STATE_REJECTED) {
		s->due = 0;
	} else if (renewed && s->walled && s->ask_again && !s->reauth) {
		session_reauth(s, NULL, 0);
	}
	session_arm(s);
}

void session_changed(struct session *s)
{
	uint64_t latest = session_later(s, s->interim * 1000ULL);

	if (s->update_due > latest)
		s->update_due = latest;
	session_progress(s);
	session_arm(s);
}

void session_update_now(struct session *s)
{
	s->update_due = uv_now(&s->k->loop);
	session_arm(s);
}

static void session_reauth_ends(struct session *s)
{
	s->reauth = false;
	free(s->proof);
	s->proof = NULL;
}

bool session_reauth(struct session *s, const void *state, size_t len)
{
	struct cookie_value *proof = NULL;

	if (state) {
		proof = malloc(sizeof(*proof));
		if (!proof || len > sizeof(proof->data)) {
			free(proof);
			return false;
		}
		proof->len = len;
		memcpy(proof->data, state, len);
	}
	session_reauth_ends(s);
	s->reauth = true;
	s->proof = proof;
	s->due = 0;
	session_arm(s);
	return true;
}

/* Nobody said that a session which was active before should be so no more. */
static void session_unanswered(struct session *s, bool limited)
{
	char uuid[KBNG_UUID_TEXT];

	if (!s->reauth || s->state != KBNG_STATE_ACTIVE) {
		s->k->decisions[DECISION_HOLD]++;
		session_back_off(s, limited ? RETRY_LIMITED_S : RETRY_MAX_S);
		return;
	}
	kbng_log(s->provisional || s->walled ? KBNG_LOG_DEBUG : KBNG_LOG_WARNING,
		 "nobody answered the new Access-Request of an active session: it goes on as it is session=%s",
		 kbng_fmt_uuid(uuid, sizeof(uuid), s->uuid));
	session_reauth_ends(s);
	timeout_retry(s);
	session_progress(s);
}

static void session_verdict(struct session *s, struct radius_request *req)
{
	struct kbng_session_info info;

	if (task_next(s) != TASK_AUTH)
		return;			/* stopped meanwhile: too late */
	if (task_get(s, &info) != DONE) {
		session_back_off(s, RETRY_MAX_S);
		return;
	}
	if (req->result == RADIUS_LIMITED ||
	    (req->result == RADIUS_SILENT && !fallback_admit(s->k, s, &info))) {
		session_unanswered(s, req->result == RADIUS_LIMITED);
		return;
	}
	if (req->result != RADIUS_SILENT &&
	    verdict_radius(s->k, s, &info, req)) {
		session_back_off(s, RETRY_MAX_S);
		return;
	}
	if (s->state == KBNG_STATE_OFFERED && req->result != RADIUS_SILENT &&
	    s->offer == KBNG_OFFER_GRANTED)
		task_keep_answer(s, req);
	session_reauth_ends(s);
	session_achieved(s, TASK_AUTH);
}

void session_answered(struct kbngd *k, struct radius_request *req)
{
	struct session *s = table_find(&k->sessions, req->uuid);

	if (s) {
		s->busy = false;
		session_verdict(s, req);
		session_step(s, false);
	}
	session_next(k);
}

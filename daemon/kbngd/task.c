// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "auth.h"
#include "events.h"
#include "exchange.h"
#include "fallback.h"
#include "group.h"
#include "lib/log.h"
#include "outbox.h"
#include "session.h"
#include "task.h"
#include "verdict.h"

#define ANSWER_MS	60000	/* that an answer to an offer holds */

static const char *const tasks[] = {
	[TASK_NONE] = "none",
	[TASK_AUTH] = "auth",
	[TASK_CLAIM] = "claim",
	[TASK_ANNOUNCE] = "announce",
	[TASK_START] = "start",
	[TASK_UPDATE] = "update",
	[TASK_ANNOUNCE_STOP] = "announce_stop",
	[TASK_STOP] = "stop",
	[TASK_ACK] = "ack",
};

static const char *const outcomes[] = {
	[DONE] = "done",
	[UNDER_WAY] = "under_way",
	[FAILED] = "failed",
	[GONE] = "gone",
};

const struct kbng_names task_names = NAMES(tasks);
const struct kbng_names outcome_names = NAMES(outcomes);

enum task task_next(const struct session *s)
{
	switch (s->state) {
	case KBNG_STATE_OFFERED:
		return s->offer == KBNG_OFFER_WANTED ? TASK_AUTH : TASK_NONE;
	case KBNG_STATE_PENDING:
	case KBNG_STATE_REJECTED:
		return TASK_AUTH;
	case KBNG_STATE_ACTIVE:
		if (!s->accepted)
			return TASK_CLAIM;
		if (!s->announced)
			return TASK_ANNOUNCE;
		if (s->reauth)
			return TASK_AUTH;
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

enum outcome task_get(struct session *s, struct kbng_session_info *info)
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

static void task_drop_answer(struct session *s)
{
	if (s->answer)
		radius_request_free(s->answer);
	s->answer = NULL;
}

void task_keep_answer(struct session *s, struct radius_request *req)
{
	task_drop_answer(s);
	s->answer = radius_request_new(RADIUS_AUTH, s->uuid, req->tag);
	if (!s->answer)
		return;			/* then it is asked again */
	s->answer->result = req->result;
	s->answer->reply = req->reply;
	req->reply = NULL;
	s->answer_ends = uv_now(&s->k->loop) + ANSWER_MS;
}

/* Its server has been asked already, a moment ago. */
static bool task_has_answer(struct session *s)
{
	if (s->answer && (s->state != KBNG_STATE_PENDING ||
			  uv_now(&s->k->loop) > s->answer_ends))
		task_drop_answer(s);
	return s->answer;
}

static enum outcome task_authenticate(struct session *s,
				      const struct kbng_session_info *info)
{
	struct radius_request *req;
	struct kbngd *k = s->k;

	if (!k->radius)
		return verdict_local(k, s, info) ? FAILED : DONE;
	if (task_has_answer(s)) {
		if (verdict_radius(k, s, info, s->answer))
			return FAILED;
		task_drop_answer(s);
		return DONE;
	}
	if (exchange_all_dead(radius_exchange(k->radius, RADIUS_AUTH)) &&
	    fallback_admit(k, s, info))
		return DONE;		/* the others do not wait for silence */
	req = auth_request(k, info, s->proof, TASK_AUTH);
	if (!req)
		return FAILED;
	s->busy = true;
	radius_submit(k->radius, req);
	return UNDER_WAY;
}

/* A record, or without accounting servers just what goes with it. */
static enum outcome task_account(struct session *s,
				 const struct kbng_session_info *info,
				 const struct cookie *cookie, enum task task)
{
	static const enum journal_status status[] = {
		[TASK_START] = JOURNAL_START,
		[TASK_UPDATE] = JOURNAL_INTERIM,
		[TASK_STOP] = JOURNAL_STOP,
	};
	struct kbngd *k = s->k;

	if (task == TASK_UPDATE && !s->fails)
		events_update(k, info, cookie);	/* the next one makes up */
	if (k->outbox && outbox_put(k, info, cookie, status[task]))
		return FAILED;
	s->started = true;
	s->stopped = task == TASK_STOP;
	return DONE;
}

/* Not before what was written of it is in the journal. */
static enum outcome task_acknowledge(struct session *s)
{
	struct kbngd *k = s->k;
	int err;

	if (group_has(k->group, s)) {
		s->due = uv_now(&k->loop) + GROUP_MS;
		return UNDER_WAY;
	}
	err = kbng_nl_session_ack(k->nl, s->uuid);
	if (err && err != -ENOENT) {
		kbng_error("session cannot be acknowledged: %s",
			   kbng_nl_error(k->nl));
		return FAILED;
	}
	return GONE;
}

enum outcome task_run_with(struct session *s, enum task task,
			   const struct kbng_session_info *info)
{
	struct cookie cookie;
	struct kbngd *k = s->k;

	if (info->state != s->state ||
	    info->offer != s->offer) {	/* its notification is on the way */
		session_seen(k, info, false);
		return DONE;
	}
	if (task == TASK_AUTH)
		return task_authenticate(s, info);
	if (task == TASK_CLAIM)
		return verdict_claim(k, s, info) ? FAILED : DONE;
	if (!cookie_decode(&cookie, info->cookie, info->cookie_len)) {
		s->accepted = false;	/* somebody took it away */
		return DONE;
	}
	switch (task) {
	case TASK_ANNOUNCE:
		s->announced = !events_accepted(k, info, &cookie);
		return s->announced ? DONE : FAILED;
	case TASK_ANNOUNCE_STOP:
		s->stop_announced = !events_stopped(k, info, &cookie);
		return s->stop_announced ? DONE : FAILED;
	default:
		return task_account(s, info, &cookie, task);
	}
}

enum outcome task_run(struct session *s, enum task task)
{
	struct kbng_session_info info;
	enum outcome got;

	if (task == TASK_ACK)
		return task_acknowledge(s);
	got = task_get(s, &info);
	return got == DONE ? task_run_with(s, task, &info) : got;
}

void task_undo(struct session *s, enum task task)
{
	switch (task) {
	case TASK_ANNOUNCE:
		s->announced = false;
		break;
	case TASK_START:
		s->started = false;
		break;
	case TASK_UPDATE:
		s->update_due = 0;
		break;
	case TASK_ANNOUNCE_STOP:
		s->stop_announced = false;
		break;
	case TASK_STOP:
		s->stopped = false;
		break;
	default:
		break;
	}
}

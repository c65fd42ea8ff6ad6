// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/fmt.h"
#include "lib/log.h"
#include "session.h"
#include "task.h"
#include "timeout.h"

#define RETRY_MS	60000

/* ms until a subscriber who sends nothing has been idle for too long. */
static uint64_t timeout_idle_left(const struct session *s,
				  const struct kbng_session_info *info)
{
	uint32_t left = s->idle_timeout;

	/* Before it was granted nothing could be sent: that does not count. */
	if (info->idle < s->idle_timeout)
		left -= info->idle;
	return left * 1000ULL;
}

void timeout_set(struct session *s, const struct kbng_session_info *info,
		 const struct cookie *cookie)
{
	uint64_t now = uv_now(&s->k->loop);

	s->ends = 0;
	if (cookie->end > info->time)
		s->ends = now + (cookie->end - info->time) * 1000ULL;
	else if (cookie->end)
		s->ends = now;
	s->ask_again = cookie->ask_again;
	s->idle_timeout = cookie->idle;
	s->idle_due = now + timeout_idle_left(s, info);
}

void timeout_seen(struct session *s, const struct kbng_session_info *info)
{
	if (!info->over_quota)
		s->quota_due = 0;
	else if (!s->quota_due)
		s->quota_due = uv_now(&s->k->loop);
}

uint64_t timeout_due(const struct session *s)
{
	uint64_t due = UINT64_MAX;

	if (s->state != KBNG_STATE_ACTIVE)
		return due;
	if (s->ends)
		due = s->ends;
	if (s->idle_timeout && s->idle_due < due)
		due = s->idle_due;
	if (s->quota_due && s->quota_due < due)
		due = s->quota_due;
	return due;
}

static void timeout_end(struct session *s, enum kbng_terminate_cause cause,
			const char *why)
{
	char uuid[KBNG_UUID_TEXT];

	kbng_info("%s session=%s", why,
		  kbng_fmt_uuid(uuid, sizeof(uuid), s->uuid));
	if (kbng_nl_session_del(s->k->nl, s->uuid, cause))
		kbng_error("session cannot be ended: %s",
			   kbng_nl_error(s->k->nl));
}

/* The kernel knows when the subscriber's newest packet was. */
static void timeout_run_idle(struct session *s, uint64_t now)
{
	struct kbng_session_info info;

	s->idle_due = now + RETRY_MS;
	if (task_get(s, &info) != DONE)
		return;
	if (info.idle >= s->idle_timeout)
		timeout_end(s, KBNG_CAUSE_IDLE_TIMEOUT,
			    "session was idle for too long");
	else
		s->idle_due = now + timeout_idle_left(s, &info);
}

/* RFC 2865 5.29, for whatever the session had a limited amount of. */
static void timeout_terminate(struct session *s, const char *why)
{
	if (!s->ask_again)
		timeout_end(s, KBNG_CAUSE_SESSION_TIMEOUT, why);
	else if (!session_reauth(s, NULL, 0))
		kbng_error("out of memory");
}

void timeout_run(struct session *s)
{
	uint64_t now = uv_now(&s->k->loop);

	if (timeout_due(s) > now)
		return;
	if (s->ends && s->ends <= now) {
		s->ends = now + RETRY_MS;	/* should it not work */
		timeout_terminate(s, "session's time is over");
		return;
	}
	if (s->quota_due && s->quota_due <= now) {
		s->quota_due = now + RETRY_MS;
		if (s->ask_again)
			session_update_now(s);	/* what it has used, too */
		timeout_terminate(s, "session's quota is used up");
		return;
	}
	timeout_run_idle(s, now);
}

void timeout_retry(struct session *s)
{
	if (s->ends)
		s->ends = uv_now(&s->k->loop) + RETRY_MS;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "auth.h"
#include "events.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "template.h"
#include "verdict.h"

static void verdict_name(struct cookie *c, const char *name)
{
	c->username.len = strlen(name);
	memcpy(c->username.data, name, c->username.len);
}

static int verdict_set(struct kbngd *k, const struct kbng_session_info *info,
		       const struct kbng_verdict *v)
{
	char uuid[KBNG_UUID_TEXT];
	int err = kbng_nl_session_set(k->nl, info->uuid, v);

	if (!err)
		return 0;
	/* It stopped, or is gone, while it was decided upon: nothing is wrong. */
	kbng_log(err == -ENOENT || err == -ESTALE ? KBNG_LOG_DEBUG :
						    KBNG_LOG_ERROR,
		 "verdict not applied session=%s: %s",
		 kbng_fmt_uuid(uuid, sizeof(uuid), info->uuid),
		 kbng_nl_error(k->nl));
	return -1;
}

static int verdict_accept(struct kbngd *k, struct session *s,
			  const struct kbng_session_info *info,
			  struct cookie *cookie,
			  const struct kbng_policy *policy)
{
	struct kbng_verdict v = {
		.state = KBNG_STATE_ACTIVE,
		.policy = policy,
	};
	uint8_t buf[KBNG_COOKIE_MAX];
	char name[KBNG_FMT_SIZE], uuid[KBNG_UUID_TEXT];

	cookie->started = s->started;
	v.cookie = buf;
	v.cookie_len = cookie_encode(cookie, buf, sizeof(buf));
	if (verdict_set(k, info, &v))
		return -1;
	s->state = KBNG_STATE_ACTIVE;
	s->interim = cookie->interim ? cookie->interim :
				       k->config->interim_interval;
	s->accepted = true;
	s->announced = false;
	kbng_info("session accepted session=%s user=%s",
		  kbng_fmt_uuid(uuid, sizeof(uuid), info->uuid),
		  kbng_fmt_blob(name, sizeof(name), cookie->username.data,
				cookie->username.len));
	return 0;
}

/* A rejection that lasts is told once. */
static int verdict_reject(struct kbngd *k, struct session *s,
			  const struct kbng_session_info *info,
			  const char *name, const char *why)
{
	struct kbng_verdict v = { .state = KBNG_STATE_REJECTED };
	char uuid[KBNG_UUID_TEXT];

	if (s->state == KBNG_STATE_REJECTED)
		return 0;
	if (verdict_set(k, info, &v))
		return -1;
	s->state = KBNG_STATE_REJECTED;
	kbng_notice("session rejected session=%s user=%s reason=\"%s\"",
		    kbng_fmt_uuid(uuid, sizeof(uuid), info->uuid), name, why);
	return events_rejected(k, info, name);
}

int verdict_radius(struct kbngd *k, struct session *s,
		   const struct kbng_session_info *info,
		   const struct radius_request *req)
{
	char name[TEMPLATE_MAX + 1];
	struct cookie cookie = { 0 };
	struct kbng_policy policy;
	VALUE_PAIR *why;

	auth_username(k, info, name);
	if (req->result == RADIUS_REJECTED) {
		why = rc_avpair_get(req->reply, PW_REPLY_MESSAGE, 0);
		return verdict_reject(k, s, info, name,
				      why ? why->strvalue : "Access-Reject");
	}
	verdict_name(&cookie, name);
	auth_accepted(k, req, &cookie, &policy);
	if (!policy.name[0])
		strcpy(policy.name, "radius");
	return verdict_accept(k, s, info, &cookie, &policy);
}

int verdict_local(struct kbngd *k, struct session *s,
		  const struct kbng_session_info *info)
{
	char mac[TEMPLATE_MAX + 1];
	struct cookie cookie = { 0 };
	struct kbng_policy policy;
	const char *name = NULL;
	bool ok;

	ok = subscribers_authorise(k->subscribers, info, &policy, &name);
	if (!name) {
		auth_username(k, info, mac);
		name = mac;
	}
	if (!ok)
		return verdict_reject(k, s, info, name,
				      "by the subscriber file");
	verdict_name(&cookie, name);
	if (!policy.name[0])
		strcpy(policy.name, "local");
	return verdict_accept(k, s, info, &cookie, &policy);
}

int verdict_claim(struct kbngd *k, struct session *s,
		  const struct kbng_session_info *info)
{
	struct cookie cookie = { 0 };
	char name[TEMPLATE_MAX + 1];

	auth_username(k, info, name);
	verdict_name(&cookie, name);
	return verdict_accept(k, s, info, &cookie, NULL);
}

void verdict_mark_started(struct kbngd *k, const struct kbng_session_info *info)
{
	uint8_t buf[KBNG_COOKIE_MAX];
	struct kbng_verdict v = { .cookie = buf };
	struct cookie cookie;

	if (!cookie_decode(&cookie, info->cookie, info->cookie_len))
		return;
	cookie.started = true;
	v.cookie_len = cookie_encode(&cookie, buf, sizeof(buf));
	verdict_set(k, info, &v);
}

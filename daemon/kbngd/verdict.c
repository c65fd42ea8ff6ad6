// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "events.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "lib/names.h"
#include "radius6.h"
#include "template.h"
#include "terms.h"
#include "timeout.h"
#include "verdict.h"

void verdict_by(struct session *s, const struct cookie *cookie)
{
	s->walled = cookie->decision == DECISION_WALLED;
	table_provisional(&s->k->sessions, s,
			  cookie->decision == DECISION_LOCAL ||
			  cookie->decision == DECISION_LAST ||
			  cookie->decision == DECISION_OPEN);
}

void verdict_name(struct cookie *c, const char *name)
{
	c->username.len = strlen(name);
	memcpy(c->username.data, name, c->username.len);
}

/*
 * Service goes before sharing, and before IPv6: the subscriber's own rates are
 * kept without a shaper that does not exist, and its IPv4 without prefixes that
 * it cannot have.
 */
static int verdict_try(struct kbngd *k, const struct kbng_session_info *info,
		       struct kbng_verdict v)
{
	const char *shaper = v.policy ? v.policy->shaper : "";
	struct kbng_policy alone;
	char uuid[KBNG_UUID_TEXT];
	int err = kbng_nl_session_set(k->nl, info->uuid, &v);

	kbng_fmt_uuid(uuid, sizeof(uuid), info->uuid);
	if (err == -ENOENT && shaper[0]) {
		alone = *v.policy;
		alone.shaper[0] = '\0';
		v.policy = &alone;
		err = kbng_nl_session_set(k->nl, info->uuid, &v);
		if (err != -ENOENT)
			kbng_warning("no shaper has this name, add it to shapers: shaper=\"%s\" session=%s",
				     shaper, uuid);
	}
	if (err && err != -ENOENT && err != -ESTALE && v.prefixes) {
		kbng_warning("IPv6 prefixes not given session=%s: %s", uuid,
			     kbng_nl_error(k->nl));
		v.prefixes = NULL;
		err = kbng_nl_session_set(k->nl, info->uuid, &v);
	}
	return err;
}

static int verdict_set(struct kbngd *k, const struct kbng_session_info *info,
		       const struct kbng_verdict *v)
{
	char uuid[KBNG_UUID_TEXT];
	int err = verdict_try(k, info, *v);

	if (!err)
		return 0;
	/* It stopped, or is gone, while it was decided upon: nothing is wrong. */
	kbng_log(err == -ENOENT || err == -ESTALE ? KBNG_LOG_DEBUG :
						    KBNG_LOG_ERROR,
		 "verdict not applied session=%s: %s",
		 kbng_fmt_uuid(uuid, sizeof(uuid), info->uuid),
		 kbng_nl_error(k->nl));
	return err;
}

/* What a server did not grant stands out. */
static void verdict_tell(const struct kbng_session_info *info,
			 const struct cookie *cookie)
{
	bool granted = cookie->decision == DECISION_ACCEPT ||
		       cookie->decision == DECISION_OPERATOR;
	char name[KBNG_FMT_SIZE], uuid[KBNG_UUID_TEXT];

	kbng_log(granted ? KBNG_LOG_INFO : KBNG_LOG_NOTICE,
		 "session accepted session=%s user=%s decision=%s",
		 kbng_fmt_uuid(uuid, sizeof(uuid), info->uuid),
		 kbng_fmt_blob(name, sizeof(name), cookie->username.data,
			       cookie->username.len),
		 kbng_name(&kbng_decisions, cookie->decision));
}

/* Before there is an address: only whether there may be one. */
static int verdict_offer(struct kbngd *k, struct session *s,
			 const struct kbng_session_info *info,
			 const struct kbng_verdict *grant)
{
	struct kbng_verdict v = {
		.state = KBNG_STATE_ACTIVE,
		.terms = grant->terms,
		.radius6 = grant->radius6,
	};

	if (verdict_set(k, info, &v))
		return -1;
	s->offer = KBNG_OFFER_GRANTED;
	return 0;
}

int verdict_accept(struct kbngd *k, struct session *s,
		   const struct kbng_session_info *info,
		   const struct cookie *cookie,
		   const struct kbng_verdict *grant)
{
	bool told = s->walled && cookie->decision == DECISION_WALLED &&
		    cookie->ask_again;
	struct kbng_verdict v = *grant;
	uint8_t buf[KBNG_COOKIE_MAX];

	if (info->state == KBNG_STATE_OFFERED)
		return verdict_offer(k, s, info, grant);
	v.state = KBNG_STATE_ACTIVE;
	v.cookie = buf;
	v.cookie_len = cookie_encode(cookie, buf, sizeof(buf));
	if (verdict_set(k, info, &v))
		return -1;
	s->state = KBNG_STATE_ACTIVE;
	s->interim = cookie->interim ? cookie->interim :
				       k->config->interim_interval;
	s->user = table_hash(cookie->username.data, cookie->username.len);
	s->accepted = true;
	verdict_by(s, cookie);
	timeout_set(s, info, cookie);
	if (told)
		return 0;		/* still rejected: nothing is new */
	s->announced = false;
	k->decisions[cookie->decision]++;
	verdict_tell(info, cookie);
	return 0;
}

/*
 * What is rejected here is active all the same, with a policy for that, and its
 * server is asked again when the time of that is over.
 */
static int verdict_wall(struct kbngd *k, struct session *s,
			const struct kbng_session_info *info, const char *name,
			const struct admission *admission)
{
	struct kbng_verdict grant = { .policy = admission->walled };
	uint32_t wait = admission->retry_rejected;
	struct cookie cookie;

	if (!cookie_decode(&cookie, info->cookie, info->cookie_len)) {
		memset(&cookie, 0, sizeof(cookie));
		verdict_name(&cookie, name);
	}
	cookie.decision = DECISION_WALLED;
	cookie.ask_again = true;
	cookie.idle = 0;
	if (wait >= 10)			/* so that they do not march */
		wait += random() % (wait / 5) - wait / 10;
	cookie.end = auth_end(info, wait);
	return verdict_accept(k, s, info, &cookie, &grant);
}

/* A rejection that lasts is told once. */
static int verdict_reject(struct kbngd *k, struct session *s,
			  const struct kbng_session_info *info,
			  const char *name, const char *why)
{
	bool offered = info->state == KBNG_STATE_OFFERED;
	struct kbng_verdict v = {
		.state = KBNG_STATE_REJECTED,
		.retry = offered ? s->retry_rejected : 0,
	};
	char uuid[KBNG_UUID_TEXT];

	if (s->state == KBNG_STATE_REJECTED)
		return 0;
	if (verdict_set(k, info, &v))
		return -1;
	if (offered)
		s->offer = KBNG_OFFER_REFUSED;
	else
		s->state = KBNG_STATE_REJECTED;
	s->walled = false;
	table_provisional(&k->sessions, s, false);
	k->decisions[DECISION_BLOCK]++;
	kbng_notice("session rejected session=%s user=%s reason=\"%s\"",
		    kbng_fmt_uuid(uuid, sizeof(uuid), info->uuid), name, why);
	return events_rejected(k, info, name);
}

bool verdict_wants_address(const struct kbng_session_info *info)
{
	return info->trigger && info->addr.s_addr;
}

/* 255.255.255.255 lets the user choose (RFC 2865 5.8). */
static bool verdict_confirms(const struct radius_request *req,
			     const struct kbng_session_info *info)
{
	VALUE_PAIR *vp = rc_avpair_get(req->reply, PW_FRAMED_IP_ADDRESS, 0);

	return vp && (vp->lvalue == UINT32_MAX ||
		      vp->lvalue == ntohl(info->addr.s_addr));
}

static bool verdict_contradicts(const struct radius_request *req,
				const struct kbng_session_info *info)
{
	struct in_addr framed = terms_address(req->reply);

	return framed.s_addr && info->addr.s_addr &&
	       framed.s_addr != info->addr.s_addr;
}

/* For DHCP servers; at the ACK they have chosen already. */
static void verdict_terms(struct kbngd *k, const struct kbng_session_info *info,
			  const struct radius_request *req,
			  const struct cookie *cookie, bool before_offer,
			  struct kbng_verdict *grant, struct kbng_terms *terms)
{
	if (before_offer) {
		grant->terms = terms;
		if (!terms_from_pairs(req->reply, &cookie->username, terms))
			kbng_warning("Framed-Pool of an Access-Accept is too long: no server hears of it");
		return;
	}
	if (k->told_late || (!rc_avpair_get(req->reply, FRAMED_POOL, 0) &&
			     !verdict_contradicts(req, info)))
		return;
	k->told_late = true;
	kbng_warning("Framed-IP-Address or Framed-Pool of an Access-Accept comes too late for DHCP: set auth: offer on the iface, or do not send it user=%.*s",
		     (int)cookie->username.len, cookie->username.data);
}

/* Those of an earlier answer go, those that somebody else gave stay. */
static void verdict_prefixes(const struct kbng_session_info *info,
			     struct kbng_prefixes *prefixes,
			     struct cookie *cookie, struct kbng_verdict *grant)
{
	struct cookie before;

	cookie->framed = prefixes->n;
	if (prefixes->n ||
	    (cookie_decode(&before, info->cookie, info->cookie_len) &&
	     before.framed))
		grant->prefixes = prefixes;
}

void verdict_radius6(const struct kbng_session_info *info,
		     const struct kbng_radius6 *radius6,
		     struct kbng_verdict *grant)
{
	if (radius6->len || info->radius6.len)
		grant->radius6 = radius6;
}

static void verdict_read_radius6(struct kbngd *k,
				 const struct radius_request *req,
				 const struct cookie *cookie,
				 struct kbng_radius6 *radius6)
{
	unsigned int bad = radius6_from_pairs(req->reply, radius6);

	if (!bad || k->told_radius6)
		return;
	k->told_radius6 = true;
	kbng_warning("IPv6 pools, DNS servers or routes of an Access-Accept malformed or too many count=%u user=%.*s",
		     bad, (int)cookie->username.len, cookie->username.data);
}

int verdict_radius(struct kbngd *k, struct session *s,
		   const struct kbng_session_info *info,
		   const struct radius_request *req)
{
	struct admission admission = config_admission(k->config, info->ifname);
	char name[TEMPLATE_MAX + 1];
	struct cookie cookie = { 0 };
	struct kbng_prefixes prefixes;
	struct kbng_policy policy;
	struct kbng_verdict grant = { .policy = &policy };
	struct kbng_radius6 radius6;
	struct kbng_terms terms;
	VALUE_PAIR *why;

	auth_username(k, info, name);
	if (req->result == RADIUS_REJECTED) {
		if (admission.walled && !verdict_wants_address(info))
			return verdict_wall(k, s, info, name, &admission);
		why = rc_avpair_get(req->reply, PW_REPLY_MESSAGE, 0);
		return verdict_reject(k, s, info, name,
				      why ? why->strvalue : "Access-Reject");
	}
	if (verdict_wants_address(info) && !verdict_confirms(req, info))
		return verdict_reject(k, s, info, name,
				      "no DHCP, and Framed-IP-Address is not its address");
	if (admission.before_offer && verdict_contradicts(req, info))
		return verdict_reject(k, s, info, name,
				      "Framed-IP-Address is not its address");
	verdict_name(&cookie, name);
	auth_accepted(k, info, req, &cookie, &policy, &prefixes);
	if (!policy.name[0])
		strcpy(policy.name, "radius");
	verdict_prefixes(info, &prefixes, &cookie, &grant);
	verdict_terms(k, info, req, &cookie, admission.before_offer, &grant, &terms);
	verdict_read_radius6(k, req, &cookie, &radius6);
	verdict_radius6(info, &radius6, &grant);
	return verdict_accept(k, s, info, &cookie, &grant);
}

int verdict_local(struct kbngd *k, struct session *s,
		  const struct kbng_session_info *info)
{
	static const struct kbng_radius6 none;
	char mac[TEMPLATE_MAX + 1];
	struct cookie cookie = { 0 };
	struct subscriber who;
	struct kbng_verdict grant = { .policy = &who.policy };
	bool ok;

	ok = subscribers_authorise(k->subscribers, info, &who);
	if (!who.username) {
		auth_username(k, info, mac);
		who.username = mac;
	}
	if (!ok)
		return verdict_reject(k, s, info, who.username,
				      "by the subscriber file");
	verdict_name(&cookie, who.username);
	if (!who.policy.name[0])
		strcpy(who.policy.name, "local");
	verdict_prefixes(info, &who.prefixes, &cookie, &grant);
	verdict_radius6(info, &none, &grant);
	return verdict_accept(k, s, info, &cookie, &grant);
}

int verdict_claim(struct kbngd *k, struct session *s,
		  const struct kbng_session_info *info)
{
	struct cookie cookie = { .decision = DECISION_OPERATOR };
	struct kbng_verdict grant = { 0 };
	char name[TEMPLATE_MAX + 1];

	auth_username(k, info, name);
	verdict_name(&cookie, name);
	return verdict_accept(k, s, info, &cookie, &grant);
}

static void verdict_change_cookie(struct cookie *c, const struct coa *coa,
				  const struct kbng_session_info *info)
{
	unsigned int i;

	if (coa->session_timeout.data)
		c->end = auth_end(info, coa_number(&coa->session_timeout, 0));
	c->idle = coa_number(&coa->idle_timeout, c->idle);
	c->ask_again = coa_number(&coa->termination_action, c->ask_again);

	if (coa->classes)
		c->classes = coa->classes;
	for (i = 0; i < coa->classes; i++) {
		c->class[i].len = coa->class[i].len;
		memcpy(c->class[i].data, coa->class[i].data, coa->class[i].len);
	}
	if (coa->interim)
		c->interim = auth_interim(coa->interim);
	if (coa->walled.data)
		c->decision = coa_number(&coa->walled, 0) ? DECISION_WALLED :
							    DECISION_ACCEPT;
}

enum coa_error verdict_change(struct kbngd *k, struct session *s,
			      const struct kbng_session_info *info,
			      const struct coa *coa)
{
	const struct config_radius *r = k->config->radius;
	struct kbng_policy policy = info->policy;
	uint8_t buf[KBNG_COOKIE_MAX];
	struct kbng_verdict v = { .cookie = buf };
	struct cookie cookie;
	int err;

	if (info->state != KBNG_STATE_ACTIVE ||
	    !cookie_decode(&cookie, info->cookie, info->cookie_len))
		return COA_SESSION_NOT_FOUND;
	if (coa->rates) {
		if (policy_update(r->rates, r->rates_count, coa->rates,
				  &policy))
			return COA_INVALID_VALUE;
		v.policy = &policy;
	}
	verdict_change_cookie(&cookie, coa, info);
	v.cookie_len = cookie_encode(&cookie, buf, sizeof(buf));
	err = verdict_set(k, info, &v);
	if (err)
		return err == -ENOENT || err == -ESTALE ?
			       COA_SESSION_NOT_FOUND : COA_RESOURCES_UNAVAILABLE;
	if (cookie.interim)
		s->interim = cookie.interim;
	if (coa->session_timeout.data || coa->idle_timeout.data ||
	    coa->termination_action.data)
		timeout_set(s, info, &cookie);
	if (coa->walled.data)
		verdict_by(s, &cookie);
	if (coa->rates || coa->walled.data)
		s->announced = false;
	return COA_OK;
}

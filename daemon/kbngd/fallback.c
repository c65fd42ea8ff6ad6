// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "auth.h"
#include "fallback.h"
#include "template.h"
#include "verdict.h"

/** struct grant - what a session gets */
struct grant {
	struct cookie cookie;
	struct kbng_policy policy;
	struct kbng_prefixes prefixes;
	struct kbng_terms terms;
	struct kbng_radius6 radius6;
};

static bool fallback_local(struct kbngd *k,
			   const struct kbng_session_info *info,
			   struct grant *g)
{
	struct subscriber who;

	if (!subscribers_authorise(k->subscribers, info, &who))
		return false;
	if (who.username)
		verdict_name(&g->cookie, who.username);
	g->policy = who.policy;
	g->prefixes = who.prefixes;
	g->cookie.framed = who.prefixes.n;
	if (!g->policy.name[0])
		strcpy(g->policy.name, "local");
	return true;
}

/* Class is of the session that it was granted to, and so are timeouts. */
static bool fallback_last(struct kbngd *k, const struct kbng_session_info *info,
			  const char *name, struct grant *g)
{
	struct journal_known known;
	in_addr_t framed;

	if (!journal_known_get(k->journal, name,
			       time(NULL) - k->config->radius->remember,
			       &known))
		return false;
	framed = known.terms.framed.s_addr;
	if (framed && info->addr.s_addr && info->addr.s_addr != framed)
		return false;
	g->policy = known.policy;
	g->prefixes = known.prefixes;
	g->terms = known.terms;
	g->radius6 = known.radius6;
	g->cookie.framed = known.prefixes.n;
	g->cookie.username = known.username;
	g->cookie.interim = known.interim;
	g->cookie.idle = known.idle;
	return true;
}

static bool fallback_grant(struct kbngd *k,
			   const struct kbng_session_info *info,
			   const struct admission *a, struct grant *g)
{
	char name[TEMPLATE_MAX + 1];
	bool granted = false;
	uint32_t i;

	auth_username(k, info, name);
	for (i = 0; i < a->n && !granted; i++) {
		memset(g, 0, sizeof(*g));
		verdict_name(&g->cookie, name);
		g->cookie.decision = a->order[i];
		switch (a->order[i]) {
		case DECISION_LOCAL:
			granted = fallback_local(k, info, g);
			break;
		case DECISION_LAST:
			granted = !verdict_wants_address(info) &&
				  fallback_last(k, info, name, g);
			break;
		case DECISION_OPEN:
			g->policy = *a->open;
			granted = !verdict_wants_address(info);
			break;
		}
	}
	return granted;
}

bool fallback_admit(struct kbngd *k, struct session *s,
		    const struct kbng_session_info *info)
{
	struct admission a = config_admission(k->config, info->ifname);
	struct kbng_verdict v = { 0 };
	struct grant g;

	if ((s->state != KBNG_STATE_PENDING &&
	     s->state != KBNG_STATE_OFFERED) || !fallback_grant(k, info, &a, &g))
		return false;
	v.policy = &g.policy;
	if (a.before_offer)
		v.terms = &g.terms;
	if (g.prefixes.n)
		v.prefixes = &g.prefixes;
	verdict_radius6(info, &g.radius6, &v);
	return !verdict_accept(k, s, info, &g.cookie, &v);
}

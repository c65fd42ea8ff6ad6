// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "lib/parse.h"

static int check_burst(struct check *c, const char *key, const char *text,
		       uint32_t *burst)
{
	uint64_t octets = 0;

	if (text && !kbng_parse_octets(text, UINT32_MAX, &octets))
		return FAIL(c, key, "'%s' is no number of octets such as 64KiB",
			    text);
	*burst = octets;
	return 0;
}

static int check_policy(struct check *c, const struct config *config,
			unsigned int i)
{
	struct config_policy *p = &config->policies[i];
	char key[YAMLFILE_KEY_SIZE];
	unsigned int j;
	int len = snprintf(key, sizeof(key), "policies[%u].name", i) - 4;
	size_t left = sizeof(key) - len;

	if (strlen(p->name) > KBNG_NAME_MAX)
		return FAIL(c, key, "longer than %d octets", KBNG_NAME_MAX);
	for (j = 0; j < i; j++)
		if (!strcmp(config->policies[j].name, p->name))
			return FAIL(c, key, "'%s' is there twice: remove one",
				    p->name);
	strcpy(p->grant.name, p->name);
	snprintf(key + len, left, "shaper");
	for (j = 0; p->shaper && j < config->shapers_count &&
		    strcmp(config->shapers[j].name, p->shaper); j++)
		;
	if (p->shaper && j == config->shapers_count)
		return FAIL(c, key, "'%s' is none of shapers", p->shaper);
	if (p->shaper)
		strcpy(p->grant.shaper, p->shaper);
	p->grant.isolated = p->isolated == YAMLFILE_YES;
	snprintf(key + len, left, "rate_up");
	if (check_rate(c, key, p->rate_up, &p->grant.rate_up))
		return -1;
	snprintf(key + len, left, "rate_down");
	if (check_rate(c, key, p->rate_down, &p->grant.rate_down))
		return -1;
	snprintf(key + len, left, "burst_up");
	if (check_burst(c, key, p->burst_up, &p->grant.burst_up))
		return -1;
	snprintf(key + len, left, "burst_down");
	return check_burst(c, key, p->burst_down, &p->grant.burst_down);
}

int check_policies(struct check *c, struct config *config)
{
	uint32_t i;

	for (i = 0; i < config->policies_count; i++)
		if (check_policy(c, config, i))
			return -1;
	return 0;
}

static const struct kbng_policy *admission_policy(const struct config *config,
						  const char *name)
{
	uint32_t i;

	for (i = 0; name && i < config->policies_count; i++)
		if (!strcmp(config->policies[i].name, name))
			return &config->policies[i].grant;
	return NULL;
}

static bool admission_has(const struct config_admission *a,
			  enum decision decision)
{
	uint32_t i;

	for (i = 0; i < a->no_answer_count; i++)
		if (a->no_answer[i] == decision)
			return true;
	return false;
}

static bool admission_walls(const struct config_admission *a)
{
	return a->on_reject == DECISION_WALLED;
}

/* What @a, of the section @at, says by itself. */
static int check_admission_part(struct check *c, const struct config *config,
				const char *at, struct config_admission *a)
{
	char key[YAMLFILE_KEY_SIZE];
	uint32_t i, j;

	for (i = 0; i < a->no_answer_count; i++) {
		snprintf(key, sizeof(key), "%s.no_answer[%u]", at, i);
		for (j = 0; j < i; j++)
			if (a->no_answer[j] == a->no_answer[i] ||
			    a->no_answer[j] == DECISION_HOLD ||
			    a->no_answer[j] == DECISION_OPEN)
				return FAIL(c, key, "is never asked: what stands before it decides");
		if (a->no_answer[i] == DECISION_LOCAL &&
		    !config->subscribers_file)
			return FAIL(c, key, "local needs subscribers_file");
	}
	snprintf(key, sizeof(key), "%s.open_policy", at);
	if (a->open_policy && !admission_policy(config, a->open_policy))
		return FAIL(c, key, "'%s' is none of policies", a->open_policy);
	snprintf(key, sizeof(key), "%s.walled_policy", at);
	if (a->walled_policy && !admission_policy(config, a->walled_policy))
		return FAIL(c, key, "'%s' is none of policies",
			    a->walled_policy);
	snprintf(key, sizeof(key), "%s.retry_rejected", at);
	return check_number(c, key, &a->retry_rejected, 300, 1, 86400);
}

/* Whoever may be let in has a policy, here or in @above. */
static int check_admission_policies(struct check *c, const char *at,
				    const struct config_admission *a,
				    const struct config_admission *above)
{
	char key[YAMLFILE_KEY_SIZE];

	snprintf(key, sizeof(key), "%s.open_policy", at);
	if (admission_has(a, DECISION_OPEN) && !a->open_policy &&
	    !above->open_policy)
		return FAIL(c, key, "missing: name one of policies, which all get that open lets in");
	snprintf(key, sizeof(key), "%s.walled_policy", at);
	if (admission_walls(a) && !a->walled_policy && !above->walled_policy)
		return FAIL(c, key, "missing: name one of policies, which all get that are rejected");
	return 0;
}

static int check_admission_iface(struct check *c, struct config *config,
				 unsigned int i)
{
	struct config_iface *iface = &config->ifaces[i];
	struct config_admission *a = &iface->admission;
	char at[YAMLFILE_KEY_SIZE / 2];

	snprintf(at, sizeof(at), "ifaces[%u]", i);
	if (!config->radius || iface->role == KBNG_ROLE_CORE) {
		if (a->no_answer || a->open_policy || a->on_reject ||
		    a->walled_policy || a->retry_rejected)
			return FAIL(c, at, "no_answer, open_policy, on_reject, walled_policy and retry_rejected are for access ifaces with RADIUS");
		return 0;
	}
	if (!a->retry_rejected)
		a->retry_rejected = config->radius->admission.retry_rejected;
	return check_admission_part(c, config, at, a) ||
	       check_admission_policies(c, at, a, &config->radius->admission) ?
	       -1 : 0;
}

int check_admission(struct check *c, struct config *config)
{
	struct config_radius *r = config->radius;
	uint32_t i;

	if (r && (check_admission_part(c, config, "radius", &r->admission) ||
		  check_admission_policies(c, "radius", &r->admission,
					   &r->admission) ||
		  check_number(c, "radius.remember", &r->remember, 2592000, 60,
			       31536000) ||
		  check_number(c, "radius.readmit_rate", &r->readmit_rate, 100,
			       1, 100000)))
		return -1;
	for (i = 0; i < config->ifaces_count; i++)
		if (check_admission_iface(c, config, i))
			return -1;
	if (r && config->subscribers_file &&
	    !config_decides(config, DECISION_LOCAL))
		return FAIL(c, "subscribers_file", "nobody asks it: add local to no_answer, or remove it or radius");
	return 0;
}

bool config_decides(const struct config *config, enum decision decision)
{
	uint32_t i;

	if (config->radius &&
	    admission_has(&config->radius->admission, decision))
		return true;
	for (i = 0; i < config->ifaces_count; i++)
		if (admission_has(&config->ifaces[i].admission, decision))
			return true;
	return false;
}

struct admission config_admission(const struct config *config,
				  const char *ifname)
{
	const struct config_admission *all = &config->radius->admission;
	const struct config_admission *a = all;
	const struct config_admission *order;
	bool before_offer = false;
	uint32_t i, on_reject;

	for (i = 0; i < config->ifaces_count; i++)
		if (!strcmp(config->ifaces[i].name, ifname)) {
			a = &config->ifaces[i].admission;
			before_offer = config->ifaces[i].auth ==
				       KBNG_AUTH_OFFER;
		}
	order = a->no_answer_count ? a : all;
	on_reject = a->on_reject ? a->on_reject : all->on_reject;
	return (struct admission){
		.order = order->no_answer,
		.n = order->no_answer_count,
		.open = admission_policy(config, a->open_policy ?
					 a->open_policy : all->open_policy),
		.walled = on_reject != DECISION_WALLED ? NULL :
			  admission_policy(config, a->walled_policy ?
					   a->walled_policy :
					   all->walled_policy),
		.retry_rejected = a->retry_rejected,
		.before_offer = before_offer,
	};
}

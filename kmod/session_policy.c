// SPDX-License-Identifier: GPL-2.0
/*
 * What a session may use: the rates of its policy and its line, its share of a
 * shaper, its quota.
 */
#include "session.h"

#include "iface.h"
#include "netlink.h"
#include "pernet.h"
#include "shaper.h"

/**
 * kbng_session_leave_shaper() - the session uses its shaper no more
 * @s: session that is about to get another policy, or to be freed
 */
void kbng_session_leave_shaper(struct kbng_session *s)
{
	if (s->policy.shaper)
		s->policy.shaper->users--;
}

static bool kbng_session_is_over_quota(struct kbng_session *s)
{
	u64 quota = READ_ONCE(s->policy.quota);
	struct kbng_counts counts;
	u64 octets = 0;
	int dir;

	if (!quota)
		return false;
	for (dir = 0; dir < KBNG_DIRS; dir++) {
		kbng_session_read(s, dir, &counts);
		octets += counts.octets[KBNG_IPV4] + counts.octets[KBNG_IPV6];
	}
	return octets >= quota;
}

/**
 * kbng_session_cap() - the most that the line lets its subscriber have
 * @s: live session
 * @dir: direction
 *
 * Return: bit/s, 0: no limit
 */
u64 kbng_session_cap(const struct kbng_session *s, enum kbng_dir dir)
{
	const struct kbng_iface_config *cfg;
	u64 cap;

	if (!s->line)
		return 0;
	cfg = rcu_dereference_check(s->line->iface->config,
				    lockdep_is_held(&s->kn->lock));
	cap = 10ULL * cfg->line_cap * s->rates.kbit[KBNG_LINE_ACTUAL_UP + dir];
	return cap ? clamp_t(u64, cap, KBNG_RATE_MIN, KBNG_RATE_MAX) : 0;
}

/**
 * kbng_session_set_rates() - apply the rates of the policy and the line
 * @s: session; nothing happens unless it has a host
 */
void kbng_session_set_rates(struct kbng_session *s)
{
	struct kbng_flow *flow;
	u64 rate;
	int dir;

	lockdep_assert_held(&s->kn->lock);
	if (!s->host)
		return;
	for (dir = 0; dir < KBNG_DIRS; dir++) {
		rate = min_not_zero(s->policy.rate[dir],
				    kbng_session_cap(s, dir));
		flow = &s->host->flow[dir];
		spin_lock(&flow->lock);
		kbng_edt_set_rate(&flow->edt, rate, s->policy.burst[dir]);
		spin_unlock(&flow->lock);
	}
}

/**
 * kbng_session_set_policy() - change the rates; clocks and counters stay
 * @s: bound session
 * @policy: copied; its shaper lives as long as the session has it
 */
void kbng_session_set_policy(struct kbng_session *s,
			     const struct kbng_policy *policy)
{
	lockdep_assert_held(&s->kn->lock);
	if (policy->shaper)
		policy->shaper->users++;
	kbng_session_leave_shaper(s);
	s->policy = *policy;
	s->has_policy = true;
	kbng_session_set_rates(s);
	WRITE_ONCE(s->host->shaper, policy->shaper);
	WRITE_ONCE(s->host->overhead, policy->overhead);
	WRITE_ONCE(s->host->min_unit, policy->min_unit);
	WRITE_ONCE(s->host->isolated, policy->isolated);
	s->over_quota = kbng_session_is_over_quota(s);
}

/**
 * kbng_session_watch_quota() - tell once that the quota is used up
 * @s: session
 */
void kbng_session_watch_quota(struct kbng_session *s)
{
	if (s->over_quota || s->state != KBNG_STATE_ACTIVE ||
	    !kbng_session_is_over_quota(s))
		return;
	s->over_quota = true;
	kbng_nl_session_notify(s, KBNG_CMD_SESSION_QUOTA_NTF);
}

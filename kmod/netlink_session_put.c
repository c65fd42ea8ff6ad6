// SPDX-License-Identifier: GPL-2.0
/*
 * What userspace hears of a session.
 */
#include <linux/if_ether.h>
#include "iface.h"
#include "netlink_op.h"
#include "netlink_prefix.h"
#include "peer.h"
#include "pernet.h"
#include "session.h"
#include "shaper.h"
#include "tags.h"

static int kbng_nl_session_put_count(struct sk_buff *skb, int type,
				     struct kbng_session *s, enum kbng_dir dir)
{
	struct kbng_counts c;
	struct nlattr *nest;

	kbng_session_read(s, dir, &c);
	nest = nla_nest_start(skb, type);
	if (!nest ||
	    nla_put_u64_64bit(skb, KBNG_A_COUNT_PACKETS4, c.packets[KBNG_IPV4],
			      KBNG_A_COUNT_PAD) ||
	    nla_put_u64_64bit(skb, KBNG_A_COUNT_OCTETS4, c.octets[KBNG_IPV4],
			      KBNG_A_COUNT_PAD) ||
	    nla_put_u64_64bit(skb, KBNG_A_COUNT_PACKETS6, c.packets[KBNG_IPV6],
			      KBNG_A_COUNT_PAD) ||
	    nla_put_u64_64bit(skb, KBNG_A_COUNT_OCTETS6, c.octets[KBNG_IPV6],
			      KBNG_A_COUNT_PAD) ||
	    nla_put_u64_64bit(skb, KBNG_A_COUNT_DROPS, c.drops,
			      KBNG_A_COUNT_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int kbng_nl_session_put_policy(struct sk_buff *skb,
				      const struct kbng_policy *p)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, KBNG_A_SESSION_POLICY);
	if (!nest || nla_put_string(skb, KBNG_A_POLICY_NAME, p->name) ||
	    nla_put_u64_64bit(skb, KBNG_A_POLICY_RATE_UP, p->rate[KBNG_UP],
			      KBNG_A_POLICY_PAD) ||
	    nla_put_u64_64bit(skb, KBNG_A_POLICY_RATE_DOWN, p->rate[KBNG_DOWN],
			      KBNG_A_POLICY_PAD) ||
	    nla_put_u32(skb, KBNG_A_POLICY_BURST_UP, p->burst[KBNG_UP]) ||
	    nla_put_u32(skb, KBNG_A_POLICY_BURST_DOWN, p->burst[KBNG_DOWN]) ||
	    (p->shaper &&
	     nla_put_string(skb, KBNG_A_POLICY_SHAPER, p->shaper->name)) ||
	    nla_put_u32(skb, KBNG_A_POLICY_OVERHEAD, p->overhead) ||
	    nla_put_u32(skb, KBNG_A_POLICY_MIN_UNIT, p->min_unit) ||
	    nla_put_u64_64bit(skb, KBNG_A_POLICY_QUOTA, p->quota,
			      KBNG_A_POLICY_PAD) ||
	    nla_put_u32(skb, KBNG_A_POLICY_ISOLATED, p->isolated))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int kbng_nl_session_put_octets(struct sk_buff *skb, int type,
				      const struct kbng_octets *octets)
{
	return octets ? nla_put(skb, type, octets->len, octets->data) : 0;
}

static int kbng_nl_session_put_line(struct sk_buff *skb,
				    const struct kbng_line_rates *rates)
{
	struct nlattr *nest;
	int i;

	if (!memchr_inv(rates, 0, sizeof(*rates)))
		return 0;
	nest = nla_nest_start(skb, KBNG_A_SESSION_LINE);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < KBNG_LINE_RATES; i++)
		if (rates->kbit[i] &&
		    nla_put_u64_64bit(skb, KBNG_A_LINE_ACTUAL_UP + i,
				      1000ULL * rates->kbit[i],
				      KBNG_A_LINE_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int kbng_nl_session_put_drops(struct sk_buff *skb,
				     const struct kbng_session *s)
{
	struct nlattr *nest;
	u64 value;
	int i;

	BUILD_BUG_ON(KBNG_A_DROP_AQM_DOWN - KBNG_A_DROP_SPOOFED_IFACE + 1 !=
		     KBNG_SESSION_DROPS);
	if (!memchr_inv(s->drops, 0, sizeof(s->drops)))
		return 0;
	nest = nla_nest_start(skb, KBNG_A_SESSION_DROPS);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < KBNG_SESSION_DROPS; i++) {
		value = atomic64_read(&s->drops[i]);
		if (value &&
		    nla_put_u64_64bit(skb, KBNG_A_DROP_SPOOFED_IFACE + i,
				      value, KBNG_A_DROP_PAD))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int kbng_nl_session_put_tags(struct sk_buff *skb, u32 tags)
{
	if (!tags)
		return 0;
	if (nla_put_u32(skb, KBNG_A_SESSION_VLAN, kbng_tags_outer(tags)) ||
	    nla_put_u32(skb, KBNG_A_SESSION_VLAN_PROTOCOL,
			tags & KBNG_TAGS_8021AD ? KBNG_VLAN_8021AD :
						  KBNG_VLAN_8021Q))
		return -EMSGSIZE;
	return kbng_tags_inner(tags) ?
		       nla_put_u32(skb, KBNG_A_SESSION_INNER_VLAN,
				   kbng_tags_inner(tags)) : 0;
}

/* Where it is less than the policy's. */
static int kbng_nl_session_put_caps(struct sk_buff *skb,
				    const struct kbng_session *s)
{
	u64 cap;
	int dir;

	for (dir = 0; dir < KBNG_DIRS; dir++) {
		cap = kbng_session_cap(s, dir);
		if (!cap || (s->policy.rate[dir] && s->policy.rate[dir] <= cap))
			continue;
		if (nla_put_u64_64bit(skb, KBNG_A_SESSION_CAP_UP + dir, cap,
				      KBNG_A_SESSION_PAD))
			return -EMSGSIZE;
	}
	return 0;
}

static int kbng_nl_session_put_ids(struct sk_buff *skb,
				   const struct kbng_session *s)
{
	struct kbng_iface *iface;
	int err;

	if (nla_put_u32(skb, KBNG_A_SESSION_ID, s->id) ||
	    nla_put(skb, KBNG_A_SESSION_UUID, sizeof(s->uuid), &s->uuid) ||
	    nla_put_u32(skb, KBNG_A_SESSION_STATE, s->state) ||
	    nla_put_u32(skb, KBNG_A_SESSION_IFINDEX, s->client.ifindex) ||
	    nla_put(skb, KBNG_A_SESSION_MAC, ETH_ALEN, s->client.mac) ||
	    kbng_nl_session_put_tags(skb, s->client.tags) ||
	    (s->addr && nla_put_in_addr(skb, KBNG_A_SESSION_ADDR4, s->addr)) ||
	    kbng_nl_session_put_octets(skb, KBNG_A_SESSION_CIRCUIT_ID,
				       s->circuit) ||
	    kbng_nl_session_put_octets(skb, KBNG_A_SESSION_REMOTE_ID,
				       s->remote) ||
	    kbng_nl_session_put_octets(skb, KBNG_A_SESSION_HOSTNAME,
				       s->hostname) ||
	    (s->server &&
	     nla_put_in_addr(skb, KBNG_A_SESSION_SERVER, s->server)) ||
	    (s->peer && nla_put_in6_addr(skb, KBNG_A_SESSION_LINK_LOCAL,
					 &s->peer->key.addr)) ||
	    (s->client.node &&
	     (nla_put_in_addr(skb, KBNG_A_SESSION_NODE, s->client.node) ||
	      nla_put(skb, KBNG_A_SESSION_HOP, ETH_ALEN, s->hop))) ||
	    kbng_nl_session_put_octets(skb, KBNG_A_SESSION_AGENT, s->agent))
		return -EMSGSIZE;

	err = 0;
	rcu_read_lock();
	iface = kbng_iface_get(s->kn, s->client.ifindex);
	if (iface)
		err = nla_put_string(skb, KBNG_A_SESSION_IFNAME,
				     iface->dev->name);
	rcu_read_unlock();
	return err;
}

static int kbng_nl_session_put_times(struct sk_buff *skb,
				     const struct kbng_session *s)
{
	u64 now = ktime_get_boottime_ns();
	u64 end = s->stopped ?: now;
	u32 left;

	if (!s->bound)
		return 0;
	if (nla_put_u64_64bit(skb, KBNG_A_SESSION_STARTED, s->started_at,
			      KBNG_A_SESSION_PAD) ||
	    nla_put_u32(skb, KBNG_A_SESSION_TIME,
			div_u64(end - s->bound, NSEC_PER_SEC)) ||
	    nla_put_u32(skb, KBNG_A_SESSION_RENEWALS, s->renewals))
		return -EMSGSIZE;
	if (s->stopped &&
	    (nla_put_u64_64bit(skb, KBNG_A_SESSION_STOPPED, s->stopped_at,
			       KBNG_A_SESSION_PAD) ||
	     nla_put_u32(skb, KBNG_A_SESSION_TERMINATE_CAUSE, s->cause)))
		return -EMSGSIZE;
	if (!s->stopped &&
	    nla_put_u32(skb, KBNG_A_SESSION_IDLE,
			div_u64(kbng_session_idle(s), NSEC_PER_SEC)))
		return -EMSGSIZE;
	if (!s->addr || s->lease_time == U32_MAX)
		return 0;
	left = s->deadline > now ? div_u64(s->deadline - now, NSEC_PER_SEC) : 0;
	if (nla_put_u32(skb, KBNG_A_SESSION_LEASE_TIME, s->lease_time) ||
	    nla_put_u32(skb, KBNG_A_SESSION_LEASE_LEFT, left))
		return -EMSGSIZE;
	return 0;
}

/**
 * kbng_nl_session_put() - add a session to a message
 * @skb: message; left with half a nest on failure, for the caller to cancel
 * @s: session; under kbng_net.lock
 *
 * Return: 0 or -EMSGSIZE
 */
int kbng_nl_session_put(struct sk_buff *skb, struct kbng_session *s)
{
	struct nlattr *nest;

	lockdep_assert_held(&s->kn->lock);
	nest = nla_nest_start(skb, KBNG_A_SESSION);
	if (!nest || kbng_nl_session_put_ids(skb, s) ||
	    kbng_nl_session_put_times(skb, s) ||
	    kbng_nl_session_put_line(skb, &s->rates) ||
	    kbng_nl_session_put_caps(skb, s) ||
	    kbng_nl_session_put_drops(skb, s) ||
	    kbng_nl_prefix_put(skb, s) ||
	    (s->has_policy && kbng_nl_session_put_policy(skb, &s->policy)) ||
	    (s->trigger &&
	     nla_put_u32(skb, KBNG_A_SESSION_TRIGGER, s->trigger)) ||
	    (s->over_quota && nla_put_u32(skb, KBNG_A_SESSION_OVER_QUOTA, 1)) ||
	    (s->offer && nla_put_u32(skb, KBNG_A_SESSION_OFFER, s->offer)) ||
	    (s->framed &&
	     nla_put_in_addr(skb, KBNG_A_SESSION_FRAMED_ADDR4, s->framed)) ||
	    kbng_nl_session_put_octets(skb, KBNG_A_SESSION_RADIUS_ATTRS,
				       s->radius) ||
	    kbng_nl_session_put_octets(skb, KBNG_A_SESSION_RADIUS6,
				       s->radius6) ||
	    kbng_nl_session_put_octets(skb, KBNG_A_SESSION_COOKIE,
				       s->cookie) ||
	    kbng_nl_session_put_count(skb, KBNG_A_SESSION_UP, s, KBNG_UP) ||
	    kbng_nl_session_put_count(skb, KBNG_A_SESSION_DOWN, s, KBNG_DOWN))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

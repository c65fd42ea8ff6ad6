// SPDX-License-Identifier: GPL-2.0
/*
 * What userspace does to sessions: judge, end and acknowledge them. netlink_new
 * makes them.
 */
#include "netlink_change.h"
#include "netlink_op.h"
#include "pernet.h"
#include "radius6.h"
#include "relay.h"
#include "relay6.h"

#define KBNG_NL_CHANGE_SET					\
	(KBNG_NL_CHANGE_ANY | BIT_ULL(KBNG_A_SESSION_UUID) |	\
	 BIT_ULL(KBNG_A_SESSION_LEASE_TIME) |			\
	 BIT_ULL(KBNG_A_SESSION_RETRY) |			\
	 BIT_ULL(KBNG_A_SESSION_FRAMED_ADDR4) |			\
	 BIT_ULL(KBNG_A_SESSION_RADIUS_ATTRS) |			\
	 BIT_ULL(KBNG_A_SESSION_RADIUS6))

/**
 * kbng_nl_rate() - a rate and its burst of a request
 * @rate_attr: attribute or NULL
 * @burst_attr: attribute or NULL
 * @rate: bit/s, 0: no limit
 * @burst: octets, 0: a default
 * @extack: says what is wrong
 *
 * Return: 0 or -ERANGE
 */
int kbng_nl_rate(const struct nlattr *rate_attr,
		 const struct nlattr *burst_attr, u64 *rate, u32 *burst,
		 struct netlink_ext_ack *extack)
{
	*rate = rate_attr ? nla_get_u64(rate_attr) : 0;
	*burst = burst_attr ? nla_get_u32(burst_attr) : 0;
	if (*rate && (*rate < KBNG_RATE_MIN || *rate > KBNG_RATE_MAX)) {
		NL_SET_ERR_MSG_ATTR(extack, rate_attr,
				    "a rate is 0 or from 64 kbit/s to 400 Gbit/s");
		return -ERANGE;
	}
	if (!kbng_edt_burst_ok(*rate, *burst)) {
		NL_SET_ERR_MSG_ATTR(extack, burst_attr,
				    "a burst lasts at most 4 s at its rate");
		return -ERANGE;
	}
	return 0;
}

/* Its shaper is looked up later, under the lock. */
static int kbng_nl_session_policy_parse(struct nlattr **tb,
					struct kbng_policy *p,
					struct netlink_ext_ack *extack)
{
	int err = 0;
	int dir;

	memset(p, 0, sizeof(*p));
	if (tb[KBNG_A_POLICY_NAME])
		nla_strscpy(p->name, tb[KBNG_A_POLICY_NAME], sizeof(p->name));
	if (tb[KBNG_A_POLICY_OVERHEAD])
		p->overhead = nla_get_u32(tb[KBNG_A_POLICY_OVERHEAD]);
	if (tb[KBNG_A_POLICY_MIN_UNIT])
		p->min_unit = nla_get_u32(tb[KBNG_A_POLICY_MIN_UNIT]);
	if (tb[KBNG_A_POLICY_QUOTA])
		p->quota = nla_get_u64(tb[KBNG_A_POLICY_QUOTA]);
	if (tb[KBNG_A_POLICY_ISOLATED])
		p->isolated = nla_get_u32(tb[KBNG_A_POLICY_ISOLATED]);
	for (dir = 0; !err && dir < KBNG_DIRS; dir++)
		err = kbng_nl_rate(tb[KBNG_A_POLICY_RATE_UP + dir],
				   tb[KBNG_A_POLICY_BURST_UP + dir],
				   &p->rate[dir], &p->burst[dir], extack);
	return err;
}

/**
 * kbng_nl_session_change_free() - free what was not applied
 * @c: change that was parsed
 */
void kbng_nl_session_change_free(struct kbng_nl_session_change *c)
{
	kfree(c->cookie);
	kfree(c->circuit);
	kfree(c->remote);
	kfree(c->radius);
	kfree(c->radius6);
}

/**
 * kbng_nl_session_is_host() - whether an address can be one host's
 * @addr: IPv4 address
 */
bool kbng_nl_session_is_host(__be32 addr)
{
	return !ipv4_is_zeronet(addr) && !ipv4_is_multicast(addr) &&
	       !ipv4_is_lbcast(addr) && !ipv4_is_loopback(addr);
}

static int kbng_nl_session_check_radius6(const struct nlattr *attr,
					 struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	switch (kbng_radius6_check(nla_data(attr), nla_len(attr))) {
	case KBNG_RADIUS6_FINE:
		return 0;
	case KBNG_RADIUS6_FOREIGN:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "RADIUS attributes about IPv6 are 100, 169, 170, 171 and 172");
		return -EINVAL;
	case KBNG_RADIUS6_MANY_DNS:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a session has at most 8 DNS servers");
		return -E2BIG;
	case KBNG_RADIUS6_MANY_ROUTES:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a host is told of at most 8 routes");
		return -E2BIG;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "RADIUS attributes about IPv6 of a wrong length");
		return -EINVAL;
	}
}

static int kbng_nl_session_copy(struct kbng_octets **octets,
				const struct nlattr *attr)
{
	return attr ? kbng_octets_set(octets, nla_data(attr), nla_len(attr),
				      GFP_KERNEL) : 0;
}

/**
 * kbng_nl_session_change_parse() - read what a request changes
 * @info: request
 * @tb: attributes of its session
 * @c: the change; to be freed if there was no error
 *
 * Context: process, without kbng_net.lock
 * Return: 0 or a negative errno, with extack text
 */
int kbng_nl_session_change_parse(struct genl_info *info,
				 struct nlattr **tb,
				 struct kbng_nl_session_change *c)
{
	struct netlink_ext_ack *extack = info->extack;
	struct nlattr *policy[KBNG_A_POLICY_MAX + 1];
	int err;

	memset(c, 0, sizeof(*c));
	if (tb[KBNG_A_SESSION_STATE])
		c->state = nla_get_u32(tb[KBNG_A_SESSION_STATE]);
	if (c->state == KBNG_STATE_OFFERED || c->state == KBNG_STATE_STOPPED) {
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_SESSION_STATE],
				    "a session can be made pending, active or rejected");
		return -EINVAL;
	}
	if (tb[KBNG_A_SESSION_LEASE_TIME])
		c->lease_time = nla_get_u32(tb[KBNG_A_SESSION_LEASE_TIME]);
	if (tb[KBNG_A_SESSION_LEASE_LEFT] && c->lease_time)
		c->lease_left = nla_get_u32(tb[KBNG_A_SESSION_LEASE_LEFT]);
	if (tb[KBNG_A_SESSION_POLICY]) {
		err = nla_parse_nested(policy, KBNG_A_POLICY_MAX,
				       tb[KBNG_A_SESSION_POLICY],
				       kbng_nl_policy_policy, extack);
		if (!err)
			err = kbng_nl_session_policy_parse(policy, &c->buf,
							   extack);
		if (err)
			return err;
		c->policy = &c->buf;
		c->shaper = policy[KBNG_A_POLICY_SHAPER];
	}
	err = kbng_nl_prefix_parse(info, &c->prefixes);
	if (err)
		return err;
	c->framed = tb[KBNG_A_SESSION_FRAMED_ADDR4];
	if (c->framed && nla_get_in_addr(c->framed) &&
	    !kbng_nl_session_is_host(nla_get_in_addr(c->framed))) {
		NL_SET_ERR_MSG_ATTR(extack, c->framed,
				    "not the address of one host");
		return -EADDRNOTAVAIL;
	}
	err = kbng_nl_session_check_radius6(tb[KBNG_A_SESSION_RADIUS6], extack);
	if (err)
		return err;
	c->has_radius = tb[KBNG_A_SESSION_RADIUS_ATTRS];
	c->has_radius6 = tb[KBNG_A_SESSION_RADIUS6];
	c->has_cookie = tb[KBNG_A_SESSION_COOKIE];
	err = kbng_nl_session_copy(&c->cookie, tb[KBNG_A_SESSION_COOKIE]);
	err = err ?: kbng_nl_session_copy(&c->circuit,
					  tb[KBNG_A_SESSION_CIRCUIT_ID]);
	err = err ?: kbng_nl_session_copy(&c->remote,
					  tb[KBNG_A_SESSION_REMOTE_ID]);
	err = err ?: kbng_nl_session_copy(&c->radius,
					  tb[KBNG_A_SESSION_RADIUS_ATTRS]);
	err = err ?: kbng_nl_session_copy(&c->radius6,
					  tb[KBNG_A_SESSION_RADIUS6]);
	if (err)
		kbng_nl_session_change_free(c);
	return err;
}

/**
 * kbng_nl_session_change_find() - look up what the request names
 * @kn: namespace, under its lock
 * @c: the change
 * @extack: says what there is not
 *
 * Return: 0 or a negative errno
 */
int kbng_nl_session_change_find(struct kbng_net *kn,
				struct kbng_nl_session_change *c,
				struct netlink_ext_ack *extack)
{
	struct kbng_shaper *shaper;

	if (!c->shaper)
		return 0;
	shaper = kbng_nl_shaper_find(kn, c->shaper, extack);
	if (IS_ERR(shaper))
		return PTR_ERR(shaper);
	c->policy->shaper = shaper;
	return 0;
}

/* What DHCP is to lease, and the host to hear. */
static void kbng_nl_session_change_terms(struct kbng_session *s,
					 struct kbng_nl_session_change *c)
{
	if (c->framed)
		s->framed = nla_get_in_addr(c->framed);
	if (c->has_radius)
		swap(s->radius, c->radius);
	if (c->has_radius6)
		kbng_session_set_radius6(s, &c->radius6);
}

/**
 * kbng_nl_session_change_apply() - change all but the prefixes
 * @s: session, under kbng_net.lock
 * @c: the change, which loses what the session has then
 */
void kbng_nl_session_change_apply(struct kbng_session *s,
				  struct kbng_nl_session_change *c)
{
	kbng_nl_session_change_terms(s, c);
	if (c->policy)
		kbng_session_set_policy(s, c->policy);
	if (c->has_cookie)
		swap(s->cookie, c->cookie);
	if (c->circuit)
		swap(s->circuit, c->circuit);
	if (c->remote)
		swap(s->remote, c->remote);
	if (c->lease_time)
		kbng_session_set_lease(s, c->lease_time);
	if (c->lease_left && c->lease_time != U32_MAX)
		kbng_session_set_left(s, c->lease_left);
	if (c->state)
		kbng_session_set_state(s, c->state);
}

static int kbng_nl_session_change(struct kbng_session *s,
				  struct kbng_nl_session_change *c,
				  struct netlink_ext_ack *extack)
{
	int err;

	if (c->prefixes.leased) {
		NL_SET_ERR_MSG(extack, "only static prefixes can be changed");
		return -EINVAL;
	}
	if (c->lease_time && !s->addr) {
		NL_SET_ERR_MSG(extack, "the session has no IPv4 address");
		return -EINVAL;
	}
	err = kbng_nl_prefix_check(s, &c->prefixes, extack);
	if (err)
		return err;
	err = kbng_nl_prefix_apply(s, &c->prefixes);
	if (err && !s->n_prefixes && !s->addr) {
		kbng_session_stop(s, KBNG_CAUSE_NAS_ERROR);
		return err;
	}
	kbng_nl_session_change_apply(s, c);
	kbng_nl_session_notify(s, KBNG_CMD_SESSION_STATE_NTF);
	return err;
}

/* The verdict on a client that waits for an offer. */
static int kbng_nl_session_judge(struct kbng_session *s, struct nlattr **tb,
				 struct kbng_nl_session_change *c,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *retry = tb[KBNG_A_SESSION_RETRY];

	if (s->offer == KBNG_OFFER_FREE) {
		NL_SET_ERR_MSG(extack, "the session has no address yet");
		return -EAGAIN;
	}
	if (tb[KBNG_A_SESSION_POLICY] || tb[KBNG_A_SESSION_PREFIX] ||
	    tb[KBNG_A_SESSION_COOKIE] || tb[KBNG_A_SESSION_LEASE_TIME] ||
	    (c->state != KBNG_STATE_ACTIVE &&
	     c->state != KBNG_STATE_REJECTED)) {
		NL_SET_ERR_MSG(extack,
			       "an offered session can be made active or rejected, all else when it has an address");
		return -EAGAIN;
	}
	kbng_nl_session_change_terms(s, c);
	kbng_session_judge(s, c->state == KBNG_STATE_ACTIVE,
			   retry ? nla_get_u32(retry) : 0);
	return 0;
}

int kbng_nl_session_set(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_nl_session_change change;
	struct kbng_session *s;
	int err;

	err = kbng_nl_session_parse(info, tb, KBNG_NL_CHANGE_SET);
	if (err)
		return err;
	err = kbng_nl_session_change_parse(info, tb, &change);
	if (err)
		return err;
	kbng_nl_session_lock(kn);
	s = kbng_nl_session_find(kn, tb, info->extack);
	if (IS_ERR(s)) {
		err = PTR_ERR(s);
	} else if (s->state == KBNG_STATE_STOPPED) {
		NL_SET_ERR_MSG(info->extack, "the session has ended");
		err = -ESTALE;
	} else if (s->state == KBNG_STATE_OFFERED) {
		err = kbng_nl_session_judge(s, tb, &change, info->extack);
	} else if (tb[KBNG_A_SESSION_RETRY]) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[KBNG_A_SESSION_RETRY],
				    "only an offered session is rejected for a time");
		err = -EINVAL;
	} else {
		err = kbng_nl_session_change_find(kn, &change, info->extack);
		if (!err)
			err = kbng_nl_session_change(s, &change, info->extack);
	}
	kbng_nl_session_unlock(kn);
	kbng_nl_session_change_free(&change);
	if (!err) {
		kbng_relay_resume(kn, nla_data(tb[KBNG_A_SESSION_UUID]));
		kbng_relay6_resume(kn, nla_data(tb[KBNG_A_SESSION_UUID]));
	}
	return err;
}

int kbng_nl_session_del(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	u32 cause = KBNG_CAUSE_ADMIN_RESET;
	struct kbng_session *s;
	int err;

	err = kbng_nl_session_parse(info, tb, BIT_ULL(KBNG_A_SESSION_UUID) |
				    BIT_ULL(KBNG_A_SESSION_TERMINATE_CAUSE));
	if (err)
		return err;
	if (tb[KBNG_A_SESSION_TERMINATE_CAUSE])
		cause = nla_get_u32(tb[KBNG_A_SESSION_TERMINATE_CAUSE]);
	kbng_nl_session_lock(kn);
	s = kbng_nl_session_find(kn, tb, info->extack);
	if (IS_ERR(s)) {
		err = PTR_ERR(s);
	} else if (s->state == KBNG_STATE_STOPPED) {
		NL_SET_ERR_MSG(info->extack, "the session has ended already");
		err = -EALREADY;
	} else {
		kbng_session_stop(s, cause);
	}
	kbng_nl_session_unlock(kn);
	return err;
}

int kbng_nl_session_ack(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_session *s;
	int err;

	err = kbng_nl_session_parse(info, tb, BIT_ULL(KBNG_A_SESSION_UUID));
	if (err)
		return err;
	kbng_nl_session_lock(kn);
	s = kbng_nl_session_find(kn, tb, info->extack);
	if (IS_ERR(s)) {
		err = PTR_ERR(s);
	} else if (s->state == KBNG_STATE_STOPPED) {
		kbng_session_forget(s);
	} else {
		NL_SET_ERR_MSG(info->extack,
			       "the session is live: end it first");
		err = -EBUSY;
	}
	kbng_nl_session_unlock(kn);
	return err;
}

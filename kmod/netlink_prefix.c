// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 prefixes of sessions, in requests and replies.
 */
#include "netlink_prefix.h"

#include <linux/timekeeping.h>
#include <net/ipv6.h>
#include "netlink_op.h"
#include "pernet.h"
#include "ra.h"
#include "session.h"

static const struct nla_policy kbng_nl_prefix_policy[KBNG_A_PREFIX_MAX + 1] = {
	[KBNG_A_PREFIX_ADDR] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[KBNG_A_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[KBNG_A_PREFIX_KIND] = NLA_POLICY_RANGE(NLA_U32, KBNG_PREFIX_STATIC,
						KBNG_PREFIX_PD),
	[KBNG_A_PREFIX_PREFERRED] = { .type = NLA_U32 },
	[KBNG_A_PREFIX_VALID] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_PREFIX_LEFT] = NLA_POLICY_MIN(NLA_U32, 1),
};

static int kbng_nl_prefix_put_one(struct sk_buff *skb,
				  const struct kbng_prefix *p, u64 now)
{
	struct nlattr *nest;
	u64 left = 0;

	nest = nla_nest_start(skb, KBNG_A_SESSION_PREFIX);
	if (!nest ||
	    nla_put_in6_addr(skb, KBNG_A_PREFIX_ADDR, &p->key.addr) ||
	    nla_put_u32(skb, KBNG_A_PREFIX_LEN, p->key.len) ||
	    nla_put_u32(skb, KBNG_A_PREFIX_KIND, p->kind) ||
	    (p->preferred != U32_MAX &&
	     nla_put_u32(skb, KBNG_A_PREFIX_PREFERRED, p->preferred)))
		return -EMSGSIZE;
	if (p->deadline > now)
		left = div_u64(p->deadline - now, NSEC_PER_SEC);
	if (p->valid != U32_MAX &&
	    (nla_put_u32(skb, KBNG_A_PREFIX_VALID, p->valid) ||
	     nla_put_u32(skb, KBNG_A_PREFIX_LEFT, left)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * kbng_nl_prefix_put() - add a session's prefixes to its nest
 * @skb: message
 * @s: session; under kbng_net.lock
 *
 * Return: 0 or -EMSGSIZE
 */
int kbng_nl_prefix_put(struct sk_buff *skb, const struct kbng_session *s)
{
	u64 now = ktime_get_boottime_ns();
	const struct kbng_prefix *p;

	list_for_each_entry(p, &s->prefixes, session_node)
		if (kbng_nl_prefix_put_one(skb, p, now))
			return -EMSGSIZE;
	return 0;
}

static u32 kbng_nl_prefix_time(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : U32_MAX;
}

/* What is said of its lease makes it one that a server gave. */
static void kbng_nl_prefix_read(struct nlattr **tb,
				struct kbng_nl_prefixes *list,
				struct kbng_prefix_spec *spec)
{
	*spec = (struct kbng_prefix_spec) {
		.addr = nla_get_in6_addr(tb[KBNG_A_PREFIX_ADDR]),
		.len = nla_get_u32(tb[KBNG_A_PREFIX_LEN]),
		.kind = tb[KBNG_A_PREFIX_KIND] ?
			nla_get_u32(tb[KBNG_A_PREFIX_KIND]) :
			KBNG_PREFIX_STATIC,
		.preferred = kbng_nl_prefix_time(tb[KBNG_A_PREFIX_PREFERRED]),
		.valid = kbng_nl_prefix_time(tb[KBNG_A_PREFIX_VALID]),
	};
	list->left[list->n] = kbng_nl_prefix_time(tb[KBNG_A_PREFIX_LEFT]);
	if (spec->kind != KBNG_PREFIX_STATIC || spec->valid != U32_MAX ||
	    spec->preferred != U32_MAX || list->left[list->n] != U32_MAX)
		list->leased = true;
}

static int kbng_nl_prefix_parse_one(const struct nlattr *attr,
				    struct kbng_nl_prefixes *list,
				    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[KBNG_A_PREFIX_MAX + 1];
	struct kbng_prefix_spec *spec;
	int err;
	int i;

	err = nla_parse_nested(tb, KBNG_A_PREFIX_MAX, attr,
			       kbng_nl_prefix_policy, extack);
	if (err)
		return err;
	if (!tb[KBNG_A_PREFIX_ADDR] && !tb[KBNG_A_PREFIX_LEN])
		return 0;
	if (!tb[KBNG_A_PREFIX_ADDR] || !tb[KBNG_A_PREFIX_LEN]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a prefix needs an address and a length");
		return -EINVAL;
	}
	if (list->n == KBNG_PREFIXES_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "too many prefixes: a session has at most 8");
		return -E2BIG;
	}
	spec = &list->spec[list->n];
	kbng_nl_prefix_read(tb, list, spec);
	if (!kbng_prefix_valid(&spec->addr, spec->len) &&
	    !kbng_prefix_valid4(&spec->addr, spec->len)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a prefix is unicast, 128 or 48 to 64 bits long (8 to 32 of IPv4), and zero behind that");
		return -EADDRNOTAVAIL;
	}
	for (i = 0; i < list->n; i++) {
		if (list->spec[i].len == spec->len &&
		    ipv6_addr_equal(&list->spec[i].addr, &spec->addr)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "the prefix is named twice");
			return -EINVAL;
		}
	}
	list->n++;
	return 0;
}

/**
 * kbng_nl_prefix_parse() - the prefixes that a request names
 * @info: request, whose session nest was parsed
 * @list: these
 *
 * Return: 0 or a negative errno, with extack text
 */
int kbng_nl_prefix_parse(struct genl_info *info, struct kbng_nl_prefixes *list)
{
	const struct nlattr *attr;
	int err;
	int rem;

	memset(list, 0, sizeof(*list));
	nla_for_each_nested(attr, info->attrs[KBNG_A_SESSION], rem) {
		if (nla_type(attr) != KBNG_A_SESSION_PREFIX)
			continue;
		list->given = true;
		err = kbng_nl_prefix_parse_one(attr, list, info->extack);
		if (err)
			return err;
	}
	return 0;
}

static bool kbng_nl_prefix_is_listed(const struct kbng_nl_prefixes *list,
				     const struct kbng_prefix *p)
{
	int i;

	for (i = 0; i < list->n; i++)
		if (list->spec[i].len == p->key.len &&
		    ipv6_addr_equal(&list->spec[i].addr, &p->key.addr))
			return true;
	return false;
}

/* What the session would have that the list does not name. */
static unsigned int kbng_nl_prefix_others(const struct kbng_session *s,
					  const struct kbng_nl_prefixes *list)
{
	const struct kbng_prefix *p;
	unsigned int n = 0;

	list_for_each_entry(p, &s->prefixes, session_node)
		if (p->kind != KBNG_PREFIX_STATIC &&
		    !kbng_nl_prefix_is_listed(list, p))
			n++;
	return n;
}

/**
 * kbng_nl_prefix_check() - whether a session can be given prefixes
 * @s: live session
 * @list: these
 * @extack: what to change
 *
 * Return: 0 or a negative errno
 */
int kbng_nl_prefix_check(struct kbng_session *s,
			 const struct kbng_nl_prefixes *list,
			 struct netlink_ext_ack *extack)
{
	const struct kbng_prefix *p;
	unsigned int others;
	int i;

	if (!list->given)
		return 0;
	for (i = 0; i < list->n; i++) {
		p = kbng_prefix_find(s->kn, &list->spec[i].addr,
				     list->spec[i].len);
		if (p && p->host->session != s) {
			NL_SET_ERR_MSG(extack,
				       "the prefix belongs to another session");
			return -EADDRINUSE;
		}
	}
	others = kbng_nl_prefix_others(s, list);
	if (list->n + others > KBNG_PREFIXES_MAX) {
		NL_SET_ERR_MSG(extack,
			       "with those of DHCPv6 the session would have more than 8 prefixes");
		return -ENOSPC;
	}
	if (!list->n && !others && !s->addr) {
		NL_SET_ERR_MSG(extack,
			       "the session would have no address left: end it instead");
		return -EINVAL;
	}
	return 0;
}

/**
 * kbng_nl_prefix_apply() - replace a session's static prefixes
 * @s: live session; a new one gets all that the list names
 * @list: checked by kbng_nl_prefix_check()
 *
 * Return: 0, or -ENOMEM and the session may have no address left
 */
int kbng_nl_prefix_apply(struct kbng_session *s,
			 const struct kbng_nl_prefixes *list)
{
	struct kbng_prefix *next;
	struct kbng_prefix *p;
	int err;
	int i;

	if (!list->given)
		return 0;
	list_for_each_entry_safe(p, next, &s->prefixes, session_node)
		if (p->kind == KBNG_PREFIX_STATIC &&
		    !kbng_nl_prefix_is_listed(list, p))
			kbng_session_drop6(s, p);
	for (i = 0; i < list->n; i++) {
		err = kbng_session_bind6(s, &list->spec[i]);
		if (err < 0)
			return err;
		if (list->left[i] < list->spec[i].valid)
			kbng_session_set_left6(s, &list->spec[i],
					       list->left[i]);
	}
	if (list->n && s->state == KBNG_STATE_ACTIVE)
		kbng_ra_tell(s, NULL);
	return 0;
}

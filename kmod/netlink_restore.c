// SPDX-License-Identifier: GPL-2.0
#include "netlink_restore.h"

#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/ipv6.h>
#include "netlink_op.h"
#include "pernet.h"

const struct nla_policy kbng_nl_count_policy[KBNG_A_COUNT_MAX + 1] = {
	[KBNG_A_COUNT_PACKETS4] = { .type = NLA_U64 },
	[KBNG_A_COUNT_OCTETS4] = { .type = NLA_U64 },
	[KBNG_A_COUNT_PACKETS6] = { .type = NLA_U64 },
	[KBNG_A_COUNT_OCTETS6] = { .type = NLA_U64 },
	[KBNG_A_COUNT_DROPS] = { .type = NLA_U64 },
};

const struct nla_policy kbng_nl_line_policy[KBNG_A_LINE_MAX + 1] = {
	[KBNG_A_LINE_ACTUAL_UP] = { .type = NLA_U64 },
	[KBNG_A_LINE_ACTUAL_DOWN] = { .type = NLA_U64 },
	[KBNG_A_LINE_MINIMUM_UP] = { .type = NLA_U64 },
	[KBNG_A_LINE_MINIMUM_DOWN] = { .type = NLA_U64 },
	[KBNG_A_LINE_ATTAINABLE_UP] = { .type = NLA_U64 },
	[KBNG_A_LINE_ATTAINABLE_DOWN] = { .type = NLA_U64 },
};

const struct nla_policy kbng_nl_drop_policy[KBNG_A_DROP_MAX + 1] = {
	[KBNG_A_DROP_SPOOFED_IFACE] = { .type = NLA_U64 },
	[KBNG_A_DROP_SPOOFED_VLAN] = { .type = NLA_U64 },
	[KBNG_A_DROP_SPOOFED_MAC] = { .type = NLA_U64 },
	[KBNG_A_DROP_UNAUTHORISED] = { .type = NLA_U64 },
	[KBNG_A_DROP_SHAPER_UP] = { .type = NLA_U64 },
	[KBNG_A_DROP_SHAPER_DOWN] = { .type = NLA_U64 },
	[KBNG_A_DROP_AQM_UP] = { .type = NLA_U64 },
	[KBNG_A_DROP_AQM_DOWN] = { .type = NLA_U64 },
};

static u64 kbng_nl_restore_u64(const struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

static u32 kbng_nl_restore_u32(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

/* What the shaper dropped is among the drops. */
static int kbng_nl_restore_counts(const struct nlattr *nest,
				  struct kbng_counts *c,
				  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[KBNG_A_COUNT_MAX + 1];
	int err;

	if (!nest)
		return 0;
	err = nla_parse_nested(tb, KBNG_A_COUNT_MAX, nest,
			       kbng_nl_count_policy, extack);
	if (err)
		return err;
	c->packets[KBNG_IPV4] = kbng_nl_restore_u64(tb[KBNG_A_COUNT_PACKETS4]);
	c->packets[KBNG_IPV6] = kbng_nl_restore_u64(tb[KBNG_A_COUNT_PACKETS6]);
	c->octets[KBNG_IPV4] = kbng_nl_restore_u64(tb[KBNG_A_COUNT_OCTETS4]);
	c->octets[KBNG_IPV6] = kbng_nl_restore_u64(tb[KBNG_A_COUNT_OCTETS6]);
	return 0;
}

static int kbng_nl_restore_drops(const struct nlattr *nest, u64 *drops,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[KBNG_A_DROP_MAX + 1];
	int err;
	int i;

	if (!nest)
		return 0;
	err = nla_parse_nested(tb, KBNG_A_DROP_MAX, nest, kbng_nl_drop_policy,
			       extack);
	for (i = 0; !err && i < KBNG_SESSION_DROPS; i++)
		drops[i] = kbng_nl_restore_u64(tb[KBNG_A_DROP_SPOOFED_IFACE +
						  i]);
	return err;
}

static int kbng_nl_restore_line(const struct nlattr *nest,
				struct kbng_line_rates *rates,
				struct netlink_ext_ack *extack)
{
	struct nlattr *tb[KBNG_A_LINE_MAX + 1];
	u64 bps;
	int err;
	int i;

	if (!nest)
		return 0;
	err = nla_parse_nested(tb, KBNG_A_LINE_MAX, nest, kbng_nl_line_policy,
			       extack);
	for (i = 0; !err && i < KBNG_LINE_RATES; i++) {
		bps = kbng_nl_restore_u64(tb[KBNG_A_LINE_ACTUAL_UP + i]);
		rates->kbit[i] = min_t(u64, div_u64(bps, 1000), U32_MAX);
	}
	return err;
}

static int kbng_nl_restore_check(struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *addr = tb[KBNG_A_SESSION_LINK_LOCAL];
	const struct nlattr *left = tb[KBNG_A_SESSION_LEASE_LEFT];
	struct in6_addr in6;

	if (left && !tb[KBNG_A_SESSION_LEASE_TIME]) {
		NL_SET_ERR_MSG_ATTR(extack, left,
				    "what is left is of a lease time");
		return -EINVAL;
	}
	if (!addr)
		return 0;
	in6 = nla_get_in6_addr(addr);
	if (ipv6_addr_type(&in6) & IPV6_ADDR_LINKLOCAL)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, addr, "not a link-local address");
	return -EADDRNOTAVAIL;
}

static int kbng_nl_restore_octets(struct kbng_octets **octets,
				  const struct nlattr *attr)
{
	return attr ? kbng_octets_set(octets, nla_data(attr), nla_len(attr),
				      GFP_KERNEL) : 0;
}

/**
 * kbng_nl_restore_parse() - read what a session had
 * @info: request
 * @tb: attributes of its session; live as long as @r
 * @always: bits of those that a session may have which is not restored
 * @r: the result; to be freed if there was no error
 *
 * Context: process, without kbng_net.lock
 * Return: 0 or a negative errno, with extack text
 */
int kbng_nl_restore_parse(struct genl_info *info, struct nlattr **tb,
			  u64 always, struct kbng_nl_restore *r)
{
	struct netlink_ext_ack *extack = info->extack;
	int err;

	memset(r, 0, sizeof(*r));
	r->tb = tb;
	r->given = tb[KBNG_A_SESSION_UUID];
	if (!r->given) {
		err = kbng_nl_allow(tb, KBNG_A_SESSION_MAX, always, extack);
		if (err)
			NL_SET_ERR_MSG(extack,
				       "only a session that is restored has this: give its uuid");
		return err;
	}
	memcpy(&r->uuid, nla_data(tb[KBNG_A_SESSION_UUID]), sizeof(r->uuid));
	err = kbng_nl_restore_check(tb, extack) ?:
	      kbng_nl_restore_counts(tb[KBNG_A_SESSION_UP],
				     &r->counts[KBNG_UP], extack) ?:
	      kbng_nl_restore_counts(tb[KBNG_A_SESSION_DOWN],
				     &r->counts[KBNG_DOWN], extack) ?:
	      kbng_nl_restore_drops(tb[KBNG_A_SESSION_DROPS], r->drops,
				    extack) ?:
	      kbng_nl_restore_line(tb[KBNG_A_SESSION_LINE], &r->rates,
				   extack) ?:
	      kbng_nl_restore_octets(&r->hostname,
				     tb[KBNG_A_SESSION_HOSTNAME]) ?:
	      kbng_nl_restore_octets(&r->agent, tb[KBNG_A_SESSION_AGENT]);
	if (err)
		kbng_nl_restore_free(r);
	return err;
}

/**
 * kbng_nl_restore_free() - free what was not applied
 * @r: what was parsed
 */
void kbng_nl_restore_free(struct kbng_nl_restore *r)
{
	kfree(r->hostname);
	kfree(r->agent);
}

static void kbng_nl_restore_flows(struct kbng_session *s,
				  const struct kbng_nl_restore *r)
{
	struct kbng_flow *flow;
	int dir;
	int i;

	for (dir = 0; dir < KBNG_DIRS; dir++) {
		flow = &s->host->flow[dir];
		spin_lock(&flow->lock);
		memcpy(flow->packets, r->counts[dir].packets,
		       sizeof(flow->packets));
		memcpy(flow->octets, r->counts[dir].octets,
		       sizeof(flow->octets));
		spin_unlock(&flow->lock);
	}
	for (i = 0; i < KBNG_SESSION_DROPS; i++)
		atomic64_set(&s->drops[i], r->drops[i]);
}

/**
 * kbng_nl_restore_apply() - give a new session what it had
 * @s: session, bound, before its state and policy are set
 * @r: what it had; loses what the session has then
 *
 * Should the link-local address be another's by now, its client has to ask for
 * its prefixes anew.
 */
void kbng_nl_restore_apply(struct kbng_session *s, struct kbng_nl_restore *r)
{
	struct nlattr **tb = r->tb;
	struct in6_addr addr;
	u32 trigger;

	lockdep_assert_held(&s->kn->lock);
	if (!r->given)
		return;
	kbng_nl_restore_flows(s, r);
	if (tb[KBNG_A_SESSION_STARTED])
		s->started_at = nla_get_u64(tb[KBNG_A_SESSION_STARTED]);
	/* May be before the boot: only differences count, and 0 is never. */
	s->bound -= (u64)NSEC_PER_SEC *
		    kbng_nl_restore_u32(tb[KBNG_A_SESSION_TIME]);
	s->bound = s->bound ?: 1;
	s->renewals = kbng_nl_restore_u32(tb[KBNG_A_SESSION_RENEWALS]);
	s->rates = r->rates;
	swap(s->hostname, r->hostname);
	swap(s->agent, r->agent);
	trigger = kbng_nl_restore_u32(tb[KBNG_A_SESSION_TRIGGER]);
	if (trigger)
		kbng_session_claim(s, trigger);
	if (tb[KBNG_A_SESSION_LINK_LOCAL]) {
		addr = nla_get_in6_addr(tb[KBNG_A_SESSION_LINK_LOCAL]);
		kbng_peer_set(s, &addr);
	}
	kbng_session_set_rates(s);
}

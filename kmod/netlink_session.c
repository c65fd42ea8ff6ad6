// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/rcupdate_wait.h>
#include <linux/timekeeping.h>
#include <net/sock.h>
#include "iface.h"
#include "netlink_op.h"
#include "netlink_prefix.h"
#include "netlink_restore.h"
#include "pernet.h"
#include "session.h"
#include "shaper.h"
#include "tags.h"

#define KBNG_NL_SESSION_FILTERS					\
	(BIT_ULL(KBNG_A_SESSION_ID) |				\
	 BIT_ULL(KBNG_A_SESSION_IFINDEX) |			\
	 BIT_ULL(KBNG_A_SESSION_MAC) |				\
	 BIT_ULL(KBNG_A_SESSION_ADDR4) |			\
	 BIT_ULL(KBNG_A_SESSION_ADDR6) |			\
	 BIT_ULL(KBNG_A_SESSION_STATE) |			\
	 BIT_ULL(KBNG_A_SESSION_CIRCUIT_ID) |			\
	 BIT_ULL(KBNG_A_SESSION_REMOTE_ID) |			\
	 BIT_ULL(KBNG_A_SESSION_VLAN) |				\
	 BIT_ULL(KBNG_A_SESSION_INNER_VLAN))

struct netlink_range_validation kbng_nl_burst_range = {
	.max = KBNG_EDT_BURST_MAX,
};

/* s */
static struct netlink_range_validation kbng_nl_retry_range = {
	.min = 1,
	.max = 86400,
};

const struct nla_policy kbng_nl_policy_policy[KBNG_A_POLICY_MAX + 1] = {
	[KBNG_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = KBNG_NAME_MAX },
	[KBNG_A_POLICY_RATE_UP] = { .type = NLA_U64 },
	[KBNG_A_POLICY_RATE_DOWN] = { .type = NLA_U64 },
	[KBNG_A_POLICY_BURST_UP] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &kbng_nl_burst_range),
	[KBNG_A_POLICY_BURST_DOWN] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &kbng_nl_burst_range),
	[KBNG_A_POLICY_SHAPER] = { .type = NLA_NUL_STRING,
				   .len = KBNG_NAME_MAX },
	[KBNG_A_POLICY_OVERHEAD] = NLA_POLICY_MAX(NLA_U32, U8_MAX),
	[KBNG_A_POLICY_MIN_UNIT] = NLA_POLICY_MAX(NLA_U32, U8_MAX),
	[KBNG_A_POLICY_QUOTA] = { .type = NLA_U64 },
	[KBNG_A_POLICY_ISOLATED] = NLA_POLICY_MAX(NLA_U32, 1),
};

const struct nla_policy kbng_nl_session_policy[KBNG_A_SESSION_MAX + 1] = {
	[KBNG_A_SESSION_ID] = { .type = NLA_U32 },
	[KBNG_A_SESSION_UUID] = NLA_POLICY_EXACT_LEN(KBNG_UUID_LEN),
	[KBNG_A_SESSION_STATE] = NLA_POLICY_RANGE(NLA_U32, KBNG_STATE_OFFERED,
						  KBNG_STATE_STOPPED),
	[KBNG_A_SESSION_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_SESSION_MAC] = NLA_POLICY_EXACT_LEN(KBNG_MAC_LEN),
	[KBNG_A_SESSION_ADDR4] = { .type = NLA_U32 },
	[KBNG_A_SESSION_CIRCUIT_ID] = { .type = NLA_BINARY,
					.len = KBNG_ID_MAX },
	[KBNG_A_SESSION_REMOTE_ID] = { .type = NLA_BINARY, .len = KBNG_ID_MAX },
	[KBNG_A_SESSION_SERVER] = { .type = NLA_U32 },
	[KBNG_A_SESSION_LEASE_TIME] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_SESSION_TERMINATE_CAUSE] = NLA_POLICY_RANGE(NLA_U32, 1,
							    KBNG_CAUSE_MAX),
	[KBNG_A_SESSION_POLICY] = NLA_POLICY_NESTED(kbng_nl_policy_policy),
	[KBNG_A_SESSION_COOKIE] = { .type = NLA_BINARY,
				    .len = KBNG_COOKIE_MAX },
	[KBNG_A_SESSION_PREFIX] = { .type = NLA_NESTED },
	[KBNG_A_SESSION_ADDR6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[KBNG_A_SESSION_VLAN] = NLA_POLICY_MAX(NLA_U32, VLAN_VID_MASK - 1),
	[KBNG_A_SESSION_INNER_VLAN] = NLA_POLICY_MAX(NLA_U32,
						     VLAN_VID_MASK - 1),
	[KBNG_A_SESSION_VLAN_PROTOCOL] = NLA_POLICY_MAX(NLA_U32,
							KBNG_VLAN_8021AD),
	[KBNG_A_SESSION_NODE] = { .type = NLA_U32 },
	[KBNG_A_SESSION_HOP] = NLA_POLICY_EXACT_LEN(KBNG_MAC_LEN),
	[KBNG_A_SESSION_FRAMED_ADDR4] = { .type = NLA_U32 },
	[KBNG_A_SESSION_RADIUS_ATTRS] = { .type = NLA_BINARY,
					  .len = KBNG_ID_MAX },
	[KBNG_A_SESSION_RETRY] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &kbng_nl_retry_range),
	[KBNG_A_SESSION_HOSTNAME] = { .type = NLA_BINARY,
				      .len = KBNG_NAME_MAX },
	[KBNG_A_SESSION_LEASE_LEFT] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_SESSION_STARTED] = { .type = NLA_U64 },
	[KBNG_A_SESSION_TIME] = { .type = NLA_U32 },
	[KBNG_A_SESSION_RENEWALS] = { .type = NLA_U32 },
	[KBNG_A_SESSION_UP] = NLA_POLICY_NESTED(kbng_nl_count_policy),
	[KBNG_A_SESSION_DOWN] = NLA_POLICY_NESTED(kbng_nl_count_policy),
	[KBNG_A_SESSION_LINE] = NLA_POLICY_NESTED(kbng_nl_line_policy),
	[KBNG_A_SESSION_LINK_LOCAL] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[KBNG_A_SESSION_TRIGGER] = NLA_POLICY_MAX(NLA_U32,
						  KBNG_TRIGGER_SOLICITATION),
	[KBNG_A_SESSION_AGENT] = { .type = NLA_BINARY, .len = U8_MAX },
	[KBNG_A_SESSION_DROPS] = NLA_POLICY_NESTED(kbng_nl_drop_policy),
	[KBNG_A_SESSION_RADIUS6] = { .type = NLA_BINARY,
				     .len = KBNG_RADIUS6_MAX },
};

/**
 * kbng_nl_session_parse() - the session nest of a request
 * @info: request
 * @tb: its attributes, KBNG_A_SESSION_MAX + 1
 * @allowed: bits of those that the command takes
 *
 * Return: 0 or a negative errno, with extack text
 */
int kbng_nl_session_parse(struct genl_info *info, struct nlattr **tb,
			  u64 allowed)
{
	int err;

	if (GENL_REQ_ATTR_CHECK(info, KBNG_A_SESSION)) {
		NL_SET_ERR_MSG(info->extack, "the request names no session");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, KBNG_A_SESSION_MAX,
			       info->attrs[KBNG_A_SESSION],
			       kbng_nl_session_policy, info->extack);
	return err ?: kbng_nl_allow(tb, KBNG_A_SESSION_MAX, allowed,
				    info->extack);
}

/**
 * kbng_nl_allow() - refuse what a command has no use for
 * @tb: attributes of a nest
 * @max: the highest of them
 * @allowed: bits of those that the command takes
 * @extack: says so
 *
 * What is ignored today could never be given a meaning.
 *
 * Return: 0 or -EINVAL
 */
int kbng_nl_allow(struct nlattr *const *tb, int max, u64 allowed,
		  struct netlink_ext_ack *extack)
{
	int type;

	for (type = 1; type <= max; type++) {
		if (!tb[type] || allowed & BIT_ULL(type))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[type],
				    "the command does not take this attribute");
		return -EINVAL;
	}
	return 0;
}

/**
 * kbng_nl_session_find() - the session that a request names by UUID
 * @kn: namespace, locked by kbng_nl_session_lock()
 * @tb: attributes
 * @extack: says what is wrong
 *
 * Return: the session or an error pointer
 */
struct kbng_session *kbng_nl_session_find(struct kbng_net *kn,
					  struct nlattr **tb,
					  struct netlink_ext_ack *extack)
{
	struct kbng_session *s;

	lockdep_assert_held(&kn->lock);
	if (!tb[KBNG_A_SESSION_UUID]) {
		NL_SET_ERR_MSG(extack, "the session's uuid is missing");
		return ERR_PTR(-EINVAL);
	}
	s = kbng_session_by_uuid(kn, nla_data(tb[KBNG_A_SESSION_UUID]));
	if (s)
		return s;
	NL_SET_ERR_MSG(extack, "no session has this uuid");
	return ERR_PTR(-ENOENT);
}

/* What a lookup and a change of a session need. */
void kbng_nl_session_lock(struct kbng_net *kn)
	__acquires(RCU) __acquires(&kn->lock)
{
	rcu_read_lock();
	spin_lock_bh(&kn->lock);
}

void kbng_nl_session_unlock(struct kbng_net *kn)
	__releases(&kn->lock) __releases(RCU)
{
	spin_unlock_bh(&kn->lock);
	rcu_read_unlock();
}

int kbng_nl_session_get(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_session *s;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = kbng_nl_session_parse(info, tb, BIT_ULL(KBNG_A_SESSION_UUID));
	if (err)
		return err;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	/* An empty default-size message has room for all of a session. */
	hdr = genlmsg_put_reply(msg, info, &kbng_nl_family, 0,
				info->genlhdr->cmd);
	kbng_nl_session_lock(kn);
	s = kbng_nl_session_find(kn, tb, info->extack);
	err = IS_ERR(s) ? PTR_ERR(s) : kbng_nl_session_put(msg, s);
	kbng_nl_session_unlock(kn);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * struct kbng_nl_session_filter - what a dump returns
 * @next: id to go on from
 * @parsed: the rest is valid
 * @attrs: what must match, by attribute; points into the request
 */
struct kbng_nl_session_filter {
	unsigned long next;
	bool parsed;
	struct nlattr *attrs[KBNG_A_SESSION_MAX + 1];
};

struct kbng_nl_session_ctx {
	struct kbng_nl_session_filter *filter;
};

static struct kbng_nl_session_ctx *
kbng_nl_session_ctx(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct kbng_nl_session_ctx) > sizeof(cb->ctx));
	return (struct kbng_nl_session_ctx *)cb->ctx;
}

int kbng_nl_session_start(struct netlink_callback *cb)
{
	struct kbng_nl_session_filter *filter;

	filter = kzalloc(sizeof(*filter), GFP_KERNEL);
	if (!filter)
		return -ENOMEM;
	kbng_nl_session_ctx(cb)->filter = filter;
	return 0;
}

/* At the first step of a dump: before that there is no room for a text. */
static int kbng_nl_session_filter_parse(struct kbng_nl_session_filter *filter,
					struct netlink_callback *cb)
{
	const struct nlattr *nest;
	int err;

	nest = nlmsg_find_attr(cb->nlh, GENL_HDRLEN, KBNG_A_SESSION);
	if (nest) {
		err = nla_parse_nested(filter->attrs, KBNG_A_SESSION_MAX, nest,
				       kbng_nl_session_policy, cb->extack);
		if (!err)
			err = kbng_nl_allow(filter->attrs, KBNG_A_SESSION_MAX,
					    KBNG_NL_SESSION_FILTERS,
					    cb->extack);
		if (err)
			return err;
	}
	if (filter->attrs[KBNG_A_SESSION_ID])
		filter->next = 1UL +
			nla_get_u32(filter->attrs[KBNG_A_SESSION_ID]);
	filter->parsed = true;
	return 0;
}

int kbng_nl_session_done(struct netlink_callback *cb)
{
	kfree(kbng_nl_session_ctx(cb)->filter);
	return 0;
}

static bool kbng_nl_session_equal(const struct nlattr *attr, const void *data,
				  int len)
{
	return !attr ||
	       (nla_len(attr) == len && !memcmp(nla_data(attr), data, len));
}

static bool kbng_nl_session_named(const struct nlattr *attr,
				  const struct kbng_octets *octets)
{
	return !attr ||
	       kbng_octets_equal(octets, nla_data(attr), nla_len(attr));
}

static bool kbng_nl_session_matches(const struct kbng_session *s,
				    struct nlattr *const *tb)
{
	const struct nlattr *addr6 = tb[KBNG_A_SESSION_ADDR6];
	u32 inner = kbng_tags_inner(s->client.tags);
	u32 outer = kbng_tags_outer(s->client.tags);
	u32 state = s->state;

	if (addr6 && !kbng_prefix_has(s, nla_data(addr6)))
		return false;
	return kbng_nl_session_equal(tb[KBNG_A_SESSION_IFINDEX],
				     &s->client.ifindex, sizeof(u32)) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_MAC], s->client.mac,
				     ETH_ALEN) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_ADDR4], &s->addr,
				     sizeof(s->addr)) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_STATE], &state,
				     sizeof(state)) &&
	       kbng_nl_session_named(tb[KBNG_A_SESSION_CIRCUIT_ID],
				     s->circuit) &&
	       kbng_nl_session_named(tb[KBNG_A_SESSION_REMOTE_ID],
				     s->remote) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_VLAN], &outer,
				     sizeof(outer)) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_INNER_VLAN], &inner,
				     sizeof(inner));
}

static int kbng_nl_session_dump_one(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    struct kbng_session *s)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &kbng_nl_family, NLM_F_MULTI, KBNG_CMD_SESSION_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (kbng_nl_session_put(skb, s)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int kbng_nl_session_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct kbng_nl_session_filter *f = kbng_nl_session_ctx(cb)->filter;
	struct kbng_net *kn = kbng_net(sock_net(skb->sk));
	struct kbng_session *s;
	unsigned int n = 0;
	unsigned long id;
	int err = 0;

	if (!f->parsed) {
		err = kbng_nl_session_filter_parse(f, cb);
		if (err)
			return err;
	}
	rcu_read_lock();
	xa_for_each_start(&kn->sessions, id, s, f->next) {
		spin_lock_bh(&kn->lock);
		if (xa_load(&kn->sessions, id) == s &&
		    kbng_nl_session_matches(s, f->attrs))
			err = kbng_nl_session_dump_one(skb, cb, s);
		spin_unlock_bh(&kn->lock);
		if (err)
			break;
		f->next = id + 1;
		/* The walk goes on from an id: it needs no session to be held. */
		if (++n % 256 == 0)
			cond_resched_rcu();
	}
	rcu_read_unlock();
	/* A session that does not even fit an empty buffer must not end it. */
	return err && !skb->len ? err : skb->len;
}

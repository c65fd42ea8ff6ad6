// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/timekeeping.h>
#include <net/sock.h>
#include "iface.h"
#include "netlink_op.h"
#include "pernet.h"
#include "session.h"

#define KBNG_NL_SESSION_FILTERS					\
	(BIT_ULL(KBNG_A_SESSION_ID) |				\
	 BIT_ULL(KBNG_A_SESSION_IFINDEX) |			\
	 BIT_ULL(KBNG_A_SESSION_MAC) |				\
	 BIT_ULL(KBNG_A_SESSION_ADDR4) |			\
	 BIT_ULL(KBNG_A_SESSION_STATE) |			\
	 BIT_ULL(KBNG_A_SESSION_CIRCUIT_ID) |			\
	 BIT_ULL(KBNG_A_SESSION_REMOTE_ID))

static struct netlink_range_validation kbng_nl_burst_range = {
	.max = KBNG_EDT_BURST_MAX,
};

const struct nla_policy kbng_nl_policy_policy[KBNG_A_POLICY_MAX + 1] = {
	[KBNG_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = KBNG_NAME_MAX },
	[KBNG_A_POLICY_RATE_UP] = { .type = NLA_U64 },
	[KBNG_A_POLICY_RATE_DOWN] = { .type = NLA_U64 },
	[KBNG_A_POLICY_BURST_UP] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &kbng_nl_burst_range),
	[KBNG_A_POLICY_BURST_DOWN] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &kbng_nl_burst_range),
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
	[KBNG_A_SESSION_LEASE_TIME] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_SESSION_TERMINATE_CAUSE] = NLA_POLICY_RANGE(NLA_U32, 1,
							    KBNG_CAUSE_MAX),
	[KBNG_A_SESSION_POLICY] = NLA_POLICY_NESTED(kbng_nl_policy_policy),
	[KBNG_A_SESSION_COOKIE] = { .type = NLA_BINARY,
				    .len = KBNG_COOKIE_MAX },
};

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
	    nla_put_u32(skb, KBNG_A_POLICY_BURST_DOWN, p->burst[KBNG_DOWN]))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
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
	    (s->addr && nla_put_in_addr(skb, KBNG_A_SESSION_ADDR4, s->addr)) ||
	    (s->circuit.len && nla_put(skb, KBNG_A_SESSION_CIRCUIT_ID,
				       s->circuit.len, s->circuit.data)) ||
	    (s->remote.len && nla_put(skb, KBNG_A_SESSION_REMOTE_ID,
				      s->remote.len, s->remote.data)) ||
	    (s->hostname_len && nla_put(skb, KBNG_A_SESSION_HOSTNAME,
					s->hostname_len, s->hostname)) ||
	    (s->server &&
	     nla_put_in_addr(skb, KBNG_A_SESSION_SERVER, s->server)))
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
	if (s->lease_time == U32_MAX)
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
	    (s->has_policy && kbng_nl_session_put_policy(skb, &s->policy)) ||
	    (s->cookie && nla_put(skb, KBNG_A_SESSION_COOKIE, s->cookie->len,
				  s->cookie->data)) ||
	    kbng_nl_session_put_count(skb, KBNG_A_SESSION_UP, s, KBNG_UP) ||
	    kbng_nl_session_put_count(skb, KBNG_A_SESSION_DOWN, s, KBNG_DOWN))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

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
	return err ?: kbng_nl_session_allow(tb, allowed, info->extack);
}

/**
 * kbng_nl_session_allow() - refuse what a command has no use for
 * @tb: attributes of a request
 * @allowed: bits of those that the command takes
 * @extack: says so
 *
 * What is ignored today could never be given a meaning.
 *
 * Return: 0 or -EINVAL
 */
int kbng_nl_session_allow(struct nlattr *const *tb, u64 allowed,
			  struct netlink_ext_ack *extack)
{
	int type;

	for (type = 1; type <= KBNG_A_SESSION_MAX; type++) {
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
 * @attrs: what must match, by attribute; points into @nest
 * @nest: a copy of the request's
 */
struct kbng_nl_session_filter {
	unsigned long next;
	struct nlattr *attrs[KBNG_A_SESSION_MAX + 1];
	struct nlattr *nest;
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
	struct nlattr *nest;
	int err;

	filter = kzalloc(sizeof(*filter), GFP_KERNEL);
	if (!filter)
		return -ENOMEM;
	nest = nlmsg_find_attr(cb->nlh, GENL_HDRLEN, KBNG_A_SESSION);
	if (nest) {
		err = -ENOMEM;
		filter->nest = kmemdup(nest, nla_total_size(nla_len(nest)),
				       GFP_KERNEL);
		if (!filter->nest)
			goto err_free_filter;
		err = nla_parse_nested(filter->attrs, KBNG_A_SESSION_MAX,
				       filter->nest, kbng_nl_session_policy,
				       cb->extack);
		if (!err)
			err = kbng_nl_session_allow(filter->attrs,
						    KBNG_NL_SESSION_FILTERS,
						    cb->extack);
		if (err)
			goto err_free_filter;
		if (filter->attrs[KBNG_A_SESSION_ID])
			filter->next = 1UL +
				nla_get_u32(filter->attrs[KBNG_A_SESSION_ID]);
	}
	kbng_nl_session_ctx(cb)->filter = filter;
	return 0;

err_free_filter:
	kfree(filter->nest);
	kfree(filter);
	return err;
}

int kbng_nl_session_done(struct netlink_callback *cb)
{
	struct kbng_nl_session_filter *filter;

	filter = kbng_nl_session_ctx(cb)->filter;
	kfree(filter->nest);
	kfree(filter);
	return 0;
}

static bool kbng_nl_session_equal(const struct nlattr *attr, const void *data,
				  int len)
{
	return !attr ||
	       (nla_len(attr) == len && !memcmp(nla_data(attr), data, len));
}

static bool kbng_nl_session_matches(const struct kbng_session *s,
				    struct nlattr *const *tb)
{
	u32 state = s->state;

	return kbng_nl_session_equal(tb[KBNG_A_SESSION_IFINDEX],
				     &s->client.ifindex, sizeof(u32)) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_MAC], s->client.mac,
				     ETH_ALEN) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_ADDR4], &s->addr,
				     sizeof(s->addr)) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_STATE], &state,
				     sizeof(state)) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_CIRCUIT_ID],
				     s->circuit.data, s->circuit.len) &&
	       kbng_nl_session_equal(tb[KBNG_A_SESSION_REMOTE_ID],
				     s->remote.data, s->remote.len);
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

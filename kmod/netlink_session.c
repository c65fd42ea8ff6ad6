// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/timekeeping.h>
#include <net/sock.h>
#include "iface.h"
#include "netlink_op.h"
#include "pernet.h"
#include "session.h"

static const struct nla_policy kbng_nl_policy_policy[KBNG_A_POLICY_MAX + 1] = {
	[KBNG_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = KBNG_NAME_MAX },
	[KBNG_A_POLICY_RATE_UP] = { .type = NLA_U64 },
	[KBNG_A_POLICY_RATE_DOWN] = { .type = NLA_U64 },
	[KBNG_A_POLICY_BURST_UP] = { .type = NLA_U32 },
	[KBNG_A_POLICY_BURST_DOWN] = { .type = NLA_U32 },
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

static int kbng_nl_session_parse(struct genl_info *info, struct nlattr **tb)
{
	if (GENL_REQ_ATTR_CHECK(info, KBNG_A_SESSION)) {
		NL_SET_ERR_MSG(info->extack, "the request names no session");
		return -EINVAL;
	}
	return nla_parse_nested(tb, KBNG_A_SESSION_MAX,
				info->attrs[KBNG_A_SESSION],
				kbng_nl_session_policy, info->extack);
}

/*
 * The session that a request names by UUID. On success kbng_net.lock and RCU
 * are held.
 */
static struct kbng_session *kbng_nl_session_find(struct genl_info *info,
						 struct nlattr **tb)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct kbng_session *s;
	int err;

	err = kbng_nl_session_parse(info, tb);
	if (err)
		return ERR_PTR(err);
	if (!tb[KBNG_A_SESSION_UUID]) {
		NL_SET_ERR_MSG(info->extack, "the session's uuid is missing");
		return ERR_PTR(-EINVAL);
	}
	rcu_read_lock();
	spin_lock_bh(&kn->lock);
	s = kbng_session_by_uuid(kn, nla_data(tb[KBNG_A_SESSION_UUID]));
	if (s)
		return s;
	spin_unlock_bh(&kn->lock);
	rcu_read_unlock();
	NL_SET_ERR_MSG(info->extack, "no session has this uuid");
	return ERR_PTR(-ENOENT);
}

static void kbng_nl_session_unlock(struct kbng_net *kn)
{
	spin_unlock_bh(&kn->lock);
	rcu_read_unlock();
}

int kbng_nl_session_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_session *s;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	s = kbng_nl_session_find(info, tb);
	if (IS_ERR(s)) {
		nlmsg_free(msg);
		return PTR_ERR(s);
	}
	err = -EMSGSIZE;
	hdr = genlmsg_put_reply(msg, info, &kbng_nl_family, 0,
				info->genlhdr->cmd);
	if (hdr)
		err = kbng_nl_session_put(msg, s);
	kbng_nl_session_unlock(s->kn);
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
	u32 next;
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
		if (err)
			goto err_free_filter;
		if (filter->attrs[KBNG_A_SESSION_ID])
			filter->next =
			      nla_get_u32(filter->attrs[KBNG_A_SESSION_ID]) + 1;
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
	}
	rcu_read_unlock();
	/* A session that does not even fit an empty buffer must not end it. */
	return err && !skb->len ? err : skb->len;
}

static int kbng_nl_session_policy_parse(const struct nlattr *attr,
					struct kbng_policy *p,
					struct netlink_ext_ack *extack)
{
	struct nlattr *tb[KBNG_A_POLICY_MAX + 1];
	int err;
	int dir;

	err = nla_parse_nested(tb, KBNG_A_POLICY_MAX, attr,
			       kbng_nl_policy_policy, extack);
	if (err)
		return err;
	memset(p, 0, sizeof(*p));
	if (tb[KBNG_A_POLICY_NAME])
		nla_strscpy(p->name, tb[KBNG_A_POLICY_NAME], sizeof(p->name));
	if (tb[KBNG_A_POLICY_RATE_UP])
		p->rate[KBNG_UP] = nla_get_u64(tb[KBNG_A_POLICY_RATE_UP]);
	if (tb[KBNG_A_POLICY_RATE_DOWN])
		p->rate[KBNG_DOWN] = nla_get_u64(tb[KBNG_A_POLICY_RATE_DOWN]);
	if (tb[KBNG_A_POLICY_BURST_UP])
		p->burst[KBNG_UP] = nla_get_u32(tb[KBNG_A_POLICY_BURST_UP]);
	if (tb[KBNG_A_POLICY_BURST_DOWN])
		p->burst[KBNG_DOWN] = nla_get_u32(tb[KBNG_A_POLICY_BURST_DOWN]);
	for (dir = 0; dir < KBNG_DIRS; dir++) {
		if (p->rate[dir] && (p->rate[dir] < KBNG_RATE_MIN ||
				     p->rate[dir] > KBNG_RATE_MAX)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a rate is 0 or from 64 kbit/s to 400 Gbit/s");
			return -ERANGE;
		}
	}
	return 0;
}

/**
 * struct kbng_nl_session_change - what NEW and SET may carry
 * @state: 0: leave
 * @policy: unless NULL, what to set
 * @cookie: unless NULL, what to set; owned until it is applied
 * @buf: behind @policy
 */
struct kbng_nl_session_change {
	u32 state;
	struct kbng_policy *policy;
	struct kbng_cookie *cookie;
	struct kbng_policy buf;
};

static int kbng_nl_session_change_parse(struct nlattr **tb,
					struct kbng_nl_session_change *c,
					struct netlink_ext_ack *extack)
{
	const struct nlattr *cookie = tb[KBNG_A_SESSION_COOKIE];
	int err;

	memset(c, 0, sizeof(*c));
	if (tb[KBNG_A_SESSION_STATE])
		c->state = nla_get_u32(tb[KBNG_A_SESSION_STATE]);
	if (c->state == KBNG_STATE_OFFERED || c->state == KBNG_STATE_STOPPED) {
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_SESSION_STATE],
				    "a session can be made pending, active or rejected");
		return -EINVAL;
	}
	if (tb[KBNG_A_SESSION_POLICY]) {
		err = kbng_nl_session_policy_parse(tb[KBNG_A_SESSION_POLICY],
						   &c->buf, extack);
		if (err)
			return err;
		c->policy = &c->buf;
	}
	if (cookie) {
		c->cookie = kmalloc(struct_size(c->cookie, data,
						nla_len(cookie)), GFP_KERNEL);
		if (!c->cookie)
			return -ENOMEM;
		c->cookie->len = nla_len(cookie);
		nla_memcpy(c->cookie->data, cookie, nla_len(cookie));
	}
	return 0;
}

static void kbng_nl_session_change_apply(struct kbng_session *s,
					 struct kbng_nl_session_change *c)
{
	if (c->policy)
		kbng_session_set_policy(s, c->policy);
	if (c->cookie)
		swap(s->cookie, c->cookie);
	if (c->state)
		kbng_session_set_state(s, c->state);
}

int kbng_nl_session_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_nl_session_change change;
	struct kbng_session *s;
	int err;

	err = kbng_nl_session_parse(info, tb);
	if (err)
		return err;
	err = kbng_nl_session_change_parse(tb, &change, info->extack);
	if (err)
		return err;
	s = kbng_nl_session_find(info, tb);
	if (IS_ERR(s)) {
		kfree(change.cookie);
		return PTR_ERR(s);
	}
	if (s->state == KBNG_STATE_STOPPED) {
		NL_SET_ERR_MSG(info->extack, "the session has ended");
		err = -ESTALE;
	} else if (s->state == KBNG_STATE_OFFERED) {
		NL_SET_ERR_MSG(info->extack, "the session has no address yet");
		err = -EAGAIN;
	} else {
		kbng_nl_session_change_apply(s, &change);
		kbng_nl_session_notify(s, KBNG_CMD_SESSION_STATE_NTF);
	}
	kbng_nl_session_unlock(s->kn);
	kfree(change.cookie);
	return err;
}

int kbng_nl_session_del(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	u32 cause = KBNG_CAUSE_ADMIN_RESET;
	struct kbng_session *s;
	struct kbng_net *kn;
	int err = 0;

	s = kbng_nl_session_find(info, tb);
	if (IS_ERR(s))
		return PTR_ERR(s);
	kn = s->kn;
	if (tb[KBNG_A_SESSION_TERMINATE_CAUSE])
		cause = nla_get_u32(tb[KBNG_A_SESSION_TERMINATE_CAUSE]);
	if (s->state == KBNG_STATE_STOPPED) {
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
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_session *s;
	struct kbng_net *kn;
	int err = 0;

	s = kbng_nl_session_find(info, tb);
	if (IS_ERR(s))
		return PTR_ERR(s);
	kn = s->kn;
	if (s->state == KBNG_STATE_STOPPED) {
		kbng_session_forget(s);
	} else {
		NL_SET_ERR_MSG(info->extack,
			       "the session is live: end it first");
		err = -EBUSY;
	}
	kbng_nl_session_unlock(kn);
	return err;
}

static int kbng_nl_session_new_check(struct genl_info *info,
				     struct nlattr **tb)
{
	struct netlink_ext_ack *extack = info->extack;
	__be32 addr;

	if (!tb[KBNG_A_SESSION_IFINDEX] || !tb[KBNG_A_SESSION_MAC] ||
	    !tb[KBNG_A_SESSION_ADDR4]) {
		NL_SET_ERR_MSG(extack,
			       "a session needs an iface, a MAC and an address");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(tb[KBNG_A_SESSION_MAC]))) {
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_SESSION_MAC],
				    "not the MAC address of one host");
		return -EADDRNOTAVAIL;
	}
	addr = nla_get_in_addr(tb[KBNG_A_SESSION_ADDR4]);
	if (ipv4_is_zeronet(addr) || ipv4_is_multicast(addr) ||
	    ipv4_is_lbcast(addr) || ipv4_is_loopback(addr)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_SESSION_ADDR4],
				    "not the address of one host");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/* Under kbng_net.lock and RCU. */
static struct kbng_session *kbng_nl_session_make(struct kbng_net *kn,
						 struct nlattr **tb,
						 struct netlink_ext_ack *extack)
{
	const u8 *mac = nla_data(tb[KBNG_A_SESSION_MAC]);
	__be32 addr = nla_get_in_addr(tb[KBNG_A_SESSION_ADDR4]);
	struct kbng_iface *iface;
	struct kbng_session *s;

	iface = kbng_iface_get(kn, nla_get_u32(tb[KBNG_A_SESSION_IFINDEX]));
	if (!iface || iface->role != KBNG_ROLE_ACCESS) {
		NL_SET_ERR_MSG(extack, "the device is not an access iface");
		return ERR_PTR(-ENOENT);
	}
	if (kbng_session_by_client(kn, iface->ifindex, mac)) {
		NL_SET_ERR_MSG(extack, "the MAC has a session on this iface");
		return ERR_PTR(-EEXIST);
	}
	if (kbng_session_by_addr(kn, addr)) {
		NL_SET_ERR_MSG(extack, "the address has a session");
		return ERR_PTR(-EADDRINUSE);
	}
	s = kbng_session_create(kn, iface, mac);
	if (IS_ERR(s)) {
		if (PTR_ERR(s) == -ENOSPC)
			NL_SET_ERR_MSG(extack,
				       "the iface or the session table is full");
		return s;
	}
	if (kbng_session_bind(s, addr, tb[KBNG_A_SESSION_LEASE_TIME] ?
			      nla_get_u32(tb[KBNG_A_SESSION_LEASE_TIME]) :
			      U32_MAX)) {
		kbng_session_stop(s, KBNG_CAUSE_NAS_ERROR);
		return ERR_PTR(-ENOMEM);
	}
	return s;
}

static void kbng_nl_session_set_id(struct kbng_id *id,
				   const struct nlattr *attr)
{
	if (attr)
		id->len = nla_memcpy(id->data, attr, sizeof(id->data));
}

int kbng_nl_session_new(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_nl_session_change change;
	struct kbng_session *s;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = kbng_nl_session_parse(info, tb);
	if (err)
		return err;
	err = kbng_nl_session_new_check(info, tb);
	if (err)
		return err;
	err = kbng_nl_session_change_parse(tb, &change, info->extack);
	if (err)
		return err;
	err = -ENOMEM;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		goto out_free_cookie;
	/* An empty default-size message has room for all of a session. */
	hdr = genlmsg_put_reply(msg, info, &kbng_nl_family, 0,
				info->genlhdr->cmd);

	rcu_read_lock();
	spin_lock_bh(&kn->lock);
	s = kbng_nl_session_make(kn, tb, info->extack);
	err = PTR_ERR_OR_ZERO(s);
	if (!err) {
		kbng_nl_session_set_id(&s->circuit,
				       tb[KBNG_A_SESSION_CIRCUIT_ID]);
		kbng_nl_session_set_id(&s->remote,
				       tb[KBNG_A_SESSION_REMOTE_ID]);
		kbng_nl_session_change_apply(s, &change);
		kbng_nl_session_notify(s, KBNG_CMD_SESSION_BIND_NTF);
		err = kbng_nl_session_put(msg, s);
	}
	kbng_nl_session_unlock(kn);
	if (err)
		goto out_free_msg;
	genlmsg_end(msg, hdr);
	err = genlmsg_reply(msg, info);
	goto out_free_cookie;

out_free_msg:
	nlmsg_free(msg);
out_free_cookie:
	kfree(change.cookie);
	return err;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What userspace does to sessions: make, judge, end and acknowledge them.
 */
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include "iface.h"
#include "netlink_op.h"
#include "pernet.h"
#include "session.h"

#define KBNG_NL_CHANGE_ANY					\
	(BIT_ULL(KBNG_A_SESSION_STATE) |			\
	 BIT_ULL(KBNG_A_SESSION_POLICY) |			\
	 BIT_ULL(KBNG_A_SESSION_COOKIE))
#define KBNG_NL_CHANGE_SET					\
	(KBNG_NL_CHANGE_ANY | BIT_ULL(KBNG_A_SESSION_UUID))
#define KBNG_NL_CHANGE_NEW					\
	(KBNG_NL_CHANGE_ANY |					\
	 BIT_ULL(KBNG_A_SESSION_IFINDEX) |			\
	 BIT_ULL(KBNG_A_SESSION_MAC) |				\
	 BIT_ULL(KBNG_A_SESSION_ADDR4) |			\
	 BIT_ULL(KBNG_A_SESSION_CIRCUIT_ID) |			\
	 BIT_ULL(KBNG_A_SESSION_REMOTE_ID) |			\
	 BIT_ULL(KBNG_A_SESSION_LEASE_TIME))

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
		if (!kbng_edt_burst_ok(p->rate[dir], p->burst[dir])) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a burst lasts at most 4 s at its rate");
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
						nla_len(cookie)), GFP_KERNEL_ACCOUNT);
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
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_nl_session_change change;
	struct kbng_session *s;
	int err;

	err = kbng_nl_session_parse(info, tb, KBNG_NL_CHANGE_SET);
	if (err)
		return err;
	err = kbng_nl_session_change_parse(tb, &change, info->extack);
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
		NL_SET_ERR_MSG(info->extack, "the session has no address yet");
		err = -EAGAIN;
	} else {
		kbng_nl_session_change_apply(s, &change);
		kbng_nl_session_notify(s, KBNG_CMD_SESSION_STATE_NTF);
	}
	kbng_nl_session_unlock(kn);
	kfree(change.cookie);
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
	if (kbng_host_find(kn, addr, KBNG_UP)) {
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

	err = kbng_nl_session_parse(info, tb, KBNG_NL_CHANGE_NEW);
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
	hdr = genlmsg_put_reply(msg, info, &kbng_nl_family, 0,
				info->genlhdr->cmd);

	kbng_nl_session_lock(kn);
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

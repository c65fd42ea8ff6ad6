// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>
#include "netlink_op.h"
#include "pernet.h"
#include "shaper.h"

const struct nla_policy kbng_nl_shaper_policy[KBNG_A_SHAPER_MAX + 1] = {
	[KBNG_A_SHAPER_NAME] = { .type = NLA_NUL_STRING, .len = KBNG_NAME_MAX },
	[KBNG_A_SHAPER_PARENT] = { .type = NLA_NUL_STRING,
				   .len = KBNG_NAME_MAX },
	[KBNG_A_SHAPER_RATE_UP] = { .type = NLA_U64 },
	[KBNG_A_SHAPER_RATE_DOWN] = { .type = NLA_U64 },
	[KBNG_A_SHAPER_BURST_UP] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &kbng_nl_burst_range),
	[KBNG_A_SHAPER_BURST_DOWN] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &kbng_nl_burst_range),
};

static int kbng_nl_shaper_put_flow(struct sk_buff *skb,
				   struct kbng_shaper *shaper,
				   enum kbng_dir dir)
{
	struct kbng_shaper_flow *flow = &shaper->flow[dir];
	u64 packets;
	u64 octets;
	u64 share;

	spin_lock_bh(&flow->lock);
	packets = flow->packets;
	octets = flow->octets;
	share = kbng_edt_cost(flow->share);
	spin_unlock_bh(&flow->lock);
	/* Attributes of a pair are neighbours, up before down. */
	if (nla_put_u64_64bit(skb, KBNG_A_SHAPER_RATE_UP + dir,
			      shaper->rate[dir], KBNG_A_SHAPER_PAD) ||
	    nla_put_u32(skb, KBNG_A_SHAPER_BURST_UP + dir,
			shaper->burst[dir]) ||
	    (share &&
	     nla_put_u64_64bit(skb, KBNG_A_SHAPER_SHARE_UP + dir, share,
			       KBNG_A_SHAPER_PAD)) ||
	    nla_put_u64_64bit(skb, KBNG_A_SHAPER_PACKETS_UP + dir, packets,
			      KBNG_A_SHAPER_PAD) ||
	    nla_put_u64_64bit(skb, KBNG_A_SHAPER_OCTETS_UP + dir, octets,
			      KBNG_A_SHAPER_PAD))
		return -EMSGSIZE;
	return 0;
}

static int kbng_nl_shaper_put(struct sk_buff *skb, struct kbng_shaper *shaper)
{
	struct nlattr *nest;
	int dir;

	nest = nla_nest_start(skb, KBNG_A_SHAPER);
	if (!nest || nla_put_u32(skb, KBNG_A_SHAPER_ID, shaper->id) ||
	    nla_put_string(skb, KBNG_A_SHAPER_NAME, shaper->name) ||
	    (shaper->parent &&
	     nla_put_string(skb, KBNG_A_SHAPER_PARENT,
			    shaper->parent->name)) ||
	    nla_put_u32(skb, KBNG_A_SHAPER_USERS, shaper->users))
		return -EMSGSIZE;
	for (dir = 0; dir < KBNG_DIRS; dir++)
		if (kbng_nl_shaper_put_flow(skb, shaper, dir))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* The nest's attributes, NAME among them. */
static int kbng_nl_shaper_parse(struct genl_info *info, struct nlattr **tb)
{
	int err;

	if (GENL_REQ_ATTR_CHECK(info, KBNG_A_SHAPER)) {
		NL_SET_ERR_MSG(info->extack, "the request names no shaper");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, KBNG_A_SHAPER_MAX,
			       info->attrs[KBNG_A_SHAPER],
			       kbng_nl_shaper_policy, info->extack);
	if (err)
		return err;
	if (!tb[KBNG_A_SHAPER_NAME] || !*(char *)nla_data(tb[KBNG_A_SHAPER_NAME])) {
		NL_SET_ERR_MSG(info->extack, "the shaper's name is missing");
		return -EINVAL;
	}
	return 0;
}

/**
 * kbng_nl_shaper_find() - the shaper that a request names
 * @kn: namespace, locked
 * @name: attribute with its name
 * @extack: says what is wrong
 *
 * Return: the shaper or an error pointer
 */
struct kbng_shaper *kbng_nl_shaper_find(struct kbng_net *kn,
					const struct nlattr *name,
					struct netlink_ext_ack *extack)
{
	struct kbng_shaper *shaper = kbng_shaper_find(kn, nla_data(name));

	if (shaper)
		return shaper;
	NL_SET_ERR_MSG_ATTR(extack, name, "no shaper has this name");
	return ERR_PTR(-ENOENT);
}

int kbng_nl_shaper_get(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SHAPER_MAX + 1];
	struct kbng_shaper *shaper;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = kbng_nl_shaper_parse(info, tb);
	if (err)
		return err;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	/* An empty default-size message has room for all of a shaper. */
	hdr = genlmsg_put_reply(msg, info, &kbng_nl_family, 0,
				info->genlhdr->cmd);
	spin_lock_bh(&kn->lock);
	shaper = kbng_nl_shaper_find(kn, tb[KBNG_A_SHAPER_NAME], info->extack);
	err = IS_ERR(shaper) ? PTR_ERR(shaper) :
			       kbng_nl_shaper_put(msg, shaper);
	spin_unlock_bh(&kn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/* By id: what exists during the whole dump is in it exactly once. */
int kbng_nl_shaper_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct kbng_net *kn = kbng_net(sock_net(skb->sk));
	struct kbng_shaper *shaper;
	unsigned long id;
	void *hdr;

	spin_lock_bh(&kn->lock);
	xa_for_each_start(&kn->shapers, id, shaper, cb->args[0]) {
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, &kbng_nl_family,
				  NLM_F_MULTI, KBNG_CMD_SHAPER_GET);
		if (!hdr)
			break;
		if (kbng_nl_shaper_put(skb, shaper)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0] = id + 1;
	}
	spin_unlock_bh(&kn->lock);
	return skb->len;
}

/* The one that is there, or a new one. */
static struct kbng_shaper *kbng_nl_shaper_take(struct kbng_net *kn,
					       struct nlattr **tb,
					       struct netlink_ext_ack *extack)
{
	const char *name = nla_data(tb[KBNG_A_SHAPER_NAME]);
	struct kbng_shaper *shaper = kbng_shaper_find(kn, name);
	struct kbng_shaper *parent = NULL;

	if (tb[KBNG_A_SHAPER_PARENT]) {
		parent = kbng_nl_shaper_find(kn, tb[KBNG_A_SHAPER_PARENT],
					     extack);
		if (IS_ERR(parent))
			return parent;
	}
	if (shaper) {
		if (!tb[KBNG_A_SHAPER_PARENT] || shaper->parent == parent)
			return shaper;
		NL_SET_ERR_MSG(extack,
			       "a shaper's parent does not change: delete it first");
		return ERR_PTR(-EBUSY);
	}
	if (parent && parent->level + 1 >= KBNG_SHAPER_LEVELS) {
		NL_SET_ERR_MSG(extack, "at most 4 shapers above each other");
		return ERR_PTR(-ELOOP);
	}
	return kbng_shaper_create(kn, name, parent) ?: ERR_PTR(-ENOMEM);
}

int kbng_nl_shaper_set(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SHAPER_MAX + 1];
	struct kbng_shaper *shaper;
	u64 rate[KBNG_DIRS];
	u32 burst[KBNG_DIRS];
	int err;
	int dir;

	err = kbng_nl_shaper_parse(info, tb);
	if (err)
		return err;
	for (dir = 0; dir < KBNG_DIRS; dir++) {
		err = kbng_nl_rate(tb[KBNG_A_SHAPER_RATE_UP + dir],
				   tb[KBNG_A_SHAPER_BURST_UP + dir],
				   &rate[dir], &burst[dir], info->extack);
		if (err)
			return err;
	}
	spin_lock_bh(&kn->lock);
	shaper = kbng_nl_shaper_take(kn, tb, info->extack);
	err = PTR_ERR_OR_ZERO(shaper);
	for (dir = 0; !err && dir < KBNG_DIRS; dir++)
		kbng_shaper_set_rate(shaper, dir, rate[dir], burst[dir]);
	spin_unlock_bh(&kn->lock);
	return err;
}

int kbng_nl_shaper_del(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SHAPER_MAX + 1];
	struct kbng_shaper *shaper;
	int err;

	err = kbng_nl_shaper_parse(info, tb);
	if (err)
		return err;
	spin_lock_bh(&kn->lock);
	shaper = kbng_nl_shaper_find(kn, tb[KBNG_A_SHAPER_NAME], info->extack);
	if (IS_ERR(shaper)) {
		err = PTR_ERR(shaper);
	} else if (shaper->users) {
		NL_SET_ERR_MSG(info->extack,
			       "sessions or other shapers still use it");
		err = -EBUSY;
	} else {
		kbng_shaper_delete(kn, shaper);
	}
	spin_unlock_bh(&kn->lock);
	return err;
}

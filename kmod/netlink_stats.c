// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: of the namespace, or those of an iface.
 */
#include "iface.h"
#include "netlink_op.h"
#include "pernet.h"
#include "stats.h"

/* Names have less than 32 octets; three headers, and the value aligned. */
#define KBNG_NL_STATS_SIZE	(256 + __KBNG_STAT_MAX * 64)

static int kbng_nl_stats_put_module(struct sk_buff *skb, struct kbng_net *kn)
{
	u64 seq;

	spin_lock_bh(&kn->lock);
	seq = kn->seq;
	spin_unlock_bh(&kn->lock);
	if (nla_put(skb, KBNG_A_INSTANCE, sizeof(kn->instance),
		    &kn->instance) ||
	    nla_put_string(skb, KBNG_A_VERSION, KBNG_VERSION) ||
	    nla_put_u64_64bit(skb, KBNG_A_SEQ, seq, KBNG_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int kbng_nl_stats_put(struct sk_buff *skb,
			     const struct kbng_stats __percpu *stats)
{
	struct nlattr *nest;
	int stat;

	for (stat = KBNG_STAT_NONE + 1; stat < __KBNG_STAT_MAX; stat++) {
		nest = nla_nest_start(skb, KBNG_A_STAT);
		if (!nest ||
		    nla_put_string(skb, KBNG_A_STAT_NAME,
				   kbng_stat_name(stat)) ||
		    nla_put_u64_64bit(skb, KBNG_A_STAT_VALUE,
				      kbng_stat_sum(stats, stat),
				      KBNG_A_STAT_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/* Of the iface that the request names, or of the namespace. */
static int kbng_nl_stats_put_asked(struct sk_buff *skb, struct kbng_net *kn,
				   struct genl_info *info)
{
	struct nlattr *tb[KBNG_A_IFACE_MAX + 1];
	const struct kbng_iface *iface;
	int err;

	if (!info->attrs[KBNG_A_IFACE])
		return kbng_nl_stats_put(skb, kn->stats);
	err = kbng_nl_iface_parse(info, tb, BIT_ULL(KBNG_A_IFACE_IFINDEX));
	if (err)
		return err;
	rcu_read_lock();
	iface = kbng_iface_get(kn, nla_get_u32(tb[KBNG_A_IFACE_IFINDEX]));
	if (iface) {
		err = kbng_nl_stats_put(skb, iface->stats);
	} else {
		NL_SET_ERR_MSG(info->extack, "the device is not an iface");
		err = -ENOENT;
	}
	rcu_read_unlock();
	return err;
}

int kbng_nl_stats_get(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = genlmsg_new(KBNG_NL_STATS_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	err = -EMSGSIZE;
	hdr = genlmsg_put_reply(msg, info, &kbng_nl_family, 0,
				info->genlhdr->cmd);
	if (!hdr)
		goto err_free_msg;
	err = kbng_nl_stats_put_module(msg, kn);
	if (!err)
		err = kbng_nl_stats_put_asked(msg, kn, info);
	if (err)
		goto err_free_msg;
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

err_free_msg:
	nlmsg_free(msg);
	return err;
}

// SPDX-License-Identifier: GPL-2.0
#include "netlink.h"

#include <linux/module.h>
#include "dhcp.h"
#include "netlink_op.h"
#include "pernet.h"
#include "session.h"
#include "stats.h"

enum {
	KBNG_NL_GROUP_SESSION,
	KBNG_NL_GROUP_DHCP,
};

/* What a command has no use for is refused, or it could never get a meaning. */
static const struct nla_policy kbng_nl_about_iface[KBNG_A_MAX + 1] = {
	[KBNG_A_IFACE] = NLA_POLICY_NESTED(kbng_nl_iface_policy),
};

static const struct nla_policy kbng_nl_about_session[KBNG_A_MAX + 1] = {
	[KBNG_A_SESSION] = NLA_POLICY_NESTED(kbng_nl_session_policy),
};

static const struct nla_policy kbng_nl_about_shaper[KBNG_A_MAX + 1] = {
	[KBNG_A_SHAPER] = NLA_POLICY_NESTED(kbng_nl_shaper_policy),
};

static const struct genl_ops kbng_nl_ops[] = {
	{
		.cmd = KBNG_CMD_IFACE_GET,
		.doit = kbng_nl_iface_get,
		.dumpit = kbng_nl_iface_dump,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_iface,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_IFACE_SET,
		.doit = kbng_nl_iface_set,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_iface,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_IFACE_DEL,
		.doit = kbng_nl_iface_del,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_iface,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_SESSION_GET,
		.doit = kbng_nl_session_get,
		.start = kbng_nl_session_start,
		.dumpit = kbng_nl_session_dump,
		.done = kbng_nl_session_done,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_session,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_SESSION_NEW,
		.doit = kbng_nl_session_new,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_session,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_SESSION_SET,
		.doit = kbng_nl_session_set,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_session,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_SESSION_DEL,
		.doit = kbng_nl_session_del,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_session,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_SESSION_ACK,
		.doit = kbng_nl_session_ack,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_session,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_SHAPER_GET,
		.doit = kbng_nl_shaper_get,
		.dumpit = kbng_nl_shaper_dump,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_shaper,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_SHAPER_SET,
		.doit = kbng_nl_shaper_set,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_shaper,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_SHAPER_DEL,
		.doit = kbng_nl_shaper_del,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_shaper,
		.maxattr = KBNG_A_MAX,
	},
	{
		.cmd = KBNG_CMD_STATS_GET,
		.doit = kbng_nl_stats_get,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = kbng_nl_about_iface,
		.maxattr = KBNG_A_MAX,
	},
};

static const struct genl_multicast_group kbng_nl_groups[] = {
	[KBNG_NL_GROUP_SESSION] = {
		.name = KBNG_MCGRP_SESSION,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[KBNG_NL_GROUP_DHCP] = {
		.name = KBNG_MCGRP_DHCP,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family kbng_nl_family __ro_after_init = {
	.name = KBNG_GENL_NAME,
	.version = KBNG_GENL_VERSION,
	.netnsok = true,
	.module = THIS_MODULE,
	.ops = kbng_nl_ops,
	.n_ops = ARRAY_SIZE(kbng_nl_ops),
	.mcgrps = kbng_nl_groups,
	.n_mcgrps = ARRAY_SIZE(kbng_nl_groups),
};

int __init kbng_nl_init(void)
{
	return genl_register_family(&kbng_nl_family);
}

void kbng_nl_uninit(void)
{
	genl_unregister_family(&kbng_nl_family);
}

/**
 * kbng_nl_session_notify() - tell group "session"
 * @s: session
 * @cmd: what happened, KBNG_CMD_SESSION_*_NTF
 *
 * Under kbng_net.lock, so that notifications are in the order of what they
 * tell. One that cannot be sent leaves a gap in the sequence.
 */
void kbng_nl_session_notify(struct kbng_session *s, enum kbng_cmd cmd)
{
	struct kbng_net *kn = s->kn;
	struct sk_buff *msg;
	void *hdr;

	lockdep_assert_held(&kn->lock);
	kn->seq++;
	if (!genl_has_listeners(&kbng_nl_family, kn->net,
				KBNG_NL_GROUP_SESSION))
		return;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!msg)
		goto err_count;
	hdr = genlmsg_put(msg, 0, 0, &kbng_nl_family, 0, cmd);
	if (!hdr || nla_put_u64_64bit(msg, KBNG_A_SEQ, kn->seq, KBNG_A_PAD) ||
	    kbng_nl_session_put(msg, s))
		goto err_free_msg;
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&kbng_nl_family, kn->net, msg, 0,
				KBNG_NL_GROUP_SESSION, GFP_ATOMIC);
	return;

err_free_msg:
	nlmsg_free(msg);
err_count:
	kbng_stat_inc(kn->stats, KBNG_STAT_ntf_lost);
}

/**
 * kbng_nl_dhcp_notify() - tell group "dhcp" of a message that is relayed
 * @kn: namespace
 * @ifindex: access iface
 * @m: message
 * @server: where it came from, 0 when from a client
 */
void kbng_nl_dhcp_notify(struct kbng_net *kn, int ifindex,
			 const struct kbng_dhcp *m, __be32 server)
{
	__be32 addr = m->yiaddr ?: m->ciaddr ?: m->requested;
	struct nlattr *nest;
	struct sk_buff *msg;
	void *hdr;

	if (!genl_has_listeners(&kbng_nl_family, kn->net, KBNG_NL_GROUP_DHCP))
		return;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!msg)
		goto err_count;
	hdr = genlmsg_put(msg, 0, 0, &kbng_nl_family, 0, KBNG_CMD_DHCP_NTF);
	nest = hdr ? nla_nest_start(msg, KBNG_A_DHCP) : NULL;
	if (!nest || nla_put_u32(msg, KBNG_A_DHCP_IFINDEX, ifindex) ||
	    nla_put_u32(msg, KBNG_A_DHCP_TYPE, m->type) ||
	    nla_put_u32(msg, KBNG_A_DHCP_XID, ntohl(m->xid)) ||
	    nla_put(msg, KBNG_A_DHCP_MAC, sizeof(m->chaddr), m->chaddr) ||
	    (addr && nla_put_in_addr(msg, KBNG_A_DHCP_ADDR4, addr)) ||
	    (server && nla_put_in_addr(msg, KBNG_A_DHCP_SERVER, server)))
		goto err_free_msg;
	nla_nest_end(msg, nest);
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&kbng_nl_family, kn->net, msg, 0,
				KBNG_NL_GROUP_DHCP, GFP_ATOMIC);
	return;

err_free_msg:
	nlmsg_free(msg);
err_count:
	kbng_stat_inc(kn->stats, KBNG_STAT_ntf_lost);
}

// SPDX-License-Identifier: GPL-2.0
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>
#include "iface.h"
#include "netlink_op.h"
#include "pernet.h"
#include "shape.h"
#include "template.h"

/* us; fq keeps no packet for longer than 10 s. */
static struct netlink_range_validation kbng_nl_iface_delay_range = {
	.min = 1000,
	.max = 5000000,
};

const struct nla_policy kbng_nl_iface_policy[KBNG_A_IFACE_MAX + 1] = {
	[KBNG_A_IFACE_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_IFACE_ROLE] = NLA_POLICY_RANGE(NLA_U32, KBNG_ROLE_ACCESS,
					       KBNG_ROLE_CORE),
	[KBNG_A_IFACE_GIADDR] = { .type = NLA_U32 },
	[KBNG_A_IFACE_SERVER] = { .type = NLA_U32 },
	[KBNG_A_IFACE_CIRCUIT_ID_FORMAT] = { .type = NLA_NUL_STRING,
					     .len = KBNG_FORMAT_MAX },
	[KBNG_A_IFACE_REMOTE_ID_FORMAT] = { .type = NLA_NUL_STRING,
					    .len = KBNG_FORMAT_MAX },
	[KBNG_A_IFACE_MAX_SESSIONS] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_IFACE_OFFER_TIMEOUT] = NLA_POLICY_RANGE(NLA_U32, 1, 3600),
	[KBNG_A_IFACE_MAX_DELAY] = NLA_POLICY_FULL_RANGE(NLA_U32,
						&kbng_nl_iface_delay_range),
	[KBNG_A_IFACE_SHAPER_MODE] = NLA_POLICY_MAX(NLA_U32,
						    KBNG_SHAPER_POLICE),
	[KBNG_A_IFACE_FASTPATH] = NLA_POLICY_MAX(NLA_U32, 1),
};

static int kbng_nl_iface_put(struct sk_buff *skb, struct kbng_iface *iface)
{
	const struct kbng_iface_config *cfg = rcu_dereference(iface->config);
	struct nlattr *nest;
	unsigned int i;

	nest = nla_nest_start(skb, KBNG_A_IFACE);
	if (!nest ||
	    nla_put_u32(skb, KBNG_A_IFACE_IFINDEX, iface->ifindex) ||
	    nla_put_string(skb, KBNG_A_IFACE_IFNAME, iface->dev->name) ||
	    nla_put_u32(skb, KBNG_A_IFACE_ROLE, iface->role) ||
	    (cfg->giaddr &&
	     nla_put_in_addr(skb, KBNG_A_IFACE_GIADDR, cfg->giaddr)) ||
	    nla_put_string(skb, KBNG_A_IFACE_CIRCUIT_ID_FORMAT,
			   cfg->circuit_format) ||
	    nla_put_string(skb, KBNG_A_IFACE_REMOTE_ID_FORMAT,
			   cfg->remote_format) ||
	    nla_put_u32(skb, KBNG_A_IFACE_MAX_SESSIONS, cfg->max_sessions) ||
	    nla_put_u32(skb, KBNG_A_IFACE_OFFER_TIMEOUT, cfg->offer_timeout) ||
	    nla_put_u32(skb, KBNG_A_IFACE_MAX_DELAY, cfg->max_delay) ||
	    nla_put_u32(skb, KBNG_A_IFACE_SHAPER_MODE, cfg->shaper_mode) ||
	    nla_put_u32(skb, KBNG_A_IFACE_SHAPING,
			kbng_shape_held(iface->dev, cfg->shaper_mode) ?
				KBNG_SHAPER_EDT : KBNG_SHAPER_POLICE) ||
	    nla_put_u32(skb, KBNG_A_IFACE_SESSIONS,
			READ_ONCE(iface->n_sessions)) ||
	    nla_put_u32(skb, KBNG_A_IFACE_FASTPATH, cfg->fastpath))
		return -EMSGSIZE;
	for (i = 0; i < cfg->n_servers; i++)
		if (nla_put_in_addr(skb, KBNG_A_IFACE_SERVER, cfg->servers[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* The nest's attributes, IFINDEX among them. */
static int kbng_nl_iface_parse(struct genl_info *info, struct nlattr **tb)
{
	int err;

	if (GENL_REQ_ATTR_CHECK(info, KBNG_A_IFACE)) {
		NL_SET_ERR_MSG(info->extack, "the request names no iface");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, KBNG_A_IFACE_MAX, info->attrs[KBNG_A_IFACE],
			       kbng_nl_iface_policy, info->extack);
	if (err)
		return err;
	if (!tb[KBNG_A_IFACE_IFINDEX]) {
		NL_SET_ERR_MSG(info->extack, "the iface's ifindex is missing");
		return -EINVAL;
	}
	return 0;
}

int kbng_nl_iface_get(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_IFACE_MAX + 1];
	struct kbng_iface *iface;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = kbng_nl_iface_parse(info, tb);
	if (err)
		return err;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	err = -EMSGSIZE;
	hdr = genlmsg_put_reply(msg, info, &kbng_nl_family, 0,
				info->genlhdr->cmd);
	if (!hdr)
		goto err_free_msg;
	rcu_read_lock();
	iface = kbng_iface_get(kn, nla_get_u32(tb[KBNG_A_IFACE_IFINDEX]));
	if (iface) {
		err = kbng_nl_iface_put(msg, iface);
	} else {
		NL_SET_ERR_MSG(info->extack, "the device is not an iface");
		err = -ENOENT;
	}
	rcu_read_unlock();
	if (err)
		goto err_free_msg;
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

err_free_msg:
	nlmsg_free(msg);
	return err;
}

int kbng_nl_iface_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct kbng_net *kn = kbng_net(sock_net(skb->sk));
	struct kbng_iface *iface;
	unsigned long ifindex;
	void *hdr;

	rcu_read_lock();
	xa_for_each_start(&kn->ifaces, ifindex, iface, cb->args[0]) {
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, &kbng_nl_family,
				  NLM_F_MULTI, KBNG_CMD_IFACE_GET);
		if (!hdr)
			break;
		if (kbng_nl_iface_put(skb, iface)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0] = ifindex + 1;
	}
	rcu_read_unlock();
	return skb->len;
}

static int kbng_nl_iface_format(char *dst, const struct nlattr *attr,
				const char *fallback,
				struct netlink_ext_ack *extack)
{
	if (!attr) {
		strscpy(dst, fallback, KBNG_FORMAT_MAX + 1);
		return 0;
	}
	nla_strscpy(dst, attr, KBNG_FORMAT_MAX + 1);
	if (kbng_template_valid(dst))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "unknown word in a template: use {host}, {ifname}, {mac}, {vlan} or {giaddr}");
	return -EINVAL;
}

static int kbng_nl_iface_servers(struct kbng_iface_config *cfg,
				 const struct nlattr *nest,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	__be32 addr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != KBNG_A_IFACE_SERVER)
			continue;
		if (cfg->n_servers == KBNG_SERVERS_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "too many DHCP servers: at most 8");
			return -E2BIG;
		}
		addr = nla_get_in_addr(attr);
		if (ipv4_is_zeronet(addr) || ipv4_is_multicast(addr) ||
		    ipv4_is_lbcast(addr)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a DHCP server needs a unicast address");
			return -EINVAL;
		}
		cfg->servers[cfg->n_servers++] = addr;
	}
	return 0;
}

static u32 kbng_nl_iface_u32(const struct nlattr *attr, u32 fallback)
{
	return attr ? nla_get_u32(attr) : fallback;
}

static int kbng_nl_iface_config(struct kbng_iface_config *cfg,
				struct nlattr **tb, struct genl_info *info)
{
	struct netlink_ext_ack *extack = info->extack;
	int err;

	if (tb[KBNG_A_IFACE_GIADDR])
		cfg->giaddr = nla_get_in_addr(tb[KBNG_A_IFACE_GIADDR]);
	err = kbng_nl_iface_servers(cfg, info->attrs[KBNG_A_IFACE], extack);
	if (err)
		return err;
	if (cfg->n_servers && (!cfg->giaddr || ipv4_is_multicast(cfg->giaddr) ||
			       ipv4_is_lbcast(cfg->giaddr))) {
		NL_SET_ERR_MSG(extack,
			       "DHCP servers need a giaddr: this machine's address on the iface");
		return -EINVAL;
	}
	err = kbng_nl_iface_format(cfg->circuit_format,
				   tb[KBNG_A_IFACE_CIRCUIT_ID_FORMAT],
				   KBNG_TEMPLATE_CIRCUIT_ID, extack);
	if (err)
		return err;
	err = kbng_nl_iface_format(cfg->remote_format,
				   tb[KBNG_A_IFACE_REMOTE_ID_FORMAT],
				   KBNG_TEMPLATE_REMOTE_ID, extack);
	if (err)
		return err;
	cfg->max_sessions = kbng_nl_iface_u32(tb[KBNG_A_IFACE_MAX_SESSIONS],
					      KBNG_IFACE_MAX_SESSIONS);
	cfg->offer_timeout = kbng_nl_iface_u32(tb[KBNG_A_IFACE_OFFER_TIMEOUT],
					       KBNG_IFACE_OFFER_TIMEOUT);
	cfg->max_delay = kbng_nl_iface_u32(tb[KBNG_A_IFACE_MAX_DELAY],
					   KBNG_IFACE_MAX_DELAY);
	cfg->shaper_mode = kbng_nl_iface_u32(tb[KBNG_A_IFACE_SHAPER_MODE],
					     KBNG_SHAPER_AUTO);
	cfg->fastpath = kbng_nl_iface_u32(tb[KBNG_A_IFACE_FASTPATH], 0);
	strscpy(cfg->host, utsname()->nodename, sizeof(cfg->host));
	return 0;
}

int kbng_nl_iface_set(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_IFACE_MAX + 1];
	struct kbng_iface_config *cfg;
	int err;

	err = kbng_nl_iface_parse(info, tb);
	if (err)
		return err;
	if (!tb[KBNG_A_IFACE_ROLE]) {
		NL_SET_ERR_MSG(info->extack,
			       "the iface's role is missing: access or core");
		return -EINVAL;
	}
	cfg = kzalloc(sizeof(*cfg), GFP_KERNEL_ACCOUNT);
	if (!cfg)
		return -ENOMEM;
	err = kbng_nl_iface_config(cfg, tb, info);
	if (err)
		goto err_free_cfg;
	rtnl_lock();
	err = kbng_iface_set(kn, nla_get_u32(tb[KBNG_A_IFACE_IFINDEX]),
			     nla_get_u32(tb[KBNG_A_IFACE_ROLE]), cfg,
			     info->extack);
	rtnl_unlock();
	if (err)
		goto err_free_cfg;
	return 0;

err_free_cfg:
	/* An iface that failed half way may have been seen by a packet. */
	kfree_rcu(cfg, rcu);
	return err;
}

int kbng_nl_iface_del(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_IFACE_MAX + 1];
	struct kbng_iface *iface;
	int err;

	err = kbng_nl_iface_parse(info, tb);
	if (err)
		return err;
	rtnl_lock();
	iface = kbng_iface_get(kn, nla_get_u32(tb[KBNG_A_IFACE_IFINDEX]));
	if (iface) {
		kbng_iface_del(iface);
	} else {
		NL_SET_ERR_MSG(info->extack, "the device is not an iface");
		err = -ENOENT;
	}
	rtnl_unlock();
	return err;
}

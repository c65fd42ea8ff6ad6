// SPDX-License-Identifier: GPL-2.0
#include <linux/rtnetlink.h>
#include <net/sock.h>
#include "iface.h"
#include "netlink_op.h"
#include "pernet.h"
#include "shape.h"

static int kbng_nl_iface_put_triggers(struct sk_buff *skb,
				      const struct kbng_iface_config *cfg)
{
	u8 subnet[KBNG_NL_SUBNET_LEN];
	unsigned int i;

	for (i = 0; i < cfg->n_triggers; i++) {
		memcpy(subnet, &cfg->triggers[i].addr, sizeof(__be32));
		subnet[sizeof(__be32)] = cfg->triggers[i].len;
		if (nla_put(skb, KBNG_A_IFACE_TRIGGER, sizeof(subnet), subnet))
			return -EMSGSIZE;
	}
	if (nla_put_u32(skb, KBNG_A_IFACE_TRIGGER6, cfg->trigger6))
		return -EMSGSIZE;
	return cfg->n_triggers || cfg->trigger6 ?
		       nla_put_u32(skb, KBNG_A_IFACE_TRIGGER_RATE,
				   cfg->trigger_rate) : 0;
}

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
	    nla_put_u32(skb, KBNG_A_IFACE_FASTPATH, cfg->fastpath) ||
	    nla_put_u32(skb, KBNG_A_IFACE_TRUSTED, cfg->trusted) ||
	    nla_put_u32(skb, KBNG_A_IFACE_OPT82, cfg->opt82) ||
	    nla_put_u32(skb, KBNG_A_IFACE_SERVERS_MODE, cfg->servers_mode) ||
	    (cfg->link_selection &&
	     nla_put_in_addr(skb, KBNG_A_IFACE_LINK_SELECTION, cfg->link_selection)) ||
	    (cfg->server_id &&
	     nla_put_in_addr(skb, KBNG_A_IFACE_SERVER_ID, cfg->server_id)) ||
	    (*cfg->subscriber_format &&
	     nla_put_string(skb, KBNG_A_IFACE_SUBSCRIBER_ID_FORMAT,
			    cfg->subscriber_format)) ||
	    (*cfg->relay_format &&
	     nla_put_string(skb, KBNG_A_IFACE_RELAY_ID_FORMAT,
			    cfg->relay_format)) ||
	    (*cfg->vpn &&
	     nla_put_string(skb, KBNG_A_IFACE_VPN,
			    cfg->vpn)) ||
	    nla_put_u32(skb, KBNG_A_IFACE_RELAY_FLAGS, cfg->relay_flags) ||
	    nla_put_u32(skb, KBNG_A_IFACE_TARGET_DELAY, cfg->target_delay) ||
	    nla_put_u32(skb, KBNG_A_IFACE_DHCP_RATE, cfg->dhcp_rate) ||
	    nla_put_u32(skb, KBNG_A_IFACE_LINE_DHCP_RATE,
			cfg->line_dhcp_rate) ||
	    nla_put_u32(skb, KBNG_A_IFACE_LINE_SESSIONS, cfg->line_sessions) ||
	    nla_put_u32(skb, KBNG_A_IFACE_LINE_CAP, cfg->line_cap) ||
	    nla_put_u32(skb, KBNG_A_IFACE_MOVE, cfg->move) ||
	    nla_put_u32(skb, KBNG_A_IFACE_VLAN, cfg->vlan) ||
	    nla_put_u32(skb, KBNG_A_IFACE_AUTH, cfg->auth))
		return -EMSGSIZE;
	for (i = 0; i < cfg->n_servers; i++)
		if (nla_put_in_addr(skb, KBNG_A_IFACE_SERVER, cfg->servers[i]))
			return -EMSGSIZE;
	for (i = 0; i < cfg->n_nodes; i++)
		if (nla_put_in_addr(skb, KBNG_A_IFACE_NODE, cfg->nodes[i]))
			return -EMSGSIZE;
	if (cfg->n_servers6 &&
	    nla_put_in6_addr(skb, KBNG_A_IFACE_LINK6, &cfg->link6))
		return -EMSGSIZE;
	for (i = 0; i < cfg->n_servers6; i++)
		if (nla_put_in6_addr(skb, KBNG_A_IFACE_SERVER6,
				     &cfg->servers6[i]))
			return -EMSGSIZE;
	if (nla_put_u32(skb, KBNG_A_IFACE_RA, cfg->ra) ||
	    (cfg->ra &&
	     nla_put_u32(skb, KBNG_A_IFACE_RA_LIFETIME, cfg->ra_lifetime)) ||
	    (*cfg->search6 &&
	     nla_put_string(skb, KBNG_A_IFACE_SEARCH6, cfg->search6)))
		return -EMSGSIZE;
	for (i = 0; i < cfg->n_dns6; i++)
		if (nla_put_in6_addr(skb, KBNG_A_IFACE_DNS6, &cfg->dns6[i]))
			return -EMSGSIZE;
	if (kbng_nl_iface_put_triggers(skb, cfg))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

#define KBNG_NL_IFACE_ALL	GENMASK_ULL(KBNG_A_IFACE_MAX, 0)

/**
 * kbng_nl_iface_parse() - the iface nest of a request
 * @info: request
 * @tb: its attributes, KBNG_A_IFACE_MAX + 1, IFINDEX among them
 * @allowed: bits of those that the command takes
 *
 * Return: 0 or a negative errno, with extack text
 */
int kbng_nl_iface_parse(struct genl_info *info, struct nlattr **tb, u64 allowed)
{
	int err;

	if (GENL_REQ_ATTR_CHECK(info, KBNG_A_IFACE)) {
		NL_SET_ERR_MSG(info->extack, "the request names no iface");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, KBNG_A_IFACE_MAX, info->attrs[KBNG_A_IFACE],
			       kbng_nl_iface_policy, info->extack);
	if (!err)
		err = kbng_nl_allow(tb, KBNG_A_IFACE_MAX, allowed,
				    info->extack);
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

	err = kbng_nl_iface_parse(info, tb, BIT_ULL(KBNG_A_IFACE_IFINDEX));
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

	if (nlmsg_find_attr(cb->nlh, GENL_HDRLEN, KBNG_A_IFACE)) {
		NL_SET_ERR_MSG(cb->extack, "a dump of ifaces has no filter");
		return -EINVAL;
	}
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

int kbng_nl_iface_set(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_IFACE_MAX + 1];
	struct kbng_iface_config *cfg;
	int err;

	err = kbng_nl_iface_parse(info, tb, KBNG_NL_IFACE_ALL);
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

	err = kbng_nl_iface_parse(info, tb, BIT_ULL(KBNG_A_IFACE_IFINDEX));
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

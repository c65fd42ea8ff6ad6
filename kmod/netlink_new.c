// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions that userspace makes.
 */
#include <linux/etherdevice.h>
#include "iface.h"
#include "netlink_change.h"
#include "netlink_op.h"
#include "netlink_restore.h"
#include "pernet.h"
#include "tags.h"

#define KBNG_NL_CHANGE_NEW					\
	(KBNG_NL_CHANGE_ANY |					\
	 BIT_ULL(KBNG_A_SESSION_IFINDEX) |			\
	 BIT_ULL(KBNG_A_SESSION_MAC) |				\
	 BIT_ULL(KBNG_A_SESSION_ADDR4) |			\
	 BIT_ULL(KBNG_A_SESSION_CIRCUIT_ID) |			\
	 BIT_ULL(KBNG_A_SESSION_REMOTE_ID) |			\
	 BIT_ULL(KBNG_A_SESSION_LEASE_TIME) |			\
	 BIT_ULL(KBNG_A_SESSION_SERVER) |			\
	 BIT_ULL(KBNG_A_SESSION_VLAN) |				\
	 BIT_ULL(KBNG_A_SESSION_INNER_VLAN) |			\
	 BIT_ULL(KBNG_A_SESSION_VLAN_PROTOCOL) |		\
	 BIT_ULL(KBNG_A_SESSION_NODE) |				\
	 BIT_ULL(KBNG_A_SESSION_HOP))

static int kbng_nl_session_check_mac(const struct nlattr *attr,
				     struct netlink_ext_ack *extack)
{
	if (is_valid_ether_addr(nla_data(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "not the MAC address of one host");
	return -EADDRNOTAVAIL;
}

static int kbng_nl_session_new_check(struct genl_info *info,
				     struct nlattr **tb)
{
	struct netlink_ext_ack *extack = info->extack;
	__be32 addr;
	int err;

	if (!tb[KBNG_A_SESSION_IFINDEX] || !tb[KBNG_A_SESSION_MAC] ||
	    (!tb[KBNG_A_SESSION_ADDR4] && !tb[KBNG_A_SESSION_PREFIX])) {
		NL_SET_ERR_MSG(extack,
			       "a session needs an iface, a MAC and an address or prefix");
		return -EINVAL;
	}
	err = kbng_nl_session_check_mac(tb[KBNG_A_SESSION_MAC], extack);
	if (err)
		return err;
	if (!tb[KBNG_A_SESSION_NODE] != !tb[KBNG_A_SESSION_HOP]) {
		NL_SET_ERR_MSG(extack,
			       "an access node has an address and a MAC address");
		return -EINVAL;
	}
	if (tb[KBNG_A_SESSION_HOP]) {
		err = kbng_nl_session_check_mac(tb[KBNG_A_SESSION_HOP], extack);
		if (err)
			return err;
	}
	if (!tb[KBNG_A_SESSION_ADDR4]) {
		if (!tb[KBNG_A_SESSION_LEASE_TIME])
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_SESSION_LEASE_TIME],
				    "a lease time is that of an IPv4 address");
		return -EINVAL;
	}
	addr = nla_get_in_addr(tb[KBNG_A_SESSION_ADDR4]);
	if (!kbng_nl_session_is_host(addr)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_SESSION_ADDR4],
				    "not the address of one host");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static u32 kbng_nl_session_u32(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

/* Only lines whose frames the iface takes. */
static int kbng_nl_session_tags(const struct kbng_iface *iface,
				struct nlattr **tb, u32 *tags,
				struct netlink_ext_ack *extack)
{
	u32 protocol = kbng_nl_session_u32(tb[KBNG_A_SESSION_VLAN_PROTOCOL]);
	u32 inner = kbng_nl_session_u32(tb[KBNG_A_SESSION_INNER_VLAN]);
	u32 outer = kbng_nl_session_u32(tb[KBNG_A_SESSION_VLAN]);
	enum kbng_vlan_mode mode = rcu_dereference(iface->config)->vlan;

	*tags = kbng_tags(outer, inner, protocol == KBNG_VLAN_8021AD);
	if (!*tags)
		return 0;
	if (!outer || (!inner && protocol)) {
		NL_SET_ERR_MSG(extack,
			       "tags are one of 802.1Q, or two of which the outer may be of 802.1ad");
		return -EINVAL;
	}
	if (mode & (inner ? KBNG_VLAN_DOUBLE : KBNG_VLAN_SINGLE))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "the iface does not take such tags: see its vlan mode");
	return -EINVAL;
}

/* Where on the iface, and behind whom. */
static int kbng_nl_session_client(const struct kbng_iface *iface,
				  struct nlattr **tb,
				  struct kbng_client *client,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *node = tb[KBNG_A_SESSION_NODE];
	int err;

	err = kbng_nl_session_tags(iface, tb, &client->tags, extack);
	if (err)
		return err;
	client->ifindex = iface->ifindex;
	ether_addr_copy(client->mac, nla_data(tb[KBNG_A_SESSION_MAC]));
	if (!node)
		return 0;
	client->node = nla_get_in_addr(node);
	if (kbng_iface_has_node(rcu_dereference(iface->config), client->node))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, node, "the iface has no such access node");
	return -EINVAL;
}

/* What our own template says was said by no access node. */
static void kbng_nl_session_line_id(const struct kbng_iface *iface,
				    const struct kbng_client *client,
				    const struct nlattr *attr,
				    const char *format, struct kbng_id *id)
{
	const struct kbng_iface_config *cfg = rcu_dereference(iface->config);
	struct kbng_id own;

	if (!attr)
		return;
	kbng_iface_expand(iface, cfg, client->tags, client->mac, format, &own);
	if (own.len != nla_len(attr) ||
	    memcmp(own.data, nla_data(attr), own.len))
		id->len = nla_memcpy(id->data, attr, sizeof(id->data));
}

/* The line that the client's next message will be on. */
static struct kbng_line *kbng_nl_session_line(struct kbng_iface *iface,
					      const struct kbng_client *client,
					      struct nlattr **tb)
{
	const struct kbng_iface_config *cfg = rcu_dereference(iface->config);
	struct kbng_line_key key = {
		.ifindex = iface->ifindex,
		.tags = client->tags,
	};

	if (cfg->trusted || client->node) {
		kbng_nl_session_line_id(iface, client,
					tb[KBNG_A_SESSION_CIRCUIT_ID],
					cfg->circuit_format, &key.circuit);
		kbng_nl_session_line_id(iface, client,
					tb[KBNG_A_SESSION_REMOTE_ID],
					cfg->remote_format, &key.remote);
	}
	return kbng_line_get(iface, &key);
}

/* What a trigger has begun, and nobody has let in, makes room. */
static bool kbng_nl_session_yields(struct kbng_session *s)
{
	if (!s || !s->claim)
		return !s;
	kbng_session_stop(s, KBNG_CAUSE_LOST_SERVICE);
	return true;
}

static struct kbng_session *
kbng_nl_session_begin(struct kbng_line *line, const u8 *mac,
		      const struct kbng_nl_restore *r,
		      struct netlink_ext_ack *extack)
{
	if (!r->given)
		return kbng_session_create(line, mac);
	if (!kbng_session_by_uuid(line->iface->kn, r->uuid.b))
		return kbng_session_create_as(line, mac, &r->uuid);
	NL_SET_ERR_MSG(extack, "a session has this uuid");
	return ERR_PTR(-EEXIST);
}

/* Under kbng_net.lock and RCU. */
static struct kbng_session *kbng_nl_session_make(struct kbng_net *kn,
						 struct nlattr **tb,
						 const struct kbng_nl_prefixes *p,
						 const struct kbng_nl_restore *r,
						 struct netlink_ext_ack *extack)
{
	const struct nlattr *addr4 = tb[KBNG_A_SESSION_ADDR4];
	__be32 addr = addr4 ? nla_get_in_addr(addr4) : 0;
	struct kbng_client client = {};
	struct kbng_iface *iface;
	struct kbng_host *host;
	struct kbng_session *s;
	struct kbng_line *line;
	int err;

	iface = kbng_iface_get(kn, nla_get_u32(tb[KBNG_A_SESSION_IFINDEX]));
	if (!iface || iface->role != KBNG_ROLE_ACCESS) {
		NL_SET_ERR_MSG(extack, "the device is not an access iface");
		return ERR_PTR(-ENOENT);
	}
	err = kbng_nl_session_client(iface, tb, &client, extack);
	if (err)
		return ERR_PTR(err);
	if (!kbng_nl_session_yields(kbng_session_by_client(kn, &client))) {
		NL_SET_ERR_MSG(extack, "the MAC has a session on this line");
		return ERR_PTR(-EEXIST);
	}
	host = addr4 ? kbng_host_find(kn, addr, KBNG_UP) : NULL;
	if (host && !kbng_nl_session_yields(host->session)) {
		NL_SET_ERR_MSG(extack, "the address has a session");
		return ERR_PTR(-EADDRINUSE);
	}
	line = kbng_nl_session_line(iface, &client, tb);
	s = line ? kbng_nl_session_begin(line, client.mac, r, extack) :
		   ERR_PTR(-ENOSPC);
	if (IS_ERR(s)) {
		if (PTR_ERR(s) == -EDQUOT)
			NL_SET_ERR_MSG(extack, "the line is full");
		if (PTR_ERR(s) == -ENOSPC)
			NL_SET_ERR_MSG(extack,
				       "the iface or the session table is full");
		return s;
	}
	if (client.node) {
		s->client.node = client.node;
		ether_addr_copy(s->hop, nla_data(tb[KBNG_A_SESSION_HOP]));
	}
	err = kbng_nl_prefix_check(s, p, extack);
	if (!err && addr4)
		err = kbng_session_bind(s, addr, tb[KBNG_A_SESSION_LEASE_TIME] ?
				nla_get_u32(tb[KBNG_A_SESSION_LEASE_TIME]) :
				U32_MAX);
	if (!err)
		err = kbng_nl_prefix_apply(s, p);
	if (err) {
		kbng_session_stop(s, KBNG_CAUSE_NAS_ERROR);
		return ERR_PTR(err);
	}
	return s;
}

/* All that needs no lock; what it returns without an error is to be freed. */
static int kbng_nl_session_new_parse(struct genl_info *info,
				     struct nlattr **tb,
				     struct kbng_nl_session_change *change,
				     struct kbng_nl_restore *restore)
{
	int err;

	err = kbng_nl_session_parse(info, tb,
				    KBNG_NL_CHANGE_NEW | KBNG_NL_RESTORE);
	if (!err)
		err = kbng_nl_session_new_check(info, tb);
	if (!err)
		err = kbng_nl_restore_parse(info, tb, KBNG_NL_CHANGE_NEW,
					    restore);
	if (err)
		return err;
	err = kbng_nl_session_change_parse(info, tb, change);
	if (err)
		goto err_free_restore;
	if (restore->given || !change->prefixes.leased)
		return 0;
	NL_SET_ERR_MSG(info->extack,
		       "only a session that is restored has prefixes of a server: give its uuid");
	err = -EINVAL;
	kbng_nl_session_change_free(change);
err_free_restore:
	kbng_nl_restore_free(restore);
	return err;
}

/* Under kbng_net.lock and RCU. */
static int kbng_nl_session_new_locked(struct kbng_net *kn, struct nlattr **tb,
				      struct kbng_nl_session_change *change,
				      struct kbng_nl_restore *restore,
				      struct sk_buff *msg,
				      struct netlink_ext_ack *extack)
{
	struct kbng_session *s;
	int err;

	err = kbng_nl_session_change_find(kn, change, extack);
	if (err)
		return err;
	s = kbng_nl_session_make(kn, tb, &change->prefixes, restore, extack);
	if (IS_ERR(s))
		return PTR_ERR(s);
	if (tb[KBNG_A_SESSION_SERVER])
		s->server = nla_get_in_addr(tb[KBNG_A_SESSION_SERVER]);
	kbng_nl_restore_apply(s, restore);
	kbng_nl_session_change_apply(s, change);
	kbng_nl_session_notify(s, KBNG_CMD_SESSION_BIND_NTF);
	return kbng_nl_session_put(msg, s);
}

int kbng_nl_session_new(struct sk_buff *skb, struct genl_info *info)
{
	struct kbng_net *kn = kbng_net(genl_info_net(info));
	struct nlattr *tb[KBNG_A_SESSION_MAX + 1];
	struct kbng_nl_session_change change;
	struct kbng_nl_restore restore;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = kbng_nl_session_new_parse(info, tb, &change, &restore);
	if (err)
		return err;
	err = -ENOMEM;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		goto out_free_change;
	hdr = genlmsg_put_reply(msg, info, &kbng_nl_family, 0,
				info->genlhdr->cmd);

	kbng_nl_session_lock(kn);
	err = kbng_nl_session_new_locked(kn, tb, &change, &restore, msg,
					 info->extack);
	kbng_nl_session_unlock(kn);
	if (err)
		goto out_free_msg;
	genlmsg_end(msg, hdr);
	err = genlmsg_reply(msg, info);
	goto out_free_change;

out_free_msg:
	nlmsg_free(msg);
out_free_change:
	kbng_nl_session_change_free(&change);
	kbng_nl_restore_free(&restore);
	return err;
}

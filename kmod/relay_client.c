// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCPv4 relay agent, from client to server (RFC 2131, RFC 1542 4.1.1, RFC
 * 3046 2.1).
 *
 * A client's message is copied into a packet of our own, gets giaddr and
 * option 82 and goes to the iface's servers, unicast renewals included: so
 * every answer comes back through here.
 */
#include "relay.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include "iface.h"
#include "netlink.h"
#include "opt82.h"
#include "pernet.h"
#include "relay_message.h"
#include "session.h"
#include "template.h"

/* Takes over the skb. */
static enum kbng_stat kbng_relay_send_server(const struct kbng_iface *iface,
					     struct sk_buff *skb,
					     __be32 giaddr, __be32 server)
{
	struct flowi4 fl4 = {
		.flowi4_oif = l3mdev_master_ifindex_rcu(iface->dev),
		.saddr = giaddr,
		.daddr = server,
		.flowi4_proto = IPPROTO_UDP,
		.fl4_sport = htons(KBNG_DHCP_SERVER_PORT),
		.fl4_dport = htons(KBNG_DHCP_SERVER_PORT),
	};
	struct net *net = iface->kn->net;
	struct rtable *rt;

	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt)) {
		kfree_skb(skb);
		return KBNG_STAT_dhcp_unroutable;
	}
	kbng_relay_push_headers(skb, giaddr, server, KBNG_DHCP_SERVER_PORT,
				ip4_dst_hoplimit(&rt->dst));
	__ip_select_ident(net, ip_hdr(skb), 1);
	skb_dst_set(skb, &rt->dst);
	ip_local_out(net, NULL, skb);
	return KBNG_STAT_NONE;
}

/* To the server that the client named, or else to all. Takes over the skb. */
static enum kbng_stat kbng_relay_to_servers(struct kbng_relay_msg *msg)
{
	const struct kbng_iface_config *cfg = msg->cfg;
	bool named = kbng_relay_has_server(cfg, msg->to);
	enum kbng_stat result = KBNG_STAT_dhcp_unroutable;
	enum kbng_stat stat;
	struct sk_buff *copy;
	unsigned int i;

	for (i = 0; i < cfg->n_servers; i++) {
		if (named && cfg->servers[i] != msg->to)
			continue;
		copy = skb_copy(msg->skb, GFP_ATOMIC);
		stat = copy ? kbng_relay_send_server(msg->iface, copy,
						     cfg->giaddr,
						     cfg->servers[i]) :
			      KBNG_STAT_dhcp_no_memory;
		/* One server that was reached is enough. */
		if (result)
			result = stat;
	}
	kfree_skb(msg->skb);
	return result;
}

static void kbng_relay_expand(const struct kbng_relay_msg *msg,
			      struct kbng_id *circuit, struct kbng_id *remote)
{
	const struct net_device *dev = msg->iface->dev;
	struct kbng_template_values v = {
		.host = msg->cfg->host,
		.ifname = dev->name,
		.mac = msg->dhcp.chaddr,
		.giaddr = msg->cfg->giaddr,
		.vlan = is_vlan_dev(dev) ? vlan_dev_vlan_id(dev) : 0,
	};

	kbng_template_expand(circuit, msg->cfg->circuit_format, &v);
	kbng_template_expand(remote, msg->cfg->remote_format, &v);
}

/* DISCOVER, REQUEST, INFORM: remember the transaction. */
static enum kbng_stat kbng_relay_open(const struct kbng_relay_msg *msg,
				      const struct kbng_id *circuit,
				      const struct kbng_id *remote)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	struct kbng_iface *iface = msg->iface;
	struct kbng_net *kn = iface->kn;
	enum kbng_stat stat = KBNG_STAT_NONE;
	struct kbng_session *s;

	spin_lock_bh(&kn->lock);
	s = kbng_session_by_client(kn, iface->ifindex, m->chaddr);
	if (!s)
		s = kbng_session_create(kn, iface, m->chaddr);
	if (IS_ERR(s)) {
		stat = PTR_ERR(s) == -ENOMEM ? KBNG_STAT_dhcp_no_memory :
					       KBNG_STAT_dhcp_sessions_full;
		goto out_unlock;
	}
	if (s->state == KBNG_STATE_OFFERED)
		kbng_session_refresh(s, iface);
	s->xid = m->xid;
	s->open = true;
	s->unicast = kbng_relay_has_server(msg->cfg, msg->to) ? msg->to : 0;
	s->circuit = *circuit;
	s->remote = *remote;
	if (m->hostname.len) {
		s->hostname_len = min_t(u16, m->hostname.len,
					sizeof(s->hostname));
		memcpy(s->hostname, msg->skb->data + m->hostname.off,
		       s->hostname_len);
	}
out_unlock:
	spin_unlock_bh(&kn->lock);
	return stat;
}

/* RELEASE, DECLINE: only the session that has the address may give it up. */
static enum kbng_stat kbng_relay_close(const struct kbng_relay_msg *msg)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	struct kbng_net *kn = msg->iface->kn;
	enum kbng_stat stat = KBNG_STAT_NONE;
	struct kbng_session *s;
	bool release = m->type == KBNG_DHCP_RELEASE;
	__be32 addr = release ? m->ciaddr : m->requested;

	spin_lock_bh(&kn->lock);
	s = kbng_session_by_client(kn, msg->iface->ifindex, m->chaddr);
	if (s && s->addr && s->addr == addr)
		kbng_session_stop(s, release ? KBNG_CAUSE_USER_REQUEST :
					       KBNG_CAUSE_USER_ERROR);
	else
		stat = KBNG_STAT_dhcp_release_foreign;
	spin_unlock_bh(&kn->lock);
	return stat;
}

static enum kbng_stat kbng_relay_check_client(const struct kbng_relay_msg *msg,
					      const u8 *source)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	const u8 *data = msg->skb->data;

	if (m->op != KBNG_DHCP_BOOTREQUEST)
		return KBNG_STAT_dhcp_bad_op;
	if (!ether_addr_equal(source, m->chaddr))
		return KBNG_STAT_dhcp_chaddr_mismatch;
	if (m->giaddr)
		return KBNG_STAT_dhcp_giaddr_spoofed;
	if (m->hops >= KBNG_DHCP_HOPS_MAX)
		return KBNG_STAT_dhcp_hops;
	if (m->relay.len)
		return kbng_opt82_valid(data + m->relay.off, m->relay.len) ?
			       KBNG_STAT_dhcp_opt82_untrusted :
			       KBNG_STAT_dhcp_opt82_malformed;
	return KBNG_STAT_NONE;
}

/* Everything between reading a client's message and sending it on. */
static enum kbng_stat kbng_relay_prepare(struct kbng_relay_msg *msg)
{
	struct sk_buff *skb = msg->skb;
	u8 value[KBNG_OPT82_MAX];
	struct kbng_id circuit;
	struct kbng_id remote;
	enum kbng_stat stat;
	size_t value_len;
	size_t len;

	kbng_relay_expand(msg, &circuit, &remote);
	switch (msg->dhcp.type) {
	case KBNG_DHCP_DISCOVER:
	case KBNG_DHCP_REQUEST:
	case KBNG_DHCP_INFORM:
		stat = kbng_relay_open(msg, &circuit, &remote);
		break;
	case KBNG_DHCP_RELEASE:
	case KBNG_DHCP_DECLINE:
		stat = kbng_relay_close(msg);
		break;
	default:
		stat = KBNG_STAT_dhcp_bad_type;
	}
	if (stat)
		return stat;

	skb->data[KBNG_DHCP_OFF_HOPS]++;
	memcpy(skb->data + KBNG_DHCP_OFF_GIADDR, &msg->cfg->giaddr,
	       sizeof(msg->cfg->giaddr));
	value_len = kbng_opt82_build(value, &circuit, &remote);
	if (!value_len)
		return KBNG_STAT_NONE;
	len = kbng_dhcp_insert_relay(skb->data, skb->len,
				     skb->len + skb_tailroom(skb), &msg->dhcp,
				     value, value_len);
	if (!len)
		return KBNG_STAT_dhcp_opt82_no_room;
	skb_put(skb, len - skb->len);
	return KBNG_STAT_NONE;
}

/**
 * kbng_relay_client() - a message from the access side to a server's port
 * @iface: access iface
 * @skb: packet, data at a sane IP header; stays the caller's
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE when it was relayed, or why it was dropped
 */
enum kbng_stat kbng_relay_client(struct kbng_iface *iface,
				 struct sk_buff *skb)
{
	struct kbng_relay_msg msg = { .iface = iface };
	struct kbng_net *kn = iface->kn;
	enum kbng_stat stat;

	msg.cfg = rcu_dereference(iface->config);
	if (!msg.cfg->giaddr || !msg.cfg->n_servers)
		return KBNG_STAT_dhcp_no_server;
	stat = kbng_relay_read(&msg, skb);
	if (stat)
		return stat;
	stat = kbng_relay_check_client(&msg, eth_hdr(skb)->h_source);
	if (!stat)
		stat = kbng_relay_prepare(&msg);
	if (stat) {
		kfree_skb(msg.skb);
		return stat;
	}
	kbng_nl_dhcp_notify(kn, iface->ifindex, &msg.dhcp, 0);
	stat = kbng_relay_to_servers(&msg);
	if (!stat)
		kbng_stat_inc(kn->stats, KBNG_STAT_dhcp_relayed);
	return stat;
}

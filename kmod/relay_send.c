// SPDX-License-Identifier: GPL-2.0
/*
 * Which servers a client's message goes to, and the way there.
 */
#include "relay_send.h"

#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include "iface.h"
#include "pernet.h"
#include "relay_message.h"
#include "server.h"
#include "session.h"

/* Takes over the skb. */
static enum kbng_stat kbng_relay_send_one(const struct kbng_iface *iface,
					  struct sk_buff *skb, __be32 giaddr,
					  __be32 server)
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

/*
 * The server that a client named. Where it was told that ours is its server's
 * address (RFC 5107), that is who has leased what it renews.
 */
static __be32 kbng_relay_send_named(const struct kbng_relay_msg *msg)
{
	struct kbng_net *kn = msg->iface->kn;
	__be32 server = msg->to;
	struct kbng_session *s;

	if (msg->to != msg->cfg->server_id || !msg->dhcp.ciaddr)
		return server;
	spin_lock_bh(&kn->lock);
	s = kbng_session_by_client(kn, &msg->client);
	if (s && s->addr == msg->dhcp.ciaddr)
		server = s->server;
	spin_unlock_bh(&kn->lock);
	return server;
}

/* A bit for each server that gets a message: the one that the client named. */
static unsigned int kbng_relay_send_choose(const struct kbng_relay_msg *msg)
{
	const struct kbng_iface_config *cfg = msg->cfg;
	__be32 named = kbng_relay_send_named(msg);
	struct kbng_net *kn = msg->iface->kn;
	unsigned int chosen;
	unsigned int i;

	for (i = 0; i < cfg->n_servers; i++)
		if (cfg->servers[i] == named)
			return BIT(i);
	/* What is not answered says nothing of a server, and is for all. */
	if (cfg->servers_mode == KBNG_SERVERS_ALL ||
	    msg->dhcp.type == KBNG_DHCP_RELEASE ||
	    msg->dhcp.type == KBNG_DHCP_DECLINE)
		return BIT(cfg->n_servers) - 1;
	spin_lock_bh(&kn->lock);
	chosen = kbng_server_choose(msg->iface, cfg);
	spin_unlock_bh(&kn->lock);
	return chosen;
}

/**
 * kbng_relay_send() - send a message to one server or to several
 * @msg: with all that it is to have but the headers; its skb is taken over
 *
 * Return: KBNG_STAT_NONE if one of them could be reached, or the name of what
 * went wrong
 */
enum kbng_stat kbng_relay_send(struct kbng_relay_msg *msg)
{
	const struct kbng_iface_config *cfg = msg->cfg;
	unsigned int chosen = kbng_relay_send_choose(msg);
	enum kbng_stat result = KBNG_STAT_dhcp_unroutable;
	enum kbng_stat stat;
	struct sk_buff *copy;
	unsigned int i;

	for (i = 0; i < cfg->n_servers; i++) {
		if (!(chosen & BIT(i)))
			continue;
		/* Without the room behind it, which fills receive buffers. */
		copy = skb_copy_expand(msg->skb, skb_headroom(msg->skb), 0,
				       GFP_ATOMIC);
		stat = copy ? kbng_relay_send_one(msg->iface, copy, cfg->giaddr,
						  cfg->servers[i]) :
			      KBNG_STAT_dhcp_no_memory;
		/* One server that was reached is enough. */
		if (result)
			result = stat;
	}
	kfree_skb(msg->skb);
	return result;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * DHCPv6 messages on their way to servers.
 */
#include "relay6_send.h"

#include <linux/netdevice.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include "iface.h"
#include "pernet.h"
#include "relay6_message.h"

/* Takes over the skb. */
static enum kbng_stat kbng_relay6_send_one(const struct kbng_iface *iface,
					   struct sk_buff *skb,
					   const struct in6_addr *link,
					   const struct in6_addr *server)
{
	struct flowi6 fl6 = {
		.flowi6_oif = l3mdev_master_ifindex_rcu(iface->dev),
		.saddr = *link,
		.daddr = *server,
		.flowi6_proto = IPPROTO_UDP,
		.fl6_sport = htons(KBNG_DHCP6_SERVER_PORT),
		.fl6_dport = htons(KBNG_DHCP6_SERVER_PORT),
	};
	struct net *net = iface->kn->net;
	struct dst_entry *dst;

	dst = ip6_route_output(net, NULL, &fl6);
	if (dst->error) {
		dst_release(dst);
		kfree_skb(skb);
		return KBNG_STAT_dhcp6_unroutable;
	}
	kbng_relay6_push_headers(skb, link, server, KBNG_DHCP6_SERVER_PORT,
				 ip6_dst_hoplimit(dst));
	skb_dst_set(skb, dst);
	skb->dev = dst->dev;
	skb->ignore_df = true;
	ip6_local_out(net, NULL, skb);
	return KBNG_STAT_NONE;
}

/**
 * kbng_relay6_send() - send a message to all servers of an iface, and count it
 * @iface: access iface
 * @cfg: its configuration
 * @msg: with all that it is to have but the headers; stays the caller's
 *
 * A client names its server by something else than address.
 *
 * Context: RCU
 * Return: KBNG_STAT_NONE if one of them could be reached, or the name of what
 * went wrong
 */
enum kbng_stat kbng_relay6_send(const struct kbng_iface *iface,
				const struct kbng_iface_config *cfg,
				struct sk_buff *msg)
{
	enum kbng_stat result = KBNG_STAT_dhcp6_unroutable;
	enum kbng_stat stat;
	struct sk_buff *copy;
	unsigned int i;

	for (i = 0; i < cfg->n_servers6; i++) {
		copy = skb_copy(msg, GFP_ATOMIC);
		stat = copy ? kbng_relay6_send_one(iface, copy, &cfg->link6,
						   &cfg->servers6[i]) :
			      KBNG_STAT_dhcp6_no_memory;
		/* One server that was reached is enough. */
		if (result)
			result = stat;
	}
	if (!result)
		kbng_stat_inc(iface->kn->stats, KBNG_STAT_dhcp6_relayed);
	return result;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCPv4 relay agent, from server to client (RFC 2131 4.1, RFC 3046 2.1).
 *
 * An answer must come from a server of the iface, to its giaddr, and match the
 * open transaction of a session, which the first ACK or NAK closes. The ACK
 * binds that session before the client hears of it.
 */
#include "relay.h"

#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/udp.h>
#include <net/ip.h>
#include "iface.h"
#include "netlink.h"
#include "opt82.h"
#include "pernet.h"
#include "relay_message.h"
#include "session.h"

static bool kbng_relay_lease_ok(const struct kbng_relay_msg *msg)
{
	const struct kbng_dhcp *m = &msg->dhcp;

	return m->has_lease && m->lease && m->yiaddr != msg->cfg->giaddr &&
	       !ipv4_is_multicast(m->yiaddr) && !ipv4_is_lbcast(m->yiaddr) &&
	       !ipv4_is_loopback(m->yiaddr) && !ipv4_is_zeronet(m->yiaddr);
}

/* The client has another address now: one stop, one start. */
static struct kbng_session *kbng_relay_replace(const struct kbng_relay_msg *msg,
					       struct kbng_session *old)
{
	struct kbng_net *kn = msg->iface->kn;
	struct kbng_session *s;

	kbng_session_stop(old, KBNG_CAUSE_LOST_SERVICE);
	s = kbng_session_create(kn, msg->iface, msg->dhcp.chaddr);
	if (IS_ERR(s))
		return s;
	s->xid = old->xid;
	s->unicast = old->unicast;
	s->circuit = old->circuit;
	s->remote = old->remote;
	s->hostname_len = old->hostname_len;
	memcpy(s->hostname, old->hostname, sizeof(s->hostname));
	return s;
}

static enum kbng_stat kbng_relay_ack(const struct kbng_relay_msg *msg,
				     struct kbng_session *s)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	struct kbng_net *kn = msg->iface->kn;

	if (!m->yiaddr)		/* answers an INFORM */
		return KBNG_STAT_NONE;
	if (!kbng_relay_lease_ok(msg))
		return KBNG_STAT_dhcp_bad_lease;
	if (s->addr == m->yiaddr) {
		kbng_session_extend(s, m->lease);
		s->server = msg->from;
		kbng_stat_inc(kn->stats, KBNG_STAT_dhcp_renewed);
		kbng_nl_session_notify(s, KBNG_CMD_SESSION_RENEW_NTF);
		return KBNG_STAT_NONE;
	}
	if (s->addr) {
		s = kbng_relay_replace(msg, s);
		if (IS_ERR(s))
			return KBNG_STAT_dhcp_sessions_full;
	}
	if (kbng_session_bind(s, m->yiaddr, m->lease))
		return KBNG_STAT_dhcp_no_memory;
	s->server = msg->from;
	kbng_stat_inc(kn->stats, KBNG_STAT_dhcp_bound);
	kbng_nl_session_notify(s, KBNG_CMD_SESSION_BIND_NTF);
	return KBNG_STAT_NONE;
}

/* What a server's answer does to the session, under kbng_net.lock. */
static enum kbng_stat kbng_relay_apply(const struct kbng_relay_msg *msg,
				       struct kbng_session *s)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	const u8 *relay = msg->skb->data + m->relay.off;
	const struct net_device *dev = msg->iface->dev;
	enum kbng_stat stat;

	/* Nobody on the way to the client would make fragments of it. */
	if (msg->skb->len + KBNG_RELAY_HEADERS > READ_ONCE(dev->mtu))
		return KBNG_STAT_dhcp_oversized;
	if (m->relay.len && !kbng_opt82_valid(relay, m->relay.len))
		return KBNG_STAT_dhcp_opt82_malformed;
	if (m->relay.len && !kbng_opt82_matches(relay, m->relay.len,
						&s->circuit, &s->remote))
		return KBNG_STAT_dhcp_opt82_mismatch;

	switch (m->type) {
	case KBNG_DHCP_OFFER:
		return KBNG_STAT_NONE;
	case KBNG_DHCP_ACK:
		stat = kbng_relay_ack(msg, s);
		/* The first answer counts: who comes second is too late. */
		if (!stat)
			s->open = false;
		return stat;
	case KBNG_DHCP_NAK:
		s->open = false;
		if (s->addr)
			kbng_session_stop(s, KBNG_CAUSE_LOST_SERVICE);
		return KBNG_STAT_NONE;
	default:
		return KBNG_STAT_dhcp_bad_type;
	}
}

/* By unicast, which needs no ARP, or by broadcast where that was asked for. */
static void kbng_relay_to_client(struct kbng_relay_msg *msg, __be32 saddr)
{
	struct net_device *dev = msg->iface->dev;
	const struct kbng_dhcp *m = &msg->dhcp;
	__be32 daddr = m->yiaddr ?: m->ciaddr;
	struct sk_buff *skb = msg->skb;
	const u8 *mac = m->chaddr;

	if (m->broadcast || m->type == KBNG_DHCP_NAK || !daddr) {
		daddr = htonl(INADDR_BROADCAST);
		mac = dev->broadcast;
	}
	kbng_relay_push_headers(skb, saddr, daddr, KBNG_DHCP_CLIENT_PORT,
				IPDEFTTL);
	skb->dev = dev;
	if (dev_hard_header(skb, dev, ETH_P_IP, mac, NULL, skb->len) < 0) {
		kfree_skb(skb);
		return;
	}
	dev_queue_xmit(skb);
}

/*
 * The iface and session that an answer is for, under kbng_net.lock. Several
 * ifaces may share a giaddr.
 */
static struct kbng_session *kbng_relay_match(struct kbng_net *kn,
					     struct kbng_relay_msg *msg,
					     enum kbng_stat *stat)
{
	const struct kbng_iface_config *cfg;
	struct kbng_iface *iface;
	struct kbng_session *s;
	unsigned long ifindex;

	*stat = KBNG_STAT_dhcp_unknown_server;
	xa_for_each(&kn->ifaces, ifindex, iface) {
		cfg = rcu_dereference(iface->config);
		if (cfg->giaddr != msg->to ||
		    !kbng_relay_has_server(cfg, msg->from))
			continue;
		*stat = KBNG_STAT_dhcp_unmatched_reply;
		if (msg->dhcp.giaddr != msg->to)
			continue;
		s = kbng_session_by_client(kn, iface->ifindex,
					   msg->dhcp.chaddr);
		if (s && s->open && s->xid == msg->dhcp.xid) {
			msg->iface = iface;
			msg->cfg = cfg;
			return s;
		}
	}
	return NULL;
}

/* Whether a packet is a server's message to one of our giaddrs. */
static bool kbng_relay_is_reply(struct kbng_net *kn, const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	const struct kbng_iface_config *cfg;
	struct kbng_iface *iface;
	unsigned long ifindex;
	const u8 *op;
	u8 _op;

	op = skb_header_pointer(skb, ip->ihl * 4 + sizeof(struct udphdr),
				sizeof(_op), &_op);
	if (!op || *op != KBNG_DHCP_BOOTREPLY)
		return false;
	xa_for_each(&kn->ifaces, ifindex, iface) {
		cfg = rcu_dereference(iface->config);
		if (cfg->giaddr && cfg->giaddr == ip->daddr)
			return true;
	}
	return false;
}

/**
 * kbng_relay_server() - a packet for this machine's DHCP server port
 * @kn: namespace
 * @skb: packet, data at the IP header; stays the caller's
 * @ours: set when it is an answer to the relay, which nobody else gets
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE when the client got it, or why it was dropped
 */
enum kbng_stat kbng_relay_server(struct kbng_net *kn, struct sk_buff *skb,
				 bool *ours)
{
	struct kbng_relay_msg msg = {};
	struct kbng_session *s;
	enum kbng_stat stat;
	__be32 saddr = 0;

	if (!kbng_relay_is_reply(kn, skb))
		return KBNG_STAT_NONE;
	*ours = true;
	stat = kbng_relay_read(&msg, skb);
	if (stat)
		return stat;

	spin_lock_bh(&kn->lock);
	s = kbng_relay_match(kn, &msg, &stat);
	if (s) {
		saddr = s->unicast ?: msg.cfg->giaddr;
		stat = kbng_relay_apply(&msg, s);
	}
	spin_unlock_bh(&kn->lock);
	if (stat) {
		kfree_skb(msg.skb);
		return stat;
	}
	kbng_nl_dhcp_notify(kn, msg.iface->ifindex, &msg.dhcp, msg.from);
	kbng_dhcp_strip_relay(msg.skb->data, msg.skb->len, &msg.dhcp);
	kbng_relay_to_client(&msg, saddr);
	kbng_stat_inc(kn->stats, KBNG_STAT_dhcp_replied);
	return KBNG_STAT_NONE;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCPv4 relay agent, from server to client (RFC 2131 4.1, RFC 3046 2.1).
 *
 * An answer must come from a server of the iface, to its giaddr, and match the
 * open transaction of a session, which the first ACK or NAK closes. The ACK
 * binds that session before the client hears of it.
 */
#include "relay.h"

#include <linux/etherdevice.h>
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
#include "tags.h"

static bool kbng_relay_lease_ok(const struct kbng_relay_msg *msg)
{
	const struct kbng_dhcp *m = &msg->dhcp;

	return m->has_lease && m->lease && m->yiaddr != msg->cfg->giaddr &&
	       !ipv4_is_multicast(m->yiaddr) && !ipv4_is_lbcast(m->yiaddr) &&
	       !ipv4_is_loopback(m->yiaddr) && !ipv4_is_zeronet(m->yiaddr);
}

static int kbng_relay_copy(struct kbng_octets **to,
			   const struct kbng_octets *from)
{
	return from ? kbng_octets_set(to, from->data, from->len, GFP_ATOMIC) :
		      0;
}

/* The client has another address now: one stop, one start. */
static struct kbng_session *kbng_relay_replace(const struct kbng_relay_msg *msg,
					       struct kbng_session *old)
{
	struct kbng_line *line = old->line;
	struct kbng_session *s;

	kbng_session_stop(old, KBNG_CAUSE_LOST_SERVICE);
	s = kbng_session_create(line, msg->dhcp.chaddr);
	if (IS_ERR(s))
		return s;
	s->xid = old->xid;
	s->unicast = old->unicast;
	s->client.node = old->client.node;
	ether_addr_copy(s->hop, old->hop);
	s->rates = old->rates;
	s->framed = old->framed;
	swap(s->agent, old->agent);
	/* The others are in what will be said of the old session. */
	if (kbng_relay_copy(&s->circuit, old->circuit) ||
	    kbng_relay_copy(&s->remote, old->remote) ||
	    kbng_relay_copy(&s->hostname, old->hostname) ||
	    kbng_relay_copy(&s->radius, old->radius) ||
	    kbng_relay_copy(&s->radius6, old->radius6)) {
		kbng_session_stop(s, KBNG_CAUSE_NAS_ERROR);
		return ERR_PTR(-ENOMEM);
	}
	return s;
}

/*
 * Another line's host has the address. A server may give it to another host
 * of that line, or to the same host elsewhere if hosts may move; otherwise two
 * servers disagree, and who has it keeps it.
 */
static bool kbng_relay_conflicts(const struct kbng_relay_msg *msg,
				 const struct kbng_session *s)
{
	const struct kbng_host *host;

	host = kbng_host_find(s->kn, msg->dhcp.yiaddr, KBNG_UP);
	return host && host->session->line != s->line &&
	       !host->session->claim &&
	       (msg->cfg->move == KBNG_MOVE_DENY ||
		!ether_addr_equal(host->session->client.mac, s->client.mac));
}

static enum kbng_stat kbng_relay_ack(const struct kbng_relay_msg *msg,
				     struct kbng_session *s)
{
	enum kbng_cmd cmd = KBNG_CMD_SESSION_BIND_NTF;
	const struct kbng_session *old = NULL;
	const struct kbng_dhcp *m = &msg->dhcp;
	struct kbng_net *kn = msg->iface->kn;

	/* To a DISCOVER, if both sides agree on that (RFC 4039 3). */
	if (!s->requested && !(s->rapid && m->rapid_commit))
		return KBNG_STAT_dhcp_ack_unasked;
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
	if (kbng_relay_conflicts(msg, s))
		return KBNG_STAT_dhcp_address_conflict;
	/* It has another address, or had one before. */
	if (s->host && s->host->addr) {
		old = s;
		s = kbng_relay_replace(msg, s);
		if (IS_ERR(s))
			return KBNG_STAT_dhcp_sessions_full;
	}
	if (s->state != KBNG_STATE_OFFERED)
		cmd = KBNG_CMD_SESSION_RENEW_NTF;
	if (kbng_session_bind(s, m->yiaddr, m->lease))
		return KBNG_STAT_dhcp_no_memory;
	if (old)
		kbng_session_inherit6(s, old);
	s->server = msg->from;
	kbng_stat_inc(kn->stats, KBNG_STAT_dhcp_bound);
	kbng_nl_session_notify(s, cmd);
	return KBNG_STAT_NONE;
}

/*
 * Check option 82, and put the access node's own in its place: who added one
 * finds it again and removes it, nobody else gets to see any (RFC 3046 2.1).
 */
static enum kbng_stat kbng_relay_return_opt82(struct kbng_relay_msg *msg,
					      const struct kbng_session *s)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	const u8 *relay = msg->skb->data + m->relay.off;
	const struct kbng_octets *agent = s->agent;

	if (m->relay.len && !kbng_opt82_valid(relay, m->relay.len))
		return KBNG_STAT_dhcp_opt82_malformed;
	kbng_session_ids(s, &msg->circuit, &msg->remote);
	if (m->relay.len && !kbng_opt82_matches(relay, m->relay.len,
						&msg->circuit, &msg->remote))
		return KBNG_STAT_dhcp_opt82_mismatch;
	/* The address would be from another VPN than was asked for. */
	if (*msg->cfg->vpn && m->relay.len &&
	    kbng_opt82_has(relay, m->relay.len, KBNG_OPT82_VSS_CONTROL))
		return KBNG_STAT_dhcp_vss_ignored;
	if (!kbng_relay_put_opt82(msg, agent ? agent->data : NULL,
				  agent ? agent->len : 0))
		return KBNG_STAT_dhcp_opt82_no_room;
	return KBNG_STAT_NONE;
}

/* What a server's answer does to the session, under kbng_net.lock. */
static enum kbng_stat kbng_relay_apply(struct kbng_relay_msg *msg,
				       struct kbng_session *s)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	const struct net_device *dev = msg->iface->dev;
	enum kbng_stat stat;

	stat = kbng_relay_return_opt82(msg, s);
	if (stat)
		return stat;
	/* Nobody on the way to the client would make fragments of it. */
	if (msg->skb->len + KBNG_RELAY_HEADERS > READ_ONCE(dev->mtu))
		return KBNG_STAT_dhcp_oversized;
	if (s->framed && m->yiaddr && m->yiaddr != s->framed &&
	    (m->type == KBNG_DHCP_OFFER || m->type == KBNG_DHCP_ACK))
		return KBNG_STAT_dhcp_not_framed;

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
			kbng_session_unbind(s, KBNG_CAUSE_LOST_SERVICE);
		return KBNG_STAT_NONE;
	default:
		return KBNG_STAT_dhcp_bad_type;
	}
}

/*
 * Where a client is that is not on the link: behind its node, which gets the
 * answer as it would from the server, or at its address, if it spoke by itself.
 */
static __be32 kbng_relay_via(const struct kbng_session *s)
{
	if (!s->client.node)
		return 0;
	return s->by_node ? s->client.node : s->addr;
}

/* By unicast, which needs no ARP, or by broadcast where that was asked for. */
static void kbng_relay_to_client(struct kbng_relay_msg *msg, __be32 saddr)
{
	struct net_device *dev = msg->iface->dev;
	const struct kbng_dhcp *m = &msg->dhcp;
	__be32 daddr = m->yiaddr ?: m->ciaddr;
	struct sk_buff *skb = msg->skb;
	u16 dport = KBNG_DHCP_CLIENT_PORT;
	const u8 *mac = msg->hop;

	if (msg->via) {
		daddr = msg->via;
		if (daddr == msg->client.node) {
			dport = KBNG_DHCP_SERVER_PORT;
			memcpy(skb->data + KBNG_DHCP_OFF_GIADDR, &daddr,
			       sizeof(daddr));
		}
	} else if (m->broadcast || m->type == KBNG_DHCP_NAK || !daddr) {
		daddr = htonl(INADDR_BROADCAST);
		mac = dev->broadcast;
	}
	kbng_relay_push_headers(skb, saddr, daddr, dport, IPDEFTTL);
	skb->dev = dev;
	if (dev_hard_header(skb, dev, ETH_P_IP, mac, NULL, skb->len) < 0 ||
	    kbng_tags_push(skb, msg->client.tags)) {
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
	const u8 *relay = msg->skb->data + msg->dhcp.relay.off;
	const struct kbng_iface_config *cfg;
	struct kbng_client client = {};
	struct kbng_iface *iface;
	struct kbng_session *s;
	unsigned long ifindex;

	ether_addr_copy(client.mac, msg->dhcp.chaddr);
	*stat = KBNG_STAT_dhcp_unknown_server;
	xa_for_each(&kn->ifaces, ifindex, iface) {
		cfg = rcu_dereference(iface->config);
		if (cfg->giaddr != msg->to ||
		    !kbng_relay_has_server(cfg, msg->from))
			continue;
		*stat = KBNG_STAT_dhcp_unmatched_reply;
		if (msg->dhcp.giaddr != msg->to)
			continue;
		client.ifindex = iface->ifindex;
		s = kbng_session_by_xid(kn, &client, msg->dhcp.xid, relay,
					msg->dhcp.relay.len);
		if (s) {
			msg->iface = iface;
			msg->cfg = cfg;
			msg->client = s->client;
			msg->via = kbng_relay_via(s);
			ether_addr_copy(msg->hop, s->hop);
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
		kbng_server_answered(msg.iface, msg.cfg, msg.from);
		saddr = s->unicast ?: msg.cfg->server_id ?: msg.cfg->giaddr;
		stat = kbng_relay_apply(&msg, s);
	}
	spin_unlock_bh(&kn->lock);
	if (stat) {
		kfree_skb(msg.skb);
		return stat;
	}
	kbng_nl_dhcp_notify(kn, msg.iface->ifindex, &msg.dhcp, msg.from);
	kbng_relay_to_client(&msg, saddr);
	kbng_stat_inc(kn->stats, KBNG_STAT_dhcp_replied);
	return KBNG_STAT_NONE;
}

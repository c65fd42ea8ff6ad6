// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCPv4 relay agent (RFC 2131, RFC 1542 4.1, RFC 3046).
 *
 * A client's message is copied into a packet of our own, gets giaddr and
 * option 82 and goes to the iface's servers, unicast renewals included: so
 * every answer comes back through here. An answer must come from a server of
 * the iface, to its giaddr, and match the newest transaction of a session.
 * The ACK binds that session before the client hears of it.
 */
#include "relay.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/route.h>
#include "dhcp.h"
#include "iface.h"
#include "netlink.h"
#include "opt82.h"
#include "pernet.h"
#include "session.h"
#include "template.h"

#define KBNG_RELAY_HEADERS	(sizeof(struct iphdr) + sizeof(struct udphdr))

/**
 * struct kbng_relay_msg - a message on its way
 * @skb: a copy of the message, data at its first octet; owned
 * @dhcp: what it says
 * @iface: access iface
 * @cfg: its configuration
 * @from: sender's address
 * @to: receiver's address
 */
struct kbng_relay_msg {
	struct sk_buff *skb;
	struct kbng_dhcp dhcp;
	struct kbng_iface *iface;
	const struct kbng_iface_config *cfg;
	__be32 from;
	__be32 to;
};

static bool kbng_relay_checksum_ok(const struct sk_buff *skb,
				   const struct iphdr *ip,
				   const struct udphdr *uh, unsigned int off)
{
	unsigned int len = ntohs(uh->len);

	if (!uh->check || skb_csum_unnecessary(skb))
		return true;
	return !csum_tcpudp_magic(ip->saddr, ip->daddr, len, IPPROTO_UDP,
				  skb_checksum(skb, off, len, 0));
}

/*
 * Take a message out of a packet whose data is at a sane IP header. Leaves
 * room before it for all headers and behind it for option 82.
 */
static enum kbng_stat kbng_relay_read(struct kbng_relay_msg *msg,
				      const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int off = ip->ihl * 4;
	const struct udphdr *uh;
	enum kbng_stat stat;
	struct udphdr _uh;
	unsigned int len;

	uh = skb_header_pointer(skb, off, sizeof(_uh), &_uh);
	if (!uh || ntohs(uh->len) < sizeof(*uh) ||
	    off + ntohs(uh->len) > ntohs(ip->tot_len))
		return KBNG_STAT_dhcp_truncated;
	len = ntohs(uh->len) - sizeof(*uh);
	if (len > KBNG_DHCP_LEN_MAX)
		return KBNG_STAT_dhcp_oversized;
	if (!kbng_relay_checksum_ok(skb, ip, uh, off))
		return KBNG_STAT_dhcp_checksum;

	msg->from = ip->saddr;
	msg->to = ip->daddr;
	msg->skb = alloc_skb(LL_MAX_HEADER + KBNG_RELAY_HEADERS +
			     KBNG_DHCP_LEN_MAX + KBNG_OPT82_MAX + 2,
			     GFP_ATOMIC);
	if (!msg->skb)
		return KBNG_STAT_dhcp_no_memory;
	skb_reserve(msg->skb, LL_MAX_HEADER + KBNG_RELAY_HEADERS);
	stat = KBNG_STAT_dhcp_truncated;
	if (skb_copy_bits(skb, off + sizeof(*uh), skb_put(msg->skb, len), len))
		goto err_free_skb;
	stat = kbng_dhcp_parse(msg->skb->data, len, &msg->dhcp);
	if (stat)
		goto err_free_skb;
	return KBNG_STAT_NONE;

err_free_skb:
	kfree_skb(msg->skb);
	return stat;
}

static void kbng_relay_push_headers(struct sk_buff *skb, __be32 saddr,
				    __be32 daddr, u16 dport, u8 ttl)
{
	struct udphdr *uh;
	struct iphdr *ip;

	uh = skb_push(skb, sizeof(*uh));
	skb_reset_transport_header(skb);
	uh->source = htons(KBNG_DHCP_SERVER_PORT);
	uh->dest = htons(dport);
	uh->len = htons(skb->len);
	uh->check = 0;
	uh->check = csum_tcpudp_magic(saddr, daddr, skb->len, IPPROTO_UDP,
				      csum_partial(uh, skb->len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;

	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tos = IPTOS_PREC_INTERNETCONTROL;
	ip->tot_len = htons(skb->len);
	ip->ttl = ttl;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = saddr;
	ip->daddr = daddr;
	ip_send_check(ip);
	skb->protocol = htons(ETH_P_IP);
	skb->priority = TC_PRIO_CONTROL;
}

/* Takes over the skb. */
static enum kbng_stat kbng_relay_send_server(struct net *net,
					     struct sk_buff *skb,
					     __be32 giaddr, __be32 server)
{
	struct flowi4 fl4 = {
		.saddr = giaddr,
		.daddr = server,
		.flowi4_proto = IPPROTO_UDP,
		.fl4_sport = htons(KBNG_DHCP_SERVER_PORT),
		.fl4_dport = htons(KBNG_DHCP_SERVER_PORT),
	};
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

static bool kbng_relay_has_server(const struct kbng_iface_config *cfg,
				  __be32 addr)
{
	unsigned int i;

	for (i = 0; i < cfg->n_servers; i++)
		if (cfg->servers[i] == addr)
			return true;
	return false;
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
		stat = copy ? kbng_relay_send_server(msg->iface->kn->net, copy,
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
		s->deadline = ktime_get_boottime_ns() +
			      (u64)msg->cfg->offer_timeout * NSEC_PER_SEC;
	s->xid = m->xid;
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

	if (m->relay.len && !kbng_opt82_valid(relay, m->relay.len))
		return KBNG_STAT_dhcp_opt82_malformed;
	if (m->relay.len && !kbng_opt82_matches(relay, m->relay.len,
						&s->circuit, &s->remote))
		return KBNG_STAT_dhcp_opt82_mismatch;

	switch (m->type) {
	case KBNG_DHCP_OFFER:
		return KBNG_STAT_NONE;
	case KBNG_DHCP_ACK:
		return kbng_relay_ack(msg, s);
	case KBNG_DHCP_NAK:
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
		if (s && s->xid == msg->dhcp.xid) {
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

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
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/ip.h>
#include "iface.h"
#include "netlink.h"
#include "opt82.h"
#include "pernet.h"
#include "relay_message.h"
#include "relay_opt82.h"
#include "relay_send.h"
#include "session.h"

/*
 * What the access node will want to see again, what it knows of the line, and
 * names; false for want of memory.
 */
static bool kbng_relay_keep(struct kbng_session *s,
			    const struct kbng_relay_msg *msg)
{
	const struct kbng_span *relay = &msg->dhcp.relay;
	const struct kbng_span *hostname = &msg->dhcp.hostname;
	const u8 *data = msg->skb->data;

	if (kbng_octets_set(&s->agent, data + relay->off, relay->len,
			    GFP_ATOMIC) ||
	    kbng_octets_set(&s->circuit, msg->circuit.data, msg->circuit.len,
			    GFP_ATOMIC) ||
	    kbng_octets_set(&s->remote, msg->remote.data, msg->remote.len,
			    GFP_ATOMIC) ||
	    (hostname->len &&
	     kbng_octets_set(&s->hostname, data + hostname->off,
			     min_t(u16, hostname->len, KBNG_NAME_MAX),
			     GFP_ATOMIC)))
		return false;
	if (relay->len) {
		kbng_opt82_rates(data + relay->off, relay->len, &s->rates);
		kbng_session_set_rates(s);
	}
	return true;
}

static enum kbng_stat kbng_relay_admit(const struct kbng_relay_msg *msg,
				       struct kbng_line **line)
{
	*line = kbng_line_get(msg->iface, &msg->line);
	return *line ? kbng_line_take(*line, msg->cfg) :
		       KBNG_STAT_dhcp_sessions_full;
}

static enum kbng_stat kbng_relay_refusal(const struct kbng_session *s)
{
	switch (PTR_ERR(s)) {
	case -ENOMEM:
		return KBNG_STAT_dhcp_no_memory;
	case -EDQUOT:
		return KBNG_STAT_dhcp_line_full;
	case -EPERM:
		return KBNG_STAT_dhcp_move_denied;
	default:
		return KBNG_STAT_dhcp_sessions_full;
	}
}

/*
 * What may answer from now on. A DISCOVER that is doubled and late takes
 * nothing from the REQUEST that has overtaken it.
 */
static void kbng_relay_expect(struct kbng_session *s,
			      const struct kbng_relay_msg *msg)
{
	const struct kbng_dhcp *m = &msg->dhcp;

	if (!s->open || s->xid != m->xid) {
		s->requested = false;
		s->rapid = false;
	}
	s->xid = m->xid;
	s->open = true;
	s->unicast = kbng_relay_has_server(msg->cfg, msg->to) ? msg->to : 0;
	s->by_node = m->giaddr != 0;
	if (m->type != KBNG_DHCP_DISCOVER)
		s->requested = true;
	else if (m->rapid_commit)
		s->rapid = true;
}

/* What RADIUS says of the lease, for servers. */
static void kbng_relay_add_terms(struct kbng_relay_msg *msg,
				 const struct kbng_session *s)
{
	msg->framed = s->framed;
	kbng_session_id(&msg->radius, s->radius);
}

static bool kbng_relay_ask_for(struct kbng_relay_msg *msg, __be32 addr)
{
	struct sk_buff *skb = msg->skb;
	size_t len;

	len = kbng_dhcp_ask_for(skb->data, skb->len,
				skb->len + skb_tailroom(skb), &msg->dhcp, addr);
	if (len)
		skb_put(skb, len - skb->len);
	return len;
}

/* DISCOVER, REQUEST, INFORM: remember the transaction. */
static enum kbng_stat kbng_relay_open(struct kbng_relay_msg *msg)
{
	const union nf_inet_addr to = { .ip = msg->to };
	struct kbng_net *kn = msg->iface->kn;
	struct kbng_session *s;
	struct kbng_line *line;
	enum kbng_stat stat;

	spin_lock_bh(&kn->lock);
	stat = kbng_relay_admit(msg, &line);
	if (stat)
		goto out_unlock;
	s = kbng_session_on(line, &msg->client, msg->hop);
	if (IS_ERR(s)) {
		stat = kbng_relay_refusal(s);
		goto out_unlock;
	}
	if (!kbng_relay_keep(s, msg)) {
		stat = KBNG_STAT_dhcp_no_memory;
		goto out_unlock;
	}
	kbng_relay_expect(s, msg);
	kbng_relay_add_terms(msg, s);
	stat = kbng_session_let_in(s, KBNG_IPV4, &msg->skb, &to);
out_unlock:
	spin_unlock_bh(&kn->lock);
	return stat;
}

/* RELEASE, DECLINE: only the session that has the address may give it up. */
static enum kbng_stat kbng_relay_close(const struct kbng_relay_msg *msg)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	struct kbng_net *kn = msg->iface->kn;
	struct kbng_session *s;
	struct kbng_line *line;
	enum kbng_stat stat;
	bool release = m->type == KBNG_DHCP_RELEASE;
	__be32 addr = release ? m->ciaddr : m->requested;

	spin_lock_bh(&kn->lock);
	stat = kbng_relay_admit(msg, &line);
	if (stat)
		goto out_unlock;
	s = kbng_session_by_client(kn, &msg->client);
	if (s && s->line == line && ether_addr_equal(s->hop, msg->hop) &&
	    s->addr && s->addr == addr)
		kbng_session_unbind(s, release ? KBNG_CAUSE_USER_REQUEST :
						 KBNG_CAUSE_USER_ERROR);
	else
		stat = KBNG_STAT_dhcp_release_foreign;
out_unlock:
	spin_unlock_bh(&kn->lock);
	return stat;
}

/*
 * The node that a message came by, which is in msg->client.node then. What a
 * host behind one sends by unicast has no giaddr: its session knows the node.
 */
static enum kbng_stat kbng_relay_find_node(struct kbng_relay_msg *msg)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	const struct kbng_host *host;

	if (m->giaddr) {
		if (!kbng_iface_has_node(msg->cfg, m->giaddr))
			return KBNG_STAT_dhcp_giaddr_spoofed;
		msg->client.node = m->giaddr;
		return KBNG_STAT_NONE;
	}
	if (ether_addr_equal(msg->hop, m->chaddr))
		return KBNG_STAT_NONE;
	host = kbng_host_find(msg->iface->kn, msg->from, KBNG_UP);
	if (!host || host->ifindex != msg->client.ifindex ||
	    host->tags != msg->client.tags || msg->from != m->ciaddr ||
	    !host->session->client.node ||
	    !ether_addr_equal(host->session->client.mac, m->chaddr) ||
	    !ether_addr_equal(host->mac, msg->hop))
		return KBNG_STAT_dhcp_chaddr_mismatch;
	msg->client.node = host->session->client.node;
	return KBNG_STAT_NONE;
}

static enum kbng_stat kbng_relay_check_client(struct kbng_relay_msg *msg)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	const u8 *data = msg->skb->data;
	enum kbng_stat stat;

	if (m->op != KBNG_DHCP_BOOTREQUEST)
		return KBNG_STAT_dhcp_bad_op;
	stat = kbng_relay_find_node(msg);
	if (stat)
		return stat;
	if (m->hops >= KBNG_DHCP_HOPS_MAX)
		return KBNG_STAT_dhcp_hops;
	if (!m->relay.len)
		return KBNG_STAT_NONE;
	if (!kbng_opt82_valid(data + m->relay.off, m->relay.len))
		return KBNG_STAT_dhcp_opt82_malformed;
	if (!msg->cfg->trusted && !m->giaddr)
		return KBNG_STAT_dhcp_opt82_untrusted;
	return msg->cfg->opt82 == KBNG_OPT82_DROP ?
		       KBNG_STAT_dhcp_opt82_refused : KBNG_STAT_NONE;
}

/* What a client's message does to its session, which may keep it. */
static enum kbng_stat kbng_relay_note(struct kbng_relay_msg *msg)
{
	enum kbng_stat stat;

	stat = kbng_relay_identify(msg);
	if (stat)
		return stat;
	switch (msg->dhcp.type) {
	case KBNG_DHCP_DISCOVER:
	case KBNG_DHCP_REQUEST:
	case KBNG_DHCP_INFORM:
		return kbng_relay_open(msg);
	case KBNG_DHCP_RELEASE:
	case KBNG_DHCP_DECLINE:
		return kbng_relay_close(msg);
	default:
		return KBNG_STAT_dhcp_bad_type;
	}
}

/* Send a message on. Takes over the skb. */
static enum kbng_stat kbng_relay_forward(struct kbng_relay_msg *msg)
{
	struct kbng_iface *iface = msg->iface;
	struct sk_buff *skb = msg->skb;
	enum kbng_stat stat;

	skb->data[KBNG_DHCP_OFF_HOPS]++;
	memcpy(skb->data + KBNG_DHCP_OFF_GIADDR, &msg->cfg->giaddr,
	       sizeof(msg->cfg->giaddr));
	if (msg->framed && !kbng_relay_ask_for(msg, msg->framed))
		stat = KBNG_STAT_dhcp_oversized;
	else
		stat = kbng_relay_set_opt82(msg);
	if (stat) {
		kfree_skb(skb);
		return stat;
	}
	kbng_nl_dhcp_notify(iface->kn, iface->ifindex, &msg->dhcp, 0);
	stat = kbng_relay_send(msg);
	if (!stat)
		kbng_stat_inc(iface->kn->stats, KBNG_STAT_dhcp_relayed);
	return stat;
}

/**
 * kbng_relay_client() - a message from the access side to a server's port
 * @iface: access iface
 * @tags: of the line that it came by
 * @skb: packet, data at a sane IP header; stays the caller's
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE when it was relayed or waits for a verdict, or why it
 * was dropped
 */
enum kbng_stat kbng_relay_client(struct kbng_iface *iface, u32 tags,
				 struct sk_buff *skb)
{
	struct kbng_relay_msg msg = { .iface = iface };
	enum kbng_stat stat;

	msg.cfg = rcu_dereference(iface->config);
	if (!msg.cfg->giaddr || !msg.cfg->n_servers)
		return KBNG_STAT_dhcp_no_server;
	stat = kbng_relay_read(&msg, skb);
	if (stat)
		return stat;
	msg.client.ifindex = iface->ifindex;
	msg.client.tags = tags;
	ether_addr_copy(msg.client.mac, msg.dhcp.chaddr);
	ether_addr_copy(msg.hop, eth_hdr(skb)->h_source);
	stat = kbng_relay_check_client(&msg);
	if (!stat)
		stat = kbng_relay_note(&msg);
	if (stat) {
		kfree_skb(msg.skb);
		return stat;
	}
	return msg.skb ? kbng_relay_forward(&msg) : KBNG_STAT_NONE;
}

/**
 * kbng_relay_resume() - send on what has waited for a verdict, if that is good
 * @kn: namespace
 * @uuid: of the session
 *
 * Context: process, without kbng_net.lock
 */
void kbng_relay_resume(struct kbng_net *kn, const u8 *uuid)
{
	struct kbng_relay_msg msg = {};
	struct kbng_session *s;
	union nf_inet_addr to;
	enum kbng_stat stat;

	rcu_read_lock();
	spin_lock_bh(&kn->lock);
	s = kbng_session_by_uuid(kn, uuid);
	if (s)
		msg.skb = kbng_session_release(s, KBNG_IPV4, &to);
	if (msg.skb) {
		msg.to = to.ip;
		msg.iface = s->line->iface;
		msg.client = s->client;
		kbng_session_ids(s, &msg.circuit, &msg.remote);
		kbng_relay_add_terms(&msg, s);
	}
	spin_unlock_bh(&kn->lock);
	if (!msg.skb)
		goto out_unlock;
	msg.cfg = rcu_dereference(msg.iface->config);
	/* It was well-formed when it came, and nobody has changed it. */
	kbng_dhcp_parse(msg.skb->data, msg.skb->len, &msg.dhcp);
	stat = kbng_relay_forward(&msg);
	if (stat)
		kbng_iface_count(msg.iface, stat);
out_unlock:
	rcu_read_unlock();
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCPv6 relay agent, from client to server (RFC 8415 19.1). A client's
 * message is copied, wrapped with its line's ids and sent to the iface's
 * servers from an address of the link, where the answers come back to. It waits
 * as it came while nobody has let the client in, and is wrapped then.
 *
 * Who speaks is known by the frame's source. A layer-2 access node in front of a
 * trusted iface leaves that as it is, wraps the message itself and names the
 * client's port (RFC 6221); what it has wrapped is wrapped once more.
 *
 * The link-local address that a client speaks from leads an answer back to its
 * session; while it has that session, nobody else on the line can use the
 * address for DHCPv6.
 */
#include "relay6.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/ipv6.h>
#include "iface.h"
#include "pernet.h"
#include "relay6_message.h"
#include "relay6_send.h"
#include "session.h"

/**
 * struct kbng_relay6_msg - a client's message on its way
 * @skb: a copy of the message, data at its first octet; owned, NULL when it waits
 * @dhcp: what the client says
 * @hops: 1 when an access node has wrapped that, else 0
 * @iface: access iface
 * @cfg: its configuration
 * @client: who sent it
 * @peer: the client's link-local address
 * @circuit: circuit-id that the server sees
 * @remote: remote-id that the server sees
 * @line: what makes the client's line
 * @node_radius: an access node has put RADIUS attributes there
 */
struct kbng_relay6_msg {
	struct sk_buff *skb;
	struct kbng_dhcp6 dhcp;
	u8 hops;
	struct kbng_iface *iface;
	const struct kbng_iface_config *cfg;
	struct kbng_client client;
	const struct in6_addr *peer;
	struct kbng_id circuit;
	struct kbng_id remote;
	struct kbng_line_key line;
	bool node_radius;
};

/* RELEASE, DECLINE: only the session that has a lease may give it up. */
static enum kbng_stat kbng_relay6_close(struct kbng_session *s,
					const struct kbng_dhcp6 *m)
{
	enum kbng_terminate_cause cause = m->type == KBNG_DHCP6_RELEASE ?
						  KBNG_CAUSE_USER_REQUEST :
						  KBNG_CAUSE_USER_ERROR;
	struct kbng_prefix *p[KBNG_DHCP6_LEASES_MAX];
	struct kbng_prefix_spec spec;
	unsigned int i;

	for (i = 0; i < m->n_leases; i++) {
		kbng_relay6_lease(&m->lease[i], &spec);
		p[i] = kbng_session_prefix(s, &spec);
		if (!p[i])
			return KBNG_STAT_dhcp6_release_foreign;
	}
	for (i = 0; i < m->n_leases; i++)
		kbng_session_close6(s, p[i], cause);
	return KBNG_STAT_NONE;
}

/*
 * The line's ids as DHCP has them, or as an access node has told before; else
 * the node's, or those of the iface's templates.
 */
static int kbng_relay6_identify(struct kbng_session *s,
				struct kbng_relay6_msg *msg)
{
	bool told = s->addr || (!msg->hops && s->line->circuit_len);
	int err;

	if (told && (s->circuit || s->remote)) {
		kbng_session_ids(s, &msg->circuit, &msg->remote);
		return 0;
	}
	err = kbng_octets_set(&s->circuit, msg->circuit.data, msg->circuit.len,
			      GFP_ATOMIC);
	return err ?: kbng_octets_set(&s->remote, msg->remote.data,
				      msg->remote.len, GFP_ATOMIC);
}

/*
 * Whether a session's line may be that of a message. What no access node has
 * wrapped names none, and a node need not tell Remote-Id.
 */
static bool kbng_relay6_is_on(const struct kbng_session *s,
			      const struct kbng_relay6_msg *msg)
{
	const struct kbng_line *line = s->line;
	const struct kbng_id *circuit = &msg->line.circuit;
	const struct kbng_id *remote = &msg->line.remote;

	if (circuit->len && (circuit->len != line->circuit_len ||
			     memcmp(circuit->data, line->ids, circuit->len)))
		return false;
	return !remote->len ||
	       (remote->len == line->remote_len &&
		!memcmp(remote->data, line->ids + line->circuit_len,
			remote->len));
}

/* The line of the message: that of @s, or else what the access node names. */
static enum kbng_stat kbng_relay6_admit(const struct kbng_relay6_msg *msg,
					const struct kbng_session *s,
					struct kbng_line **line)
{
	*line = s && kbng_relay6_is_on(s, msg) ?
			s->line : kbng_line_get(msg->iface, &msg->line);
	return *line ? kbng_line_take(*line, msg->cfg) :
		       KBNG_STAT_dhcp6_sessions_full;
}

static enum kbng_stat kbng_relay6_refusal(int err)
{
	switch (err) {
	case -ENOMEM:
		return KBNG_STAT_dhcp6_no_memory;
	case -EDQUOT:
		return KBNG_STAT_dhcp_line_full;
	case -EPERM:
		return KBNG_STAT_dhcp_move_denied;
	case -EADDRINUSE:
		return KBNG_STAT_dhcp6_peer_taken;
	default:
		return KBNG_STAT_dhcp6_sessions_full;
	}
}

static bool kbng_relay6_closes(const struct kbng_relay6_msg *msg)
{
	return msg->dhcp.type == KBNG_DHCP6_RELEASE ||
	       msg->dhcp.type == KBNG_DHCP6_DECLINE;
}

/* The client's session on its line, after what it gives up is closed. */
static struct kbng_session *kbng_relay6_session(const struct kbng_relay6_msg *msg,
						enum kbng_stat *stat)
{
	struct kbng_session *s;
	struct kbng_line *line;

	s = kbng_session_by_client(msg->iface->kn, &msg->client);
	*stat = kbng_relay6_admit(msg, s, &line);
	if (*stat)
		return NULL;
	if (kbng_relay6_closes(msg)) {
		*stat = s && s->line == line ?
				kbng_relay6_close(s, &msg->dhcp) :
				KBNG_STAT_dhcp6_release_foreign;
		return *stat ? NULL : s;
	}
	s = kbng_session_on(line, &msg->client, msg->client.mac);
	if (!IS_ERR(s))
		return s;
	*stat = kbng_relay6_refusal(PTR_ERR(s));
	return NULL;
}

/* What goes in front, with what RADIUS has said of the session. */
static noinline_for_stack void kbng_relay6_wrap(struct kbng_relay6_msg *msg,
						const struct kbng_session *s)
{
	struct kbng_radius6_walk radius = {};
	u8 header[KBNG_DHCP6_WRAP_MAX];
	size_t len;

	if (!msg->node_radius)
		radius = kbng_session_radius6(s->radius6);
	len = kbng_dhcp6_wrap(header, msg->hops, msg->cfg->link6.s6_addr,
			      msg->peer->s6_addr, &msg->circuit, &msg->remote,
			      &radius, msg->skb->len);
	memcpy(skb_push(msg->skb, len), header, len);
}

static enum kbng_stat kbng_relay6_let_in(struct kbng_relay6_msg *msg,
					 struct kbng_session *s)
{
	const union nf_inet_addr from = { .in6 = *msg->peer };

	if (!kbng_relay6_closes(msg))
		return kbng_session_let_in(s, KBNG_IPV6, &msg->skb, &from);
	/* One that names nothing would get by. */
	return kbng_session_may_ask(s, KBNG_IPV6) ?
		       KBNG_STAT_dhcp6_release_foreign : KBNG_STAT_NONE;
}

/* Remember the transaction, and wrap the message, unless the session keeps it. */
static enum kbng_stat kbng_relay6_open(struct kbng_relay6_msg *msg)
{
	struct kbng_session *s;
	enum kbng_stat stat;
	int err;

	lockdep_assert_held(&msg->iface->kn->lock);
	s = kbng_relay6_session(msg, &stat);
	if (!s)
		return stat;
	err = kbng_peer_set(s, msg->peer);
	if (err)
		return kbng_relay6_refusal(err);
	s->peer->xid = msg->dhcp.xid;
	s->peer->open = true;
	if (kbng_relay6_identify(s, msg))
		return KBNG_STAT_dhcp6_no_memory;
	stat = kbng_relay6_let_in(msg, s);
	if (!stat && msg->skb)
		kbng_relay6_wrap(msg, s);
	return stat;
}

static enum kbng_stat kbng_relay6_check_client(const struct kbng_relay6_msg *msg)
{
	switch (msg->dhcp.type) {
	case KBNG_DHCP6_ADVERTISE:
	case KBNG_DHCP6_REPLY:
	case KBNG_DHCP6_RECONFIGURE:
		return KBNG_STAT_dhcp6_bad_type;
	}
	return ipv6_addr_type(msg->peer) & IPV6_ADDR_LINKLOCAL ?
		       KBNG_STAT_NONE : KBNG_STAT_dhcp6_bad_source;
}

/* A client's message, perhaps in what an access node has put around it. */
static enum kbng_stat kbng_relay6_parse(struct kbng_relay6_msg *msg)
{
	const struct sk_buff *skb = msg->skb;
	struct kbng_dhcp6_relay node = {
		.msg = skb->data, .msg_len = skb->len,
	};
	enum kbng_stat stat;

	if (msg->cfg->trusted && skb->len &&
	    skb->data[0] == KBNG_DHCP6_RELAY_FORW) {
		if (msg->cfg->opt82 == KBNG_OPT82_DROP)
			return KBNG_STAT_dhcp_opt82_refused;
		stat = kbng_dhcp6_unwrap(skb->data, skb->len,
					 KBNG_DHCP6_RELAY_FORW, &node);
		if (!stat)
			stat = kbng_dhcp6_node(&node, msg->peer->s6_addr,
					       &msg->line.circuit,
					       &msg->line.remote);
		if (stat)
			return stat;
		msg->hops = 1;
		msg->node_radius = node.radius;
	}
	stat = kbng_dhcp6_parse(node.msg, node.msg_len, &msg->dhcp);
	return stat ?: kbng_relay6_check_client(msg);
}

/*
 * The ids in front of the message, which stay with the session: an access
 * node's, unless they are to be replaced, and ours where it gave none.
 */
static void kbng_relay6_name(struct kbng_relay6_msg *msg)
{
	const struct kbng_iface_config *cfg = msg->cfg;

	if (msg->hops && cfg->opt82 != KBNG_OPT82_REPLACE) {
		msg->circuit = msg->line.circuit;
		msg->remote = msg->line.remote;
		if (cfg->opt82 == KBNG_OPT82_KEEP)
			return;
	}
	if (!msg->circuit.len)
		kbng_iface_expand(msg->iface, cfg, msg->client.tags,
				  msg->client.mac, cfg->circuit_format,
				  &msg->circuit);
	if (!msg->remote.len)
		kbng_iface_expand(msg->iface, cfg, msg->client.tags,
				  msg->client.mac, cfg->remote_format,
				  &msg->remote);
}

static enum kbng_stat kbng_relay6_forward(struct kbng_relay6_msg *msg)
{
	struct kbng_net *kn = msg->iface->kn;
	enum kbng_stat stat;

	stat = kbng_relay6_parse(msg);
	if (stat)
		return stat;
	kbng_relay6_name(msg);
	spin_lock_bh(&kn->lock);
	stat = kbng_relay6_open(msg);
	spin_unlock_bh(&kn->lock);
	if (stat || !msg->skb)
		return stat;
	return kbng_relay6_send(msg->iface, msg->cfg, msg->skb);
}

/**
 * kbng_relay6_client() - a message from the access side to a server's port
 * @iface: access iface
 * @tags: of the line that it came by
 * @skb: packet, data at an IPv6 header with UDP behind it; stays the caller's
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE when it was relayed or waits for a verdict, or why it
 * was dropped
 */
enum kbng_stat kbng_relay6_client(struct kbng_iface *iface, u32 tags,
				  struct sk_buff *skb)
{
	struct kbng_relay6_msg msg = {
		.iface = iface,
		.cfg = rcu_dereference(iface->config),
		.client = { .ifindex = iface->ifindex, .tags = tags },
		.peer = &ipv6_hdr(skb)->saddr,
		.line = { .ifindex = iface->ifindex, .tags = tags },
	};
	enum kbng_stat stat;

	if (!msg.cfg->n_servers6)
		return KBNG_STAT_dhcp6_no_server;
	msg.skb = kbng_relay6_read(skb, &stat);
	if (!msg.skb)
		return stat;
	ether_addr_copy(msg.client.mac, eth_hdr(skb)->h_source);
	stat = kbng_relay6_forward(&msg);
	kfree_skb(msg.skb);
	return stat;
}

/* What has waited, wrapped as if it had just come; by the configuration of now. */
static enum kbng_stat kbng_relay6_take(struct kbng_relay6_msg *msg,
				       struct kbng_session *s,
				       union nf_inet_addr *from)
{
	enum kbng_stat stat;

	msg->skb = kbng_session_release(s, KBNG_IPV6, from);
	if (!msg->skb)
		return KBNG_STAT_NONE;
	msg->iface = s->line->iface;
	msg->cfg = rcu_dereference(msg->iface->config);
	msg->peer = &from->in6;
	stat = kbng_relay6_parse(msg);
	if (stat)
		return stat;
	kbng_session_ids(s, &msg->circuit, &msg->remote);
	kbng_relay6_wrap(msg, s);
	return KBNG_STAT_NONE;
}

/**
 * kbng_relay6_resume() - send on what has waited for a verdict, if that is good
 * @kn: namespace
 * @uuid: of the session
 *
 * Context: process, without kbng_net.lock
 */
void kbng_relay6_resume(struct kbng_net *kn, const u8 *uuid)
{
	enum kbng_stat stat = KBNG_STAT_NONE;
	struct kbng_relay6_msg msg = {};
	struct kbng_session *s;
	union nf_inet_addr from;

	rcu_read_lock();
	spin_lock_bh(&kn->lock);
	s = kbng_session_by_uuid(kn, uuid);
	if (s)
		stat = kbng_relay6_take(&msg, s, &from);
	spin_unlock_bh(&kn->lock);
	if (!stat && msg.skb)
		stat = kbng_relay6_send(msg.iface, msg.cfg, msg.skb);
	if (stat)
		kbng_iface_count(msg.iface, stat);
	kfree_skb(msg.skb);
	rcu_read_unlock();
}

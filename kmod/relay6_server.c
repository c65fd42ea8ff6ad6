// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCPv6 relay agent, from server to client (RFC 8415 19.2).
 *
 * An answer must come from a server of the iface, to its link address, and match
 * the open transaction of a session, which the first Reply closes. A Reply binds
 * and extends what is in it before the client hears of it.
 */
#include "relay6.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/ipv6_frag.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include "iface.h"
#include "netlink.h"
#include "pernet.h"
#include "relay6_message.h"
#include "session.h"
#include "tags.h"

/* What is to be bound, all of it sound, or nothing. */
static bool kbng_relay6_leases_ok(const struct kbng_dhcp6 *m)
{
	struct kbng_prefix_spec spec;
	unsigned int i;

	for (i = 0; i < m->n_leases; i++) {
		kbng_relay6_lease(&m->lease[i], &spec);
		if (!kbng_prefix_valid(&spec.addr, spec.len))
			return false;
	}
	return true;
}

/* 1: it is new; 0: it was extended or ended; or -ENOSPC or -ENOMEM. */
static int kbng_relay6_bind(struct kbng_session *s,
			    const struct kbng_dhcp6_lease *lease)
{
	struct kbng_prefix_spec spec;
	struct kbng_prefix *p;

	kbng_relay6_lease(lease, &spec);
	if (spec.valid)
		return kbng_session_bind6(s, &spec);
	p = kbng_session_prefix(s, &spec);
	if (p)
		kbng_session_unbind6(s, p, KBNG_CAUSE_LOST_SERVICE);
	return 0;
}

static enum kbng_stat kbng_relay6_error(int err)
{
	if (err >= 0)
		return KBNG_STAT_NONE;
	return err == -ENOMEM ? KBNG_STAT_dhcp6_no_memory :
				KBNG_STAT_dhcp6_bad_lease;
}

/* What was bound before something could not be is told all the same. */
static enum kbng_stat kbng_relay6_reply(struct kbng_session *s,
					const struct kbng_dhcp6 *m)
{
	bool offered = s->state == KBNG_STATE_OFFERED;
	struct kbng_net *kn = s->kn;
	unsigned int bound = 0;
	unsigned int i;
	int err = 0;

	if (!kbng_relay6_leases_ok(m))
		return KBNG_STAT_dhcp6_bad_lease;
	s->peer->open = false;
	for (i = 0; i < m->n_leases; i++) {
		err = kbng_relay6_bind(s, &m->lease[i]);
		if (s->state == KBNG_STATE_STOPPED)
			return KBNG_STAT_NONE;
		if (err < 0)
			break;
		bound += err;
	}
	if (kbng_session_end_closed6(s) || !i ||
	    s->state == KBNG_STATE_OFFERED)
		return kbng_relay6_error(err);
	kbng_stat_inc(kn->stats, bound ? KBNG_STAT_dhcp6_bound :
					 KBNG_STAT_dhcp6_renewed);
	s->renewals += !bound;
	kbng_nl_session_notify(s, offered ? KBNG_CMD_SESSION_BIND_NTF :
					    KBNG_CMD_SESSION_RENEW_NTF);
	return kbng_relay6_error(err);
}

/* What a server's message does to the session, under kbng_net.lock. */
static enum kbng_stat kbng_relay6_apply(struct kbng_session *s,
					const struct kbng_dhcp6 *m)
{
	switch (m->type) {
	case KBNG_DHCP6_RECONFIGURE:	/* asks the client to ask */
		return KBNG_STAT_NONE;
	case KBNG_DHCP6_ADVERTISE:
	case KBNG_DHCP6_REPLY:
		if (!s->peer->open || s->peer->xid != m->xid)
			return KBNG_STAT_dhcp6_unmatched_reply;
		return m->type == KBNG_DHCP6_REPLY ? kbng_relay6_reply(s, m) :
						     KBNG_STAT_NONE;
	default:
		return KBNG_STAT_dhcp6_bad_type;
	}
}

/* Does a packet go from a server of the iface to its link address? */
static bool kbng_relay6_answers(const struct kbng_iface_config *cfg,
				const struct ipv6hdr *ip6)
{
	return cfg->n_servers6 && ipv6_addr_equal(&cfg->link6, &ip6->daddr) &&
	       kbng_relay6_has_server(cfg, &ip6->saddr);
}

/*
 * The session that an answer is for, under kbng_net.lock. Several ifaces may
 * share a link address.
 */
static struct kbng_session *kbng_relay6_match(struct kbng_net *kn,
					      const struct ipv6hdr *ip6,
					      const struct kbng_dhcp6_relay *r,
					      u32 xid, enum kbng_stat *stat)
{
	const struct kbng_iface_config *cfg;
	struct kbng_iface *iface;
	struct kbng_peer *p;
	unsigned long ifindex;

	*stat = KBNG_STAT_dhcp6_unknown_server;
	xa_for_each(&kn->ifaces, ifindex, iface) {
		cfg = rcu_dereference(iface->config);
		if (!kbng_relay6_answers(cfg, ip6))
			continue;
		*stat = KBNG_STAT_dhcp6_unmatched_reply;
		p = kbng_peer_match(kn, iface->ifindex, r, xid);
		if (p)
			return p->session;
	}
	return NULL;
}

/* Does an answer go to the access node in front of the client? */
static bool kbng_relay6_is_for_node(const u8 *msg, size_t len)
{
	return len && msg[0] == KBNG_DHCP6_RELAY_REPL;
}

/* Whether a packet is a server's message to one of our link addresses. */
static bool kbng_relay6_is_reply(struct kbng_net *kn, const struct sk_buff *skb)
{
	const struct kbng_iface_config *cfg;
	struct kbng_iface *iface;
	unsigned long ifindex;

	xa_for_each(&kn->ifaces, ifindex, iface) {
		cfg = rcu_dereference(iface->config);
		if (cfg->n_servers6 &&
		    ipv6_addr_equal(&cfg->link6, &ipv6_hdr(skb)->daddr))
			return true;
	}
	return false;
}

/* What is in an answer, and what an access node takes off (RFC 6221 5). */
static enum kbng_stat kbng_relay6_parse_answer(const struct kbng_dhcp6_relay *r,
					       struct kbng_dhcp6 *m)
{
	struct kbng_dhcp6_relay node;
	enum kbng_stat stat;

	if (!kbng_relay6_is_for_node(r->msg, r->msg_len))
		return kbng_dhcp6_parse(r->msg, r->msg_len, m);
	stat = kbng_dhcp6_unwrap(r->msg, r->msg_len, KBNG_DHCP6_RELAY_REPL,
				 &node);
	if (stat)
		return stat;
	/* The node would give it to somebody else. */
	if (memcmp(node.peer, r->peer, sizeof(struct in6_addr)))
		return KBNG_STAT_dhcp6_unmatched_reply;
	return kbng_dhcp6_parse(node.msg, node.msg_len, m);
}

/* From a link-local address, as RFC 8415 7.2 has it for what stays on a link. */
static void kbng_relay6_to_client(struct net_device *dev,
				  const struct kbng_client *client,
				  const u8 *peer, struct sk_buff *skb)
{
	u16 dport = kbng_relay6_is_for_node(skb->data, skb->len) ?
			    KBNG_DHCP6_SERVER_PORT : KBNG_DHCP6_CLIENT_PORT;
	struct in6_addr saddr, daddr;

	memcpy(&daddr, peer, sizeof(daddr));
	if (ipv6_dev_get_saddr(dev_net(dev), dev, &daddr, 0, &saddr)) {
		kfree_skb(skb);
		return;
	}
	kbng_relay6_push_headers(skb, &saddr, &daddr, dport,
				 IPV6_DEFAULT_MCASTHOPS);
	skb->dev = dev;
	if (dev_hard_header(skb, dev, ETH_P_IPV6, client->mac, NULL,
			    skb->len) < 0 ||
	    kbng_tags_push(skb, client->tags)) {
		kfree_skb(skb);
		return;
	}
	dev_queue_xmit(skb);
}

/* Whether a packet comes from a server to the link address that it answers to. */
static bool kbng_relay6_is_servers(struct kbng_net *kn,
				   const struct ipv6hdr *ip6)
{
	const struct kbng_iface_config *cfg;
	struct kbng_iface *iface;
	unsigned long ifindex;

	xa_for_each(&kn->ifaces, ifindex, iface) {
		cfg = rcu_dereference(iface->config);
		if (kbng_relay6_answers(cfg, ip6))
			return true;
	}
	return false;
}

/**
 * kbng_relay6_gather() - a fragment for this machine
 * @kn: namespace
 * @skb: packet, data at the IPv6 header, a fragment header behind it
 *
 * IPv6 puts fragments together behind LOCAL_IN. Those of servers are put
 * together here, within the bounds that connection tracking has for it
 * (net.netfilter.nf_conntrack_frag6_*).
 *
 * Context: softirq, RCU
 * Return: -EINPROGRESS when it waits for the others, and is the caller's no
 * more; or 0, or what is wrong with it
 */
int kbng_relay6_gather(struct kbng_net *kn, struct sk_buff *skb)
{
	if (!IS_ENABLED(CONFIG_NF_DEFRAG_IPV6) ||
	    !kbng_relay6_is_servers(kn, ipv6_hdr(skb)))
		return 0;
	return nf_ct_frag6_gather(kn->net, skb, IP6_DEFRAG_LOCAL_DELIVER);
}

/**
 * kbng_relay6_server() - a packet for this machine's DHCPv6 server port
 * @kn: namespace
 * @skb: packet, data at the IPv6 header, UDP behind it; stays the caller's
 * @ours: set when it is an answer to the relay, which nobody else gets
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE when the client got it, or why it was dropped
 */
enum kbng_stat kbng_relay6_server(struct kbng_net *kn, struct sk_buff *skb,
				  bool *ours)
{
	struct net_device *dev = NULL;
	struct kbng_client client;
	struct kbng_dhcp6_relay r;
	struct kbng_session *s;
	struct kbng_dhcp6 m;
	struct sk_buff *msg;
	enum kbng_stat stat;

	if (!kbng_relay6_is_reply(kn, skb))
		return KBNG_STAT_NONE;
	*ours = true;
	msg = kbng_relay6_read(skb, &stat);
	if (!msg)
		return stat;
	stat = kbng_dhcp6_unwrap(msg->data, msg->len, KBNG_DHCP6_RELAY_REPL, &r);
	if (!stat)
		stat = kbng_relay6_parse_answer(&r, &m);
	if (stat)
		goto err_free_msg;

	spin_lock_bh(&kn->lock);
	s = kbng_relay6_match(kn, ipv6_hdr(skb), &r, m.xid, &stat);
	if (s) {
		client = s->client;
		dev = kbng_iface_get(kn, s->client.ifindex)->dev;
		/* Nobody on the way to the client makes fragments of it. */
		stat = r.msg_len + KBNG_RELAY6_HEADERS > READ_ONCE(dev->mtu) ?
			       KBNG_STAT_dhcp6_malformed :
			       kbng_relay6_apply(s, &m);
	}
	spin_unlock_bh(&kn->lock);
	if (stat)
		goto err_free_msg;
	skb_pull(msg, r.msg - msg->data);
	skb_trim(msg, r.msg_len);
	kbng_relay6_to_client(dev, &client, r.peer, msg);
	kbng_stat_inc(kn->stats, KBNG_STAT_dhcp6_replied);
	return KBNG_STAT_NONE;

err_free_msg:
	kfree_skb(msg);
	return stat;
}

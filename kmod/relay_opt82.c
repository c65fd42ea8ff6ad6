// SPDX-License-Identifier: GPL-2.0
/*
 * What the relay says of a client in option 82, to servers (RFC 3046 2.1) and of
 * its session.
 */
#include "relay_opt82.h"

#include <linux/in.h>
#include "iface.h"
#include "opt82.h"
#include "pernet.h"
#include "relay_message.h"
#include "session.h"
#include "template.h"

/* Access nodes see broadcasts: a renewal by unicast has the ids it had. */
static bool kbng_relay_recall(struct kbng_relay_msg *msg)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	struct kbng_net *kn = msg->iface->kn;
	struct kbng_session *s;
	bool known;

	if (!(msg->cfg->trusted || msg->client.node) || m->relay.len ||
	    !m->ciaddr)
		return false;
	spin_lock_bh(&kn->lock);
	s = kbng_session_by_client(kn, &msg->client);
	known = s && s->addr == m->ciaddr;
	if (known) {
		kbng_session_ids(s, &msg->circuit, &msg->remote);
		kbng_line_key(s->line, &msg->line);
	}
	spin_unlock_bh(&kn->lock);
	return known;
}

static void kbng_relay_expand(const struct kbng_relay_msg *msg,
			      struct kbng_id *id, const char *format)
{
	const struct kbng_dhcp *m = &msg->dhcp;
	const u8 *data = msg->skb->data;
	struct kbng_template_values v;

	kbng_iface_template_values(msg->iface, msg->cfg, msg->client.tags,
				   m->chaddr, &v);
	v.hostname = data + m->hostname.off;
	v.hostname_len = m->hostname.len;
	v.client_id = data + m->client_id.off;
	v.client_id_len = m->client_id.len;
	kbng_template_expand(id, format, &v);
}

/**
 * kbng_relay_identify() - find a message's line, and the ids for the server
 * @msg: client's message; gets circuit, remote and line
 *
 * The ids that go to the server and stay with the session are an access node's,
 * unless they are to be replaced, and ours where it gave none. An access node's
 * make the line, whatever the server sees.
 *
 * Return: KBNG_STAT_NONE, or why they cannot identify a line
 */
enum kbng_stat kbng_relay_identify(struct kbng_relay_msg *msg)
{
	const struct kbng_span *relay = &msg->dhcp.relay;
	enum kbng_stat stat;

	if (kbng_relay_recall(msg))
		return KBNG_STAT_NONE;
	msg->line.ifindex = msg->client.ifindex;
	msg->line.tags = msg->client.tags;
	if (relay->len) {
		stat = kbng_opt82_ids(msg->skb->data + relay->off, relay->len,
				      &msg->line.circuit, &msg->line.remote);
		if (stat)
			return stat;
	}
	if (msg->cfg->opt82 != KBNG_OPT82_REPLACE) {
		msg->circuit = msg->line.circuit;
		msg->remote = msg->line.remote;
	}
	if (relay->len && msg->cfg->opt82 == KBNG_OPT82_KEEP)
		return KBNG_STAT_NONE;
	if (!msg->circuit.len)
		kbng_relay_expand(msg, &msg->circuit, msg->cfg->circuit_format);
	if (!msg->remote.len)
		kbng_relay_expand(msg, &msg->remote, msg->cfg->remote_format);
	return KBNG_STAT_NONE;
}

static void kbng_relay_add_template(const struct kbng_relay_msg *msg,
				    struct kbng_opt82 *opt, u8 code,
				    const char *format)
{
	struct kbng_id id;

	if (!*format)
		return;
	kbng_relay_expand(msg, &id, format);
	kbng_opt82_add(opt, code, id.data, id.len);
}

static void kbng_relay_add_ours(const struct kbng_relay_msg *msg,
				struct kbng_opt82 *opt)
{
	const struct kbng_iface_config *cfg = msg->cfg;
	u8 flags = ipv4_is_lbcast(msg->to) ? 0 : KBNG_OPT82_FLAG_UNICAST;
	struct kbng_id vss = {};

	if (msg->circuit.len)
		kbng_opt82_add(opt, KBNG_OPT82_CIRCUIT_ID, msg->circuit.data,
			       msg->circuit.len);
	if (msg->remote.len)
		kbng_opt82_add(opt, KBNG_OPT82_REMOTE_ID, msg->remote.data,
			       msg->remote.len);
	if (cfg->link_selection)
		kbng_opt82_add(opt, KBNG_OPT82_LINK, &cfg->link_selection,
			       sizeof(cfg->link_selection));
	kbng_relay_add_template(msg, opt, KBNG_OPT82_SUBSCRIBER,
				cfg->subscriber_format);
	if (cfg->relay_flags)
		kbng_opt82_add(opt, KBNG_OPT82_FLAGS, &flags, sizeof(flags));
	if (cfg->server_id)
		kbng_opt82_add(opt, KBNG_OPT82_SERVER_ID, &cfg->server_id,
			       sizeof(cfg->server_id));
	kbng_relay_add_template(msg, opt, KBNG_OPT82_RELAY_ID,
				cfg->relay_format);
	if (*cfg->vpn) {
		/* Type 0: the rest is a name. */
		vss.len = 1 + strlen(cfg->vpn);
		memcpy(vss.data + 1, cfg->vpn, vss.len - 1);
		kbng_opt82_add(opt, KBNG_OPT82_VSS, vss.data, vss.len);
		kbng_opt82_add(opt, KBNG_OPT82_VSS_CONTROL, NULL, 0);
	}
}

/**
 * kbng_relay_set_opt82() - option 82 on the way to the server, by policy
 * @msg: client's message, identified
 *
 * giaddr is ours, so that the answer comes here: an access node's becomes the
 * link selection, whatever the policy.
 *
 * Return: KBNG_STAT_NONE, or KBNG_STAT_dhcp_opt82_no_room
 */
enum kbng_stat kbng_relay_set_opt82(struct kbng_relay_msg *msg)
{
	enum kbng_opt82_policy policy = msg->cfg->opt82;
	const struct kbng_span *relay = &msg->dhcp.relay;
	bool keep = relay->len && policy == KBNG_OPT82_KEEP;
	__be32 node = msg->client.node;
	struct kbng_opt82 opt = {};

	if (keep && !node && !msg->radius.len)
		return KBNG_STAT_NONE;
	if (keep || (relay->len && policy == KBNG_OPT82_APPEND)) {
		opt.len = relay->len;
		memcpy(opt.data, msg->skb->data + relay->off, opt.len);
	}
	if (node)
		kbng_opt82_add(&opt, KBNG_OPT82_LINK, &node, sizeof(node));
	if (!keep)
		kbng_relay_add_ours(msg, &opt);
	if (msg->radius.len)
		kbng_opt82_add(&opt, KBNG_OPT82_RADIUS, msg->radius.data,
			       msg->radius.len);
	return !opt.full && kbng_relay_put_opt82(msg, opt.data, opt.len) ?
		       KBNG_STAT_NONE : KBNG_STAT_dhcp_opt82_no_room;
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHCP messages as packets: what both directions of the relay share.
 */
#ifndef _KBNG_RELAY_MESSAGE_H
#define _KBNG_RELAY_MESSAGE_H

#include <linux/ip.h>
#include <linux/udp.h>
#include "dhcp.h"
#include "line.h"
#include "opt82.h"
#include "session.h"

#define KBNG_RELAY_HEADERS	(sizeof(struct iphdr) + sizeof(struct udphdr))
/* What the relay may add to a message: options 82 and 50, and an End. */
#define KBNG_RELAY_GROWTH	(2 + KBNG_OPT82_MAX + 2 + sizeof(__be32) + 1)

struct kbng_iface;
struct kbng_iface_config;
struct sk_buff;

/**
 * struct kbng_relay_msg - a message on its way
 * @skb: a copy of the message, data at its first octet; owned
 * @dhcp: what it says
 * @iface: access iface
 * @cfg: its configuration
 * @client: who sent it or gets it
 * @from: sender's address
 * @to: receiver's address
 * @hop: MAC address that the client is reached at
 * @via: address behind which the client is: its node's giaddr, or its own if it
 *	is routed and spoke by itself; 0 if it is on the link
 * @circuit: circuit-id that the server sees
 * @remote: remote-id that the server sees
 * @line: what makes the client's line
 * @framed: the only address that the client may get, 0: any
 * @radius: RADIUS attributes for servers
 */
struct kbng_relay_msg {
	struct sk_buff *skb;
	struct kbng_dhcp dhcp;
	struct kbng_iface *iface;
	const struct kbng_iface_config *cfg;
	struct kbng_client client;
	__be32 from;
	__be32 to;
	u8 hop[ETH_ALEN];
	__be32 via;
	struct kbng_id circuit;
	struct kbng_id remote;
	struct kbng_line_key line;
	__be32 framed;
	struct kbng_id radius;
};

enum kbng_stat kbng_relay_read(struct kbng_relay_msg *msg,
			       const struct sk_buff *skb);
bool kbng_relay_put_opt82(struct kbng_relay_msg *msg, const u8 *value,
			  size_t value_len);
void kbng_relay_push_headers(struct sk_buff *skb, __be32 saddr, __be32 daddr,
			     u16 dport, u8 ttl);
bool kbng_relay_has_server(const struct kbng_iface_config *cfg, __be32 addr);

#endif /* _KBNG_RELAY_MESSAGE_H */

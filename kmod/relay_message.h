/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHCP messages as packets: what both directions of the relay share.
 */
#ifndef _KBNG_RELAY_MESSAGE_H
#define _KBNG_RELAY_MESSAGE_H

#include <linux/ip.h>
#include <linux/udp.h>
#include "dhcp.h"

#define KBNG_RELAY_HEADERS	(sizeof(struct iphdr) + sizeof(struct udphdr))

struct kbng_iface;
struct kbng_iface_config;
struct sk_buff;

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

enum kbng_stat kbng_relay_read(struct kbng_relay_msg *msg,
			       const struct sk_buff *skb);
void kbng_relay_push_headers(struct sk_buff *skb, __be32 saddr, __be32 daddr,
			     u16 dport, u8 ttl);
bool kbng_relay_has_server(const struct kbng_iface_config *cfg, __be32 addr);

#endif /* _KBNG_RELAY_MESSAGE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHCPv6 messages as packets: what both directions of the relay share.
 */
#ifndef _KBNG_RELAY6_MESSAGE_H
#define _KBNG_RELAY6_MESSAGE_H

#include <linux/ipv6.h>
#include <linux/udp.h>
#include "dhcp6.h"
#include "prefix.h"

#define KBNG_RELAY6_HEADERS	(sizeof(struct ipv6hdr) + sizeof(struct udphdr))

struct kbng_iface_config;
struct sk_buff;

struct sk_buff *kbng_relay6_read(struct sk_buff *skb, enum kbng_stat *stat);
void kbng_relay6_push_headers(struct sk_buff *skb, const struct in6_addr *saddr,
			      const struct in6_addr *daddr, u16 dport,
			      u8 hop_limit);
void kbng_relay6_lease(const struct kbng_dhcp6_lease *lease,
		       struct kbng_prefix_spec *spec);
bool kbng_relay6_has_server(const struct kbng_iface_config *cfg,
			    const struct in6_addr *addr);

#endif /* _KBNG_RELAY6_MESSAGE_H */

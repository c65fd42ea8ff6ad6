/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Neighbour discovery on access ifaces whose lines have tags. A subscriber's
 * questions for the gateway are answered here, and so are the stack's for
 * subscribers: those reach no line.
 */
#ifndef _KBNG_NEIGH6_H
#define _KBNG_NEIGH6_H

#include <linux/types.h>

struct in6_addr;
struct kbng_iface;
struct net_device;
struct sk_buff;

struct sk_buff *kbng_neigh6_alloc(struct net_device *dev, unsigned int len);
void kbng_neigh6_send(struct sk_buff *skb, const struct in6_addr *saddr,
		      const struct in6_addr *daddr, const u8 *mac, u32 tags);
unsigned int kbng_neigh6_solicited(const struct kbng_iface *iface, u32 tags,
				   struct sk_buff *skb);
const struct in6_addr *kbng_neigh6_asked(struct sk_buff *skb);
void kbng_neigh6_answer_stack(struct sk_buff *skb, const u8 *mac);

#endif /* _KBNG_NEIGH6_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ARP on access ifaces. A subscriber may speak for its own address only. Where
 * lines have tags its questions for the gateway are answered here, and so are
 * the stack's for subscribers: those reach no line.
 */
#ifndef _KBNG_ARP_H
#define _KBNG_ARP_H

#include <linux/types.h>

struct kbng_host;
struct kbng_iface;
struct sk_buff;

unsigned int kbng_arp_guard(struct kbng_iface *iface, u32 tags,
			    struct sk_buff *skb);
__be32 kbng_arp_target(const struct sk_buff *skb);
bool kbng_arp_answer_stack(const struct kbng_host *host, struct sk_buff *skb);

#endif /* _KBNG_ARP_H */

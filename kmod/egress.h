/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Egress: what the IP stack sends to a subscriber gets his MAC address and the
 * tags of his line. The stack knows neither.
 */
#ifndef _KBNG_EGRESS_H
#define _KBNG_EGRESS_H

struct kbng_iface;
struct sk_buff;

unsigned int kbng_egress(const struct kbng_iface *iface, struct sk_buff *skb);

#endif /* _KBNG_EGRESS_H */

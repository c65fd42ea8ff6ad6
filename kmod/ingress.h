/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What comes from the access side.
 */
#ifndef _KBNG_INGRESS_H
#define _KBNG_INGRESS_H

struct kbng_iface;
struct sk_buff;

unsigned int kbng_ingress(struct kbng_iface *iface, struct sk_buff *skb);

#endif /* _KBNG_INGRESS_H */

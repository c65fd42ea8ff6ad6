/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layer-3 access nodes, where they speak for themselves.
 */
#ifndef _KBNG_NODE_H
#define _KBNG_NODE_H

#include <linux/types.h>

struct kbng_iface;
struct sk_buff;

bool kbng_node_answers(const struct kbng_iface *iface, struct sk_buff *skb);

#endif /* _KBNG_NODE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fast path has to know of either family: a packet that is forwarded
 * is treated as by the stack, and whatever is not the plain case is refused
 * under the name of the counter for what is left to it.
 */
#ifndef _KBNG_FAST_IP_H
#define _KBNG_FAST_IP_H

#include "stats.h"

struct dst_entry;
struct kbng_net;
struct sk_buff;

enum kbng_stat kbng_fast4_check(struct sk_buff *skb);
enum kbng_stat kbng_fast4_route(const struct kbng_net *kn, struct sk_buff *skb);

enum kbng_stat kbng_fast6_check(struct sk_buff *skb);
enum kbng_stat kbng_fast6_route(struct sk_buff *skb);
u32 kbng_fast6_mtu(const struct dst_entry *dst);

#endif /* _KBNG_FAST_IP_H */

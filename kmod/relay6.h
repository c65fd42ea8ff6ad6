/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The DHCPv6 relay agent: relay6_client.c and relay6_server.c, on
 * relay6_message.c.
 */
#ifndef _KBNG_RELAY6_H
#define _KBNG_RELAY6_H

#include "stats.h"

struct kbng_iface;
struct kbng_net;
struct sk_buff;

enum kbng_stat kbng_relay6_client(struct kbng_iface *iface, u32 tags,
				  struct sk_buff *skb);
void kbng_relay6_resume(struct kbng_net *kn, const u8 *uuid);
int kbng_relay6_gather(struct kbng_net *kn, struct sk_buff *skb);
enum kbng_stat kbng_relay6_server(struct kbng_net *kn, struct sk_buff *skb,
				  bool *ours);

#endif /* _KBNG_RELAY6_H */

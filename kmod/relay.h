/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The DHCP relay agent: relay_client.c and relay_server.c, on relay_message.c.
 */
#ifndef _KBNG_RELAY_H
#define _KBNG_RELAY_H

#include "stats.h"

struct kbng_iface;
struct kbng_net;
struct sk_buff;

enum kbng_stat kbng_relay_client(struct kbng_iface *iface, u32 tags,
				 struct sk_buff *skb);
void kbng_relay_resume(struct kbng_net *kn, const u8 *uuid);
enum kbng_stat kbng_relay_server(struct kbng_net *kn, struct sk_buff *skb,
				 bool *ours);

#endif /* _KBNG_RELAY_H */

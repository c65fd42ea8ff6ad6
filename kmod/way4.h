/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_WAY4_H
#define _KBNG_WAY4_H

#include <linux/types.h>

struct kbng_net;
struct sk_buff;

int kbng_way4_init(void);
void kbng_way4_uninit(void);
int kbng_way4_prepare(struct kbng_net *kn);
bool kbng_way4_get(const struct kbng_net *kn, struct sk_buff *skb);
void kbng_way4_put(const struct kbng_net *kn, const struct sk_buff *skb);
void kbng_way4_flush(int cpu);
void kbng_way4_free(void);

#endif /* _KBNG_WAY4_H */

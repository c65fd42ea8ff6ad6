/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_WAY4_H
#define _KBNG_WAY4_H

#include <linux/types.h>

struct kbng_net;
struct kbng_way4_table;
struct sk_buff;

int kbng_way4_init(void);
void kbng_way4_uninit(void);
int kbng_way4_prepare(struct kbng_net *kn);
struct kbng_way4_table *kbng_way4_table_for(const struct kbng_net *kn,
					    const struct sk_buff *skb);
bool kbng_way4_get(struct kbng_way4_table *table, struct sk_buff *skb);
void kbng_way4_put(struct kbng_way4_table *table, const struct sk_buff *skb);
void kbng_way4_flush(int cpu);
void kbng_way4_free(void);

#endif /* _KBNG_WAY4_H */

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_HOST4_H
#define _KBNG_HOST4_H

#include <linux/types.h>

struct kbng_host;
struct kbng_net;

int kbng_host4_slab_init(void);
void kbng_host4_slab_uninit(void);
int kbng_host4_net_init(struct kbng_net *kn);
void kbng_host4_net_uninit(struct kbng_net *kn);
int kbng_host4_set(struct kbng_net *kn, __be32 addr, struct kbng_host *host);
void kbng_host4_update(struct kbng_net *kn, const struct kbng_host *host);
void kbng_host4_clear(struct kbng_net *kn, __be32 addr);
bool kbng_host4_is_active(struct kbng_net *kn, __be32 addr, int ifindex,
			  u32 tags, const u8 *mac, struct kbng_host **host);
struct kbng_host __rcu **kbng_host4_place(struct kbng_net *kn, __be32 addr);

#endif /* _KBNG_HOST4_H */

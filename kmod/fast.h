/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_FAST_H
#define _KBNG_FAST_H

#include "host.h"

struct kbng_iface;
struct sk_buff;

void kbng_fast_init(void);
void kbng_fast_uninit(void);
void kbng_fast_flush(void);
bool kbng_fast_take(struct kbng_iface *in, enum kbng_dir dir, u32 tags,
		    struct sk_buff *skb);

#endif /* _KBNG_FAST_H */

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_FAST_H
#define _KBNG_FAST_H

#include "host.h"

struct kbng_iface;
struct sk_buff;

bool kbng_fast_forward(struct kbng_iface *in, struct kbng_host *host,
		       enum kbng_dir dir, struct sk_buff *skb);

#endif /* _KBNG_FAST_H */

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_XMIT_H
#define _KBNG_XMIT_H

#include <linux/types.h>

struct kbng_iface;
struct kbng_shape_out;
struct sk_buff;

void kbng_xmit_to(struct sk_buff *skb, const u8 *mac, u32 tags,
		  const struct kbng_shape_out *out, bool straight);
void kbng_xmit_route(struct sk_buff *skb, const struct kbng_shape_out *out,
		     bool straight);
void kbng_xmit_mark(struct sk_buff *skb, const struct kbng_shape_out *out);
bool kbng_xmit_marked(struct kbng_iface *iface, struct sk_buff *skb);

#endif /* _KBNG_XMIT_H */

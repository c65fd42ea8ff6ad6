/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_FORWARD_H
#define _KBNG_FORWARD_H

struct nf_hook_state;
struct sk_buff;

unsigned int kbng_forward(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state);

#endif /* _KBNG_FORWARD_H */

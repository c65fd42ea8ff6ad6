/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where packets enter and leave kbng. The only file that knows netfilter.
 */
#ifndef _KBNG_HOOK_H
#define _KBNG_HOOK_H

#include <linux/netfilter.h>
#include "iface.h"

struct net;

/* Drop a packet of an iface, and count it there. */
static inline unsigned int kbng_hook_drop(const struct kbng_iface *iface,
					  enum kbng_stat stat)
{
	kbng_iface_count(iface, stat);
	return NF_DROP;
}

int kbng_hook_net_register(struct net *net);
void kbng_hook_net_unregister(struct net *net);
int kbng_hook_attach(struct kbng_iface *iface,
		     const struct kbng_iface_config *config);
void kbng_hook_detach(struct kbng_iface *iface);

#endif /* _KBNG_HOOK_H */

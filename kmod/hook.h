/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where packets enter and leave kbng. The only file that knows netfilter.
 */
#ifndef _KBNG_HOOK_H
#define _KBNG_HOOK_H

#include <linux/types.h>

struct kbng_iface;
struct net;

int kbng_hook_net_register(struct net *net);
void kbng_hook_net_unregister(struct net *net);
int kbng_hook_ingress(struct kbng_iface *iface, bool fastpath);
void kbng_hook_ingress_release(struct kbng_iface *iface);

#endif /* _KBNG_HOOK_H */

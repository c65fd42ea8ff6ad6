/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What IPv6 from the access side is, and whether its sender may say it.
 */
#ifndef _KBNG_GUARD6_H
#define _KBNG_GUARD6_H

#include <linux/types.h>
#include "stats.h"

struct in6_addr;
struct kbng_iface;
struct sk_buff;

enum kbng_guard6_kind {
	KBNG_GUARD6_TRAFFIC,	/* its source is still to be checked */
	KBNG_GUARD6_CONTROL,	/* for the stack: neighbours, groups */
	KBNG_GUARD6_SOLICIT,	/* asks who has an address */
	KBNG_GUARD6_ROUTERS,	/* asks for routers */
	KBNG_GUARD6_DHCP,	/* to a server's port */
};

bool kbng_guard6_is_link_local(const struct in6_addr *addr);
bool kbng_guard6_is_ours(const struct kbng_iface *iface,
			 const struct in6_addr *addr, u32 banned);
enum kbng_stat kbng_guard6_classify(const struct kbng_iface *iface, u32 tags,
				    struct sk_buff *skb,
				    enum kbng_guard6_kind *kind);

#endif /* _KBNG_GUARD6_H */

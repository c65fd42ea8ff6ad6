/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Session triggers besides DHCP: a subscriber whose address is fixed, or who
 * does not know that the BNG has forgotten it, is met by its first packet. What
 * it says of itself is a claim: its session is pending until the daemon decides,
 * and gives way to whoever gets the address from a DHCP server.
 */
#ifndef _KBNG_TRIGGER_H
#define _KBNG_TRIGGER_H

#include <linux/skbuff.h>
#include <linux/kbng.h>
#include "stats.h"

struct kbng_host;
struct kbng_iface;

bool kbng_trigger_is_free(const struct kbng_host *host);
enum kbng_stat kbng_trigger_ipv4(struct kbng_iface *iface, u32 tags,
				 const u8 *mac, __be32 addr,
				 enum kbng_trigger trigger);
enum kbng_stat kbng_trigger_ipv6(struct kbng_iface *iface, u32 tags,
				 const u8 *mac, enum kbng_trigger trigger);
enum kbng_stat kbng_trigger_check_source(struct kbng_iface *iface, u32 tags,
					 const struct sk_buff *skb,
					 const struct kbng_host *host);

#endif /* _KBNG_TRIGGER_H */

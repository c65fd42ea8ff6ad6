/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Router advertisements (RFC 4861 6.2), each to one subscriber: by his line and
 * to his MAC address (RFC 6085), with what his session has.
 */
#ifndef _KBNG_RA_H
#define _KBNG_RA_H

#include <linux/types.h>

struct kbng_iface;
struct kbng_net;
struct kbng_octets;
struct kbng_prefix;
struct kbng_session;
struct sk_buff;

void kbng_ra_net_init(struct kbng_net *kn);
unsigned int kbng_ra_solicited(struct kbng_iface *iface, u32 tags,
			       struct sk_buff *skb);
void kbng_ra_tell(struct kbng_session *s, const struct kbng_prefix *gone);
void kbng_ra_forget(struct kbng_session *s, const struct kbng_octets *kept);
void kbng_ra_tell_iface(struct kbng_iface *iface);
void kbng_ra_flush(struct kbng_net *kn);

#endif /* _KBNG_RA_H */

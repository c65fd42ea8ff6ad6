/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a packet is on the wire. A GSO packet leaves as several, one that is too
 * long in fragments, and one whose fragments conntrack put together is taken
 * apart again: each of them has the headers again.
 */
#ifndef _KBNG_WIRE_H
#define _KBNG_WIRE_H

#include <linux/types.h>

struct sk_buff;

/**
 * struct kbng_wire - what leaves
 * @packets: how many, 0 when the stack will refuse it
 * @octets: of these, whole IP packets
 */
struct kbng_wire {
	u32 packets;
	u32 octets;
};

void kbng_wire_of(struct sk_buff *skb, struct kbng_wire *wire);

#endif /* _KBNG_WIRE_H */

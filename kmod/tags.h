/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tags: the VLAN tags of a subscriber's line as one number, and on frames. No
 * netdevice stands for a VLAN: on the way in tags are taken off and remembered,
 * on the way out they are put on again.
 */
#ifndef _KBNG_TAGS_H
#define _KBNG_TAGS_H

#include <linux/bits.h>
#include <linux/if_vlan.h>
#include <linux/kbng.h>

struct sk_buff;

/* The inner VID, 0 for a line with one tag or none; above it the outer one. */
#define KBNG_TAGS_OUTER_SHIFT	12
#define KBNG_TAGS_8021AD	BIT(31)	/* protocol of the outer tag */

/**
 * enum kbng_tags_kind - what a tagged frame that came in is
 * @KBNG_TAGS_LINE: a subscriber's
 * @KBNG_TAGS_PRIORITY: a priority tag (VID 0) alone: as if untagged
 * @KBNG_TAGS_OTHER: for a VLAN device on top, or nobody
 * @KBNG_TAGS_MALFORMED: no VLAN that can be
 */
enum kbng_tags_kind {
	KBNG_TAGS_LINE,
	KBNG_TAGS_PRIORITY,
	KBNG_TAGS_OTHER,
	KBNG_TAGS_MALFORMED,
};

static inline u32 kbng_tags(u16 outer, u16 inner, bool is_8021ad)
{
	return (is_8021ad ? KBNG_TAGS_8021AD : 0) |
	       (u32)outer << KBNG_TAGS_OUTER_SHIFT | inner;
}

static inline u16 kbng_tags_outer(u32 tags)
{
	return tags >> KBNG_TAGS_OUTER_SHIFT & VLAN_VID_MASK;
}

static inline u16 kbng_tags_inner(u32 tags)
{
	return tags & VLAN_VID_MASK;
}

enum kbng_tags_kind kbng_tags_read(struct sk_buff *skb, enum kbng_vlan_mode mode,
				   u32 *tags);
int kbng_tags_pop(struct sk_buff *skb);
int kbng_tags_push(struct sk_buff *skb, u32 tags);

#endif /* _KBNG_TAGS_H */

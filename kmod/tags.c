// SPDX-License-Identifier: GPL-2.0
#include "tags.h"

#include <linux/skbuff.h>

/* What sessions have to do with; other protocols keep their tags. */
static bool kbng_tags_is_ours(__be16 protocol)
{
	return protocol == htons(ETH_P_IP) || protocol == htons(ETH_P_ARP) ||
	       protocol == htons(ETH_P_IPV6);
}

/**
 * kbng_tags_read() - whose is a tagged frame?
 * @skb: frame that came in, data behind the MAC header. The stack has seen to it
 *	that the outer tag is beside the frame, whoever took it off
 * @mode: which tags the iface takes
 * @tags: set for KBNG_TAGS_LINE
 *
 * A priority tag (VID 0) counts for nothing, alone or inside another one, but
 * nothing may hide behind it.
 *
 * May reallocate the skb's data.
 */
enum kbng_tags_kind kbng_tags_read(struct sk_buff *skb, enum kbng_vlan_mode mode,
				   u32 *tags)
{
	bool is_8021ad = skb->vlan_proto == htons(ETH_P_8021AD);
	u16 outer = skb_vlan_tag_get_id(skb);
	__be16 protocol = skb->protocol;
	const struct vlan_hdr *vh;
	u16 inner = 0;

	if (!outer)
		return eth_type_vlan(protocol) ? KBNG_TAGS_MALFORMED :
						 KBNG_TAGS_PRIORITY;
	if (protocol == htons(ETH_P_8021Q)) {
		if (!pskb_may_pull(skb, VLAN_HLEN))
			return KBNG_TAGS_MALFORMED;
		vh = (const struct vlan_hdr *)skb->data;
		inner = ntohs(vh->h_vlan_TCI) & VLAN_VID_MASK;
		protocol = vh->h_vlan_encapsulated_proto;
	}
	if (!kbng_tags_is_ours(protocol) ||
	    !(mode & (inner ? KBNG_VLAN_DOUBLE : KBNG_VLAN_SINGLE)) ||
	    (!inner && is_8021ad) || skb_shared(skb))
		return KBNG_TAGS_OTHER;
	if (outer == VLAN_VID_MASK || inner == VLAN_VID_MASK)
		return KBNG_TAGS_MALFORMED;
	*tags = kbng_tags(outer, inner, is_8021ad);
	return KBNG_TAGS_LINE;
}

/**
 * kbng_tags_pop() - take the tags off, so that the stack sees none
 * @skb: frame that kbng_tags_read() found to be a line's, data as there
 *
 * May reallocate the skb's data.
 *
 * Return: 0 or a negative errno: then the frame can only be dropped
 */
int kbng_tags_pop(struct sk_buff *skb)
{
	u16 inner;
	int err;

	__vlan_hwaccel_clear_tag(skb);
	if (skb->protocol != htons(ETH_P_8021Q))
		return 0;
	skb_push_rcsum(skb, ETH_HLEN);
	err = __skb_vlan_pop(skb, &inner);
	if (err)
		return err;
	skb_pull_rcsum(skb, ETH_HLEN);
	return 0;
}

/**
 * kbng_tags_push() - put a line's tags on a frame
 * @skb: frame without a tag, data at its MAC header
 * @tags: the line's, 0 for none
 *
 * The outer tag goes beside the frame, where the device puts it in by itself or
 * has it put in. May reallocate the skb's data.
 *
 * Return: 0 or -ENOMEM
 */
int kbng_tags_push(struct sk_buff *skb, u32 tags)
{
	u16 inner = kbng_tags_inner(tags);

	if (!tags)
		return 0;
	if (inner) {
		if (__vlan_insert_tag(skb, htons(ETH_P_8021Q), inner))
			return -ENOMEM;
		skb->protocol = htons(ETH_P_8021Q);
	}
	__vlan_hwaccel_put_tag(skb, tags & KBNG_TAGS_8021AD ?
				       htons(ETH_P_8021AD) : htons(ETH_P_8021Q),
			       kbng_tags_outer(tags));
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
#include "wire.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>

/*
 * Conntrack keeps the fragments that it puts together, and if nobody touched
 * them they leave as they came: this is when, for ip_do_fragment() and
 * ip6_fragment().
 *
 * Return: how many, or 0
 */
static u32 kbng_wire_kept(const struct sk_buff *skb, u32 headers, u32 more,
			  u32 room)
{
	u32 space = LL_RESERVED_SPACE(skb_dst(skb)->dev) + more;
	const struct sk_buff *frag;
	u32 packets = 1;
	u32 first;

	if (!skb_has_frag_list(skb))
		return 0;
	first = skb_pagelen(skb) - headers;
	if (first > room || first & 7 || skb_cloned(skb) ||
	    skb_headroom(skb) < space)
		return 0;
	skb_walk_frags(skb, frag) {
		if (frag->len > room || (frag->len & 7 && frag->next) ||
		    skb_headroom(frag) < headers + space || skb_shared(frag))
			return 0;
		packets++;
	}
	return packets;
}

/*
 * Fragments of @len octets, of which @headers are in each again, with @more
 * besides, and up to @room others.
 */
static void kbng_wire_fragment(const struct sk_buff *skb, u32 len, u32 headers,
			       u32 more, u32 room, struct kbng_wire *wire)
{
	u32 left = len - headers;

	wire->packets = kbng_wire_kept(skb, headers, more, room);
	if (!wire->packets) {
		/* All but the last are multiples of 8. */
		wire->packets = 1;
		if (left > room)
			wire->packets += DIV_ROUND_UP(left - room, room & ~7U);
	}
	wire->octets = left + wire->packets * (headers + more);
}

static void kbng_wire_of4(const struct sk_buff *skb, u32 len,
			  struct kbng_wire *wire)
{
	u32 headers = ip_hdrlen(skb);
	u32 mtu = ip_skb_dst_mtu(NULL, skb);

	if (IPCB(skb)->frag_max_size)
		mtu = min_t(u32, mtu, IPCB(skb)->frag_max_size);
	if (likely(len <= mtu) || mtu < headers + 8)
		*wire = (struct kbng_wire) { 1, len };
	else
		kbng_wire_fragment(skb, len, headers, 0, mtu - headers, wire);
}

/*
 * A router fragments only what it has put together, and ip6_forward() does not
 * know of a route's MTU: a packet that is longer is refused on its way out.
 */
static void kbng_wire_of6(struct sk_buff *skb, u32 len, struct kbng_wire *wire)
{
	const u32 more = sizeof(struct frag_hdr);
	u32 max = IP6CB(skb)->frag_max_size;
	u32 mtu = ip6_skb_dst_mtu(skb);
	u8 *prevhdr;
	int headers;

	if (likely(len <= mtu && (!max || len <= max))) {
		*wire = (struct kbng_wire) { 1, len };
		return;
	}
	*wire = (struct kbng_wire) {};
	if ((len > mtu && !skb->ignore_df) || max > mtu)
		return;
	headers = ip6_find_1stfragopt(skb, &prevhdr);
	if (max)
		mtu = max_t(u32, max, IPV6_MIN_MTU);
	if (headers >= 0 && mtu >= headers + more + 8)
		kbng_wire_fragment(skb, len, headers, more,
				   mtu - headers - more, wire);
}

static void kbng_wire_of_len(struct sk_buff *skb, u32 len,
			     struct kbng_wire *wire)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		kbng_wire_of6(skb, len, wire);
	else
		kbng_wire_of4(skb, len, wire);
}

/* Of each segment of a GSO packet. */
static u32 kbng_wire_headers(const struct sk_buff *skb)
{
	unsigned int type = skb_shinfo(skb)->gso_type;
	const struct tcphdr *th;
	struct tcphdr _th;
	u32 len;

	len = (skb->encapsulation ? skb_inner_transport_header(skb) :
				    skb_transport_header(skb)) - skb->data;
	if (!(type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)))
		return len + sizeof(struct udphdr);
	th = skb_header_pointer(skb, len, sizeof(_th), &_th);
	return len + (th ? __tcp_hdrlen(th) : sizeof(_th));
}

static void kbng_wire_of_gso(struct sk_buff *skb, struct kbng_wire *wire)
{
	u32 size = skb_shinfo(skb)->gso_size;
	u32 headers = kbng_wire_headers(skb);
	struct kbng_wire last = {};
	u32 full;
	u32 rest;

	if (skb->len <= headers) {
		kbng_wire_of_len(skb, skb->len, wire);
		return;
	}
	full = (skb->len - headers) / size;
	rest = (skb->len - headers) % size;
	if (rest)
		kbng_wire_of_len(skb, headers + rest, &last);
	kbng_wire_of_len(skb, headers + size, wire);
	wire->packets = full * wire->packets + last.packets;
	wire->octets = full * wire->octets + last.octets;
}

/**
 * kbng_wire_of() - what a packet is on the wire
 * @skb: packet with its route, data at the IP header
 * @wire: the answer
 */
void kbng_wire_of(struct sk_buff *skb, struct kbng_wire *wire)
{
	if (skb_is_gso(skb))
		kbng_wire_of_gso(skb, wire);
	else
		kbng_wire_of_len(skb, skb->len, wire);
}

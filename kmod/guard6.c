// SPDX-License-Identifier: GPL-2.0
/*
 * The guard of IPv6 access. A link-local address is good for neighbour
 * discovery, group membership and DHCPv6, and for nothing else; neither is
 * ever forwarded. In neighbour discovery a subscriber speaks for itself: for
 * addresses of its session, and for link-local ones that are neither the
 * gateway's nor those of another's DHCPv6 on its line. Extension headers hide
 * nothing (RFC 6980, RFC 7113).
 */
#include "guard6.h"

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include "dhcp6.h"
#include "iface.h"
#include "nd.h"
#include "pernet.h"
#include "prefix.h"
#include "session.h"

/**
 * kbng_guard6_is_link_local() - is an address one of the link only?
 * @addr: IPv6 address
 *
 * Return: true for fe80::/10
 */
bool kbng_guard6_is_link_local(const struct in6_addr *addr)
{
	return (addr->s6_addr32[0] & htonl(0xffc00000)) == htonl(0xfe800000);
}

/**
 * kbng_guard6_is_ours() - is it one of this machine's addresses on the iface?
 * @iface: access iface
 * @addr: IPv6 address
 * @banned: IFA_F_... that it may not have
 *
 * Return: true when it is
 */
bool kbng_guard6_is_ours(const struct kbng_iface *iface,
			 const struct in6_addr *addr, u32 banned)
{
	return ipv6_chk_addr_and_flags(iface->kn->net, addr, iface->dev, false,
				       1, banned);
}

/* May the sender of a frame say that it has this address? */
static bool kbng_guard6_owns(const struct kbng_iface *iface, u32 tags,
			     const u8 *mac, const struct in6_addr *addr)
{
	const struct kbng_client *client;
	const struct kbng_host *host;

	if (kbng_guard6_is_link_local(addr)) {
		client = kbng_peer_find(iface->kn, iface->ifindex, tags, addr);
		return (!client || ether_addr_equal(mac, client->mac)) &&
		       !kbng_guard6_is_ours(iface, addr, 0);
	}
	host = kbng_prefix_find_host(iface->kn, addr);
	return host && host->ifindex == iface->ifindex && host->tags == tags &&
	       ether_addr_equal(mac, host->mac);
}

/*
 * A solicitation without source claims nothing: somebody tries an address (RFC
 * 4862 5.4). While this machine tries the same one it would have to give it up.
 */
static bool kbng_guard6_may_try(const struct kbng_iface *iface,
				const struct in6_addr *addr)
{
	return !kbng_guard6_is_ours(iface, addr, 0) ||
	       kbng_guard6_is_ours(iface, addr, IFA_F_TENTATIVE);
}

/* May reallocate the skb's data. */
static enum kbng_stat kbng_guard6_nd(const struct kbng_iface *iface, u32 tags,
				     struct sk_buff *skb, unsigned int len,
				     enum kbng_guard6_kind *kind)
{
	const unsigned int off = sizeof(struct ipv6hdr);
	const struct in6_addr *source;
	const struct in6_addr *target;
	struct kbng_nd m;
	const u8 *mac;

	if (ipv6_hdr(skb)->hop_limit != KBNG_ND_HOP_LIMIT ||
	    len - off > KBNG_ND_LEN_MAX || !pskb_may_pull(skb, len))
		return KBNG_STAT_drop_nd_malformed;
	if (!kbng_nd_parse(skb->data + off, len - off, &m))
		return KBNG_STAT_drop_nd_malformed;
	source = &ipv6_hdr(skb)->saddr;
	target = (const struct in6_addr *)m.target;
	mac = eth_hdr(skb)->h_source;
	/* Who has no address has no neighbours yet (RFC 4861 6.1.1, 7.1.1). */
	if (m.mac && ipv6_addr_any(source))
		return KBNG_STAT_drop_nd_malformed;
	if (m.mac && !ether_addr_equal(m.mac, mac))
		return KBNG_STAT_drop_nd_spoofed;
	if (m.type == KBNG_ND_NA && !kbng_guard6_owns(iface, tags, mac, target))
		return KBNG_STAT_drop_nd_spoofed;
	if (ipv6_addr_any(source) ?
	    m.type == KBNG_ND_NS && !kbng_guard6_may_try(iface, target) :
	    !kbng_guard6_owns(iface, tags, mac, source))
		return KBNG_STAT_drop_nd_spoofed;
	*kind = m.type == KBNG_ND_NS ? KBNG_GUARD6_SOLICIT :
		m.type == KBNG_ND_RS ? KBNG_GUARD6_ROUTERS :
				       KBNG_GUARD6_CONTROL;
	return KBNG_STAT_NONE;
}

/* An ICMPv6 message that starts @off octets into the packet of @len. */
static enum kbng_stat kbng_guard6_icmp(const struct kbng_iface *iface, u32 tags,
				       struct sk_buff *skb, unsigned int off,
				       unsigned int len, bool fragment,
				       enum kbng_guard6_kind *kind)
{
	const u8 *type;
	u8 _type;

	type = skb_header_pointer(skb, off, sizeof(_type), &_type);
	if (!type || off >= len)
		return KBNG_STAT_drop_malformed;
	switch (*type) {
	case KBNG_ND_RA:
	case KBNG_ND_REDIRECT:
		return KBNG_STAT_drop_nd_rogue_router;
	case KBNG_ND_RS:
	case KBNG_ND_NS:
	case KBNG_ND_NA:
		if (fragment || off != sizeof(struct ipv6hdr))
			return KBNG_STAT_drop_nd_malformed;
		return kbng_guard6_nd(iface, tags, skb, len, kind);
	case ICMPV6_MGM_QUERY:
	case ICMPV6_MGM_REPORT:
	case ICMPV6_MGM_REDUCTION:
	case ICMPV6_MLD2_REPORT:
		/* Of link-local scope by the hop limit (RFC 3810 5). */
		if (ipv6_hdr(skb)->hop_limit == 1)
			*kind = KBNG_GUARD6_CONTROL;
		return KBNG_STAT_NONE;
	default:
		return KBNG_STAT_NONE;
	}
}

static enum kbng_stat kbng_guard6_udp(struct sk_buff *skb, unsigned int off,
				      bool fragment,
				      enum kbng_guard6_kind *kind)
{
	const struct udphdr *uh;
	struct udphdr _uh;

	uh = skb_header_pointer(skb, off, sizeof(_uh), &_uh);
	if (!uh)
		return KBNG_STAT_drop_malformed;
	if (uh->dest == htons(KBNG_DHCP6_CLIENT_PORT) &&
	    uh->source == htons(KBNG_DHCP6_SERVER_PORT))
		return KBNG_STAT_dhcp6_rogue_server;
	if (uh->dest != htons(KBNG_DHCP6_SERVER_PORT))
		return KBNG_STAT_NONE;
	*kind = KBNG_GUARD6_DHCP;
	return fragment || off != sizeof(struct ipv6hdr) ?
		       KBNG_STAT_dhcp6_fragment : KBNG_STAT_NONE;
}

/**
 * kbng_guard6_classify() - what an IPv6 packet from a subscriber is
 * @iface: access iface
 * @tags: of the line that it came by
 * @skb: packet, data at the IPv6 header
 * @kind: what is to be done with it, unless it is dropped
 *
 * Context: softirq, RCU. May reallocate the skb's data
 * Return: KBNG_STAT_NONE, or the name under which to drop it
 */
enum kbng_stat kbng_guard6_classify(const struct kbng_iface *iface, u32 tags,
				    struct sk_buff *skb,
				    enum kbng_guard6_kind *kind)
{
	int off = sizeof(struct ipv6hdr);
	enum kbng_stat stat = KBNG_STAT_NONE;
	const struct ipv6hdr *ip6;
	__be16 frag_off = 0;
	unsigned int len;
	u8 proto;

	*kind = KBNG_GUARD6_TRAFFIC;
	if (!pskb_may_pull(skb, sizeof(*ip6)))
		return KBNG_STAT_drop_malformed;
	ip6 = ipv6_hdr(skb);
	/* What GRO made longer than 64 KiB has no length of its own. */
	len = !ip6->payload_len && skb_is_gso(skb) ?
		      skb->len : sizeof(*ip6) + ntohs(ip6->payload_len);
	if (ip6->version != 6 || skb->len < len)
		return KBNG_STAT_drop_malformed;

	proto = ip6->nexthdr;
	if (ipv6_ext_hdr(proto)) {
		off = ipv6_skip_exthdr(skb, off, &proto, &frag_off);
		if (off < 0)
			return KBNG_STAT_drop_malformed;
	}
	if (proto == IPPROTO_ICMPV6)
		stat = kbng_guard6_icmp(iface, tags, skb, off, len, frag_off,
					kind);
	else if (proto == IPPROTO_UDP)
		stat = kbng_guard6_udp(skb, off, frag_off, kind);
	if (!stat && *kind == KBNG_GUARD6_TRAFFIC &&
	    kbng_guard6_is_link_local(&ipv6_hdr(skb)->saddr))
		return KBNG_STAT_drop_link_local;
	return stat;
}

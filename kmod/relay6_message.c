// SPDX-License-Identifier: GPL-2.0
#include "relay6_message.h"

#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/skbuff.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include "iface.h"

/* Unlike in IPv4 there always is one (RFC 8200 8.1). */
static bool kbng_relay6_checksum_ok(const struct sk_buff *skb, unsigned int len)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);

	return skb_csum_unnecessary(skb) ||
	       !csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len, IPPROTO_UDP,
				skb_checksum(skb, sizeof(*ip6), len, 0));
}

/**
 * kbng_relay6_read() - take a message out of a packet
 * @skb: data at an IPv6 header with UDP right behind it
 * @stat: why there is none
 *
 * Return: a copy of the message, the caller's, with room before it for all
 * headers and a relay's; or NULL
 */
struct sk_buff *kbng_relay6_read(struct sk_buff *skb, enum kbng_stat *stat)
{
	const unsigned int off = sizeof(struct ipv6hdr);
	const unsigned int room = LL_MAX_HEADER + KBNG_RELAY6_HEADERS +
				  KBNG_DHCP6_WRAP_MAX;
	const struct udphdr *uh;
	struct sk_buff *copy;
	struct udphdr _uh;
	unsigned int len;

	*stat = KBNG_STAT_dhcp6_malformed;
	uh = skb_header_pointer(skb, off, sizeof(_uh), &_uh);
	if (!uh)
		return NULL;
	len = ntohs(uh->len);
	if (len < sizeof(*uh) || len > ntohs(ipv6_hdr(skb)->payload_len) ||
	    off + len > skb->len ||
	    len > sizeof(*uh) + KBNG_DHCP6_WRAP_MAX + KBNG_DHCP6_LEN_MAX)
		return NULL;
	*stat = KBNG_STAT_dhcp6_checksum;
	if (!kbng_relay6_checksum_ok(skb, len))
		return NULL;
	len -= sizeof(*uh);
	*stat = KBNG_STAT_dhcp6_no_memory;
	copy = alloc_skb(room + len, GFP_ATOMIC);
	if (!copy)
		return NULL;
	skb_reserve(copy, room);
	if (!skb_copy_bits(skb, off + sizeof(*uh), skb_put(copy, len), len))
		return copy;
	kfree_skb(copy);
	return NULL;
}

/**
 * kbng_relay6_push_headers() - UDP and IPv6 in front of a message
 * @skb: message, with room
 * @saddr: source, port 547
 * @daddr: destination
 * @dport: its port
 * @hop_limit: hop limit
 */
void kbng_relay6_push_headers(struct sk_buff *skb, const struct in6_addr *saddr,
			      const struct in6_addr *daddr, u16 dport,
			      u8 hop_limit)
{
	struct ipv6hdr *ip6;
	struct udphdr *uh;

	uh = skb_push(skb, sizeof(*uh));
	skb_reset_transport_header(skb);
	uh->source = htons(KBNG_DHCP6_SERVER_PORT);
	uh->dest = htons(dport);
	uh->len = htons(skb->len);
	uh->check = 0;
	uh->check = csum_ipv6_magic(saddr, daddr, skb->len, IPPROTO_UDP,
				    csum_partial(uh, skb->len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;

	ip6 = skb_push(skb, sizeof(*ip6));
	skb_reset_network_header(skb);
	ip6_flow_hdr(ip6, 0, 0);
	ip6->payload_len = htons(skb->len - sizeof(*ip6));
	ip6->nexthdr = IPPROTO_UDP;
	ip6->hop_limit = hop_limit;
	ip6->saddr = *saddr;
	ip6->daddr = *daddr;
	skb->protocol = htons(ETH_P_IPV6);
	skb->priority = TC_PRIO_CONTROL;
}

/**
 * kbng_relay6_lease() - a lease of a message as a session's prefix
 * @lease: of the message
 * @spec: the same
 */
void kbng_relay6_lease(const struct kbng_dhcp6_lease *lease,
		       struct kbng_prefix_spec *spec)
{
	*spec = (struct kbng_prefix_spec) {
		.len = lease->len,
		.kind = lease->delegated ? KBNG_PREFIX_PD : KBNG_PREFIX_NA,
		.preferred = lease->preferred,
		.valid = lease->valid,
	};
	memcpy(&spec->addr, lease->addr, sizeof(spec->addr));
}

/**
 * kbng_relay6_has_server() - whether a DHCPv6 server is configured
 * @cfg: of an iface
 * @addr: IPv6 address
 *
 * Return: true when it is one of the iface's
 */
bool kbng_relay6_has_server(const struct kbng_iface_config *cfg,
			    const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; i < cfg->n_servers6; i++)
		if (ipv6_addr_equal(&cfg->servers6[i], addr))
			return true;
	return false;
}

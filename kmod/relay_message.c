// SPDX-License-Identifier: GPL-2.0
#include "relay_message.h"

#include <linux/pkt_sched.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include "iface.h"
#include "opt82.h"

static bool kbng_relay_checksum_ok(const struct sk_buff *skb,
				   const struct iphdr *ip,
				   const struct udphdr *uh, unsigned int off)
{
	unsigned int len = ntohs(uh->len);

	if (!uh->check || skb_csum_unnecessary(skb))
		return true;
	return !csum_tcpudp_magic(ip->saddr, ip->daddr, len, IPPROTO_UDP,
				  skb_checksum(skb, off, len, 0));
}

/**
 * kbng_relay_read() - take a message out of a packet
 * @msg: gets a copy of the message, with room before it for all headers and
 *	behind it for what the relay may add
 * @skb: data at an IP header that is in the linear part
 *
 * Return: KBNG_STAT_NONE, or why there is none
 */
enum kbng_stat kbng_relay_read(struct kbng_relay_msg *msg,
			       const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int off = ip->ihl * 4;
	const struct udphdr *uh;
	enum kbng_stat stat;
	struct udphdr _uh;
	unsigned int len;

	uh = skb_header_pointer(skb, off, sizeof(_uh), &_uh);
	if (!uh || ntohs(uh->len) < sizeof(*uh) ||
	    off + ntohs(uh->len) > ntohs(ip->tot_len) ||
	    off + ntohs(uh->len) > skb->len)
		return KBNG_STAT_dhcp_truncated;
	len = ntohs(uh->len) - sizeof(*uh);
	if (len > KBNG_DHCP_LEN_MAX)
		return KBNG_STAT_dhcp_oversized;
	if (!kbng_relay_checksum_ok(skb, ip, uh, off))
		return KBNG_STAT_dhcp_checksum;

	msg->from = ip->saddr;
	msg->to = ip->daddr;
	msg->skb = alloc_skb(LL_MAX_HEADER + KBNG_RELAY_HEADERS + len +
			     KBNG_RELAY_GROWTH, GFP_ATOMIC);
	if (!msg->skb)
		return KBNG_STAT_dhcp_no_memory;
	skb_reserve(msg->skb, LL_MAX_HEADER + KBNG_RELAY_HEADERS);
	stat = KBNG_STAT_dhcp_truncated;
	if (skb_copy_bits(skb, off + sizeof(*uh), skb_put(msg->skb, len), len))
		goto err_free_skb;
	stat = kbng_dhcp_parse(msg->skb->data, len, &msg->dhcp);
	if (!stat && msg->dhcp.relay_split)
		stat = kbng_dhcp_join_relay(msg->skb->data, len, &msg->dhcp);
	if (stat)
		goto err_free_skb;
	return KBNG_STAT_NONE;

err_free_skb:
	kfree_skb(msg->skb);
	return stat;
}

/**
 * kbng_relay_put_opt82() - give a message another option 82, or none
 * @msg: message; the one that it has is removed
 * @value: sub-options
 * @value_len: their length, 0 for no option
 *
 * Return: false when it does not fit
 */
bool kbng_relay_put_opt82(struct kbng_relay_msg *msg, const u8 *value,
			  size_t value_len)
{
	struct sk_buff *skb = msg->skb;
	size_t len;

	kbng_dhcp_strip_relay(skb->data, skb->len, &msg->dhcp);
	if (!value_len)
		return true;
	len = kbng_dhcp_insert_relay(skb->data, skb->len,
				     skb->len + skb_tailroom(skb), &msg->dhcp,
				     value, value_len);
	if (!len)
		return false;
	skb_put(skb, len - skb->len);
	return true;
}

/**
 * kbng_relay_push_headers() - UDP and IP in front of a message
 * @skb: message, with room
 * @saddr: source, port 67
 * @daddr: destination
 * @dport: its port
 * @ttl: time to live
 */
void kbng_relay_push_headers(struct sk_buff *skb, __be32 saddr, __be32 daddr,
			     u16 dport, u8 ttl)
{
	struct udphdr *uh;
	struct iphdr *ip;

	uh = skb_push(skb, sizeof(*uh));
	skb_reset_transport_header(skb);
	uh->source = htons(KBNG_DHCP_SERVER_PORT);
	uh->dest = htons(dport);
	uh->len = htons(skb->len);
	uh->check = 0;
	uh->check = csum_tcpudp_magic(saddr, daddr, skb->len, IPPROTO_UDP,
				      csum_partial(uh, skb->len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;

	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tos = IPTOS_PREC_INTERNETCONTROL;
	ip->tot_len = htons(skb->len);
	ip->ttl = ttl;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = saddr;
	ip->daddr = daddr;
	ip_send_check(ip);
	skb->protocol = htons(ETH_P_IP);
	skb->priority = TC_PRIO_CONTROL;
}

/**
 * kbng_relay_has_server() - whether a server is configured
 * @cfg: of an iface
 * @addr: IPv4 address
 *
 * Return: true when it is one of the iface's
 */
bool kbng_relay_has_server(const struct kbng_iface_config *cfg, __be32 addr)
{
	unsigned int i;

	for (i = 0; i < cfg->n_servers; i++)
		if (cfg->servers[i] == addr)
			return true;
	return false;
}

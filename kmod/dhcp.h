/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHCPv4 messages over a byte buffer (RFC 2131, RFC 2132): read, and edited by
 * the relay. Pure: no skb, no allocation; tests and fuzzers compile this file.
 */
#ifndef _KBNG_DHCP_H
#define _KBNG_DHCP_H

#include <linux/types.h>
#include "stats.h"

#define KBNG_DHCP_SERVER_PORT	67
#define KBNG_DHCP_CLIENT_PORT	68
#define KBNG_DHCP_LEN_MIN	240	/* fixed fields and magic cookie */
#define KBNG_DHCP_LEN_PAD	300	/* BOOTP's size: some clients insist */
#define KBNG_DHCP_LEN_MAX	1500
#define KBNG_DHCP_HOPS_MAX	16	/* RFC 1542 4.1.1 */

#define KBNG_DHCP_OFF_OP	0
#define KBNG_DHCP_OFF_HTYPE	1
#define KBNG_DHCP_OFF_HLEN	2
#define KBNG_DHCP_OFF_HOPS	3
#define KBNG_DHCP_OFF_XID	4
#define KBNG_DHCP_OFF_FLAGS	10
#define KBNG_DHCP_OFF_CIADDR	12
#define KBNG_DHCP_OFF_YIADDR	16
#define KBNG_DHCP_OFF_GIADDR	24
#define KBNG_DHCP_OFF_CHADDR	28
#define KBNG_DHCP_OFF_SNAME	44
#define KBNG_DHCP_OFF_FILE	108
#define KBNG_DHCP_OFF_MAGIC	236
#define KBNG_DHCP_OFF_OPTIONS	240

#define KBNG_DHCP_OPT_PAD	0
#define KBNG_DHCP_OPT_HOSTNAME	12
#define KBNG_DHCP_OPT_REQUESTED	50
#define KBNG_DHCP_OPT_LEASE	51
#define KBNG_DHCP_OPT_OVERLOAD	52
#define KBNG_DHCP_OPT_TYPE	53
#define KBNG_DHCP_OPT_CLIENT_ID	61
#define KBNG_DHCP_OPT_RAPID_COMMIT	80	/* RFC 4039 */
#define KBNG_DHCP_OPT_RELAY	82
#define KBNG_DHCP_OPT_END	255

enum kbng_dhcp_op {
	KBNG_DHCP_BOOTREQUEST = 1,
	KBNG_DHCP_BOOTREPLY,
};

enum kbng_dhcp_type {
	KBNG_DHCP_DISCOVER = 1,
	KBNG_DHCP_OFFER,
	KBNG_DHCP_REQUEST,
	KBNG_DHCP_DECLINE,
	KBNG_DHCP_ACK,
	KBNG_DHCP_NAK,
	KBNG_DHCP_RELEASE,
	KBNG_DHCP_INFORM,
};

/**
 * struct kbng_span - octets inside the buffer that was parsed
 * @off: from the buffer's start
 * @len: 0 when absent
 */
struct kbng_span {
	u16 off;
	u16 len;
};

/**
 * struct kbng_dhcp - what a relay wants to know of a message
 * @xid: transaction id, as on the wire
 * @ciaddr: address the client says it has
 * @yiaddr: address the server gives
 * @giaddr: relay agent
 * @requested: option 50, or 0
 * @lease: option 51 in seconds, 0xffffffff for ever
 * @end: offset of the End option in the options field
 * @hostname: value of option 12, the first part of one that is split
 * @client_id: value of option 61, likewise
 * @relay: value of option 82, the first part of it if @relay_split
 * @chaddr: client's MAC address
 * @op: enum kbng_dhcp_op
 * @hops: relays it went through
 * @overload: option 52, where else there are options
 * @type: enum kbng_dhcp_type
 * @broadcast: the client wants replies by broadcast
 * @has_lease: option 51 is there
 * @rapid_commit: option 80 is there
 * @relay_split: option 82 is there more than once (RFC 3396)
 */
struct kbng_dhcp {
	__be32 xid;
	__be32 ciaddr;
	__be32 yiaddr;
	__be32 giaddr;
	__be32 requested;
	u32 lease;
	u16 end;
	struct kbng_span hostname;
	struct kbng_span client_id;
	struct kbng_span relay;
	u8 chaddr[6];
	u8 op;
	u8 hops;
	u8 overload;
	u8 type;
	bool broadcast;
	bool has_lease;
	bool rapid_commit;
	bool relay_split;
};

enum kbng_stat kbng_dhcp_parse(const u8 *buf, size_t len, struct kbng_dhcp *m);
enum kbng_stat kbng_dhcp_join_relay(u8 *buf, size_t len, struct kbng_dhcp *m);
size_t kbng_dhcp_insert_relay(u8 *buf, size_t len, size_t cap,
			      const struct kbng_dhcp *m, const u8 *value,
			      u8 value_len);
size_t kbng_dhcp_ask_for(u8 *buf, size_t len, size_t cap, struct kbng_dhcp *m,
			 __be32 addr);
void kbng_dhcp_strip_relay(u8 *buf, size_t len, struct kbng_dhcp *m);

#endif /* _KBNG_DHCP_H */

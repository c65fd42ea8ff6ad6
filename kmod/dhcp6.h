/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHCPv6 messages over a byte buffer (RFC 8415): read, and wrapped for a
 * server. Pure: no skb, no allocation; tests and fuzzers compile this file.
 */
#ifndef _KBNG_DHCP6_H
#define _KBNG_DHCP6_H

#include <linux/types.h>
#include "opt82.h"
#include "radius6.h"
#include "stats.h"

#define KBNG_DHCP6_CLIENT_PORT	546
#define KBNG_DHCP6_SERVER_PORT	547
#define KBNG_DHCP6_LEN_MIN	4	/* type and transaction id */
#define KBNG_DHCP6_LEN_MAX	1500

#define KBNG_DHCP6_RELAY_LEN	34	/* type, hops and two addresses */
#define KBNG_DHCP6_OFF_HOPS	1
#define KBNG_DHCP6_OFF_LINK	2
#define KBNG_DHCP6_OFF_PEER	18

/* Of the Broadband Forum, whose circuit and remote ids these are (TR-177). */
#define KBNG_DHCP6_ENTERPRISE	3561

/* In front of a client's message: the relay's header and four options. */
#define KBNG_DHCP6_WRAP_MAX	(KBNG_DHCP6_RELAY_LEN + 4 + KBNG_ID_MAX + \
				 4 + 4 + KBNG_ID_MAX + \
				 4 + KBNG_RADIUS6_MAX + 4)

/* Leases of a message that are read; a session keeps no more. */
#define KBNG_DHCP6_LEASES_MAX	KBNG_PREFIXES_MAX

enum kbng_dhcp6_type {
	KBNG_DHCP6_SOLICIT = 1,
	KBNG_DHCP6_ADVERTISE,
	KBNG_DHCP6_REQUEST,
	KBNG_DHCP6_CONFIRM,
	KBNG_DHCP6_RENEW,
	KBNG_DHCP6_REBIND,
	KBNG_DHCP6_REPLY,
	KBNG_DHCP6_RELEASE,
	KBNG_DHCP6_DECLINE,
	KBNG_DHCP6_RECONFIGURE,
	KBNG_DHCP6_INFORMATION_REQUEST,
	KBNG_DHCP6_RELAY_FORW,
	KBNG_DHCP6_RELAY_REPL,
};

enum kbng_dhcp6_opt {
	KBNG_DHCP6_OPT_IA_NA = 3,
	KBNG_DHCP6_OPT_IAADDR = 5,
	KBNG_DHCP6_OPT_RELAY_MSG = 9,
	KBNG_DHCP6_OPT_INTERFACE_ID = 18,
	KBNG_DHCP6_OPT_IA_PD = 25,
	KBNG_DHCP6_OPT_IAPREFIX = 26,
	KBNG_DHCP6_OPT_REMOTE_ID = 37,
	KBNG_DHCP6_OPT_RADIUS = 81,
};

/**
 * struct kbng_dhcp6_lease - an address or a prefix in a message
 * @addr: as it is there: bits behind the prefix may be set
 * @len: bits, 128 for an address
 * @delegated: of an IA_PD, not of an IA_NA
 * @preferred: s
 * @valid: s, 0xffffffff for ever, 0: it is over
 */
struct kbng_dhcp6_lease {
	u8 addr[16];
	u8 len;
	bool delegated;
	u32 preferred;
	u32 valid;
};

/**
 * struct kbng_dhcp6 - what a relay wants to know of a client's or a server's
 *	message
 * @xid: transaction id
 * @type: enum kbng_dhcp6_type
 * @n_leases: entries of @lease; a message with more is refused
 * @lease: all addresses and prefixes in it
 */
struct kbng_dhcp6 {
	u32 xid;
	u8 type;
	u8 n_leases;
	struct kbng_dhcp6_lease lease[KBNG_DHCP6_LEASES_MAX];
};

/**
 * struct kbng_dhcp6_relay - what is in a message from or to a relay
 * @link: in the buffer: 16 octets, the link's address
 * @peer: in the buffer: 16 octets, the client's address
 * @msg: in the buffer: the message inside
 * @msg_len: of @msg
 * @interface_id: in the buffer, or NULL
 * @interface_id_len: of that
 * @remote_id: in the buffer, behind the enterprise number, or NULL
 * @remote_id_len: of that
 * @radius: it has RADIUS attributes
 * @hops: relays that the message inside has passed
 */
struct kbng_dhcp6_relay {
	const u8 *link;
	const u8 *peer;
	const u8 *msg;
	u16 msg_len;
	const u8 *interface_id;
	u16 interface_id_len;
	const u8 *remote_id;
	u16 remote_id_len;
	bool radius;
	u8 hops;
};

enum kbng_stat kbng_dhcp6_parse(const u8 *buf, size_t len,
				struct kbng_dhcp6 *m);
enum kbng_stat kbng_dhcp6_unwrap(const u8 *buf, size_t len,
				 enum kbng_dhcp6_type type,
				 struct kbng_dhcp6_relay *r);
enum kbng_stat kbng_dhcp6_node(const struct kbng_dhcp6_relay *r,
			       const u8 *source, struct kbng_id *circuit,
			       struct kbng_id *remote);
size_t kbng_dhcp6_wrap(u8 *dst, u8 hops, const u8 *link, const u8 *peer,
		       const struct kbng_id *interface,
		       const struct kbng_id *remote,
		       const struct kbng_radius6_walk *radius, u16 msg_len);

#endif /* _KBNG_DHCP6_H */

/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * kbng: broadband network gateway, generic netlink interface
 *
 * Family "kbng", version 1, one instance a network namespace.  Every command
 * needs CAP_NET_ADMIN in the namespace's user namespace, and so does joining
 * a multicast group.  A refusal carries extack text that says what to change.
 * The same contract in the netlink specification language: uapi/kbng.yaml.
 *
 * Scalars are u32 or u64 in host byte order, IPv4 addresses are u32 in network
 * byte order, IPv6 addresses are 16 octets, MAC addresses are 6 octets and
 * UUIDs 16 octets.  Receivers ignore attributes that they do not know.
 *
 * KBNG_CMD_IFACE_SET		create an iface, or replace its whole configuration
 *   KBNG_A_IFACE: nest
 *     KBNG_A_IFACE_IFINDEX			mandatory
 *     KBNG_A_IFACE_ROLE			mandatory, enum kbng_role
 *     KBNG_A_IFACE_GIADDR			access: relay agent address
 *     KBNG_A_IFACE_SERVER: u32, up to KBNG_SERVERS_MAX times
 *     KBNG_A_IFACE_CIRCUIT_ID_FORMAT, KBNG_A_IFACE_REMOTE_ID_FORMAT: string
 *     KBNG_A_IFACE_MAX_SESSIONS, _OFFER_TIMEOUT, _MAX_DELAY, _TARGET_DELAY
 *     KBNG_A_IFACE_SHAPER_MODE			enum kbng_shaper_mode
 *     KBNG_A_IFACE_FASTPATH			1: what arrives skips the IP stack
 *     KBNG_A_IFACE_TRUSTED, _OPT82		option 82 from access nodes
 *     KBNG_A_IFACE_SERVERS_MODE		enum kbng_servers_mode
 *     KBNG_A_IFACE_DHCP_RATE, _LINE_DHCP_RATE, _LINE_SESSIONS, _MOVE	limits
 *     KBNG_A_IFACE_LINK_SELECTION, _SERVER_ID, _SUBSCRIBER_ID_FORMAT,
 *     _RELAY_ID_FORMAT, _VPN, _RELAY_FLAGS	more sub-options of option 82
 *     KBNG_A_IFACE_VLAN			enum kbng_vlan_mode
 *     KBNG_A_IFACE_LINK6			access: relay agent address of DHCPv6
 *     KBNG_A_IFACE_SERVER6: binary, up to KBNG_SERVERS_MAX times
 *     KBNG_A_IFACE_RA, _RA_LIFETIME		access: router advertisements
 *     KBNG_A_IFACE_DNS6: binary, up to KBNG_SERVERS_MAX times
 *     KBNG_A_IFACE_TRIGGER: binary, up to KBNG_SERVERS_MAX times
 *     KBNG_A_IFACE_TRIGGER6, _TRIGGER_RATE	access: sessions begin without DHCP
 *     KBNG_A_IFACE_LINE_CAP		access: a line's own rates are its limit
 *     KBNG_A_IFACE_SEARCH6: string, names with a blank between
 *     KBNG_A_IFACE_NODE: u32, up to KBNG_SERVERS_MAX times
 *     KBNG_A_IFACE_AUTH			access: enum kbng_auth
 *
 * KBNG_CMD_IFACE_DEL		end its sessions (Port-Error) and forget the iface
 *   KBNG_A_IFACE: nest
 *     KBNG_A_IFACE_IFINDEX			mandatory
 *
 * KBNG_CMD_IFACE_GET		one (do, with IFINDEX) or all (dump)
 *   reply: KBNG_A_IFACE, everything above that is set, and
 *     KBNG_A_IFACE_IFNAME, _SESSIONS, _SHAPING
 *
 * KBNG_CMD_SESSION_NEW		create a bound session without DHCP
 *   KBNG_A_SESSION: nest
 *     KBNG_A_SESSION_IFINDEX, _MAC		mandatory
 *     KBNG_A_SESSION_ADDR4			this or a prefix is mandatory
 *     KBNG_A_SESSION_PREFIX: nest, up to KBNG_PREFIXES_MAX times
 *       KBNG_A_PREFIX_ADDR, _LEN		mandatory: 128, or 48 to 64; an IPv4
 *						network as ::ffff:10.1.0.0 and 120
 *     KBNG_A_SESSION_CIRCUIT_ID, _REMOTE_ID, _LEASE_TIME (absent: for ever),
 *     _SERVER (if DHCP it was), _STATE (pending, active or rejected), _POLICY,
 *     _COOKIE,
 *     _VLAN, _INNER_VLAN, _VLAN_PROTOCOL	absent: untagged
 *     KBNG_A_SESSION_NODE, _HOP		both, or absent: on the link
 *   One that another instance of the module had is restored with
 *     KBNG_A_SESSION_UUID			that no session has, and any of
 *     KBNG_A_SESSION_STARTED, _TIME, _RENEWALS, _UP, _DOWN, _DROPS, _LINE,
 *     _HOSTNAME, _AGENT, _LINK_LOCAL, _TRIGGER, _FRAMED_ADDR4, _RADIUS_ATTRS,
 *     _RADIUS6, _LEASE_LEFT (of _LEASE_TIME)
 *     KBNG_A_SESSION_PREFIX: nest
 *       KBNG_A_PREFIX_KIND, _PREFERRED, _VALID, _LEFT
 *   reply: KBNG_A_SESSION with _ID and _UUID
 *
 * KBNG_CMD_SESSION_SET		verdict on a live session; what is absent stays
 *   KBNG_A_SESSION: nest
 *     KBNG_A_SESSION_UUID			mandatory
 *     KBNG_A_SESSION_STATE			pending, active or rejected
 *     KBNG_A_SESSION_POLICY: nest		replaced as a whole
 *       KBNG_A_POLICY_NAME: string
 *       KBNG_A_POLICY_RATE_UP, _RATE_DOWN	bit/s at the IP layer, 0: no limit
 *       KBNG_A_POLICY_BURST_UP, _BURST_DOWN	octets, 0: a default by rate
 *       KBNG_A_POLICY_OVERHEAD, _MIN_UNIT	what the line adds to a packet
 *       KBNG_A_POLICY_SHAPER: string		what is shared with others
 *       KBNG_A_POLICY_QUOTA			told once when it is used up
 *       KBNG_A_POLICY_ISOLATED		1: from and to no other subscriber
 *     KBNG_A_SESSION_COOKIE: binary		the daemon's own, kept and returned
 *     KBNG_A_SESSION_LEASE_TIME		from now on
 *     KBNG_A_SESSION_PREFIX: nest, repeated	the static ones, replaced as a
 *						whole; an empty nest: none
 *     KBNG_A_SESSION_FRAMED_ADDR4		what DHCP may lease to it, 0: anything
 *     KBNG_A_SESSION_RADIUS_ATTRS: binary	for DHCP servers (RFC 4014)
 *     KBNG_A_SESSION_RADIUS6: binary		attributes 100, 171 and 172 for DHCPv6
 *						servers (RFC 7037), 170, up to
 *						KBNG_ROUTES6_MAX times, for router
 *						advertisements, and 169, up to
 *						KBNG_SERVERS_MAX times, for both
 *   An offered session whose client waits (KBNG_A_SESSION_OFFER) takes only
 *     KBNG_A_SESSION_STATE			active: it may have an offer, or rejected
 *     KBNG_A_SESSION_RETRY			s for which it is rejected
 *     KBNG_A_SESSION_FRAMED_ADDR4, _RADIUS_ATTRS, _RADIUS6
 *
 * KBNG_CMD_SESSION_DEL		end a live session: it becomes stopped
 *   KBNG_A_SESSION: nest
 *     KBNG_A_SESSION_UUID			mandatory
 *     KBNG_A_SESSION_TERMINATE_CAUSE		RFC 2866 5.10, default Admin-Reset
 *
 * KBNG_CMD_SESSION_ACK		forget a stopped session: its counters are taken
 *   KBNG_A_SESSION: nest
 *     KBNG_A_SESSION_UUID			mandatory
 *
 * KBNG_CMD_SESSION_GET		one (do, with UUID) or those that match (dump)
 *   KBNG_A_SESSION: nest, in a dump any of
 *     KBNG_A_SESSION_IFINDEX, _MAC, _ADDR4, _STATE, _CIRCUIT_ID, _REMOTE_ID,
 *     _VLAN, _INNER_VLAN
 *     KBNG_A_SESSION_ADDR6			an address in one of its prefixes
 *     KBNG_A_SESSION_ID			resume after this id
 *   reply: KBNG_A_SESSION, all that is set.  Ids grow, and a dump is in their
 *     order: a session that exists during the whole dump is in it exactly once.
 *
 * KBNG_CMD_SHAPER_SET		create a shaper, or change its rates
 *   KBNG_A_SHAPER: nest
 *     KBNG_A_SHAPER_NAME			mandatory
 *     KBNG_A_SHAPER_PARENT			never changes
 *     KBNG_A_SHAPER_RATE_UP, _RATE_DOWN	bit/s at the IP layer, 0: no limit
 *     KBNG_A_SHAPER_BURST_UP, _BURST_DOWN	octets, 0: a default by rate
 *
 * KBNG_CMD_SHAPER_DEL		take away a shaper that nothing uses
 *   KBNG_A_SHAPER: nest
 *     KBNG_A_SHAPER_NAME			mandatory
 *
 * KBNG_CMD_SHAPER_GET		one (do, with NAME) or all (dump)
 *   reply: KBNG_A_SHAPER, all that is set, and
 *     KBNG_A_SHAPER_ID, _USERS, _SHARE_*, _PACKETS_*, _OCTETS_*
 *
 * KBNG_CMD_STATS_GET		of the namespace, or what was dropped on an iface
 *   KBNG_A_IFACE: nest, optional
 *     KBNG_A_IFACE_IFINDEX
 *   reply: KBNG_A_INSTANCE, KBNG_A_VERSION, KBNG_A_SEQ and
 *     KBNG_A_STAT: nest, one a counter
 *       KBNG_A_STAT_NAME: string, KBNG_A_STAT_VALUE
 *
 * Group "session":
 *   KBNG_CMD_SESSION_BIND_NTF	an address was bound: a verdict is wanted
 *   KBNG_CMD_SESSION_RENEW_NTF	a lease was extended, or it has other addresses
 *   KBNG_CMD_SESSION_STATE_NTF	a verdict was applied
 *   KBNG_CMD_SESSION_QUOTA_NTF	its policy's quota is used up
 *   KBNG_CMD_SESSION_STOP_NTF	ended: take the counters and acknowledge
 *   KBNG_CMD_SESSION_AUTH_NTF	an offered session's client waits for a verdict
 *     KBNG_A_SEQ, KBNG_A_SESSION as in a reply to KBNG_CMD_SESSION_GET
 *
 * Group "dhcp":
 *   KBNG_CMD_DHCP_NTF		a message was relayed
 *     KBNG_A_DHCP: nest
 *       KBNG_A_DHCP_IFINDEX, _TYPE, _XID, _MAC, _ADDR4, _SERVER
 *
 * KBNG_A_SEQ counts the notifications of group "session" in this namespace
 * from 1, whether or not anyone listens: after a gap, dump.
 */
#ifndef _UAPI_LINUX_KBNG_H
#define _UAPI_LINUX_KBNG_H

#define KBNG_GENL_NAME		"kbng"
#define KBNG_GENL_VERSION	1
#define KBNG_MCGRP_SESSION	"session"
#define KBNG_MCGRP_DHCP		"dhcp"

#define KBNG_UUID_LEN		16
#define KBNG_MAC_LEN		6
#define KBNG_SERVERS_MAX	8	/* DHCP or DNS servers of an iface */
#define KBNG_FORMAT_MAX		63	/* octets of a template */
#define KBNG_SEARCH_MAX		255	/* octets of a DNS search list */
#define KBNG_ID_MAX		120	/* octets of a circuit-id or remote-id */
#define KBNG_NAME_MAX		63	/* octets of a policy name or host name */
#define KBNG_PREFIXES_MAX	8	/* IPv6 prefixes of a session */
#define KBNG_ROUTES6_MAX	8	/* IPv6 routes that its host is told of */
#define KBNG_RADIUS6_MAX	512	/* octets of RADIUS attributes about IPv6 */
#define KBNG_COOKIE_MAX		1024	/* octets of the daemon's cookie */
#define KBNG_RATE_MIN		64000ULL		/* bit/s */
#define KBNG_SHAPER_LEVELS	4	/* of shapers above each other */
#define KBNG_RATE_MAX		400000000000ULL		/* bit/s */

/* Commands and notifications: the tree above says what each carries. */
enum kbng_cmd {
	KBNG_CMD_UNSPEC,
	KBNG_CMD_IFACE_GET,
	KBNG_CMD_IFACE_SET,
	KBNG_CMD_IFACE_DEL,
	KBNG_CMD_SESSION_GET,
	KBNG_CMD_SESSION_NEW,
	KBNG_CMD_SESSION_SET,
	KBNG_CMD_SESSION_DEL,
	KBNG_CMD_SESSION_ACK,
	KBNG_CMD_STATS_GET,
	KBNG_CMD_SESSION_BIND_NTF,
	KBNG_CMD_SESSION_RENEW_NTF,
	KBNG_CMD_SESSION_STATE_NTF,
	KBNG_CMD_SESSION_STOP_NTF,
	KBNG_CMD_DHCP_NTF,
	KBNG_CMD_SHAPER_GET,
	KBNG_CMD_SHAPER_SET,
	KBNG_CMD_SHAPER_DEL,
	KBNG_CMD_SESSION_QUOTA_NTF,
	KBNG_CMD_SESSION_AUTH_NTF,

	__KBNG_CMD_MAX,
	KBNG_CMD_MAX = __KBNG_CMD_MAX - 1
};

/**
 * enum kbng_role - what an iface is for
 * @KBNG_ROLE_ACCESS: subscribers are behind it
 * @KBNG_ROLE_CORE: the rest of the network is behind it
 */
enum kbng_role {
	KBNG_ROLE_ACCESS = 1,
	KBNG_ROLE_CORE,
};

/**
 * enum kbng_state - life of a session
 * @KBNG_STATE_OFFERED: DHCP in progress, no address yet
 * @KBNG_STATE_PENDING: address bound, no verdict yet, nothing is forwarded
 * @KBNG_STATE_ACTIVE: forwarded, shaped and counted
 * @KBNG_STATE_REJECTED: address bound, nothing is forwarded
 * @KBNG_STATE_STOPPED: ended; kept with its final counters until acknowledged
 */
enum kbng_state {
	KBNG_STATE_OFFERED = 1,
	KBNG_STATE_PENDING,
	KBNG_STATE_ACTIVE,
	KBNG_STATE_REJECTED,
	KBNG_STATE_STOPPED,
};

/**
 * enum kbng_shaper_mode - how an iface delays what leaves through it
 * @KBNG_SHAPER_AUTO: departure times where the device has fq, else police
 * @KBNG_SHAPER_EDT: earliest departure time, held by the fq qdisc
 * @KBNG_SHAPER_POLICE: drop what exceeds rate and burst
 */
enum kbng_shaper_mode {
	KBNG_SHAPER_AUTO,
	KBNG_SHAPER_EDT,
	KBNG_SHAPER_POLICE,
};

/**
 * enum kbng_opt82_policy - what becomes of an option 82 that a trusted access node sent
 * @KBNG_OPT82_KEEP: it goes to the server as it is
 * @KBNG_OPT82_REPLACE: ours takes its place
 * @KBNG_OPT82_APPEND: ours adds the sub-options that it lacks
 * @KBNG_OPT82_DROP: the message is dropped
 */
enum kbng_opt82_policy {
	KBNG_OPT82_KEEP,
	KBNG_OPT82_REPLACE,
	KBNG_OPT82_APPEND,
	KBNG_OPT82_DROP,
};

/**
 * enum kbng_servers_mode - who gets what no server is named in
 * @KBNG_SERVERS_ALL: every server of the iface
 * @KBNG_SERVERS_FAILOVER: the first in their order that answers
 */
enum kbng_servers_mode {
	KBNG_SERVERS_ALL,
	KBNG_SERVERS_FAILOVER,
};

/**
 * enum kbng_move - what becomes of a bound MAC address that shows up on another line
 * @KBNG_MOVE_FOLLOW: its session ends and another begins
 * @KBNG_MOVE_DENY: it gets nothing there while its session lasts
 */
enum kbng_move {
	KBNG_MOVE_FOLLOW,
	KBNG_MOVE_DENY,
};

/**
 * enum kbng_auth - when a verdict on a DHCP client is wanted
 * @KBNG_AUTH_ACK: when it has an address
 * @KBNG_AUTH_OFFER: before servers hear of it
 */
enum kbng_auth {
	KBNG_AUTH_ACK,
	KBNG_AUTH_OFFER,
};

/**
 * enum kbng_offer - whether the client of an offered session may have an address
 * @KBNG_OFFER_FREE: nobody is asked
 * @KBNG_OFFER_WANTED: its message waits for a verdict
 * @KBNG_OFFER_GRANTED: it may
 * @KBNG_OFFER_REFUSED: it may not
 */
enum kbng_offer {
	KBNG_OFFER_FREE,
	KBNG_OFFER_WANTED,
	KBNG_OFFER_GRANTED,
	KBNG_OFFER_REFUSED,
};

/**
 * enum kbng_trigger - what a session began with, instead of DHCP
 * @KBNG_TRIGGER_NONE: nothing, or DHCP has leased it an address since
 * @KBNG_TRIGGER_PACKET: a packet
 * @KBNG_TRIGGER_ARP: ARP
 * @KBNG_TRIGGER_SOLICITATION: a router solicitation
 */
enum kbng_trigger {
	KBNG_TRIGGER_NONE,
	KBNG_TRIGGER_PACKET,
	KBNG_TRIGGER_ARP,
	KBNG_TRIGGER_SOLICITATION,
};

/**
 * enum kbng_prefix_kind - where a session has an IPv6 prefix from
 * @KBNG_PREFIX_STATIC: userspace
 * @KBNG_PREFIX_NA: a DHCPv6 server, for the host itself (IA_NA)
 * @KBNG_PREFIX_PD: a DHCPv6 server, for the networks behind it (IA_PD)
 */
enum kbng_prefix_kind {
	KBNG_PREFIX_STATIC = 1,
	KBNG_PREFIX_NA,
	KBNG_PREFIX_PD,
};

/**
 * enum kbng_vlan_mode - which tagged frames are subscribers' without a VLAN device
 * @KBNG_VLAN_NONE: none: tagged frames belong to VLAN devices
 * @KBNG_VLAN_SINGLE: with one 802.1Q tag
 * @KBNG_VLAN_DOUBLE: with two, of 802.1Q or 802.1ad and then 802.1Q
 * @KBNG_VLAN_BOTH: with one or two
 *
 * Untagged frames are subscribers' in any case.
 */
enum kbng_vlan_mode {
	KBNG_VLAN_NONE,
	KBNG_VLAN_SINGLE,
	KBNG_VLAN_DOUBLE,
	KBNG_VLAN_BOTH,
};

/**
 * enum kbng_vlan_protocol - of a line's outer tag
 * @KBNG_VLAN_8021Q: 0x8100
 * @KBNG_VLAN_8021AD: 0x88a8
 */
enum kbng_vlan_protocol {
	KBNG_VLAN_8021Q,
	KBNG_VLAN_8021AD,
};

/* Why a session ended (RFC 2866 5.10). */
enum kbng_terminate_cause {
	KBNG_CAUSE_USER_REQUEST = 1,	/* DHCPRELEASE */
	KBNG_CAUSE_LOST_CARRIER = 2,	/* lease expired */
	KBNG_CAUSE_LOST_SERVICE = 3,	/* moved, other address, DHCPNAK */
	KBNG_CAUSE_IDLE_TIMEOUT = 4,
	KBNG_CAUSE_SESSION_TIMEOUT = 5,
	KBNG_CAUSE_ADMIN_RESET = 6,	/* cleared by command */
	KBNG_CAUSE_ADMIN_REBOOT = 7,
	KBNG_CAUSE_PORT_ERROR = 8,	/* the iface went away */
	KBNG_CAUSE_NAS_ERROR = 9,
	KBNG_CAUSE_NAS_REQUEST = 10,
	KBNG_CAUSE_USER_ERROR = 17,	/* DHCPDECLINE */

	KBNG_CAUSE_MAX = 18
};

/* Of a message. */
enum {
	KBNG_A_UNSPEC,
	KBNG_A_PAD,
	KBNG_A_IFACE,		/* nest, KBNG_A_IFACE_* */
	KBNG_A_SESSION,		/* nest, KBNG_A_SESSION_* */
	KBNG_A_STAT,		/* nest, KBNG_A_STAT_*, repeated */
	KBNG_A_DHCP,		/* nest, KBNG_A_DHCP_* */
	KBNG_A_SEQ,		/* u64, of the newest session notification */
	KBNG_A_INSTANCE,	/* UUID of the state in this namespace: new when
				 * the module is loaded again
				 */
	KBNG_A_VERSION,		/* string, of the module */
	KBNG_A_SHAPER,		/* nest, KBNG_A_SHAPER_* */

	__KBNG_A_MAX,
	KBNG_A_MAX = __KBNG_A_MAX - 1
};

enum {
	KBNG_A_IFACE_UNSPEC,
	KBNG_A_IFACE_IFINDEX,		/* u32 */
	KBNG_A_IFACE_IFNAME,		/* string, reply only */
	KBNG_A_IFACE_ROLE,		/* u32, enum kbng_role */
	KBNG_A_IFACE_GIADDR,		/* be32 */
	KBNG_A_IFACE_SERVER,		/* be32, repeated */
	KBNG_A_IFACE_CIRCUIT_ID_FORMAT,	/* string, see docs/architecture.md */
	KBNG_A_IFACE_REMOTE_ID_FORMAT,	/* string */
	KBNG_A_IFACE_MAX_SESSIONS,	/* u32, offered ones included */
	KBNG_A_IFACE_OFFER_TIMEOUT,	/* u32, s without an ACK */
	KBNG_A_IFACE_MAX_DELAY,		/* u32, us a packet may wait in the shaper */
	KBNG_A_IFACE_SHAPER_MODE,	/* u32, enum kbng_shaper_mode */
	KBNG_A_IFACE_SHAPING,		/* u32, what is in force now, reply only */
	KBNG_A_IFACE_SESSIONS,		/* u32, not stopped, reply only */
	KBNG_A_IFACE_FASTPATH,		/* u32, 0 or 1 */
	KBNG_A_IFACE_TRUSTED,		/* u32, 0 or 1, access nodes may send option 82 */
	KBNG_A_IFACE_OPT82,		/* u32, enum kbng_opt82_policy */
	KBNG_A_IFACE_SERVERS_MODE,	/* u32, enum kbng_servers_mode */
	KBNG_A_IFACE_LINK_SELECTION,	/* be32, RFC 3527 */
	KBNG_A_IFACE_SERVER_ID,		/* be32, RFC 5107 */
	KBNG_A_IFACE_SUBSCRIBER_ID_FORMAT,	/* string, RFC 3993 */
	KBNG_A_IFACE_RELAY_ID_FORMAT,	/* string, RFC 6925 */
	KBNG_A_IFACE_VPN,		/* string, RFC 6607 */
	KBNG_A_IFACE_RELAY_FLAGS,	/* u32, 0 or 1, RFC 5010 */
	KBNG_A_IFACE_TARGET_DELAY,	/* u32, us that packets may wait for long */
	KBNG_A_IFACE_DHCP_RATE,		/* u32, messages a second, 0: no limit */
	KBNG_A_IFACE_LINE_DHCP_RATE,	/* u32, messages a second, 0: no limit */
	KBNG_A_IFACE_LINE_SESSIONS,	/* u32, offered ones included, 0: no limit */
	KBNG_A_IFACE_MOVE,		/* u32, enum kbng_move */
	KBNG_A_IFACE_VLAN,		/* u32, enum kbng_vlan_mode */
	KBNG_A_IFACE_LINK6,		/* binary, 16 octets, DHCPv6 relay agent */
	KBNG_A_IFACE_SERVER6,		/* binary, 16 octets, repeated */
	KBNG_A_IFACE_RA,		/* u32, 0 or 1, router advertisements */
	KBNG_A_IFACE_RA_LIFETIME,	/* u32, s, of the default router in them */
	KBNG_A_IFACE_DNS6,		/* binary, 16 octets, repeated, likewise */
	KBNG_A_IFACE_TRIGGER,		/* binary, be32 and u8 length, repeated */
	KBNG_A_IFACE_TRIGGER6,		/* u32, 0 or 1 */
	KBNG_A_IFACE_TRIGGER_RATE,	/* u32, a second and line, 0: no limit */
	KBNG_A_IFACE_LINE_CAP,		/* u32, percent of a line's actual rates, 0: none */
	KBNG_A_IFACE_SEARCH6,		/* string, DNS search list, RFC 8106 */
	KBNG_A_IFACE_NODE,		/* be32, address of a layer-3 access node, repeated */
	KBNG_A_IFACE_AUTH,		/* u32, enum kbng_auth */

	__KBNG_A_IFACE_MAX,
	KBNG_A_IFACE_MAX = __KBNG_A_IFACE_MAX - 1
};

enum {
	KBNG_A_SESSION_UNSPEC,
	KBNG_A_SESSION_PAD,
	KBNG_A_SESSION_ID,		/* u32, order of creation, for dumps */
	KBNG_A_SESSION_UUID,		/* binary, 16 octets */
	KBNG_A_SESSION_STATE,		/* u32, enum kbng_state */
	KBNG_A_SESSION_IFINDEX,		/* u32 */
	KBNG_A_SESSION_IFNAME,		/* string */
	KBNG_A_SESSION_MAC,		/* binary, 6 octets */
	KBNG_A_SESSION_ADDR4,		/* be32 */
	KBNG_A_SESSION_CIRCUIT_ID,	/* binary */
	KBNG_A_SESSION_REMOTE_ID,	/* binary */
	KBNG_A_SESSION_HOSTNAME,	/* binary, option 12 as the client sent it */
	KBNG_A_SESSION_SERVER,		/* be32, the DHCP server that leased */
	KBNG_A_SESSION_LEASE_TIME,	/* u32, s; absent: for ever */
	KBNG_A_SESSION_LEASE_LEFT,	/* u32, s */
	KBNG_A_SESSION_STARTED,		/* u64, s since the epoch, when bound */
	KBNG_A_SESSION_STOPPED,		/* u64, s since the epoch, when ended */
	KBNG_A_SESSION_TIME,		/* u32, s from bound to ended, or to now */
	KBNG_A_SESSION_RENEWALS,	/* u32 */
	KBNG_A_SESSION_TERMINATE_CAUSE,	/* u32, enum kbng_terminate_cause */
	KBNG_A_SESSION_POLICY,		/* nest, KBNG_A_POLICY_* */
	KBNG_A_SESSION_COOKIE,		/* binary */
	KBNG_A_SESSION_UP,		/* nest, KBNG_A_COUNT_*, from the subscriber */
	KBNG_A_SESSION_DOWN,		/* nest, KBNG_A_COUNT_*, to the subscriber */
	KBNG_A_SESSION_LINE,		/* nest, KBNG_A_LINE_* */
	KBNG_A_SESSION_IDLE,		/* u32, s since the subscriber's newest packet */
	KBNG_A_SESSION_PREFIX,		/* nest, KBNG_A_PREFIX_*, repeated */
	KBNG_A_SESSION_ADDR6,		/* binary, 16 octets, of a dump's filter */
	KBNG_A_SESSION_VLAN,		/* u32, VID of the outer or only tag */
	KBNG_A_SESSION_INNER_VLAN,	/* u32, VID of the inner of two tags */
	KBNG_A_SESSION_VLAN_PROTOCOL,	/* u32, enum kbng_vlan_protocol */
	KBNG_A_SESSION_OVER_QUOTA,	/* u32, 1: the policy's quota is used up */
	KBNG_A_SESSION_LINK_LOCAL,	/* binary, 16 octets, speaks DHCPv6 from it */
	KBNG_A_SESSION_TRIGGER,		/* u32, enum kbng_trigger */
	KBNG_A_SESSION_CAP_UP,		/* u64, bit/s, less than the policy's, reply only */
	KBNG_A_SESSION_CAP_DOWN,	/* u64, likewise */
	KBNG_A_SESSION_NODE,		/* be32, access node that it is behind */
	KBNG_A_SESSION_AGENT,		/* binary, option 82 of the access node */
	KBNG_A_SESSION_HOP,		/* binary, 6 octets, that node's MAC address */
	KBNG_A_SESSION_OFFER,		/* u32, enum kbng_offer, reply only */
	KBNG_A_SESSION_RETRY,		/* u32, s that an offered session is rejected for */
	KBNG_A_SESSION_FRAMED_ADDR4,	/* be32, what DHCP may lease to it, 0: anything */
	KBNG_A_SESSION_RADIUS_ATTRS,	/* binary, for DHCP servers, RFC 4014 */
	KBNG_A_SESSION_DROPS,		/* nest, KBNG_A_DROP_* */
	KBNG_A_SESSION_RADIUS6,		/* binary, RADIUS attributes about its IPv6 */

	__KBNG_A_SESSION_MAX,
	KBNG_A_SESSION_MAX = __KBNG_A_SESSION_MAX - 1
};

enum {
	KBNG_A_POLICY_UNSPEC,
	KBNG_A_POLICY_PAD,
	KBNG_A_POLICY_NAME,		/* string */
	KBNG_A_POLICY_RATE_UP,		/* u64, bit/s */
	KBNG_A_POLICY_RATE_DOWN,	/* u64, bit/s */
	KBNG_A_POLICY_BURST_UP,		/* u32, octets */
	KBNG_A_POLICY_BURST_DOWN,	/* u32, octets */
	KBNG_A_POLICY_SHAPER,		/* string, name of what is shared with others */
	KBNG_A_POLICY_OVERHEAD,		/* u32, octets that each packet costs more */
	KBNG_A_POLICY_MIN_UNIT,		/* u32, octets that each packet costs at least */
	KBNG_A_POLICY_QUOTA,		/* u64, octets of the session, both ways, 0: no end */
	KBNG_A_POLICY_ISOLATED,		/* u32, 1: from and to no other subscriber */

	__KBNG_A_POLICY_MAX,
	KBNG_A_POLICY_MAX = __KBNG_A_POLICY_MAX - 1
};

enum {
	KBNG_A_SHAPER_UNSPEC,
	KBNG_A_SHAPER_PAD,
	KBNG_A_SHAPER_NAME,		/* string */
	KBNG_A_SHAPER_PARENT,		/* string, its name */
	KBNG_A_SHAPER_RATE_UP,		/* u64, bit/s, 0: no limit */
	KBNG_A_SHAPER_RATE_DOWN,	/* u64, bit/s */
	KBNG_A_SHAPER_BURST_UP,		/* u32, octets, 0: a default by rate */
	KBNG_A_SHAPER_BURST_DOWN,	/* u32, octets */
	KBNG_A_SHAPER_USERS,		/* u32, sessions and shapers below */
	KBNG_A_SHAPER_SHARE_UP,		/* u64, bit/s that each may have now */
	KBNG_A_SHAPER_SHARE_DOWN,	/* u64, bit/s */
	KBNG_A_SHAPER_PACKETS_UP,	/* u64 */
	KBNG_A_SHAPER_PACKETS_DOWN,	/* u64 */
	KBNG_A_SHAPER_OCTETS_UP,	/* u64 */
	KBNG_A_SHAPER_OCTETS_DOWN,	/* u64 */
	KBNG_A_SHAPER_ID,		/* u32, order of creation, for dumps */

	__KBNG_A_SHAPER_MAX,
	KBNG_A_SHAPER_MAX = __KBNG_A_SHAPER_MAX - 1
};

enum {
	KBNG_A_PREFIX_UNSPEC,
	KBNG_A_PREFIX_ADDR,		/* binary, 16 octets */
	KBNG_A_PREFIX_LEN,		/* u32, bits */
	KBNG_A_PREFIX_KIND,		/* u32, enum kbng_prefix_kind */
	KBNG_A_PREFIX_PREFERRED,	/* u32, s as the server gave it, absent: for ever */
	KBNG_A_PREFIX_VALID,		/* u32, likewise */
	KBNG_A_PREFIX_LEFT,		/* u32, s of these */

	__KBNG_A_PREFIX_MAX,
	KBNG_A_PREFIX_MAX = __KBNG_A_PREFIX_MAX - 1
};

/* Octets are those of whole IP packets, as forwarded, after the shaper. */
enum {
	KBNG_A_COUNT_UNSPEC,
	KBNG_A_COUNT_PAD,
	KBNG_A_COUNT_PACKETS4,		/* u64 */
	KBNG_A_COUNT_OCTETS4,		/* u64 */
	KBNG_A_COUNT_PACKETS6,		/* u64 */
	KBNG_A_COUNT_OCTETS6,		/* u64 */
	KBNG_A_COUNT_DROPS,		/* u64, packets that the shaper dropped */

	__KBNG_A_COUNT_MAX,
	KBNG_A_COUNT_MAX = __KBNG_A_COUNT_MAX - 1
};

/* Rates of the line as the access node told them (TR-101), in bit/s. */
enum {
	KBNG_A_LINE_UNSPEC,
	KBNG_A_LINE_PAD,
	KBNG_A_LINE_ACTUAL_UP,		/* u64 */
	KBNG_A_LINE_ACTUAL_DOWN,	/* u64 */
	KBNG_A_LINE_MINIMUM_UP,		/* u64 */
	KBNG_A_LINE_MINIMUM_DOWN,	/* u64 */
	KBNG_A_LINE_ATTAINABLE_UP,	/* u64 */
	KBNG_A_LINE_ATTAINABLE_DOWN,	/* u64 */

	__KBNG_A_LINE_MAX,
	KBNG_A_LINE_MAX = __KBNG_A_LINE_MAX - 1
};

/* Packets of a session that were dropped, absent: none. */
enum {
	KBNG_A_DROP_UNSPEC,
	KBNG_A_DROP_PAD,
	KBNG_A_DROP_SPOOFED_IFACE,	/* u64, sent by somebody elsewhere */
	KBNG_A_DROP_SPOOFED_VLAN,	/* u64, with other tags */
	KBNG_A_DROP_SPOOFED_MAC,	/* u64, with another MAC address */
	KBNG_A_DROP_UNAUTHORISED,	/* u64, while it was not active */
	KBNG_A_DROP_SHAPER_UP,		/* u64, over rate, from the subscriber */
	KBNG_A_DROP_SHAPER_DOWN,	/* u64, over rate, to the subscriber */
	KBNG_A_DROP_AQM_UP,		/* u64, to slow a sender down */
	KBNG_A_DROP_AQM_DOWN,		/* u64, likewise */

	__KBNG_A_DROP_MAX,
	KBNG_A_DROP_MAX = __KBNG_A_DROP_MAX - 1
};

enum {
	KBNG_A_STAT_UNSPEC,
	KBNG_A_STAT_PAD,
	KBNG_A_STAT_NAME,		/* string */
	KBNG_A_STAT_VALUE,		/* u64 */

	__KBNG_A_STAT_MAX,
	KBNG_A_STAT_MAX = __KBNG_A_STAT_MAX - 1
};

enum {
	KBNG_A_DHCP_UNSPEC,
	KBNG_A_DHCP_IFINDEX,		/* u32, of the access iface */
	KBNG_A_DHCP_TYPE,		/* u32, option 53 */
	KBNG_A_DHCP_XID,		/* u32 */
	KBNG_A_DHCP_MAC,		/* binary, 6 octets, chaddr */
	KBNG_A_DHCP_ADDR4,		/* be32, yiaddr, ciaddr or option 50 */
	KBNG_A_DHCP_SERVER,		/* be32, where a reply came from */

	__KBNG_A_DHCP_MAX,
	KBNG_A_DHCP_MAX = __KBNG_A_DHCP_MAX - 1
};

#endif /* _UAPI_LINUX_KBNG_H */

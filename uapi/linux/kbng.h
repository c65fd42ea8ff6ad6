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
 * byte order, MAC addresses are 6 octets and UUIDs 16 octets.  Receivers ignore
 * attributes that they do not know.
 *
 * KBNG_CMD_IFACE_SET		create an iface, or replace its whole configuration
 *   KBNG_A_IFACE: nest
 *     KBNG_A_IFACE_IFINDEX			mandatory
 *     KBNG_A_IFACE_ROLE			mandatory, enum kbng_role
 *     KBNG_A_IFACE_GIADDR			access: relay agent address
 *     KBNG_A_IFACE_SERVER: u32, up to KBNG_SERVERS_MAX times
 *     KBNG_A_IFACE_CIRCUIT_ID_FORMAT, KBNG_A_IFACE_REMOTE_ID_FORMAT: string
 *     KBNG_A_IFACE_MAX_SESSIONS, _OFFER_TIMEOUT, _MAX_DELAY
 *     KBNG_A_IFACE_SHAPER_MODE			enum kbng_shaper_mode
 *     KBNG_A_IFACE_FASTPATH			1: what arrives skips the IP stack
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
 *     KBNG_A_SESSION_IFINDEX, _MAC, _ADDR4	mandatory
 *     KBNG_A_SESSION_CIRCUIT_ID, _REMOTE_ID, _LEASE_TIME (absent: for ever),
 *     _STATE (pending, active or rejected), _POLICY, _COOKIE
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
 *     KBNG_A_SESSION_COOKIE: binary		the daemon's own, kept and returned
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
 *     KBNG_A_SESSION_IFINDEX, _MAC, _ADDR4, _STATE, _CIRCUIT_ID, _REMOTE_ID
 *     KBNG_A_SESSION_ID			resume after this id
 *   reply: KBNG_A_SESSION, all that is set.  Ids grow, and a dump is in their
 *     order: a session that exists during the whole dump is in it exactly once.
 *
 * KBNG_CMD_STATS_GET
 *   reply: KBNG_A_INSTANCE, KBNG_A_VERSION, KBNG_A_SEQ and
 *     KBNG_A_STAT: nest, one a counter
 *       KBNG_A_STAT_NAME: string, KBNG_A_STAT_VALUE
 *
 * Group "session":
 *   KBNG_CMD_SESSION_BIND_NTF	an address was bound: a verdict is wanted
 *   KBNG_CMD_SESSION_RENEW_NTF	the lease was extended
 *   KBNG_CMD_SESSION_STATE_NTF	a verdict was applied
 *   KBNG_CMD_SESSION_STOP_NTF	ended: take the counters and acknowledge
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
#define KBNG_SERVERS_MAX	8	/* DHCP servers of an iface */
#define KBNG_FORMAT_MAX		63	/* octets of a template */
#define KBNG_ID_MAX		120	/* octets of a circuit-id or remote-id */
#define KBNG_NAME_MAX		63	/* octets of a policy name or host name */
#define KBNG_COOKIE_MAX		1024	/* octets of the daemon's cookie */
#define KBNG_RATE_MIN		64000ULL		/* bit/s */
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

	__KBNG_A_POLICY_MAX,
	KBNG_A_POLICY_MAX = __KBNG_A_POLICY_MAX - 1
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel tells and takes, as plain structs: no netlink in here.
 * Addresses are in network byte order, rates in bit/s, times in seconds.
 */
#ifndef KBNG_MODEL_H
#define KBNG_MODEL_H

#include <netinet/in.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <linux/kbng.h>

/** struct kbng_blob - a short octet string: circuit-id, remote-id, host name */
struct kbng_blob {
	uint8_t len;
	uint8_t data[KBNG_ID_MAX];
};

/** struct kbng_iface_info - an iface; sessions, ifname and shaping are read only */
struct kbng_iface_info {
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	enum kbng_role role;
	struct in_addr giaddr;			/* 0: unset */
	struct in_addr servers[KBNG_SERVERS_MAX];
	unsigned int n_servers;
	char circuit_id_format[KBNG_FORMAT_MAX + 1];	/* "": the kernel's default */
	char remote_id_format[KBNG_FORMAT_MAX + 1];	/* "": the kernel's default */
	uint32_t max_sessions;			/* 0: the kernel's default */
	uint32_t offer_timeout;			/* s, 0: the kernel's default */
	uint32_t max_delay_us;			/* 0: the kernel's default */
	enum kbng_shaper_mode shaper_mode;
	enum kbng_shaper_mode shaping;
	uint32_t sessions;
	uint32_t fastpath;			/* 0 or 1 */
};

/** struct kbng_policy - what a subscriber may use; rates of 0 are no limit */
struct kbng_policy {
	char name[KBNG_NAME_MAX + 1];
	uint64_t rate_up, rate_down;		/* bit/s at the IP layer */
	uint32_t burst_up, burst_down;		/* octets, 0: a default by rate */
};

/** struct kbng_counters - one direction; octets of IP packets after the shaper */
struct kbng_counters {
	uint64_t packets4, octets4;
	uint64_t packets6, octets6;
	uint64_t drops;
};

/** struct kbng_session_info - a session; absent values are zero */
struct kbng_session_info {
	uint32_t id;
	uint8_t uuid[KBNG_UUID_LEN];
	enum kbng_state state;
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	uint8_t mac[KBNG_MAC_LEN];
	struct in_addr addr;
	struct kbng_blob circuit_id, remote_id, hostname;
	struct in_addr server;
	bool has_lease;				/* false: for ever */
	uint32_t lease_time, lease_left;	/* s */
	uint64_t started, stopped;		/* s since the epoch */
	uint32_t time;				/* s since it was bound */
	uint32_t renewals;
	uint32_t terminate_cause;		/* RFC 2866 5.10 */
	bool has_policy;
	struct kbng_policy policy;
	uint16_t cookie_len;
	uint8_t cookie[KBNG_COOKIE_MAX];
	struct kbng_counters up, down;
};

/**
 * struct kbng_session_filter - which sessions a dump returns
 *
 * A field counts when its flag is set; all that count must match.
 */
struct kbng_session_filter {
	bool by_ifindex, by_mac, by_addr, by_state, by_circuit_id, by_remote_id;
	uint32_t ifindex;
	uint8_t mac[KBNG_MAC_LEN];
	struct in_addr addr;
	enum kbng_state state;
	struct kbng_blob circuit_id, remote_id;
};

/** struct kbng_verdict - a change to a live session; NULL and 0 leave as it is */
struct kbng_verdict {
	enum kbng_state state;			/* 0: leave */
	const struct kbng_policy *policy;
	const void *cookie;
	uint16_t cookie_len;
};

/** struct kbng_dhcp_info - one relayed DHCP message */
struct kbng_dhcp_info {
	uint32_t ifindex;
	uint32_t type;				/* option 53 */
	uint32_t xid;
	uint8_t mac[KBNG_MAC_LEN];
	struct in_addr addr, server;
};

/** struct kbng_event - a notification; @session or @dhcp is set by @cmd */
struct kbng_event {
	enum kbng_cmd cmd;			/* KBNG_CMD_*_NTF */
	uint64_t seq;				/* 0 for group dhcp */
	const struct kbng_session_info *session;
	const struct kbng_dhcp_info *dhcp;
};

/** struct kbng_module_info - the module behind the family */
struct kbng_module_info {
	uint8_t instance[KBNG_UUID_LEN];
	char version[32];
	uint64_t seq;
};

#endif /* KBNG_MODEL_H */

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

/** struct kbng_option - the octets of a DHCP option */
struct kbng_option {
	uint8_t len;
	uint8_t data[UINT8_MAX];
};

/** struct kbng_subnet - an IPv4 prefix */
struct kbng_subnet {
	struct in_addr addr;
	uint8_t len;				/* bits */
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
	uint32_t trusted;			/* 0 or 1 */
	enum kbng_opt82_policy opt82;
	enum kbng_servers_mode servers_mode;
	struct in_addr link_selection;		/* 0: unset */
	struct in_addr server_id;		/* 0: unset */
	char subscriber_id_format[KBNG_FORMAT_MAX + 1];	/* "": unset */
	char relay_id_format[KBNG_FORMAT_MAX + 1];	/* "": unset */
	char vpn[KBNG_FORMAT_MAX + 1];	/* "": unset */
	uint32_t relay_flags;			/* 0 or 1 */
	uint32_t target_delay_us;		/* 0: the kernel's default */
	uint32_t dhcp_rate;			/* messages a second, 0: no limit */
	uint32_t line_dhcp_rate;			/* messages a second, 0: no limit */
	uint32_t line_sessions;			/* offered ones included, 0: no limit */
	enum kbng_move move;
	enum kbng_vlan_mode vlan;
	struct in6_addr link6;			/* ::: unset */
	struct in6_addr servers6[KBNG_SERVERS_MAX];
	unsigned int n_servers6;
	uint32_t ra;				/* 0 or 1 */
	uint32_t ra_lifetime;			/* s, 0: the kernel's default */
	struct in6_addr dns6[KBNG_SERVERS_MAX];
	unsigned int n_dns6;
	uint32_t line_cap;			/* percent, 0: none */
	struct kbng_subnet triggers[KBNG_SERVERS_MAX];
	unsigned int n_triggers;
	uint32_t trigger6;			/* 0 or 1 */
	uint32_t trigger_rate;			/* a second, 0: the kernel's default */
	char search6[KBNG_SEARCH_MAX + 1];	/* "": unset */
	struct in_addr nodes[KBNG_SERVERS_MAX];	/* layer-3 access nodes */
	unsigned int n_nodes;
	enum kbng_auth auth;
};

/** struct kbng_policy - what a subscriber may use; rates of 0 are no limit */
struct kbng_policy {
	char name[KBNG_NAME_MAX + 1];
	uint64_t rate_up, rate_down;		/* bit/s at the IP layer */
	uint32_t burst_up, burst_down;		/* octets, 0: a default by rate */
	char shaper[KBNG_NAME_MAX + 1];		/* shared with others, "": none */
	uint32_t overhead;			/* octets that the line adds to a packet */
	uint32_t min_unit;			/* octets that a packet takes at least */
	uint64_t quota;				/* octets of a session, both ways, 0: no end */
	uint32_t isolated;			/* 1: from and to no other subscriber */
};

/** struct kbng_shaper_info - a shared rate; from users on read only */
struct kbng_shaper_info {
	char name[KBNG_NAME_MAX + 1];
	char parent[KBNG_NAME_MAX + 1];		/* "": none */
	uint64_t rate_up, rate_down;		/* bit/s at the IP layer, 0: no limit */
	uint32_t burst_up, burst_down;		/* octets, 0: a default by rate */
	uint32_t users;
	uint64_t share_up, share_down;		/* bit/s that each may have now */
	uint64_t packets_up, packets_down;
	uint64_t octets_up, octets_down;
};

/** struct kbng_counters - one direction; octets of IP packets after the shaper */
struct kbng_counters {
	uint64_t packets4, octets4;
	uint64_t packets6, octets6;
	uint64_t drops;
};

/** struct kbng_line_rates - what an access node knows of a line, bit/s, 0: unknown */
struct kbng_line_rates {
	uint64_t actual_up, actual_down;
	uint64_t minimum_up, minimum_down;
	uint64_t attainable_up, attainable_down;
};

/** struct kbng_prefix - an IPv6 prefix of a session; an address has 128 bits */
struct kbng_prefix {
	struct in6_addr addr;
	uint32_t len;				/* bits */
	enum kbng_prefix_kind kind;
	bool has_lifetime;			/* false: for ever */
	uint32_t preferred, valid, left;	/* s */
};

/* Is it an IPv4 network behind the session? Then it is mapped into IPv6. */
static inline bool kbng_is_route4(const struct kbng_prefix *p)
{
	return p->len >= 96 && !p->addr.s6_addr32[0] &&
	       !p->addr.s6_addr32[1] && p->addr.s6_addr32[2] == htonl(0xffff);
}

/** struct kbng_prefixes - those of a session; @given: @n of 0 means none */
struct kbng_prefixes {
	bool given;
	unsigned int n;
	struct kbng_prefix prefix[KBNG_PREFIXES_MAX];
};

/** struct kbng_terms - what DHCP is to lease to a session */
struct kbng_terms {
	struct in_addr framed;			/* nothing else, 0: anything */
	struct kbng_blob attrs;			/* RADIUS attributes for servers, RFC 4014 */
};

/** struct kbng_radius6 - RADIUS attributes about a session's IPv6, on the wire */
struct kbng_radius6 {
	uint16_t len;
	uint8_t data[KBNG_RADIUS6_MAX];
};

/** struct kbng_drops - packets of a session that were dropped, by reason */
struct kbng_drops {
	uint64_t spoofed_iface, spoofed_vlan, spoofed_mac, unauthorised;
	uint64_t shaper_up, shaper_down, aqm_up, aqm_down;
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
	struct kbng_prefixes prefixes;
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
	struct kbng_drops drops;
	struct kbng_line_rates line;
	bool has_idle;				/* false: stopped, or not bound */
	uint32_t idle;				/* s since the subscriber's newest packet */
	uint32_t vlan, inner_vlan;		/* VID, 0: has no such tag */
	enum kbng_vlan_protocol vlan_protocol;	/* of the outer tag */
	uint32_t over_quota;			/* 1: the policy's is used up */
	uint64_t cap_up, cap_down;		/* bit/s, 0: the policy's */
	uint32_t trigger;			/* enum kbng_trigger, while it claims to be itself */
	struct in6_addr link_local;		/* speaks DHCPv6 from it, ::: does not */
	struct in_addr node;			/* layer-3 access node, 0: none */
	struct kbng_option agent;		/* option 82 of the access node */
	uint8_t hop[KBNG_MAC_LEN];		/* of @node */
	enum kbng_offer offer;			/* of an offered session */
	struct kbng_terms terms;
	struct kbng_radius6 radius6;
};

/**
 * struct kbng_session_filter - which sessions a dump returns
 *
 * A field counts when its flag is set; all that count must match.
 */
struct kbng_session_filter {
	bool by_ifindex, by_mac, by_addr, by_state, by_circuit_id, by_remote_id;
	bool by_addr6;
	bool by_vlan, by_inner_vlan;
	uint32_t ifindex;
	uint8_t mac[KBNG_MAC_LEN];
	struct in_addr addr;
	struct in6_addr addr6;			/* in one of its prefixes */
	enum kbng_state state;
	struct kbng_blob circuit_id, remote_id;
	uint32_t vlan, inner_vlan;		/* VID, 0: no such tag */
};

/** struct kbng_verdict - a change to a live session; NULL and 0 leave as it is */
struct kbng_verdict {
	enum kbng_state state;			/* 0: leave */
	const struct kbng_policy *policy;
	const struct kbng_prefixes *prefixes;	/* the static ones */
	const struct kbng_terms *terms;
	const struct kbng_radius6 *radius6;	/* none, if it is empty */
	const void *cookie;
	uint16_t cookie_len;
	uint32_t lease_time;			/* s from now */
	uint32_t retry;				/* s that an offered session is rejected for */
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

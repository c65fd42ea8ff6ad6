// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attributes to plain structs. Lengths are in the policies, so a getter never
 * reads past its attribute; what is not in a policy is ignored.
 */
#include "nl_private.h"

#include <errno.h>
#include <string.h>
#include <netlink/genl/genl.h>

#define EXACT(n)	{ .minlen = (n), .maxlen = (n) }
#define UPTO(n)		{ .maxlen = (n) }
#define STRING(n)	{ .type = NLA_STRING, .minlen = 1, .maxlen = (n) + 1 }
#define U32		EXACT(sizeof(uint32_t))
#define U64		EXACT(sizeof(uint64_t))
#define NEST		{ .type = NLA_NESTED }

static const struct nla_policy message_policy[KBNG_A_MAX + 1] = {
	[KBNG_A_IFACE] = NEST,
	[KBNG_A_SESSION] = NEST,
	[KBNG_A_STAT] = NEST,
	[KBNG_A_DHCP] = NEST,
	[KBNG_A_SEQ] = U64,
	[KBNG_A_INSTANCE] = EXACT(KBNG_UUID_LEN),
	[KBNG_A_VERSION] = STRING(31),
	[KBNG_A_SHAPER] = NEST,
};

static const struct nla_policy iface_policy[KBNG_A_IFACE_MAX + 1] = {
	[KBNG_A_IFACE_IFINDEX] = U32,
	[KBNG_A_IFACE_IFNAME] = STRING(IF_NAMESIZE - 1),
	[KBNG_A_IFACE_ROLE] = U32,
	[KBNG_A_IFACE_GIADDR] = U32,
	[KBNG_A_IFACE_SERVER] = U32,
	[KBNG_A_IFACE_CIRCUIT_ID_FORMAT] = STRING(KBNG_FORMAT_MAX),
	[KBNG_A_IFACE_REMOTE_ID_FORMAT] = STRING(KBNG_FORMAT_MAX),
	[KBNG_A_IFACE_MAX_SESSIONS] = U32,
	[KBNG_A_IFACE_OFFER_TIMEOUT] = U32,
	[KBNG_A_IFACE_MAX_DELAY] = U32,
	[KBNG_A_IFACE_SHAPER_MODE] = U32,
	[KBNG_A_IFACE_SHAPING] = U32,
	[KBNG_A_IFACE_SESSIONS] = U32,
	[KBNG_A_IFACE_FASTPATH] = U32,
	[KBNG_A_IFACE_TRUSTED] = U32,
	[KBNG_A_IFACE_OPT82] = U32,
	[KBNG_A_IFACE_SERVERS_MODE] = U32,
	[KBNG_A_IFACE_LINK_SELECTION] = U32,
	[KBNG_A_IFACE_SERVER_ID] = U32,
	[KBNG_A_IFACE_SUBSCRIBER_ID_FORMAT] = STRING(KBNG_FORMAT_MAX),
	[KBNG_A_IFACE_RELAY_ID_FORMAT] = STRING(KBNG_FORMAT_MAX),
	[KBNG_A_IFACE_VPN] = STRING(KBNG_FORMAT_MAX),
	[KBNG_A_IFACE_RELAY_FLAGS] = U32,
	[KBNG_A_IFACE_TARGET_DELAY] = U32,
	[KBNG_A_IFACE_DHCP_RATE] = U32,
	[KBNG_A_IFACE_LINE_DHCP_RATE] = U32,
	[KBNG_A_IFACE_LINE_SESSIONS] = U32,
	[KBNG_A_IFACE_MOVE] = U32,
	[KBNG_A_IFACE_VLAN] = U32,
	[KBNG_A_IFACE_LINK6] = EXACT(sizeof(struct in6_addr)),
	[KBNG_A_IFACE_SERVER6] = EXACT(sizeof(struct in6_addr)),
	[KBNG_A_IFACE_RA] = U32,
	[KBNG_A_IFACE_RA_LIFETIME] = U32,
	[KBNG_A_IFACE_DNS6] = EXACT(sizeof(struct in6_addr)),
	[KBNG_A_IFACE_TRIGGER] = EXACT(SUBNET_LEN),
	[KBNG_A_IFACE_TRIGGER6] = U32,
	[KBNG_A_IFACE_TRIGGER_RATE] = U32,
	[KBNG_A_IFACE_LINE_CAP] = U32,
	[KBNG_A_IFACE_SEARCH6] = STRING(KBNG_SEARCH_MAX),
	[KBNG_A_IFACE_NODE] = U32,
	[KBNG_A_IFACE_AUTH] = U32,
};

static const struct nla_policy session_policy[KBNG_A_SESSION_MAX + 1] = {
	[KBNG_A_SESSION_ID] = U32,
	[KBNG_A_SESSION_UUID] = EXACT(KBNG_UUID_LEN),
	[KBNG_A_SESSION_STATE] = U32,
	[KBNG_A_SESSION_IFINDEX] = U32,
	[KBNG_A_SESSION_IFNAME] = STRING(IF_NAMESIZE - 1),
	[KBNG_A_SESSION_MAC] = EXACT(KBNG_MAC_LEN),
	[KBNG_A_SESSION_ADDR4] = U32,
	[KBNG_A_SESSION_CIRCUIT_ID] = UPTO(KBNG_ID_MAX),
	[KBNG_A_SESSION_REMOTE_ID] = UPTO(KBNG_ID_MAX),
	[KBNG_A_SESSION_HOSTNAME] = UPTO(KBNG_NAME_MAX),
	[KBNG_A_SESSION_SERVER] = U32,
	[KBNG_A_SESSION_LEASE_TIME] = U32,
	[KBNG_A_SESSION_LEASE_LEFT] = U32,
	[KBNG_A_SESSION_STARTED] = U64,
	[KBNG_A_SESSION_STOPPED] = U64,
	[KBNG_A_SESSION_TIME] = U32,
	[KBNG_A_SESSION_RENEWALS] = U32,
	[KBNG_A_SESSION_TERMINATE_CAUSE] = U32,
	[KBNG_A_SESSION_POLICY] = NEST,
	[KBNG_A_SESSION_COOKIE] = UPTO(KBNG_COOKIE_MAX),
	[KBNG_A_SESSION_UP] = NEST,
	[KBNG_A_SESSION_DOWN] = NEST,
	[KBNG_A_SESSION_LINE] = NEST,
	[KBNG_A_SESSION_IDLE] = U32,
	[KBNG_A_SESSION_PREFIX] = NEST,
	[KBNG_A_SESSION_VLAN] = U32,
	[KBNG_A_SESSION_INNER_VLAN] = U32,
	[KBNG_A_SESSION_VLAN_PROTOCOL] = U32,
	[KBNG_A_SESSION_OVER_QUOTA] = U32,
	[KBNG_A_SESSION_TRIGGER] = U32,
	[KBNG_A_SESSION_CAP_UP] = U64,
	[KBNG_A_SESSION_CAP_DOWN] = U64,
	[KBNG_A_SESSION_LINK_LOCAL] = EXACT(sizeof(struct in6_addr)),
	[KBNG_A_SESSION_NODE] = U32,
	[KBNG_A_SESSION_AGENT] = UPTO(UINT8_MAX),
	[KBNG_A_SESSION_HOP] = EXACT(KBNG_MAC_LEN),
	[KBNG_A_SESSION_DROPS] = NEST,
	[KBNG_A_SESSION_OFFER] = U32,
	[KBNG_A_SESSION_FRAMED_ADDR4] = U32,
	[KBNG_A_SESSION_RADIUS_ATTRS] = UPTO(KBNG_ID_MAX),
	[KBNG_A_SESSION_RADIUS6] = UPTO(KBNG_RADIUS6_MAX),
};

static const struct nla_policy policy_policy[KBNG_A_POLICY_MAX + 1] = {
	[KBNG_A_POLICY_NAME] = STRING(KBNG_NAME_MAX),
	[KBNG_A_POLICY_RATE_UP] = U64,
	[KBNG_A_POLICY_RATE_DOWN] = U64,
	[KBNG_A_POLICY_BURST_UP] = U32,
	[KBNG_A_POLICY_BURST_DOWN] = U32,
	[KBNG_A_POLICY_SHAPER] = STRING(KBNG_NAME_MAX),
	[KBNG_A_POLICY_OVERHEAD] = U32,
	[KBNG_A_POLICY_MIN_UNIT] = U32,
	[KBNG_A_POLICY_QUOTA] = U64,
	[KBNG_A_POLICY_ISOLATED] = U32,
};

static const struct nla_policy prefix_policy[KBNG_A_PREFIX_MAX + 1] = {
	[KBNG_A_PREFIX_ADDR] = EXACT(sizeof(struct in6_addr)),
	[KBNG_A_PREFIX_LEN] = U32,
	[KBNG_A_PREFIX_KIND] = U32,
	[KBNG_A_PREFIX_PREFERRED] = U32,
	[KBNG_A_PREFIX_VALID] = U32,
	[KBNG_A_PREFIX_LEFT] = U32,
};

static const struct nla_policy count_policy[KBNG_A_COUNT_MAX + 1] = {
	[KBNG_A_COUNT_PACKETS4] = U64,
	[KBNG_A_COUNT_OCTETS4] = U64,
	[KBNG_A_COUNT_PACKETS6] = U64,
	[KBNG_A_COUNT_OCTETS6] = U64,
	[KBNG_A_COUNT_DROPS] = U64,
};

static const struct nla_policy line_policy[KBNG_A_LINE_MAX + 1] = {
	[KBNG_A_LINE_ACTUAL_UP] = U64,
	[KBNG_A_LINE_ACTUAL_DOWN] = U64,
	[KBNG_A_LINE_MINIMUM_UP] = U64,
	[KBNG_A_LINE_MINIMUM_DOWN] = U64,
	[KBNG_A_LINE_ATTAINABLE_UP] = U64,
	[KBNG_A_LINE_ATTAINABLE_DOWN] = U64,
};

static const struct nla_policy drop_policy[KBNG_A_DROP_MAX + 1] = {
	[KBNG_A_DROP_SPOOFED_IFACE] = U64,
	[KBNG_A_DROP_SPOOFED_VLAN] = U64,
	[KBNG_A_DROP_SPOOFED_MAC] = U64,
	[KBNG_A_DROP_UNAUTHORISED] = U64,
	[KBNG_A_DROP_SHAPER_UP] = U64,
	[KBNG_A_DROP_SHAPER_DOWN] = U64,
	[KBNG_A_DROP_AQM_UP] = U64,
	[KBNG_A_DROP_AQM_DOWN] = U64,
};

static const struct nla_policy shaper_policy[KBNG_A_SHAPER_MAX + 1] = {
	[KBNG_A_SHAPER_NAME] = STRING(KBNG_NAME_MAX),
	[KBNG_A_SHAPER_PARENT] = STRING(KBNG_NAME_MAX),
	[KBNG_A_SHAPER_RATE_UP] = U64,
	[KBNG_A_SHAPER_RATE_DOWN] = U64,
	[KBNG_A_SHAPER_BURST_UP] = U32,
	[KBNG_A_SHAPER_BURST_DOWN] = U32,
	[KBNG_A_SHAPER_USERS] = U32,
	[KBNG_A_SHAPER_SHARE_UP] = U64,
	[KBNG_A_SHAPER_SHARE_DOWN] = U64,
	[KBNG_A_SHAPER_PACKETS_UP] = U64,
	[KBNG_A_SHAPER_PACKETS_DOWN] = U64,
	[KBNG_A_SHAPER_OCTETS_UP] = U64,
	[KBNG_A_SHAPER_OCTETS_DOWN] = U64,
	[KBNG_A_SHAPER_ID] = U32,
};

static const struct nla_policy stat_policy[KBNG_A_STAT_MAX + 1] = {
	[KBNG_A_STAT_NAME] = STRING(63),
	[KBNG_A_STAT_VALUE] = U64,
};

static const struct nla_policy dhcp_policy[KBNG_A_DHCP_MAX + 1] = {
	[KBNG_A_DHCP_IFINDEX] = U32,
	[KBNG_A_DHCP_TYPE] = U32,
	[KBNG_A_DHCP_XID] = U32,
	[KBNG_A_DHCP_MAC] = EXACT(KBNG_MAC_LEN),
	[KBNG_A_DHCP_ADDR4] = U32,
	[KBNG_A_DHCP_SERVER] = U32,
};

/* Absent values stay zero. */
static uint32_t get_u32(struct nlattr *a)
{
	return a ? nla_get_u32(a) : 0;
}

static uint64_t get_u64(struct nlattr *a)
{
	return a ? nla_get_u64(a) : 0;
}

static void get_string(char *to, size_t size, struct nlattr *a)
{
	if (a)
		nla_strlcpy(to, a, size);
}

static void get_octets(void *to, size_t len, struct nlattr *a)
{
	if (a)
		memcpy(to, nla_data(a), len);
}

static void get_blob(struct kbng_blob *to, struct nlattr *a)
{
	if (!a)
		return;
	to->len = nla_len(a);
	memcpy(to->data, nla_data(a), to->len);
}

static int parse_message(struct nlmsghdr *nlh, struct nlattr **message)
{
	if (!genlmsg_valid_hdr(nlh, 0) ||
	    genlmsg_parse(nlh, 0, message, KBNG_A_MAX, message_policy) < 0)
		return -EBADMSG;
	return 0;
}

/* Parse the message's own attributes, then those of the nest @type in it. */
static int parse_nest(struct nlmsghdr *nlh, int type, struct nlattr **message,
		      struct nlattr **nest, int max,
		      const struct nla_policy *policy)
{
	if (parse_message(nlh, message) || !message[type] ||
	    nla_parse_nested(nest, max, message[type], policy) < 0)
		return -EBADMSG;
	return 0;
}

/* They are repeated, so @nest is the iface's. */
static int decode_servers(struct nlattr *nest, struct kbng_iface_info *iface)
{
	struct kbng_subnet *subnet;
	struct nlattr *a;
	int rem;

	nla_for_each_nested(a, nest, rem) {
		if (nla_type(a) == KBNG_A_IFACE_SERVER) {
			if (iface->n_servers == KBNG_SERVERS_MAX)
				return -EBADMSG;
			iface->servers[iface->n_servers++].s_addr = get_u32(a);
		} else if (nla_type(a) == KBNG_A_IFACE_NODE) {
			if (iface->n_nodes == KBNG_SERVERS_MAX)
				return -EBADMSG;
			iface->nodes[iface->n_nodes++].s_addr = get_u32(a);
		} else if (nla_type(a) == KBNG_A_IFACE_SERVER6) {
			if (iface->n_servers6 == KBNG_SERVERS_MAX)
				return -EBADMSG;
			get_octets(&iface->servers6[iface->n_servers6++],
				   sizeof(struct in6_addr), a);
		} else if (nla_type(a) == KBNG_A_IFACE_DNS6) {
			if (iface->n_dns6 == KBNG_SERVERS_MAX)
				return -EBADMSG;
			get_octets(&iface->dns6[iface->n_dns6++],
				   sizeof(struct in6_addr), a);
		} else if (nla_type(a) == KBNG_A_IFACE_TRIGGER) {
			if (iface->n_triggers == KBNG_SERVERS_MAX)
				return -EBADMSG;
			subnet = &iface->triggers[iface->n_triggers++];
			memcpy(&subnet->addr, nla_data(a),
			       sizeof(subnet->addr));
			subnet->len = ((uint8_t *)nla_data(a))[SUBNET_LEN - 1];
		}
	}
	return 0;
}

int kbng_nl_decode_iface(struct nlmsghdr *nlh, struct kbng_iface_info *iface)
{
	struct nlattr *message[KBNG_A_MAX + 1];
	struct nlattr *a[KBNG_A_IFACE_MAX + 1];

	memset(iface, 0, sizeof(*iface));
	if (parse_nest(nlh, KBNG_A_IFACE, message, a, KBNG_A_IFACE_MAX,
		       iface_policy) ||
	    !a[KBNG_A_IFACE_IFINDEX] || !a[KBNG_A_IFACE_ROLE])
		return -EBADMSG;

	iface->ifindex = get_u32(a[KBNG_A_IFACE_IFINDEX]);
	get_string(iface->ifname, sizeof(iface->ifname),
		   a[KBNG_A_IFACE_IFNAME]);
	iface->role = get_u32(a[KBNG_A_IFACE_ROLE]);
	iface->giaddr.s_addr = get_u32(a[KBNG_A_IFACE_GIADDR]);
	if (decode_servers(message[KBNG_A_IFACE], iface))
		return -EBADMSG;
	get_octets(&iface->link6, sizeof(iface->link6), a[KBNG_A_IFACE_LINK6]);
	get_string(iface->circuit_id_format, sizeof(iface->circuit_id_format),
		   a[KBNG_A_IFACE_CIRCUIT_ID_FORMAT]);
	get_string(iface->remote_id_format, sizeof(iface->remote_id_format),
		   a[KBNG_A_IFACE_REMOTE_ID_FORMAT]);
	iface->max_sessions = get_u32(a[KBNG_A_IFACE_MAX_SESSIONS]);
	iface->offer_timeout = get_u32(a[KBNG_A_IFACE_OFFER_TIMEOUT]);
	iface->max_delay_us = get_u32(a[KBNG_A_IFACE_MAX_DELAY]);
	iface->shaper_mode = get_u32(a[KBNG_A_IFACE_SHAPER_MODE]);
	iface->shaping = get_u32(a[KBNG_A_IFACE_SHAPING]);
	iface->sessions = get_u32(a[KBNG_A_IFACE_SESSIONS]);
	iface->fastpath = get_u32(a[KBNG_A_IFACE_FASTPATH]);
	iface->trusted = get_u32(a[KBNG_A_IFACE_TRUSTED]);
	iface->opt82 = get_u32(a[KBNG_A_IFACE_OPT82]);
	iface->servers_mode = get_u32(a[KBNG_A_IFACE_SERVERS_MODE]);
	iface->auth = get_u32(a[KBNG_A_IFACE_AUTH]);
	iface->link_selection.s_addr = get_u32(a[KBNG_A_IFACE_LINK_SELECTION]);
	iface->server_id.s_addr = get_u32(a[KBNG_A_IFACE_SERVER_ID]);
	get_string(iface->subscriber_id_format, sizeof(iface->subscriber_id_format),
		   a[KBNG_A_IFACE_SUBSCRIBER_ID_FORMAT]);
	get_string(iface->relay_id_format, sizeof(iface->relay_id_format),
		   a[KBNG_A_IFACE_RELAY_ID_FORMAT]);
	get_string(iface->vpn, sizeof(iface->vpn),
		   a[KBNG_A_IFACE_VPN]);
	iface->relay_flags = get_u32(a[KBNG_A_IFACE_RELAY_FLAGS]);
	iface->target_delay_us = get_u32(a[KBNG_A_IFACE_TARGET_DELAY]);
	iface->dhcp_rate = get_u32(a[KBNG_A_IFACE_DHCP_RATE]);
	iface->line_dhcp_rate = get_u32(a[KBNG_A_IFACE_LINE_DHCP_RATE]);
	iface->line_sessions = get_u32(a[KBNG_A_IFACE_LINE_SESSIONS]);
	iface->move = get_u32(a[KBNG_A_IFACE_MOVE]);
	iface->vlan = get_u32(a[KBNG_A_IFACE_VLAN]);
	iface->ra = get_u32(a[KBNG_A_IFACE_RA]);
	iface->ra_lifetime = get_u32(a[KBNG_A_IFACE_RA_LIFETIME]);
	iface->trigger6 = get_u32(a[KBNG_A_IFACE_TRIGGER6]);
	iface->line_cap = get_u32(a[KBNG_A_IFACE_LINE_CAP]);
	iface->trigger_rate = get_u32(a[KBNG_A_IFACE_TRIGGER_RATE]);
	get_string(iface->search6, sizeof(iface->search6),
		   a[KBNG_A_IFACE_SEARCH6]);
	return 0;
}

int kbng_nl_decode_shaper(struct nlmsghdr *nlh, struct kbng_shaper_info *s)
{
	struct nlattr *message[KBNG_A_MAX + 1];
	struct nlattr *a[KBNG_A_SHAPER_MAX + 1];

	memset(s, 0, sizeof(*s));
	if (parse_nest(nlh, KBNG_A_SHAPER, message, a, KBNG_A_SHAPER_MAX,
		       shaper_policy) ||
	    !a[KBNG_A_SHAPER_NAME])
		return -EBADMSG;
	get_string(s->name, sizeof(s->name), a[KBNG_A_SHAPER_NAME]);
	get_string(s->parent, sizeof(s->parent), a[KBNG_A_SHAPER_PARENT]);
	s->rate_up = get_u64(a[KBNG_A_SHAPER_RATE_UP]);
	s->rate_down = get_u64(a[KBNG_A_SHAPER_RATE_DOWN]);
	s->burst_up = get_u32(a[KBNG_A_SHAPER_BURST_UP]);
	s->burst_down = get_u32(a[KBNG_A_SHAPER_BURST_DOWN]);
	s->users = get_u32(a[KBNG_A_SHAPER_USERS]);
	s->share_up = get_u64(a[KBNG_A_SHAPER_SHARE_UP]);
	s->share_down = get_u64(a[KBNG_A_SHAPER_SHARE_DOWN]);
	s->packets_up = get_u64(a[KBNG_A_SHAPER_PACKETS_UP]);
	s->packets_down = get_u64(a[KBNG_A_SHAPER_PACKETS_DOWN]);
	s->octets_up = get_u64(a[KBNG_A_SHAPER_OCTETS_UP]);
	s->octets_down = get_u64(a[KBNG_A_SHAPER_OCTETS_DOWN]);
	return 0;
}

static int decode_policy(struct nlattr *nest, struct kbng_session_info *s)
{
	struct nlattr *a[KBNG_A_POLICY_MAX + 1];

	if (!nest)
		return 0;
	if (nla_parse_nested(a, KBNG_A_POLICY_MAX, nest, policy_policy) < 0)
		return -EBADMSG;
	s->has_policy = true;
	get_string(s->policy.name, sizeof(s->policy.name),
		   a[KBNG_A_POLICY_NAME]);
	s->policy.rate_up = get_u64(a[KBNG_A_POLICY_RATE_UP]);
	s->policy.rate_down = get_u64(a[KBNG_A_POLICY_RATE_DOWN]);
	s->policy.burst_up = get_u32(a[KBNG_A_POLICY_BURST_UP]);
	s->policy.burst_down = get_u32(a[KBNG_A_POLICY_BURST_DOWN]);
	get_string(s->policy.shaper, sizeof(s->policy.shaper),
		   a[KBNG_A_POLICY_SHAPER]);
	s->policy.overhead = get_u32(a[KBNG_A_POLICY_OVERHEAD]);
	s->policy.min_unit = get_u32(a[KBNG_A_POLICY_MIN_UNIT]);
	s->policy.quota = get_u64(a[KBNG_A_POLICY_QUOTA]);
	s->policy.isolated = get_u32(a[KBNG_A_POLICY_ISOLATED]);
	return 0;
}

static int decode_counters(struct nlattr *nest, struct kbng_counters *c)
{
	struct nlattr *a[KBNG_A_COUNT_MAX + 1];

	if (!nest)
		return 0;
	if (nla_parse_nested(a, KBNG_A_COUNT_MAX, nest, count_policy) < 0)
		return -EBADMSG;
	c->packets4 = get_u64(a[KBNG_A_COUNT_PACKETS4]);
	c->octets4 = get_u64(a[KBNG_A_COUNT_OCTETS4]);
	c->packets6 = get_u64(a[KBNG_A_COUNT_PACKETS6]);
	c->octets6 = get_u64(a[KBNG_A_COUNT_OCTETS6]);
	c->drops = get_u64(a[KBNG_A_COUNT_DROPS]);
	return 0;
}

static int decode_line(struct nlattr *nest, struct kbng_line_rates *l)
{
	struct nlattr *a[KBNG_A_LINE_MAX + 1];

	if (!nest)
		return 0;
	if (nla_parse_nested(a, KBNG_A_LINE_MAX, nest, line_policy) < 0)
		return -EBADMSG;
	l->actual_up = get_u64(a[KBNG_A_LINE_ACTUAL_UP]);
	l->actual_down = get_u64(a[KBNG_A_LINE_ACTUAL_DOWN]);
	l->minimum_up = get_u64(a[KBNG_A_LINE_MINIMUM_UP]);
	l->minimum_down = get_u64(a[KBNG_A_LINE_MINIMUM_DOWN]);
	l->attainable_up = get_u64(a[KBNG_A_LINE_ATTAINABLE_UP]);
	l->attainable_down = get_u64(a[KBNG_A_LINE_ATTAINABLE_DOWN]);
	return 0;
}

static int decode_drops(struct nlattr *nest, struct kbng_drops *d)
{
	struct nlattr *a[KBNG_A_DROP_MAX + 1];

	if (!nest)
		return 0;
	if (nla_parse_nested(a, KBNG_A_DROP_MAX, nest, drop_policy) < 0)
		return -EBADMSG;
	d->spoofed_iface = get_u64(a[KBNG_A_DROP_SPOOFED_IFACE]);
	d->spoofed_vlan = get_u64(a[KBNG_A_DROP_SPOOFED_VLAN]);
	d->spoofed_mac = get_u64(a[KBNG_A_DROP_SPOOFED_MAC]);
	d->unauthorised = get_u64(a[KBNG_A_DROP_UNAUTHORISED]);
	d->shaper_up = get_u64(a[KBNG_A_DROP_SHAPER_UP]);
	d->shaper_down = get_u64(a[KBNG_A_DROP_SHAPER_DOWN]);
	d->aqm_up = get_u64(a[KBNG_A_DROP_AQM_UP]);
	d->aqm_down = get_u64(a[KBNG_A_DROP_AQM_DOWN]);
	return 0;
}

static int decode_prefix(struct nlattr *nest, struct kbng_prefixes *list)
{
	struct nlattr *a[KBNG_A_PREFIX_MAX + 1];
	struct kbng_prefix *p;

	if (list->n == KBNG_PREFIXES_MAX ||
	    nla_parse_nested(a, KBNG_A_PREFIX_MAX, nest, prefix_policy) < 0 ||
	    !a[KBNG_A_PREFIX_ADDR] || !a[KBNG_A_PREFIX_LEN] ||
	    get_u32(a[KBNG_A_PREFIX_LEN]) > 128)
		return -EBADMSG;
	p = &list->prefix[list->n++];
	get_octets(&p->addr, sizeof(p->addr), a[KBNG_A_PREFIX_ADDR]);
	p->len = get_u32(a[KBNG_A_PREFIX_LEN]);
	p->kind = get_u32(a[KBNG_A_PREFIX_KIND]);
	p->has_lifetime = a[KBNG_A_PREFIX_VALID];
	p->preferred = get_u32(a[KBNG_A_PREFIX_PREFERRED]);
	p->valid = get_u32(a[KBNG_A_PREFIX_VALID]);
	p->left = get_u32(a[KBNG_A_PREFIX_LEFT]);
	list->given = true;
	return 0;
}

/* They are repeated, so @session is the nest. */
static int decode_prefixes(struct nlattr *session, struct kbng_prefixes *list)
{
	struct nlattr *a;
	int rem;

	nla_for_each_nested(a, session, rem)
		if (nla_type(a) == KBNG_A_SESSION_PREFIX &&
		    decode_prefix(a, list))
			return -EBADMSG;
	return 0;
}

int kbng_nl_decode_session(struct nlmsghdr *nlh, bool whole,
			   struct kbng_session_info *s)
{
	struct nlattr *message[KBNG_A_MAX + 1];
	struct nlattr *a[KBNG_A_SESSION_MAX + 1];

	memset(s, 0, sizeof(*s));
	if (parse_nest(nlh, KBNG_A_SESSION, message, a, KBNG_A_SESSION_MAX,
		       session_policy) ||
	    !a[KBNG_A_SESSION_ID] || !a[KBNG_A_SESSION_UUID])
		return -EBADMSG;
	if (whole && (!a[KBNG_A_SESSION_STATE] || !a[KBNG_A_SESSION_IFINDEX] ||
		      !a[KBNG_A_SESSION_MAC]))
		return -EBADMSG;

	s->id = get_u32(a[KBNG_A_SESSION_ID]);
	get_octets(s->uuid, sizeof(s->uuid), a[KBNG_A_SESSION_UUID]);
	s->state = get_u32(a[KBNG_A_SESSION_STATE]);
	s->ifindex = get_u32(a[KBNG_A_SESSION_IFINDEX]);
	get_string(s->ifname, sizeof(s->ifname), a[KBNG_A_SESSION_IFNAME]);
	get_octets(s->mac, sizeof(s->mac), a[KBNG_A_SESSION_MAC]);
	s->addr.s_addr = get_u32(a[KBNG_A_SESSION_ADDR4]);
	get_blob(&s->circuit_id, a[KBNG_A_SESSION_CIRCUIT_ID]);
	get_blob(&s->remote_id, a[KBNG_A_SESSION_REMOTE_ID]);
	get_blob(&s->hostname, a[KBNG_A_SESSION_HOSTNAME]);
	s->server.s_addr = get_u32(a[KBNG_A_SESSION_SERVER]);
	s->has_lease = a[KBNG_A_SESSION_LEASE_TIME];
	s->lease_time = get_u32(a[KBNG_A_SESSION_LEASE_TIME]);
	s->lease_left = get_u32(a[KBNG_A_SESSION_LEASE_LEFT]);
	s->started = get_u64(a[KBNG_A_SESSION_STARTED]);
	s->stopped = get_u64(a[KBNG_A_SESSION_STOPPED]);
	s->time = get_u32(a[KBNG_A_SESSION_TIME]);
	s->renewals = get_u32(a[KBNG_A_SESSION_RENEWALS]);
	s->terminate_cause = get_u32(a[KBNG_A_SESSION_TERMINATE_CAUSE]);
	s->has_idle = a[KBNG_A_SESSION_IDLE];
	s->idle = get_u32(a[KBNG_A_SESSION_IDLE]);
	s->vlan = get_u32(a[KBNG_A_SESSION_VLAN]);
	s->inner_vlan = get_u32(a[KBNG_A_SESSION_INNER_VLAN]);
	s->vlan_protocol = get_u32(a[KBNG_A_SESSION_VLAN_PROTOCOL]);
	s->over_quota = get_u32(a[KBNG_A_SESSION_OVER_QUOTA]);
	s->trigger = get_u32(a[KBNG_A_SESSION_TRIGGER]);
	s->cap_up = get_u64(a[KBNG_A_SESSION_CAP_UP]);
	s->cap_down = get_u64(a[KBNG_A_SESSION_CAP_DOWN]);
	get_octets(&s->link_local, sizeof(s->link_local),
		   a[KBNG_A_SESSION_LINK_LOCAL]);
	s->node.s_addr = get_u32(a[KBNG_A_SESSION_NODE]);
	if (a[KBNG_A_SESSION_AGENT]) {
		s->agent.len = nla_len(a[KBNG_A_SESSION_AGENT]);
		memcpy(s->agent.data, nla_data(a[KBNG_A_SESSION_AGENT]),
		       s->agent.len);
	}
	get_octets(s->hop, sizeof(s->hop), a[KBNG_A_SESSION_HOP]);
	s->offer = get_u32(a[KBNG_A_SESSION_OFFER]);
	s->terms.framed.s_addr = get_u32(a[KBNG_A_SESSION_FRAMED_ADDR4]);
	get_blob(&s->terms.attrs, a[KBNG_A_SESSION_RADIUS_ATTRS]);
	if (a[KBNG_A_SESSION_RADIUS6]) {
		s->radius6.len = nla_len(a[KBNG_A_SESSION_RADIUS6]);
		get_octets(s->radius6.data, s->radius6.len,
			   a[KBNG_A_SESSION_RADIUS6]);
	}
	if (a[KBNG_A_SESSION_COOKIE]) {
		s->cookie_len = nla_len(a[KBNG_A_SESSION_COOKIE]);
		get_octets(s->cookie, s->cookie_len, a[KBNG_A_SESSION_COOKIE]);
	}
	if (decode_prefixes(message[KBNG_A_SESSION], &s->prefixes) ||
	    decode_policy(a[KBNG_A_SESSION_POLICY], s) ||
	    decode_counters(a[KBNG_A_SESSION_UP], &s->up) ||
	    decode_counters(a[KBNG_A_SESSION_DOWN], &s->down) ||
	    decode_line(a[KBNG_A_SESSION_LINE], &s->line) ||
	    decode_drops(a[KBNG_A_SESSION_DROPS], &s->drops))
		return -EBADMSG;
	return 0;
}

static int decode_dhcp(struct nlmsghdr *nlh, struct kbng_dhcp_info *dhcp)
{
	struct nlattr *message[KBNG_A_MAX + 1];
	struct nlattr *a[KBNG_A_DHCP_MAX + 1];

	memset(dhcp, 0, sizeof(*dhcp));
	if (parse_nest(nlh, KBNG_A_DHCP, message, a, KBNG_A_DHCP_MAX,
		       dhcp_policy) ||
	    !a[KBNG_A_DHCP_IFINDEX] || !a[KBNG_A_DHCP_TYPE])
		return -EBADMSG;
	dhcp->ifindex = get_u32(a[KBNG_A_DHCP_IFINDEX]);
	dhcp->type = get_u32(a[KBNG_A_DHCP_TYPE]);
	dhcp->xid = get_u32(a[KBNG_A_DHCP_XID]);
	get_octets(dhcp->mac, sizeof(dhcp->mac), a[KBNG_A_DHCP_MAC]);
	dhcp->addr.s_addr = get_u32(a[KBNG_A_DHCP_ADDR4]);
	dhcp->server.s_addr = get_u32(a[KBNG_A_DHCP_SERVER]);
	return 0;
}

int kbng_nl_decode_event(struct nlmsghdr *nlh, struct kbng_event *ev,
			 struct kbng_session_info *s,
			 struct kbng_dhcp_info *dhcp)
{
	struct nlattr *message[KBNG_A_MAX + 1];

	if (!genlmsg_valid_hdr(nlh, 0))
		return -EBADMSG;
	memset(ev, 0, sizeof(*ev));
	ev->cmd = genlmsg_hdr(nlh)->cmd;
	switch (ev->cmd) {
	case KBNG_CMD_SESSION_BIND_NTF:
	case KBNG_CMD_SESSION_RENEW_NTF:
	case KBNG_CMD_SESSION_STATE_NTF:
	case KBNG_CMD_SESSION_STOP_NTF:
	case KBNG_CMD_SESSION_QUOTA_NTF:
	case KBNG_CMD_SESSION_AUTH_NTF:
		if (parse_message(nlh, message) || !message[KBNG_A_SEQ] ||
		    kbng_nl_decode_session(nlh, true, s))
			return -EBADMSG;
		ev->seq = get_u64(message[KBNG_A_SEQ]);
		ev->session = s;
		return 0;
	case KBNG_CMD_DHCP_NTF:
		if (decode_dhcp(nlh, dhcp))
			return -EBADMSG;
		ev->dhcp = dhcp;
		return 0;
	default:
		return 1;
	}
}

int kbng_nl_decode_stats(struct nlmsghdr *nlh, struct kbng_module_info *info,
			 int (*cb)(const char *name, uint64_t value, void *arg),
			 void *arg)
{
	struct nlattr *message[KBNG_A_MAX + 1];
	struct nlattr *a[KBNG_A_STAT_MAX + 1];
	struct nlattr *stat;
	int rem;
	int rc;

	if (parse_message(nlh, message) || !message[KBNG_A_INSTANCE] ||
	    !message[KBNG_A_VERSION] || !message[KBNG_A_SEQ])
		return -EBADMSG;
	if (info) {
		memset(info, 0, sizeof(*info));
		get_octets(info->instance, sizeof(info->instance),
			   message[KBNG_A_INSTANCE]);
		get_string(info->version, sizeof(info->version),
			   message[KBNG_A_VERSION]);
		info->seq = get_u64(message[KBNG_A_SEQ]);
	}
	if (!cb)
		return 0;
	nla_for_each_attr(stat, genlmsg_attrdata(genlmsg_hdr(nlh), 0),
			  genlmsg_attrlen(genlmsg_hdr(nlh), 0), rem) {
		if (nla_type(stat) != KBNG_A_STAT)
			continue;
		if (nla_parse_nested(a, KBNG_A_STAT_MAX, stat, stat_policy) ||
		    !a[KBNG_A_STAT_NAME] || !a[KBNG_A_STAT_VALUE])
			return -EBADMSG;
		rc = cb(nla_get_string(a[KBNG_A_STAT_NAME]),
			get_u64(a[KBNG_A_STAT_VALUE]), arg);
		if (rc)
			return rc;
	}
	return 0;
}

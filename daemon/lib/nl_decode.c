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
};

static const struct nla_policy policy_policy[KBNG_A_POLICY_MAX + 1] = {
	[KBNG_A_POLICY_NAME] = STRING(KBNG_NAME_MAX),
	[KBNG_A_POLICY_RATE_UP] = U64,
	[KBNG_A_POLICY_RATE_DOWN] = U64,
	[KBNG_A_POLICY_BURST_UP] = U32,
	[KBNG_A_POLICY_BURST_DOWN] = U32,
};

static const struct nla_policy count_policy[KBNG_A_COUNT_MAX + 1] = {
	[KBNG_A_COUNT_PACKETS4] = U64,
	[KBNG_A_COUNT_OCTETS4] = U64,
	[KBNG_A_COUNT_PACKETS6] = U64,
	[KBNG_A_COUNT_OCTETS6] = U64,
	[KBNG_A_COUNT_DROPS] = U64,
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

int kbng_nl_decode_iface(struct nlmsghdr *nlh, struct kbng_iface_info *iface)
{
	struct nlattr *message[KBNG_A_MAX + 1];
	struct nlattr *a[KBNG_A_IFACE_MAX + 1];
	struct nlattr *server;
	int rem;

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
	nla_for_each_nested(server, message[KBNG_A_IFACE], rem) {
		if (nla_type(server) != KBNG_A_IFACE_SERVER)
			continue;
		if (iface->n_servers == KBNG_SERVERS_MAX)
			return -EBADMSG;
		iface->servers[iface->n_servers++].s_addr = get_u32(server);
	}
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
	if (a[KBNG_A_SESSION_COOKIE]) {
		s->cookie_len = nla_len(a[KBNG_A_SESSION_COOKIE]);
		get_octets(s->cookie, s->cookie_len, a[KBNG_A_SESSION_COOKIE]);
	}
	if (decode_policy(a[KBNG_A_SESSION_POLICY], s) ||
	    decode_counters(a[KBNG_A_SESSION_UP], &s->up) ||
	    decode_counters(a[KBNG_A_SESSION_DOWN], &s->down))
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

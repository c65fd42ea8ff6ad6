// SPDX-License-Identifier: GPL-2.0
/*
 * What a request says of an iface: its attributes become a configuration.
 */
#include <linux/inetdevice.h>
#include "iface.h"
#include "nd_router.h"
#include "netlink_op.h"
#include "prefix.h"
#include "template.h"

/* us; fq keeps no packet for longer than 10 s. */
static struct netlink_range_validation kbng_nl_iface_delay_range = {
	.min = 1000,
	.max = 5000000,
};

const struct nla_policy kbng_nl_iface_policy[KBNG_A_IFACE_MAX + 1] = {
	[KBNG_A_IFACE_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_IFACE_ROLE] = NLA_POLICY_RANGE(NLA_U32, KBNG_ROLE_ACCESS,
					       KBNG_ROLE_CORE),
	[KBNG_A_IFACE_GIADDR] = { .type = NLA_U32 },
	[KBNG_A_IFACE_SERVER] = { .type = NLA_U32 },
	[KBNG_A_IFACE_CIRCUIT_ID_FORMAT] = { .type = NLA_NUL_STRING,
					     .len = KBNG_FORMAT_MAX },
	[KBNG_A_IFACE_REMOTE_ID_FORMAT] = { .type = NLA_NUL_STRING,
					    .len = KBNG_FORMAT_MAX },
	[KBNG_A_IFACE_MAX_SESSIONS] = NLA_POLICY_MIN(NLA_U32, 1),
	[KBNG_A_IFACE_OFFER_TIMEOUT] = NLA_POLICY_RANGE(NLA_U32, 1, 3600),
	[KBNG_A_IFACE_MAX_DELAY] = NLA_POLICY_FULL_RANGE(NLA_U32,
						&kbng_nl_iface_delay_range),
	[KBNG_A_IFACE_SHAPER_MODE] = NLA_POLICY_MAX(NLA_U32,
						    KBNG_SHAPER_POLICE),
	[KBNG_A_IFACE_FASTPATH] = NLA_POLICY_MAX(NLA_U32, 1),
	[KBNG_A_IFACE_TRUSTED] = NLA_POLICY_MAX(NLA_U32, 1),
	[KBNG_A_IFACE_OPT82] = NLA_POLICY_MAX(NLA_U32, KBNG_OPT82_DROP),
	[KBNG_A_IFACE_SERVERS_MODE] =
		NLA_POLICY_MAX(NLA_U32, KBNG_SERVERS_FAILOVER),
	[KBNG_A_IFACE_LINK_SELECTION] = { .type = NLA_U32 },
	[KBNG_A_IFACE_SERVER_ID] = { .type = NLA_U32 },
	[KBNG_A_IFACE_SUBSCRIBER_ID_FORMAT] = { .type = NLA_NUL_STRING,
		.len = KBNG_FORMAT_MAX },
	[KBNG_A_IFACE_RELAY_ID_FORMAT] = { .type = NLA_NUL_STRING,
		.len = KBNG_FORMAT_MAX },
	[KBNG_A_IFACE_VPN] = { .type = NLA_NUL_STRING,
		.len = KBNG_FORMAT_MAX },
	[KBNG_A_IFACE_RELAY_FLAGS] = NLA_POLICY_MAX(NLA_U32, 1),
	[KBNG_A_IFACE_TARGET_DELAY] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &kbng_nl_iface_delay_range),
	[KBNG_A_IFACE_DHCP_RATE] = NLA_POLICY_MAX(NLA_U32, 30000),
	[KBNG_A_IFACE_LINE_DHCP_RATE] = NLA_POLICY_MAX(NLA_U32, 30000),
	[KBNG_A_IFACE_LINE_SESSIONS] = { .type = NLA_U32 },
	[KBNG_A_IFACE_MOVE] = NLA_POLICY_MAX(NLA_U32, KBNG_MOVE_DENY),
	[KBNG_A_IFACE_VLAN] = NLA_POLICY_MAX(NLA_U32, KBNG_VLAN_BOTH),
	[KBNG_A_IFACE_LINK6] = NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[KBNG_A_IFACE_SERVER6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[KBNG_A_IFACE_RA] = NLA_POLICY_MAX(NLA_U32, 1),
	/* Less is not repeated in time (RFC 4861 6.2.1). */
	[KBNG_A_IFACE_RA_LIFETIME] = NLA_POLICY_RANGE(NLA_U32, 4, 9000),
	[KBNG_A_IFACE_DNS6] = NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[KBNG_A_IFACE_TRIGGER] = NLA_POLICY_EXACT_LEN(KBNG_NL_SUBNET_LEN),
	[KBNG_A_IFACE_TRIGGER6] = NLA_POLICY_MAX(NLA_U32, 1),
	[KBNG_A_IFACE_TRIGGER_RATE] = { .type = NLA_U32 },
	[KBNG_A_IFACE_LINE_CAP] = NLA_POLICY_MAX(NLA_U32, 1000),
	[KBNG_A_IFACE_SEARCH6] = { .type = NLA_NUL_STRING,
		.len = KBNG_SEARCH_MAX },
	[KBNG_A_IFACE_NODE] = { .type = NLA_U32 },
	[KBNG_A_IFACE_AUTH] = NLA_POLICY_MAX(NLA_U32, KBNG_AUTH_OFFER),
};

static int kbng_nl_iface_format(char *dst, const struct nlattr *attr,
				const char *fallback,
				struct netlink_ext_ack *extack)
{
	if (!attr) {
		strscpy(dst, fallback, KBNG_FORMAT_MAX + 1);
		return 0;
	}
	nla_strscpy(dst, attr, KBNG_FORMAT_MAX + 1);
	if (kbng_template_valid(dst))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "unknown word in a template: use {host}, {ifname}, {mac}, {vlan}, {svlan}, {cvlan}, {giaddr}, {hostname} or {client_id}");
	return -EINVAL;
}

static bool kbng_nl_iface_addr_ok(const struct nlattr *attr)
{
	__be32 addr = nla_get_in_addr(attr);

	return !ipv4_is_zeronet(addr) && !ipv4_is_multicast(addr) &&
	       !ipv4_is_lbcast(addr);
}

static bool kbng_nl_iface_addr6_ok(const struct nlattr *attr)
{
	struct in6_addr addr = nla_get_in6_addr(attr);

	return kbng_prefix_valid(&addr, 128);
}

/*
 * All addresses of @type in the nest, each of @size octets, KBNG_SERVERS_MAX at
 * most. -E2BIG if there are more, -EINVAL if one is not @ok: extack has it, the
 * text is the caller's.
 */
static int kbng_nl_iface_list(const struct nlattr *nest, int type,
			      bool (*ok)(const struct nlattr *attr),
			      void *addrs, size_t size, unsigned int *n,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != type)
			continue;
		NL_SET_BAD_ATTR(extack, attr);
		if (*n == KBNG_SERVERS_MAX)
			return -E2BIG;
		if (!ok(attr))
			return -EINVAL;
		nla_memcpy(addrs + *n * size, attr, size);
		++*n;
	}
	NL_SET_BAD_ATTR(extack, NULL);
	return 0;
}

static int kbng_nl_iface_addrs(const struct nlattr *nest, int type,
			       __be32 *addrs, unsigned int *n,
			       struct netlink_ext_ack *extack)
{
	return kbng_nl_iface_list(nest, type, kbng_nl_iface_addr_ok, addrs,
				  sizeof(*addrs), n, extack);
}

static int kbng_nl_iface_addrs6(const struct nlattr *nest, int type,
				struct in6_addr *addrs, unsigned int *n,
				struct netlink_ext_ack *extack)
{
	return kbng_nl_iface_list(nest, type, kbng_nl_iface_addr6_ok, addrs,
				  sizeof(*addrs), n, extack);
}

static int kbng_nl_iface_servers(struct kbng_iface_config *cfg,
				 const struct nlattr *nest,
				 struct netlink_ext_ack *extack)
{
	int err;

	err = kbng_nl_iface_addrs(nest, KBNG_A_IFACE_SERVER, cfg->servers,
				  &cfg->n_servers, extack);
	if (err == -E2BIG)
		NL_SET_ERR_MSG(extack, "too many DHCP servers: at most 8");
	else if (err)
		NL_SET_ERR_MSG(extack, "a DHCP server needs a unicast address");
	return err;
}

static int kbng_nl_iface_nodes(struct kbng_iface_config *cfg,
			       const struct nlattr *nest,
			       struct netlink_ext_ack *extack)
{
	int err;

	err = kbng_nl_iface_addrs(nest, KBNG_A_IFACE_NODE, cfg->nodes,
				  &cfg->n_nodes, extack);
	if (err == -E2BIG)
		NL_SET_ERR_MSG(extack, "too many access nodes: at most 8");
	else if (err)
		NL_SET_ERR_MSG(extack, "a node needs a unicast address");
	return err;
}

static int kbng_nl_iface_servers6(struct kbng_iface_config *cfg,
				  const struct nlattr *nest,
				  const struct nlattr *link6,
				  struct netlink_ext_ack *extack)
{
	int err;

	err = kbng_nl_iface_addrs6(nest, KBNG_A_IFACE_SERVER6, cfg->servers6,
				   &cfg->n_servers6, extack);
	if (err == -E2BIG)
		NL_SET_ERR_MSG(extack, "too many DHCPv6 servers: at most 8");
	else if (err)
		NL_SET_ERR_MSG(extack,
			       "a DHCPv6 server needs a global unicast address");
	if (err)
		return err;
	if (link6)
		cfg->link6 = nla_get_in6_addr(link6);
	if (!cfg->n_servers6 == !link6 &&
	    (!link6 || kbng_prefix_valid(&cfg->link6, 128)))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "DHCPv6 needs servers and link6: this machine's global address on the iface");
	return -EINVAL;
}

static u32 kbng_nl_iface_u32(const struct nlattr *attr, u32 fallback)
{
	return attr ? nla_get_u32(attr) : fallback;
}

/* Router advertisements. */
static int kbng_nl_iface_ra(struct kbng_iface_config *cfg,
			    const struct nlattr *nest, struct nlattr **tb,
			    struct netlink_ext_ack *extack)
{
	int err;

	cfg->ra = kbng_nl_iface_u32(tb[KBNG_A_IFACE_RA], 0);
	cfg->ra_lifetime = kbng_nl_iface_u32(tb[KBNG_A_IFACE_RA_LIFETIME],
					     KBNG_IFACE_RA_LIFETIME);
	if (cfg->ra && nla_get_u32(tb[KBNG_A_IFACE_ROLE]) != KBNG_ROLE_ACCESS) {
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_IFACE_RA],
				    "only an access iface sends router advertisements");
		return -EINVAL;
	}
	err = kbng_nl_iface_addrs6(nest, KBNG_A_IFACE_DNS6, cfg->dns6,
				   &cfg->n_dns6, extack);
	if (err == -E2BIG)
		NL_SET_ERR_MSG(extack, "too many DNS servers: at most 8");
	else if (err)
		NL_SET_ERR_MSG(extack,
			       "a DNS server needs a global unicast address");
	if (err)
		return err;
	if (tb[KBNG_A_IFACE_SEARCH6])
		nla_strscpy(cfg->search6, tb[KBNG_A_IFACE_SEARCH6],
			    sizeof(cfg->search6));
	if (!kbng_nd_search_valid(cfg->search6)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_IFACE_SEARCH6],
				    "a search list is domain names with one blank between");
		return -EINVAL;
	}
	if (cfg->ra || (!tb[KBNG_A_IFACE_RA_LIFETIME] && !cfg->n_dns6 &&
			!*cfg->search6))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "ra-lifetime, dns6 and search6 are for router advertisements: set ra on");
	return -EINVAL;
}

/* Sessions that begin without DHCP. */
static int kbng_nl_iface_triggers(struct kbng_iface_config *cfg,
				  const struct nlattr *nest, struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	struct kbng_subnet *subnet;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != KBNG_A_IFACE_TRIGGER)
			continue;
		if (cfg->n_triggers == KBNG_SERVERS_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "too many triggers: at most 8");
			return -E2BIG;
		}
		subnet = &cfg->triggers[cfg->n_triggers++];
		memcpy(&subnet->addr, nla_data(attr), sizeof(subnet->addr));
		subnet->len = ((const u8 *)nla_data(attr))[sizeof(__be32)];
		if (subnet->len < 8 || subnet->len > 32 ||
		    ipv4_is_zeronet(subnet->addr) ||
		    ipv4_is_loopback(subnet->addr) ||
		    ipv4_is_multicast(subnet->addr)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a trigger is a prefix of hosts, of 8 to 32 bits");
			return -EINVAL;
		}
	}
	cfg->trigger6 = kbng_nl_iface_u32(tb[KBNG_A_IFACE_TRIGGER6], 0);
	cfg->trigger_rate = kbng_nl_iface_u32(tb[KBNG_A_IFACE_TRIGGER_RATE],
					      KBNG_IFACE_TRIGGER_RATE);
	if (!cfg->n_triggers && !cfg->trigger6) {
		if (!tb[KBNG_A_IFACE_TRIGGER_RATE])
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_IFACE_TRIGGER_RATE],
				    "trigger-rate is for triggers: give one, or trigger6 on");
		return -EINVAL;
	}
	if (nla_get_u32(tb[KBNG_A_IFACE_ROLE]) == KBNG_ROLE_ACCESS)
		return 0;
	NL_SET_ERR_MSG(extack, "only an access iface has triggers");
	return -EINVAL;
}

/* Option 82 but for its two ids. */
static int kbng_nl_iface_opt82(struct kbng_iface_config *cfg,
			       struct nlattr **tb,
			       struct netlink_ext_ack *extack)
{
	int err;

	cfg->trusted = kbng_nl_iface_u32(tb[KBNG_A_IFACE_TRUSTED], 0);
	cfg->opt82 = kbng_nl_iface_u32(tb[KBNG_A_IFACE_OPT82],
				       KBNG_OPT82_KEEP);
	cfg->relay_flags = kbng_nl_iface_u32(tb[KBNG_A_IFACE_RELAY_FLAGS], 0);
	if (tb[KBNG_A_IFACE_LINK_SELECTION])
		cfg->link_selection =
			nla_get_in_addr(tb[KBNG_A_IFACE_LINK_SELECTION]);
	if (tb[KBNG_A_IFACE_SERVER_ID])
		cfg->server_id = nla_get_in_addr(tb[KBNG_A_IFACE_SERVER_ID]);
	if (tb[KBNG_A_IFACE_VPN])
		nla_strscpy(cfg->vpn, tb[KBNG_A_IFACE_VPN], sizeof(cfg->vpn));
	err = kbng_nl_iface_format(cfg->subscriber_format,
				   tb[KBNG_A_IFACE_SUBSCRIBER_ID_FORMAT], "",
				   extack);
	return err ?: kbng_nl_iface_format(cfg->relay_format,
					   tb[KBNG_A_IFACE_RELAY_ID_FORMAT],
					   "", extack);
}

/**
 * kbng_nl_iface_config() - fill in what a request says, and defaults
 * @cfg: all zero
 * @tb: attributes, ROLE among them
 * @info: request
 *
 * Return: 0 or a negative errno, with extack text
 */
int kbng_nl_iface_config(struct kbng_iface_config *cfg, struct nlattr **tb,
			 struct genl_info *info)
{
	struct netlink_ext_ack *extack = info->extack;
	int err;

	if (tb[KBNG_A_IFACE_GIADDR])
		cfg->giaddr = nla_get_in_addr(tb[KBNG_A_IFACE_GIADDR]);
	err = kbng_nl_iface_servers(cfg, info->attrs[KBNG_A_IFACE], extack);
	if (!err)
		err = kbng_nl_iface_nodes(cfg, info->attrs[KBNG_A_IFACE],
					  extack);
	if (!err)
		err = kbng_nl_iface_servers6(cfg, info->attrs[KBNG_A_IFACE],
					     tb[KBNG_A_IFACE_LINK6], extack);
	if (!err)
		err = kbng_nl_iface_ra(cfg, info->attrs[KBNG_A_IFACE], tb,
				       extack);
	if (!err)
		err = kbng_nl_iface_triggers(cfg, info->attrs[KBNG_A_IFACE],
					     tb, extack);
	if (err)
		return err;
	if (cfg->n_servers && (!cfg->giaddr || ipv4_is_multicast(cfg->giaddr) ||
			       ipv4_is_lbcast(cfg->giaddr))) {
		NL_SET_ERR_MSG(extack,
			       "DHCP servers need a giaddr: this machine's address on the iface");
		return -EINVAL;
	}
	if (cfg->giaddr && kbng_iface_has_node(cfg, cfg->giaddr)) {
		NL_SET_ERR_MSG(extack,
			       "giaddr is this machine's: a node has another");
		return -EINVAL;
	}
	if (tb[KBNG_A_IFACE_VLAN])
		cfg->vlan = nla_get_u32(tb[KBNG_A_IFACE_VLAN]);
	if (cfg->vlan && nla_get_u32(tb[KBNG_A_IFACE_ROLE]) != KBNG_ROLE_ACCESS) {
		NL_SET_ERR_MSG_ATTR(extack, tb[KBNG_A_IFACE_VLAN],
				    "only an access iface takes VLAN tags");
		return -EINVAL;
	}
	err = kbng_nl_iface_format(cfg->circuit_format,
				   tb[KBNG_A_IFACE_CIRCUIT_ID_FORMAT],
				   cfg->vlan ? KBNG_TEMPLATE_CIRCUIT_ID_VLAN :
					       KBNG_TEMPLATE_CIRCUIT_ID,
				   extack);
	if (err)
		return err;
	err = kbng_nl_iface_format(cfg->remote_format,
				   tb[KBNG_A_IFACE_REMOTE_ID_FORMAT],
				   KBNG_TEMPLATE_REMOTE_ID, extack);
	if (err)
		return err;
	cfg->max_sessions = kbng_nl_iface_u32(tb[KBNG_A_IFACE_MAX_SESSIONS],
					      KBNG_IFACE_MAX_SESSIONS);
	cfg->offer_timeout = kbng_nl_iface_u32(tb[KBNG_A_IFACE_OFFER_TIMEOUT],
					       KBNG_IFACE_OFFER_TIMEOUT);
	cfg->max_delay = kbng_nl_iface_u32(tb[KBNG_A_IFACE_MAX_DELAY],
					   KBNG_IFACE_MAX_DELAY);
	cfg->target_delay = kbng_nl_iface_u32(tb[KBNG_A_IFACE_TARGET_DELAY],
					      KBNG_IFACE_TARGET_DELAY);
	cfg->shaper_mode = kbng_nl_iface_u32(tb[KBNG_A_IFACE_SHAPER_MODE],
					     KBNG_SHAPER_AUTO);
	cfg->fastpath = kbng_nl_iface_u32(tb[KBNG_A_IFACE_FASTPATH], 0);
	cfg->dhcp_rate = kbng_nl_iface_u32(tb[KBNG_A_IFACE_DHCP_RATE], 0);
	cfg->line_dhcp_rate =
		kbng_nl_iface_u32(tb[KBNG_A_IFACE_LINE_DHCP_RATE], 0);
	cfg->line_sessions =
		kbng_nl_iface_u32(tb[KBNG_A_IFACE_LINE_SESSIONS], 0);
	cfg->line_cap = kbng_nl_iface_u32(tb[KBNG_A_IFACE_LINE_CAP], 0);
	cfg->move = kbng_nl_iface_u32(tb[KBNG_A_IFACE_MOVE], KBNG_MOVE_FOLLOW);
	cfg->auth = kbng_nl_iface_u32(tb[KBNG_A_IFACE_AUTH], KBNG_AUTH_ACK);
	cfg->servers_mode = kbng_nl_iface_u32(tb[KBNG_A_IFACE_SERVERS_MODE],
					      KBNG_SERVERS_ALL);
	err = kbng_nl_iface_opt82(cfg, tb, extack);
	if (err)
		return err;
	strscpy(cfg->host, utsname()->nodename, sizeof(cfg->host));
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Ifaces, and the module's own figures. */
#include "nl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/genl/genl.h>

/** struct stats_request - where the answer goes */
struct stats_request {
	struct kbng_module_info *info;
	int (*cb)(const char *name, uint64_t value, void *arg);
	void *arg;
};

static int put_triggers(struct nl_msg *msg, const struct kbng_iface_info *iface)
{
	uint8_t subnet[SUBNET_LEN];
	unsigned int i;

	for (i = 0; i < iface->n_triggers; i++) {
		memcpy(subnet, &iface->triggers[i].addr,
		       sizeof(struct in_addr));
		subnet[SUBNET_LEN - 1] = iface->triggers[i].len;
		if (nla_put(msg, KBNG_A_IFACE_TRIGGER, sizeof(subnet), subnet))
			return -ENOMEM;
	}
	if (iface->trigger6 &&
	    nla_put_u32(msg, KBNG_A_IFACE_TRIGGER6, iface->trigger6))
		return -ENOMEM;
	if (iface->trigger_rate &&
	    nla_put_u32(msg, KBNG_A_IFACE_TRIGGER_RATE, iface->trigger_rate))
		return -ENOMEM;
	return 0;
}

static int put_servers(struct nl_msg *msg, const struct kbng_iface_info *iface)
{
	unsigned int i;

	for (i = 0; i < iface->n_servers; i++)
		if (nla_put_u32(msg, KBNG_A_IFACE_SERVER,
				iface->servers[i].s_addr))
			return -ENOMEM;
	for (i = 0; i < iface->n_nodes; i++)
		if (nla_put_u32(msg, KBNG_A_IFACE_NODE,
				iface->nodes[i].s_addr))
			return -ENOMEM;
	for (i = 0; i < iface->n_servers6; i++)
		if (nla_put(msg, KBNG_A_IFACE_SERVER6,
			    sizeof(iface->servers6[i]), &iface->servers6[i]))
			return -ENOMEM;
	for (i = 0; i < iface->n_dns6; i++)
		if (nla_put(msg, KBNG_A_IFACE_DNS6, sizeof(iface->dns6[i]),
			    &iface->dns6[i]))
			return -ENOMEM;
	return put_triggers(msg, iface);
}

static int put_iface(struct nl_msg *msg, const struct kbng_iface_info *iface)
{
	struct nlattr *nest = nla_nest_start(msg, KBNG_A_IFACE | NLA_F_NESTED);

	if (!nest ||
	    nla_put_u32(msg, KBNG_A_IFACE_IFINDEX, iface->ifindex) ||
	    nla_put_u32(msg, KBNG_A_IFACE_ROLE, iface->role) ||
	    (iface->giaddr.s_addr &&
	     nla_put_u32(msg, KBNG_A_IFACE_GIADDR, iface->giaddr.s_addr)) ||
	    put_servers(msg, iface) ||
	    (!IN6_IS_ADDR_UNSPECIFIED(&iface->link6) &&
	     nla_put(msg, KBNG_A_IFACE_LINK6, sizeof(iface->link6),
		     &iface->link6)) ||
	    (*iface->circuit_id_format &&
	     nla_put_string(msg, KBNG_A_IFACE_CIRCUIT_ID_FORMAT,
			    iface->circuit_id_format)) ||
	    (*iface->remote_id_format &&
	     nla_put_string(msg, KBNG_A_IFACE_REMOTE_ID_FORMAT,
			    iface->remote_id_format)) ||
	    (iface->max_sessions &&
	     nla_put_u32(msg, KBNG_A_IFACE_MAX_SESSIONS,
			 iface->max_sessions)) ||
	    (iface->offer_timeout &&
	     nla_put_u32(msg, KBNG_A_IFACE_OFFER_TIMEOUT,
			 iface->offer_timeout)) ||
	    (iface->max_delay_us &&
	     nla_put_u32(msg, KBNG_A_IFACE_MAX_DELAY, iface->max_delay_us)) ||
	    (iface->shaper_mode &&
	     nla_put_u32(msg, KBNG_A_IFACE_SHAPER_MODE, iface->shaper_mode)) ||
	    (iface->fastpath &&
	     nla_put_u32(msg, KBNG_A_IFACE_FASTPATH, iface->fastpath)) ||
	    (iface->trusted &&
	     nla_put_u32(msg, KBNG_A_IFACE_TRUSTED, iface->trusted)) ||
	    (iface->opt82 &&
	     nla_put_u32(msg, KBNG_A_IFACE_OPT82, iface->opt82)) ||
	    (iface->servers_mode &&
	     nla_put_u32(msg, KBNG_A_IFACE_SERVERS_MODE, iface->servers_mode)) ||
	    (iface->link_selection.s_addr &&
	     nla_put_u32(msg, KBNG_A_IFACE_LINK_SELECTION,
			 iface->link_selection.s_addr)) ||
	    (iface->server_id.s_addr &&
	     nla_put_u32(msg, KBNG_A_IFACE_SERVER_ID,
			 iface->server_id.s_addr)) ||
	    (*iface->subscriber_id_format &&
	     nla_put_string(msg, KBNG_A_IFACE_SUBSCRIBER_ID_FORMAT,
			    iface->subscriber_id_format)) ||
	    (*iface->relay_id_format &&
	     nla_put_string(msg, KBNG_A_IFACE_RELAY_ID_FORMAT,
			    iface->relay_id_format)) ||
	    (*iface->vpn &&
	     nla_put_string(msg, KBNG_A_IFACE_VPN,
			    iface->vpn)) ||
	    (iface->relay_flags &&
	     nla_put_u32(msg, KBNG_A_IFACE_RELAY_FLAGS, iface->relay_flags)) ||
	    (iface->target_delay_us &&
	     nla_put_u32(msg, KBNG_A_IFACE_TARGET_DELAY,
			 iface->target_delay_us)) ||
	    (iface->dhcp_rate &&
	     nla_put_u32(msg, KBNG_A_IFACE_DHCP_RATE, iface->dhcp_rate)) ||
	    (iface->line_dhcp_rate &&
	     nla_put_u32(msg, KBNG_A_IFACE_LINE_DHCP_RATE, iface->line_dhcp_rate)) ||
	    (iface->line_sessions &&
	     nla_put_u32(msg, KBNG_A_IFACE_LINE_SESSIONS, iface->line_sessions)) ||
	    (iface->line_cap &&
	     nla_put_u32(msg, KBNG_A_IFACE_LINE_CAP, iface->line_cap)) ||
	    (iface->move &&
	     nla_put_u32(msg, KBNG_A_IFACE_MOVE, iface->move)) ||
	    (iface->vlan && nla_put_u32(msg, KBNG_A_IFACE_VLAN, iface->vlan)) ||
	    (iface->auth && nla_put_u32(msg, KBNG_A_IFACE_AUTH, iface->auth)) ||
	    (iface->ra && nla_put_u32(msg, KBNG_A_IFACE_RA, iface->ra)) ||
	    (iface->ra_lifetime &&
	     nla_put_u32(msg, KBNG_A_IFACE_RA_LIFETIME, iface->ra_lifetime)) ||
	    (*iface->search6 &&
	     nla_put_string(msg, KBNG_A_IFACE_SEARCH6, iface->search6)))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

int kbng_nl_iface_set(struct kbng_nl *nl, const struct kbng_iface_info *iface)
{
	struct nl_msg *msg = kbng_nl_request(nl, KBNG_CMD_IFACE_SET, 0);

	if (iface->n_servers > KBNG_SERVERS_MAX ||
	    iface->n_nodes > KBNG_SERVERS_MAX ||
	    iface->n_servers6 > KBNG_SERVERS_MAX ||
	    iface->n_dns6 > KBNG_SERVERS_MAX ||
	    iface->n_triggers > KBNG_SERVERS_MAX) {
		nlmsg_free(msg);
		return kbng_nl_fail(nl, -EINVAL,
				    "an iface has at most %d servers or triggers",
				    KBNG_SERVERS_MAX);
	}
	msg = kbng_nl_filled(msg, !msg || put_iface(msg, iface));
	return kbng_nl_transact(nl, msg, NULL, NULL);
}

static int put_ifindex(struct nl_msg *msg, uint32_t ifindex)
{
	struct nlattr *nest = nla_nest_start(msg, KBNG_A_IFACE | NLA_F_NESTED);

	if (!nest || nla_put_u32(msg, KBNG_A_IFACE_IFINDEX, ifindex))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

int kbng_nl_iface_del(struct kbng_nl *nl, uint32_t ifindex)
{
	struct nl_msg *msg = kbng_nl_request(nl, KBNG_CMD_IFACE_DEL, 0);

	msg = kbng_nl_filled(msg, !msg || put_ifindex(msg, ifindex));
	return kbng_nl_transact(nl, msg, NULL, NULL);
}

static int iface_decode(struct nlmsghdr *nlh, void *item)
{
	return kbng_nl_decode_iface(nlh, item);
}

int kbng_nl_iface_dump(struct kbng_nl *nl,
		       int (*cb)(const struct kbng_iface_info *iface, void *arg),
		       void *arg)
{
	struct kbng_nl_list list = {
		.decode = iface_decode,
		.size = sizeof(struct kbng_iface_info),
	};
	int rc = kbng_nl_collect(nl, KBNG_CMD_IFACE_GET, &list);
	const struct kbng_iface_info *iface = list.items;
	size_t i;

	for (i = 0; i < list.count && !rc; i++)
		rc = cb(&iface[i], arg);
	free(list.items);
	return rc;
}

static int stats_reply(struct nlmsghdr *nlh, void *arg)
{
	struct stats_request *r = arg;

	return kbng_nl_decode_stats(nlh, r->info, r->cb, r->arg);
}

int kbng_nl_stats(struct kbng_nl *nl, uint32_t ifindex,
		  struct kbng_module_info *info,
		  int (*cb)(const char *name, uint64_t value, void *arg),
		  void *arg)
{
	struct nl_msg *msg = kbng_nl_request(nl, KBNG_CMD_STATS_GET, 0);
	struct stats_request r = { .info = info, .cb = cb, .arg = arg };

	if (ifindex)
		msg = kbng_nl_filled(msg, !msg || put_ifindex(msg, ifindex));
	return kbng_nl_transact(nl, msg, stats_reply, &r);
}

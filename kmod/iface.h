/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ifaces: network devices that were given a role.
 */
#ifndef _KBNG_IFACE_H
#define _KBNG_IFACE_H

#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/utsname.h>
#include <linux/kbng.h>
#include "bucket.h"
#include "opt82.h"
#include "pernet.h"
#include "server.h"
#include "stats.h"

struct kbng_net;
struct kbng_template_values;
struct netlink_ext_ack;

#define KBNG_IFACE_MAX_SESSIONS		65536
#define KBNG_IFACE_OFFER_TIMEOUT	30		/* s */
#define KBNG_IFACE_MAX_DELAY		50000		/* us */
#define KBNG_IFACE_TARGET_DELAY		5000		/* us */
#define KBNG_IFACE_RA_LIFETIME		1800		/* s */
#define KBNG_IFACE_TRIGGER_RATE		100		/* a second */

/**
 * struct kbng_subnet - an IPv4 prefix
 * @addr: its bits after the prefix do not matter
 * @len: bits
 */
struct kbng_subnet {
	__be32 addr;
	u8 len;
};

/**
 * struct kbng_iface_config - what can be changed; replaced as a whole
 * @giaddr: relay agent address, 0: DHCP is not relayed
 * @servers: DHCP servers
 * @n_servers: how many
 * @link6: address of this machine that DHCPv6 servers answer to, on the link
 * @servers6: DHCPv6 servers
 * @n_servers6: how many, 0: DHCPv6 is not relayed
 * @shaper_mode: how to delay what leaves here
 * @max_sessions: live sessions, offered ones included
 * @offer_timeout: s
 * @max_delay: us that a packet may wait
 * @target_delay: us that packets may wait for long
 * @fastpath: what arrives here is forwarded without the IP stack
 * @trusted: access nodes in front of us may send option 82
 * @opt82: what becomes of that
 * @nodes: addresses of layer-3 access nodes: giaddrs, and what they ask ARP from
 * @n_nodes: how many
 * @servers_mode: who gets what no server is named in
 * @link_selection: sub-option 5, 0: none
 * @server_id: sub-option 11, 0: none
 * @subscriber_format: template of sub-option 6, empty: none
 * @relay_format: template of sub-option 12, empty: none
 * @vpn: name in sub-option 151, empty: none
 * @relay_flags: with sub-option 10
 * @dhcp_rate: messages a second, 0: no limit
 * @line_dhcp_rate: the same of each line
 * @line_sessions: live sessions of each line, 0: no limit
 * @move: whether a bound MAC address may go to another line
 * @vlan: which tagged frames are subscribers'
 * @ra: router advertisements are sent
 * @ra_lifetime: s that hosts take this machine for their router
 * @dns6: DNS servers in them
 * @n_dns6: how many
 * @line_cap: percent of a line's actual rates that are the most it gets, 0: all
 * @auth: when a verdict on a DHCP client is wanted
 * @triggers: subnets whose hosts need not ask by DHCP
 * @n_triggers: how many
 * @trigger6: IPv6 hosts need not ask by DHCPv6
 * @trigger_rate: sessions of each line that may begin so in a second
 * @search6: DNS search list in them, names with a blank between
 * @circuit_format: template of the circuit-id
 * @remote_format: template of the remote-id
 * @host: name of the machine, or container, that configured the iface
 * @rcu: frees it
 */
struct kbng_iface_config {
	__be32 giaddr;
	__be32 servers[KBNG_SERVERS_MAX];
	unsigned int n_servers;
	struct in6_addr link6;
	struct in6_addr servers6[KBNG_SERVERS_MAX];
	unsigned int n_servers6;
	enum kbng_shaper_mode shaper_mode;
	u32 max_sessions;
	u32 offer_timeout;
	u32 max_delay;
	u32 target_delay;
	bool fastpath;
	bool trusted;
	enum kbng_opt82_policy opt82;
	__be32 nodes[KBNG_SERVERS_MAX];
	unsigned int n_nodes;
	enum kbng_servers_mode servers_mode;
	__be32 link_selection;
	__be32 server_id;
	char subscriber_format[KBNG_FORMAT_MAX + 1];
	char relay_format[KBNG_FORMAT_MAX + 1];
	char vpn[KBNG_FORMAT_MAX + 1];
	bool relay_flags;
	u32 dhcp_rate;
	u32 line_dhcp_rate;
	u32 line_sessions;
	enum kbng_move move;
	enum kbng_vlan_mode vlan;
	bool ra;
	u16 ra_lifetime;
	struct in6_addr dns6[KBNG_SERVERS_MAX];
	unsigned int n_dns6;
	u32 line_cap;
	enum kbng_auth auth;
	struct kbng_subnet triggers[KBNG_SERVERS_MAX];
	unsigned int n_triggers;
	bool trigger6;
	u32 trigger_rate;
	char search6[KBNG_SEARCH_MAX + 1];
	char circuit_format[KBNG_FORMAT_MAX + 1];
	char remote_format[KBNG_FORMAT_MAX + 1];
	char host[__NEW_UTS_LEN + 1];
	struct rcu_head rcu;
};

/**
 * struct kbng_iface - a device with a role
 * @ifindex: of @dev
 * @role: enum kbng_role, never changes
 * @kn: namespace
 * @dev: held until the iface is deleted or the device goes
 * @dev_tracker: of that
 * @config: under RCU, written under RTNL and kbng_net.lock
 * @ingress: hook, in force while @hooked
 * @hooked: under RTNL
 * @egress: hook, in force while @egress_hooked
 * @egress_hooked: written under RTNL
 * @tagged: it has lines with tags, or had some; written under RTNL
 * @full: jiffies when its transmit queue was last found full
 * @dead: deleted: no new sessions; under kbng_net.lock
 * @stats: what was counted here, as well as for the namespace
 * @servers: which of them answer, under kbng_net.lock
 * @bucket: of DHCP messages, under kbng_net.lock
 * @ra_bucket: of answers to solicitations of who has no session, likewise
 * @n_lines: lines, under kbng_net.lock
 * @n_sessions: live sessions, under kbng_net.lock
 * @n_offers: of these in state offered
 * @offers: these, the oldest first
 * @n_claims: sessions that a trigger began, and nobody let in yet
 * @rcu: frees it
 */
struct kbng_iface {
	int ifindex;
	enum kbng_role role;
	struct kbng_net *kn;
	struct net_device *dev;
	netdevice_tracker dev_tracker;
	struct kbng_iface_config __rcu *config;
	struct nf_hook_ops ingress;
	bool hooked;
	struct nf_hook_ops egress;
	bool egress_hooked;
	bool tagged;
	unsigned long full;
	bool dead;
	struct kbng_stats __percpu *stats;
	struct kbng_server servers[KBNG_SERVERS_MAX];
	struct kbng_bucket bucket;
	struct kbng_bucket ra_bucket;
	unsigned int n_lines;
	unsigned int n_sessions;
	unsigned int n_offers;
	struct list_head offers;
	unsigned int n_claims;
	struct rcu_head rcu;
};

/**
 * kbng_iface_count() - count one under a name, for the iface and the namespace
 * @iface: iface
 * @stat: the name
 */
static inline void kbng_iface_count(const struct kbng_iface *iface,
				    enum kbng_stat stat)
{
	kbng_stat_inc(iface->kn->stats, stat);
	kbng_stat_inc(iface->stats, stat);
}

int kbng_iface_init(void);
void kbng_iface_uninit(void);
struct kbng_iface *kbng_iface_get(struct kbng_net *kn, int ifindex);
int kbng_iface_set(struct kbng_net *kn, int ifindex, enum kbng_role role,
		   struct kbng_iface_config *config,
		   struct netlink_ext_ack *extack);
void kbng_iface_template_values(const struct kbng_iface *iface,
				const struct kbng_iface_config *cfg, u32 tags,
				const u8 *mac, struct kbng_template_values *v);
void kbng_iface_expand(const struct kbng_iface *iface,
		       const struct kbng_iface_config *cfg, u32 tags,
		       const u8 *mac, const char *format, struct kbng_id *id);
bool kbng_iface_has_node(const struct kbng_iface_config *cfg, __be32 addr);
void kbng_iface_del(struct kbng_iface *iface);
void kbng_iface_del_all(struct kbng_net *kn);

#endif /* _KBNG_IFACE_H */

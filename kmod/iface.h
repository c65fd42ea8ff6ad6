/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ifaces: network devices that were given a role.
 */
#ifndef _KBNG_IFACE_H
#define _KBNG_IFACE_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/utsname.h>
#include <linux/kbng.h>

struct kbng_net;
struct netlink_ext_ack;

#define KBNG_IFACE_MAX_SESSIONS		65536
#define KBNG_IFACE_OFFER_TIMEOUT	30		/* s */
#define KBNG_IFACE_MAX_DELAY		50000		/* us */

/**
 * struct kbng_iface_config - what can be changed; replaced as a whole
 * @giaddr: relay agent address, 0: DHCP is not relayed
 * @servers: DHCP servers
 * @n_servers: how many
 * @shaper_mode: how to delay what leaves here
 * @max_sessions: live sessions, offered ones included
 * @offer_timeout: s
 * @max_delay: us
 * @fastpath: what arrives here is forwarded without the IP stack
 * @circuit_format: template of the circuit-id
 * @remote_format: template of the remote-id
 * @host: name of the machine, or container, that configured the iface
 * @rcu: frees it
 */
struct kbng_iface_config {
	__be32 giaddr;
	__be32 servers[KBNG_SERVERS_MAX];
	unsigned int n_servers;
	enum kbng_shaper_mode shaper_mode;
	u32 max_sessions;
	u32 offer_timeout;
	u32 max_delay;
	bool fastpath;
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
 * @full: jiffies when its transmit queue was last found full
 * @dead: deleted: no new sessions; under kbng_net.lock
 * @n_sessions: live sessions, under kbng_net.lock
 * @n_offers: of these in state offered
 * @offers: these, the oldest first
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
	unsigned long full;
	bool dead;
	unsigned int n_sessions;
	unsigned int n_offers;
	struct list_head offers;
	struct rcu_head rcu;
};

int kbng_iface_init(void);
void kbng_iface_uninit(void);
struct kbng_iface *kbng_iface_get(struct kbng_net *kn, int ifindex);
int kbng_iface_set(struct kbng_net *kn, int ifindex, enum kbng_role role,
		   struct kbng_iface_config *config,
		   struct netlink_ext_ack *extack);
void kbng_iface_del(struct kbng_iface *iface);
void kbng_iface_del_all(struct kbng_net *kn);

#endif /* _KBNG_IFACE_H */

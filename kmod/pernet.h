/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_PERNET_H
#define _KBNG_PERNET_H

#include <linux/rhashtable.h>
#include <linux/uuid.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include "stats.h"

/**
 * struct kbng_net - everything kbng knows in one network namespace
 * @net: the namespace, which outlives this
 * @stats: named counters
 * @ifaces: struct kbng_iface by ifindex; changed under RTNL, read under RCU
 * @n_ifaces: entries of @ifaces; hooks are registered while there is one
 * @hosts: hosts of bound sessions by IPv4 address (data path)
 * @by_client: live sessions by iface and MAC (DHCP)
 * @by_uuid: all sessions by UUID (netlink)
 * @sessions: all sessions by id, for dumps and the reaper
 * @lock: protects what changes sessions: the four tables' writers, every
 *	session's control band, @next_id, @n_sessions and @seq
 * @next_id: where the search for a free id begins
 * @n_sessions: entries of @sessions
 * @seq: of the newest notification of group session
 * @instance: new at every load of the module
 * @reaper: ends what timed out, once a second while there is an iface
 */
struct kbng_net {
	struct net *net;
	struct kbng_stats __percpu *stats;

	struct xarray ifaces;
	unsigned int n_ifaces;

	struct rhashtable hosts;
	struct rhashtable by_client;
	struct rhashtable by_uuid;
	struct xarray sessions;

	spinlock_t lock;	/* protects what changes sessions */
	u32 next_id;
	u32 n_sessions;
	u64 seq;
	uuid_t instance;

	struct delayed_work reaper;
};

struct kbng_net *kbng_net(const struct net *net);
int kbng_pernet_init(void);
void kbng_pernet_uninit(void);

#endif /* _KBNG_PERNET_H */

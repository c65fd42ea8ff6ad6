/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_PERNET_H
#define _KBNG_PERNET_H

#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/uuid.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include "prefix.h"
#include "stats.h"

#define KBNG_OWN4_BITS	10

/**
 * struct kbng_net - everything kbng knows in one network namespace
 * @net: the namespace, which outlives this
 * @stats: named counters
 * @ifaces: struct kbng_iface by ifindex; changed under RTNL, read under RCU
 * @n_ifaces: entries of @ifaces; hooks are registered while there is one
 * @own4: a bit for each hash of an IPv4 address of this machine, and of some that
 *	were; known while there is a fast path
 * @hosts: hosts of bound sessions by IPv4 address, in blocks (data path)
 * @prefixes: IPv6 prefixes of bound sessions (data path)
 * @prefix_lens: a bit for each length in @prefixes, the longest first
 * @prefix4_lens: the same of IPv4 networks
 * @n_prefixes: prefixes by length; under @lock, as @prefix_lens
 * @n_prefixes4: IPv4 networks by length; likewise
 * @peers: struct kbng_peer by iface and link-local address (DHCPv6)
 * @by_client: live sessions by iface and MAC (DHCP)
 * @by_uuid: all sessions by UUID (netlink)
 * @lines: lines by what makes them (DHCP)
 * @idle_lines: those without session, the longest idle first
 * @sessions: all sessions by id, for dumps and the reaper
 * @shapers: shapers by id, for dumps
 * @shapers_by_name: the same
 * @lock: protects what changes sessions: the tables' writers, every session's
 *	control band, shapers, @idle_lines, @next_id, @n_sessions, @n_held and @seq
 * @next_id: where the search for a free id begins
 * @n_sessions: entries of @sessions
 * @n_held: DHCP messages of theirs that wait for a verdict
 * @seq: of the newest notification of group session
 * @instance: new at every load of the module
 * @reaper: ends what timed out, once a second while there is an iface
 * @ra_queue: router advertisements that are to be sent
 * @ra_work: sends them
 */
struct kbng_net {
	struct net *net;
	struct kbng_stats __percpu *stats;

	struct xarray ifaces;
	unsigned int n_ifaces;

	DECLARE_BITMAP(own4, 1 << KBNG_OWN4_BITS);
	struct rhashtable hosts;
	struct rhashtable prefixes;
	unsigned long prefix_lens;
	unsigned long prefix4_lens;
	struct rhltable by_client;
	struct rhltable peers;
	struct rhashtable by_uuid;
	struct rhashtable lines;
	struct list_head idle_lines;
	struct xarray sessions;
	struct xarray shapers;
	struct rhashtable shapers_by_name;

	spinlock_t lock;	/* protects what changes sessions */
	u32 n_prefixes[KBNG_PREFIX_LENS];
	u32 n_prefixes4[KBNG_PREFIX4_LENS];
	u32 next_id;
	u32 n_sessions;
	u32 n_held;
	u64 seq;
	uuid_t instance;

	struct delayed_work reaper;
	struct sk_buff_head ra_queue;
	struct work_struct ra_work;
};

struct kbng_net *kbng_net(const struct net *net);
int kbng_pernet_init(void);
void kbng_pernet_uninit(void);

#endif /* _KBNG_PERNET_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sessions: one IP host on an access iface.
 *
 * Life: offered (DHCP in progress) -> pending (address bound) -> active or
 * rejected (the daemon's verdict) -> stopped (out of the data path, kept until
 * the daemon has taken the counters). kbng_net.lock guards every step.
 *
 * The data path knows a session by its host (host.h), which exists from the
 * binding on.
 *
 * Lock order: kbng_net.lock, then kbng_flow.lock.
 */
#ifndef _KBNG_SESSION_H
#define _KBNG_SESSION_H

#include <linux/if_ether.h>
#include <linux/rhashtable.h>
#include <linux/uuid.h>
#include <linux/kbng.h>
#include "host.h"
#include "opt82.h"

struct kbng_iface;
struct kbng_net;

/**
 * struct kbng_client - who a session belongs to
 * @ifindex: access iface
 * @mac: hardware address
 * @zero: padding that is compared
 */
struct kbng_client {
	int ifindex;
	u8 mac[ETH_ALEN];
	u16 zero;
};

/**
 * struct kbng_policy - what a subscriber may use
 * @name: for people
 * @rate: bit/s, 0: no limit
 * @burst: octets, 0: a default
 */
struct kbng_policy {
	char name[KBNG_NAME_MAX + 1];
	u64 rate[KBNG_DIRS];
	u32 burst[KBNG_DIRS];
};

/**
 * struct kbng_cookie - octets that the daemon keeps with a session
 * @len: of @data
 * @data: opaque
 */
struct kbng_cookie {
	u16 len;
	u8 data[];
};

/**
 * struct kbng_session - one subscriber's IP host; all under kbng_net.lock
 * @kn: namespace
 * @host: counters and shaper, NULL while offered
 * @client: key in kbng_net.by_client
 * @addr: IPv4 address, 0 while offered
 * @state: enum kbng_state
 * @client_node: entry in kbng_net.by_client until stopped
 * @uuid_node: entry in kbng_net.by_uuid
 * @uuid: identity everywhere
 * @id: key in kbng_net.sessions
 * @deadline: ns of boot time when the offer or lease ends, 0: never
 * @bound: ns of boot time, 0: never was
 * @stopped: ns of boot time
 * @started_at: s since the epoch, of @bound
 * @stopped_at: s since the epoch, of @stopped
 * @lease_time: s as the server gave it, U32_MAX: for ever
 * @renewals: ACKs after the first
 * @cause: enum kbng_terminate_cause
 * @offer_node: entry in kbng_iface.offers while offered
 * @xid: newest transaction of the client
 * @open: it waits for its ACK or NAK
 * @server: who leased, or 0
 * @unicast: server that the client wrote to in its newest request, or 0
 * @circuit: circuit-id
 * @remote: remote-id
 * @hostname_len: of @hostname
 * @hostname: as the client sent it
 * @has_policy: @policy was set
 * @policy: rates, also in the host's flows
 * @cookie: of the daemon, or NULL
 * @drops: packets over rate, by direction, under that flow's lock
 * @rcu: frees the session
 */
struct kbng_session {
	struct kbng_net *kn;
	struct kbng_host *host;
	struct kbng_client client;
	__be32 addr;
	u8 state;
	struct rhash_head client_node;
	struct rhash_head uuid_node;
	uuid_t uuid;
	u32 id;
	u64 deadline;
	u64 bound;
	u64 stopped;
	u64 started_at;
	u64 stopped_at;
	u32 lease_time;
	u32 renewals;
	u32 cause;
	struct list_head offer_node;
	__be32 xid;
	bool open;
	__be32 server;
	__be32 unicast;
	struct kbng_id circuit;
	struct kbng_id remote;
	u8 hostname_len;
	u8 hostname[KBNG_NAME_MAX];
	bool has_policy;
	struct kbng_policy policy;
	struct kbng_cookie *cookie;
	u64 drops[KBNG_DIRS];
	struct rcu_head rcu;
};

/**
 * struct kbng_counts - a consistent copy of one direction
 * @packets: by family
 * @octets: by family
 * @drops: by the shaper
 */
struct kbng_counts {
	u64 packets[KBNG_FAMILIES];
	u64 octets[KBNG_FAMILIES];
	u64 drops;
};

int kbng_session_slab_init(void);
void kbng_session_slab_uninit(void);
int kbng_session_net_init(struct kbng_net *kn);
void kbng_session_net_uninit(struct kbng_net *kn);

/* session.c: lookups; the result lives as long as the RCU read section. */
struct kbng_session *kbng_session_by_client(struct kbng_net *kn, int ifindex,
					    const u8 *mac);
struct kbng_session *kbng_session_by_uuid(struct kbng_net *kn,
					  const u8 *uuid);

/* session.c: life; all under kbng_net.lock. */
struct kbng_session *kbng_session_create(struct kbng_net *kn,
					 struct kbng_iface *iface,
					 const u8 *mac);
int kbng_session_bind(struct kbng_session *s, __be32 addr, u32 lease_time);
void kbng_session_extend(struct kbng_session *s, u32 lease_time);
void kbng_session_refresh(struct kbng_session *s, struct kbng_iface *iface);
void kbng_session_set_state(struct kbng_session *s, enum kbng_state state);
void kbng_session_set_policy(struct kbng_session *s,
			     const struct kbng_policy *policy);
void kbng_session_stop(struct kbng_session *s, enum kbng_terminate_cause cause);
void kbng_session_forget(struct kbng_session *s);

void kbng_session_stop_iface(struct kbng_net *kn, int ifindex);
void kbng_session_reap(struct kbng_net *kn);
void kbng_session_read(struct kbng_session *s, enum kbng_dir dir,
		       struct kbng_counts *counts);

#endif /* _KBNG_SESSION_H */

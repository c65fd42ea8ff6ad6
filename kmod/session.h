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
#include "bucket.h"
#include "host.h"
#include "line.h"
#include "octets.h"
#include "opt82.h"
#include "peer.h"
#include "prefix.h"
#include "radius6.h"

struct kbng_iface;
struct kbng_iface_config;
struct kbng_net;
struct sk_buff;
union nf_inet_addr;

/**
 * struct kbng_client - who a session belongs to
 * @ifindex: access iface
 * @mac: hardware address
 * @zero: padding that is compared
 * @tags: of the line (tags.h), 0: untagged
 * @node: giaddr of the layer-3 access node that it is behind, 0: none
 *
 * The key of kbng_net.by_client ends before the tags: an answer comes from a
 * server, who knows no VLANs. On a few lines the MAC address may be the same.
 */
struct kbng_client {
	int ifindex;
	u8 mac[ETH_ALEN];
	u16 zero;
	u32 tags;
	__be32 node;
};

/**
 * struct kbng_policy - what a subscriber may use
 * @name: for people
 * @rate: bit/s, 0: no limit
 * @burst: octets, 0: a default
 * @shaper: what is shared with others, or NULL
 * @overhead: octets that the line adds to a packet
 * @min_unit: octets that a packet takes on the line at least
 * @isolated: nothing passes from or to another subscriber
 * @quota: octets that the session may send and receive, 0: no end
 */
struct kbng_policy {
	char name[KBNG_NAME_MAX + 1];
	u64 rate[KBNG_DIRS];
	u32 burst[KBNG_DIRS];
	struct kbng_shaper *shaper;
	u8 overhead;
	u8 min_unit;
	bool isolated;
	u64 quota;
};

#define KBNG_SESSION_DROPS						\
	(KBNG_STAT_drop_aqm_down - KBNG_STAT_drop_spoofed_iface + 1)

/**
 * struct kbng_session - one subscriber's IP host; all under kbng_net.lock
 * @kn: namespace
 * @host: counters and shaper; perhaps NULL while offered
 * @client: key in kbng_net.by_client
 * @addr: IPv4 address, 0 while it has none
 * @prefixes: IPv6, struct kbng_prefix; kept when it stops
 * @peer: how it speaks DHCPv6, or NULL; kept when it stops
 * @n_prefixes: entries of @prefixes, KBNG_PREFIXES_MAX at most
 * @state: enum kbng_state
 * @open: it waits for its ACK or NAK
 * @requested: @xid is that of a REQUEST or INFORM, not of DISCOVERs alone
 * @by_node: what is @xid's came from the client's node, not by unicast
 * @rapid: @xid is that of a DISCOVER that an ACK may answer (RFC 4039)
 * @client_node: entry in kbng_net.by_client until stopped
 * @uuid_node: entry in kbng_net.by_uuid
 * @uuid: identity everywhere
 * @id: key in kbng_net.sessions
 * @cause: enum kbng_terminate_cause
 * @deadline: ns of boot time when the offer or IPv4 lease ends, 0: never
 * @deadline6: ns of boot time when the first prefix ends, 0: never
 * @ra_due: ns of boot time when its router advertisement is to be repeated, 0:
 *	never
 * @ra_bucket: of answers to router solicitations
 * @bound: ns of boot time, 0: never was
 * @stopped: ns of boot time
 * @started_at: s since the epoch, of @bound
 * @stopped_at: s since the epoch, of @stopped
 * @lease_time: s as the server gave it, U32_MAX: for ever
 * @renewals: ACKs after the first
 * @line: of a live session
 * @offer_node: entry in kbng_iface.offers while offered
 * @line_node: entry in kbng_line.offers while offered
 * @xid: newest transaction of the client
 * @server: who leased, or 0
 * @hop: MAC address that the client is reached at: its own, or its node's
 * @unicast: server that the client wrote to in its newest request, or 0
 * @circuit: circuit-id, or NULL
 * @remote: remote-id, or NULL
 * @rates: of the line, as the access node told them
 * @agent: what the access node gets back in answers, or NULL
 * @hostname: as the client sent it, or NULL
 * @has_policy: @policy was set
 * @over_quota: its quota is used up, and the daemon was told
 * @claim: a trigger began it, and it was never active since
 * @trigger: enum kbng_trigger, until DHCP leases it an address
 * @offer: enum kbng_offer, while offered
 * @framed: the only address that DHCP may lease to it, 0: any
 * @offer_end: ns of boot time when KBNG_OFFER_GRANTED is over
 * @held: by family, a DHCP message that waits for a verdict, or NULL
 * @radius: RADIUS attributes for DHCP servers (RFC 4014), or NULL
 * @radius6: those about IPv6 (radius6.h), for DHCPv6 servers and the host, or
 *	NULL
 * @policy: rates, also in the host's flows
 * @cookie: of the daemon, or NULL
 * @drops: packets, in the order of KBNG_A_DROP_*
 * @rcu: frees the session
 */
struct kbng_session {
	struct kbng_net *kn;
	struct kbng_host *host;
	struct kbng_client client;
	__be32 addr;
	struct list_head prefixes;
	struct kbng_peer *peer;
	u8 n_prefixes;
	u8 state;
	bool open;
	bool requested;
	bool rapid;
	bool by_node;
	bool has_policy;
	bool over_quota;
	bool claim;
	u8 trigger;
	u8 offer;
	__be32 framed;
	u64 offer_end;
	struct sk_buff *held[KBNG_FAMILIES];
	struct kbng_octets *radius;
	struct kbng_octets *radius6;
	struct rhlist_head client_node;
	struct rhash_head uuid_node;
	uuid_t uuid;
	u32 id;
	u32 cause;
	u64 deadline;
	u64 deadline6;
	u64 ra_due;
	struct kbng_bucket ra_bucket;
	u64 bound;
	u64 stopped;
	u64 started_at;
	u64 stopped_at;
	u32 lease_time;
	u32 renewals;
	struct kbng_line *line;
	struct list_head offer_node;
	struct list_head line_node;
	__be32 xid;
	__be32 server;
	__be32 unicast;
	u8 hop[ETH_ALEN];
	struct kbng_octets *circuit;
	struct kbng_octets *remote;
	struct kbng_line_rates rates;
	struct kbng_octets *agent;
	struct kbng_octets *hostname;
	struct kbng_policy policy;
	struct kbng_octets *cookie;
	atomic64_t drops[KBNG_SESSION_DROPS];
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

/**
 * kbng_session_count_drop() - count what was dropped, if a session has the name
 * @s: session
 * @stat: the name
 * @packets: on the wire
 *
 * Context: any
 */
static inline void kbng_session_count_drop(struct kbng_session *s,
					   enum kbng_stat stat, u32 packets)
{
	unsigned int drop = stat - KBNG_STAT_drop_spoofed_iface;

	if (drop < KBNG_SESSION_DROPS)
		atomic64_add(packets, &s->drops[drop]);
}

/**
 * kbng_session_radius6() - walk along RADIUS attributes
 * @radius6: attributes, or NULL
 *
 * Return: a walk that is at its beginning
 */
static inline struct kbng_radius6_walk
kbng_session_radius6(const struct kbng_octets *radius6)
{
	struct kbng_radius6_walk w = {};

	if (radius6) {
		w.p = radius6->data;
		w.left = radius6->len;
	}
	return w;
}

/* session_table.c: under kbng_net.lock from alloc on. */
int kbng_session_slab_init(void);
void kbng_session_slab_uninit(void);
int kbng_session_net_init(struct kbng_net *kn);
void kbng_session_net_uninit(struct kbng_net *kn);
struct kbng_session *kbng_session_alloc(void);
void kbng_session_free(struct kbng_session *s);
int kbng_session_publish(struct kbng_session *s);
void kbng_session_withdraw(struct kbng_session *s);
void kbng_session_erase(struct kbng_session *s);

/* Likewise, lookups; the result lives as long as the RCU read section. */
struct kbng_session *kbng_session_by_client(struct kbng_net *kn,
					    const struct kbng_client *client);
void kbng_session_id(struct kbng_id *id, const struct kbng_octets *octets);
void kbng_session_ids(const struct kbng_session *s, struct kbng_id *circuit,
		      struct kbng_id *remote);
struct kbng_session *kbng_session_by_xid(struct kbng_net *kn,
					 const struct kbng_client *client,
					 __be32 xid, const u8 *relay,
					 size_t relay_len);
struct kbng_session *kbng_session_by_uuid(struct kbng_net *kn,
					  const u8 *uuid);

/* session.c: life; all under kbng_net.lock. */
struct kbng_session *kbng_session_create(struct kbng_line *line,
					 const u8 *mac);
struct kbng_session *kbng_session_create_as(struct kbng_line *line,
					    const u8 *mac, const uuid_t *uuid);
struct kbng_session *kbng_session_on(struct kbng_line *line,
				     const struct kbng_client *client,
				     const u8 *hop);
struct kbng_host *kbng_session_host(struct kbng_session *s);
void kbng_session_start(struct kbng_session *s);
void kbng_session_claim(struct kbng_session *s, enum kbng_trigger trigger);
unsigned int kbng_session_offers_max(const struct kbng_iface_config *cfg);
int kbng_session_bind(struct kbng_session *s, __be32 addr, u32 lease_time);
void kbng_session_extend(struct kbng_session *s, u32 lease_time);
void kbng_session_set_lease(struct kbng_session *s, u32 lease_time);
void kbng_session_set_left(struct kbng_session *s, u32 left);
void kbng_session_unbind(struct kbng_session *s, enum kbng_terminate_cause cause);
void kbng_session_refresh(struct kbng_session *s, struct kbng_iface *iface);
void kbng_session_set_state(struct kbng_session *s, enum kbng_state state);
void kbng_session_stop(struct kbng_session *s, enum kbng_terminate_cause cause);
void kbng_session_forget(struct kbng_session *s);

void kbng_session_stop_iface(struct kbng_net *kn, int ifindex);
void kbng_session_reap(struct kbng_net *kn);
void kbng_session_read(struct kbng_session *s, enum kbng_dir dir,
		       struct kbng_counts *counts);
u64 kbng_session_idle(const struct kbng_session *s);

/* session_policy.c: likewise. */
void kbng_session_leave_shaper(struct kbng_session *s);
u64 kbng_session_cap(const struct kbng_session *s, enum kbng_dir dir);
void kbng_session_set_rates(struct kbng_session *s);
void kbng_session_set_policy(struct kbng_session *s,
			     const struct kbng_policy *policy);
void kbng_session_watch_quota(struct kbng_session *s);

/* session_offer.c: likewise. */
enum kbng_stat kbng_session_may_ask(const struct kbng_session *s,
				    enum kbng_family family);
enum kbng_stat kbng_session_let_in(struct kbng_session *s,
				   enum kbng_family family,
				   struct sk_buff **skb,
				   const union nf_inet_addr *addr);
struct sk_buff *kbng_session_release(struct kbng_session *s,
				     enum kbng_family family,
				     union nf_inet_addr *addr);
void kbng_session_drop_held(struct kbng_session *s, enum kbng_stat stat);
void kbng_session_judge(struct kbng_session *s, bool granted, u32 retry);
void kbng_session_expire_held(struct kbng_session *s, u64 now);

/* session6.c: IPv6 prefixes; all under kbng_net.lock. */
bool kbng_session_is_leased6(const struct kbng_session *s,
			     const struct kbng_prefix *but);
int kbng_session_bind6(struct kbng_session *s,
		       const struct kbng_prefix_spec *spec);
void kbng_session_set_left6(struct kbng_session *s,
			    const struct kbng_prefix_spec *spec, u32 left);
struct kbng_prefix *kbng_session_prefix(struct kbng_session *s,
					const struct kbng_prefix_spec *spec);
void kbng_session_close6(struct kbng_session *s, struct kbng_prefix *p,
			 enum kbng_terminate_cause cause);
bool kbng_session_end_closed6(struct kbng_session *s);
void kbng_session_drop6(struct kbng_session *s, struct kbng_prefix *p);
void kbng_session_unbind6(struct kbng_session *s, struct kbng_prefix *p,
			  enum kbng_terminate_cause cause);
void kbng_session_inherit6(struct kbng_session *s,
			   const struct kbng_session *old);
void kbng_session_set_radius6(struct kbng_session *s,
			      struct kbng_octets **radius6);
void kbng_session_expire6(struct kbng_session *s, u64 now);
void kbng_session_stop6(struct kbng_session *s);
void kbng_session_free6(struct kbng_session *s);

#endif /* _KBNG_SESSION_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Peers: the link-local addresses that DHCPv6 clients speak from. A server
 * sends its answer by that address, so it leads back to the session. While a
 * session has it nobody else on its line may use it; on lines with other tags
 * the same address may be somebody else's.
 */
#ifndef _KBNG_PEER_H
#define _KBNG_PEER_H

#include <linux/in6.h>
#include <linux/rhashtable.h>

struct kbng_client;
struct kbng_dhcp6_relay;
struct kbng_net;
struct kbng_session;

/**
 * struct kbng_peer_key - what the table compares
 * @addr: link-local address
 * @ifindex: access iface
 */
struct kbng_peer_key {
	struct in6_addr addr;
	int ifindex;
};

/**
 * struct kbng_peer - how a session speaks DHCPv6; @xid and @open are under
 *	kbng_net.lock, the rest never changes
 * @node: entry in kbng_net.peers until its session ends, which keeps it
 * @key: of that
 * @xid: newest transaction
 * @open: it waits for its Reply
 * @session: whose it is; lives as long as a reader that has found this
 * @rcu: frees it
 */
struct kbng_peer {
	struct rhlist_head node;
	struct kbng_peer_key key;
	u32 xid;
	bool open;
	struct kbng_session *session;
	struct rcu_head rcu;
};

int kbng_peer_net_init(struct kbng_net *kn);
void kbng_peer_net_uninit(struct kbng_net *kn);
const struct kbng_client *kbng_peer_find(struct kbng_net *kn, int ifindex,
					 u32 tags, const struct in6_addr *addr);
const struct kbng_client *kbng_peer_first(struct kbng_net *kn, int ifindex,
					  const struct in6_addr *addr);
struct kbng_peer *kbng_peer_match(struct kbng_net *kn, int ifindex,
				  const struct kbng_dhcp6_relay *r, u32 xid);
int kbng_peer_set(struct kbng_session *s, const struct in6_addr *addr);
void kbng_peer_unlink(struct kbng_session *s);

#endif /* _KBNG_PEER_H */

// SPDX-License-Identifier: GPL-2.0
#include "peer.h"

#include <linux/slab.h>
#include <net/ipv6.h>
#include "dhcp6.h"
#include "pernet.h"
#include "session.h"

static const struct rhashtable_params kbng_peer_params = {
	.head_offset = offsetof(struct kbng_peer, node),
	.key_offset = offsetof(struct kbng_peer, key),
	.key_len = sizeof_field(struct kbng_peer, key),
	.automatic_shrinking = true,
};

int kbng_peer_net_init(struct kbng_net *kn)
{
	return rhltable_init(&kn->peers, &kbng_peer_params);
}

void kbng_peer_net_uninit(struct kbng_net *kn)
{
	rhltable_destroy(&kn->peers);
}

/* Those that have an address, on all lines of an iface. */
static struct rhlist_head *kbng_peer_list(struct kbng_net *kn, int ifindex,
					  const struct in6_addr *addr)
{
	struct kbng_peer_key key = { .addr = *addr, .ifindex = ifindex };

	return rhltable_lookup(&kn->peers, &key, kbng_peer_params);
}

/**
 * kbng_peer_find() - who has an address on a line
 * @kn: namespace
 * @ifindex: access iface
 * @tags: of the line
 * @addr: link-local address
 *
 * Return: the client, for the length of the RCU read section, or NULL
 */
const struct kbng_client *kbng_peer_find(struct kbng_net *kn, int ifindex,
					 u32 tags, const struct in6_addr *addr)
{
	struct rhlist_head *list, *pos;
	struct kbng_peer *peer;

	list = kbng_peer_list(kn, ifindex, addr);
	rhl_for_each_entry_rcu(peer, pos, list, node)
		if (peer->session->client.tags == tags)
			return &peer->session->client;
	return NULL;
}

/**
 * kbng_peer_first() - who has an address on any line
 * @kn: namespace
 * @ifindex: access iface
 * @addr: link-local address
 *
 * Return: a client, for the length of the RCU read section, or NULL
 */
const struct kbng_client *kbng_peer_first(struct kbng_net *kn, int ifindex,
					  const struct in6_addr *addr)
{
	struct rhlist_head *list = kbng_peer_list(kn, ifindex, addr);

	return list ? &container_of(list, struct kbng_peer,
				    node)->session->client : NULL;
}

/* Without Interface-Id an answer may be anybody's. */
static bool kbng_peer_is_named(const struct kbng_peer *peer,
			       const struct kbng_dhcp6_relay *r)
{
	const struct kbng_octets *circuit = peer->session->circuit;

	return !r->interface_id ||
	       (circuit && circuit->len == r->interface_id_len &&
		!memcmp(circuit->data, r->interface_id, circuit->len));
}

/**
 * kbng_peer_match() - who an answer is for
 * @kn: namespace
 * @ifindex: access iface
 * @r: the answer
 * @xid: of the message in it
 *
 * A server knows no VLANs: should lines share a link-local address, Interface-Id
 * tells them apart, or else the transaction.
 *
 * Return: the peer, under kbng_net.lock, or NULL
 */
struct kbng_peer *kbng_peer_match(struct kbng_net *kn, int ifindex,
				  const struct kbng_dhcp6_relay *r, u32 xid)
{
	struct kbng_peer *first = NULL;
	struct rhlist_head *list, *pos;
	struct kbng_peer *peer;
	struct in6_addr addr;
	unsigned int n = 0;

	lockdep_assert_held(&kn->lock);
	memcpy(&addr, r->peer, sizeof(addr));
	list = kbng_peer_list(kn, ifindex, &addr);
	rhl_for_each_entry_rcu(peer, pos, list, node) {
		if (!kbng_peer_is_named(peer, r))
			continue;
		if (peer->open && peer->xid == xid)
			return peer;
		if (!n++)
			first = peer;
	}
	return n == 1 ? first : NULL;
}

/**
 * kbng_peer_set() - a session speaks DHCPv6 from an address
 * @s: live session
 * @addr: link-local address
 *
 * Return: 0, -EADDRINUSE when another session of its line does, or -ENOMEM
 */
int kbng_peer_set(struct kbng_session *s, const struct in6_addr *addr)
{
	const struct kbng_client *client;
	struct kbng_net *kn = s->kn;
	struct kbng_peer *peer;

	lockdep_assert_held(&kn->lock);
	client = kbng_peer_find(kn, s->client.ifindex, s->client.tags, addr);
	if (client)
		return client == &s->client ? 0 : -EADDRINUSE;
	peer = kzalloc(sizeof(*peer), GFP_ATOMIC | __GFP_ACCOUNT);
	if (!peer)
		return -ENOMEM;
	peer->key.addr = *addr;
	peer->key.ifindex = s->client.ifindex;
	peer->session = s;
	if (rhltable_insert(&kn->peers, &peer->node, kbng_peer_params)) {
		kfree(peer);
		return -ENOMEM;
	}
	if (s->peer) {
		kbng_peer_unlink(s);
		kfree_rcu(s->peer, rcu);
	}
	s->peer = peer;
	return 0;
}

/**
 * kbng_peer_unlink() - a session speaks DHCPv6 no more
 * @s: session; it keeps the peer, if it had one
 */
void kbng_peer_unlink(struct kbng_session *s)
{
	lockdep_assert_held(&s->kn->lock);
	if (s->peer)
		rhltable_remove(&s->kn->peers, &s->peer->node,
				kbng_peer_params);
}

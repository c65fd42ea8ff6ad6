// SPDX-License-Identifier: GPL-2.0
/* Sessions' memory, and the tables that they are found in. */
#include "session.h"

#include <linux/rcupdate_wait.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include "host4.h"
#include "pernet.h"
#include "ra.h"

static struct kmem_cache *kbng_session_cache;

static const struct rhashtable_params kbng_session_client_params = {
	.head_offset = offsetof(struct kbng_session, client_node),
	.key_offset = offsetof(struct kbng_session, client),
	.key_len = offsetof(struct kbng_client, tags),
	.automatic_shrinking = true,
};

static const struct rhashtable_params kbng_session_uuid_params = {
	.head_offset = offsetof(struct kbng_session, uuid_node),
	.key_offset = offsetof(struct kbng_session, uuid),
	.key_len = sizeof_field(struct kbng_session, uuid),
	.automatic_shrinking = true,
};

int __init kbng_session_slab_init(void)
{
	int err;

	err = kbng_host_slab_init();
	if (err)
		return err;
	kbng_session_cache = KMEM_CACHE(kbng_session, SLAB_ACCOUNT);
	if (!kbng_session_cache) {
		kbng_host_slab_uninit();
		return -ENOMEM;
	}
	return 0;
}

/* Waits for the sessions that RCU still has to free. */
void kbng_session_slab_uninit(void)
{
	rcu_barrier();
	kmem_cache_destroy(kbng_session_cache);
	kbng_host_slab_uninit();
}

/**
 * kbng_session_net_init() - make a namespace's tables
 * @kn: the namespace
 *
 * Return: 0 or a negative errno
 */
int kbng_session_net_init(struct kbng_net *kn)
{
	int err;

	spin_lock_init(&kn->lock);
	kbng_ra_net_init(kn);
	xa_init_flags(&kn->sessions, XA_FLAGS_ALLOC1 | XA_FLAGS_LOCK_BH);
	err = kbng_line_net_init(kn);
	if (err)
		return err;
	err = kbng_host4_net_init(kn);
	if (err)
		goto err_uninit_lines;
	err = kbng_prefix_net_init(kn);
	if (err)
		goto err_uninit_hosts;
	err = kbng_peer_net_init(kn);
	if (err)
		goto err_uninit_prefixes;
	err = rhltable_init(&kn->by_client, &kbng_session_client_params);
	if (err)
		goto err_uninit_peers;
	err = rhashtable_init(&kn->by_uuid, &kbng_session_uuid_params);
	if (err)
		goto err_destroy_by_client;
	return 0;

err_destroy_by_client:
	rhltable_destroy(&kn->by_client);
err_uninit_peers:
	kbng_peer_net_uninit(kn);
err_uninit_prefixes:
	kbng_prefix_net_uninit(kn);
err_uninit_hosts:
	kbng_host4_net_uninit(kn);
err_uninit_lines:
	kbng_line_net_uninit(kn);
	return err;
}

static void kbng_session_free_rcu(struct rcu_head *rcu)
{
	struct kbng_session *s = container_of(rcu, struct kbng_session, rcu);

	kbng_session_free6(s);
	kbng_host_free(s->host);
	kfree(s->circuit);
	kfree(s->remote);
	kfree(s->agent);
	kfree(s->hostname);
	kfree(s->cookie);
	kfree(s->radius);
	kfree(s->radius6);
	kfree_skb(s->held[KBNG_IPV4]);
	kfree_skb(s->held[KBNG_IPV6]);
	kmem_cache_free(kbng_session_cache, s);
}

/**
 * kbng_session_alloc() - memory of a session
 *
 * Return: all zero, or NULL
 */
struct kbng_session *kbng_session_alloc(void)
{
	return kmem_cache_zalloc(kbng_session_cache, GFP_ATOMIC);
}

/**
 * kbng_session_free() - free a session that is in no table
 * @s: session
 */
void kbng_session_free(struct kbng_session *s)
{
	call_rcu(&s->rcu, kbng_session_free_rcu);
}

/**
 * kbng_session_net_uninit() - free all sessions and the tables
 * @kn: the namespace; nothing else reaches it any more
 */
void kbng_session_net_uninit(struct kbng_net *kn)
{
	struct kbng_session *s;
	unsigned long id;

	kbng_host4_net_uninit(kn);
	kbng_line_net_uninit(kn);
	kbng_prefix_net_uninit(kn);
	kbng_peer_net_uninit(kn);
	rhltable_destroy(&kn->by_client);
	rhashtable_destroy(&kn->by_uuid);
	xa_for_each(&kn->sessions, id, s)
		kbng_session_free(s);
	xa_destroy(&kn->sessions);
}

/**
 * kbng_session_by_client() - the live session of a client
 * @kn: namespace
 * @client: who
 *
 * Return: the session or NULL
 */
struct kbng_session *kbng_session_by_client(struct kbng_net *kn,
					    const struct kbng_client *client)
{
	struct rhlist_head *list, *pos;
	struct kbng_session *s;

	list = rhltable_lookup(&kn->by_client, client,
			       kbng_session_client_params);
	rhl_for_each_entry_rcu(s, pos, list, client_node)
		if (s->client.tags == client->tags &&
		    s->client.node == client->node)
			return s;
	return NULL;
}

/**
 * kbng_session_id() - octets of a session by themselves
 * @id: gets a copy, as far as it has room
 * @octets: or NULL for none
 */
void kbng_session_id(struct kbng_id *id, const struct kbng_octets *octets)
{
	id->len = octets ? min_t(u16, octets->len, sizeof(id->data)) : 0;
	if (id->len)
		memcpy(id->data, octets->data, id->len);
}

/**
 * kbng_session_ids() - the ids that the server has seen
 * @s: session
 * @circuit: gets the circuit-id
 * @remote: gets the remote-id
 */
void kbng_session_ids(const struct kbng_session *s, struct kbng_id *circuit,
		      struct kbng_id *remote)
{
	kbng_session_id(circuit, s->circuit);
	kbng_session_id(remote, s->remote);
}

/**
 * kbng_session_by_xid() - the session that waits for an answer
 * @kn: namespace
 * @client: who, on whatever line
 * @xid: of the answer
 * @relay: value of its option 82
 * @relay_len: of @relay, 0 for none
 *
 * The same MAC address may be on two lines, and the same xid come from both at
 * a time. Then option 82 has to tell which is meant.
 *
 * Return: the session or NULL
 */
struct kbng_session *kbng_session_by_xid(struct kbng_net *kn,
					 const struct kbng_client *client,
					 __be32 xid, const u8 *relay,
					 size_t relay_len)
{
	struct kbng_session *first = NULL;
	struct rhlist_head *list, *pos;
	struct kbng_id circuit, remote;
	struct kbng_session *s;
	unsigned int n = 0;

	lockdep_assert_held(&kn->lock);
	list = rhltable_lookup(&kn->by_client, client,
			       kbng_session_client_params);
	rhl_for_each_entry_rcu(s, pos, list, client_node) {
		if (!s->open || s->xid != xid)
			continue;
		if (!n++)
			first = s;
		if (!relay_len)
			continue;
		kbng_session_ids(s, &circuit, &remote);
		if (kbng_opt82_matches(relay, relay_len, &circuit, &remote))
			return s;
	}
	return relay_len || n == 1 ? first : NULL;
}

/**
 * kbng_session_by_uuid() - a session, live or stopped
 * @kn: namespace
 * @uuid: KBNG_UUID_LEN octets
 *
 * Return: the session or NULL
 */
struct kbng_session *kbng_session_by_uuid(struct kbng_net *kn, const u8 *uuid)
{
	return rhashtable_lookup(&kn->by_uuid, uuid, kbng_session_uuid_params);
}

/**
 * kbng_session_publish() - put a live session into the tables
 * @s: session; gets its id
 *
 * Return: 0 or a negative errno
 */
int kbng_session_publish(struct kbng_session *s)
{
	struct kbng_net *kn = s->kn;
	int err;

	err = xa_alloc_cyclic(&kn->sessions, &s->id, s, xa_limit_32b,
			      &kn->next_id, GFP_ATOMIC);
	if (err < 0)
		return err;
	err = rhashtable_insert_fast(&kn->by_uuid, &s->uuid_node,
				     kbng_session_uuid_params);
	if (err)
		goto err_erase_id;
	err = rhltable_insert(&kn->by_client, &s->client_node,
			      kbng_session_client_params);
	if (err)
		goto err_remove_uuid;
	kn->n_sessions++;
	return 0;

err_remove_uuid:
	rhashtable_remove_fast(&kn->by_uuid, &s->uuid_node,
			       kbng_session_uuid_params);
err_erase_id:
	xa_erase(&kn->sessions, s->id);
	return err;
}

/**
 * kbng_session_withdraw() - a session is its client's no more
 * @s: session that was live
 */
void kbng_session_withdraw(struct kbng_session *s)
{
	rhltable_remove(&s->kn->by_client, &s->client_node,
			kbng_session_client_params);
}

/**
 * kbng_session_erase() - take a session out of the tables
 * @s: session that was withdrawn
 */
void kbng_session_erase(struct kbng_session *s)
{
	struct kbng_net *kn = s->kn;

	rhashtable_remove_fast(&kn->by_uuid, &s->uuid_node,
			       kbng_session_uuid_params);
	xa_erase(&kn->sessions, s->id);
	kn->n_sessions--;
}

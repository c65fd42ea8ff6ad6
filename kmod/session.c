// SPDX-License-Identifier: GPL-2.0
#include "session.h"

#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/timekeeping.h>
#include "iface.h"
#include "netlink.h"
#include "pernet.h"

static unsigned int kbng_session_max = 1U << 18;
module_param_named(max_sessions, kbng_session_max, uint, 0644);
MODULE_PARM_DESC(max_sessions,
		 "sessions in a network namespace, unacknowledged stops included");

static struct kmem_cache *kbng_session_cache;

static const struct rhashtable_params kbng_session_client_params = {
	.head_offset = offsetof(struct kbng_session, client_node),
	.key_offset = offsetof(struct kbng_session, client),
	.key_len = sizeof_field(struct kbng_session, client),
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
	xa_init_flags(&kn->sessions, XA_FLAGS_ALLOC1 | XA_FLAGS_LOCK_BH);
	err = kbng_host_net_init(kn);
	if (err)
		return err;
	err = rhashtable_init(&kn->by_client, &kbng_session_client_params);
	if (err)
		goto err_uninit_hosts;
	err = rhashtable_init(&kn->by_uuid, &kbng_session_uuid_params);
	if (err)
		goto err_destroy_by_client;
	return 0;

err_destroy_by_client:
	rhashtable_destroy(&kn->by_client);
err_uninit_hosts:
	kbng_host_net_uninit(kn);
	return err;
}

static void kbng_session_free_rcu(struct rcu_head *rcu)
{
	struct kbng_session *s = container_of(rcu, struct kbng_session, rcu);

	kbng_host_free(s->host);
	kfree(s->cookie);
	kmem_cache_free(kbng_session_cache, s);
}

/**
 * kbng_session_net_uninit() - free all sessions and the tables
 * @kn: the namespace; nothing else reaches it any more
 */
void kbng_session_net_uninit(struct kbng_net *kn)
{
	struct kbng_session *s;
	unsigned long id;

	kbng_host_net_uninit(kn);
	rhashtable_destroy(&kn->by_client);
	rhashtable_destroy(&kn->by_uuid);
	xa_for_each(&kn->sessions, id, s)
		call_rcu(&s->rcu, kbng_session_free_rcu);
	xa_destroy(&kn->sessions);
}

/**
 * kbng_session_by_client() - the live session of a host
 * @kn: namespace
 * @ifindex: access iface
 * @mac: hardware address
 *
 * Return: the session or NULL
 */
struct kbng_session *kbng_session_by_client(struct kbng_net *kn, int ifindex,
					    const u8 *mac)
{
	struct kbng_client client = { .ifindex = ifindex };

	ether_addr_copy(client.mac, mac);
	return rhashtable_lookup(&kn->by_client, &client,
				 kbng_session_client_params);
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

static int kbng_session_publish(struct kbng_session *s)
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
	err = rhashtable_insert_fast(&kn->by_client, &s->client_node,
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

/*
 * Offers are cheap to ask for, by as many MAC addresses as one likes. They
 * have a share of the iface, and the oldest makes room: an honest client needs
 * it for milliseconds, and sessions that are bound never compete with it.
 */
static unsigned int kbng_session_offers_max(const struct kbng_iface_config *cfg)
{
	return max(cfg->max_sessions / 4, 64U);
}

/**
 * kbng_session_refresh() - an offered session was asked for again
 * @s: session in state offered
 * @iface: its iface
 */
void kbng_session_refresh(struct kbng_session *s, struct kbng_iface *iface)
{
	const struct kbng_iface_config *cfg;

	lockdep_assert_held(&s->kn->lock);
	cfg = rcu_dereference_check(iface->config,
				    lockdep_is_held(&s->kn->lock));
	list_move_tail(&s->offer_node, &iface->offers);
	s->deadline = ktime_get_boottime_ns() +
		      (u64)cfg->offer_timeout * NSEC_PER_SEC;
}

static void kbng_session_evict(struct kbng_iface *iface)
{
	struct kbng_session *oldest;

	oldest = list_first_entry(&iface->offers, struct kbng_session,
				  offer_node);
	kbng_stat_inc(iface->kn->stats, KBNG_STAT_dhcp_offer_evicted);
	kbng_session_stop(oldest, KBNG_CAUSE_LOST_SERVICE);
}

/**
 * kbng_session_create() - a new session in state offered
 * @kn: namespace
 * @iface: access iface
 * @mac: hardware address; the iface has no live session of it
 *
 * Return: the session, -ENOSPC when the iface or the table is full, or -ENOMEM
 */
struct kbng_session *kbng_session_create(struct kbng_net *kn,
					 struct kbng_iface *iface,
					 const u8 *mac)
{
	const struct kbng_iface_config *cfg;
	struct kbng_session *s;
	int err;

	lockdep_assert_held(&kn->lock);
	cfg = rcu_dereference_check(iface->config, lockdep_is_held(&kn->lock));
	if (iface->dead)
		return ERR_PTR(-ENOSPC);
	if (iface->n_offers >= kbng_session_offers_max(cfg))
		kbng_session_evict(iface);
	if (iface->n_sessions >= cfg->max_sessions ||
	    kn->n_sessions >= READ_ONCE(kbng_session_max))
		return ERR_PTR(-ENOSPC);

	s = kmem_cache_zalloc(kbng_session_cache, GFP_ATOMIC);
	if (!s)
		return ERR_PTR(-ENOMEM);
	s->kn = kn;
	s->client.ifindex = iface->ifindex;
	ether_addr_copy(s->client.mac, mac);
	s->state = KBNG_STATE_OFFERED;
	uuid_gen(&s->uuid);

	err = kbng_session_publish(s);
	if (err) {
		kmem_cache_free(kbng_session_cache, s);
		return ERR_PTR(err == -EBUSY ? -ENOSPC : -ENOMEM);
	}
	iface->n_sessions++;
	iface->n_offers++;
	list_add_tail(&s->offer_node, &iface->offers);
	kbng_session_refresh(s, iface);
	return s;
}

static void kbng_session_unoffer(struct kbng_session *s)
{
	struct kbng_iface *iface = kbng_iface_get(s->kn, s->client.ifindex);

	list_del(&s->offer_node);
	iface->n_offers--;
}

/**
 * kbng_session_set_state() - change the state
 * @s: session
 * @state: new state
 *
 * When this returns, no packet counts any more under the old state.
 */
void kbng_session_set_state(struct kbng_session *s, enum kbng_state state)
{
	lockdep_assert_held(&s->kn->lock);
	s->state = state;
	if (s->host)
		kbng_host_set_state(s->host, state);
}

/**
 * kbng_session_set_policy() - change the rates; clocks and counters stay
 * @s: bound session
 * @policy: copied
 */
void kbng_session_set_policy(struct kbng_session *s,
			     const struct kbng_policy *policy)
{
	struct kbng_flow *flow;
	int dir;

	lockdep_assert_held(&s->kn->lock);
	s->policy = *policy;
	s->has_policy = true;
	for (dir = 0; dir < KBNG_DIRS; dir++) {
		flow = &s->host->flow[dir];
		spin_lock(&flow->lock);
		kbng_edt_set_rate(&flow->edt, policy->rate[dir],
				  policy->burst[dir]);
		spin_unlock(&flow->lock);
	}
}

static void kbng_session_set_lease(struct kbng_session *s, u32 lease_time)
{
	s->lease_time = lease_time;
	s->deadline = 0;
	if (lease_time != U32_MAX)
		s->deadline = ktime_get_boottime_ns() +
			      (u64)lease_time * NSEC_PER_SEC;
}

/**
 * kbng_session_bind() - give an offered session its address: it is pending
 * @s: session in state offered
 * @addr: address; who else has it loses it
 * @lease_time: s, U32_MAX for ever
 *
 * Return: 0 or -ENOMEM, and the session is as it was
 */
int kbng_session_bind(struct kbng_session *s, __be32 addr, u32 lease_time)
{
	struct kbng_net *kn = s->kn;
	struct kbng_iface *iface;
	struct kbng_host *old;

	lockdep_assert_held(&kn->lock);
	/* The server gave the address to @s: it has left its former owner. */
	old = kbng_host_find(kn, addr, KBNG_UP);
	if (old)
		kbng_session_stop(old->session, KBNG_CAUSE_LOST_SERVICE);

	iface = kbng_iface_get(kn, s->client.ifindex);
	s->addr = addr;
	s->host = kbng_host_create(s, iface->dev);
	if (!s->host) {
		s->addr = 0;
		return -ENOMEM;
	}
	kbng_session_unoffer(s);
	kbng_session_set_lease(s, lease_time);
	s->bound = ktime_get_boottime_ns();
	s->started_at = ktime_get_real_seconds();
	kbng_session_set_state(s, KBNG_STATE_PENDING);
	return 0;
}

/**
 * kbng_session_extend() - the lease was renewed
 * @s: bound session
 * @lease_time: s from now, U32_MAX for ever
 */
void kbng_session_extend(struct kbng_session *s, u32 lease_time)
{
	lockdep_assert_held(&s->kn->lock);
	kbng_session_set_lease(s, lease_time);
	s->renewals++;
}

static void kbng_session_unlink(struct kbng_session *s)
{
	struct kbng_net *kn = s->kn;
	struct kbng_iface *iface;

	if (s->state == KBNG_STATE_OFFERED)
		kbng_session_unoffer(s);
	if (s->host)
		kbng_host_unlink(s->host);
	rhashtable_remove_fast(&kn->by_client, &s->client_node,
			       kbng_session_client_params);
	/* An iface outlives its live sessions: see kbng_iface_del(). */
	iface = kbng_iface_get(kn, s->client.ifindex);
	iface->n_sessions--;
}

/**
 * kbng_session_stop() - end a live session
 * @s: session
 * @cause: why
 *
 * A session that never had an address is forgotten at once: nobody was told
 * of it. Any other is final when this returns, and kept for the daemon.
 */
void kbng_session_stop(struct kbng_session *s, enum kbng_terminate_cause cause)
{
	bool offered = s->state == KBNG_STATE_OFFERED;

	lockdep_assert_held(&s->kn->lock);
	kbng_session_unlink(s);
	kbng_session_set_state(s, KBNG_STATE_STOPPED);
	s->cause = cause;
	s->deadline = 0;
	s->stopped = ktime_get_boottime_ns();
	s->stopped_at = ktime_get_real_seconds();
	if (offered)
		kbng_session_forget(s);
	else
		kbng_nl_session_notify(s, KBNG_CMD_SESSION_STOP_NTF);
}

/**
 * kbng_session_forget() - free a stopped session
 * @s: session
 */
void kbng_session_forget(struct kbng_session *s)
{
	struct kbng_net *kn = s->kn;

	lockdep_assert_held(&kn->lock);
	rhashtable_remove_fast(&kn->by_uuid, &s->uuid_node,
			       kbng_session_uuid_params);
	xa_erase(&kn->sessions, s->id);
	kn->n_sessions--;
	call_rcu(&s->rcu, kbng_session_free_rcu);
}

/**
 * kbng_session_stop_iface() - end the live sessions of an iface that is gone
 * @kn: namespace
 * @ifindex: the iface, marked dead
 */
void kbng_session_stop_iface(struct kbng_net *kn, int ifindex)
{
	struct kbng_session *s;
	unsigned long id;

	xa_for_each(&kn->sessions, id, s) {
		spin_lock_bh(&kn->lock);
		/* It may have been freed since, or its id taken again. */
		s = xa_load(&kn->sessions, id);
		if (s && s->client.ifindex == ifindex &&
		    s->state != KBNG_STATE_STOPPED)
			kbng_session_stop(s, KBNG_CAUSE_PORT_ERROR);
		spin_unlock_bh(&kn->lock);
		cond_resched();
	}
}

/**
 * kbng_session_reap() - end what timed out
 * @kn: namespace
 */
void kbng_session_reap(struct kbng_net *kn)
{
	u64 now = ktime_get_boottime_ns();
	struct kbng_session *s;
	unsigned long id = 0;
	unsigned int n = 0;

	rcu_read_lock();
	xa_for_each(&kn->sessions, id, s) {
		u64 deadline = READ_ONCE(s->deadline);

		if (deadline && deadline <= now) {
			spin_lock_bh(&kn->lock);
			if (s->state != KBNG_STATE_STOPPED && s->deadline &&
			    s->deadline <= now)
				kbng_session_stop(s, KBNG_CAUSE_LOST_CARRIER);
			spin_unlock_bh(&kn->lock);
		}
		/* The walk goes on from an id: it needs no session to be held. */
		if (++n % 256 == 0)
			cond_resched_rcu();
	}
	rcu_read_unlock();
}

/**
 * kbng_session_read() - copy one direction's counters
 * @s: session
 * @dir: direction
 * @counts: the copy, all from one moment
 */
void kbng_session_read(struct kbng_session *s, enum kbng_dir dir,
		       struct kbng_counts *counts)
{
	struct kbng_flow *flow;

	memset(counts, 0, sizeof(*counts));
	if (!s->host)
		return;
	flow = &s->host->flow[dir];
	spin_lock_bh(&flow->lock);
	memcpy(counts->packets, flow->packets, sizeof(counts->packets));
	memcpy(counts->octets, flow->octets, sizeof(counts->octets));
	counts->drops = s->drops[dir];
	spin_unlock_bh(&flow->lock);
}

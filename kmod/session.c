// SPDX-License-Identifier: GPL-2.0
#include "session.h"

#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rcupdate_wait.h>
#include <linux/timekeeping.h>
#include "iface.h"
#include "netlink.h"
#include "pernet.h"
#include "ra.h"
#include "shaper.h"

static unsigned int kbng_session_max = 1U << 18;
module_param_named(max_sessions, kbng_session_max, uint, 0644);
MODULE_PARM_DESC(max_sessions,
		 "sessions in a network namespace, unacknowledged stops included");

#define KBNG_SESSION_REJECTED_CLAIM	(300ULL * NSEC_PER_SEC)

/**
 * kbng_session_offers_max() - sessions of an iface that may be offers, or claims
 * @cfg: of the iface
 *
 * Offers are cheap to ask for, by as many MAC addresses as one likes. They
 * have a share of the iface, and the oldest makes room, on the same line if it
 * has one: who floods throws out his own. An honest client needs its offer for
 * milliseconds, and sessions that are bound never compete with it.
 *
 * Return: how many
 */
unsigned int kbng_session_offers_max(const struct kbng_iface_config *cfg)
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
	list_move_tail(&s->line_node, &s->line->offers);
	s->deadline = ktime_get_boottime_ns() +
		      (u64)cfg->offer_timeout * NSEC_PER_SEC;
}

static void kbng_session_evict(struct kbng_line *line)
{
	struct kbng_session *oldest;

	oldest = list_first_entry_or_null(&line->offers, struct kbng_session,
					  line_node);
	if (!oldest)
		oldest = list_first_entry(&line->iface->offers,
					  struct kbng_session, offer_node);
	kbng_stat_inc(oldest->kn->stats, KBNG_STAT_dhcp_offer_evicted);
	kbng_session_stop(oldest, KBNG_CAUSE_LOST_SERVICE);
}

/* Room for one more on the line and the iface, made if it must be. */
static int kbng_session_admit(struct kbng_line *line)
{
	const struct kbng_iface_config *cfg;
	struct kbng_iface *iface = line->iface;
	struct kbng_net *kn = iface->kn;

	cfg = rcu_dereference_check(iface->config, lockdep_is_held(&kn->lock));
	if (iface->dead)
		return -ENOSPC;
	if (cfg->line_sessions && line->n_sessions >= cfg->line_sessions) {
		if (list_empty(&line->offers))
			return -EDQUOT;
		kbng_session_evict(line);
	}
	while (iface->n_offers >= kbng_session_offers_max(cfg))
		kbng_session_evict(line);
	return iface->n_sessions >= cfg->max_sessions ||
	       kn->n_sessions >= READ_ONCE(kbng_session_max) ? -ENOSPC : 0;
}

/**
 * kbng_session_create() - a new session in state offered
 * @line: whose it is
 * @mac: hardware address; has no live session on these tags
 *
 * Return: the session, -EDQUOT when the line is full, -ENOSPC when the iface or
 * the table is, or -ENOMEM
 */
struct kbng_session *kbng_session_create(struct kbng_line *line,
					 const u8 *mac)
{
	uuid_t uuid;

	uuid_gen(&uuid);
	return kbng_session_create_as(line, mac, &uuid);
}

/**
 * kbng_session_create_as() - kbng_session_create() with an identity
 * @line: whose it is
 * @mac: hardware address; has no live session on these tags
 * @uuid: that no session has
 *
 * Return: as kbng_session_create()
 */
struct kbng_session *kbng_session_create_as(struct kbng_line *line,
					    const u8 *mac, const uuid_t *uuid)
{
	struct kbng_iface *iface = line->iface;
	struct kbng_net *kn = iface->kn;
	struct kbng_session *s;
	int err;

	lockdep_assert_held(&kn->lock);
	err = kbng_session_admit(line);
	if (err)
		return ERR_PTR(err);
	s = kbng_session_alloc();
	if (!s)
		return ERR_PTR(-ENOMEM);
	s->kn = kn;
	s->line = line;
	s->client.ifindex = iface->ifindex;
	s->client.tags = line->tags;
	ether_addr_copy(s->client.mac, mac);
	ether_addr_copy(s->hop, mac);
	s->state = KBNG_STATE_OFFERED;
	INIT_LIST_HEAD(&s->prefixes);
	s->uuid = *uuid;

	err = kbng_session_publish(s);
	if (err) {
		kbng_session_free(s);
		return ERR_PTR(err == -EBUSY ? -ENOSPC : -ENOMEM);
	}
	kbng_line_enter(line);
	iface->n_sessions++;
	iface->n_offers++;
	list_add_tail(&s->offer_node, &iface->offers);
	list_add_tail(&s->line_node, &line->offers);
	kbng_session_refresh(s, iface);
	return s;
}

/**
 * kbng_session_on() - a client's session on a line, made if there is none
 * @line: where the client is now
 * @client: who
 * @hop: MAC address that it is reached at: its own, or its node's
 *
 * Its session on another line with the same tags, or by another way, ends.
 *
 * Return: the session, -EPERM when a bound one may not move, or as
 * kbng_session_create()
 */
struct kbng_session *kbng_session_on(struct kbng_line *line,
				     const struct kbng_client *client,
				     const u8 *hop)
{
	const struct kbng_iface_config *cfg;
	struct kbng_net *kn = line->iface->kn;
	struct kbng_session *s;

	cfg = rcu_dereference_check(line->iface->config,
				    lockdep_is_held(&kn->lock));
	s = kbng_session_by_client(kn, client);
	if (s && s->line == line && ether_addr_equal(s->hop, hop))
		return s;
	if (s && s->state != KBNG_STATE_OFFERED && !s->trigger &&
	    cfg->move == KBNG_MOVE_DENY)
		return ERR_PTR(-EPERM);
	if (s)
		kbng_session_stop(s, KBNG_CAUSE_LOST_SERVICE);
	s = kbng_session_create(line, client->mac);
	if (!IS_ERR(s)) {
		s->client.node = client->node;
		ether_addr_copy(s->hop, hop);
	}
	return s;
}

static void kbng_session_unoffer(struct kbng_session *s)
{
	list_del(&s->offer_node);
	list_del(&s->line_node);
	s->line->iface->n_offers--;
}

/**
 * kbng_session_claim() - a trigger has begun a session
 * @s: pending session
 * @trigger: which
 */
void kbng_session_claim(struct kbng_session *s, enum kbng_trigger trigger)
{
	lockdep_assert_held(&s->kn->lock);
	s->trigger = trigger;
	s->claim = true;
	s->line->iface->n_claims++;
}

static void kbng_session_unclaim(struct kbng_session *s)
{
	if (!s->claim)
		return;
	s->claim = false;
	s->line->iface->n_claims--;
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
	bool is_active = state == KBNG_STATE_ACTIVE;
	bool was_active = s->state == KBNG_STATE_ACTIVE;

	lockdep_assert_held(&s->kn->lock);
	s->state = state;
	if (is_active)
		kbng_session_unclaim(s);
	/* Who is turned away may come again, later. */
	if (s->trigger)
		s->deadline = state == KBNG_STATE_REJECTED ?
			ktime_get_boottime_ns() + KBNG_SESSION_REJECTED_CLAIM :
			0;
	if (state == KBNG_STATE_REJECTED)
		kbng_session_drop_held(s, KBNG_STAT_dhcp_auth_rejected);
	if (s->host)
		kbng_host_set_state(s->host, state);
	if (is_active != was_active)
		kbng_ra_tell(s, NULL);
}

/**
 * kbng_session_set_lease() - change when the lease is over
 * @s: bound session
 * @lease_time: s from now, U32_MAX for ever
 */
void kbng_session_set_lease(struct kbng_session *s, u32 lease_time)
{
	lockdep_assert_held(&s->kn->lock);
	s->trigger = KBNG_TRIGGER_NONE;
	s->lease_time = lease_time;
	s->deadline = 0;
	if (lease_time != U32_MAX)
		s->deadline = ktime_get_boottime_ns() +
			      (u64)lease_time * NSEC_PER_SEC;
}

/**
 * kbng_session_set_left() - change how much of a lease is left
 * @s: bound session whose lease has an end
 * @left: s
 */
void kbng_session_set_left(struct kbng_session *s, u32 left)
{
	lockdep_assert_held(&s->kn->lock);
	s->deadline = ktime_get_boottime_ns() + (u64)left * NSEC_PER_SEC;
}

/**
 * kbng_session_host() - the session's host, made if there is none
 * @s: live session
 *
 * Return: the host, or NULL for want of memory
 */
struct kbng_host *kbng_session_host(struct kbng_session *s)
{
	struct kbng_iface *iface;

	lockdep_assert_held(&s->kn->lock);
	iface = kbng_iface_get(s->kn, s->client.ifindex);
	if (!s->host) {
		s->host = kbng_host_create(s, iface->dev);
		kbng_session_set_rates(s);
	}
	return s->host;
}

/**
 * kbng_session_start() - a session has its first address: it is pending
 * @s: session with a host; nothing happens unless it is in state offered
 */
void kbng_session_start(struct kbng_session *s)
{
	if (s->state != KBNG_STATE_OFFERED)
		return;
	kbng_session_unoffer(s);
	s->offer = KBNG_OFFER_FREE;
	s->deadline = 0;
	s->bound = ktime_get_boottime_ns();
	s->started_at = ktime_get_real_seconds();
	kbng_session_set_state(s, KBNG_STATE_PENDING);
}

/**
 * kbng_session_bind() - give a session its IPv4 address
 * @s: session whose host never had one; pending now, if it was offered
 * @addr: address; who else has it loses it
 * @lease_time: s, U32_MAX for ever
 *
 * Return: 0 or -ENOMEM, and the session is as it was
 */
int kbng_session_bind(struct kbng_session *s, __be32 addr, u32 lease_time)
{
	struct kbng_net *kn = s->kn;
	struct kbng_host *old;

	lockdep_assert_held(&kn->lock);
	/* The server gave the address to @s: it has left its former owner. */
	old = kbng_host_find(kn, addr, KBNG_UP);
	if (old)
		kbng_session_unbind(old->session, KBNG_CAUSE_LOST_SERVICE);

	if (!kbng_session_host(s) || kbng_host_link(s->host, addr))
		return -ENOMEM;
	s->addr = addr;
	kbng_session_start(s);
	kbng_session_set_lease(s, lease_time);
	return 0;
}

/**
 * kbng_session_unbind() - take the IPv4 address from a session
 * @s: bound session; ends if nothing else is leased to it
 * @cause: why
 */
void kbng_session_unbind(struct kbng_session *s, enum kbng_terminate_cause cause)
{
	lockdep_assert_held(&s->kn->lock);
	if (!kbng_session_is_leased6(s, NULL)) {
		kbng_session_stop(s, cause);
		return;
	}
	kbng_host_unlink(s->host);
	s->addr = 0;
	s->deadline = 0;
	kbng_nl_session_notify(s, KBNG_CMD_SESSION_RENEW_NTF);
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
	if (s->state == KBNG_STATE_OFFERED)
		kbng_session_unoffer(s);
	kbng_session_unclaim(s);
	kbng_session_drop_held(s, KBNG_STAT_dhcp_auth_timeout);
	if (s->addr)
		kbng_host_unlink(s->host);
	kbng_session_stop6(s);
	kbng_session_withdraw(s);
	/* An iface outlives its live sessions: see kbng_iface_del(). */
	s->line->iface->n_sessions--;
	kbng_line_leave(s->line);
	s->line = NULL;
}

/**
 * kbng_session_stop() - end a live session
 * @s: session
 * @cause: why
 *
 * A session that never had an address is forgotten at once; nobody was told of
 * it, unless a verdict was wanted. Any other is final when this returns, and
 * kept for the daemon.
 */
void kbng_session_stop(struct kbng_session *s, enum kbng_terminate_cause cause)
{
	bool offered = s->state == KBNG_STATE_OFFERED;

	lockdep_assert_held(&s->kn->lock);
	kbng_session_unlink(s);
	kbng_session_set_state(s, KBNG_STATE_STOPPED);
	s->cause = cause;
	s->deadline = 0;
	s->deadline6 = 0;
	s->stopped = ktime_get_boottime_ns();
	s->stopped_at = ktime_get_real_seconds();
	if (!offered || s->offer)
		kbng_nl_session_notify(s, KBNG_CMD_SESSION_STOP_NTF);
	if (offered)
		kbng_session_forget(s);
}

/**
 * kbng_session_forget() - free a stopped session
 * @s: session
 */
void kbng_session_forget(struct kbng_session *s)
{
	lockdep_assert_held(&s->kn->lock);
	kbng_session_leave_shaper(s);
	kbng_session_erase(s);
	kbng_session_free(s);
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

static void kbng_session_expire(struct kbng_session *s, u64 now)
{
	if (s->deadline && s->deadline <= now) {
		if (s->addr)
			kbng_session_unbind(s, KBNG_CAUSE_LOST_CARRIER);
		else
			kbng_session_stop(s, KBNG_CAUSE_LOST_CARRIER);
	}
	if (s->state != KBNG_STATE_STOPPED)
		kbng_session_expire6(s, now);
	kbng_session_expire_held(s, now);
	if (s->ra_due && s->ra_due <= now)
		kbng_ra_tell(s, NULL);
}

/* Without the lock: a time that is being written is seen the next time. */
static bool kbng_session_is_due(const struct kbng_session *s, u64 now)
{
	u64 deadline6 = READ_ONCE(s->deadline6);
	u64 deadline = READ_ONCE(s->deadline);
	u64 ra_due = READ_ONCE(s->ra_due);

	return (deadline && deadline <= now) ||
	       (deadline6 && deadline6 <= now) || (ra_due && ra_due <= now) ||
	       READ_ONCE(s->held[KBNG_IPV4]) || READ_ONCE(s->held[KBNG_IPV6]);
}

/**
 * kbng_session_reap() - end what timed out, tell what is used up, and hosts that
 *	their router is still there
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
		if (kbng_session_is_due(s, now) ||
		    READ_ONCE(s->policy.quota)) {
			spin_lock_bh(&kn->lock);
			if (s->state != KBNG_STATE_STOPPED)
				kbng_session_expire(s, now);
			kbng_session_watch_quota(s);
			spin_unlock_bh(&kn->lock);
		}
		/* The walk goes on from an id: it needs no session to be held. */
		if (++n % 256 == 0)
			cond_resched_rcu();
	}
	rcu_read_unlock();
}

static u64 kbng_session_drops(const struct kbng_session *s, enum kbng_stat stat)
{
	return atomic64_read(&s->drops[stat - KBNG_STAT_drop_spoofed_iface]);
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
	counts->drops = kbng_session_drops(s, KBNG_STAT_drop_shaper_up + dir) +
			kbng_session_drops(s, KBNG_STAT_drop_aqm_up + dir);
	spin_unlock_bh(&flow->lock);
}

/**
 * kbng_session_idle() - how long the subscriber has sent nothing
 * @s: bound session
 *
 * Return: ns since its newest packet, or since it was bound
 */
u64 kbng_session_idle(const struct kbng_session *s)
{
	struct kbng_flow *flow = &s->host->flow[KBNG_UP];
	u64 idle;

	spin_lock_bh(&flow->lock);
	idle = kbng_edt_idle(&flow->edt, ktime_get_ns());
	spin_unlock_bh(&flow->lock);
	return idle;
}

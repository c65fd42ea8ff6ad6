// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 prefixes in a session's life. The first address or prefix binds it, and
 * it ends with the last that is leased. Static prefixes stay as long as it
 * lives, but do not keep it alive: nobody would ever end it.
 */
#include "session.h"

#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "netlink.h"
#include "pernet.h"
#include "ra.h"

/* A client's message is answered, or this is over. */
#define KBNG_SESSION_CLOSING6	(10ULL * NSEC_PER_SEC)

static void kbng_session_set_deadline6(struct kbng_session *s)
{
	const struct kbng_prefix *p;
	u64 first = 0;

	list_for_each_entry(p, &s->prefixes, session_node)
		if (p->deadline && (!first || p->deadline < first))
			first = p->deadline;
	WRITE_ONCE(s->deadline6, first);
}

static void kbng_session_set_lifetime(struct kbng_prefix *p, u32 preferred,
				      u32 valid)
{
	p->preferred = preferred;
	p->valid = valid;
	p->deadline = 0;
	if (valid != U32_MAX)
		p->deadline = ktime_get_boottime_ns() +
			      (u64)valid * NSEC_PER_SEC;
}

/**
 * kbng_session_is_leased6() - whether a session has a prefix of a server
 * @s: session
 * @but: prefix that does not count, or NULL
 *
 * Return: true when it has
 */
bool kbng_session_is_leased6(const struct kbng_session *s,
			     const struct kbng_prefix *but)
{
	const struct kbng_prefix *p;

	list_for_each_entry(p, &s->prefixes, session_node)
		if (p != but && p->kind != KBNG_PREFIX_STATIC)
			return true;
	return false;
}

/**
 * kbng_session_drop6() - take a prefix from a session, and say nothing
 * @s: live session, for the caller to end if this was its last address
 * @p: one of its prefixes; freed after a grace period
 */
void kbng_session_drop6(struct kbng_session *s, struct kbng_prefix *p)
{
	if (s->state == KBNG_STATE_ACTIVE)
		kbng_ra_tell(s, p);
	kbng_prefix_unlink(s->kn, p);
	list_del(&p->session_node);
	s->n_prefixes--;
	kfree_rcu(p, rcu);
	kbng_session_set_deadline6(s);
}

/**
 * kbng_session_bind6() - give a session a prefix, or extend it
 * @s: live session; pending now, if it was offered
 * @spec: valid; who else has it of a server loses it
 *
 * Return: 1 when the prefix is new, 0 when the session had it, -ENOSPC when it
 * has as many as it may, -EADDRINUSE when another has it as a static one, or
 * -ENOMEM
 */
int kbng_session_bind6(struct kbng_session *s,
		       const struct kbng_prefix_spec *spec)
{
	struct kbng_net *kn = s->kn;
	struct kbng_prefix *p;
	int fresh = 0;

	lockdep_assert_held(&kn->lock);
	p = kbng_prefix_find(kn, &spec->addr, spec->len);
	if (p && p->host->session != s) {
		if (p->kind == KBNG_PREFIX_STATIC)
			return -EADDRINUSE;
		kbng_session_unbind6(p->host->session, p,
				     KBNG_CAUSE_LOST_SERVICE);
		p = NULL;
	}
	if (!p) {
		if (s->n_prefixes == KBNG_PREFIXES_MAX)
			return -ENOSPC;
		if (!kbng_session_host(s))
			return -ENOMEM;
		p = kbng_prefix_create(s, spec);
		if (!p)
			return -ENOMEM;
		s->n_prefixes++;
		kbng_session_start(s);
		fresh = 1;
	}
	p->kind = spec->kind;
	p->closing = 0;
	kbng_session_set_lifetime(p, spec->preferred, spec->valid);
	kbng_session_set_deadline6(s);
	return fresh;
}

/**
 * kbng_session_set_left6() - change how much of a prefix's lifetime is left
 * @s: live session
 * @spec: one of its prefixes, whose lifetime has an end
 * @left: s
 */
void kbng_session_set_left6(struct kbng_session *s,
			    const struct kbng_prefix_spec *spec, u32 left)
{
	struct kbng_prefix *p = kbng_session_prefix(s, spec);

	lockdep_assert_held(&s->kn->lock);
	if (!p)
		return;
	p->deadline = ktime_get_boottime_ns() + (u64)left * NSEC_PER_SEC;
	kbng_session_set_deadline6(s);
}

/**
 * kbng_session_unbind6() - take a prefix from a session
 * @s: bound session; ends if nothing else is leased to it
 * @p: one of its prefixes
 * @cause: why
 */
void kbng_session_unbind6(struct kbng_session *s, struct kbng_prefix *p,
			  enum kbng_terminate_cause cause)
{
	lockdep_assert_held(&s->kn->lock);
	if (!s->addr && !kbng_session_is_leased6(s, p)) {
		kbng_session_stop(s, cause);
		return;
	}
	kbng_session_drop6(s, p);
	kbng_nl_session_notify(s, KBNG_CMD_SESSION_RENEW_NTF);
}

/**
 * kbng_session_prefix() - a leased prefix of a session
 * @s: live session
 * @spec: which, with its kind
 *
 * Return: the prefix, or NULL when the session has it not
 */
struct kbng_prefix *kbng_session_prefix(struct kbng_session *s,
					const struct kbng_prefix_spec *spec)
{
	struct kbng_prefix *p;

	p = kbng_prefix_find(s->kn, &spec->addr, spec->len);
	return p && p->host->session == s && p->kind == spec->kind ? p : NULL;
}

/**
 * kbng_session_close6() - the client has given a prefix back
 * @s: bound session
 * @p: one of its prefixes; it ends with the server's answer to that, or soon
 * @cause: why
 */
void kbng_session_close6(struct kbng_session *s, struct kbng_prefix *p,
			 enum kbng_terminate_cause cause)
{
	p->closing = cause;
	p->deadline = ktime_get_boottime_ns() + KBNG_SESSION_CLOSING6;
	kbng_session_set_deadline6(s);
}

/**
 * kbng_session_end_closed6() - a server has answered: end what was given back
 * @s: bound session
 *
 * Return: true when the session has ended with it
 */
bool kbng_session_end_closed6(struct kbng_session *s)
{
	struct kbng_prefix *next;
	struct kbng_prefix *p;

	list_for_each_entry_safe(p, next, &s->prefixes, session_node) {
		if (!p->closing)
			continue;
		kbng_session_unbind6(s, p, p->closing);
		if (s->state == KBNG_STATE_STOPPED)
			return true;
	}
	return false;
}

/* Its answers come here, and routes lead through it. */
static void kbng_session_inherit_peer(struct kbng_session *s,
				      const struct kbng_peer *peer)
{
	if (!peer || kbng_peer_set(s, &peer->key.addr))
		return;
	s->peer->xid = peer->xid;
	s->peer->open = peer->open;
}

/**
 * kbng_session_inherit6() - the prefixes of a session that was replaced, and how
 *	it speaks DHCPv6
 * @s: new session of the same client, bound
 * @old: the stopped one
 *
 * For want of memory the client has to ask for them again.
 */
void kbng_session_inherit6(struct kbng_session *s,
			   const struct kbng_session *old)
{
	const struct kbng_prefix *p;
	struct kbng_prefix *q;

	lockdep_assert_held(&s->kn->lock);
	kbng_session_inherit_peer(s, old->peer);
	list_for_each_entry(p, &old->prefixes, session_node) {
		struct kbng_prefix_spec spec = {
			.addr = p->key.addr,
			.len = p->key.len,
			.kind = p->kind,
		};

		q = kbng_prefix_create(s, &spec);
		if (!q)
			break;
		s->n_prefixes++;
		q->preferred = p->preferred;
		q->valid = p->valid;
		q->deadline = p->deadline;
	}
	kbng_session_set_deadline6(s);
}

/**
 * kbng_session_set_radius6() - replace RADIUS attributes about IPv6
 * @s: session
 * @radius6: attributes that were checked, or NULL; gets those before
 *
 * An active session's host is told.
 */
void kbng_session_set_radius6(struct kbng_session *s,
			      struct kbng_octets **radius6)
{
	const struct kbng_octets *new = *radius6;
	bool tell;

	lockdep_assert_held(&s->kn->lock);
	tell = s->state == KBNG_STATE_ACTIVE &&
	       !kbng_octets_equal(s->radius6, new ? new->data : NULL,
				  new ? new->len : 0);
	if (tell)
		kbng_ra_forget(s, new);
	swap(s->radius6, *radius6);
	if (tell)
		kbng_ra_tell(s, NULL);
}

/**
 * kbng_session_expire6() - take the prefixes whose time is over
 * @s: live session; ends with its last address
 * @now: ns of boot time
 */
void kbng_session_expire6(struct kbng_session *s, u64 now)
{
	struct kbng_prefix *next;
	struct kbng_prefix *p;

	if (!s->deadline6 || s->deadline6 > now)
		return;
	list_for_each_entry_safe(p, next, &s->prefixes, session_node) {
		if (!p->deadline || p->deadline > now)
			continue;
		kbng_session_unbind6(s, p, p->closing ?: KBNG_CAUSE_LOST_CARRIER);
		if (s->state == KBNG_STATE_STOPPED)
			return;
	}
}

/**
 * kbng_session_stop6() - no packet finds a session by its prefixes any more
 * @s: session that ends; it keeps them for its last record
 */
void kbng_session_stop6(struct kbng_session *s)
{
	struct kbng_prefix *p;

	list_for_each_entry(p, &s->prefixes, session_node)
		kbng_prefix_unlink(s->kn, p);
	kbng_peer_unlink(s);
}

/**
 * kbng_session_free6() - free a session's prefixes and peer
 * @s: session that nobody reaches, a grace period after its end
 */
void kbng_session_free6(struct kbng_session *s)
{
	struct kbng_prefix *next;
	struct kbng_prefix *p;

	list_for_each_entry_safe(p, next, &s->prefixes, session_node)
		kfree(p);
	kfree(s->peer);
}

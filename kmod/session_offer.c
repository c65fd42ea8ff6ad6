// SPDX-License-Identifier: GPL-2.0
/*
 * DHCP that waits for a verdict on its client: on an iface with KBNG_AUTH_OFFER
 * no server hears of a client before the daemon has let it in.
 *
 * A session keeps the client's newest message, and sends it on when it may. The
 * verdict itself is kept as long as an offer: the REQUEST that follows needs
 * no other.
 */
#include "session.h"

#include <linux/module.h>
#include <linux/skbuff.h>
#include "iface.h"
#include "netlink.h"
#include "pernet.h"

#define KBNG_SESSION_HELD_TIME	(10ULL * NSEC_PER_SEC)

static unsigned int kbng_session_held_max = 4096;
module_param_named(max_held, kbng_session_held_max, uint, 0644);
MODULE_PARM_DESC(max_held,
		 "DHCP messages in a network namespace that wait for a verdict, up to 4.5 KiB each");

/**
 * struct kbng_held - what a held message needs besides itself
 * @until: ns of boot time
 * @to: IPv4 address that the client sent it to
 */
struct kbng_held {
	u64 until;
	__be32 to;
};

static struct kbng_held *kbng_session_held(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct kbng_held) > sizeof(skb->cb));
	return (struct kbng_held *)skb->cb;
}

static const struct kbng_iface_config *
kbng_session_config(const struct kbng_session *s)
{
	return rcu_dereference_check(s->line->iface->config,
				     lockdep_is_held(&s->kn->lock));
}

/**
 * kbng_session_may_ask() - whether servers may hear of a session's client
 * @s: live session
 *
 * A session with an IPv4 address is past that: renewals are never held.
 *
 * Return: KBNG_STAT_NONE, KBNG_STAT_dhcp_auth_held until there is a verdict, or
 * KBNG_STAT_dhcp_auth_rejected
 */
enum kbng_stat kbng_session_may_ask(const struct kbng_session *s)
{
	lockdep_assert_held(&s->kn->lock);
	if (s->addr || kbng_session_config(s)->auth != KBNG_AUTH_OFFER)
		return KBNG_STAT_NONE;
	switch (s->state) {
	case KBNG_STATE_ACTIVE:
		return KBNG_STAT_NONE;
	case KBNG_STATE_REJECTED:
		return KBNG_STAT_dhcp_auth_rejected;
	}
	if (s->offer == KBNG_OFFER_REFUSED)
		return KBNG_STAT_dhcp_auth_rejected;
	if (s->offer == KBNG_OFFER_GRANTED &&
	    s->offer_end > ktime_get_boottime_ns())
		return KBNG_STAT_NONE;
	return KBNG_STAT_dhcp_auth_held;
}

/**
 * kbng_session_drop_held() - the message that waits goes nowhere
 * @s: session; nothing happens unless one waits
 * @stat: why
 */
void kbng_session_drop_held(struct kbng_session *s, enum kbng_stat stat)
{
	lockdep_assert_held(&s->kn->lock);
	if (!s->held)
		return;
	kfree_skb(s->held);
	s->held = NULL;
	s->kn->n_held--;
	kbng_iface_count(s->line->iface, stat);
}

/**
 * kbng_session_hold() - keep a message until there is a verdict, which is asked for
 * @s: session that is offered or pending
 * @skb: message, taken over on success; it replaces an older one
 * @to: IPv4 address that the client sent it to
 *
 * Return: KBNG_STAT_NONE, or why it is not kept
 */
enum kbng_stat kbng_session_hold(struct kbng_session *s, struct sk_buff *skb,
				 __be32 to)
{
	enum kbng_stat stat = KBNG_STAT_NONE;
	struct kbng_net *kn = s->kn;

	kbng_session_drop_held(s, KBNG_STAT_dhcp_auth_replaced);
	if (kn->n_held < READ_ONCE(kbng_session_held_max)) {
		kbng_session_held(skb)->until = ktime_get_boottime_ns() +
						KBNG_SESSION_HELD_TIME;
		kbng_session_held(skb)->to = to;
		WRITE_ONCE(s->held, skb);
		kn->n_held++;
		kbng_stat_inc(kn->stats, KBNG_STAT_dhcp_auth_held);
	} else {
		stat = KBNG_STAT_dhcp_auth_full;
	}
	/* A pending session's verdict was asked for when it was bound. */
	if (s->state == KBNG_STATE_OFFERED && s->offer != KBNG_OFFER_WANTED) {
		s->offer = KBNG_OFFER_WANTED;
		kbng_nl_session_notify(s, KBNG_CMD_SESSION_AUTH_NTF);
	}
	return stat;
}

/**
 * kbng_session_release() - take the message that waited, if it may go on
 * @s: session
 * @to: IPv4 address that the client sent it to
 *
 * Return: the message, the caller's, or NULL
 */
struct sk_buff *kbng_session_release(struct kbng_session *s, __be32 *to)
{
	struct sk_buff *skb = s->held;

	lockdep_assert_held(&s->kn->lock);
	if (!skb || kbng_session_may_ask(s))
		return NULL;
	WRITE_ONCE(s->held, NULL);
	s->kn->n_held--;
	*to = kbng_session_held(skb)->to;
	memset(skb->cb, 0, sizeof(skb->cb));
	return skb;
}

/**
 * kbng_session_judge() - the verdict on the client of an offered session
 * @s: session in state offered
 * @granted: it may have an offer
 * @retry: s that a refusal counts, 0: as long as an offer
 *
 * Who is refused is forgotten with his session, and asked about again.
 */
void kbng_session_judge(struct kbng_session *s, bool granted, u32 retry)
{
	lockdep_assert_held(&s->kn->lock);
	kbng_session_refresh(s, s->line->iface);
	if (granted) {
		s->offer = KBNG_OFFER_GRANTED;
		s->offer_end = s->deadline;
	} else {
		s->offer = KBNG_OFFER_REFUSED;
		if (retry)
			s->deadline = ktime_get_boottime_ns() +
				      (u64)retry * NSEC_PER_SEC;
		kbng_session_drop_held(s, KBNG_STAT_dhcp_auth_rejected);
	}
	kbng_nl_session_notify(s, KBNG_CMD_SESSION_STATE_NTF);
}

/**
 * kbng_session_expire_held() - nobody waits for a verdict for ever
 * @s: session
 * @now: ns of boot time
 */
void kbng_session_expire_held(struct kbng_session *s, u64 now)
{
	if (s->held && kbng_session_held(s->held)->until <= now)
		kbng_session_drop_held(s, KBNG_STAT_dhcp_auth_timeout);
}

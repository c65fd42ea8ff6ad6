// SPDX-License-Identifier: GPL-2.0
/*
 * DHCP that waits for a verdict on its client: on an iface with KBNG_AUTH_OFFER
 * no server hears of a client before the daemon has let it in.
 *
 * A session keeps the client's newest message of each family, and sends both on
 * when it may: they wait for one verdict. That itself is kept as long as an
 * offer: the REQUEST that follows needs no other.
 */
#include "session.h"

#include <linux/module.h>
#include <linux/netfilter.h>
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
 * @addr: of the packet that it came in
 */
struct kbng_held {
	u64 until;
	union nf_inet_addr addr;
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

/* What a trigger has seen is a claim: nobody has leased that. */
static bool kbng_session_is_leased(const struct kbng_session *s)
{
	return (s->addr && !s->trigger) || kbng_session_is_leased6(s, NULL);
}

/* What has something of a family is past that: renewals are never held. */
static bool kbng_session_renews(const struct kbng_session *s,
				enum kbng_family family)
{
	return family == KBNG_IPV4 ? s->addr != 0 :
				     kbng_session_is_leased6(s, NULL);
}

/**
 * kbng_session_may_ask() - whether servers may hear of a session's client
 * @s: live session
 * @family: of the message
 *
 * Return: KBNG_STAT_NONE, KBNG_STAT_dhcp_auth_held until there is a verdict, or
 * KBNG_STAT_dhcp_auth_rejected
 */
enum kbng_stat kbng_session_may_ask(const struct kbng_session *s,
				    enum kbng_family family)
{
	lockdep_assert_held(&s->kn->lock);
	if (kbng_session_config(s)->auth != KBNG_AUTH_OFFER ||
	    kbng_session_renews(s, family))
		return KBNG_STAT_NONE;
	switch (s->state) {
	case KBNG_STATE_ACTIVE:
		return KBNG_STAT_NONE;
	case KBNG_STATE_REJECTED:
		return KBNG_STAT_dhcp_auth_rejected;
	case KBNG_STATE_PENDING:
		/* The other family was let in, and so was the client. */
		return kbng_session_is_leased(s) ? KBNG_STAT_NONE :
						   KBNG_STAT_dhcp_auth_held;
	}
	if (s->offer == KBNG_OFFER_REFUSED)
		return KBNG_STAT_dhcp_auth_rejected;
	if (s->offer == KBNG_OFFER_GRANTED &&
	    s->offer_end > ktime_get_boottime_ns())
		return KBNG_STAT_NONE;
	return KBNG_STAT_dhcp_auth_held;
}

static void kbng_session_drop_one(struct kbng_session *s,
				  enum kbng_family family, enum kbng_stat stat)
{
	if (!s->held[family])
		return;
	kfree_skb(s->held[family]);
	s->held[family] = NULL;
	s->kn->n_held--;
	kbng_iface_count(s->line->iface, stat);
}

/**
 * kbng_session_drop_held() - the messages that wait go nowhere
 * @s: session; nothing happens unless one waits
 * @stat: why
 */
void kbng_session_drop_held(struct kbng_session *s, enum kbng_stat stat)
{
	lockdep_assert_held(&s->kn->lock);
	kbng_session_drop_one(s, KBNG_IPV4, stat);
	kbng_session_drop_one(s, KBNG_IPV6, stat);
}

/*
 * Keep a message until there is a verdict, which is asked for. It replaces an
 * older one of its family, and is taken over on success.
 */
static enum kbng_stat kbng_session_hold(struct kbng_session *s,
					enum kbng_family family,
					struct sk_buff *skb,
					const union nf_inet_addr *addr)
{
	enum kbng_stat stat = KBNG_STAT_NONE;
	struct kbng_net *kn = s->kn;

	kbng_session_drop_one(s, family, KBNG_STAT_dhcp_auth_replaced);
	if (kn->n_held < READ_ONCE(kbng_session_held_max)) {
		kbng_session_held(skb)->until = ktime_get_boottime_ns() +
						KBNG_SESSION_HELD_TIME;
		kbng_session_held(skb)->addr = *addr;
		WRITE_ONCE(s->held[family], skb);
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
 * kbng_session_let_in() - a client's message is about to go to servers
 * @s: live session of the client
 * @family: of the message
 * @skb: message; NULL afterwards if it waits, and is the session's
 * @addr: of the packet that it came in: what the relay will need
 *
 * Who is refused does not even keep his session alive.
 *
 * Return: KBNG_STAT_NONE when it may go or waits, or why it is to be dropped
 */
enum kbng_stat kbng_session_let_in(struct kbng_session *s,
				   enum kbng_family family,
				   struct sk_buff **skb,
				   const union nf_inet_addr *addr)
{
	enum kbng_stat stat = kbng_session_may_ask(s, family);

	if (stat == KBNG_STAT_dhcp_auth_rejected)
		return stat;
	if (s->state == KBNG_STATE_OFFERED)
		kbng_session_refresh(s, s->line->iface);
	if (!stat)
		return KBNG_STAT_NONE;
	stat = kbng_session_hold(s, family, *skb, addr);
	if (!stat)
		*skb = NULL;
	return stat;
}

/**
 * kbng_session_release() - take the message that waited, if it may go on
 * @s: session
 * @family: of the message
 * @addr: of the packet that it came in
 *
 * Return: the message, the caller's, or NULL
 */
struct sk_buff *kbng_session_release(struct kbng_session *s,
				     enum kbng_family family,
				     union nf_inet_addr *addr)
{
	struct sk_buff *skb = s->held[family];

	lockdep_assert_held(&s->kn->lock);
	if (!skb || kbng_session_may_ask(s, family))
		return NULL;
	WRITE_ONCE(s->held[family], NULL);
	s->kn->n_held--;
	*addr = kbng_session_held(skb)->addr;
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
	unsigned int i;

	for (i = 0; i < KBNG_FAMILIES; i++)
		if (s->held[i] && kbng_session_held(s->held[i])->until <= now)
			kbng_session_drop_one(s, i, KBNG_STAT_dhcp_auth_timeout);
}

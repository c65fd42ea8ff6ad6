// SPDX-License-Identifier: GPL-2.0
/*
 * What a host hears depends on its session: while that is active this machine
 * is its default router, and it makes itself addresses of the session's static
 * /64 prefixes. What RADIUS says of routes and DNS servers is told as well, and
 * these servers are instead of the iface's. Without a session it hears no more
 * than that it may ask by DHCPv6.
 *
 * A message is written under kbng_net.lock, where the session stands still, and
 * sent outside of it. In between it waits in kbng_net.ra_queue, so that a host
 * hears of its session in the order of what happened to it. None waits for the
 * device of an iface that is gone: see kbng_iface_del().
 */
#include "ra.h"

#include <linux/etherdevice.h>
#include <linux/netfilter.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/timekeeping.h>
#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include "bucket.h"
#include "guard6.h"
#include "iface.h"
#include "nd_router.h"
#include "neigh6.h"
#include "pernet.h"
#include "session.h"

/* Answers a second, to a client with a session, and to all without on an iface. */
#define KBNG_RA_RATE		1
#define KBNG_RA_RATE_STRANGERS	100

/* Messages that wait, of some 1300 octets. */
#define KBNG_RA_QUEUE_MAX	8192

/* s, RFC 4861 6.2.1 */
#define KBNG_RA_VALID		2592000
#define KBNG_RA_PREFERRED	604800

/* Of a message in the queue: whom it is for. */
struct kbng_ra_to {
	struct in6_addr daddr;
	u8 mac[ETH_ALEN];
	u32 tags;
};

static struct kbng_ra_to *kbng_ra_to(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct kbng_ra_to) > sizeof(skb->cb));
	return (struct kbng_ra_to *)skb->cb;
}

/* Hosts make addresses of 64 bits and 64 of their own (RFC 4862 5.5.3). */
static bool kbng_ra_is_announced(const struct kbng_prefix *p)
{
	return p->kind == KBNG_PREFIX_STATIC && p->key.len == 64;
}

/* Once it is not active, or @gone, hosts shall forget what they made of it. */
static void kbng_ra_prefixes(struct kbng_nd_router *r,
			     const struct kbng_session *s,
			     const struct kbng_prefix *gone)
{
	const struct kbng_prefix *p;
	struct kbng_nd_prefix *q;

	list_for_each_entry(p, &s->prefixes, session_node) {
		if (!kbng_ra_is_announced(p))
			continue;
		q = &r->prefix[r->n_prefixes++];
		q->addr = p->key.addr;
		if (p == gone || s->state != KBNG_STATE_ACTIVE)
			continue;
		q->valid = KBNG_RA_VALID;
		q->preferred = KBNG_RA_PREFERRED;
	}
}

/* Those of the session go before those of its iface. */
static unsigned int kbng_ra_dns(const struct kbng_iface_config *cfg,
				const struct kbng_octets *radius6,
				struct in6_addr dns[KBNG_SERVERS_MAX])
{
	unsigned int n;

	n = kbng_radius6_dns(kbng_session_radius6(radius6), dns);
	if (n)
		return n;
	memcpy(dns, cfg->dns6, cfg->n_dns6 * sizeof(*dns));
	return cfg->n_dns6;
}

static void kbng_ra_routes(struct kbng_nd_router *r,
			   const struct kbng_octets *radius6, u32 lifetime)
{
	unsigned int i;

	r->n_routes = kbng_radius6_routes(kbng_session_radius6(radius6),
					  r->route);
	for (i = 0; i < r->n_routes; i++)
		r->route[i].lifetime = lifetime;
}

/* What every message has; @s is the host's session, or NULL. */
static void kbng_ra_begin(struct kbng_nd_router *r,
			  const struct net_device *dev,
			  const struct kbng_iface_config *cfg,
			  const struct kbng_session *s)
{
	unsigned int mtu = READ_ONCE(dev->mtu);

	memset(r, 0, sizeof(*r));
	r->flags = cfg->n_servers6 ? KBNG_ND_ROUTER_DHCP : 0;
	r->mac = dev->dev_addr;
	r->mtu = mtu < IPV6_MIN_MTU ? 0 : mtu;
	if (s && s->state == KBNG_STATE_ACTIVE)
		r->lifetime = cfg->ra_lifetime;
}

static void kbng_ra_put(struct sk_buff *skb, const struct kbng_nd_router *r)
{
	BUILD_BUG_ON(sizeof(struct ipv6hdr) + KBNG_ND_ROUTER_MAX >
		     IPV6_MIN_MTU);
	skb_put(skb, kbng_nd_router_write(skb->data, KBNG_ND_ROUTER_MAX, r));
}

/* What a host is told; @s is its session, or NULL. */
static void kbng_ra_write(struct sk_buff *skb,
			  const struct kbng_iface_config *cfg,
			  const struct kbng_session *s,
			  const struct kbng_prefix *gone)
{
	struct in6_addr dns[KBNG_SERVERS_MAX];
	struct kbng_nd_router r;

	kbng_ra_begin(&r, skb->dev, cfg, s);
	r.n_dns = kbng_ra_dns(cfg, s ? s->radius6 : NULL, dns);
	r.dns = dns;
	r.dns_lifetime = 3 * r.lifetime;
	r.search = cfg->search6;
	if (s) {
		kbng_ra_prefixes(&r, s, gone);
		kbng_ra_routes(&r, s->radius6, r.lifetime);
	}
	kbng_ra_put(skb, &r);
}

/* A message for a client, that kbng_ra_write() has to fill; or NULL. */
static struct sk_buff *kbng_ra_create(const struct kbng_iface *iface,
				      const struct kbng_client *client,
				      const struct in6_addr *daddr)
{
	struct kbng_net *kn = iface->kn;
	struct sk_buff *skb = NULL;

	lockdep_assert_held(&kn->lock);
	if (skb_queue_len_lockless(&kn->ra_queue) < KBNG_RA_QUEUE_MAX)
		skb = kbng_neigh6_alloc(iface->dev, KBNG_ND_ROUTER_MAX);
	if (!skb) {
		kbng_stat_inc(kn->stats, KBNG_STAT_ra_no_memory);
		return NULL;
	}
	kbng_ra_to(skb)->daddr = *daddr;
	kbng_ra_to(skb)->tags = client->tags;
	ether_addr_copy(kbng_ra_to(skb)->mac, client->mac);
	return skb;
}

static void kbng_ra_queue(struct kbng_net *kn, struct sk_buff *skb)
{
	skb_queue_tail(&kn->ra_queue, skb);
	schedule_work(&kn->ra_work);
}

/*
 * A router is known by its address, so it is the same in all messages. Takes
 * over the skb.
 */
static void kbng_ra_send(struct kbng_net *kn, struct sk_buff *skb)
{
	const struct kbng_ra_to to = *kbng_ra_to(skb);
	struct in6_addr saddr;

	if (ipv6_dev_get_saddr(kn->net, skb->dev, &in6addr_linklocal_allnodes,
			       0, &saddr) ||
	    !kbng_guard6_is_link_local(&saddr)) {
		kbng_stat_inc(kn->stats, KBNG_STAT_ra_no_address);
		kfree_skb(skb);
		return;
	}
	kbng_stat_inc(kn->stats, KBNG_STAT_ra_sent);
	memset(skb->cb, 0, sizeof(skb->cb));
	kbng_neigh6_send(skb, &saddr, &to.daddr, to.mac, to.tags);
}

static void kbng_ra_work(struct work_struct *work)
{
	struct kbng_net *kn = container_of(work, struct kbng_net, ra_work);
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&kn->ra_queue))) {
		kbng_ra_send(kn, skb);
		cond_resched();
	}
}

/* RFC 4861 6.1.1, as far as the guard has not looked. */
static bool kbng_ra_checksum_ok(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	unsigned int len = ntohs(ip6->payload_len);

	return skb_csum_unnecessary(skb) ||
	       !csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len, IPPROTO_ICMPV6,
				csum_partial(ip6 + 1, len, 0));
}

static void kbng_ra_answer(struct kbng_iface *iface,
			   const struct kbng_iface_config *cfg,
			   const struct kbng_client *client,
			   const struct in6_addr *daddr)
{
	u64 now = ktime_get_boottime_ns();
	struct kbng_net *kn = iface->kn;
	struct kbng_session *s;
	struct sk_buff *skb;

	lockdep_assert_held(&kn->lock);
	s = kbng_session_by_client(kn, client);
	if (s ? !kbng_bucket_take(&s->ra_bucket, KBNG_RA_RATE, now) :
		!kbng_bucket_take(&iface->ra_bucket, KBNG_RA_RATE_STRANGERS,
				  now)) {
		kbng_iface_count(iface, KBNG_STAT_ra_limited);
		return;
	}
	skb = kbng_ra_create(iface, client, daddr);
	if (!skb)
		return;
	kbng_ra_write(skb, cfg, s, NULL);
	kbng_ra_queue(kn, skb);
}

/**
 * kbng_ra_solicited() - a subscriber asks for routers
 * @iface: access iface
 * @tags: of the line that it came by
 * @skb: router solicitation that the guard has let pass, in the linear part
 *
 * There is one router on a line, so the answer need not be delayed.
 *
 * Context: softirq, RCU
 * Return: verdict
 */
unsigned int kbng_ra_solicited(struct kbng_iface *iface, u32 tags,
			       struct sk_buff *skb)
{
	const struct kbng_iface_config *cfg = rcu_dereference(iface->config);
	struct kbng_client client = { .ifindex = iface->ifindex, .tags = tags };
	const struct in6_addr *daddr = &ipv6_hdr(skb)->saddr;
	struct kbng_net *kn = iface->kn;

	if (!cfg->ra)
		return NF_ACCEPT;
	if (!kbng_ra_checksum_ok(skb)) {
		kbng_iface_count(iface, KBNG_STAT_drop_nd_malformed);
		return NF_DROP;
	}
	if (ipv6_addr_any(daddr))
		daddr = &in6addr_linklocal_allnodes;
	ether_addr_copy(client.mac, eth_hdr(skb)->h_source);
	spin_lock_bh(&kn->lock);
	kbng_ra_answer(iface, cfg, &client, daddr);
	spin_unlock_bh(&kn->lock);
	consume_skb(skb);
	return NF_STOLEN;
}

/* At least three before the host gives the router up. */
static u64 kbng_ra_interval(const struct kbng_iface_config *cfg)
{
	u32 ms = cfg->ra_lifetime * 250;

	ms += reciprocal_scale(get_random_u32(), ms / 3);
	return (u64)ms * NSEC_PER_MSEC;
}

/**
 * kbng_ra_tell() - tell a host what has become of its session
 * @s: session, that may have stopped
 * @gone: prefix that it is about to lose, or NULL
 *
 * Nothing happens unless its iface has router advertisements. While the session
 * is active the reaper says it again, in time.
 */
void kbng_ra_tell(struct kbng_session *s, const struct kbng_prefix *gone)
{
	const struct kbng_iface_config *cfg;
	u64 now = ktime_get_boottime_ns();
	struct kbng_net *kn = s->kn;
	struct kbng_iface *iface;
	struct sk_buff *skb;

	lockdep_assert_held(&kn->lock);
	if (gone && !kbng_ra_is_announced(gone))
		return;
	s->ra_due = 0;
	iface = kbng_iface_get(kn, s->client.ifindex);
	cfg = rcu_dereference_check(iface->config, lockdep_is_held(&kn->lock));
	/* Behind a node it is not on the link. */
	if (!cfg->ra || s->client.node)
		return;
	skb = kbng_ra_create(iface, &s->client, &in6addr_linklocal_allnodes);
	if (s->state == KBNG_STATE_ACTIVE)
		s->ra_due = now + (skb ? kbng_ra_interval(cfg) : NSEC_PER_SEC);
	if (!skb)
		return;
	kbng_ra_write(skb, cfg, s, gone);
	kbng_ra_queue(kn, skb);
}

/* DNS servers and routes of @s without those of @kept; false: there are none. */
static bool kbng_ra_gone(struct kbng_nd_router *r, struct in6_addr *dns,
			 const struct kbng_iface_config *cfg,
			 const struct kbng_session *s,
			 const struct kbng_octets *kept)
{
	struct kbng_nd_route kept_route[KBNG_ROUTES6_MAX];
	struct in6_addr kept_dns[KBNG_SERVERS_MAX];
	unsigned int n;

	n = kbng_ra_dns(cfg, kept, kept_dns);
	r->n_dns = kbng_radius6_less_dns(dns,
					 kbng_ra_dns(cfg, s->radius6, dns),
					 kept_dns, n);
	r->dns = dns;
	kbng_ra_routes(r, s->radius6, 0);
	n = kbng_radius6_routes(kbng_session_radius6(kept), kept_route);
	r->n_routes = kbng_radius6_less_routes(r->route, r->n_routes,
					       kept_route, n);
	return r->n_dns || r->n_routes;
}

/**
 * kbng_ra_forget() - tell a host which DNS servers and routes it is to forget
 * @s: active session, with the RADIUS attributes that it is about to lose
 * @kept: those that it gets, or NULL
 */
void kbng_ra_forget(struct kbng_session *s, const struct kbng_octets *kept)
{
	struct in6_addr dns[KBNG_SERVERS_MAX];
	const struct kbng_iface_config *cfg;
	struct kbng_net *kn = s->kn;
	struct kbng_nd_router r;
	struct kbng_iface *iface;
	struct sk_buff *skb;

	lockdep_assert_held(&kn->lock);
	iface = kbng_iface_get(kn, s->client.ifindex);
	cfg = rcu_dereference_check(iface->config, lockdep_is_held(&kn->lock));
	if (!cfg->ra || s->client.node)
		return;
	kbng_ra_begin(&r, iface->dev, cfg, s);
	if (!kbng_ra_gone(&r, dns, cfg, s, kept))
		return;
	skb = kbng_ra_create(iface, &s->client, &in6addr_linklocal_allnodes);
	if (!skb)
		return;
	kbng_ra_put(skb, &r);
	kbng_ra_queue(kn, skb);
}

/**
 * kbng_ra_tell_iface() - an iface's advertisements have changed: tell its hosts
 * @iface: iface
 *
 * The reaper does, a thousand a second.
 */
void kbng_ra_tell_iface(struct kbng_iface *iface)
{
	struct kbng_net *kn = iface->kn;
	u64 due = ktime_get_boottime_ns();
	struct kbng_session *s;
	unsigned long id;

	xa_for_each(&kn->sessions, id, s) {
		spin_lock_bh(&kn->lock);
		/* It may have been freed since, or its id taken again. */
		s = xa_load(&kn->sessions, id);
		if (s && s->client.ifindex == iface->ifindex &&
		    s->state == KBNG_STATE_ACTIVE) {
			s->ra_due = due;
			due += NSEC_PER_MSEC;
		}
		spin_unlock_bh(&kn->lock);
		cond_resched();
	}
}

/**
 * kbng_ra_flush() - wait until all that was to be told is sent
 * @kn: namespace
 */
void kbng_ra_flush(struct kbng_net *kn)
{
	flush_work(&kn->ra_work);
}

void kbng_ra_net_init(struct kbng_net *kn)
{
	skb_queue_head_init(&kn->ra_queue);
	INIT_WORK(&kn->ra_work, kbng_ra_work);
}

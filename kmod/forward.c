// SPDX-License-Identifier: GPL-2.0
/*
 * What the stack forwards from or to subscribers, on its last steps: it counts
 * on its session, and gets its departure time. A GSO packet that would keep a
 * slow line for long is taken apart here, and its packets go on one by one.
 */
#include "forward.h"

#include <linux/netfilter.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include "hook.h"
#include "host.h"
#include "iface.h"
#include "pernet.h"
#include "shape.h"
#include "xmit.h"

/*
 * The device that a forwarded packet came in by; 0 for this machine's own
 * packets, and for what a tunnel made of a forwarded one.
 */
static int kbng_forward_origin(const struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	bool ipv6 = state->pf == NFPROTO_IPV6;

	if (!state->in)
		return 0;
	/* IPv6 marks no forwarded packet, but it was received somewhere. */
	if (ipv6 ? !skb->skb_iif : !(IPCB(skb)->flags & IPSKB_FORWARDED))
		return 0;
	/* Of what goes to a group, it is the device that it leaves through. */
	if (ipv6 && ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr))
		return 0;
	/* A VRF puts itself in the place of the device. */
	if (netif_is_l3_master(state->in))
		return ipv6 ? IP6CB(skb)->iif : IPCB(skb)->iif;
	return state->in->ifindex;
}

static struct kbng_iface *kbng_forward_access(struct kbng_iface *iface)
{
	return iface && iface->role == KBNG_ROLE_ACCESS ? iface : NULL;
}

/* The host that a forwarded packet counts on, or NULL. */
static struct kbng_host *kbng_forward_host(struct kbng_iface *iface,
					   const struct sk_buff *skb,
					   enum kbng_dir dir)
{
	struct kbng_host *host = kbng_host_of(iface->kn, skb, dir);

	return host && host->ifindex == iface->ifindex ? host : NULL;
}

/**
 * struct kbng_forward_way - of a forwarded packet
 * @from: access iface that it came in by, or NULL
 * @to: access iface that it leaves through, or NULL
 * @up: who has sent it, if there is @from
 * @down: whom it is for, if there is @to
 * @out: where it leaves
 */
struct kbng_forward_way {
	struct kbng_iface *from;
	struct kbng_iface *to;
	struct kbng_host *up;
	struct kbng_host *down;
	struct kbng_shape_out out;
};

static unsigned int kbng_forward_charge(const struct kbng_forward_way *way,
					struct sk_buff *skb)
{
	bool straight_up = true;
	bool straight = true;
	enum kbng_stat stat;

	if (way->up) {
		stat = kbng_shape_charge(way->up, KBNG_UP, skb, &way->out,
					 &straight_up);
		if (stat)
			return kbng_hook_drop(way->from, stat);
	}
	if (way->down) {
		stat = kbng_shape_charge(way->down, KBNG_DOWN, skb, &way->out,
					 &straight);
		if (stat) {
			if (way->up)
				kbng_shape_refund(way->up, KBNG_UP, skb);
			return kbng_hook_drop(way->to, stat);
		}
	}
	if (straight_up && straight)
		kbng_xmit_mark(skb, &way->out);
	return NF_ACCEPT;
}

static struct sk_buff *kbng_forward_split(const struct kbng_forward_way *way,
					  struct sk_buff *skb)
{
	struct sk_buff *segs = NULL;

	if (way->up)
		segs = kbng_shape_split(way->up, KBNG_UP, skb, &way->out);
	if (way->down && !segs)
		segs = kbng_shape_split(way->down, KBNG_DOWN, skb, &way->out);
	return segs;
}

/* Through the hooks that come after ours, and out. Takes over the skb. */
static void kbng_forward_go_on(struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct nf_hook_state rest = *state;
	const struct nf_hook_entries *e;
	unsigned int i;

	if (state->pf == NFPROTO_IPV6)
		e = rcu_dereference(state->net->nf.hooks_ipv6[state->hook]);
	else
		e = rcu_dereference(state->net->nf.hooks_ipv4[state->hook]);
	for (i = 0; e && i < e->num_hook_entries; i++)
		if (e->hooks[i].hook == kbng_forward)
			break;
	/* We are being taken away: without NAT it must not leave. */
	if (!e || i == e->num_hook_entries)
		kfree_skb(skb);
	else if (nf_hook_slow(skb, &rest, e, i + 1) == 1)
		state->okfn(state->net, state->sk, skb);
}

/* As a whole, or as the packets that it would leave as. */
static unsigned int kbng_forward_packet(const struct kbng_forward_way *way,
					struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	struct sk_buff *segs = NULL;
	struct sk_buff *next;

	if (skb_is_gso(skb))
		segs = kbng_forward_split(way, skb);
	if (!segs)
		return kbng_forward_charge(way, skb);
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		if (kbng_forward_charge(way, skb) == NF_ACCEPT)
			kbng_forward_go_on(skb, state);
		else
			kfree_skb(skb);
	}
	return NF_STOLEN;
}

/* Only here: the fast path leaves to the stack what is between subscribers. */
static bool kbng_forward_is_isolated(const struct kbng_forward_way *way)
{
	return way->up && way->down && way->up != way->down &&
	       (READ_ONCE(way->up->isolated) || READ_ONCE(way->down->isolated));
}

static unsigned int kbng_forward_by(struct kbng_forward_way *way,
				    struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	if (way->from) {
		way->up = kbng_forward_host(way->from, skb, KBNG_UP);
		if (!way->up)
			return kbng_hook_drop(way->from,
					      KBNG_STAT_drop_no_session);
	}
	if (way->to) {
		way->down = kbng_forward_host(way->to, skb, KBNG_DOWN);
		if (!way->down)
			return kbng_hook_drop(way->to,
					      KBNG_STAT_drop_no_session_down);
	}
	if (kbng_forward_is_isolated(way))
		return kbng_hook_drop(way->from, KBNG_STAT_drop_isolated);
	kbng_shape_out(&way->out);
	return kbng_forward_packet(way, skb, state);
}

/**
 * kbng_forward() - shape and count what is forwarded from or to subscribers
 * @priv: unused
 * @skb: packet, after routing; one with its route
 * @state: of the hook
 *
 * Return: a verdict; what was taken apart is stolen
 */
unsigned int kbng_forward(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	struct kbng_net *kn = kbng_net(state->net);
	int origin = kbng_forward_origin(skb, state);
	struct kbng_forward_way way = {};
	unsigned int verdict;

	if (!origin)
		return NF_ACCEPT;
	way.out.dev = state->out;
	way.out.iface = kbng_iface_get(kn, state->out->ifindex);
	way.from = kbng_forward_access(kbng_iface_get(kn, origin));
	way.to = kbng_forward_access(way.out.iface);
	if (!way.from && !way.to)
		return NF_ACCEPT;
	/* What nfqueue gives back comes from a process. */
	local_bh_disable();
	verdict = kbng_forward_by(&way, skb, state);
	local_bh_enable();
	return verdict;
}

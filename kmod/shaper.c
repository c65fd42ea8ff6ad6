// SPDX-License-Identifier: GPL-2.0
#include "shaper.h"

#include <linux/slab.h>
#include "pernet.h"

/*
 * A share is looked at that often, but not before so many full packets could
 * pass, and two of each subscriber.
 */
#define KBNG_SHAPER_PERIOD	(10 * NSEC_PER_MSEC)
#define KBNG_SHAPER_PACKETS	16
#define KBNG_SHAPER_EACH	2
#define KBNG_SHAPER_OCTETS	1500

/* Of the clock's lead, without what is held: the queue that is aimed at. */
#define KBNG_SHAPER_SHORT	(1 * NSEC_PER_MSEC)
#define KBNG_SHAPER_LONG	(4 * NSEC_PER_MSEC)
#define KBNG_SHAPER_FULL	(16 * NSEC_PER_MSEC)

static const struct rhashtable_params kbng_shaper_params = {
	.head_offset = offsetof(struct kbng_shaper, node),
	.key_offset = offsetof(struct kbng_shaper, name),
	.key_len = sizeof_field(struct kbng_shaper, name),
	.automatic_shrinking = true,
};

int kbng_shaper_net_init(struct kbng_net *kn)
{
	xa_init_flags(&kn->shapers, XA_FLAGS_ALLOC1 | XA_FLAGS_LOCK_BH);
	return rhashtable_init(&kn->shapers_by_name, &kbng_shaper_params);
}

/* No session is left. */
void kbng_shaper_net_uninit(struct kbng_net *kn)
{
	struct kbng_shaper *shaper;
	unsigned long id;

	rhashtable_destroy(&kn->shapers_by_name);
	xa_for_each(&kn->shapers, id, shaper)
		kfree_rcu(shaper, rcu);
	xa_destroy(&kn->shapers);
}

/**
 * kbng_shaper_find() - a shaper by its name
 * @kn: namespace
 * @name: up to KBNG_NAME_MAX octets
 *
 * Return: the shaper or NULL
 */
struct kbng_shaper *kbng_shaper_find(struct kbng_net *kn, const char *name)
{
	char key[KBNG_NAME_MAX + 1] = "";

	lockdep_assert_held(&kn->lock);
	strscpy(key, name, sizeof(key));
	return rhashtable_lookup_fast(&kn->shapers_by_name, key,
				      kbng_shaper_params);
}

/**
 * kbng_shaper_create() - a shaper without a limit
 * @kn: namespace
 * @name: that no other has
 * @parent: what it has a share of, or NULL; above which are at most
 *	KBNG_SHAPER_LEVELS - 2
 *
 * Return: the shaper or NULL for want of memory
 */
struct kbng_shaper *kbng_shaper_create(struct kbng_net *kn, const char *name,
				       struct kbng_shaper *parent)
{
	struct kbng_shaper *shaper;
	int dir;

	lockdep_assert_held(&kn->lock);
	shaper = kzalloc(sizeof(*shaper), GFP_ATOMIC | __GFP_ACCOUNT);
	if (!shaper)
		return NULL;
	strscpy(shaper->name, name, sizeof(shaper->name));
	shaper->parent = parent;
	shaper->level = parent ? parent->level + 1 : 0;
	for (dir = 0; dir < KBNG_DIRS; dir++)
		spin_lock_init(&shaper->flow[dir].lock);
	if (xa_alloc(&kn->shapers, &shaper->id, shaper, xa_limit_31b,
		     GFP_ATOMIC))
		goto err_free;
	if (rhashtable_insert_fast(&kn->shapers_by_name, &shaper->node,
				   kbng_shaper_params))
		goto err_erase;
	if (parent)
		parent->users++;
	return shaper;

err_erase:
	xa_erase(&kn->shapers, shaper->id);
err_free:
	kfree(shaper);
	return NULL;
}

/**
 * kbng_shaper_set_rate() - change a rate; the clock stays
 * @shaper: shaper
 * @dir: direction
 * @rate: bit/s, 0: no limit
 * @burst: octets, 0: a default
 */
void kbng_shaper_set_rate(struct kbng_shaper *shaper, enum kbng_dir dir,
			  u64 rate, u32 burst)
{
	struct kbng_shaper_flow *flow = &shaper->flow[dir];

	shaper->rate[dir] = rate;
	shaper->burst[dir] = burst;
	spin_lock_bh(&flow->lock);
	kbng_edt_set_rate(&flow->edt, rate, burst);
	WRITE_ONCE(flow->share, flow->edt.cost);
	spin_unlock_bh(&flow->lock);
}

/**
 * kbng_shaper_delete() - take a shaper away
 * @kn: namespace
 * @shaper: without users; freed a grace period later
 */
void kbng_shaper_delete(struct kbng_net *kn, struct kbng_shaper *shaper)
{
	lockdep_assert_held(&kn->lock);
	WARN_ON_ONCE(shaper->users);
	if (shaper->parent)
		shaper->parent->users--;
	rhashtable_remove_fast(&kn->shapers_by_name, &shaper->node,
			       kbng_shaper_params);
	xa_erase(&kn->shapers, shaper->id);
	kfree_rcu(shaper, rcu);
}

/**
 * kbng_shaper_look() - what a packet has to expect
 * @shaper: the lowest
 * @dir: direction
 * @now: ns
 * @wait: ns that the packet would have to wait for this and all above; raised
 *	to that
 * @share: cost of an octet at the rate that its subscriber may have; raised to
 *	that
 *
 * Without locks: a packet of another CPU may come first, and this one then
 * waits for it too.
 */
void kbng_shaper_look(const struct kbng_shaper *shaper, enum kbng_dir dir,
		      u64 now, u64 *wait, u64 *share)
{
	for (; shaper; shaper = shaper->parent) {
		const struct kbng_shaper_flow *flow = &shaper->flow[dir];
		u64 next = READ_ONCE(flow->edt.next) - READ_ONCE(flow->held);

		if (READ_ONCE(flow->edt.cost) && (s64)(next - now) > 0)
			*wait = max(*wait, next - now);
		*share = max(*share, READ_ONCE(flow->share));
	}
}

/*
 * What passed in a period, compared with what may pass, tells by how much the
 * share is wrong: who asks for less is not hurt by a small one, who asks for
 * more gets it. A little more or less may pass than the rate allows, so that
 * there is always a packet to send and the queue is short: packets that
 * subscribers' own clocks hold are not in it.
 */
static void kbng_shaper_adjust(struct kbng_shaper_flow *flow, u64 now)
{
	u64 full = kbng_edt_ns(flow->edt.cost, KBNG_SHAPER_OCTETS);
	u64 each = kbng_edt_ns(flow->share, KBNG_SHAPER_OCTETS);
	u64 period = max3(KBNG_SHAPER_PERIOD, KBNG_SHAPER_PACKETS * full,
			  KBNG_SHAPER_EACH * each);
	u64 wait = kbng_edt_wait(&flow->edt, now);
	u64 elapsed = now - flow->since;
	u64 may;
	u32 by;

	if (elapsed < period)
		return;
	flow->held = flow->asked ? div64_u64(flow->waited, flow->asked) : 0;
	wait -= min(wait, flow->held);
	may = div64_u64(min_t(u64, elapsed, NSEC_PER_SEC) << KBNG_EDT_SHIFT,
			flow->edt.cost);
	if (wait < KBNG_SHAPER_SHORT + full)
		may += may / 16;
	else if (wait > KBNG_SHAPER_FULL + 4 * full)
		may -= may / 8;
	else if (wait > KBNG_SHAPER_LONG + 2 * full)
		may -= may / 16;
	/* In 1/256; a step too far would swing back and forth. */
	by = clamp_t(u64, div64_u64(flow->asked << 8, may), 224, 292);
	WRITE_ONCE(flow->share, clamp(flow->share * by >> 8, flow->edt.cost,
				      kbng_edt_cost(KBNG_RATE_MIN)));
	flow->since = now;
	flow->asked = 0;
	flow->waited = 0;
}

/**
 * kbng_shaper_charge() - a packet passes
 * @shaper: the lowest; it and all above are charged
 * @dir: direction
 * @now: ns
 * @wait: ns that its subscriber's own clocks hold it
 * @packets: that the packet becomes
 * @octets: of these
 *
 * Context: softirq
 */
void kbng_shaper_charge(struct kbng_shaper *shaper, enum kbng_dir dir, u64 now,
			u64 wait, u32 packets, u32 octets)
{
	for (; shaper; shaper = shaper->parent) {
		struct kbng_shaper_flow *flow = &shaper->flow[dir];

		spin_lock(&flow->lock);
		if (flow->edt.cost)
			kbng_shaper_adjust(flow, now);
		kbng_edt_charge(&flow->edt, now, octets);
		flow->asked += octets;
		flow->waited += wait * octets;
		flow->packets += packets;
		flow->octets += octets;
		spin_unlock(&flow->lock);
	}
}

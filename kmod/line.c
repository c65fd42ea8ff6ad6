// SPDX-License-Identifier: GPL-2.0
#include "line.h"

#include <linux/jhash.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "iface.h"
#include "pernet.h"

#define KBNG_LINE_LINGER	(2ULL * NSEC_PER_SEC)	/* its bucket is full */

static u32 kbng_line_hash(int ifindex, u32 tags, const u8 *circuit,
			  u8 circuit_len, const u8 *remote, u8 remote_len,
			  u32 seed)
{
	seed = jhash_3words(ifindex, tags, circuit_len << 8 | remote_len, seed);
	seed = jhash(circuit, circuit_len, seed);
	return jhash(remote, remote_len, seed);
}

static u32 kbng_line_hash_key(const void *data, u32 len, u32 seed)
{
	const struct kbng_line_key *key = data;

	return kbng_line_hash(key->ifindex, key->tags, key->circuit.data,
			      key->circuit.len, key->remote.data,
			      key->remote.len, seed);
}

static u32 kbng_line_hash_line(const void *data, u32 len, u32 seed)
{
	const struct kbng_line *line = data;

	return kbng_line_hash(line->iface->ifindex, line->tags, line->ids,
			      line->circuit_len, line->ids + line->circuit_len,
			      line->remote_len, seed);
}

/* 0: they are the same. */
static int kbng_line_compare(struct rhashtable_compare_arg *arg,
			     const void *data)
{
	const struct kbng_line_key *key = arg->key;
	const struct kbng_line *line = data;

	return key->ifindex != line->iface->ifindex ||
	       key->tags != line->tags ||
	       key->circuit.len != line->circuit_len ||
	       key->remote.len != line->remote_len ||
	       memcmp(key->circuit.data, line->ids, line->circuit_len) ||
	       memcmp(key->remote.data, line->ids + line->circuit_len,
		      line->remote_len);
}

static const struct rhashtable_params kbng_line_params = {
	.head_offset = offsetof(struct kbng_line, node),
	.hashfn = kbng_line_hash_key,
	.obj_hashfn = kbng_line_hash_line,
	.obj_cmpfn = kbng_line_compare,
	.automatic_shrinking = true,
};

int kbng_line_net_init(struct kbng_net *kn)
{
	INIT_LIST_HEAD(&kn->idle_lines);
	return rhashtable_init(&kn->lines, &kbng_line_params);
}

/* The ifaces are gone, and their lines with them. */
void kbng_line_net_uninit(struct kbng_net *kn)
{
	rhashtable_destroy(&kn->lines);
}

static void kbng_line_rest(struct kbng_line *line)
{
	line->since = ktime_get_boottime_ns();
	list_move_tail(&line->idle, &line->iface->kn->idle_lines);
}

static void kbng_line_free(struct kbng_line *line)
{
	list_del(&line->idle);
	rhashtable_remove_fast(&line->iface->kn->lines, &line->node,
			       kbng_line_params);
	line->iface->n_lines--;
	kfree_rcu(line, rcu);
}

/**
 * kbng_line_get() - the line of a key, made if there is none
 * @iface: access iface
 * @key: what makes the line
 *
 * Return: the line, or NULL for want of memory or when the iface has too many
 */
struct kbng_line *kbng_line_get(struct kbng_iface *iface,
				const struct kbng_line_key *key)
{
	const struct kbng_iface_config *cfg;
	struct kbng_net *kn = iface->kn;
	struct kbng_line *line;

	lockdep_assert_held(&kn->lock);
	line = rhashtable_lookup_fast(&kn->lines, key, kbng_line_params);
	if (line) {
		if (!line->n_sessions)
			kbng_line_rest(line);
		return line;
	}
	cfg = rcu_dereference_check(iface->config, lockdep_is_held(&kn->lock));
	if (iface->dead || iface->n_lines >= cfg->max_sessions)
		return NULL;
	line = kzalloc(struct_size(line, ids,
				   key->circuit.len + key->remote.len),
		       GFP_ATOMIC | __GFP_ACCOUNT);
	if (!line)
		return NULL;
	line->iface = iface;
	line->tags = key->tags;
	line->circuit_len = key->circuit.len;
	line->remote_len = key->remote.len;
	memcpy(line->ids, key->circuit.data, key->circuit.len);
	memcpy(line->ids + key->circuit.len, key->remote.data, key->remote.len);
	INIT_LIST_HEAD(&line->offers);
	INIT_LIST_HEAD(&line->idle);
	if (rhashtable_insert_fast(&kn->lines, &line->node, kbng_line_params)) {
		kfree(line);
		return NULL;
	}
	iface->n_lines++;
	kbng_line_rest(line);
	return line;
}

/**
 * kbng_line_take() - may the line and the iface send another message?
 * @line: line
 * @cfg: of its iface
 *
 * DHCP and DHCPv6 have one limit together. The line's bucket comes first, so
 * that who floods does not empty the one that all share.
 *
 * Return: KBNG_STAT_NONE, or the name of the limit
 */
enum kbng_stat kbng_line_take(struct kbng_line *line,
			      const struct kbng_iface_config *cfg)
{
	u64 now = ktime_get_boottime_ns();

	lockdep_assert_held(&line->iface->kn->lock);
	if (!kbng_bucket_take(&line->bucket, cfg->line_dhcp_rate, now))
		return KBNG_STAT_dhcp_rate_line;
	if (!kbng_bucket_take(&line->iface->bucket, cfg->dhcp_rate, now))
		return KBNG_STAT_dhcp_rate_iface;
	return KBNG_STAT_NONE;
}

/**
 * kbng_line_key() - what makes a line
 * @line: line
 * @key: gets it
 */
void kbng_line_key(const struct kbng_line *line, struct kbng_line_key *key)
{
	key->ifindex = line->iface->ifindex;
	key->tags = line->tags;
	key->circuit.len = line->circuit_len;
	key->remote.len = line->remote_len;
	memcpy(key->circuit.data, line->ids, line->circuit_len);
	memcpy(key->remote.data, line->ids + line->circuit_len,
	       line->remote_len);
}

/**
 * kbng_line_enter() - a line has one session more
 * @line: line
 */
void kbng_line_enter(struct kbng_line *line)
{
	if (!line->n_sessions++)
		list_del_init(&line->idle);
}

/**
 * kbng_line_leave() - a line has one session less
 * @line: line; it stays for a while
 */
void kbng_line_leave(struct kbng_line *line)
{
	if (!--line->n_sessions)
		kbng_line_rest(line);
}

/**
 * kbng_line_drop_iface() - free the lines of an iface
 * @kn: namespace
 * @iface: dead, without sessions
 */
void kbng_line_drop_iface(struct kbng_net *kn, const struct kbng_iface *iface)
{
	struct kbng_line *line, *next;

	spin_lock_bh(&kn->lock);
	list_for_each_entry_safe(line, next, &kn->idle_lines, idle)
		if (line->iface == iface)
			kbng_line_free(line);
	spin_unlock_bh(&kn->lock);
}

/**
 * kbng_line_reap() - free lines that nobody has used lately
 * @kn: namespace
 */
void kbng_line_reap(struct kbng_net *kn)
{
	u64 now = ktime_get_boottime_ns();
	struct kbng_line *line;
	unsigned int n;

	do {
		n = 0;
		spin_lock_bh(&kn->lock);
		while (n < 256 && !list_empty(&kn->idle_lines)) {
			line = list_first_entry(&kn->idle_lines,
						struct kbng_line, idle);
			if (line->since + KBNG_LINE_LINGER > now)
				break;
			kbng_line_free(line);
			n++;
		}
		spin_unlock_bh(&kn->lock);
		cond_resched();
	} while (n == 256);
}

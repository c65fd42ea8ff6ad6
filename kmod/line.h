/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines: what one subscriber's hosts share. A line is what VLAN tags and a
 * trusted access node's circuit-id and remote-id name, or else the whole iface.
 * All are compared octet by octet: no two lines are ever taken for one.
 *
 * A line exists while it has sessions, and a little longer, until its bucket is
 * full again. All under kbng_net.lock.
 */
#ifndef _KBNG_LINE_H
#define _KBNG_LINE_H

#include <linux/rhashtable-types.h>
#include "bucket.h"
#include "opt82.h"
#include "stats.h"

struct kbng_iface;
struct kbng_iface_config;
struct kbng_net;

/**
 * struct kbng_line_key - what makes a line
 * @ifindex: access iface
 * @tags: VLAN tags (tags.h), 0: untagged
 * @circuit: circuit-id of the access node
 * @remote: remote-id of the access node
 */
struct kbng_line_key {
	int ifindex;
	u32 tags;
	struct kbng_id circuit;
	struct kbng_id remote;
};

/**
 * struct kbng_line - a line
 * @node: entry in kbng_net.lines
 * @iface: access iface
 * @tags: VLAN tags
 * @n_sessions: live ones
 * @offers: of these in state offered, the oldest first
 * @bucket: of its DHCP messages
 * @triggers: of sessions that begin without DHCP
 * @idle: entry in kbng_net.idle_lines while it has no session
 * @since: ns of boot time when that was last touched
 * @rcu: frees it
 * @circuit_len: octets of the circuit-id
 * @remote_len: octets of the remote-id
 * @ids: the one, and then the other
 */
struct kbng_line {
	struct rhash_head node;
	struct kbng_iface *iface;
	u32 tags;
	unsigned int n_sessions;
	struct list_head offers;
	struct kbng_bucket bucket;
	struct kbng_bucket triggers;
	struct list_head idle;
	u64 since;
	struct rcu_head rcu;
	u8 circuit_len;
	u8 remote_len;
	u8 ids[];
};

int kbng_line_net_init(struct kbng_net *kn);
void kbng_line_net_uninit(struct kbng_net *kn);
struct kbng_line *kbng_line_get(struct kbng_iface *iface,
				const struct kbng_line_key *key);
enum kbng_stat kbng_line_take(struct kbng_line *line,
			      const struct kbng_iface_config *cfg);
void kbng_line_key(const struct kbng_line *line, struct kbng_line_key *key);
void kbng_line_enter(struct kbng_line *line);
void kbng_line_leave(struct kbng_line *line);
void kbng_line_drop_iface(struct kbng_net *kn, const struct kbng_iface *iface);
void kbng_line_reap(struct kbng_net *kn);

#endif /* _KBNG_LINE_H */

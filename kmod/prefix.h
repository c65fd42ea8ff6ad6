/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPv6 prefixes of sessions. An address is a prefix of 128 bits; the others
 * have 48 to 64. One table holds them all and is asked once for each length
 * that is in use, the longest first; with addresses and delegated prefixes of
 * one size that is two lookups.
 *
 * IPv4 networks behind sessions are in it too, mapped into IPv6: ::ffff:10.1.0.0
 * with 120 bits is 10.1.0.0/24. They are asked for by an address that is no
 * host's own, where there are any.
 *
 * The data path goes from prefix to host under RCU and takes no reference: a
 * prefix leaves the table when its session ends, and is freed with it or a
 * grace period later.
 */
#ifndef _KBNG_PREFIX_H
#define _KBNG_PREFIX_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/kbng.h>

#define KBNG_PREFIX_LEN_MIN	48
#define KBNG_PREFIX_LEN_MAX	64	/* but for single addresses */
#define KBNG_PREFIX_LENS	(KBNG_PREFIX_LEN_MAX - KBNG_PREFIX_LEN_MIN + 2)
#define KBNG_PREFIX4_LEN_MIN	(96 + 8)
#define KBNG_PREFIX4_LENS	(128 - KBNG_PREFIX4_LEN_MIN + 1)

struct kbng_host;
struct kbng_net;
struct kbng_session;

/**
 * struct kbng_prefix_spec - a prefix as servers and people name it
 * @addr: all bits after the prefix are zero
 * @len: bits
 * @kind: enum kbng_prefix_kind
 * @preferred: s, U32_MAX for ever
 * @valid: s, U32_MAX for ever
 */
struct kbng_prefix_spec {
	struct in6_addr addr;
	u8 len;
	u8 kind;
	u32 preferred;
	u32 valid;
};

/**
 * struct kbng_prefix_key - what the table compares
 * @addr: all bits after the prefix are zero
 * @len: bits
 */
struct kbng_prefix_key {
	struct in6_addr addr;
	u32 len;
};

/**
 * struct kbng_prefix - one prefix of a session
 * @node: entry in kbng_net.prefixes until unbound
 * @key: of that
 * @host: who uses it
 * @session_node: entry in kbng_session.prefixes
 * @kind: enum kbng_prefix_kind
 * @closing: enum kbng_terminate_cause once the client gave it back, 0 before
 * @preferred: s as the server gave it
 * @valid: s as the server gave it
 * @deadline: ns of boot time when @valid is over, 0: never
 * @rcu: frees it
 */
struct kbng_prefix {
/* Read for every packet. */
	struct rhash_head node;
	struct kbng_prefix_key key;
	struct kbng_host *host;

/* Control path, under kbng_net.lock. */
	struct list_head session_node;
	u8 kind;
	u8 closing;
	u32 preferred;
	u32 valid;
	u64 deadline;
	struct rcu_head rcu;
};

int kbng_prefix_net_init(struct kbng_net *kn);
void kbng_prefix_net_uninit(struct kbng_net *kn);
bool kbng_prefix_valid(const struct in6_addr *addr, u32 len);
bool kbng_prefix_valid4(const struct in6_addr *addr, u32 len);
struct kbng_host *kbng_prefix_find_host4(struct kbng_net *kn, __be32 addr);
struct kbng_host *kbng_prefix_find_host(struct kbng_net *kn,
					const struct in6_addr *addr);
struct kbng_prefix *kbng_prefix_find(struct kbng_net *kn,
				     const struct in6_addr *addr, u32 len);
struct kbng_prefix *kbng_prefix_create(struct kbng_session *s,
				       const struct kbng_prefix_spec *spec);
void kbng_prefix_unlink(struct kbng_net *kn, struct kbng_prefix *p);
bool kbng_prefix_has(const struct kbng_session *s,
		     const struct in6_addr *addr);

#endif /* _KBNG_PREFIX_H */

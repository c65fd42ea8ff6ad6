// SPDX-License-Identifier: GPL-2.0
#include "prefix.h"

#include <linux/slab.h>
#include <net/ipv6.h>
#include "pernet.h"
#include "session.h"

static const struct rhashtable_params kbng_prefix_params = {
	.head_offset = offsetof(struct kbng_prefix, node),
	.key_offset = offsetof(struct kbng_prefix, key),
	.key_len = sizeof_field(struct kbng_prefix, key),
	.automatic_shrinking = true,
};

int kbng_prefix_net_init(struct kbng_net *kn)
{
	return rhashtable_init(&kn->prefixes, &kbng_prefix_params);
}

void kbng_prefix_net_uninit(struct kbng_net *kn)
{
	rhashtable_destroy(&kn->prefixes);
}

/* Lengths by rank, the longest first. */
static unsigned int kbng_prefix_rank(u32 len)
{
	return len == 128 ? 0 : KBNG_PREFIX_LEN_MAX + 1 - len;
}

static void kbng_prefix_key(struct kbng_prefix_key *key,
			    const struct in6_addr *addr, unsigned int rank)
{
	key->len = rank ? KBNG_PREFIX_LEN_MAX + 1 - rank : 128;
	ipv6_addr_prefix(&key->addr, addr, key->len);
}

/**
 * kbng_prefix_valid() - whether a session may have a prefix
 * @addr: its address
 * @len: bits
 *
 * Return: true for unicast that is routed, of a length that is kept, with
 * nothing behind the prefix
 */
bool kbng_prefix_valid(const struct in6_addr *addr, u32 len)
{
	int type = ipv6_addr_type(addr);
	struct kbng_prefix_key key;

	if (len != 128 &&
	    (len < KBNG_PREFIX_LEN_MIN || len > KBNG_PREFIX_LEN_MAX))
		return false;
	if (!(type & IPV6_ADDR_UNICAST) ||
	    type & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK |
		    IPV6_ADDR_COMPATv4 | IPV6_ADDR_MAPPED))
		return false;
	kbng_prefix_key(&key, addr, kbng_prefix_rank(len));
	return ipv6_addr_equal(&key.addr, addr);
}

/**
 * kbng_prefix_find_host() - the host of an address, by the longest prefix
 * @kn: namespace
 * @addr: IPv6 address
 *
 * Return: the host, for the length of the RCU read section, or NULL
 */
struct kbng_host *kbng_prefix_find_host(struct kbng_net *kn,
					const struct in6_addr *addr)
{
	unsigned long lens = READ_ONCE(kn->prefix_lens);
	struct kbng_prefix_key key;
	struct kbng_prefix *p;

	for (; lens; lens &= lens - 1) {
		kbng_prefix_key(&key, addr, __ffs(lens));
		p = rhashtable_lookup(&kn->prefixes, &key, kbng_prefix_params);
		if (p)
			return p->host;
	}
	return NULL;
}

/**
 * kbng_prefix_find() - exactly this prefix
 * @kn: namespace
 * @addr: its address
 * @len: bits
 *
 * Return: the prefix, for the length of the RCU read section, or NULL
 */
struct kbng_prefix *kbng_prefix_find(struct kbng_net *kn,
				     const struct in6_addr *addr, u32 len)
{
	struct kbng_prefix_key key = { .addr = *addr, .len = len };

	return rhashtable_lookup(&kn->prefixes, &key, kbng_prefix_params);
}

/**
 * kbng_prefix_create() - give a session a prefix that nobody has
 * @s: session with a host; under kbng_net.lock
 * @spec: valid; lifetimes are the caller's to set
 *
 * Return: the prefix, found by packets from now on, or NULL for want of memory
 */
struct kbng_prefix *kbng_prefix_create(struct kbng_session *s,
				       const struct kbng_prefix_spec *spec)
{
	unsigned int rank = kbng_prefix_rank(spec->len);
	struct kbng_net *kn = s->kn;
	struct kbng_prefix *p;

	lockdep_assert_held(&kn->lock);
	p = kzalloc(sizeof(*p), GFP_ATOMIC | __GFP_ACCOUNT);
	if (!p)
		return NULL;
	p->key.addr = spec->addr;
	p->key.len = spec->len;
	p->host = s->host;
	p->kind = spec->kind;
	if (rhashtable_insert_fast(&kn->prefixes, &p->node,
				   kbng_prefix_params)) {
		kfree(p);
		return NULL;
	}
	if (!kn->n_prefixes[rank]++)
		WRITE_ONCE(kn->prefix_lens, kn->prefix_lens | BIT(rank));
	list_add_tail(&p->session_node, &s->prefixes);
	return p;
}

/**
 * kbng_prefix_unlink() - no packet finds the prefix any more
 * @kn: namespace
 * @p: in the table; stays its session's
 */
void kbng_prefix_unlink(struct kbng_net *kn, struct kbng_prefix *p)
{
	unsigned int rank = kbng_prefix_rank(p->key.len);

	lockdep_assert_held(&kn->lock);
	rhashtable_remove_fast(&kn->prefixes, &p->node, kbng_prefix_params);
	if (!--kn->n_prefixes[rank])
		WRITE_ONCE(kn->prefix_lens, kn->prefix_lens & ~BIT(rank));
}

/**
 * kbng_prefix_has() - whether an address is a session's
 * @s: session; under kbng_net.lock and RCU
 * @addr: IPv6 address
 *
 * Return: true when packets of it are those of a live session, or when it is in
 * a prefix that a stopped one had
 */
bool kbng_prefix_has(const struct kbng_session *s, const struct in6_addr *addr)
{
	const struct kbng_prefix *p;

	if (s->state != KBNG_STATE_STOPPED)
		return s->host &&
		       s->host == kbng_prefix_find_host(s->kn, addr);
	list_for_each_entry(p, &s->prefixes, session_node)
		if (ipv6_prefix_equal(addr, &p->key.addr, p->key.len))
			return true;
	return false;
}

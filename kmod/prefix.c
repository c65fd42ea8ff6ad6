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

static u32 kbng_prefix_len(unsigned int rank)
{
	return rank ? KBNG_PREFIX_LEN_MAX + 1 - rank : 128;
}

static bool kbng_prefix_ends(const struct in6_addr *addr, u32 len)
{
	struct in6_addr start;

	ipv6_addr_prefix(&start, addr, len);
	return ipv6_addr_equal(&start, addr);
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

	if (len != 128 &&
	    (len < KBNG_PREFIX_LEN_MIN || len > KBNG_PREFIX_LEN_MAX))
		return false;
	if (!(type & IPV6_ADDR_UNICAST) ||
	    type & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK |
		    IPV6_ADDR_COMPATv4 | IPV6_ADDR_MAPPED))
		return false;
	return kbng_prefix_ends(addr, len);
}

/**
 * kbng_prefix_valid4() - whether a session may have an IPv4 network
 * @addr: its address, mapped
 * @len: bits, 96 more than of IPv4
 *
 * Return: true for unicast of 8 to 32 bits, with nothing behind the prefix
 */
bool kbng_prefix_valid4(const struct in6_addr *addr, u32 len)
{
	__be32 net = addr->s6_addr32[3];

	return ipv6_addr_v4mapped(addr) && len >= KBNG_PREFIX4_LEN_MIN &&
	       len <= 128 && !ipv4_is_zeronet(net) && !ipv4_is_loopback(net) &&
	       !ipv4_is_multicast(net) && !ipv4_is_lbcast(net) &&
	       kbng_prefix_ends(addr, len);
}

static struct kbng_host *kbng_prefix_lookup(struct kbng_net *kn,
					    const struct in6_addr *addr,
					    u32 len)
{
	struct kbng_prefix_key key = { .len = len };
	struct kbng_prefix *p;

	ipv6_addr_prefix(&key.addr, addr, len);
	p = rhashtable_lookup(&kn->prefixes, &key, kbng_prefix_params);
	return p ? p->host : NULL;
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
	struct kbng_host *host = NULL;

	for (; lens && !host; lens &= lens - 1)
		host = kbng_prefix_lookup(kn, addr,
					  kbng_prefix_len(__ffs(lens)));
	return host;
}

/**
 * kbng_prefix_find_host4() - the host that an IPv4 network is behind
 * @kn: namespace
 * @addr: address in it, which is no host's own
 *
 * Return: the host, for the length of the RCU read section, or NULL
 */
struct kbng_host *kbng_prefix_find_host4(struct kbng_net *kn, __be32 addr)
{
	unsigned long lens = READ_ONCE(kn->prefix4_lens);
	struct kbng_host *host = NULL;
	struct in6_addr mapped;

	if (likely(!lens))
		return NULL;
	ipv6_addr_set_v4mapped(addr, &mapped);
	for (; lens && !host; lens &= lens - 1)
		host = kbng_prefix_lookup(kn, &mapped, 128 - __ffs(lens));
	return host;
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

/* One more of a length, or one less. */
static void kbng_prefix_count(struct kbng_net *kn,
			      const struct kbng_prefix_key *key, int more)
{
	bool v4 = ipv6_addr_v4mapped(&key->addr);
	unsigned int rank = v4 ? 128 - key->len : kbng_prefix_rank(key->len);
	unsigned long *lens = v4 ? &kn->prefix4_lens : &kn->prefix_lens;
	u32 *n = v4 ? &kn->n_prefixes4[rank] : &kn->n_prefixes[rank];

	*n += more;
	if (*n)
		WRITE_ONCE(*lens, *lens | BIT(rank));
	else
		WRITE_ONCE(*lens, *lens & ~BIT(rank));
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
	kbng_prefix_count(kn, &p->key, 1);
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
	lockdep_assert_held(&kn->lock);
	rhashtable_remove_fast(&kn->prefixes, &p->node, kbng_prefix_params);
	kbng_prefix_count(kn, &p->key, -1);
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
	struct kbng_host *host;

	if (s->state != KBNG_STATE_STOPPED) {
		host = ipv6_addr_v4mapped(addr) ?
		       kbng_prefix_find_host4(s->kn, addr->s6_addr32[3]) :
		       kbng_prefix_find_host(s->kn, addr);
		return s->host && s->host == host;
	}
	list_for_each_entry(p, &s->prefixes, session_node)
		if (ipv6_prefix_equal(addr, &p->key.addr, p->key.len))
			return true;
	return false;
}

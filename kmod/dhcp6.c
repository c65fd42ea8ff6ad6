// SPDX-License-Identifier: GPL-2.0
/*
 * A message is a fixed part and then options, of which some have options
 * inside: code and length of two octets each, then a value of that length (RFC
 * 8415 21.1). A walk takes one option after the other and never looks past the
 * end of what it was given.
 */
#include "dhcp6.h"

#include <linux/string.h>

#define KBNG_DHCP6_IA_LEN	12	/* iaid, T1, T2 */
#define KBNG_DHCP6_IAADDR_LEN	24	/* address, two lifetimes */
#define KBNG_DHCP6_IAPREFIX_LEN	25	/* two lifetimes, length, prefix */
#define KBNG_DHCP6_ENTERPRISE_LEN 4	/* what a Remote-Id begins with */

/**
 * struct kbng_dhcp6_walk - options that are left, and the newest one
 * @p: where the next begins
 * @left: octets from @p on
 * @value: of the newest
 * @code: enum kbng_dhcp6_opt
 * @len: of @value
 */
struct kbng_dhcp6_walk {
	const u8 *p;
	size_t left;
	const u8 *value;
	u16 code;
	u16 len;
};

static u16 kbng_dhcp6_u16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static u32 kbng_dhcp6_u32(const u8 *p)
{
	return (u32)kbng_dhcp6_u16(p) << 16 | kbng_dhcp6_u16(p + 2);
}

/* 1: there is one; 0: that was all; -1: it ends past the end. */
static int kbng_dhcp6_next(struct kbng_dhcp6_walk *w)
{
	if (!w->left)
		return 0;
	if (w->left < 4)
		return -1;
	w->code = kbng_dhcp6_u16(w->p);
	w->len = kbng_dhcp6_u16(w->p + 2);
	if (w->len > w->left - 4)
		return -1;
	w->value = w->p + 4;
	w->p += 4 + w->len;
	w->left -= 4 + w->len;
	return 1;
}

/* Are there options to the end, and nothing else? */
static bool kbng_dhcp6_are_options(const u8 *p, size_t len)
{
	struct kbng_dhcp6_walk w = { .p = p, .left = len };
	int more;

	do {
		more = kbng_dhcp6_next(&w);
	} while (more > 0);
	return !more;
}

static enum kbng_stat kbng_dhcp6_parse_lease(const struct kbng_dhcp6_walk *w,
					     struct kbng_dhcp6 *m)
{
	bool delegated = w->code == KBNG_DHCP6_OPT_IAPREFIX;
	size_t fixed = delegated ? KBNG_DHCP6_IAPREFIX_LEN :
				   KBNG_DHCP6_IAADDR_LEN;
	const u8 *times = delegated ? w->value : w->value + 16;
	struct kbng_dhcp6_lease *lease;

	if (w->len < fixed ||
	    !kbng_dhcp6_are_options(w->value + fixed, w->len - fixed))
		return KBNG_STAT_dhcp6_malformed;
	if (m->n_leases == KBNG_DHCP6_LEASES_MAX)
		return KBNG_STAT_dhcp6_bad_lease;
	lease = &m->lease[m->n_leases++];
	lease->delegated = delegated;
	lease->len = delegated ? w->value[8] : 128;
	if (lease->len > 128)
		return KBNG_STAT_dhcp6_malformed;
	memcpy(lease->addr, delegated ? w->value + 9 : w->value, 16);
	lease->preferred = kbng_dhcp6_u32(times);
	lease->valid = kbng_dhcp6_u32(times + 4);
	/* RFC 8415 21.6: such a lease is to be ignored. */
	if (lease->preferred > lease->valid)
		m->n_leases--;
	return KBNG_STAT_NONE;
}

/* An IA_NA holds addresses, an IA_PD prefixes. */
static enum kbng_stat kbng_dhcp6_parse_ia(const struct kbng_dhcp6_walk *ia,
					  struct kbng_dhcp6 *m)
{
	u16 wanted = ia->code == KBNG_DHCP6_OPT_IA_NA ?
			     KBNG_DHCP6_OPT_IAADDR : KBNG_DHCP6_OPT_IAPREFIX;
	struct kbng_dhcp6_walk w;
	enum kbng_stat stat;
	int more;

	if (ia->len < KBNG_DHCP6_IA_LEN)
		return KBNG_STAT_dhcp6_malformed;
	w.p = ia->value + KBNG_DHCP6_IA_LEN;
	w.left = ia->len - KBNG_DHCP6_IA_LEN;
	while ((more = kbng_dhcp6_next(&w)) > 0) {
		if (w.code != wanted)
			continue;
		stat = kbng_dhcp6_parse_lease(&w, m);
		if (stat)
			return stat;
	}
	return more ? KBNG_STAT_dhcp6_malformed : KBNG_STAT_NONE;
}

/**
 * kbng_dhcp6_parse() - read a message between client and server (RFC 8415 8)
 * @buf: the message, all of it
 * @len: of @buf
 * @m: what it says
 *
 * Return: KBNG_STAT_NONE, or the name of what is wrong
 */
enum kbng_stat kbng_dhcp6_parse(const u8 *buf, size_t len,
				struct kbng_dhcp6 *m)
{
	struct kbng_dhcp6_walk w;
	enum kbng_stat stat;
	int more;

	memset(m, 0, sizeof(*m));
	if (len < KBNG_DHCP6_LEN_MIN || len > KBNG_DHCP6_LEN_MAX)
		return KBNG_STAT_dhcp6_malformed;
	m->type = buf[0];
	if (!m->type || m->type > KBNG_DHCP6_INFORMATION_REQUEST)
		return m->type == KBNG_DHCP6_RELAY_FORW ?
			       KBNG_STAT_dhcp6_untrusted :
			       KBNG_STAT_dhcp6_bad_type;
	m->xid = kbng_dhcp6_u32(buf) & 0xffffff;
	w.p = buf + KBNG_DHCP6_LEN_MIN;
	w.left = len - KBNG_DHCP6_LEN_MIN;
	while ((more = kbng_dhcp6_next(&w)) > 0) {
		if (w.code != KBNG_DHCP6_OPT_IA_NA &&
		    w.code != KBNG_DHCP6_OPT_IA_PD)
			continue;
		stat = kbng_dhcp6_parse_ia(&w, m);
		if (stat)
			return stat;
	}
	return more ? KBNG_STAT_dhcp6_malformed : KBNG_STAT_NONE;
}

/* False: it is malformed, or there twice though it may be there once. */
static bool kbng_dhcp6_unwrap_option(const struct kbng_dhcp6_walk *w,
				     struct kbng_dhcp6_relay *r)
{
	switch (w->code) {
	case KBNG_DHCP6_OPT_RELAY_MSG:
		if (r->msg)
			return false;
		r->msg = w->value;
		r->msg_len = w->len;
		return true;
	case KBNG_DHCP6_OPT_INTERFACE_ID:
		if (r->interface_id)
			return false;
		r->interface_id = w->value;
		r->interface_id_len = w->len;
		return true;
	case KBNG_DHCP6_OPT_REMOTE_ID:
		if (r->remote_id || w->len < KBNG_DHCP6_ENTERPRISE_LEN)
			return false;
		r->remote_id = w->value + KBNG_DHCP6_ENTERPRISE_LEN;
		r->remote_id_len = w->len - KBNG_DHCP6_ENTERPRISE_LEN;
		return true;
	case KBNG_DHCP6_OPT_RADIUS:
		r->radius = true;
		return true;
	default:
		return true;
	}
}

/**
 * kbng_dhcp6_unwrap() - read a message from or to a relay (RFC 8415 9)
 * @buf: the message, all of it
 * @len: of @buf
 * @type: KBNG_DHCP6_RELAY_FORW or KBNG_DHCP6_RELAY_REPL: what it must be
 * @r: what is in it; points into @buf
 *
 * Return: KBNG_STAT_NONE, or the name of what is wrong
 */
enum kbng_stat kbng_dhcp6_unwrap(const u8 *buf, size_t len,
				 enum kbng_dhcp6_type type,
				 struct kbng_dhcp6_relay *r)
{
	struct kbng_dhcp6_walk w;
	int more;

	memset(r, 0, sizeof(*r));
	if (len < KBNG_DHCP6_RELAY_LEN)
		return KBNG_STAT_dhcp6_malformed;
	if (buf[0] != type)
		return KBNG_STAT_dhcp6_bad_type;
	r->hops = buf[KBNG_DHCP6_OFF_HOPS];
	r->link = buf + KBNG_DHCP6_OFF_LINK;
	r->peer = buf + KBNG_DHCP6_OFF_PEER;
	w.p = buf + KBNG_DHCP6_RELAY_LEN;
	w.left = len - KBNG_DHCP6_RELAY_LEN;
	while ((more = kbng_dhcp6_next(&w)) > 0)
		if (!kbng_dhcp6_unwrap_option(&w, r))
			return KBNG_STAT_dhcp6_malformed;
	return more || !r->msg ? KBNG_STAT_dhcp6_malformed : KBNG_STAT_NONE;
}

/* False: it is too long. */
static bool kbng_dhcp6_set_id(struct kbng_id *id, const u8 *data, size_t len)
{
	if (len > sizeof(id->data))
		return false;
	id->len = len;
	if (len)
		memcpy(id->data, data, len);
	return true;
}

/**
 * kbng_dhcp6_node() - what a layer-2 access node says of a line (RFC 6221 5)
 * @r: its Relay-forward
 * @source: 16 octets, where that came from
 * @circuit: gets Interface-Id
 * @remote: gets Remote-Id, without enterprise number
 *
 * A node speaks for a client that it has before it: it has no address of the
 * link, sends from the client's, and names the port.
 *
 * Return: KBNG_STAT_NONE, or the name under which it is refused
 */
enum kbng_stat kbng_dhcp6_node(const struct kbng_dhcp6_relay *r,
			       const u8 *source, struct kbng_id *circuit,
			       struct kbng_id *remote)
{
	static const u8 unspecified[16];

	if (r->hops || memcmp(r->link, unspecified, 16) ||
	    memcmp(r->peer, source, 16) || !r->interface_id_len)
		return KBNG_STAT_dhcp6_bad_relay;
	if (r->msg_len && r->msg[0] == KBNG_DHCP6_RELAY_FORW)
		return KBNG_STAT_dhcp6_bad_relay;
	if (!kbng_dhcp6_set_id(circuit, r->interface_id, r->interface_id_len) ||
	    !kbng_dhcp6_set_id(remote, r->remote_id, r->remote_id_len))
		return KBNG_STAT_dhcp6_bad_relay;
	return KBNG_STAT_NONE;
}

static u8 *kbng_dhcp6_put_u16(u8 *p, u16 value)
{
	*p++ = value >> 8;
	*p++ = value;
	return p;
}

static u8 *kbng_dhcp6_put_option(u8 *p, u16 code, u16 len)
{
	return kbng_dhcp6_put_u16(kbng_dhcp6_put_u16(p, code), len);
}

/* All but routes, which are no server's business. */
static u8 *kbng_dhcp6_put_radius(u8 *p, struct kbng_radius6_walk w)
{
	u8 *end = p + 4;

	while (kbng_radius6_next(&w)) {
		if (w.type == KBNG_RADIUS6_ROUTE)
			continue;
		*end++ = w.type;
		*end++ = 2 + w.len;
		memcpy(end, w.value, w.len);
		end += w.len;
	}
	if (end == p + 4)
		return p;
	kbng_dhcp6_put_option(p, KBNG_DHCP6_OPT_RADIUS, end - p - 4);
	return end;
}

/**
 * kbng_dhcp6_wrap() - what a relay puts in front of a message (RFC 8415 19.1,
 *	RFC 4649, RFC 7037)
 * @dst: gets it; KBNG_DHCP6_WRAP_MAX octets at most
 * @hops: relays that have put something in front of it already
 * @link: 16 octets, an address of the link that the client is on
 * @peer: 16 octets, the client's address
 * @interface: Interface-Id, left out when empty
 * @remote: Remote-Id, likewise
 * @radius: at most KBNG_RADIUS6_MAX octets of RADIUS attributes, likewise
 * @msg_len: octets of the message, which comes next
 *
 * Return: octets written
 */
size_t kbng_dhcp6_wrap(u8 *dst, u8 hops, const u8 *link, const u8 *peer,
		       const struct kbng_id *interface,
		       const struct kbng_id *remote,
		       const struct kbng_radius6_walk *radius, u16 msg_len)
{
	u8 *p = dst;

	*p++ = KBNG_DHCP6_RELAY_FORW;
	*p++ = hops;
	memcpy(p, link, 16);
	memcpy(p + 16, peer, 16);
	p += 32;
	if (interface->len) {
		p = kbng_dhcp6_put_option(p, KBNG_DHCP6_OPT_INTERFACE_ID,
					  interface->len);
		memcpy(p, interface->data, interface->len);
		p += interface->len;
	}
	if (remote->len) {
		p = kbng_dhcp6_put_option(p, KBNG_DHCP6_OPT_REMOTE_ID,
					  KBNG_DHCP6_ENTERPRISE_LEN +
						  remote->len);
		p = kbng_dhcp6_put_u16(p, KBNG_DHCP6_ENTERPRISE >> 16);
		p = kbng_dhcp6_put_u16(p, KBNG_DHCP6_ENTERPRISE & 0xffff);
		memcpy(p, remote->data, remote->len);
		p += remote->len;
	}
	p = kbng_dhcp6_put_radius(p, *radius);
	p = kbng_dhcp6_put_option(p, KBNG_DHCP6_OPT_RELAY_MSG, msg_len);
	return p - dst;
}

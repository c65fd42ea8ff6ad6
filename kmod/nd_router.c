// SPDX-License-Identifier: GPL-2.0
#include "nd_router.h"

#include <linux/string.h>
#include "nd.h"

#define KBNG_ND_ROUTER_LEN	16
#define KBNG_ND_OPT_PREFIX	3
#define KBNG_ND_OPT_MTU		5
#define KBNG_ND_OPT_ROUTE	24
#define KBNG_ND_OPT_RDNSS	25
#define KBNG_ND_OPT_DNSSL	31

#define KBNG_ND_CUR_HOP_LIMIT	64

/* Of domain names (RFC 1035 2.3.4): octets, and those of a name as text. */
#define KBNG_ND_LABEL_MAX	63
#define KBNG_ND_DOMAIN_MAX	253

/* The host makes an address of it; it is not on the link. */
#define KBNG_ND_PREFIX_AUTO	0x40

/* A message that grows; @len stays 0 once something found no room. */
struct kbng_nd_writer {
	u8 *buf;
	size_t size;
	size_t len;
};

static void kbng_nd_put16(u8 *p, u16 value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static void kbng_nd_put32(u8 *p, u32 value)
{
	kbng_nd_put16(p, value >> 16);
	kbng_nd_put16(p + 2, value);
}

/* The next @n octets, all zero, or NULL: then there is no message. */
static u8 *kbng_nd_extend(struct kbng_nd_writer *w, size_t n)
{
	u8 *p = w->buf + w->len;

	if (!w->size || n > w->size - w->len) {
		w->size = 0;
		w->len = 0;
		return NULL;
	}
	w->len += n;
	return memset(p, 0, n);
}

/* An option of @n octets, which 8 divides. */
static u8 *kbng_nd_option(struct kbng_nd_writer *w, u8 type, size_t n)
{
	u8 *p = kbng_nd_extend(w, n);

	if (p) {
		p[0] = type;
		p[1] = n / 8;
	}
	return p;
}

static void kbng_nd_put_prefix(struct kbng_nd_writer *w,
			       const struct kbng_nd_prefix *prefix)
{
	u8 *p = kbng_nd_option(w, KBNG_ND_OPT_PREFIX, 32);

	if (!p)
		return;
	p[2] = 64;
	p[3] = KBNG_ND_PREFIX_AUTO;
	kbng_nd_put32(p + 4, prefix->valid);
	kbng_nd_put32(p + 8, prefix->preferred);
	memcpy(p + 16, &prefix->addr, sizeof(prefix->addr));
}

/* Of the prefix there are 0, 8 or 16 octets. */
static void kbng_nd_put_route(struct kbng_nd_writer *w,
			      const struct kbng_nd_route *route)
{
	const size_t len = (route->len + 63) / 64 * 8;
	u8 *p = kbng_nd_option(w, KBNG_ND_OPT_ROUTE, 8 + len);

	if (!p)
		return;
	p[2] = route->len;
	kbng_nd_put32(p + 4, route->lifetime);
	memcpy(p + 8, &route->addr, len);
}

static void kbng_nd_put_dns(struct kbng_nd_writer *w,
			    const struct kbng_nd_router *r)
{
	const size_t len = r->n_dns * sizeof(*r->dns);
	u8 *p = kbng_nd_option(w, KBNG_ND_OPT_RDNSS, 8 + len);

	if (!p)
		return;
	kbng_nd_put32(p + 4, r->dns_lifetime);
	memcpy(p + 8, r->dns, len);
}

static bool kbng_nd_is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Octets of the label that @s begins with; 0: it begins with none. */
static size_t kbng_nd_label(const char *s)
{
	size_t n = 0;

	while (kbng_nd_is_alnum(s[n]) || s[n] == '-' || s[n] == '_')
		n++;
	return n > KBNG_ND_LABEL_MAX || *s == '-' || (n && s[n - 1] == '-') ?
		       0 : n;
}

/**
 * kbng_nd_search_valid() - can a search list be sent?
 * @search: at most KBNG_SEARCH_MAX octets
 *
 * Return: true when it is domain names with a blank between, or empty
 */
bool kbng_nd_search_valid(const char *search)
{
	const char *name = search;
	const char *s = search;
	size_t n;

	if (!*search)
		return true;
	for (;;) {
		n = kbng_nd_label(s);
		s += n;
		if (!n || s - name > KBNG_ND_DOMAIN_MAX)
			return false;
		if (!*s)
			return true;
		if (*s == ' ')
			name = s + 1;
		else if (*s != '.')
			return false;
		s++;
	}
}

/* Labels behind their lengths (RFC 1035 3.1), zeros up to a multiple of 8. */
static void kbng_nd_put_search(struct kbng_nd_writer *w,
			       const struct kbng_nd_router *r)
{
	size_t len = 8 + strlen(r->search) + 2;
	const char *s;
	size_t n;
	u8 *p;

	for (s = r->search; *s; s++)
		len += *s == ' ';
	p = kbng_nd_option(w, KBNG_ND_OPT_DNSSL, (len + 7) / 8 * 8);
	if (!p)
		return;
	kbng_nd_put32(p + 4, r->dns_lifetime);
	p += 8;
	for (s = r->search; *s; s += n + !!s[n]) {
		n = kbng_nd_label(s);
		*p++ = n;
		memcpy(p, s, n);
		p += n;
		if (s[n] == ' ')
			p++;
	}
}

/**
 * kbng_nd_router_write() - write a router advertisement
 * @buf: gets it; the checksum in it is 0
 * @size: of @buf; KBNG_ND_ROUTER_MAX is enough
 * @r: what it says
 *
 * Return: its length, or 0 when it is longer than @buf
 */
size_t kbng_nd_router_write(u8 *buf, size_t size,
			    const struct kbng_nd_router *r)
{
	struct kbng_nd_writer w = { .buf = buf, .size = size };
	unsigned int i;
	u8 *p;

	p = kbng_nd_extend(&w, KBNG_ND_ROUTER_LEN);
	if (p) {
		p[0] = KBNG_ND_RA;
		p[4] = KBNG_ND_CUR_HOP_LIMIT;
		p[5] = r->flags;
		kbng_nd_put16(p + 6, r->lifetime);
	}
	p = kbng_nd_option(&w, KBNG_ND_OPT_SOURCE, 8);
	if (p)
		memcpy(p + 2, r->mac, 6);
	if (r->mtu) {
		p = kbng_nd_option(&w, KBNG_ND_OPT_MTU, 8);
		if (p)
			kbng_nd_put32(p + 4, r->mtu);
	}
	for (i = 0; i < r->n_prefixes; i++)
		kbng_nd_put_prefix(&w, &r->prefix[i]);
	for (i = 0; i < r->n_routes; i++)
		kbng_nd_put_route(&w, &r->route[i]);
	if (r->n_dns)
		kbng_nd_put_dns(&w, r);
	if (r->search && *r->search)
		kbng_nd_put_search(&w, r);
	return w.len;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <netinet/in.h>
#include <string.h>

#include "framed.h"
#include "lib/fmt.h"
#include "lib/parse.h"

#define LINK_BITS	64

/* Reserved, length in bits, and as many octets as the server liked. */
static bool framed_read_prefix(const VALUE_PAIR *vp, struct kbng_prefix *p)
{
	uint32_t octets = vp->lvalue - 2;

	if (vp->lvalue < 2 || octets > sizeof(p->addr))
		return false;
	p->len = (uint8_t)vp->strvalue[1];
	if (p->len > 128 || (p->len + 7) / 8 > octets)
		return false;
	memcpy(&p->addr, vp->strvalue + 2, octets);
	return true;
}

static bool framed_read_address(const VALUE_PAIR *vp, struct kbng_prefix *p)
{
	if (vp->lvalue != sizeof(p->addr))
		return false;
	memcpy(&p->addr, vp->strvalue, sizeof(p->addr));
	p->len = 128;
	return true;
}

/* "PREFIX[/LENGTH] [GATEWAY [METRIC...]]": the way there is the subscriber. */
static bool framed_read_route(const VALUE_PAIR *vp, struct kbng_prefix *p)
{
	char text[INET6_ADDRSTRLEN + sizeof("/128")];
	uint32_t len = 0;

	while (len < vp->lvalue && vp->strvalue[len] != ' ')
		len++;
	if (len >= sizeof(text) || memchr(vp->strvalue, 0, len))
		return false;
	memcpy(text, vp->strvalue, len);
	text[len] = '\0';
	return kbng_parse_prefix(text, p);
}

/* Without a length that of its class, as RFC 2865 5.22 has it. */
static bool framed_read_route4(const VALUE_PAIR *vp, struct kbng_prefix *p)
{
	uint8_t first;

	if (!framed_read_route(vp, p) || !kbng_is_route4(p))
		return false;
	first = p->addr.s6_addr[12];
	if (!memchr(vp->strvalue, '/', vp->lvalue))
		p->len = 96 + (first < 128 ? 8 : first < 192 ? 16 : 24);
	return true;
}

static bool framed_read(const VALUE_PAIR *vp, int attribute,
			struct kbng_prefix *p)
{
	switch (attribute) {
	case FRAMED_IPV6_ADDRESS:
		return framed_read_address(vp, p);
	case FRAMED_IPV6_ROUTE:
		return framed_read_route(vp, p) && !kbng_is_route4(p);
	case FRAMED_ROUTE:
		return framed_read_route4(vp, p);
	default:
		return framed_read_prefix(vp, p);
	}
}

static bool framed_has(const struct kbng_prefixes *list,
		       const struct kbng_prefix *p)
{
	unsigned int i;

	for (i = 0; i < list->n; i++)
		if (list->prefix[i].len == p->len &&
		    !memcmp(&list->prefix[i].addr, &p->addr, sizeof(p->addr)))
			return true;
	return false;
}

/* The same prefix may be framed and delegated: it is there once. */
static bool framed_add(struct kbng_prefixes *list, const VALUE_PAIR *vp,
		       int attribute)
{
	struct kbng_prefix p = { .kind = KBNG_PREFIX_STATIC };

	if (!framed_read(vp, attribute, &p))
		return false;
	if (framed_has(list, &p))
		return true;
	if (list->n == KBNG_PREFIXES_MAX)
		return false;
	list->prefix[list->n++] = p;
	list->given = true;
	return true;
}

unsigned int framed_from_pairs(VALUE_PAIR *pairs, struct kbng_prefixes *list)
{
	static const int attributes[] = {
		FRAMED_IPV6_ADDRESS, FRAMED_IPV6_PREFIX, DELEGATED_IPV6_PREFIX,
		FRAMED_IPV6_ROUTE, FRAMED_ROUTE,
	};
	unsigned int bad = 0, i;
	VALUE_PAIR *vp;

	memset(list, 0, sizeof(*list));
	for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		for (vp = rc_avpair_get(pairs, attributes[i], 0); vp;
		     vp = rc_avpair_get(vp->next, attributes[i], 0))
			bad += !framed_add(list, vp, attributes[i]);
	return bad;
}

int framed_attribute(const struct kbng_prefix *prefix,
		     uint8_t value[FRAMED_VALUE_MAX], int *len)
{
	if (kbng_is_route4(prefix)) {
		kbng_fmt_prefix((char *)value, FRAMED_VALUE_MAX, prefix);
		*len = strlen((char *)value);
		return FRAMED_ROUTE;
	}
	if (prefix->len == 128) {
		*len = sizeof(prefix->addr);
		memcpy(value, &prefix->addr, sizeof(prefix->addr));
		return FRAMED_IPV6_ADDRESS;
	}
	*len = 2 + (prefix->len + 7) / 8;
	value[0] = 0;
	value[1] = prefix->len;
	memcpy(value + 2, &prefix->addr, *len - 2);
	return prefix->len == LINK_BITS && prefix->kind != KBNG_PREFIX_PD ?
		       FRAMED_IPV6_PREFIX : DELEGATED_IPV6_PREFIX;
}

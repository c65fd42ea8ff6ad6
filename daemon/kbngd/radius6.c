// SPDX-License-Identifier: GPL-2.0-or-later
#include <netinet/in.h>
#include <string.h>

#include "radius6.h"

#define ROUTE_FIXED	2	/* octets: reserved, and bits of the prefix */
#define VALUE_MAX	253

/** struct kind - an attribute, and how many of it a session may have */
struct kind {
	uint8_t attribute;
	uint8_t max;
};

static bool radius6_route_ok(const VALUE_PAIR *vp)
{
	uint32_t octets = vp->lvalue - ROUTE_FIXED;
	uint8_t bits = vp->strvalue[1];

	return vp->lvalue >= ROUTE_FIXED && octets <= sizeof(struct in6_addr) &&
	       bits <= 128 && (bits + 7U) / 8 <= octets;
}

static bool radius6_ok(const VALUE_PAIR *vp, uint8_t attribute)
{
	switch (attribute) {
	case DNS_SERVER_IPV6_ADDRESS:
		return vp->lvalue == sizeof(struct in6_addr);
	case ROUTE_IPV6_INFORMATION:
		return radius6_route_ok(vp);
	default:
		return vp->lvalue && vp->lvalue <= VALUE_MAX;
	}
}

/* False if it does not fit. */
static bool radius6_add(struct kbng_radius6 *list, const VALUE_PAIR *vp,
			uint8_t attribute)
{
	uint8_t *at = list->data + list->len;

	if (list->len + 2 + vp->lvalue > sizeof(list->data))
		return false;
	at[0] = attribute;
	at[1] = 2 + vp->lvalue;
	memcpy(at + 2, vp->strvalue, vp->lvalue);
	list->len += at[1];
	return true;
}

unsigned int radius6_from_pairs(VALUE_PAIR *pairs, struct kbng_radius6 *list)
{
	static const struct kind kinds[] = {
		{ STATEFUL_IPV6_ADDRESS_POOL, 1 },
		{ DELEGATED_IPV6_PREFIX_POOL, 1 },
		{ FRAMED_IPV6_POOL, 1 },
		{ DNS_SERVER_IPV6_ADDRESS, KBNG_SERVERS_MAX },
		{ ROUTE_IPV6_INFORMATION, KBNG_ROUTES6_MAX },
	};
	unsigned int bad = 0, i, n;
	const struct kind *kind;
	VALUE_PAIR *vp;

	list->len = 0;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		kind = &kinds[i];
		n = 0;
		for (vp = rc_avpair_get(pairs, kind->attribute, 0); vp;
		     vp = rc_avpair_get(vp->next, kind->attribute, 0)) {
			if (n < kind->max && radius6_ok(vp, kind->attribute) &&
			    radius6_add(list, vp, kind->attribute))
				n++;
			else
				bad++;
		}
	}
	return bad;
}

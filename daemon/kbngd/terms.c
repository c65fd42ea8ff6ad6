// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "terms.h"

#define USER_CHOOSES	0xffffffff
#define NAS_CHOOSES	0xfffffffe

struct in_addr terms_address(VALUE_PAIR *pairs)
{
	VALUE_PAIR *vp = rc_avpair_get(pairs, PW_FRAMED_IP_ADDRESS, 0);
	struct in_addr addr = { 0 };

	if (vp && vp->lvalue != USER_CHOOSES && vp->lvalue != NAS_CHOOSES)
		addr.s_addr = htonl(vp->lvalue);
	return addr;
}

/* As it would be in a RADIUS packet; false if it does not fit. */
static bool terms_add(struct kbng_blob *attrs, uint8_t attribute,
		      const void *data, size_t len)
{
	if (attrs->len + 2 + len > sizeof(attrs->data))
		return false;
	attrs->data[attrs->len++] = attribute;
	attrs->data[attrs->len++] = 2 + len;
	memcpy(attrs->data + attrs->len, data, len);
	attrs->len += len;
	return true;
}

bool terms_from_pairs(VALUE_PAIR *pairs, const struct cookie_value *username,
		      struct kbng_terms *terms)
{
	VALUE_PAIR *pool = rc_avpair_get(pairs, FRAMED_POOL, 0);

	memset(terms, 0, sizeof(*terms));
	terms->framed = terms_address(pairs);
	if (!pool || !pool->lvalue)
		return true;
	if (!terms_add(&terms->attrs, FRAMED_POOL, pool->strvalue,
		       pool->lvalue))
		return false;
	if (username->len)
		terms_add(&terms->attrs, PW_USER_NAME, username->data,
			  username->len);
	return true;
}

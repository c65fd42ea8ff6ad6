/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What RADIUS says of the lease that a subscriber is to get: Framed-IP-Address
 * (RFC 2865 5.8) and Framed-Pool (RFC 2869 5.18). Pure.
 */
#ifndef KBNGD_TERMS_H
#define KBNGD_TERMS_H

#include <radcli/radcli.h>

#include "lib/cookie.h"
#include "lib/model.h"

#define FRAMED_POOL	88

/*
 * The address that @pairs name; 0 if there is none, or the user or the NAS may
 * choose.
 */
struct in_addr terms_address(VALUE_PAIR *pairs);

/*
 * Fill @terms from the attributes @pairs: the address, and for DHCP servers
 * Framed-Pool and behind it, if there is room, User-Name (RFC 4014 3). False if
 * the pool's name is too long, and left out.
 */
bool terms_from_pairs(VALUE_PAIR *pairs, const struct cookie_value *username,
		      struct kbng_terms *terms);

#endif /* KBNGD_TERMS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes of Access-Accepts that mean nothing here: each is told of once, so
 * that a typing error in a server's files is seen, and is never fatal.
 */
#ifndef KBNGD_STRANGE_H
#define KBNGD_STRANGE_H

#include <stddef.h>
#include <stdint.h>

#include "policy.h"

#define STRANGE_MAX	64		/* more are not told of */

/** struct strange - those that were told of; empty in the beginning */
struct strange {
	uint64_t told[STRANGE_MAX];	/* vendor and attribute */
	unsigned int n;
};

/*
 * Look through the @len octets of @attributes, whose lengths add up. What is
 * in none of the @n mappings @rates, and is not one of those that kbngd
 * knows, goes to the log. Returns how many were new.
 */
unsigned int strange_tell(struct strange *strange, const uint8_t *attributes,
			  size_t len, const struct policy_rate *rates,
			  unsigned int n);

#endif /* KBNGD_STRANGE_H */

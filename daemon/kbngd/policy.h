/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a RADIUS server grants, as a policy for the kernel: rates, bursts and a
 * name out of attributes whose meaning the configuration gives. Pure.
 */
#ifndef KBNGD_POLICY_H
#define KBNGD_POLICY_H

#include <stdbool.h>
#include <stdint.h>
#include <radcli/radcli.h>

#include "lib/model.h"

#define POLICY_RATES_MAX	32

/** enum policy_direction - seen from the subscriber */
enum policy_direction {
	POLICY_BOTH,
	POLICY_UP,			/* from the subscriber */
	POLICY_DOWN,			/* to the subscriber */
};

/** enum policy_unit - what an attribute's value is */
enum policy_unit {
	POLICY_BIT = 1,			/* number, bit/s */
	POLICY_KBIT,			/* number, 1000 bit/s */
	POLICY_MBIT,			/* number, 1000000 bit/s */
	POLICY_OCTET,			/* number, octets a second */
	POLICY_BURST,			/* number, octets of burst */
	POLICY_MIKROTIK,		/* text, Mikrotik-Rate-Limit */
	POLICY_NAME,			/* text, the policy's name */
	POLICY_SHAPER,			/* text, name of what is shared with others */
	POLICY_OVERHEAD,		/* number, octets that the line adds to a packet */
	POLICY_MIN_UNIT,		/* number, octets that a packet takes at least */
	POLICY_QUOTA,			/* number, octets of the session, both ways */
	POLICY_ISOLATED,		/* number, not 0: from and to no other subscriber */
};

/** struct policy_rate - what the attribute @vendor, @attribute means */
struct policy_rate {
	uint32_t vendor;		/* 0: a standard attribute */
	uint32_t attribute;
	uint32_t direction;		/* enum policy_direction */
	uint32_t unit;			/* enum policy_unit */
};

/* The mappings used where the configuration has none, and their count. */
extern const struct policy_rate policy_default_rates[];
extern const unsigned int policy_default_rates_count;

/*
 * Fill @policy from the attributes @pairs of an Access-Accept. For each value
 * the first of the @n mappings @rates that the answer has an attribute for
 * counts; an attribute that is not understood is passed over. Rates end up
 * between KBNG_RATE_MIN and KBNG_RATE_MAX, or 0 for no limit. Returns the
 * number of attributes whose value was not understood or had to be bounded.
 *
 * The mapped attributes must be known to radcli as strings, so that their
 * octets arrive as they were sent: see policy_dictionary().
 */
unsigned int policy_from_pairs(const struct policy_rate *rates, unsigned int n,
			       VALUE_PAIR *pairs, struct kbng_policy *policy);

/*
 * The same, but what the attributes do not set stays in @policy as it was.
 */
unsigned int policy_update(const struct policy_rate *rates, unsigned int n,
			   VALUE_PAIR *pairs, struct kbng_policy *policy);

/*
 * Write dictionary lines that make every attribute in @rates a string. Returns
 * the octets written, 0 if @size is too small.
 */
size_t policy_dictionary(const struct policy_rate *rates, unsigned int n,
			 char *buf, size_t size);

/*
 * Read Mikrotik-Rate-Limit: "rx[/tx] [...]" where rx and tx are numbers of
 * bit/s with an optional k, M or G. rx is what the router receives: the
 * subscriber's upload. One rate counts for both directions. What follows the
 * first blank (burst rates, thresholds, times, priority) has no counterpart
 * here and is passed over. Returns false if it begins otherwise.
 */
bool policy_parse_mikrotik(const char *text, size_t len, uint64_t *up,
			   uint64_t *down);

#endif /* KBNGD_POLICY_H */

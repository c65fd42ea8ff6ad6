/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Relay agent information, option 82 (RFC 3046): its sub-options. Pure.
 */
#ifndef _KBNG_OPT82_H
#define _KBNG_OPT82_H

#include <linux/types.h>
#include <linux/kbng.h>
#include "stats.h"

#define KBNG_OPT82_CIRCUIT_ID	1
#define KBNG_OPT82_REMOTE_ID	2
#define KBNG_OPT82_LINK		5	/* RFC 3527 */
#define KBNG_OPT82_SUBSCRIBER	6	/* RFC 3993 */
#define KBNG_OPT82_RADIUS	7	/* RFC 4014 */
#define KBNG_OPT82_VENDOR	9	/* RFC 4243 */
#define KBNG_OPT82_FLAGS	10	/* RFC 5010 */
#define KBNG_OPT82_SERVER_ID	11	/* RFC 5107 */
#define KBNG_OPT82_RELAY_ID	12	/* RFC 6925 */
#define KBNG_OPT82_VSS		151	/* RFC 6607 */
#define KBNG_OPT82_VSS_CONTROL	152	/* RFC 6607 */

#define KBNG_OPT82_FLAG_UNICAST	0x80

#define KBNG_OPT82_MAX		255	/* octets of an option */

/**
 * struct kbng_id - a circuit-id or remote-id
 * @len: octets used
 * @data: any octets, not a string
 */
struct kbng_id {
	u8 len;
	u8 data[KBNG_ID_MAX];
};

/* Order and codes, from 129, are those of TR-101 and RFC 4679. */
enum kbng_line_rate {
	KBNG_LINE_ACTUAL_UP,
	KBNG_LINE_ACTUAL_DOWN,
	KBNG_LINE_MINIMUM_UP,
	KBNG_LINE_MINIMUM_DOWN,
	KBNG_LINE_ATTAINABLE_UP,
	KBNG_LINE_ATTAINABLE_DOWN,
	KBNG_LINE_RATES
};

/**
 * struct kbng_line_rates - what an access node knows of a line
 * @kbit: kbit/s, 0 is unknown
 */
struct kbng_line_rates {
	u32 kbit[KBNG_LINE_RATES];
};

/**
 * struct kbng_opt82 - an option in the making
 * @data: its value
 * @len: octets used
 * @full: something did not fit
 */
struct kbng_opt82 {
	u8 data[KBNG_OPT82_MAX];
	u8 len;
	bool full;
};

void kbng_opt82_add(struct kbng_opt82 *opt, u8 code, const void *data, u8 len);
bool kbng_opt82_has(const u8 *value, size_t len, u8 wanted);
bool kbng_opt82_valid(const u8 *value, size_t len);
enum kbng_stat kbng_opt82_ids(const u8 *value, size_t len,
			      struct kbng_id *circuit, struct kbng_id *remote);
void kbng_opt82_rates(const u8 *value, size_t len,
		      struct kbng_line_rates *rates);
bool kbng_opt82_matches(const u8 *value, size_t len,
			const struct kbng_id *circuit,
			const struct kbng_id *remote);

#endif /* _KBNG_OPT82_H */

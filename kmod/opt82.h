/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Relay agent information, option 82 (RFC 3046): its sub-options. Pure.
 */
#ifndef _KBNG_OPT82_H
#define _KBNG_OPT82_H

#include <linux/types.h>
#include <linux/kbng.h>

#define KBNG_OPT82_CIRCUIT_ID	1
#define KBNG_OPT82_REMOTE_ID	2

/* Two sub-options of the greatest length; an option holds 255 octets. */
#define KBNG_OPT82_MAX		(2 * (2 + KBNG_ID_MAX))

/**
 * struct kbng_id - a circuit-id or remote-id
 * @len: octets used
 * @data: any octets, not a string
 */
struct kbng_id {
	u8 len;
	u8 data[KBNG_ID_MAX];
};

size_t kbng_opt82_build(u8 *dst, const struct kbng_id *circuit,
			const struct kbng_id *remote);
bool kbng_opt82_valid(const u8 *value, size_t len);
bool kbng_opt82_matches(const u8 *value, size_t len,
			const struct kbng_id *circuit,
			const struct kbng_id *remote);

#endif /* _KBNG_OPT82_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Octets of any length that live as long as a session: names that people gave,
 * option 82 of an access node, the daemon's cookie.
 */
#ifndef _KBNG_OCTETS_H
#define _KBNG_OCTETS_H

#include <linux/gfp.h>
#include <linux/types.h>

/**
 * struct kbng_octets - what is there; nothing is NULL
 * @len: of @data
 * @data: not a string
 */
struct kbng_octets {
	u16 len;
	u8 data[];
};

int kbng_octets_set(struct kbng_octets **octets, const void *data, size_t len,
		    gfp_t gfp);
bool kbng_octets_equal(const struct kbng_octets *octets, const void *data,
		       size_t len);

#endif /* _KBNG_OCTETS_H */

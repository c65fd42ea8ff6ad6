// SPDX-License-Identifier: GPL-2.0
#include "octets.h"

#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * kbng_octets_equal() - compare
 * @octets: or NULL
 * @data: with what
 * @len: of @data
 *
 * Return: whether they are the same
 */
bool kbng_octets_equal(const struct kbng_octets *octets, const void *data,
		       size_t len)
{
	return octets ? octets->len == len && !memcmp(octets->data, data, len) :
			!len;
}

/**
 * kbng_octets_set() - replace, unless it is the same
 * @octets: where they are; freed with kfree()
 * @data: copied
 * @len: of @data, up to 65535; none is NULL
 * @gfp: how to allocate
 *
 * Return: 0, or -ENOMEM: nothing has changed
 */
int kbng_octets_set(struct kbng_octets **octets, const void *data, size_t len,
		    gfp_t gfp)
{
	struct kbng_octets *new = NULL;

	if (kbng_octets_equal(*octets, data, len))
		return 0;
	if (len) {
		new = kmalloc(struct_size(new, data, len), gfp | __GFP_ACCOUNT);
		if (!new)
			return -ENOMEM;
		new->len = len;
		memcpy(new->data, data, len);
	}
	kfree(*octets);
	*octets = new;
	return 0;
}

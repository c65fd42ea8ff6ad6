// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include "opt82.h"

static u8 *kbng_opt82_put(u8 *p, u8 code, const struct kbng_id *id)
{
	if (!id->len)
		return p;
	*p++ = code;
	*p++ = id->len;
	memcpy(p, id->data, id->len);
	return p + id->len;
}

/**
 * kbng_opt82_build() - sub-options 1 and 2, each when it is not empty
 * @dst: room for KBNG_OPT82_MAX octets
 * @circuit: circuit-id
 * @remote: remote-id
 *
 * Return: octets written
 */
size_t kbng_opt82_build(u8 *dst, const struct kbng_id *circuit,
			const struct kbng_id *remote)
{
	u8 *p = dst;

	p = kbng_opt82_put(p, KBNG_OPT82_CIRCUIT_ID, circuit);
	p = kbng_opt82_put(p, KBNG_OPT82_REMOTE_ID, remote);
	return p - dst;
}

/* The next sub-option at *off; false at the end or when it runs past it. */
static bool kbng_opt82_next(const u8 *value, size_t len, size_t *off, u8 *code,
			    const u8 **data, u8 *data_len)
{
	if (len - *off < 2 || value[*off + 1] > len - *off - 2)
		return false;
	*code = value[*off];
	*data_len = value[*off + 1];
	*data = value + *off + 2;
	*off += 2 + *data_len;
	return true;
}

/**
 * kbng_opt82_valid() - whether the sub-options fill the option exactly
 * @value: the option's value
 * @len: its length
 *
 * Return: true when they do
 */
bool kbng_opt82_valid(const u8 *value, size_t len)
{
	const u8 *data;
	size_t off = 0;
	u8 data_len;
	u8 code;

	while (kbng_opt82_next(value, len, &off, &code, &data, &data_len))
		;
	return off == len;
}

static bool kbng_opt82_equal(const u8 *data, u8 len, const struct kbng_id *id)
{
	return len == id->len && !memcmp(data, id->data, len);
}

/**
 * kbng_opt82_matches() - whether an echoed option names this line
 * @value: the option's value, valid
 * @len: its length
 * @circuit: the line's circuit-id
 * @remote: the line's remote-id
 *
 * Return: false when a circuit-id or remote-id in it differs from the line's
 */
bool kbng_opt82_matches(const u8 *value, size_t len,
			const struct kbng_id *circuit,
			const struct kbng_id *remote)
{
	const u8 *data;
	size_t off = 0;
	u8 data_len;
	u8 code;

	while (kbng_opt82_next(value, len, &off, &code, &data, &data_len)) {
		if (code == KBNG_OPT82_CIRCUIT_ID &&
		    !kbng_opt82_equal(data, data_len, circuit))
			return false;
		if (code == KBNG_OPT82_REMOTE_ID &&
		    !kbng_opt82_equal(data, data_len, remote))
			return false;
	}
	return true;
}

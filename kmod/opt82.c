// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include "opt82.h"

#define KBNG_OPT82_DSL_FORUM	3561	/* the Broadband Forum's number */
#define KBNG_OPT82_DSL_RATE	129	/* the first of the line rates */

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

static enum kbng_stat kbng_opt82_take(struct kbng_id *id, const u8 *data,
				      u8 len)
{
	/* Twice the same one names two lines; an empty one names none. */
	if (id->len || !len)
		return KBNG_STAT_dhcp_opt82_malformed;
	if (len > sizeof(id->data))
		return KBNG_STAT_dhcp_opt82_too_long;
	memcpy(id->data, data, len);
	id->len = len;
	return KBNG_STAT_NONE;
}

/**
 * kbng_opt82_ids() - the ids that an access node gave a line
 * @value: the option's value, valid
 * @len: its length
 * @circuit: circuit-id, empty if there is none
 * @remote: remote-id, empty if there is none
 *
 * Return: KBNG_STAT_NONE, or why they cannot identify a line
 */
enum kbng_stat kbng_opt82_ids(const u8 *value, size_t len,
			      struct kbng_id *circuit, struct kbng_id *remote)
{
	enum kbng_stat stat = KBNG_STAT_NONE;
	const u8 *data;
	size_t off = 0;
	u8 data_len;
	u8 code;

	memset(circuit, 0, sizeof(*circuit));
	memset(remote, 0, sizeof(*remote));
	while (!stat &&
	       kbng_opt82_next(value, len, &off, &code, &data, &data_len)) {
		if (code == KBNG_OPT82_CIRCUIT_ID)
			stat = kbng_opt82_take(circuit, data, data_len);
		else if (code == KBNG_OPT82_REMOTE_ID)
			stat = kbng_opt82_take(remote, data, data_len);
	}
	return stat;
}

static u32 kbng_opt82_u32(const u8 *p)
{
	return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* What follows the enterprise number: tags of TR-101 that are shaped alike. */
static void kbng_opt82_dsl(const u8 *value, size_t len,
			   struct kbng_line_rates *rates)
{
	const u8 *data;
	size_t off = 0;
	u8 data_len;
	u8 code;

	while (kbng_opt82_next(value, len, &off, &code, &data, &data_len))
		if (code >= KBNG_OPT82_DSL_RATE && data_len == 4 &&
		    code < KBNG_OPT82_DSL_RATE + KBNG_LINE_RATES)
			rates->kbit[code - KBNG_OPT82_DSL_RATE] =
				kbng_opt82_u32(data);
}

/**
 * kbng_opt82_rates() - the line's rates, where the access node tells them
 * @value: the option's value, valid
 * @len: its length
 * @rates: the rates; what is not told, or not as TR-101 has it, is 0
 *
 * They are among the Broadband Forum's tags in sub-option 9, where each vendor
 * has an enterprise number, a length and octets of its own (RFC 4243).
 */
void kbng_opt82_rates(const u8 *value, size_t len,
		      struct kbng_line_rates *rates)
{
	const u8 *data;
	size_t off = 0;
	u8 data_len;
	u8 code;

	memset(rates, 0, sizeof(*rates));
	while (kbng_opt82_next(value, len, &off, &code, &data, &data_len)) {
		if (code != KBNG_OPT82_VENDOR)
			continue;
		while (data_len >= 5 && data[4] <= data_len - 5) {
			u8 vendor_len = data[4];

			if (kbng_opt82_u32(data) == KBNG_OPT82_DSL_FORUM)
				kbng_opt82_dsl(data + 5, vendor_len, rates);
			data += 5 + vendor_len;
			data_len -= 5 + vendor_len;
		}
	}
}

/**
 * kbng_opt82_has() - whether there is a sub-option
 * @value: the option's value, valid
 * @len: its length
 * @wanted: code of the sub-option
 *
 * Return: true when there is
 */
bool kbng_opt82_has(const u8 *value, size_t len, u8 wanted)
{
	const u8 *data;
	size_t off = 0;
	u8 data_len;
	u8 code;

	while (kbng_opt82_next(value, len, &off, &code, &data, &data_len))
		if (code == wanted)
			return true;
	return false;
}

/**
 * kbng_opt82_add() - add a sub-option, unless there is one of that kind
 * @opt: option; full when there is no room
 * @code: sub-option
 * @data: its value
 * @len: octets of @data
 */
void kbng_opt82_add(struct kbng_opt82 *opt, u8 code, const void *data, u8 len)
{
	if (kbng_opt82_has(opt->data, opt->len, code))
		return;
	if (opt->len + 2 + len > KBNG_OPT82_MAX) {
		opt->full = true;
		return;
	}
	opt->data[opt->len++] = code;
	opt->data[opt->len++] = len;
	memcpy(opt->data + opt->len, data, len);
	opt->len += len;
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

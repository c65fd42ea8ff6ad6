// SPDX-License-Identifier: GPL-2.0
#include "nd.h"

#include <linux/string.h>

/* type, code, checksum, reserved or flags, and a target in all but RS */
#define KBNG_ND_OFF_CODE	1
#define KBNG_ND_OFF_FLAGS	4
#define KBNG_ND_TARGET_LEN	16

/* The option that carries the sender's own link-layer address. */
static u8 kbng_nd_own_option(u8 type)
{
	return type == KBNG_ND_NA ? KBNG_ND_OPT_TARGET : KBNG_ND_OPT_SOURCE;
}

/* Options count their length in units of 8 octets, none of which is 0. */
static bool kbng_nd_parse_options(const u8 *buf, size_t len, size_t off,
				  struct kbng_nd *m)
{
	const u8 own = kbng_nd_own_option(m->type);
	size_t n;

	for (; off < len; off += n) {
		if (len - off < 2)
			return false;
		n = buf[off + 1] * 8;
		if (!n || n > len - off)
			return false;
		if (buf[off] != own)
			continue;
		/* One that says so twice may say two things. */
		if (n != 8 || m->mac)
			return false;
		m->mac = buf + off + 2;
	}
	return true;
}

/**
 * kbng_nd_parse() - read a message
 * @buf: the ICMPv6 message, all of it
 * @len: of @buf
 * @m: what it says; points into @buf
 *
 * Return: false unless it is a well-formed RS, NS or NA (RFC 4861 6.1.1, 7.1.1
 * and 7.1.2, as far as that is in the message)
 */
bool kbng_nd_parse(const u8 *buf, size_t len, struct kbng_nd *m)
{
	size_t off = KBNG_ND_OFF_TARGET;

	memset(m, 0, sizeof(*m));
	if (len < off || buf[KBNG_ND_OFF_CODE])
		return false;
	m->type = buf[0];
	switch (m->type) {
	case KBNG_ND_RS:
		break;
	case KBNG_ND_NS:
	case KBNG_ND_NA:
		if (len < off + KBNG_ND_TARGET_LEN)
			return false;
		m->target = buf + off;
		/* Nobody is a group. */
		if (m->target[0] == 0xff)
			return false;
		off += KBNG_ND_TARGET_LEN;
		break;
	default:
		return false;
	}
	return kbng_nd_parse_options(buf, len, off, m);
}

/**
 * kbng_nd_advertise() - write a neighbour advertisement (RFC 4861 4.4)
 * @buf: gets KBNG_ND_NA_LEN octets; the checksum in it is 0
 * @target: 16 octets: the address that was asked for
 * @mac: 6 octets: its link-layer address
 * @flags: KBNG_ND_NA_...
 */
void kbng_nd_advertise(u8 *buf, const u8 *target, const u8 *mac, u8 flags)
{
	u8 *option = buf + KBNG_ND_OFF_TARGET + KBNG_ND_TARGET_LEN;

	memset(buf, 0, KBNG_ND_NA_LEN);
	buf[0] = KBNG_ND_NA;
	buf[KBNG_ND_OFF_FLAGS] = flags;
	memcpy(buf + KBNG_ND_OFF_TARGET, target, KBNG_ND_TARGET_LEN);
	option[0] = KBNG_ND_OPT_TARGET;
	option[1] = 1;
	memcpy(option + 2, mac, 6);
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Neighbour discovery messages over a byte buffer (RFC 4861 4): what a guard
 * wants to know, and answers. Pure: no skb, no allocation; tests and fuzzers
 * compile this.
 */
#ifndef _KBNG_ND_H
#define _KBNG_ND_H

#include <linux/types.h>

#define KBNG_ND_RS		133
#define KBNG_ND_RA		134
#define KBNG_ND_NS		135
#define KBNG_ND_NA		136
#define KBNG_ND_REDIRECT	137

#define KBNG_ND_OPT_SOURCE	1	/* source link-layer address */
#define KBNG_ND_OPT_TARGET	2	/* target link-layer address */

/* That of whom no router has touched (RFC 4861 3.1). */
#define KBNG_ND_HOP_LIMIT	255

/* Flags of an advertisement: a router; asked for; newer than what is known. */
#define KBNG_ND_NA_ROUTER	0x80
#define KBNG_ND_NA_SOLICITED	0x40
#define KBNG_ND_NA_OVERRIDE	0x20

/* Of an advertisement with its one option, and where a target is. */
#define KBNG_ND_NA_LEN		32
#define KBNG_ND_OFF_TARGET	8

/* What is read of a message; nobody sends longer ones. */
#define KBNG_ND_LEN_MAX		256

/**
 * struct kbng_nd - a message that a host may send
 * @type: KBNG_ND_RS, KBNG_ND_NS or KBNG_ND_NA
 * @target: in the buffer: 16 octets, the address that it is about; NULL in RS
 * @mac: in the buffer: 6 octets, the sender's link-layer address; or NULL
 */
struct kbng_nd {
	u8 type;
	const u8 *target;
	const u8 *mac;
};

bool kbng_nd_parse(const u8 *buf, size_t len, struct kbng_nd *m);
void kbng_nd_advertise(u8 *buf, const u8 *target, const u8 *mac, u8 flags);

#endif /* _KBNG_ND_H */

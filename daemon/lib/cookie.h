/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel keeps for kbngd with each session, so that a restart goes on
 * with the same accounting. Pure.
 *
 * Version 1 is the octet 1 and then type, length, value: Class attributes are
 * binary and may fill most of the 1024 octets, so JSON would
 * cost a third more for them, an allocation and a parser. A type that is not
 * known is skipped; another version is not read at all.
 */
#ifndef KBNG_COOKIE_H
#define KBNG_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COOKIE_CLASSES_MAX	4	/* Class attributes echoed */
#define COOKIE_VALUE_MAX	253	/* octets of an attribute, RFC 2865 5 */

/**
 * enum decision - by whose word a session is what it is
 * @DECISION_ACCEPT: a server's, or the subscriber file's where there is no RADIUS
 * @DECISION_LOCAL: no server answered, the subscriber file let it in
 * @DECISION_LAST: no server answered, it got what it was accepted with last
 * @DECISION_OPEN: no server answered, everybody is let in
 * @DECISION_WALLED: a server rejected it, it has the policy for that; or said so
 * @DECISION_OPERATOR: somebody made it active with `kbng`
 * @DECISION_BLOCK: a server, or the subscriber file, rejected it; in no cookie
 * @DECISION_HOLD: no server answered, it waits; in no cookie
 */
enum decision {
	DECISION_ACCEPT,
	DECISION_LOCAL,
	DECISION_LAST,
	DECISION_OPEN,
	DECISION_WALLED,
	DECISION_OPERATOR,
	DECISION_BLOCK,
	DECISION_HOLD,
	DECISIONS,
};

/** struct cookie_value - octets of an attribute */
struct cookie_value {
	uint8_t len;
	uint8_t data[COOKIE_VALUE_MAX];
};

/** struct cookie - the daemon's own state of a session that was accepted */
struct cookie {
	bool ask_again;			/* at @end, RFC 2865 5.29 */
	bool framed;			/* its static IPv6 prefixes are an answer's */
	uint32_t decision;		/* enum decision */
	uint32_t interim;		/* s between interims, 0: configured */
	uint32_t end;			/* s of session time, 0: none */
	uint32_t idle;			/* s it may be idle, 0: for ever */
	struct cookie_value username;
	struct cookie_value cui;	/* Chargeable-User-Identity, RFC 4372 */
	struct cookie_value class[COOKIE_CLASSES_MAX];	/* RFC 2865 5.25 */
	unsigned int classes;
};

/*
 * Write @c to @buf. Returns the octets, at most @size. Class values that do
 * not fit any more are left out, the last one first.
 */
size_t cookie_encode(const struct cookie *c, uint8_t *buf, size_t size);

/* Read @len octets of @buf. False if it is no cookie of this version. */
bool cookie_decode(struct cookie *c, const uint8_t *buf, size_t len);

#endif /* KBNG_COOKIE_H */

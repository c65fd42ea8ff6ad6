/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS packets: attribute pairs to octets, and whether an answer is genuine.
 * Pure but for the random numbers that RFC 2865 asks for.
 *
 * radcli has the dictionary and the attribute pairs. It does not do this part:
 * 1.2.11 logs an answer whose Response Authenticator is wrong and then takes
 * it all the same, so whoever can send a UDP packet could let anybody in, and
 * it adds a Message-Authenticator only to requests with EAP.
 */
#ifndef KBNGD_PACKET_H
#define KBNGD_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <radcli/radcli.h>

#define PACKET_HEADER	20
#define PACKET_MAX	4096		/* RFC 2865 3 */

/** enum packet_verdict - what packet_verify() thinks of an answer */
enum packet_verdict {
	PACKET_GENUINE,
	PACKET_MALFORMED,		/* lengths do not add up */
	PACKET_STRAY,			/* answers another request */
	PACKET_FORGED,			/* not made with our secret */
};

/*
 * Write a request of @code, PW_ACCESS_REQUEST or PW_ACCOUNTING_REQUEST, with
 * the attributes @pairs into @buf, of PACKET_MAX octets. An Access-Request has
 * a random authenticator, its User-Password hidden (RFC 2865 5.2) and begins
 * with a Message-Authenticator (RFC 3579 3.2); an Accounting-Request's
 * authenticator is its digest (RFC 2866 3). Returns the length, or 0 if it
 * does not fit or there are no random numbers.
 */
size_t packet_encode(uint8_t *buf, uint8_t code, uint8_t id,
		     const VALUE_PAIR *pairs, const char *secret);

/*
 * Judge the @len octets of @answer to @request: its lengths, its identifier,
 * its Response Authenticator (RFC 2865 3) and its Message-Authenticator where
 * it has one; with @must_sign an answer without one is forged.
 */
enum packet_verdict packet_verify(const uint8_t *request, const uint8_t *answer,
				  size_t len, const char *secret,
				  bool must_sign);

/* The length that the packet's header states. */
size_t packet_length(const uint8_t *packet);

#endif /* KBNGD_PACKET_H */

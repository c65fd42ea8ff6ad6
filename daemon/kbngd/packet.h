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

#define PACKET_COA_REQUEST	43	/* RFC 5176 2.2 */
#define PACKET_COA_ACK		44
#define PACKET_COA_NAK		45
#define PACKET_DISCONNECT_REQUEST 40	/* RFC 5176 2.1 */
#define PACKET_DISCONNECT_ACK	41
#define PACKET_DISCONNECT_NAK	42

/** enum packet_verdict - what the two packet_verify functions think */
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
 * Write the attributes @pairs alone, none of them a password, into @buf, of
 * PACKET_MAX octets. Returns the length, or 0 if they do not fit.
 */
size_t packet_attributes(uint8_t *buf, const VALUE_PAIR *pairs);

/*
 * Judge the @len octets of @answer to @request: its lengths, its identifier,
 * its Response Authenticator (RFC 2865 3) and its Message-Authenticator where
 * it has one; with @must_sign an answer without one is forged.
 */
enum packet_verdict packet_verify(const uint8_t *request, const uint8_t *answer,
				  size_t len, const char *secret,
				  bool must_sign);

/*
 * Judge the @len octets of a request that a server sent us: its lengths, its
 * Request Authenticator (RFC 5176 2.3) and its Message-Authenticator (3.4)
 * where it has one; with @must_sign one without is forged.
 */
enum packet_verdict packet_verify_request(const uint8_t *request, size_t len,
					  const char *secret, bool must_sign);

/*
 * Write the answer of @code to @request with the @len octets of attributes
 * into @buf, of PACKET_MAX octets; it begins with a Message-Authenticator.
 * Returns its length, or 0 if it does not fit.
 */
size_t packet_answer(uint8_t *buf, uint8_t code, const uint8_t *request,
		     const uint8_t *attributes, size_t len, const char *secret);

/* The length that the packet's header states. */
size_t packet_length(const uint8_t *packet);

#endif /* KBNGD_PACKET_H */

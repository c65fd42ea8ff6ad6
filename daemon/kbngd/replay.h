/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests that were answered and what the answer was: one that comes again
 * gets the same answer, and nothing is done twice (RFC 5176 2.3, 6.3).
 *
 * A request is the same if its authenticator is, which is a digest of all of
 * it. With an Event-Timestamp that holds until the time is out of the window:
 * such a request is no other than the one that came before. Without one a
 * server may well mean the same a second time, so only what comes from the same
 * port within REPLAY_RESENT_S is the same.
 */
#ifndef KBNGD_REPLAY_H
#define KBNGD_REPLAY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define REPLAY_MAX	16384		/* requests that are remembered */
#define REPLAY_RESENT_S	30
#define REPLAY_DIGEST	16		/* octets of an authenticator */

struct replay;

/** struct replay_key - a request */
struct replay_key {
	const uint8_t *authenticator;
	struct in6_addr source;
	uint16_t port;
	bool stamped;			/* it has an Event-Timestamp */
};

/* NULL without memory. */
struct replay *replay_new(void);
void replay_free(struct replay *r);

/*
 * The answer to @key, of *@len octets; it stays valid until replay_keep().
 * NULL if the request is new.
 */
const uint8_t *replay_find(struct replay *r, const struct replay_key *key,
			   time_t now, size_t *len);

/*
 * Remember the @len octets of @answer to @key until @until. The oldest one is
 * forgotten for it; without memory it is this one.
 */
void replay_keep(struct replay *r, const struct replay_key *key, time_t until,
		 const uint8_t *answer, size_t len);

#endif /* KBNGD_REPLAY_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One RADIUS request to a list of servers and the genuine answer, blocking:
 * for worker threads.
 */
#ifndef KBNGD_EXCHANGE_H
#define KBNGD_EXCHANGE_H

#include <stdatomic.h>

#include "config.h"
#include "packet.h"

/** struct exchange - servers of one kind and how to ask them */
struct exchange {
	const struct config_server *servers;
	unsigned int n;
	unsigned int timeout;		/* s for each try */
	unsigned int retries;		/* tries after the first, a server */
	bool must_sign;			/* see packet_verify() */
	int stop_fd;			/* readable: give up */
	/*
	 * The server that answered last is asked first, so that a dead one
	 * costs its timeout once and not for every request.
	 */
	atomic_uint first;
};

/*
 * Send a request of @code with @pairs and wait for its answer, in @answer, of
 * PACKET_MAX octets. Returns the answer's length, or 0 if no server gave one
 * or the wait was broken off. Answers that are not genuine are logged and
 * passed over: the wait goes on.
 */
size_t exchange_run(struct exchange *ex, uint8_t code, const VALUE_PAIR *pairs,
		    uint8_t *answer);

#endif /* KBNGD_EXCHANGE_H */

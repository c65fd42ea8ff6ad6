/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One RADIUS request to a list of servers and the genuine answer, or many,
 * blocking: for worker threads.
 */
#ifndef KBNGD_EXCHANGE_H
#define KBNGD_EXCHANGE_H

#include <pthread.h>

#include "bucket.h"
#include "config.h"
#include "packet.h"
#include "radsec.h"

/** struct exchange_state - what is known of a server */
struct exchange_state {
	uint64_t dead_until;		/* ms; 0: it answers, for all we know */
	struct bucket bucket;
	uint64_t asked, answered;	/* requests, with their repetitions one */
	uint64_t refused;		/* by the limit on requests */
	char trouble[RADSEC_WHY];	/* why it did not answer last, or empty */
};

/** struct exchange - servers of one kind and how to ask them */
struct exchange {
	const struct config_server *servers;
	unsigned int n;
	unsigned int timeout;		/* s for each try */
	unsigned int retries;		/* tries after the first, a server */
	bool must_sign;			/* see packet_verify() */
	unsigned int dead_time;		/* s that a silent server is spared */
	unsigned int rate, burst;	/* requests a second, at once; a server */
	int stop_fd;			/* readable: give up */
	pthread_mutex_t lock;		/* of @state and @idle */
	struct exchange_state state[CONFIG_SERVERS_MAX];
	struct radsec *idle[CONFIG_SERVERS_MAX];	/* TLS, answered last */
};

/** struct exchange_tried - which server was asked already */
struct exchange_tried {
	unsigned int server;
	unsigned int tries;		/* 0: none was */
};

/** struct exchange_one - a request of several */
struct exchange_one {
	const VALUE_PAIR *pairs;
	uint64_t key;			/* as for exchange_run() */
	void *arg;			/* the caller's */
	struct exchange_tried tried;	/* none before; afterwards, without an answer */
	size_t size;			/* of octets, 0: it is not sent */
	bool answered;
	uint8_t octets[PACKET_MAX];	/* ours: the request */
};

#define EXCHANGE_MANY	16		/* requests at once */

/*
 * The first try of @n requests of @code at once, each to the server whose turn
 * it is: few system calls for all of them. @done is called for each answer, and
 * with NULL when no other came with it. Afterwards exchange_run() goes on with
 * those that were not answered.
 */
void exchange_many(struct exchange *ex, uint8_t code, struct exchange_one *ones,
		   unsigned int n,
		   void (*done)(struct exchange_one *one, const uint8_t *answer,
				size_t len, void *arg), void *arg);

/*
 * A server is asked if those before it do not answer: those with a weight come
 * first, in an order by their weights that is the same for the same @key, then
 * the others as they are listed. One that did not is
 * dead for a while: it is asked last, so that it costs its timeout once and not
 * for every request, and after that while by one request first.
 *
 * Send a request of @code with @pairs and wait for its answer, in @answer, of
 * PACKET_MAX octets. Returns the answer's length, or 0 if no server gave one
 * or the wait was broken off; then *@limited is whether one that lives was not
 * asked, by the limit on requests. Answers that are not genuine are logged and
 * passed over: the wait goes on. Over TLS they end the connection and the wait.
 * A server that was @tried is asked first, for the tries that it has left,
 * unless it is dead by now.
 */
size_t exchange_run(struct exchange *ex, uint8_t code, const VALUE_PAIR *pairs,
		    uint64_t key, const struct exchange_tried *tried,
		    uint8_t *answer, bool *limited);

/* Close the connections that are idle: nobody asks any more. */
void exchange_close(struct exchange *ex);

/* What is known of server number @i now. */
struct exchange_state exchange_state(struct exchange *ex, unsigned int i);

/* Whether all servers count as dead: to ask them would take a while. */
bool exchange_all_dead(struct exchange *ex);

/* Whether a server with @state counts as dead. */
bool exchange_is_dead(const struct exchange_state *state);

#endif /* KBNGD_EXCHANGE_H */

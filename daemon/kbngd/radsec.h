/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS over TLS (RFC 6614): connections to a server, blocking, for worker
 * threads. A connection carries one request at a time, so that the answer that
 * comes is the one to it.
 *
 * The server's certificate must be made by the CA for the name that is
 * configured; TLS is 1.2 or 1.3. Why there is no connection or no answer goes
 * to @why, of RADSEC_WHY octets, in words.
 */
#ifndef KBNGD_RADSEC_H
#define KBNGD_RADSEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "config.h"
#include "deadline.h"

#define RADSEC_WHY	192

struct radsec;

/*
 * Speak TLS as @tls says on the TCP socket @fd, which is non-blocking, may be
 * connecting still, and is ours from here on. NULL if that fails.
 */
struct radsec *radsec_open(const struct config_tls *tls, int fd,
			   const struct deadline *deadline, char *why);

/*
 * Send the @size octets of @request and wait for the answer, in @answer, of
 * PACKET_MAX octets. Returns its length; 0 if none came or it has no length
 * that RADIUS knows; -1 if the connection was lost, so that the request may be
 * tried on another. After 0 and -1 there is nothing but radsec_close().
 */
ssize_t radsec_ask(struct radsec *c, const uint8_t *request, size_t size,
		   uint8_t *answer, const struct deadline *deadline, char *why);

/* Connections that nobody uses, each the head of a list: add @c, take one. */
void radsec_put(struct radsec **idle, struct radsec *c);
struct radsec *radsec_take(struct radsec **idle);

/* Whether the server has neither closed nor said anything while it was idle. */
bool radsec_stands(struct radsec *c);

void radsec_close(struct radsec *c);

#endif /* KBNGD_RADSEC_H */

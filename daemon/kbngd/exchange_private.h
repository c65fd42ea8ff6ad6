/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What exchange.c and exchange_many.c share.
 */
#ifndef KBNGD_EXCHANGE_PRIVATE_H
#define KBNGD_EXCHANGE_PRIVATE_H

#include "exchange.h"

/*
 * A socket connected to @server, so that strangers' datagrams do not reach it;
 * a TCP one is non-blocking and may be connecting still. -1 and @why.
 */
int exchange_connect(const struct config_server *server, char *why);

/* Whether @answer is @server's to @request; else it may be worth a warning. */
bool exchange_genuine(const struct exchange *ex,
		      const struct config_server *server,
		      const uint8_t *request, const uint8_t *answer,
		      size_t len);

/*
 * The *@server that is first for @key @now, in ms. False, and nothing is counted, if that
 * one is for exchange_run(): it speaks TLS, it may be dead, or its limit on
 * requests is reached.
 */
bool exchange_begin(struct exchange *ex, uint64_t key, uint64_t now,
		    unsigned int *server);

/* @trouble: why server @i did not answer; NULL if it did. */
void exchange_learn(struct exchange *ex, unsigned int i, const char *trouble);

#endif /* KBNGD_EXCHANGE_PRIVATE_H */

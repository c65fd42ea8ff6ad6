/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The port that CoA- and Disconnect-Requests come to (RFC 5176 2.3): from whom,
 * how many, how old, whether genuine, whether again; and the answers.
 */
#ifndef KBNGD_COA_LISTEN_H
#define KBNGD_COA_LISTEN_H

#include "kbngd.h"

struct coa_listen;

/** enum coa_fate - what becomes of a datagram */
enum coa_fate {
	COA_ACK,			/* done */
	COA_NAK,			/* refused, with an Error-Cause */
	COA_AGAIN,			/* got the answer it got before */
	/* without an answer: */
	COA_STRANGER,			/* not from a client */
	COA_MALFORMED,
	COA_FORGED,			/* made with another secret */
	COA_STALE,			/* its time is not ours, or is missing */
	COA_RATE,			/* too many a second */
	COA_FATES,
};

/*
 * Listen as radius.coa says. Returns 0, or -1 and one line in @error, of @size
 * octets; *@listen is to be closed in any case.
 */
int coa_listen_open(struct kbngd *k, struct coa_listen **listen, char *error,
		    size_t size);

/* @listen may be NULL. It is gone when the loop has closed its handle. */
void coa_listen_close(struct coa_listen *listen);

/* How many had that fate since it was opened. */
uint64_t coa_listen_count(const struct coa_listen *listen, enum coa_fate fate);

#endif /* KBNGD_COA_LISTEN_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS requests in worker threads, answers in the event loop.
 *
 * Authentication and accounting have threads of their own: an accounting
 * server that is down does not keep anybody from getting in. What is submitted
 * in one turn of the loop is for one thread, up to EXCHANGE_MANY at a time;
 * what got no answer at first goes on alone. Requests are
 * attribute pairs of radcli's, built by its dictionary; exchange.c carries
 * them.
 */
#ifndef KBNGD_RADIUS_H
#define KBNGD_RADIUS_H

#include <uv.h>

#include "config.h"
#include "exchange.h"
#include "lib/names.h"

/** enum radius_result - what became of a request */
enum radius_result {
	RADIUS_OK,			/* accepted, or the record was taken */
	RADIUS_REJECTED,
	RADIUS_SILENT,			/* no genuine answer from any server */
	RADIUS_LIMITED,			/* nor to be had: not sent to one that lives */
	RADIUS_RESULTS,
};

/** enum radius_kind - which threads and servers a request is for */
enum radius_kind {
	RADIUS_AUTH,
	RADIUS_ACCT,
	RADIUS_KINDS,
};

/* "auth"; "ok", "rejected", "no_answer", "limited". */
extern const struct kbng_names radius_kind_names, radius_result_names;

/** struct radius_request - a question, and later its answer */
struct radius_request {
	enum radius_kind kind;
	uint8_t uuid[KBNG_UUID_LEN];	/* the caller's: which session */
	int tag;			/* the caller's: what it was about */
	VALUE_PAIR *send;
	enum radius_result result;
	VALUE_PAIR *reply;		/* attributes of the answer, or NULL */
	struct radius_request *next;	/* in a queue of ours */
	struct exchange_tried tried;	/* ours */
	bool alone;			/* ours: has had its first try */
	int64_t begun;			/* ours: ms, when it was submitted */
};

struct radius;

/* In the event loop; the request is freed when this returns. */
typedef void (*radius_done_fn)(struct radius_request *req, void *arg);

/*
 * Start the threads. @config must outlive it. Returns
 * 0 and *@radius, or -1 and why in @error, of @size octets.
 */
int radius_open(const struct config_radius *config, uv_loop_t *loop,
		radius_done_fn done, void *arg, struct radius **radius,
		char *error, size_t size);

/* End the threads; requests under way are dropped without an answer. */
void radius_close(struct radius *radius);

/* radcli's handle with the dictionary, for rc_avpair_add() in the loop. */
const rc_handle *radius_handle(const struct radius *radius);

/*
 * Whether a further request of @kind would find a thread soon: no more than
 * twice the threads are let in, the others wait with their sessions, so that
 * what is sent is what holds then.
 */
bool radius_has_room(const struct radius *radius, enum radius_kind kind);

/* Requests of @kind that are under way, and their servers. */
unsigned int radius_busy(const struct radius *radius, enum radius_kind kind);
struct exchange *radius_exchange(struct radius *radius, enum radius_kind kind);

/* An empty request for a session, or NULL without memory. */
struct radius_request *radius_request_new(enum radius_kind kind,
					  const uint8_t *uuid, int tag);

/* Send @req at the end of the loop's turn; it is ours from here on. */
void radius_submit(struct radius *radius, struct radius_request *req);

/* Send @req, which stays the caller's, and wait for its result. */
void radius_ask(struct radius *radius, struct radius_request *req);

/* Wipe and free a request that was not submitted. */
void radius_request_free(struct radius_request *req);

#endif /* KBNGD_RADIUS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sessions that kbngd knows: little more than what is under way with each.
 * All else is in the kernel, which is asked when it is needed.
 */
#ifndef KBNGD_TABLE_H
#define KBNGD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "lib/cookie.h"
#include "lib/model.h"

struct kbngd;
struct radius_request;
struct route;

/** struct session - what kbngd has to do for a session of the kernel's */
struct session {
	struct session *next;		/* in its bucket */
	struct session *queue_next;	/* in a struct session_queue */
	struct kbngd *k;
	uv_timer_t timer;		/* for @due; also what frees it */
	uint64_t due;			/* loop time, ms, of the next step */
	uint64_t update_due;		/* the same of an update; 0: not set */
	uint64_t ends;			/* loop time, ms, 0: not set; timeout.c */
	uint64_t idle_due;		/* the same, while @idle_timeout */
	uint64_t quota_due;		/* the same; 0: not used up */
	struct cookie_value *proof;	/* State to ask again with, or NULL */
	struct radius_request *answer;	/* to what it asked before its offer, or NULL */
	uint64_t answer_ends;		/* loop time, ms, of @answer */
	struct route *routes;		/* to its prefixes */
	uint8_t uuid[KBNG_UUID_LEN];
	uint32_t interim;		/* s between updates */
	uint32_t idle_timeout;		/* s, 0: none */
	uint32_t retry_rejected;	/* s */
	uint32_t user;			/* table_hash() of the user name */
	uint8_t state;			/* enum kbng_state */
	uint8_t offer;			/* enum kbng_offer */
	uint8_t fails;			/* in a row */
	bool busy;			/* a request is under way */
	bool queued;			/* waits for a thread */
	bool dead;			/* out of the table, to be freed */
	bool seen;			/* in the dump that is running */
	bool ask_again;			/* when its time is over */
	bool reauth;			/* ask again though it is active */
	bool provisional;		/* no server knows: table_provisional() */
	bool walled;			/* a server rejected it, or said so */
	bool accepted;			/* the kernel has a cookie of ours */
	bool announced;			/* SESSION_START is in the journal */
	bool started;			/* the record Start is in it */
	bool stop_announced;		/* SESSION_STOP is in the journal */
	bool stopped;			/* the record Stop is in it */
	uint32_t ifindex;
	struct in_addr addr;
	struct in_addr server;		/* that leased it, 0: none did */
	uint8_t mac[KBNG_MAC_LEN];
	uint64_t lease_end;		/* s since the epoch, 0: none */
};

/** struct session_queue - sessions in the order of their coming */
struct session_queue {
	struct session *head, **tail;
};

/** struct table - sessions by UUID */
struct table {
	struct session **buckets;
	size_t n_buckets;		/* a power of two */
	size_t n;
	size_t provisional;		/* sessions that are */
};

/* -1 without memory. Freeing it removes the sessions, but for queued ones. */
int table_init(struct table *t);
void table_free(struct table *t);
struct session *table_find(const struct table *t, const uint8_t *uuid);

/* Count it among those that were let in while no server answered, or not. */
void table_provisional(struct table *t, struct session *s, bool provisional);

/* For names: equal ones have the same, few others do. */
uint32_t table_hash(const void *data, size_t len);

/* A new session with @uuid, else empty; NULL without memory. */
struct session *table_add(struct table *t, struct kbngd *k,
			  const uint8_t *uuid);

/* Take @s out; it is freed when the loop has closed its timer. */
void table_remove(struct table *t, struct session *s);

/* Call @cb for each; it may remove the one that it is called for. */
void table_each(struct table *t, void (*cb)(struct session *s, void *arg),
		void *arg);

void session_queue_init(struct session_queue *q);
void session_queue_put(struct session_queue *q, struct session *s);
/* The one that waits longest; NULL if none does. */
struct session *session_queue_get(struct session_queue *q);

#endif /* KBNGD_TABLE_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection to the Redis that takes writes, made again after each failure.
 *
 * Which one that is may change. With sentinels they are asked before each
 * connection, and the one that they name has to say itself that it is a master.
 * Of a cluster any node will do to begin with: it tells by an error, MOVED,
 * which one has the stream's slot, and that one is gone to at once. All other
 * errors are waited out, and then the next of the nodes is asked.
 */
#ifndef KBNGD_REDIS_LINK_H
#define KBNGD_REDIS_LINK_H

#include <uv.h>
#include <hiredis/async.h>

#include "config.h"

struct redis_link;

/** struct redis_link_ops - what its user is told; not within redis_link_open() */
struct redis_link_ops {
	void (*ready)(void *arg, redisAsyncContext *ac);
	/* The connection is gone; @why is NULL if Redis is just elsewhere. */
	void (*lost)(void *arg, const char *why);
};

/* Goes on by itself in the loop; @config must outlive it. NULL without memory. */
struct redis_link *redis_link_open(const struct config_redis *config,
				   uv_loop_t *loop,
				   const struct redis_link_ops *ops, void *arg);
void redis_link_close(struct redis_link *link);

/*
 * Give the connection up for the reason @why, or for where it points to. Its
 * callbacks that are still due find NULL in the context's data.
 */
void redis_link_fail(struct redis_link *link, const char *why);

/* An answer is due: without one in ANSWER_MS the connection is given up. */
void redis_link_expect(struct redis_link *link);
/* It came. */
void redis_link_answered(struct redis_link *link);
/* It has the stream: the next failure is the first one. */
void redis_link_well(struct redis_link *link);

/* Where it is, or was or is tried last: "192.0.2.2:6379", or a path; never NULL. */
const char *redis_link_address(const struct redis_link *link);
/* How often it was elsewhere than the time before. */
uint64_t redis_link_moves(const struct redis_link *link);

#endif /* KBNGD_REDIS_LINK_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events out of the journal into a Redis Stream, in their order.
 *
 * A batch is one transaction of Redis' (MULTI, XADDs, EXEC): all of it is in
 * the stream or nothing, whatever error an XADD meets, so order holds. Events
 * leave the journal when EXEC has answered. If the connection breaks between
 * EXEC and its answer, or the daemon dies there, the batch is sent again: the
 * same numbers then come twice, and readers drop what they have already.
 */
#ifndef KBNGD_REDIS_H
#define KBNGD_REDIS_H

#include <uv.h>

#include "config.h"
#include "journal.h"

struct redis;

/*
 * Start to connect; goes on by itself in the loop, again after each failure.
 * @config and @journal must outlive it. NULL without memory.
 */
struct redis *redis_open(const struct config_redis *config, uv_loop_t *loop,
			 struct journal *journal);
void redis_close(struct redis *redis);

/* There are new events in the journal. @redis may be NULL. */
void redis_kick(struct redis *redis);

#endif /* KBNGD_REDIS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events out of the journal into a Redis Stream, in their order.
 *
 * A batch is one transaction of Redis' (MULTI, XADDs, EXEC): all of it is in
 * the stream or nothing, whatever error an XADD meets, so order holds. Events
 * leave the journal when EXEC has answered. The connection may break between
 * EXEC and its answer, or the daemon die there: so the transaction also notes
 * the number of its last event, in the key "{STREAM}:taken:INSTANCE", and a new
 * connection begins with asking for it. What an old connection has sent may
 * still be executed after that, if Redis was paused say: WATCH on this key lets
 * only one of the two transactions happen. No event is in the stream twice.
 *
 * With wait_replicas events leave the journal only when that many replicas have
 * them too (WAIT): then one of these may become the master and nothing is lost.
 * redis_link.c finds the master; on a new one, too, is asked for that number.
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

/*
 * Whether it takes events; if not, *@trouble is why, or NULL as long as nothing
 * went wrong yet.
 */
bool redis_is_up(const struct redis *redis, const char **trouble);

/* As redis_link_address() and redis_link_moves(). */
const char *redis_address(const struct redis *redis);
uint64_t redis_moves(const struct redis *redis);

#endif /* KBNGD_REDIS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event as an entry of a Redis Stream. */
#ifndef KBNGD_REDIS_ENTRY_H
#define KBNGD_REDIS_ENTRY_H

#include <jansson.h>
#include <hiredis/hiredis.h>
#include <hiredis/async.h>

#include "config.h"

/*
 * Send XADD STREAM MAXLEN ~ n * FIELD VALUE ... with the members of @event, the
 * first 64 of them. @cb has the answer.
 */
void redis_entry_add(redisAsyncContext *ac, const struct config_redis *config,
		     json_t *event, redisCallbackFn *cb, void *arg);

#endif /* KBNGD_REDIS_ENTRY_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Redis Sentinel: asks the sentinels of the configuration, one after the other,
 * where the master is. Each is asked in its turn, also if the one before has
 * answered: one that is cut off from the others may name the wrong one.
 */
#ifndef KBNGD_SENTINEL_H
#define KBNGD_SENTINEL_H

#include <uv.h>

#include "config.h"

struct sentinel;

/*
 * Of @config, which must outlive it. @told is called once for each question:
 * with the master's address and port, or with NULL and why none is known.
 */
struct sentinel *sentinel_open(const struct config_redis *config,
			       uv_loop_t *loop,
			       void (*told)(void *arg, const char *address,
					    unsigned int port, const char *why),
			       void *arg);
void sentinel_close(struct sentinel *sentinel);

/* Take a question that is under way back, if there is one, and ask anew. */
void sentinel_ask(struct sentinel *sentinel);

#endif /* KBNGD_SENTINEL_H */

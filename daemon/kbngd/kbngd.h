/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's parts in one place, for those that need several of them.
 */
#ifndef KBNGD_KBNGD_H
#define KBNGD_KBNGD_H

#include <uv.h>

#include "config.h"
#include "journal.h"
#include "lib/nl.h"
#include "radius.h"
#include "redis.h"
#include "subscribers.h"
#include "table.h"

/** struct kbngd - one daemon for one network namespace */
struct kbngd {
	struct config *config;
	uv_loop_t loop;
	struct kbng_nl *nl;			/* requests */
	struct journal *journal;
	struct redis *redis;			/* NULL: no redis section */
	struct radius *radius;			/* NULL: @subscribers decide */
	struct subscribers *subscribers;
	struct table sessions;
	struct session_queue waiting[RADIUS_KINDS];	/* for a thread */
};

#endif /* KBNGD_KBNGD_H */

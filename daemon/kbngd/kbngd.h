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

struct coa_listen;
struct fixed;
struct group;
struct nodes;
struct outbox;
struct readmit;
struct recent;
struct reconcile;
struct routes;
struct updates;

/** struct kbngd - one daemon for one network namespace */
struct kbngd {
	struct config *config;
	const char *config_path;
	struct config *next;			/* to start over with */
	const struct config *before;		/* a reload: what it replaced */
	uint64_t started;			/* s since the epoch */
	uv_loop_t loop;
	struct kbng_nl *nl;			/* requests */
	struct journal *journal;
	struct group *group;			/* what the journal is to keep */
	struct redis *redis;			/* NULL: no redis section */
	struct recent *recent;			/* events */
	struct reconcile *reconcile;		/* NULL: no kea section */
	struct fixed *fixed;			/* NULL: not yet */
	struct nodes *nodes;			/* NULL: not yet */
	struct routes *routes;			/* to IPv6 prefixes */
	struct radius *radius;			/* NULL: @subscribers decide */
	struct outbox *outbox;			/* NULL: no accounting servers */
	struct coa_listen *coa;			/* NULL: no radius.coa section */
	struct subscribers *subscribers;
	struct table sessions;
	uint64_t radius_results[RADIUS_KINDS][RADIUS_RESULTS];
	uint64_t decisions[DECISIONS];
	bool told_late;				/* that a Framed-Pool came too late */
	bool told_radius6;			/* that some of it was malformed */
	struct readmit *readmit;		/* NULL: no radius section */
	struct session_queue waiting;		/* for a thread */
	struct updates *updates;		/* that are due */
};

#endif /* KBNGD_KBNGD_H */

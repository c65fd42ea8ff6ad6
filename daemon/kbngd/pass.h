/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pass of reconciliation: the sessions there were at its begin, and what
 * is done about each lease and each session without one.
 */
#ifndef KBNGD_PASS_H
#define KBNGD_PASS_H

#include <jansson.h>

#include "kbngd.h"
#include "lease.h"

/** struct pass_entry - a session that has an address */
struct pass_entry {
	uint32_t addr;			/* host order: they are sorted by it */
	bool wants_lease;		/* and none was seen yet */
	uint8_t uuid[KBNG_UUID_LEN];
};

/** struct pass_counts - what it has come to */
struct pass_counts {
	uint64_t leases, sessions;	/* looked at */
	uint64_t adopted, corrected, ended;
	uint64_t unknown;		/* leases whose line is not known here */
	uint64_t tombstones;		/* leases of what was ended on purpose */
	uint64_t failed;		/* that the kernel refused */
};

/** struct pass - one pass */
struct pass {
	struct kbngd *k;
	struct pass_entry *entries;
	size_t n, at;
	bool dry_run;			/* count and tell, change nothing */
	struct pass_counts counts;
	json_t *changes;		/* the first ones, to be shown */
};

/* Note the sessions that are there. -1 without memory. */
int pass_begin(struct pass *p, struct kbngd *k, bool dry_run);
void pass_free(struct pass *p);

/* Bring the session of @lease in line with it, or adopt it. */
void pass_lease(struct pass *p, const struct lease *lease);

/* How many sessions have had no lease so far. */
size_t pass_without_lease(const struct pass *p);

/* The next one of them, or NULL after the last. */
struct pass_entry *pass_next(struct pass *p);

/* Kea says that there is no lease for @e: end its session. */
void pass_end_session(struct pass *p, const struct pass_entry *e);

#endif /* KBNGD_PASS_H */

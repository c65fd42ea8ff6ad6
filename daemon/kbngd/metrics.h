/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is counted, for Prometheus, over HTTP in the event loop. Nothing in it
 * is about a single subscriber: docs/operations.md has each metric.
 */
#ifndef KBNGD_METRICS_H
#define KBNGD_METRICS_H

#include "kbngd.h"

struct metrics;

/*
 * Answer on metrics.address and metrics.port. Without a metrics section
 * *@metrics stays NULL. Returns 0, or -1 and why in @error, of @size octets.
 */
int metrics_open(struct kbngd *k, struct metrics **metrics, char *error,
		 size_t size);
void metrics_close(struct metrics *metrics);

#endif /* KBNGD_METRICS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Updates of many sessions: those that are due in the same moment are read from
 * the kernel and written to the journal together. For that moments are rounded,
 * which the interval, random by a tenth, can bear.
 */
#ifndef KBNGD_UPDATE_H
#define KBNGD_UPDATE_H

#include "kbngd.h"

#define UPDATE_MS	250		/* from one moment to the next */

/* @due, loop time in ms, or the next moment after it. */
static inline uint64_t update_moment(uint64_t due)
{
	return (due + UPDATE_MS - 1) / UPDATE_MS * UPDATE_MS;
}

/* NULL without memory. */
struct updates *updates_open(struct kbngd *k);
void updates_close(struct updates *updates);

/* The update of @s is due: run it, when the caller has returned. */
void updates_put(struct updates *updates, struct session *s);

#endif /* KBNGD_UPDATE_H */

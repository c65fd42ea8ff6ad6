/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following subscribers: all that is done about the sessions of a MAC address
 * goes into the log for a while, whatever the log level is. Passwords do not.
 *
 * Only for the event loop. What is followed stays so over a reload.
 */
#ifndef KBNGD_TRACE_H
#define KBNGD_TRACE_H

#include "control.h"

/* Whether @mac is followed: what costs much to say can ask before. */
bool trace_follows(const uint8_t *mac);

/* A line "trace mac=... ", if @mac is followed. */
void trace(const uint8_t *mac, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A line "NAME ATTRIBUTE=VALUE" for each of @pairs, by the dictionary @dict. */
void trace_pairs(const uint8_t *mac, const char *name, const rc_handle *dict,
		 VALUE_PAIR *pairs);

/* The control command: follow "mac" for "seconds", and say who is followed. */
void trace_call(struct kbngd *k, struct control_call *call,
		const json_t *request);

#endif /* KBNGD_TRACE_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: what `kbng` asks the daemon. lib/control.h has the
 * protocol.
 *
 * A command is a row of the table in control.c and a function that gets the
 * request. It must answer or refuse the call, once, there or later.
 */
#ifndef KBNGD_CONTROL_H
#define KBNGD_CONTROL_H

#include <jansson.h>

#include "kbngd.h"

struct control;
struct control_call;

/*
 * Listen. The socket's name is also what keeps a second daemon out of this
 * network namespace. Returns 0, or -1 and why in @error, of @size octets.
 */
int control_open(struct kbngd *k, struct control **control, char *error,
		 size_t size);

/* Hang up on everybody. Calls that are to be answered later must be first. */
void control_close(struct control *control);

/* Answer with @answer, an object, and take it; the call is over. */
void control_answer(struct control_call *call, json_t *answer);

/* Answer that it cannot be done and why; the call is over. */
void control_refuse(struct control_call *call, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* KBNGD_CONTROL_H */

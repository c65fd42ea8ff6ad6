/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon knows of itself and its peers, for `kbng status`.
 */
#ifndef KBNGD_STATUS_H
#define KBNGD_STATUS_H

#include "control.h"

/* The control command. */
void status_call(struct kbngd *k, struct control_call *call,
		 const json_t *request);

#endif /* KBNGD_STATUS_H */

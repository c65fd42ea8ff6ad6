/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another configuration for a daemon that runs. It is read and checked first;
 * then everything is closed and opened with it in the same process, which ends
 * no session, since those are in the kernel.
 */
#ifndef KBNGD_RELOAD_H
#define KBNGD_RELOAD_H

#include "control.h"

/*
 * Read k->config_path into k->next and end the loop. Returns 0, or -1 and why
 * in @error, of CONFIG_ERROR_SIZE octets: then nothing has changed.
 */
int reload_begin(struct kbngd *k, char *error);

/* The control command. */
void reload_call(struct kbngd *k, struct control_call *call,
		 const json_t *request);

#endif /* KBNGD_RELOAD_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kea's control channel: a command in, its answer out, in the event loop. It is
 * a unix socket of kea-dhcp4, or HTTP: kea-ctrl-agent's or, from Kea 3.0 on, the
 * server's own.
 */
#ifndef KBNGD_KEA_H
#define KBNGD_KEA_H

#include <jansson.h>
#include <uv.h>

#include "config.h"

/* Results of a command, as Kea numbers them. */
#define KEA_OK		0
#define KEA_EMPTY	3

struct kea;

/*
 * In the loop: @answer is Kea's, valid until this returns, with @result; or it
 * is NULL, and @why says what went wrong.
 */
typedef void (*kea_done_fn)(int result, const json_t *answer, const char *why,
			    void *arg);

/* @config must outlive it. NULL without memory. Connects when it is asked. */
struct kea *kea_open(const struct config_kea *config, uv_loop_t *loop,
		     kea_done_fn done, void *arg);
void kea_close(struct kea *kea);

/*
 * Ask @command, which this frees. One at a time: the answer to the last must
 * have come. It comes after this has returned, kea.timeout later at most.
 */
void kea_ask(struct kea *kea, json_t *command);

#endif /* KBNGD_KEA_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting-On and Accounting-Off (RFC 2866 5.1): the NAS is up, or down, and
 * whatever a server thinks of as a session of ours from before is none.
 *
 * The NAS is the module, not the daemon: sessions live on without us. So there
 * is one On for each instance of the module, and an Off when it went away under
 * us. outbox.c keeps both in their place between the sessions' records.
 */
#ifndef KBNGD_NAS_H
#define KBNGD_NAS_H

#include "kbngd.h"

/*
 * Put Accounting-On if this instance of the module has had none. 0, or -1 with
 * the reason logged.
 */
int nas_open(struct kbngd *k);

/*
 * Sessions of the module's instance @before go on in the one that is loaded:
 * if that had its Accounting-On, this needs none. 0, or -1 with the reason
 * logged.
 */
int nas_goes_on(struct kbngd *k, const uint8_t *before);

/* The module is gone: say so, for as long as one request may take. */
void nas_off(struct kbngd *k);

#endif /* KBNGD_NAS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions that are to outlive the module: kbngd --save writes them to a file
 * beside the journal, with their last counters, and the kbngd that starts next
 * restores them, in a new instance of the module or the same.
 *
 * Saving takes the ifaces away: that ends the sessions, so none counts any more
 * what the file would not have.
 */
#ifndef KBNGD_SAVE_H
#define KBNGD_SAVE_H

#include "kbngd.h"

/* Save all; no kbngd runs. 0, or -1 and why in @error, of CONFIG_ERROR_SIZE. */
int save(struct config *config, char *error);

/*
 * Restore what was saved, if anything was, when ifaces and journal are ready
 * and no session was looked at. 0, or -1 and why in @error.
 */
int restore(struct kbngd *k, char *error);

#endif /* KBNGD_SAVE_H */

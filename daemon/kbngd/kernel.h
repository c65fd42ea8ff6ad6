/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module: is it there and fits, its ifaces, and what it tells of sessions.
 *
 * Functions return 0, or -1 and one line in @error that says what to do.
 */
#ifndef KBNGD_KERNEL_H
#define KBNGD_KERNEL_H

#include "kbngd.h"

#define KERNEL_ERROR_SIZE	512

struct kernel;

/* Open k->nl: the capability, the module and its version must be right. */
int kernel_open(struct kbngd *k, char *error);

/*
 * Make the kernel's shapers and ifaces those of the configuration. Sessions
 * stay: an iface that is configured no more is removed only without any, else a
 * warning; a shaper stays until `kbng shaper del`.
 */
int kernel_ifaces(struct kbngd *k, char *error);

/*
 * Listen to notifications in the loop, then take over the sessions there are,
 * in this order, so that none is missed. When notifications were lost it dumps
 * again; when the module goes or is loaded anew it logs that and stops the
 * loop: the service is started again then.
 */
int kernel_listen(struct kbngd *k, struct kernel **kernel, char *error);
void kernel_close(struct kernel *kernel);

/* Whether the module went away, and not a signal ended the loop. */
bool kernel_lost(const struct kernel *kernel);

#endif /* KBNGD_KERNEL_H */

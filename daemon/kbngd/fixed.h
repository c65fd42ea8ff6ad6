/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions that the configuration names: they are there whether anybody asks or
 * not, and authorised like others. One that ends is made again, and one that a
 * reload has removed or changed ends.
 */
#ifndef KBNGD_FIXED_H
#define KBNGD_FIXED_H

#include "kbngd.h"

struct fixed;

/* Ends and makes those that are to go and to be there. -1 without memory. */
int fixed_open(struct kbngd *k, struct fixed **fixed);
void fixed_close(struct fixed *fixed);

/* A session has ended, perhaps one of them. @fixed may be NULL. */
void fixed_ended(struct fixed *fixed);

#endif /* KBNGD_FIXED_H */

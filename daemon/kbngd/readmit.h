/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions that were let in while no server answered are authenticated when one
 * does, so many a second, and after those that wait for their first answer.
 */
#ifndef KBNGD_READMIT_H
#define KBNGD_READMIT_H

#include "kbngd.h"

/* -1 without memory. */
int readmit_open(struct kbngd *k, struct readmit **readmit);
void readmit_close(struct readmit *readmit);

#endif /* KBNGD_READMIT_H */

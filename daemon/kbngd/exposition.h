/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All metrics in Prometheus' text format, version 0.0.4.
 */
#ifndef KBNGD_EXPOSITION_H
#define KBNGD_EXPOSITION_H

#include "kbngd.h"

/* Returns *@len octets for the caller to free, or NULL without memory. */
char *exposition_text(struct kbngd *k, size_t *len);

#endif /* KBNGD_EXPOSITION_H */

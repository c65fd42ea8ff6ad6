/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the schema cannot say about a configuration: defaults, ranges, keys
 * that go together, secrets.
 */
#ifndef KBNGD_CONFIG_CHECK_H
#define KBNGD_CONFIG_CHECK_H

#include "config.h"

/*
 * Check and complete @config, read from @path. Returns 0, or -1 and one line
 * in @error; then some of it may be completed already.
 */
int config_check(const char *path, struct config *config, char *error);

#endif /* KBNGD_CONFIG_CHECK_H */

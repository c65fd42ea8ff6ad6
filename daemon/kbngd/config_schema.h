/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of kbngd.yaml and their types, for libcyaml. Ranges and defaults
 * are config_check.c's: libcyaml knows neither.
 */
#ifndef KBNGD_CONFIG_SCHEMA_H
#define KBNGD_CONFIG_SCHEMA_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t config_schema;

#endif /* KBNGD_CONFIG_SCHEMA_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors in a YAML file as one line for people: FILE:LINE: KEY: what is wrong.
 *
 * libcyaml reports through its log: a message, then where it stood, innermost
 * first; for a key that is unknown or missing that is only nearby. And it
 * keeps no lines for what is checked later. So the line of a key is looked up
 * in the file itself, once there is something to report.
 */
#ifndef KBNGD_YAML_ERROR_H
#define KBNGD_YAML_ERROR_H

#include <stddef.h>
#include <cyaml/cyaml.h>

#define YAML_ERROR_SIZE	512	/* octets of a message */
#define YAML_KEY_SIZE	256	/* octets of a key such as a.b[2].c */

/*
 * Load @path by @schema into *@data, to be freed with yaml_free(). Returns 0,
 * or -1 and one line in @error.
 */
int yaml_load(const char *path, const cyaml_schema_value_t *schema, void **data,
	      char *error);
void yaml_free(const cyaml_schema_value_t *schema, void *data);

/*
 * Write "@path:LINE: @key: text" to @error, of YAML_ERROR_SIZE octets. LINE is
 * where @key is or, if it is not there, the nearest thing above it that is.
 * Returns -1 for the caller to return.
 */
int yaml_error(char *error, const char *path, const char *key,
	       const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif /* KBNGD_YAML_ERROR_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors in a YAML file as one line for people: FILE:LINE: KEY: what is wrong.
 *
 * libcyaml reports through its log: a message, then where it stood, innermost
 * first; for a key that is unknown or missing that is only nearby. And it
 * keeps no lines for what is checked later. So the line of a key is looked up
 * in the file itself, once there is something to report.
 */
#ifndef KBNGD_YAMLFILE_H
#define KBNGD_YAMLFILE_H

#include <stddef.h>
#include <cyaml/cyaml.h>

#define YAMLFILE_ERROR_SIZE	512	/* octets of a message */
#define YAMLFILE_KEY_SIZE	256	/* octets of a key such as a.b[2].c */

/** enum yamlfile_flag - yes, no or not said; libcyaml's bool takes any word */
enum yamlfile_flag {
	YAMLFILE_UNSET,
	YAMLFILE_NO,
	YAMLFILE_YES,
};

#define YAMLFILE_FLAGS	6
extern const cyaml_strval_t yamlfile_flags[YAMLFILE_FLAGS];

/* A field for it, of four octets. */
#define YAMLFILE_FIELD_FLAG(key, type, member)				\
	CYAML_FIELD_ENUM(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT |	\
			 CYAML_FLAG_CASE_INSENSITIVE, type, member,	\
			 yamlfile_flags, YAMLFILE_FLAGS)

/*
 * Load @path by @schema into *@data, to be freed with yamlfile_free(). Returns 0,
 * or -1 and one line in @error.
 */
int yamlfile_load(const char *path, const cyaml_schema_value_t *schema, void **data,
	      char *error);
void yamlfile_free(const cyaml_schema_value_t *schema, void *data);

/*
 * Write "@path:LINE: @key: text" to @error, of YAMLFILE_ERROR_SIZE octets. LINE is
 * where @key is or, if it is not there, the nearest thing above it that is.
 * Returns -1 for the caller to return.
 */
int yamlfile_error(char *error, const char *path, const char *key,
	       const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif /* KBNGD_YAMLFILE_H */

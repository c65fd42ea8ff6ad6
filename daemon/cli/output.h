/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects to stdout: paragraphs for people, JSON (-j) or tab-separated (-t).
 */
#ifndef KBNG_OUTPUT_H
#define KBNG_OUTPUT_H

#include "field.h"

/** enum format - how to write */
enum format {
	FORMAT_PRETTY,
	FORMAT_JSON,
	FORMAT_TABS,
};

/** struct output - a list being written; zero but for @format at first */
struct output {
	enum format format;
	unsigned int count;	/* objects so far */
};

/* All of @fields of @object, the first as the heading of a paragraph @title. */
void output_object(struct output *out, const char *title,
		   const struct field *fields, const void *object);
/* After the last object: JSON wants to be closed. */
void output_end(struct output *out);

/* One line of it, without the newline; "-" where there is no value. */
void output_tabs(const struct field *fields, const void *object);
/* A new reference. */
json_t *output_json(const struct field *fields, const void *object);
/* Write @json, which this frees, and a newline. */
void output_json_line(json_t *json);

/*
 * Write the object @json, which this frees, as FORMAT says: members by level
 * for people, a line "path.to.member<tab>value" each for programs.
 */
void output_tree(enum format format, json_t *json);

/* The name of a member for people: in bold, blanks for underscores. */
void output_key(const char *key);

/* printf(3) in bold on a terminal, if NO_COLOR is not set. */
void output_bold(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* KBNG_OUTPUT_H */

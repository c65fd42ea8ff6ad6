// SPDX-License-Identifier: GPL-2.0-or-later
#include "output.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool has_colour(void)
{
	static int colour = -1;

	if (colour < 0) {
		const char *no_color = getenv("NO_COLOR");

		colour = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	}
	return colour;
}

void output_bold(const char *fmt, ...)
{
	va_list ap;

	if (has_colour())
		fputs("\033[1m", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	if (has_colour())
		fputs("\033[0m", stdout);
}

void output_key(const char *key)
{
	char text[64];
	size_t i;

	for (i = 0; key[i] && i < sizeof(text) - 1; i++)
		text[i] = key[i] == '_' ? ' ' : key[i];
	text[i] = '\0';
	output_bold("%s", text);
}

static void output_pretty(const char *title, const struct field *f,
			  const void *object)
{
	char text[FIELD_TEXT_MAX];

	output_key(title);
	printf(": %s\n", field_pretty(f, object, text));
	for (f++; f->key; f++) {
		if (!field_notable(f, object))
			continue;
		fputs("  ", stdout);
		output_key(f->key);
		printf(": %s\n", field_pretty(f, object, text));
	}
}

/* @none: the whole struct is absent, so each of its columns is empty. */
static void print_columns(const struct field *f, const void *object, bool none,
			  bool *first)
{
	char text[FIELD_TEXT_MAX];
	bool absent;

	for (; f->key; f++) {
		absent = none || !field_present(f, object);
		if (f->kind == KIND_NEST) {
			print_columns(f->fields,
				      (const char *)object + f->offset, absent,
				      first);
			continue;
		}
		if (!*first)
			putchar('\t');
		*first = false;
		fputs(absent ? "-" : field_plain(f, object, text), stdout);
	}
}

void output_tabs(const struct field *fields, const void *object)
{
	bool first = true;

	print_columns(fields, object, false, &first);
}

json_t *output_json(const struct field *fields, const void *object)
{
	const struct field whole = { .kind = KIND_NEST, .fields = fields };

	return field_json(&whole, object);
}

void output_json_line(json_t *json)
{
	json_dumpf(json, stdout, JSON_COMPACT);
	json_decref(json);
	putchar('\n');
}

void output_object(struct output *out, const char *title,
		   const struct field *fields, const void *object)
{
	json_t *json;

	switch (out->format) {
	case FORMAT_JSON:
		fputs(out->count ? ",\n" : "[\n", stdout);
		json = output_json(fields, object);
		json_dumpf(json, stdout, JSON_COMPACT);
		json_decref(json);
		break;
	case FORMAT_TABS:
		output_tabs(fields, object);
		putchar('\n');
		break;
	case FORMAT_PRETTY:
		if (out->count)
			putchar('\n');
		output_pretty(title, fields, object);
		break;
	}
	out->count++;
}

void output_end(struct output *out)
{
	if (out->format == FORMAT_JSON)
		puts(out->count ? "\n]" : "[]");
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * JSON that somebody else made, for people and for scripts.
 */
#include <stdio.h>

#include "output.h"

#define PATH_SIZE	256

/* Whatever the value is, one line that cannot drive a terminal. */
static void tree_value(const json_t *value)
{
	const char *text = json_string_value(value);

	switch (json_typeof(value)) {
	case JSON_STRING:
		for (; *text; text++)
			putchar(*text >= 0x20 && *text < 0x7f ? *text : '?');
		break;
	case JSON_INTEGER:
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_REAL:
		printf("%.3f", json_real_value(value));
		break;
	case JSON_TRUE:
		fputs("yes", stdout);
		break;
	case JSON_FALSE:
		fputs("no", stdout);
		break;
	default:
		putchar('-');
	}
}

/* Elements of an array go by the key of the array, one after the other. */
static void tree_pretty(const char *key, const json_t *value, int depth)
{
	const json_t *member;
	const char *name;
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, member)
			tree_pretty(key, member, depth);
		return;
	}
	printf("%*s", 2 * depth, "");
	output_key(key);
	putchar(':');
	if (!json_is_object(value)) {
		putchar(' ');
		tree_value(value);
	}
	putchar('\n');
	json_object_foreach((json_t *)value, name, member)
		tree_pretty(name, member, depth + 1);
}

static void tree_tabs(const char *path, const json_t *value)
{
	char longer[PATH_SIZE];
	const json_t *member;
	const char *name;
	size_t i;

	json_array_foreach(value, i, member) {
		snprintf(longer, sizeof(longer), "%s.%zu", path, i);
		tree_tabs(longer, member);
	}
	json_object_foreach((json_t *)value, name, member) {
		snprintf(longer, sizeof(longer), "%s%s%s", path,
			 *path ? "." : "", name);
		tree_tabs(longer, member);
	}
	if (json_is_array(value) || json_is_object(value))
		return;
	printf("%s\t", path);
	tree_value(value);
	putchar('\n');
}

void output_tree(enum format format, json_t *json)
{
	const json_t *member;
	const char *name;

	switch (format) {
	case FORMAT_JSON:
		output_json_line(json);
		return;
	case FORMAT_TABS:
		tree_tabs("", json);
		break;
	case FORMAT_PRETTY:
		json_object_foreach(json, name, member)
			tree_pretty(name, member, 0);
		break;
	}
	json_decref(json);
}

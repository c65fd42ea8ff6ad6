// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "yamlfile.h"

#define DEPTH_MAX	8

/* What libcyaml logged: the message, and the path from the inside out. */
struct report {
	char message[YAMLFILE_ERROR_SIZE];
	char step[DEPTH_MAX][64];	/* a key, or "[index]" */
	unsigned int depth;
	unsigned int line;		/* of the innermost step */
};

const cyaml_strval_t yamlfile_flags[YAMLFILE_FLAGS] = {
	{ "yes", YAMLFILE_YES }, { "true", YAMLFILE_YES },
	{ "on", YAMLFILE_YES }, { "no", YAMLFILE_NO },
	{ "false", YAMLFILE_NO }, { "off", YAMLFILE_NO },
};

static void yamlfile_log(cyaml_log_t level, void *ctx, const char *format,
		     va_list args)
{
	struct report *r = ctx;
	char text[YAMLFILE_ERROR_SIZE], *p;
	char field[60];
	unsigned int n, line;

	(void)level;
	vsnprintf(text, sizeof(text), format, args);
	p = strstr(text, "Load: ");
	p = p ? p + strlen("Load: ") : text;
	p[strcspn(p, "\n")] = '\0';
	if (!r->message[0]) {
		snprintf(r->message, sizeof(r->message), "%s", p);
		return;
	}
	if (r->depth == DEPTH_MAX)
		return;
	p += strspn(p, " ");
	if (sscanf(p, "in mapping field '%59[^']' (line: %u", field, &line) == 2)
		snprintf(r->step[r->depth++], sizeof(r->step[0]), "%s", field);
	else if (sscanf(p, "in sequence entry '%u' (line: %u", &n, &line) == 2)
		snprintf(r->step[r->depth++], sizeof(r->step[0]), "[%u]",
			 n ? n - 1 : 0);
	else if (sscanf(p, "in mapping (line: %u", &line) != 1)
		return;
	if (!r->line)
		r->line = line;
}

/* The steps from @from outwards, in the order that people write them. */
static void yamlfile_key(const struct report *r, unsigned int from, char *key)
{
	size_t used = 0;
	unsigned int i;

	key[0] = '\0';
	for (i = r->depth; i-- > from && used < YAMLFILE_KEY_SIZE;)
		used += snprintf(key + used, YAMLFILE_KEY_SIZE - used, "%s%s",
				 used && r->step[i][0] != '[' ? "." : "",
				 r->step[i]);
}

/* The node that @step, a key or an index, leads to; NULL if there is none. */
static yaml_node_t *yamlfile_child(yaml_document_t *doc, yaml_node_t *node,
			       const char *step, size_t len, size_t *line)
{
	yaml_node_pair_t *pair;
	yaml_node_t *key;
	size_t index;

	if (*step == '[' && node->type == YAML_SEQUENCE_NODE) {
		index = strtoul(step + 1, NULL, 10);
		if (node->data.sequence.items.start + index >=
		    node->data.sequence.items.top)
			return NULL;
		node = yaml_document_get_node(doc,
				node->data.sequence.items.start[index]);
		*line = node->start_mark.line + 1;
		return node;
	}
	if (node->type != YAML_MAPPING_NODE)
		return NULL;
	for (pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		key = yaml_document_get_node(doc, pair->key);
		if (key->type != YAML_SCALAR_NODE ||
		    key->data.scalar.length != len ||
		    memcmp(key->data.scalar.value, step, len))
			continue;
		*line = key->start_mark.line + 1;
		return yaml_document_get_node(doc, pair->value);
	}
	return NULL;
}

static size_t yamlfile_line_of(yaml_document_t *doc, const char *key)
{
	yaml_node_t *node = yaml_document_get_root_node(doc);
	size_t line = 1, len;

	while (node && *key) {
		len = *key == '[' ? strcspn(key, "]") + 1 : strcspn(key, ".[");
		node = yamlfile_child(doc, node, key, len, &line);
		key += strnlen(key, len);
		key += *key == '.';
	}
	return line;
}

static size_t yamlfile_line(const char *path, const char *key)
{
	yaml_parser_t parser;
	yaml_document_t doc;
	size_t line = 1;
	FILE *file;

	file = fopen(path, "re");
	if (!file)
		return line;
	if (yaml_parser_initialize(&parser)) {
		yaml_parser_set_input_file(&parser, file);
		if (yaml_parser_load(&parser, &doc)) {
			line = yamlfile_line_of(&doc, key);
			yaml_document_delete(&doc);
		} else {
			line = parser.problem_mark.line + 1;
		}
		yaml_parser_delete(&parser);
	}
	fclose(file);
	return line;
}

/* A value that is quoted may have line breaks. */
static void yamlfile_one_line(char *error)
{
	for (; *error; error++)
		if ((unsigned char)*error < ' ')
			*error = ' ';
}

int yamlfile_error(char *error, const char *path, const char *key,
	       const char *format, ...)
{
	va_list args;
	int n;

	n = snprintf(error, YAMLFILE_ERROR_SIZE, "%s:%zu: %s%s", path,
		     yamlfile_line(path, key), key, *key ? ": " : "");
	if (n < 0 || n >= YAMLFILE_ERROR_SIZE)
		return -1;
	va_start(args, format);
	vsnprintf(error + n, YAMLFILE_ERROR_SIZE - n, format, args);
	va_end(args);
	yamlfile_one_line(error);
	return -1;
}

/*
 * The key that a message ends with, below the mapping at step @from. libcyaml
 * misses a key when it has left the last one, and so one step further in than
 * where it meets an unknown one.
 */
static void yamlfile_key_named(const struct report *r, unsigned int from,
			       char *key)
{
	const char *name = strstr(r->message, ": ");
	size_t used;

	yamlfile_key(r, from, key);
	used = strlen(key);
	snprintf(key + used, YAMLFILE_KEY_SIZE - used, "%s%s", used ? "." : "",
		 name ? name + 2 : "");
}

static void yamlfile_explain(char *error, const char *path, cyaml_err_t err,
			 const struct report *r)
{
	char key[YAMLFILE_KEY_SIZE];

	yamlfile_key(r, 0, key);
	switch (err) {
	case CYAML_ERR_FILE_OPEN:
		snprintf(error, YAMLFILE_ERROR_SIZE, "%s: %s: create it, or name another file with -c",
			 path, strerror(errno));
		break;
	case CYAML_ERR_INVALID_KEY:
		yamlfile_key_named(r, 0, key);
		yamlfile_error(error, path, key, "unknown key: remove it, or see the manual page for the keys there are");
		break;
	case CYAML_ERR_MAPPING_FIELD_MISSING:
		yamlfile_key_named(r, r->depth && r->step[0][0] != '[', key);
		yamlfile_error(error, path, key, "missing: add it");
		break;
	case CYAML_ERR_LIBYAML_PARSER:
		yamlfile_error(error, path, "", "not YAML: %s",
			   r->message[0] ? r->message : "empty");
		break;
	case CYAML_ERR_SEQUENCE_ENTRIES_MIN:
		yamlfile_key(r, r->depth && r->step[0][0] == '[', key);
		yamlfile_error(error, path, key, "empty: give at least one entry");
		break;
	case CYAML_ERR_UNEXPECTED_EVENT:
		yamlfile_error(error, path, key, "%s: give it once",
			   r->message);
		break;
	case CYAML_ERR_INVALID_VALUE:
		yamlfile_error(error, path, key, "%s: correct the value",
			   r->message);
		break;
	default:
		yamlfile_error(error, path, key, "%s", r->message[0] ? r->message :
			   cyaml_strerror(err));
	}
}

static cyaml_config_t yamlfile_config(struct report *r)
{
	return (cyaml_config_t){
		.log_fn = r ? yamlfile_log : NULL,
		.log_ctx = r,
		.log_level = CYAML_LOG_WARNING,
		.mem_fn = cyaml_mem,
		.flags = CYAML_CFG_DEFAULT,
	};
}

int yamlfile_load(const char *path, const cyaml_schema_value_t *schema, void **data,
	      char *error)
{
	struct report r = { 0 };
	cyaml_config_t config = yamlfile_config(&r);
	cyaml_err_t err;

	*data = NULL;
	errno = 0;
	err = cyaml_load_file(path, &config, schema, data, NULL);
	if (err != CYAML_OK) {
		yamlfile_explain(error, path, err, &r);
		return -1;
	}
	if (!*data) {
		snprintf(error, YAMLFILE_ERROR_SIZE, "%s:1: the file is empty",
			 path);
		return -1;
	}
	return 0;
}

void yamlfile_free(const cyaml_schema_value_t *schema, void *data)
{
	cyaml_config_t config = yamlfile_config(NULL);

	cyaml_free(&config, schema, data, 0);
}

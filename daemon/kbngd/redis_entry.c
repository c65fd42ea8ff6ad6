// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "redis_entry.h"

#define FIELDS_MAX	64		/* of an event */

/* A value as the stream has it: text as it is, numbers in decimal. */
static const char *redis_entry_value(const json_t *value, char *buf,
				     size_t size)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value)) {
		snprintf(buf, size, "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		return buf;
	}
	if (json_is_real(value)) {
		snprintf(buf, size, "%.1f", json_real_value(value));
		return buf;
	}
	return json_is_true(value) ? "true" : "false";
}

void redis_entry_add(redisAsyncContext *ac, const struct config_redis *config,
		     json_t *event, redisCallbackFn *cb, void *arg)
{
	const char *argv[6 + 2 * FIELDS_MAX];
	char numbers[FIELDS_MAX][24], maxlen[16];
	const char *key;
	json_t *value;
	int argc = 0, f = 0;

	snprintf(maxlen, sizeof(maxlen), "%u", config->maxlen);
	argv[argc++] = "XADD";
	argv[argc++] = config->stream;
	argv[argc++] = "MAXLEN";
	argv[argc++] = "~";
	argv[argc++] = maxlen;
	argv[argc++] = "*";
	json_object_foreach(event, key, value) {
		if (f == FIELDS_MAX)
			break;
		argv[argc++] = key;
		argv[argc++] = redis_entry_value(value, numbers[f],
					   sizeof(numbers[f]));
		f++;
	}
	redisAsyncCommandArgv(ac, cb, arg, argc, argv, NULL);
}

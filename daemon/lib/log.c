// SPDX-License-Identifier: GPL-2.0-or-later
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOG_TEXT_MAX	1024

static const char *const log_names[] = {
	[KBNG_LOG_ERROR] = "error",
	[KBNG_LOG_WARNING] = "warning",
	[KBNG_LOG_NOTICE] = "notice",
	[KBNG_LOG_INFO] = "info",
	[KBNG_LOG_DEBUG] = "debug",
};

static _Atomic int log_max = KBNG_LOG_INFO;

void kbng_log_level(enum kbng_log_level level)
{
	log_max = level;
}

bool kbng_log_level_parse(const char *text, enum kbng_log_level *level)
{
	int i;

	for (i = KBNG_LOG_ERROR; i <= KBNG_LOG_DEBUG; i++) {
		if (!strcmp(text, log_names[i])) {
			*level = i;
			return true;
		}
	}
	return false;
}

static void log_write(enum kbng_log_level level, const char *fmt, va_list ap)
{
	char line[4 * LOG_TEXT_MAX + 32];
	char text[LOG_TEXT_MAX];
	int saved = errno;
	size_t len;
	char *p;

	vsnprintf(text, sizeof(text), fmt, ap);
	if (isatty(STDERR_FILENO))
		len = sprintf(line, "%s: ", log_names[level]);
	else
		len = sprintf(line, "<%d>", level);
	for (p = text; *p; p++) {
		if (*p >= 0x20 && *p <= 0x7e)
			line[len++] = *p;
		else
			len += sprintf(line + len, "\\x%02x",
				       (unsigned char)*p);
	}
	line[len++] = '\n';

	/* One write a line, so that threads do not mix theirs; if it fails there
	 * is nowhere left to complain.
	 */
	(void)!write(STDERR_FILENO, line, len);
	errno = saved;
}

void kbng_log(enum kbng_log_level level, const char *fmt, ...)
{
	va_list ap;

	if ((int)level > log_max)
		return;
	va_start(ap, fmt);
	log_write(level, fmt, ap);
	va_end(ap);
}

void kbng_log_always(enum kbng_log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_write(level, fmt, ap);
	va_end(ap);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line a message to stderr: "text key=value key=value". On a terminal it
 * begins with the level's name, elsewhere with "<n>" as sd-daemon(3) wants it.
 * Unprintable octets come out as \xNN, so a message is one line whatever the
 * values were. Safe to call from several threads.
 */
#ifndef KBNG_LOG_H
#define KBNG_LOG_H

#include <stdbool.h>

/** enum kbng_log_level - with the values of syslog(3) */
enum kbng_log_level {
	KBNG_LOG_ERROR = 3,
	KBNG_LOG_WARNING = 4,
	KBNG_LOG_NOTICE = 5,
	KBNG_LOG_INFO = 6,
	KBNG_LOG_DEBUG = 7,
};

/* Show messages up to @level; KBNG_LOG_INFO until this is called. */
void kbng_log_level(enum kbng_log_level level);

/* "error", "warning", "notice", "info" or "debug"; false if it is none. */
bool kbng_log_level_parse(const char *text, enum kbng_log_level *level);

/* printf(3) style, no newline at the end; cut after about 1000 octets. */
void kbng_log(enum kbng_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The same whatever kbng_log_level() says. */
void kbng_log_always(enum kbng_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define kbng_error(...)		kbng_log(KBNG_LOG_ERROR, __VA_ARGS__)
#define kbng_warning(...)	kbng_log(KBNG_LOG_WARNING, __VA_ARGS__)
#define kbng_notice(...)	kbng_log(KBNG_LOG_NOTICE, __VA_ARGS__)
#define kbng_info(...)		kbng_log(KBNG_LOG_INFO, __VA_ARGS__)
#define kbng_debug(...)		kbng_log(KBNG_LOG_DEBUG, __VA_ARGS__)

#endif /* KBNG_LOG_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the schema cannot say about a configuration: defaults, ranges, keys
 * that go together, secrets.
 */
#ifndef KBNGD_CONFIG_CHECK_H
#define KBNGD_CONFIG_CHECK_H

#include "config.h"
#include "yamlfile.h"

/** struct check - where a message goes, and the file that it is about */
struct check {
	const char *path;
	char *error;
};

#define FAIL(c, key, ...)	yamlfile_error((c)->error, (c)->path, key, __VA_ARGS__)

/* An absent number is 0 and becomes @preset; not in @min to @max: -1. */
int check_number(struct check *c, const char *key, uint32_t *value,
		 uint32_t preset, uint32_t min, uint32_t max);

/* An absent string becomes @preset, in memory that libcyaml can free. */
int check_string(struct check *c, const char *key, char **value,
		 const char *preset);

/* An IPv4 address, or with @ipv6 one of either kind. */
int check_address(struct check *c, const char *key, const char *text,
		  bool ipv6);

/* The secret in @file, of @max octets at most, to @secret. */
int check_secret(struct check *c, const char *key, const char *file,
		 size_t max, char **secret);

/* A rate as text, which may be NULL, to @rate. */
int check_rate(struct check *c, const char *key, const char *text,
	       uint64_t *rate);

/* policies, and who gets in without an Access-Accept: config_admission.c */
int check_policies(struct check *c, struct config *config);
int check_admission(struct check *c, struct config *config);

/* The @n servers in radius.@what, whose port is @port by default: config_servers.c */
int check_servers(struct check *c, const char *what,
		  struct config_server *servers, uint32_t n, uint32_t port);

/* redis, which may be NULL: config_redis.c */
int check_redis(struct check *c, struct config_redis *redis);

/* sessions: config_sessions.c */
int check_sessions(struct check *c, const struct config *config);

/*
 * Check and complete @config, read from @path. Returns 0, or -1 and one line
 * in @error; then some of it may be completed already.
 */
int config_check(const char *path, struct config *config, char *error);

#endif /* KBNGD_CONFIG_CHECK_H */

// SPDX-License-Identifier: GPL-2.0-or-later
/* Redis: one, or who knows which of several it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_check.h"

static int check_endpoints(struct check *c, const char *what,
			   struct config_endpoint *endpoints, uint32_t n,
			   uint32_t port)
{
	char key[YAMLFILE_KEY_SIZE];
	uint32_t i;

	for (i = 0; i < n; i++) {
		snprintf(key, sizeof(key), "redis.%s[%u].address", what, i);
		if (check_address(c, key, endpoints[i].address, true))
			return -1;
		snprintf(key, sizeof(key), "redis.%s[%u].port", what, i);
		if (check_number(c, key, &endpoints[i].port, port, 1, 65535))
			return -1;
	}
	return 0;
}

/* What of a section is there only once, and what belongs to it. */
static int check_redis_place(struct check *c, struct config_redis *r)
{
	if (!!r->host + !!r->socket + !!r->sentinels + !!r->cluster != 1)
		return FAIL(c, "redis.host", "give one of host, socket, sentinels and cluster");
	if (r->host && check_address(c, "redis.host", r->host, true))
		return -1;
	if (!r->host && r->port)
		return FAIL(c, "redis.port", "it is host's: remove it, or give host");
	if (r->sentinels && !r->master)
		return FAIL(c, "redis.master", "missing: add the name by which the sentinels know the master");
	if (!r->sentinels && r->master)
		return FAIL(c, "redis.master", "sentinels know it by its name: add them, or remove it");
	if (!r->sentinels && r->sentinel_password_file)
		return FAIL(c, "redis.sentinel_password_file", "there are no sentinels: add them, or remove it");
	if (check_endpoints(c, "sentinels", r->sentinels, r->sentinels_count,
			    26379) ||
	    check_endpoints(c, "cluster", r->cluster, r->cluster_count, 6379))
		return -1;
	return check_number(c, "redis.port", &r->port, 6379, 1, 65535);
}

/* Where a master may fail over, one replica by default. */
static int check_wait_replicas(struct check *c, struct config_redis *r)
{
	if (!r->wait_replicas) {
		r->wait_replicas = malloc(sizeof(*r->wait_replicas));
		if (!r->wait_replicas)
			return FAIL(c, "redis.wait_replicas", "out of memory");
		*r->wait_replicas = r->sentinels || r->cluster;
	}
	return check_number(c, "redis.wait_replicas", r->wait_replicas, 0, 0,
			    16);
}

int check_redis(struct check *c, struct config_redis *r)
{
	if (!r)
		return 0;
	if (check_redis_place(c, r) || check_wait_replicas(c, r) ||
	    check_number(c, "redis.maxlen", &r->maxlen, 1000000, 1000,
			 UINT32_MAX) ||
	    check_string(c, "redis.stream", &r->stream, "kbng:events"))
		return -1;
	if (r->cluster && strpbrk(r->stream, "{}"))
		return FAIL(c, "redis.stream", "'%s' has a brace: in a cluster its other keys would be elsewhere", r->stream);
	if (r->password_file &&
	    check_secret(c, "redis.password_file", r->password_file, 512,
			 &r->password))
		return -1;
	if (r->sentinel_password_file &&
	    check_secret(c, "redis.sentinel_password_file",
			 r->sentinel_password_file, 512,
			 &r->sentinel_password))
		return -1;
	return 0;
}

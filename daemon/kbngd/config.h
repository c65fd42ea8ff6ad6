/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration file: what kbngd.yaml(5) says, as plain structs.
 *
 * libcyaml fills them by the schema in config_schema.c; config_check.c then
 * puts in the defaults, looks at ranges and reads the secrets. Everything is
 * owned by the struct config and lives until config_free(). What an error
 * says always has the form "FILE:LINE: KEY: what is wrong: what to do".
 */
#ifndef KBNGD_CONFIG_H
#define KBNGD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>

#include "lib/model.h"
#include "policy.h"

#define CONFIG_ERROR_SIZE	512
#define CONFIG_SERVERS_MAX	8	/* RADIUS servers of a kind */
#define CONFIG_SECRET_MAX	95	/* octets of a RADIUS secret */

/** struct config_nas - how this BNG calls itself in RADIUS and events */
struct config_nas {
	char *identifier;		/* default: bng_id */
	char *address;			/* NULL: not sent */
	uint32_t port_type;		/* RFC 2865 5.41, default 15, Ethernet */
	struct in_addr addr;		/* of @address */
};

/** struct config_iface - a device and its role */
struct config_iface {
	char *name;
	uint32_t role;			/* enum kbng_role */
	char *giaddr;
	char **servers;
	uint32_t servers_count;
	char *circuit_id;		/* NULL: the kernel's default */
	char *remote_id;
	uint32_t max_sessions;		/* 0: the kernel's default */
	uint32_t offer_timeout;		/* s, 0: the kernel's default */
	uint32_t max_delay;		/* us, 0: the kernel's default */
	uint32_t shaper;		/* enum kbng_shaper_mode */
	uint32_t install_fq;		/* enum yamlfile_flag, default yes */
	uint32_t fastpath;		/* enum yamlfile_flag, default no */
};

/** struct config_server - a RADIUS server and the secret shared with it */
struct config_server {
	char *address;			/* IPv4 or IPv6, no name */
	uint32_t port;			/* default 1812, or 1813 for accounting */
	char *secret_file;
	char *secret;
};

/** struct config_radius - authentication and accounting by RADIUS */
struct config_radius {
	struct config_server *auth_servers, *acct_servers;
	uint32_t auth_servers_count, acct_servers_count;
	uint32_t timeout;		/* s an answer may take */
	uint32_t *retries;		/* times that a request is sent again */
	uint32_t workers;		/* threads a kind of request */
	char *username;			/* template */
	char *password;			/* template, or */
	char *password_file;		/* whose content is no template */
	char *password_secret;
	char *called_station_id;	/* template */
	uint32_t retry_pending;		/* s, doubled up to a minute */
	uint32_t retry_rejected;	/* s */
	struct policy_rate *rates;
	uint32_t rates_count;
	uint32_t must_sign;		/* enum yamlfile_flag: answers too */
};

/** struct config_redis - where events go */
struct config_redis {
	char *host;			/* an address; or */
	uint32_t port;
	char *socket;
	char *stream;
	uint32_t maxlen;		/* entries that the stream keeps, about */
	char *password_file;		/* or NULL */
	char *password;
};

/** struct config_journal - the events on disk */
struct config_journal {
	char *path;
	uint32_t max_events;		/* beyond it the oldest are dropped */
};

/** struct config - all of it */
struct config {
	char *bng_id;
	char *log_level;
	uint32_t interim_interval;	/* s */
	struct config_nas nas;
	struct config_iface *ifaces;
	uint32_t ifaces_count;
	struct config_radius *radius;	/* NULL: @subscribers_file decides */
	char *subscribers_file;
	struct config_redis *redis;	/* NULL: events stay in the journal */
	struct config_journal journal;
};

/*
 * Read, check and complete the file @path. Returns 0 and *@config, or -1 and
 * one line in @error, which has room for CONFIG_ERROR_SIZE octets.
 */
int config_load(const char *path, struct config **config, char *error);

/* Wipe the secrets and free @config, which may be NULL. */
void config_free(struct config *config);

#endif /* KBNGD_CONFIG_H */

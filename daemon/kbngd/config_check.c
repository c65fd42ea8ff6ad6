// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_check.h"
#include "lib/log.h"
#include "secret.h"
#include "template.h"
#include "yamlfile.h"

/* Where a message goes, and the file that it is about. */
struct check {
	const char *path;
	char *error;
};

#define FAIL(c, key, ...)	yamlfile_error((c)->error, (c)->path, key, __VA_ARGS__)

/* Absent numbers are 0: then @value becomes @preset. */
static int check_number(struct check *c, const char *key, uint32_t *value,
			uint32_t preset, uint32_t min, uint32_t max)
{
	if (!*value)
		*value = preset;
	if (*value < min || *value > max)
		return FAIL(c, key, "%u is out of range: give %u to %u", *value,
			    min, max);
	return 0;
}

/* An absent string becomes @preset, in memory that libcyaml can free. */
static int check_string(struct check *c, const char *key, char **value,
			const char *preset)
{
	if (*value)
		return 0;
	*value = strdup(preset);
	return *value ? 0 : FAIL(c, key, "out of memory");
}

static int check_address(struct check *c, const char *key, const char *text,
			 bool ipv6)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET, text, &addr) == 1 ||
	    (ipv6 && inet_pton(AF_INET6, text, &addr) == 1))
		return 0;
	return FAIL(c, key, "'%s' is not an IP%s address: names are not looked up",
		    text, ipv6 ? "" : "v4");
}

static int check_template(struct check *c, const char *key, const char *text)
{
	const char *at;

	if (template_check(text, &at))
		return 0;
	return FAIL(c, key, "cannot use '%s': there are {mac}, {ifname}, {circuit_id}, {remote_id}, {hostname}, {address} and {bng_id}",
		    at);
}

static int check_secret(struct check *c, const char *key, const char *file,
			size_t max, char **secret)
{
	char why[256];

	*secret = secret_read(file, max, why, sizeof(why));
	return *secret ? 0 : FAIL(c, key, "%s", why);
}

static int check_nas(struct check *c, struct config *config)
{
	struct config_nas *nas = &config->nas;

	if (check_string(c, "nas.identifier", &nas->identifier, config->bng_id))
		return -1;
	if (nas->address) {
		if (check_address(c, "nas.address", nas->address, false))
			return -1;
		inet_pton(AF_INET, nas->address, &nas->addr);
	}
	return check_number(c, "nas.port_type", &nas->port_type, 15, 1, 255);
}

static int check_iface_ids(struct check *c, unsigned int i,
			   const struct config_iface *iface)
{
	char key[YAMLFILE_KEY_SIZE];

	snprintf(key, sizeof(key), "ifaces[%u].circuit_id", i);
	if (iface->circuit_id && strlen(iface->circuit_id) > KBNG_FORMAT_MAX)
		return FAIL(c, key, "longer than %d octets", KBNG_FORMAT_MAX);
	snprintf(key, sizeof(key), "ifaces[%u].remote_id", i);
	if (iface->remote_id && strlen(iface->remote_id) > KBNG_FORMAT_MAX)
		return FAIL(c, key, "longer than %d octets", KBNG_FORMAT_MAX);
	return 0;
}

static int check_iface(struct check *c, struct config *config, unsigned int i)
{
	struct config_iface *iface = &config->ifaces[i];
	char key[YAMLFILE_KEY_SIZE];
	unsigned int j;

	snprintf(key, sizeof(key), "ifaces[%u].name", i);
	if (strlen(iface->name) >= IF_NAMESIZE)
		return FAIL(c, key, "'%s' is longer than %d octets",
			    iface->name, IF_NAMESIZE - 1);
	for (j = 0; j < i; j++)
		if (!strcmp(config->ifaces[j].name, iface->name))
			return FAIL(c, key, "'%s' is there twice: remove one",
				    iface->name);
	snprintf(key, sizeof(key), "ifaces[%u].giaddr", i);
	if (iface->giaddr && check_address(c, key, iface->giaddr, false))
		return -1;
	if (iface->servers_count && !iface->giaddr)
		return FAIL(c, key, "missing: DHCP servers answer to it, give an address of this machine");
	for (j = 0; j < iface->servers_count; j++) {
		snprintf(key, sizeof(key), "ifaces[%u].servers[%u]", i, j);
		if (check_address(c, key, iface->servers[j], false))
			return -1;
	}
	if (iface->role == KBNG_ROLE_CORE &&
	    (iface->giaddr || iface->servers_count)) {
		snprintf(key, sizeof(key), "ifaces[%u].role", i);
		return FAIL(c, key, "a core iface relays no DHCP: remove giaddr and servers");
	}
	return check_iface_ids(c, i, iface);
}

static int check_servers(struct check *c, const char *what,
			 struct config_server *servers, uint32_t n,
			 uint32_t port)
{
	char key[YAMLFILE_KEY_SIZE];
	uint32_t i;

	for (i = 0; i < n; i++) {
		snprintf(key, sizeof(key), "radius.%s[%u].address", what, i);
		if (check_address(c, key, servers[i].address, true))
			return -1;
		snprintf(key, sizeof(key), "radius.%s[%u].port", what, i);
		if (check_number(c, key, &servers[i].port, port, 1, 65535))
			return -1;
		snprintf(key, sizeof(key), "radius.%s[%u].secret_file", what,
			 i);
		if (check_secret(c, key, servers[i].secret_file,
				 CONFIG_SECRET_MAX, &servers[i].secret))
			return -1;
	}
	return 0;
}

static int check_rates(struct check *c, struct config_radius *r)
{
	char key[YAMLFILE_KEY_SIZE];
	uint32_t i;

	if (!r->rates_count) {
		r->rates = malloc(policy_default_rates_count *
				  sizeof(*r->rates));
		if (!r->rates)
			return FAIL(c, "radius.rates", "out of memory");
		memcpy(r->rates, policy_default_rates,
		       policy_default_rates_count * sizeof(*r->rates));
		r->rates_count = policy_default_rates_count;
		return 0;
	}
	for (i = 0; i < r->rates_count; i++) {
		snprintf(key, sizeof(key), "radius.rates[%u].vendor", i);
		if (check_number(c, key, &r->rates[i].vendor, 0, 0, 65535))
			return -1;
		snprintf(key, sizeof(key), "radius.rates[%u].attribute", i);
		if (check_number(c, key, &r->rates[i].attribute, 0, 1, 255))
			return -1;
	}
	return 0;
}

static int check_password(struct check *c, struct config_radius *r)
{
	if (r->password && r->password_file)
		return FAIL(c, "radius.password", "there is a password_file too: remove one");
	if (!r->password && !r->password_file)
		return FAIL(c, "radius.password", "missing: give a template such as '{mac}', or a password_file");
	if (r->password)
		return check_template(c, "radius.password", r->password);
	return check_secret(c, "radius.password_file", r->password_file, 112,
			    &r->password_secret);
}

static int check_radius_numbers(struct check *c, struct config_radius *r)
{
	if (check_number(c, "radius.timeout", &r->timeout, 3, 1, 60) ||
	    check_number(c, "radius.workers", &r->workers, 8, 1, 256) ||
	    check_number(c, "radius.retry_pending", &r->retry_pending, 5, 1,
			 3600) ||
	    check_number(c, "radius.retry_rejected", &r->retry_rejected, 300, 1,
			 86400))
		return -1;
	if (!r->retries) {
		r->retries = malloc(sizeof(*r->retries));
		if (!r->retries)
			return FAIL(c, "radius.retries", "out of memory");
		*r->retries = 2;
	}
	return check_number(c, "radius.retries", r->retries, 0, 0, 10);
}

static int check_radius(struct check *c, struct config_radius *r)
{
	if (!r)
		return 0;
	if (check_servers(c, "auth_servers", r->auth_servers,
			  r->auth_servers_count, 1812) ||
	    check_servers(c, "acct_servers", r->acct_servers,
			  r->acct_servers_count, 1813) ||
	    check_radius_numbers(c, r) || check_password(c, r) ||
	    check_string(c, "radius.username", &r->username, "{mac}") ||
	    check_string(c, "radius.called_station_id", &r->called_station_id,
			 "{ifname}"))
		return -1;
	if (check_template(c, "radius.username", r->username) ||
	    check_template(c, "radius.called_station_id",
			   r->called_station_id))
		return -1;
	return check_rates(c, r);
}

static int check_redis(struct check *c, struct config_redis *r)
{
	if (!r)
		return 0;
	if (!r->host == !r->socket)
		return FAIL(c, "redis.host", "give either host or socket");
	if (r->host && check_address(c, "redis.host", r->host, true))
		return -1;
	if (check_number(c, "redis.port", &r->port, 6379, 1, 65535) ||
	    check_number(c, "redis.maxlen", &r->maxlen, 1000000, 1000,
			 UINT32_MAX) ||
	    check_string(c, "redis.stream", &r->stream, "kbng:events"))
		return -1;
	if (!r->password_file)
		return 0;
	return check_secret(c, "redis.password_file", r->password_file, 512,
			    &r->password);
}

int config_check(const char *path, struct config *config, char *error)
{
	struct check c = { path, error };
	enum kbng_log_level level;
	uint32_t i;

	if (strlen(config->bng_id) > 63)
		return FAIL(&c, "bng_id", "longer than 63 octets");
	if (config->log_level &&
	    !kbng_log_level_parse(config->log_level, &level))
		return FAIL(&c, "log_level", "'%s' is none: give error, warning, notice, info or debug",
			    config->log_level);
	if (check_number(&c, "interim_interval", &config->interim_interval, 300,
			 5, 86400))
		return -1;
	for (i = 0; i < config->ifaces_count; i++)
		if (check_iface(&c, config, i))
			return -1;
	if (!config->radius == !config->subscribers_file)
		return FAIL(&c, config->radius ? "subscribers_file" : "radius",
			    "give either radius or subscribers_file: one of them decides");
	if (check_nas(&c, config) || check_radius(&c, config->radius) ||
	    check_redis(&c, config->redis))
		return -1;
	if (check_number(&c, "journal.max_events", &config->journal.max_events,
			 1000000, 1000, UINT32_MAX))
		return -1;
	return check_string(&c, "journal.path", &config->journal.path,
			    "/var/lib/kbng/journal.db");
}

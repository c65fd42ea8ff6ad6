// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_check.h"
#include "journal.h"
#include "lib/log.h"
#include "lib/parse.h"
#include "secret.h"
#include "template.h"

int check_number(struct check *c, const char *key, uint32_t *value,
		 uint32_t preset, uint32_t min, uint32_t max)
{
	if (!*value)
		*value = preset;
	if (*value < min || *value > max)
		return FAIL(c, key, "%u is out of range: give %u to %u", *value,
			    min, max);
	return 0;
}

int check_string(struct check *c, const char *key, char **value,
		 const char *preset)
{
	if (*value)
		return 0;
	*value = strdup(preset);
	return *value ? 0 : FAIL(c, key, "out of memory");
}

int check_address(struct check *c, const char *key, const char *text,
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

int check_secret(struct check *c, const char *key, const char *file,
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
	if (nas->address6 &&
	    inet_pton(AF_INET6, nas->address6, &nas->addr6) != 1)
		return FAIL(c, "nas.address6", "'%s' is not an IPv6 address",
			    nas->address6);
	return check_number(c, "nas.port_type", &nas->port_type, 15, 1, 255);
}

/* What ends up in option 82. */
static int check_iface_opt82(struct check *c, unsigned int i,
			     const struct config_iface *iface)
{
	const struct {
		const char *key, *text;
		bool address;
	} part[] = {
		{ "circuit_id", iface->circuit_id, false },
		{ "remote_id", iface->remote_id, false },
		{ "subscriber_id", iface->subscriber_id, false },
		{ "relay_id", iface->relay_id, false },
		{ "vpn", iface->vpn, false },
		{ "link_selection", iface->link_selection, true },
		{ "server_id", iface->server_id, true },
	};
	char key[YAMLFILE_KEY_SIZE];
	size_t n;

	for (n = 0; n < sizeof(part) / sizeof(part[0]); n++) {
		if (!part[n].text)
			continue;
		snprintf(key, sizeof(key), "ifaces[%u].%s", i, part[n].key);
		if (part[n].address) {
			if (check_address(c, key, part[n].text, false))
				return -1;
		} else if (strlen(part[n].text) > KBNG_FORMAT_MAX) {
			return FAIL(c, key, "longer than %d octets",
				    KBNG_FORMAT_MAX);
		}
	}
	return 0;
}

static int check_addrs6(struct check *c, unsigned int i, const char *what,
			char **addrs, uint32_t n)
{
	char key[YAMLFILE_KEY_SIZE];
	struct in6_addr addr;
	uint32_t j;

	for (j = 0; j < n; j++) {
		snprintf(key, sizeof(key), "ifaces[%u].%s[%u]", i, what, j);
		if (inet_pton(AF_INET6, addrs[j], &addr) != 1)
			return FAIL(c, key, "'%s' is not an IPv6 address",
				    addrs[j]);
	}
	return 0;
}

/* Router advertisements. */
static int check_iface_ra(struct check *c, unsigned int i,
			  const struct config_iface *iface)
{
	char key[YAMLFILE_KEY_SIZE];

	snprintf(key, sizeof(key), "ifaces[%u].ra", i);
	if (iface->ra != YAMLFILE_YES &&
	    (iface->ra_lifetime || iface->dns6_count || iface->search6))
		return FAIL(c, key, "ra_lifetime, dns6 and search6 are for router advertisements: set it to yes");
	if (iface->ra == YAMLFILE_YES && iface->role == KBNG_ROLE_CORE)
		return FAIL(c, key, "a core iface sends no router advertisements: remove it");
	snprintf(key, sizeof(key), "ifaces[%u].ra_lifetime", i);
	if (iface->ra_lifetime &&
	    (iface->ra_lifetime < 4 || iface->ra_lifetime > 9000))
		return FAIL(c, key, "must be from 4 to 9000");
	snprintf(key, sizeof(key), "ifaces[%u].search6", i);
	if (iface->search6 && strlen(iface->search6) > KBNG_SEARCH_MAX)
		return FAIL(c, key, "longer than %d octets", KBNG_SEARCH_MAX);
	return check_addrs6(c, i, "dns6", iface->dns6, iface->dns6_count);
}

/* Sessions that begin without DHCP. */
static int check_iface_triggers(struct check *c, unsigned int i,
				const struct config_iface *iface)
{
	char key[YAMLFILE_KEY_SIZE];
	struct kbng_subnet subnet;
	uint32_t j;

	snprintf(key, sizeof(key), "ifaces[%u].triggers", i);
	if (iface->role == KBNG_ROLE_CORE &&
	    (iface->triggers_count || iface->trigger6 == YAMLFILE_YES))
		return FAIL(c, key, "no session begins on a core iface: remove triggers and trigger6");
	for (j = 0; j < iface->triggers_count; j++) {
		snprintf(key, sizeof(key), "ifaces[%u].triggers[%u]", i, j);
		if (!kbng_parse_subnet(iface->triggers[j], &subnet) ||
		    subnet.len < 8)
			return FAIL(c, key, "'%s' is not an IPv4 prefix of 8 to 32 bits such as 192.0.2.0/24",
				    iface->triggers[j]);
	}
	return 0;
}

/* DHCPv6. */
static int check_iface6(struct check *c, unsigned int i,
			const struct config_iface *iface)
{
	char key[YAMLFILE_KEY_SIZE];
	struct in6_addr addr;

	snprintf(key, sizeof(key), "ifaces[%u].link6", i);
	if (!iface->link6 != !iface->servers6_count)
		return FAIL(c, key, "DHCPv6 needs servers6 and link6, an address of this machine that they answer to");
	if (iface->link6 && iface->role == KBNG_ROLE_CORE)
		return FAIL(c, key, "a core iface relays no DHCP: remove link6 and servers6");
	if (iface->link6 && inet_pton(AF_INET6, iface->link6, &addr) != 1)
		return FAIL(c, key, "'%s' is not an IPv6 address",
			    iface->link6);
	return check_addrs6(c, i, "servers6", iface->servers6,
			    iface->servers6_count);
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
	for (j = 0; j < iface->nodes_count; j++) {
		snprintf(key, sizeof(key), "ifaces[%u].nodes[%u]", i, j);
		if (check_address(c, key, iface->nodes[j], false))
			return -1;
	}
	if (iface->role == KBNG_ROLE_CORE &&
	    (iface->giaddr || iface->servers_count)) {
		snprintf(key, sizeof(key), "ifaces[%u].role", i);
		return FAIL(c, key, "a core iface relays no DHCP: remove giaddr and servers");
	}
	if (iface->role == KBNG_ROLE_CORE && iface->auth) {
		snprintf(key, sizeof(key), "ifaces[%u].auth", i);
		return FAIL(c, key, "nobody is authenticated on a core iface: remove it");
	}
	if (iface->role == KBNG_ROLE_CORE && iface->vlan) {
		snprintf(key, sizeof(key), "ifaces[%u].vlan", i);
		return FAIL(c, key, "a core iface takes no VLAN tags: remove it");
	}
	snprintf(key, sizeof(key), "ifaces[%u].line_cap", i);
	if (iface->line_cap > 1000)
		return FAIL(c, key, "more than 1000 percent");
	if (check_iface6(c, i, iface) || check_iface_ra(c, i, iface) ||
	    check_iface_triggers(c, i, iface))
		return -1;
	return check_iface_opt82(c, i, iface);
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
	    check_number(c, "radius.dead_time", &r->dead_time, 60, 1, 86400) ||
	    check_number(c, "radius.rate", &r->rate, 1000, 1, 1000000) ||
	    check_number(c, "radius.burst", &r->burst, 100, 1, 1000000) ||
	    check_number(c, "radius.workers", &r->workers, 8, 1, 256) ||
	    check_number(c, "radius.retry_pending", &r->retry_pending, 5, 1,
			 3600))
		return -1;
	if (!r->retries) {
		r->retries = malloc(sizeof(*r->retries));
		if (!r->retries)
			return FAIL(c, "radius.retries", "out of memory");
		*r->retries = 2;
	}
	return check_number(c, "radius.retries", r->retries, 0, 0, 10);
}

static int check_coa(struct check *c, const struct config_nas *nas,
		     struct config_coa *coa)
{
	if (!coa)
		return 0;
	if (!coa->address && !nas->address)
		return FAIL(c, "radius.coa.address", "missing: give the address of this machine that servers send to, here or as nas.address");
	if (check_string(c, "radius.coa.address", &coa->address,
			 nas->address) ||
	    check_address(c, "radius.coa.address", coa->address, true) ||
	    check_number(c, "radius.coa.port", &coa->port, 3799, 1, 65535) ||
	    check_number(c, "radius.coa.rate", &coa->rate, 100, 1, 100000) ||
	    check_number(c, "radius.coa.window", &coa->window, 300, 1, 86400))
		return -1;
	return check_servers(c, "coa.clients", coa->clients,
			     coa->clients_count, coa->port);
}

static int check_radius(struct check *c, const struct config_nas *nas,
			struct config_radius *r)
{
	if (!r)
		return 0;
	if (check_servers(c, "auth_servers", r->auth_servers,
			  r->auth_servers_count, 1812) ||
	    check_servers(c, "acct_servers", r->acct_servers,
			  r->acct_servers_count, 1813) ||
	    check_radius_numbers(c, r) || check_password(c, r) ||
	    check_coa(c, nas, r->coa) ||
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

static int check_metrics(struct check *c, struct config_metrics *m)
{
	if (!m)
		return 0;
	if (check_string(c, "metrics.address", &m->address, "127.0.0.1") ||
	    check_address(c, "metrics.address", m->address, true))
		return -1;
	return check_number(c, "metrics.port", &m->port, 9469, 1, 65535);
}

/* Its unix socket, or HTTP. */
static int check_kea_channel(struct check *c, struct config_kea *kea)
{
	if (!kea->host == !kea->socket)
		return FAIL(c, "kea.socket", "give either socket or host");
	if (kea->socket && strlen(kea->socket) > 107)
		return FAIL(c, "kea.socket", "longer than 107 octets, which is all that a socket's name can have");
	if (kea->socket && (kea->port || kea->user || kea->password_file))
		return FAIL(c, "kea.socket", "a unix socket has no port, user and password_file: remove them, or give host");
	if (kea->host && check_address(c, "kea.host", kea->host, true))
		return -1;
	if (check_number(c, "kea.port", &kea->port, 8000, 1, 65535))
		return -1;
	if (!kea->user != !kea->password_file)
		return FAIL(c, "kea.user", "user and password_file go together");
	if (kea->user && strchr(kea->user, ':'))
		return FAIL(c, "kea.user", "must have no colon");
	return kea->user ? check_secret(c, "kea.password_file",
					kea->password_file, 512,
					&kea->password) : 0;
}

static int check_kea(struct check *c, struct config_kea *kea)
{
	char key[YAMLFILE_KEY_SIZE];
	uint32_t i;

	if (!kea)
		return 0;
	if (check_kea_channel(c, kea))
		return -1;
	for (i = 0; i < kea->servers_count; i++) {
		snprintf(key, sizeof(key), "kea.servers[%u]", i);
		if (check_address(c, key, kea->servers[i], false))
			return -1;
	}
	return check_number(c, "kea.interval", &kea->interval, 60, 5, 86400) ||
	       check_number(c, "kea.timeout", &kea->timeout, 10, 1, 300) ||
	       check_number(c, "kea.tombstone", &kea->tombstone, 86400, 60,
			    31536000) ? -1 : 0;
}

static int check_nodes(struct check *c, struct config_nodes *nodes)
{
	char key[YAMLFILE_KEY_SIZE];
	uint32_t i;

	for (i = 0; i < nodes->known_count; i++) {
		snprintf(key, sizeof(key), "access_nodes.known[%u].address", i);
		if (check_address(c, key, nodes->known[i].address, false))
			return -1;
		snprintf(key, sizeof(key), "access_nodes.known[%u].name", i);
		if (strlen(nodes->known[i].name) > JOURNAL_NODE_NAME)
			return FAIL(c, key, "longer than %d octets",
				    JOURNAL_NODE_NAME);
	}
	return check_number(c, "access_nodes.interval", &nodes->interval, 30, 2,
			    3600) ||
	       check_number(c, "access_nodes.down_after", &nodes->down_after, 3,
			    1, 100) ||
	       check_number(c, "access_nodes.up_after", &nodes->up_after, 2, 1,
			    100) ? -1 : 0;
}

int check_rate(struct check *c, const char *key, const char *text,
	       uint64_t *rate)
{
	if (!text || kbng_parse_rate(text, rate))
		return 0;
	return FAIL(c, key, "'%s' is no rate: give 64k to 400G bit/s, or 0 for no limit",
		    text);
}

static int check_shaper(struct check *c, struct config *config, unsigned int i)
{
	struct config_shaper *s = &config->shapers[i];
	char key[YAMLFILE_KEY_SIZE];
	unsigned int j;

	snprintf(key, sizeof(key), "shapers[%u].name", i);
	if (strlen(s->name) > KBNG_NAME_MAX)
		return FAIL(c, key, "longer than %d octets", KBNG_NAME_MAX);
	for (j = 0; j < i; j++)
		if (!strcmp(config->shapers[j].name, s->name))
			return FAIL(c, key, "'%s' is there twice: remove one",
				    s->name);
	strcpy(s->info.name, s->name);
	snprintf(key, sizeof(key), "shapers[%u].parent", i);
	for (j = 0; s->parent && strcmp(config->shapers[j].name, s->parent); j++)
		if (j + 1 >= i)
			return FAIL(c, key, "'%s' is no shaper that stands before this one",
				    s->parent);
	if (s->parent)
		strcpy(s->info.parent, s->parent);
	snprintf(key, sizeof(key), "shapers[%u].rate_up", i);
	if (check_rate(c, key, s->rate_up, &s->info.rate_up))
		return -1;
	snprintf(key, sizeof(key), "shapers[%u].rate_down", i);
	return check_rate(c, key, s->rate_down, &s->info.rate_down);
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
	if (check_number(&c, "health_interval", &config->health_interval, 30, 5,
			 86400))
		return -1;
	for (i = 0; i < config->ifaces_count; i++)
		if (check_iface(&c, config, i))
			return -1;
	for (i = 0; i < config->shapers_count; i++)
		if (check_shaper(&c, config, i))
			return -1;
	if (!config->radius && !config->subscribers_file)
		return FAIL(&c, "radius", "give radius or subscribers_file: one of them decides");
	if (check_nas(&c, config) ||
	    check_radius(&c, &config->nas, config->radius) ||
	    check_policies(&c, config) || check_admission(&c, config) ||
	    check_redis(&c, config->redis) || check_kea(&c, config->kea) ||
	    check_nodes(&c, &config->nodes) ||
	    check_metrics(&c, config->metrics) || check_sessions(&c, config))
		return -1;
	if (check_number(&c, "journal.max_events", &config->journal.max_events,
			 1000000, 1000, UINT32_MAX) ||
	    check_number(&c, "journal.max_records",
			 &config->journal.max_records, 1000000, 100,
			 UINT32_MAX))
		return -1;
	return check_string(&c, "journal.path", &config->journal.path,
			    "/var/lib/kbng/journal.db");
}

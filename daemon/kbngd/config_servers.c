// SPDX-License-Identifier: GPL-2.0-or-later
/* RADIUS servers, and how they are reached. */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "credentials.h"

static int check_source(struct check *c, const char *key,
			const struct config_server *server)
{
	bool ipv6 = strchr(server->address, ':');

	if (check_address(c, key, server->source, ipv6))
		return -1;
	if (ipv6 == !strchr(server->source, ':'))
		return FAIL(c, key, "IPv4 does not reach IPv6: give an IPv6 address");
	return 0;
}

/* Of the server with the key @server. */
static int check_tls(struct check *c, const char *server,
		     const char *address, struct config_tls *tls)
{
	char key[YAMLFILE_KEY_SIZE], why[256];
	const char *wrong;

	snprintf(key, sizeof(key), "%s.tls.cert", server);
	if (!tls->cert != !tls->key)
		return FAIL(c, key, "cert and key go together");
	snprintf(key, sizeof(key), "%s.tls.name", server);
	if (check_string(c, key, &tls->name, address))
		return -1;
	wrong = credentials_read(tls, why, sizeof(why));
	if (!wrong)
		return 0;
	snprintf(key, sizeof(key), "%s.tls.%s", server, wrong);
	return FAIL(c, key, "%s", why);
}

/* Over TLS nothing rests on the secret: it may be the one of RFC 6614 2.3. */
static int check_shared(struct check *c, const char *server,
			struct config_server *s)
{
	char key[YAMLFILE_KEY_SIZE];

	snprintf(key, sizeof(key), "%s.secret_file", server);
	if (s->secret_file)
		return check_secret(c, key, s->secret_file, CONFIG_SECRET_MAX,
				    &s->secret);
	if (!s->tls)
		return FAIL(c, key, "missing: add it");
	return check_string(c, key, &s->secret, "radsec");
}

int check_servers(struct check *c, const char *what,
		  struct config_server *servers, uint32_t n, uint32_t port)
{
	char key[YAMLFILE_KEY_SIZE], server[64];
	uint32_t i;

	for (i = 0; i < n; i++) {
		snprintf(server, sizeof(server), "radius.%s[%u]", what, i);
		snprintf(key, sizeof(key), "radius.%s[%u].address", what, i);
		if (check_address(c, key, servers[i].address, true))
			return -1;
		snprintf(key, sizeof(key), "radius.%s[%u].port", what, i);
		if (check_number(c, key, &servers[i].port,
				 servers[i].tls ? 2083 : port, 1, 65535))
			return -1;
		snprintf(key, sizeof(key), "radius.%s[%u].source", what, i);
		if (servers[i].source &&
		    check_source(c, key, &servers[i]))
			return -1;
		snprintf(key, sizeof(key), "radius.%s[%u].device", what, i);
		if (servers[i].device &&
		    strlen(servers[i].device) >= IF_NAMESIZE)
			return FAIL(c, key, "longer than %d octets",
				    IF_NAMESIZE - 1);
		snprintf(key, sizeof(key), "radius.%s[%u].weight", what, i);
		if (check_number(c, key, &servers[i].weight, 0, 0, 1000))
			return -1;
		if (check_shared(c, server, &servers[i]))
			return -1;
		if (servers[i].tls && check_tls(c, server, servers[i].address,
						servers[i].tls))
			return -1;
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "lib/parse.h"

const char *config_session(const struct config_session *c,
			   struct kbng_session_info *s)
{
	uint32_t i;

	memset(s, 0, sizeof(*s));
	if (!kbng_parse_mac(c->mac, s->mac))
		return "mac";
	if (c->address && inet_pton(AF_INET, c->address, &s->addr) != 1)
		return "address";
	for (i = 0; i < c->prefixes_count; i++)
		if (!kbng_parse_prefix(c->prefixes[i], &s->prefixes.prefix[i]))
			return "prefixes";
	s->prefixes.n = c->prefixes_count;
	s->prefixes.given = c->prefixes_count;
	if (!c->address && !c->prefixes_count)
		return "address";
	if (c->vlan > 4094)
		return "vlan";
	if (c->inner_vlan > 4094 || (c->inner_vlan && !c->vlan))
		return "inner_vlan";
	s->vlan = c->vlan;
	s->inner_vlan = c->inner_vlan;
	if (c->vlan_protocol)
		s->vlan_protocol = KBNG_VLAN_8021AD;
	if (c->vlan_protocol && !c->inner_vlan)
		return "vlan_protocol";
	if (c->circuit_id && !kbng_parse_blob(c->circuit_id, &s->circuit_id))
		return "circuit_id";
	if (c->remote_id && !kbng_parse_blob(c->remote_id, &s->remote_id))
		return "remote_id";
	s->state = KBNG_STATE_PENDING;
	return NULL;
}

/* What to do about a key that config_session() has named. */
static const char *session_hint(const char *key)
{
	static const struct {
		const char *key, *hint;
	} hints[] = {
		{ "mac", "not a MAC address such as 52:54:00:12:34:56" },
		{ "address", "give an IPv4 address, or prefixes" },
		{ "prefixes", "neither an IPv6 prefix such as 2001:db8:1::/56 nor an IPv4 network" },
		{ "vlan", "not from 1 to 4094" },
		{ "inner_vlan", "not from 1 to 4094, or without vlan" },
		{ "vlan_protocol", "802.1ad is that of the outer of two tags" },
	};
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (!strcmp(hints[i].key, key))
			return hints[i].hint;
	return "not text, or 0x and hexadecimal digits, of up to 120 octets";
}

int check_sessions(struct check *c, const struct config *config)
{
	struct kbng_session_info info;
	char key[YAMLFILE_KEY_SIZE];
	const char *bad;
	uint32_t i, j;

	for (i = 0; i < config->sessions_count; i++) {
		const struct config_session *s = &config->sessions[i];

		bad = config_session(s, &info);
		if (bad) {
			snprintf(key, sizeof(key), "sessions[%u].%s", i, bad);
			return FAIL(c, key, "%s", session_hint(bad));
		}
		for (j = 0; j < config->ifaces_count; j++)
			if (!strcmp(config->ifaces[j].name, s->iface) &&
			    config->ifaces[j].role == KBNG_ROLE_ACCESS)
				break;
		snprintf(key, sizeof(key), "sessions[%u].iface", i);
		if (j == config->ifaces_count)
			return FAIL(c, key, "'%s' is no access iface of ifaces",
				    s->iface);
	}
	return 0;
}

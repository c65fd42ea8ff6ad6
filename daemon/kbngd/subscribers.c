// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "subscribers.h"
#include "yamlfile.h"

_Static_assert(SUBSCRIBERS_ERROR_SIZE == YAMLFILE_ERROR_SIZE, "one line, one size");

/* An entry: what it says, and what that means. */
struct entry {
	char *mac, *address, *circuit_id, *remote_id, *hostname, *ifname;
	char *username, *policy;
	char *rate_up, *rate_down, *burst_up, *burst_down;
	char **prefixes;
	uint32_t prefixes_count;
	uint32_t reject, isolated;	/* enum yamlfile_flag */
	uint8_t mac_octets[KBNG_MAC_LEN];
	struct in_addr addr;
	struct kbng_blob circuit, remote, host;
	struct subscriber grant;
};

struct subscribers {
	struct entry *entries;
	uint32_t entries_count;
};

#define TEXT(key)							\
	CYAML_FIELD_STRING_PTR(#key,					\
			       CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, \
			       struct entry, key, 1, 253)

static const cyaml_schema_value_t prefix = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 63),
};

static const cyaml_schema_field_t entry_fields[] = {
	TEXT(mac),
	TEXT(address),
	TEXT(circuit_id),
	TEXT(remote_id),
	TEXT(hostname),
	TEXT(ifname),
	TEXT(username),
	TEXT(policy),
	TEXT(rate_up),
	TEXT(rate_down),
	TEXT(burst_up),
	TEXT(burst_down),
	CYAML_FIELD_SEQUENCE("prefixes",
			     CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			     struct entry, prefixes, &prefix, 1,
			     KBNG_PREFIXES_MAX),
	YAMLFILE_FIELD_FLAG("isolated", struct entry, isolated),
	YAMLFILE_FIELD_FLAG("reject", struct entry, reject),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t entry_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct entry, entry_fields),
};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_SEQUENCE("subscribers", CYAML_FLAG_POINTER,
			     struct subscribers, entries, &entry_schema, 1,
			     CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct subscribers, fields),
};

/* Turn one text into what it means, or say what is wrong with it. */
#define PARSE(text, key, parse, hint)					\
	do {								\
		if ((text) && !(parse)) {				\
			snprintf(at + len, sizeof(at) - len, "." key);	\
			return yamlfile_error(error, path, at,		\
					  "'%s': " hint, (text));	\
		}							\
	} while (0)

static int subscribers_parse_prefixes(const char *path, unsigned int i,
				      struct entry *e, char *error)
{
	struct kbng_prefixes *list = &e->grant.prefixes;
	char at[YAMLFILE_KEY_SIZE];
	uint32_t j;

	for (j = 0; j < e->prefixes_count; j++) {
		if (kbng_parse_prefix(e->prefixes[j], &list->prefix[j]))
			continue;
		snprintf(at, sizeof(at), "subscribers[%u].prefixes[%u]", i, j);
		return yamlfile_error(error, path, at,
				      "'%s': neither an IPv6 prefix such as 2001:db8:1::/56 nor an IPv4 network",
				      e->prefixes[j]);
	}
	list->n = e->prefixes_count;
	list->given = list->n;
	return 0;
}

static int subscribers_parse(const char *path, unsigned int i, struct entry *e,
			     char *error)
{
	uint64_t burst_up = 0, burst_down = 0;
	struct kbng_policy *g = &e->grant.policy;
	char at[YAMLFILE_KEY_SIZE];
	int len = snprintf(at, sizeof(at), "subscribers[%u]", i);

	PARSE(e->mac, "mac", kbng_parse_mac(e->mac, e->mac_octets),
	      "not a MAC address such as 52:54:00:12:34:56");
	PARSE(e->address, "address",
	      inet_pton(AF_INET, e->address, &e->addr) == 1,
	      "not an IPv4 address");
	PARSE(e->circuit_id, "circuit_id",
	      kbng_parse_blob(e->circuit_id, &e->circuit),
	      "not text, or 0x and hexadecimal digits, of up to 120 octets");
	PARSE(e->remote_id, "remote_id",
	      kbng_parse_blob(e->remote_id, &e->remote),
	      "not text, or 0x and hexadecimal digits, of up to 120 octets");
	PARSE(e->hostname, "hostname", kbng_parse_blob(e->hostname, &e->host),
	      "not text, or 0x and hexadecimal digits, of up to 120 octets");
	PARSE(e->rate_up, "rate_up", kbng_parse_rate(e->rate_up, &g->rate_up),
	      "not a rate such as 20M, from 64k to 400G");
	PARSE(e->rate_down, "rate_down",
	      kbng_parse_rate(e->rate_down, &g->rate_down),
	      "not a rate such as 20M, from 64k to 400G");
	PARSE(e->burst_up, "burst_up",
	      kbng_parse_octets(e->burst_up, UINT32_MAX, &burst_up),
	      "not a number of octets such as 64KiB");
	PARSE(e->burst_down, "burst_down",
	      kbng_parse_octets(e->burst_down, UINT32_MAX, &burst_down),
	      "not a number of octets such as 64KiB");
	PARSE(e->policy, "policy", strlen(e->policy) <= KBNG_NAME_MAX,
	      "longer than 63 octets");
	g->burst_up = burst_up;
	g->burst_down = burst_down;
	g->isolated = e->isolated == YAMLFILE_YES;
	snprintf(g->name, sizeof(g->name), "%s", e->policy ? e->policy : "");
	e->grant.username = e->username;
	return subscribers_parse_prefixes(path, i, e, error);
}

int subscribers_load(const char *path, struct subscribers **subscribers,
		     char *error)
{
	struct subscribers *subs;
	void *data;
	uint32_t i;

	*subscribers = NULL;
	if (yamlfile_load(path, &schema, &data, error))
		return -1;
	subs = data;
	for (i = 0; i < subs->entries_count; i++)
		if (subscribers_parse(path, i, &subs->entries[i], error)) {
			subscribers_free(subs);
			return -1;
		}
	*subscribers = subs;
	return 0;
}

void subscribers_free(struct subscribers *subs)
{
	if (subs)
		yamlfile_free(&schema, subs);
}

static bool subscribers_same(const struct kbng_blob *a,
			     const struct kbng_blob *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static bool subscribers_fits(const struct entry *e,
			     const struct kbng_session_info *s)
{
	/* Who has not asked by DHCP must be known by the address. */
	if (e->address ? e->addr.s_addr != s->addr.s_addr :
			 s->trigger && s->addr.s_addr)
		return false;
	return (!e->mac || !memcmp(e->mac_octets, s->mac, KBNG_MAC_LEN)) &&
	       (!e->circuit_id || subscribers_same(&e->circuit,
						   &s->circuit_id)) &&
	       (!e->remote_id || subscribers_same(&e->remote,
						  &s->remote_id)) &&
	       (!e->hostname || subscribers_same(&e->host, &s->hostname)) &&
	       (!e->ifname || !strcmp(e->ifname, s->ifname));
}

bool subscribers_authorise(const struct subscribers *subs,
			   const struct kbng_session_info *s,
			   struct subscriber *who)
{
	uint32_t i;

	memset(who, 0, sizeof(*who));
	for (i = 0; i < subs->entries_count; i++) {
		const struct entry *e = &subs->entries[i];

		if (!subscribers_fits(e, s))
			continue;
		*who = e->grant;
		return e->reject != YAMLFILE_YES;
	}
	return false;
}

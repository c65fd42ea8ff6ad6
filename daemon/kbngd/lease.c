// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "lease.h"
#include "lib/parse.h"

#define STATE_DEFAULT	0		/* of Kea's lease states */
#define OPT82_CIRCUIT	1		/* RFC 3046 2.0 */
#define OPT82_REMOTE	2

static void lease_relay_info(const char *text, struct lease *lease)
{
	uint8_t opt[255];		/* an option's octets at most */
	struct kbng_blob *id;
	int len, at, n;

	if (strncmp(text, "0x", 2) && strncmp(text, "0X", 2))
		return;
	len = kbng_parse_hex(text + 2, opt, sizeof(opt));

	for (at = 0; at + 2 <= len; at += 2 + n) {
		n = opt[at + 1];
		if (at + 2 + n > len)
			return;
		if (opt[at] != OPT82_CIRCUIT && opt[at] != OPT82_REMOTE)
			continue;
		id = opt[at] == OPT82_CIRCUIT ? &lease->circuit_id :
						&lease->remote_id;
		if (n > KBNG_ID_MAX)
			continue;	/* none of ours is that long */
		id->len = n;
		memcpy(id->data, opt + at + 2, n);
	}
}

static const json_t *lease_member(const json_t *json, const char *a,
				  const char *b, const char *c)
{
	json = json_object_get(json_object_get(json, a), b);
	return c ? json_object_get(json, c) : json;
}

bool lease_parse(const json_t *json, struct lease *lease)
{
	const json_t *cltt = json_object_get(json, "cltt");
	const json_t *valid = json_object_get(json, "valid-lft");
	const json_t *state = json_object_get(json, "state");
	const char *text;

	memset(lease, 0, sizeof(*lease));
	text = json_string_value(json_object_get(json, "ip-address"));
	if (!text || inet_pton(AF_INET, text, &lease->addr) != 1 ||
	    !json_is_integer(cltt) || json_integer_value(cltt) < 0 ||
	    !json_is_integer(valid) || json_integer_value(valid) < 0 ||
	    json_integer_value(valid) > UINT32_MAX || !json_is_integer(state))
		return false;
	lease->bound = json_integer_value(cltt);
	lease->valid = json_integer_value(valid);
	lease->in_use = json_integer_value(state) == STATE_DEFAULT;
	text = json_string_value(json_object_get(json, "hw-address"));
	lease->has_mac = text && kbng_parse_mac(text, lease->mac);
	text = json_string_value(lease_member(json, "user-context", "ISC",
					      "relay-agent-info"));
	if (!text)
		text = json_string_value(json_object_get(
			lease_member(json, "user-context", "ISC",
				     "relay-agent-info"), "sub-options"));
	if (text)
		lease_relay_info(text, lease);
	return true;
}

uint32_t lease_left(const struct lease *lease, uint64_t now)
{
	uint64_t end = lease->bound + lease->valid;

	if (lease->valid == LEASE_FOREVER)
		return LEASE_FOREVER;
	if (end <= now)
		return 0;
	return end - now < LEASE_FOREVER ? end - now : LEASE_FOREVER - 1;
}

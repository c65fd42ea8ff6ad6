// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "lib/fmt.h"
#include "template.h"

enum variable {
	VAR_MAC,
	VAR_IFNAME,
	VAR_CIRCUIT_ID,
	VAR_REMOTE_ID,
	VAR_HOSTNAME,
	VAR_ADDRESS,
	VAR_BNG_ID,
	VAR_NONE,
};

static const char *const names[] = {
	[VAR_MAC] = "mac",
	[VAR_IFNAME] = "ifname",
	[VAR_CIRCUIT_ID] = "circuit_id",
	[VAR_REMOTE_ID] = "remote_id",
	[VAR_HOSTNAME] = "hostname",
	[VAR_ADDRESS] = "address",
	[VAR_BNG_ID] = "bng_id",
};

/* The variable at "{...}", and its end behind the brace; VAR_NONE if none. */
static enum variable template_variable(const char *at, const char **end)
{
	const char *close = strchr(at, '}');
	size_t len;
	int v;

	if (!close)
		return VAR_NONE;
	len = close - at - 1;
	for (v = 0; v < VAR_NONE; v++)
		if (strlen(names[v]) == len &&
		    !memcmp(names[v], at + 1, len)) {
			*end = close + 1;
			return v;
		}
	return VAR_NONE;
}

bool template_check(const char *format, const char **at)
{
	const char *p = format;

	while (*p) {
		*at = p;
		if (*p == '}')
			return false;
		if (*p != '{')
			p++;
		else if (template_variable(p, &p) == VAR_NONE)
			return false;
	}
	return true;
}

static const char *template_blob(const struct kbng_blob *blob, char *buf,
				 size_t size)
{
	return blob->len ? kbng_fmt_blob(buf, size, blob->data, blob->len) : "";
}

static const char *template_value(enum variable v,
				  const struct kbng_session_info *s,
				  const char *bng_id, char *buf, size_t size)
{
	switch (v) {
	case VAR_MAC:
		return kbng_fmt_mac(buf, size, s->mac);
	case VAR_IFNAME:
		return s->ifname;
	case VAR_CIRCUIT_ID:
		return template_blob(&s->circuit_id, buf, size);
	case VAR_REMOTE_ID:
		return template_blob(&s->remote_id, buf, size);
	case VAR_HOSTNAME:
		return template_blob(&s->hostname, buf, size);
	case VAR_ADDRESS:
		if (!s->addr.s_addr && s->prefixes.n)
			return kbng_fmt_prefix(buf, size, s->prefixes.prefix);
		return inet_ntop(AF_INET, &s->addr, buf, size);
	default:
		return bng_id;
	}
}

int template_expand(const char *format, const struct kbng_session_info *s,
		    const char *bng_id, char *out, size_t size)
{
	char buf[KBNG_FMT_SIZE];
	const char *p = format, *text;
	enum variable v;
	size_t used = 0, len;

	while (*p) {
		if (*p == '{') {
			v = template_variable(p, &p);
			if (v == VAR_NONE)
				return -1;
			text = template_value(v, s, bng_id, buf, sizeof(buf));
			len = strlen(text);
		} else {
			text = p++;
			len = 1;
		}
		if (used + len >= size)
			return -1;
		memcpy(out + used, text, len);
		used += len;
	}
	if (!size)
		return -1;
	out[used] = '\0';
	return used;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "fmt.h"

#include <stdio.h>
#include <string.h>

#define HEADER	2	/* type and length */
#define ROUTE	2	/* reserved, and bits of the prefix */

/** struct attribute - one that kbng hands on, and how its value reads */
static const struct attribute {
	const char *name;
	uint8_t type;
	enum { TEXT, ADDRESS6, ROUTE6 } value;
} attributes[] = {
	{ "User-Name", 1, TEXT },
	{ "Framed-Pool", 88, TEXT },
	{ "Framed-IPv6-Pool", 100, TEXT },
	{ "DNS-Server-IPv6-Address", 169, ADDRESS6 },
	{ "Route-IPv6-Information", 170, ROUTE6 },
	{ "Delegated-IPv6-Prefix-Pool", 171, TEXT },
	{ "Stateful-IPv6-Address-Pool", 172, TEXT },
};

static const struct attribute *attribute_of(uint8_t type)
{
	const struct attribute *a;

	for (a = attributes; a < attributes + sizeof(attributes) / sizeof(*a); a++)
		if (a->type == type)
			return a;
	return NULL;
}

/* False if that is no value of @a. */
static bool fmt_address(const struct attribute *a, char *buf, size_t size,
			const uint8_t *value, size_t len)
{
	struct kbng_prefix prefix = { .len = 128 };
	bool route = a->value == ROUTE6;
	size_t skip = route ? ROUTE : 0;

	if (len < skip || len - skip > sizeof(prefix.addr) ||
	    (!route && len < sizeof(prefix.addr)) ||
	    (route && (value[1] > 128 || len - skip < (value[1] + 7U) / 8)))
		return false;
	if (route)
		prefix.len = value[1];
	memcpy(&prefix.addr, value + skip, len - skip);
	kbng_fmt_prefix(buf, size, &prefix);
	return true;
}

static bool well_formed(const uint8_t *data, size_t len)
{
	while (len >= HEADER && data[1] >= HEADER && data[1] <= len) {
		len -= data[1];
		data += data[1];
	}
	return !len;
}

/* "Framed-IPv6-Pool gold", "attribute 99 0x01ff" */
static size_t fmt_attribute(char *buf, size_t size, const uint8_t *data)
{
	const struct attribute *a = attribute_of(data[0]);
	char value[2 * KBNG_FMT_SIZE];
	char name[32];

	if (!a || a->value == TEXT ||
	    !fmt_address(a, value, sizeof(value), data + HEADER,
			 data[1] - HEADER))
		kbng_fmt_blob(value, sizeof(value), data + HEADER,
			      data[1] - HEADER);
	snprintf(name, sizeof(name), "attribute %u", data[0]);
	return snprintf(buf, size, "%s %s", a ? a->name : name, value);
}

char *kbng_fmt_radius(char *buf, size_t size, const uint8_t *data, size_t len)
{
	const uint8_t *end = data + len;
	size_t at = 0;

	if (!well_formed(data, len))
		return kbng_fmt_blob(buf, size, data, len);
	*buf = '\0';
	for (; data < end; data += data[1]) {
		if (at && at < size)
			at += snprintf(buf + at, size - at, ", ");
		if (at < size)
			at += fmt_attribute(buf + at, size - at, data);
	}
	return buf;
}

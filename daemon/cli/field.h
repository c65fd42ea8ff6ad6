/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of the model's structs, described once: how each is called and what
 * kind of value it is. Every output and every argument goes by such tables.
 */
#ifndef KBNG_FIELD_H
#define KBNG_FIELD_H

#include <stddef.h>
#include <jansson.h>

#include "lib/model.h"
#include "lib/names.h"

/** enum kind - the C type at a field's offset and how it is written */
enum kind {
	KIND_NUMBER,		/* uint32_t */
	KIND_NUMBER64,		/* uint64_t */
	KIND_RATE,		/* uint64_t, bit/s */
	KIND_OCTETS,		/* uint32_t */
	KIND_OCTETS64,		/* uint64_t */
	KIND_SECONDS,		/* uint32_t */
	KIND_EPOCH,		/* uint64_t, s since the epoch */
	KIND_NAME,		/* an enum, by .names */
	KIND_TEXT,		/* char[] */
	KIND_BLOB,		/* struct kbng_blob */
	KIND_OPTION,		/* struct kbng_option, always as hexadecimal */
	KIND_RADIUS,		/* struct kbng_blob, RADIUS attributes */
	KIND_RADIUS6,		/* struct kbng_radius6, likewise */
	KIND_MAC,		/* uint8_t[KBNG_MAC_LEN] */
	KIND_UUID,		/* uint8_t[KBNG_UUID_LEN] */
	KIND_ADDR,		/* struct in_addr */
	KIND_ADDRS,		/* struct in_addr[], its unsigned count by .flag */
	KIND_ADDR6,		/* struct in6_addr */
	KIND_ADDRS6,		/* struct in6_addr[], likewise */
	KIND_SUBNETS,		/* struct kbng_subnet[], likewise */
	KIND_PREFIXES,		/* struct kbng_prefixes */
	KIND_DECISION,		/* struct kbng_session_info, by its cookie */
	KIND_IFINDEX,		/* uint32_t, an interface by its name */
	KIND_NEST,		/* a struct with .fields of its own */
};

/**
 * struct field - one member of a struct
 * @key: its name: of JSON as it is, for people with spaces for underscores
 * @offset: of the member
 * @optional: zero or empty means that there is no value
 * @flag: FLAG() of a bool that tells if there is a value, or 0
 * @names: of KIND_NAME
 * @fields: of KIND_NEST, ends with a NULL key
 */
struct field {
	const char *key;
	enum kind kind;
	size_t offset;
	bool optional;
	size_t flag;
	const struct kbng_names *names;
	const struct field *fields;
};

/* Where a companion of a member is; 0 stays free for "none". */
#define FLAG(type, name)	(offsetof(type, name) + 1)
#define FLAG_OF(type, object, flag)	((type *)((char *)(object) + (flag) - 1))

/* The largest is a struct kbng_radius6: an address, 18 octets, has 65 with its name. */
#define FIELD_TEXT_MAX	(4 * KBNG_RADIUS6_MAX)

/* Has @f of @object a value? */
bool field_present(const struct field *f, const void *object);
/* Is it worth a line to a person? Zero is not. */
bool field_notable(const struct field *f, const void *object);

/* Into @buf of FIELD_TEXT_MAX octets, with units for people; returns it. */
char *field_pretty(const struct field *f, const void *object, char *buf);
/* The same for programs: numbers in base units, names, addresses. */
char *field_plain(const struct field *f, const void *object, char *buf);
/* A new reference; any kind. */
json_t *field_json(const struct field *f, const void *object);

#endif /* KBNG_FIELD_H */

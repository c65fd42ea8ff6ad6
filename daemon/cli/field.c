// SPDX-License-Identifier: GPL-2.0-or-later
#include "field.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/cookie.h"
#include "lib/fmt.h"

static const void *member(const struct field *f, const void *object)
{
	return (const char *)object + f->offset;
}

static unsigned int addrs_count(const struct field *f, const void *object)
{
	return *FLAG_OF(const unsigned int, object, f->flag);
}

/* What kbngd noted; DECISION_ACCEPT if it is not the owner. */
static uint32_t decision(const struct kbng_session_info *s)
{
	struct cookie cookie;

	return cookie_decode(&cookie, s->cookie, s->cookie_len) ?
	       cookie.decision : DECISION_ACCEPT;
}

/* The value of any kind that is a number. */
static uint64_t number(const struct field *f, const void *object)
{
	switch (f->kind) {
	case KIND_NUMBER64:
	case KIND_RATE:
	case KIND_OCTETS64:
	case KIND_EPOCH:
		return *(const uint64_t *)member(f, object);
	case KIND_DECISION:
		return decision(member(f, object));
	default:
		return *(const uint32_t *)member(f, object);
	}
}

static bool is_zero(const struct field *f, const void *object)
{
	static const uint8_t nothing[KBNG_UUID_LEN];
	const struct field *sub;

	switch (f->kind) {
	case KIND_TEXT:
		return !*(const char *)member(f, object);
	case KIND_BLOB:
	case KIND_RADIUS:
		return !((const struct kbng_blob *)member(f, object))->len;
	case KIND_OPTION:
		return !((const struct kbng_option *)member(f, object))->len;
	case KIND_RADIUS6:
		return !((const struct kbng_radius6 *)member(f, object))->len;
	case KIND_MAC:
		return !memcmp(member(f, object), nothing, KBNG_MAC_LEN);
	case KIND_UUID:
		return !memcmp(member(f, object), nothing, KBNG_UUID_LEN);
	case KIND_ADDRS:
	case KIND_ADDRS6:
	case KIND_SUBNETS:
		return !addrs_count(f, object);
	case KIND_ADDR6:
		return IN6_IS_ADDR_UNSPECIFIED((const struct in6_addr *)
					       member(f, object));
	case KIND_PREFIXES:
		return !((const struct kbng_prefixes *)member(f, object))->n;
	case KIND_NEST:
		for (sub = f->fields; sub->key; sub++)
			if (!is_zero(sub, member(f, object)))
				return false;
		return true;
	default:
		return !number(f, object);
	}
}

bool field_present(const struct field *f, const void *object)
{
	if (f->flag && f->kind != KIND_ADDRS && f->kind != KIND_ADDRS6 &&
	    f->kind != KIND_SUBNETS)
		return *FLAG_OF(const bool, object, f->flag);
	return !f->optional || !is_zero(f, object);
}

bool field_notable(const struct field *f, const void *object)
{
	if (!field_present(f, object))
		return false;
	return f->kind == KIND_NAME || !is_zero(f, object);
}

static char *fmt_epoch(char *buf, uint64_t seconds)
{
	time_t t = seconds;
	struct tm tm;

	if (!localtime_r(&t, &tm) ||
	    !strftime(buf, FIELD_TEXT_MAX, "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(buf, FIELD_TEXT_MAX, "%" PRIu64, seconds);
	return buf;
}

static char *fmt_hex(char *buf, const uint8_t *data, size_t len)
{
	size_t i;

	strcpy(buf, "0x");
	for (i = 0; i < len; i++)
		sprintf(buf + 2 + 2 * i, "%02x", data[i]);
	return buf;
}

/* Its name, or the number of one that is gone. */
static char *fmt_ifindex(char *buf, uint32_t ifindex)
{
	char name[IF_NAMESIZE];

	if (if_indextoname(ifindex, name))
		return kbng_fmt_blob(buf, FIELD_TEXT_MAX, name, strlen(name));
	snprintf(buf, FIELD_TEXT_MAX, "%" PRIu32, ifindex);
	return buf;
}

/* The address or subnet @i of several, of either family. */
static char *fmt_addr(const struct field *f, const void *object,
		      unsigned int i, char *buf)
{
	bool ipv6 = f->kind == KIND_ADDRS6;
	size_t size = ipv6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
	const struct kbng_subnet *subnets = member(f, object);

	if (f->kind == KIND_SUBNETS)
		return kbng_fmt_subnet(buf, INET6_ADDRSTRLEN, &subnets[i]);
	inet_ntop(ipv6 ? AF_INET6 : AF_INET,
		  (const char *)member(f, object) + i * size, buf,
		  INET6_ADDRSTRLEN);
	return buf;
}

static char *fmt_addrs(const struct field *f, const void *object, char *buf)
{
	unsigned int count = addrs_count(f, object);
	char *p = buf;
	unsigned int i;

	*buf = '\0';
	for (i = 0; i < count && i < KBNG_SERVERS_MAX; i++) {
		if (i)
			*p++ = ',';
		p += strlen(fmt_addr(f, object, i, p));
	}
	return buf;
}

/* With @kinds "2001:db8:1::/56 (pd, 59m left), 2001:db8::5 (static)". */
static char *fmt_prefixes(const struct kbng_prefixes *list, bool kinds,
			  char *buf)
{
	const struct kbng_prefix *p;
	char text[FIELD_TEXT_MAX];
	char left[FIELD_TEXT_MAX];
	size_t len = 0;

	*buf = '\0';
	for (p = list->prefix; p < list->prefix + list->n; p++) {
		len += snprintf(buf + len, FIELD_TEXT_MAX - len, "%s%s",
				p == list->prefix ? "" : kinds ? ", " : ",",
				kbng_fmt_prefix(text, sizeof(text), p));
		if (!kinds)
			continue;
		kbng_fmt_duration(left, sizeof(left), p->left);
		len += snprintf(buf + len, FIELD_TEXT_MAX - len, " (%s%s%s%s)",
				kbng_name(&kbng_prefix_kinds, p->kind),
				p->has_lifetime ? ", " : "",
				p->has_lifetime ? left : "",
				p->has_lifetime ? " left" : "");
	}
	return buf;
}

char *field_plain(const struct field *f, const void *object, char *buf)
{
	const struct kbng_radius6 *radius6;
	const struct kbng_option *option;
	const struct kbng_blob *blob;
	const void *m = member(f, object);

	switch (f->kind) {
	case KIND_NAME:
		return strcpy(buf, kbng_name(f->names, number(f, object)));
	case KIND_DECISION:
		return strcpy(buf, kbng_name(&kbng_decisions,
					     number(f, object)));
	case KIND_TEXT:
		return kbng_fmt_blob(buf, FIELD_TEXT_MAX, m, strlen(m));
	case KIND_BLOB:
	case KIND_RADIUS:
		blob = m;
		return kbng_fmt_blob(buf, FIELD_TEXT_MAX, blob->data,
				     blob->len);
	case KIND_OPTION:
		option = m;
		return fmt_hex(buf, option->data, option->len);
	case KIND_RADIUS6:
		radius6 = m;
		return fmt_hex(buf, radius6->data, radius6->len);
	case KIND_MAC:
		return kbng_fmt_mac(buf, FIELD_TEXT_MAX, m);
	case KIND_UUID:
		return kbng_fmt_uuid(buf, FIELD_TEXT_MAX, m);
	case KIND_ADDR:
		inet_ntop(AF_INET, m, buf, INET_ADDRSTRLEN);
		return buf;
	case KIND_ADDRS:
	case KIND_ADDRS6:
	case KIND_SUBNETS:
		return fmt_addrs(f, object, buf);
	case KIND_ADDR6:
		inet_ntop(AF_INET6, m, buf, INET6_ADDRSTRLEN);
		return buf;
	case KIND_PREFIXES:
		return fmt_prefixes(m, false, buf);
	case KIND_IFINDEX:
		return fmt_ifindex(buf, number(f, object));
	default:
		snprintf(buf, FIELD_TEXT_MAX, "%" PRIu64, number(f, object));
		return buf;
	}
}

/* "packets4 12, octets4 1.5 KiB": what is worth it of a struct. */
static char *fmt_nest(const struct field *f, const void *object, char *buf)
{
	char text[FIELD_TEXT_MAX];
	const struct field *sub;
	size_t len = 0;
	char *p;

	*buf = '\0';
	for (sub = f->fields; sub->key; sub++) {
		if (!field_notable(sub, member(f, object)))
			continue;
		field_pretty(sub, member(f, object), text);
		len += snprintf(buf + len, FIELD_TEXT_MAX - len, "%s%s %s",
				len ? ", " : "", sub->key, text);
		if (len >= FIELD_TEXT_MAX)
			break;
	}
	for (p = buf; *p; p++)
		if (*p == '_')
			*p = ' ';
	return buf;
}

char *field_pretty(const struct field *f, const void *object, char *buf)
{
	const struct kbng_radius6 *radius6;
	const struct kbng_blob *blob;

	switch (f->kind) {
	case KIND_RADIUS:
		blob = member(f, object);
		return kbng_fmt_radius(buf, FIELD_TEXT_MAX, blob->data,
				       blob->len);
	case KIND_RADIUS6:
		radius6 = member(f, object);
		return kbng_fmt_radius(buf, FIELD_TEXT_MAX, radius6->data,
				       radius6->len);
	case KIND_RATE:
		return kbng_fmt_rate(buf, FIELD_TEXT_MAX, number(f, object));
	case KIND_OCTETS:
	case KIND_OCTETS64:
		return kbng_fmt_octets(buf, FIELD_TEXT_MAX, number(f, object));
	case KIND_SECONDS:
		return kbng_fmt_duration(buf, FIELD_TEXT_MAX,
					 number(f, object));
	case KIND_EPOCH:
		return fmt_epoch(buf, number(f, object));
	case KIND_PREFIXES:
		return fmt_prefixes(member(f, object), true, buf);
	case KIND_NEST:
		return fmt_nest(f, object, buf);
	default:
		return field_plain(f, object, buf);
	}
}

static json_t *json_addrs(const struct field *f, const void *object)
{
	unsigned int count = addrs_count(f, object);
	char text[INET6_ADDRSTRLEN];
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < count && i < KBNG_SERVERS_MAX; i++)
		json_array_append_new(array,
				      json_string(fmt_addr(f, object, i, text)));
	return array;
}

static json_t *json_prefixes(const struct kbng_prefixes *list)
{
	const struct kbng_prefix *p;
	char text[FIELD_TEXT_MAX];
	json_t *array = json_array();
	json_t *one;

	for (p = list->prefix; p < list->prefix + list->n; p++) {
		one = json_pack("{s:s, s:s}", "prefix",
				kbng_fmt_prefix(text, sizeof(text), p), "kind",
				kbng_name(&kbng_prefix_kinds, p->kind));
		if (p->has_lifetime) {
			json_object_set_new(one, "preferred",
					    json_integer(p->preferred));
			json_object_set_new(one, "valid",
					    json_integer(p->valid));
			json_object_set_new(one, "left", json_integer(p->left));
		}
		json_array_append_new(array, one);
	}
	return array;
}

json_t *field_json(const struct field *f, const void *object)
{
	char text[FIELD_TEXT_MAX];
	const struct field *sub;
	json_t *nest;

	switch (f->kind) {
	case KIND_NUMBER:
	case KIND_NUMBER64:
	case KIND_RATE:
	case KIND_OCTETS:
	case KIND_OCTETS64:
	case KIND_SECONDS:
	case KIND_EPOCH:
		return json_integer(number(f, object));
	case KIND_ADDRS:
	case KIND_ADDRS6:
	case KIND_SUBNETS:
		return json_addrs(f, object);
	case KIND_PREFIXES:
		return json_prefixes(member(f, object));
	case KIND_NEST:
		nest = json_object();
		for (sub = f->fields; sub->key; sub++)
			if (field_present(sub, member(f, object)))
				json_object_set_new(nest, sub->key,
						    field_json(sub, member(f, object)));
		return nest;
	default:
		return json_string(field_plain(f, object, text));
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "words.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "lib/parse.h"

/* What a value should have looked like. */
static const char *const hints[] = {
	[KIND_NUMBER] = "a number",
	[KIND_RATE] = "a rate between 64k and 400G bit/s, like 10M, or 0 for no limit",
	[KIND_OCTETS] = "a number of octets, like 15000 or 64KiB",
	[KIND_OCTETS64] = "a number of octets, like 500MiB or 20GiB",
	[KIND_SECONDS] = "a time (like 90, 15m, 12h or 7d)",
	[KIND_NAME] = "one of",
	[KIND_TEXT] = "a text",
	[KIND_BLOB] = "1 to 120 octets, as text or as 0x and hexadecimal digits",
	[KIND_MAC] = "a MAC address, like 52:54:00:12:34:56",
	[KIND_ADDR] = "an IPv4 address",
	[KIND_ADDRS] = "an IPv4 address",
	[KIND_ADDR6] = "an IPv6 address",
	[KIND_ADDRS6] = "an IPv6 address",
	[KIND_SUBNETS] = "an IPv4 prefix, like 192.0.2.0/24",
	[KIND_PREFIXES] = "an IPv6 prefix, like 2001:db8:1::/56, or none",
	[KIND_IFINDEX] = "an interface of this network namespace",
};

const struct word *words_find(const struct word *words, const char *key)
{
	const struct word *w;

	for (w = words; w->key; w++)
		if (!strcmp(w->key, key))
			return w;
	return NULL;
}

static bool parse_u32(const struct word *w, const char *text, uint32_t *to)
{
	const uint64_t max = w->max ? w->max : UINT32_MAX;
	uint64_t value;
	bool ok;

	if (w->kind == KIND_OCTETS)
		ok = kbng_parse_octets(text, max, &value);
	else if (w->kind == KIND_SECONDS)
		ok = kbng_parse_duration(text, max, &value);
	else
		ok = kbng_parse_number(text, max, &value);
	if (!ok || value < w->min)
		return false;
	*to = value;
	return true;
}

/* By name, or by number for one that is gone. */
static bool parse_ifindex(const char *text, uint32_t *to)
{
	uint64_t number;

	*to = if_nametoindex(text);
	if (!*to && kbng_parse_number(text, INT32_MAX, &number))
		*to = number;
	return *to;
}

static bool parse_addrs(const struct word *w, const char *text, void *object)
{
	unsigned int *count = FLAG_OF(unsigned int, object, w->flag);
	bool ipv6 = w->kind == KIND_ADDRS6;
	size_t size = ipv6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);

	return *count < w->max &&
	       inet_pton(ipv6 ? AF_INET6 : AF_INET, text, (char *)object +
			 w->offset + *count * size) == 1 && ++*count;
}

static bool parse_subnets(const struct word *w, const char *text, void *object)
{
	unsigned int *count = FLAG_OF(unsigned int, object, w->flag);
	struct kbng_subnet *list = (void *)((char *)object + w->offset);

	return *count < w->max && kbng_parse_subnet(text, &list[*count]) &&
	       ++*count;
}

static bool parse_prefixes(const char *text, struct kbng_prefixes *list)
{
	list->given = true;
	if (!strcmp(text, "none"))
		return !list->n;
	return list->n < KBNG_PREFIXES_MAX &&
	       kbng_parse_prefix(text, &list->prefix[list->n]) && ++list->n;
}

/* May a word of this kind be given several times? */
static bool is_repeated(enum kind kind)
{
	return kind == KIND_ADDRS || kind == KIND_ADDRS6 ||
	       kind == KIND_SUBNETS || kind == KIND_PREFIXES;
}

static bool parse_value(const struct word *w, const char *text, void *object)
{
	void *to = (char *)object + w->offset;

	switch (w->kind) {
	case KIND_NUMBER:
	case KIND_OCTETS:
	case KIND_SECONDS:
		return parse_u32(w, text, to);
	case KIND_OCTETS64:
		return kbng_parse_octets(text, UINT64_MAX, to);
	case KIND_RATE:
		return kbng_parse_rate(text, to);
	case KIND_NAME:
		return kbng_name_parse(w->names, text, to);
	case KIND_TEXT:
		return strlen(text) <= w->max && strcpy(to, text);
	case KIND_BLOB:
		return kbng_parse_blob(text, to);
	case KIND_MAC:
		return kbng_parse_mac(text, to);
	case KIND_ADDR:
		return inet_pton(AF_INET, text, to) == 1;
	case KIND_ADDRS:
	case KIND_ADDRS6:
		return parse_addrs(w, text, object);
	case KIND_ADDR6:
		return inet_pton(AF_INET6, text, to) == 1;
	case KIND_SUBNETS:
		return parse_subnets(w, text, object);
	case KIND_PREFIXES:
		return parse_prefixes(text, to);
	case KIND_IFINDEX:
		return parse_ifindex(text, to);
	default:
		return false;
	}
}

static void append(char *error, const char *text)
{
	size_t len = strlen(error);

	snprintf(error + len, WORDS_ERROR_MAX - len, " %s", text);
}

static bool refuse_word(const struct word *words, const char *key, char *error)
{
	snprintf(error, WORDS_ERROR_MAX, "unknown word `%.64s', known are",
		 key);
	for (; words->key; words++)
		append(error, words->key);
	return false;
}

static bool refuse_value(const struct word *w, const char *text,
			 const void *object, char *error)
{
	size_t i;

	snprintf(error, WORDS_ERROR_MAX, "%s: `%.64s' is not %s", w->key, text,
		 hints[w->kind]);
	if (w->kind == KIND_NUMBER || w->kind == KIND_SECONDS)
		snprintf(error, WORDS_ERROR_MAX,
			 "%s: `%.64s' is not %s from %u to %u", w->key, text,
			 hints[w->kind], w->min, w->max ? w->max : UINT32_MAX);
	if (w->kind == KIND_TEXT)
		snprintf(error, WORDS_ERROR_MAX, "%s: longer than %u octets",
			 w->key, w->max);
	if ((w->kind == KIND_ADDRS || w->kind == KIND_ADDRS6 ||
	     w->kind == KIND_SUBNETS) &&
	    *FLAG_OF(const unsigned int, object, w->flag) == w->max)
		snprintf(error, WORDS_ERROR_MAX,
			 "%s is given more than %u times", w->key, w->max);
	for (i = 0; w->kind == KIND_NAME && i < w->names->count; i++)
		if (w->names->name[i])
			append(error, w->names->name[i]);
	return false;
}

bool words_parse(const struct word *words, int argc, char **argv, void *object,
		 char *error)
{
	const struct word *w;
	uint64_t seen = 0;
	int i;

	for (i = 0; i < argc; i += 2) {
		w = words_find(words, argv[i]);
		if (!w)
			return refuse_word(words, argv[i], error);
		if (i + 1 == argc) {
			snprintf(error, WORDS_ERROR_MAX, "%s needs a value: %s",
				 w->key, w->help);
			return false;
		}
		if (seen & 1ull << (w - words) && !is_repeated(w->kind)) {
			snprintf(error, WORDS_ERROR_MAX, "%s is given twice",
				 w->key);
			return false;
		}
		if (!parse_value(w, argv[i + 1], object))
			return refuse_value(w, argv[i + 1], object, error);
		seen |= 1ull << (w - words);
		if (w->flag && !is_repeated(w->kind))
			*FLAG_OF(bool, object, w->flag) = true;
	}
	for (w = words; w->key; w++) {
		if (w->mandatory && !(seen & 1ull << (w - words))) {
			snprintf(error, WORDS_ERROR_MAX, "%s is missing: %s",
				 w->key, w->help);
			return false;
		}
	}
	return true;
}

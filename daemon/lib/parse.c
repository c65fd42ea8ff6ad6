// SPDX-License-Identifier: GPL-2.0-or-later
#include "parse.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/** struct unit - a word behind a number and what it multiplies by */
struct unit {
	const char *word;
	uint64_t factor;
};

static const struct unit rate_prefixes[] = {
	{ "", 1 },
	{ "k", 1000 },
	{ "m", 1000000 },
	{ "g", 1000000000 },
	{ "t", 1000000000000 },
	{ NULL, 0 },
};

static const struct unit octet_units[] = {
	{ "", 1 },
	{ "b", 1 },
	{ "k", 1024 },
	{ "kib", 1024 },
	{ "m", 1024 * 1024 },
	{ "mib", 1024 * 1024 },
	{ "g", 1024 * 1024 * 1024 },
	{ "gib", 1024 * 1024 * 1024 },
	{ NULL, 0 },
};

static const struct unit time_units[] = {
	{ "", 1 },
	{ "s", 1 },
	{ "m", 60 },
	{ "h", 3600 },
	{ "d", 86400 },
	{ NULL, 0 },
};

bool kbng_parse_number(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *text - '0', &n) || n > max)
			return false;
	}
	*value = n;
	return true;
}

/*
 * Read "12" or "12.5", then one of @units, case ignored, then nothing. Decimals
 * below one unit are refused: 0.5 of an octet is a mistake.
 */
static bool parse_scaled(const char *text, const char *end,
			 const struct unit *units, uint64_t *value)
{
	const char *point = NULL;
	const char *p = text;
	uint64_t digits = 0;
	uint64_t scale = 1;

	for (; p < end && (isdigit((unsigned char)*p) || (*p == '.' && !point));
	     p++) {
		if (*p == '.') {
			point = p;
			continue;
		}
		if (__builtin_mul_overflow(digits, 10, &digits) ||
		    __builtin_add_overflow(digits, *p - '0', &digits) ||
		    (point && __builtin_mul_overflow(scale, 10, &scale)))
			return false;
	}
	if (p == text || p[-1] == '.' || *text == '.')
		return false;
	if (p < end && *p == ' ')
		p++;

	for (; units->word; units++)
		if (strlen(units->word) == (size_t)(end - p) &&
		    !strncasecmp(p, units->word, end - p))
			break;
	if (!units->word ||
	    __builtin_mul_overflow(digits, units->factor, &digits) ||
	    digits % scale)
		return false;
	*value = digits / scale;
	return true;
}

bool kbng_parse_rate(const char *text, uint64_t *bps)
{
	static const char *const tails[] = { "bit/s", "bit", "bps" };
	size_t len = strlen(text);
	uint64_t value;
	unsigned int i;

	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		size_t tail = strlen(tails[i]);

		if (len > tail && !strcasecmp(text + len - tail, tails[i])) {
			len -= tail;
			break;
		}
	}
	if (!parse_scaled(text, text + len, rate_prefixes, &value))
		return false;
	if (value && (value < KBNG_RATE_MIN || value > KBNG_RATE_MAX))
		return false;
	*bps = value;
	return true;
}

bool kbng_parse_octets(const char *text, uint64_t max, uint64_t *octets)
{
	uint64_t value;

	if (!parse_scaled(text, text + strlen(text), octet_units, &value) ||
	    value > max)
		return false;
	*octets = value;
	return true;
}

bool kbng_parse_duration(const char *text, uint64_t max, uint64_t *seconds)
{
	uint64_t value;

	if (!parse_scaled(text, text + strlen(text), time_units, &value) ||
	    value > max)
		return false;
	*seconds = value;
	return true;
}

static int parse_hex_digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	if (isxdigit((unsigned char)c))
		return tolower((unsigned char)c) - 'a' + 10;
	return -1;
}

/* Read two hexadecimal digits at @text; -1 if they are not. */
static int parse_hex_octet(const char *text)
{
	int high = parse_hex_digit(text[0]);
	int low = high < 0 ? -1 : parse_hex_digit(text[1]);

	return low < 0 ? -1 : high << 4 | low;
}

bool kbng_parse_mac(const char *text, uint8_t *mac)
{
	uint8_t out[KBNG_MAC_LEN];
	unsigned int i;

	for (i = 0; i < sizeof(out); i++) {
		int digit = parse_hex_digit(*text);

		if (digit < 0)
			return false;
		out[i] = digit;
		digit = parse_hex_digit(*++text);
		if (digit >= 0) {
			out[i] = out[i] << 4 | digit;
			text++;
		}
		if (i < sizeof(out) - 1 && *text != ':' && *text != '-')
			return false;
		if (i < sizeof(out) - 1)
			text++;
	}
	if (*text)
		return false;
	memcpy(mac, out, sizeof(out));
	return true;
}

/* An address of @family, and perhaps the length of a prefix in @bits. */
static bool parse_net(const char *text, int family, void *to, uint64_t *bits)
{
	const char *slash = strchr(text, '/');
	char addr[INET6_ADDRSTRLEN];
	size_t n;

	n = slash ? (size_t)(slash - text) : strlen(text);
	if (n >= sizeof(addr))
		return false;
	memcpy(addr, text, n);
	addr[n] = '\0';
	return inet_pton(family, addr, to) == 1 &&
	       (!slash || kbng_parse_number(slash + 1, *bits, bits));
}

bool kbng_is_address(const char *text)
{
	struct in6_addr addr;

	return inet_pton(AF_INET, text, &addr) == 1 ||
	       inet_pton(AF_INET6, text, &addr) == 1;
}

bool kbng_parse_prefix(const char *text, struct kbng_prefix *prefix)
{
	struct kbng_prefix out = { .kind = KBNG_PREFIX_STATIC };
	uint64_t len = 128, len4 = 32;

	if (parse_net(text, AF_INET, &out.addr.s6_addr[12], &len4)) {
		memset(&out.addr.s6_addr[10], 0xff, 2);
		len = 96 + len4;
	} else if (!parse_net(text, AF_INET6, &out.addr, &len)) {
		return false;
	}
	out.len = len;
	*prefix = out;
	return true;
}

bool kbng_parse_subnet(const char *text, struct kbng_subnet *subnet)
{
	struct kbng_subnet out = { 0 };
	uint64_t len = 32;

	if (!parse_net(text, AF_INET, &out.addr, &len))
		return false;
	out.len = len;
	*subnet = out;
	return true;
}

bool kbng_parse_uuid(const char *text, uint8_t *uuid)
{
	uint8_t out[KBNG_UUID_LEN];
	unsigned int i;

	for (i = 0; i < sizeof(out); i++, text += 2) {
		int octet;

		if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
			return false;
		octet = parse_hex_octet(text);
		if (octet < 0)
			return false;
		out[i] = octet;
	}
	if (*text)
		return false;
	memcpy(uuid, out, sizeof(out));
	return true;
}

int kbng_parse_hex(const char *text, void *out, size_t size)
{
	uint8_t *octets = out;
	size_t n;

	for (n = 0; text[2 * n]; n++) {
		int octet = n < size ? parse_hex_octet(text + 2 * n) : -1;

		if (octet < 0)
			return -1;
		octets[n] = octet;
	}
	return n;
}

bool kbng_parse_blob(const char *text, struct kbng_blob *blob)
{
	size_t len = strlen(text);
	struct kbng_blob out = { 0 };
	int n;

	if (text[0] == '0' && (text[1] | 0x20) == 'x') {
		n = kbng_parse_hex(text + 2, out.data, sizeof(out.data));
		if (n <= 0)
			return false;
		out.len = n;
	} else {
		if (!len || len > sizeof(out.data))
			return false;
		memcpy(out.data, text, len);
		out.len = len;
	}
	*blob = out;
	return true;
}

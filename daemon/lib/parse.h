/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text as values: the way back from fmt.h, and what people type.
 *
 * Functions return false for anything but exactly one value within its limits,
 * and then leave the result alone.
 */
#ifndef KBNG_PARSE_H
#define KBNG_PARSE_H

#include "model.h"

/* Decimal digits only, up to @max. */
bool kbng_parse_number(const char *text, uint64_t max, uint64_t *value);
/*
 * A bit rate: a decimal number with an optional k, M, G or T (powers of 1000,
 * any case) and an optional "bit", "bit/s" or "bps": 64k, 2.5Gbit, 10 Mbit/s.
 * 0 is no limit; others lie in KBNG_RATE_MIN to KBNG_RATE_MAX.
 */
bool kbng_parse_rate(const char *text, uint64_t *bps);
/* A count of octets: 15000, 64KiB, 1.5MiB; k, M and G are powers of 1024. */
bool kbng_parse_octets(const char *text, uint64_t max, uint64_t *octets);
/* A time: 90, 90s, 15m, 12h, 7d. */
bool kbng_parse_duration(const char *text, uint64_t max, uint64_t *seconds);
/* Six groups of one or two hexadecimal digits with ':' or '-' between. */
bool kbng_parse_mac(const char *text, uint8_t *mac);
/* Whether @text is an IPv4 or IPv6 address: nothing that would be looked up. */
bool kbng_is_address(const char *text);
/*
 * 2001:db8:1::/56; without a length, all 128 bits. 10.1.0.0/24 is an IPv4
 * network behind a session, mapped: kbng_is_route4().
 */
bool kbng_parse_prefix(const char *text, struct kbng_prefix *prefix);
/* 192.0.2.0/24; without a length, all 32 bits. */
bool kbng_parse_subnet(const char *text, struct kbng_subnet *subnet);
/* 8-4-4-4-12, any case. */
bool kbng_parse_uuid(const char *text, uint8_t *uuid);
/* Pairs of hexadecimal digits into @out. Returns its octets, -1 beyond @size. */
int kbng_parse_hex(const char *text, void *out, size_t size);
/* The inverse of kbng_fmt_blob(): "0x" and digits, or the octets themselves. */
bool kbng_parse_blob(const char *text, struct kbng_blob *blob);

#endif /* KBNG_PARSE_H */

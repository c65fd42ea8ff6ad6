/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values as text; parse.h is the way back.
 *
 * kbng_fmt_*() write into the caller's buffer, always terminate it and return
 * it; what does not fit is cut. KBNG_FMT_SIZE octets hold any result that
 * does not say otherwise. Nothing but printable ASCII ever comes out: octets that a subscriber sent cannot
 * drive a terminal.
 */
#ifndef KBNG_FMT_H
#define KBNG_FMT_H

#include "model.h"

#define KBNG_UUID_TEXT	37	/* octets of a UUID as text, with its NUL */
#define KBNG_MAC_TEXT	18	/* octets of a MAC address as text, with its NUL */
#define KBNG_FMT_SIZE	256

/* @bps bit/s: "50 Mbit/s", two decimals at most, cut rather than rounded. */
char *kbng_fmt_rate(char *buf, size_t size, uint64_t bps);
/* "1.21 GiB". */
char *kbng_fmt_octets(char *buf, size_t size, uint64_t octets);
/* @value for a narrow column: "50M", or with @binary "1.21Gi". */
char *kbng_fmt_short(char *buf, size_t size, uint64_t value, bool binary);
/* @seconds by their two largest units: "3h12m", "45s". */
char *kbng_fmt_duration(char *buf, size_t size, uint64_t seconds);
/* @t s since the epoch, UTC as RFC 3339 has it: "2026-11-22T05:30:00Z". */
char *kbng_fmt_utc(char *buf, size_t size, uint64_t t);
/* "52:54:00:12:34:56", of KBNG_MAC_LEN octets. */
char *kbng_fmt_mac(char *buf, size_t size, const uint8_t *mac);
/* "2001:db8:1::/56"; a single address without its length. */
char *kbng_fmt_prefix(char *buf, size_t size, const struct kbng_prefix *prefix);
/* 192.0.2.0/24 */
char *kbng_fmt_subnet(char *buf, size_t size, const struct kbng_subnet *subnet);
/*
 * Where the line of @s comes in, its NAS-Port-Id: the access device, and the
 * VLAN tags, the outer one first: "acc0", "acc0:100", "acc0:200.7". No device
 * has a colon in its name.
 */
char *kbng_fmt_port(char *buf, size_t size, const struct kbng_session_info *s);
/* Lower-case 8-4-4-4-12, of KBNG_UUID_LEN octets. */
char *kbng_fmt_uuid(char *buf, size_t size, const uint8_t *uuid);
/*
 * The octets themselves where they are printable ASCII, "0x" and hexadecimal
 * digits otherwise. Text that reads like the latter, and "-", the mark of an
 * empty column, come as hexadecimal too: no two blobs look the same.
 */
char *kbng_fmt_blob(char *buf, size_t size, const void *data, size_t len);
/*
 * RADIUS attributes in their wire form (RFC 2865 5), by the names of those that
 * kbng hands on: "Framed-Pool gold, DNS-Server-IPv6-Address 2001:db8::53". Octets
 * that are none come as a blob. Longer than KBNG_FMT_SIZE.
 */
char *kbng_fmt_radius(char *buf, size_t size, const uint8_t *data, size_t len);

#endif /* KBNG_FMT_H */

// SPDX-License-Identifier: GPL-2.0-or-later
#include "fmt.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <string.h>

/*
 * Write @value with a prefix to a power of @base: "1.21" @space "Gi" @unit.
 * Two decimals at most, cut and not rounded: never more than there was.
 */
static char *fmt_scaled(char *buf, size_t size, uint64_t value,
			unsigned int base, const char *space, const char *unit)
{
	const char *prefix = base == 1024 ? " KMGTPE" : " kMGTPE";
	uint64_t divisor = 1;
	unsigned int rest = 0;
	char decimals[4] = "";

	while (value / divisor >= base) {
		divisor *= base;
		prefix++;
	}
	if (divisor > 1)
		rest = (unsigned __int128)(value % divisor) * 100 / divisor;
	if (rest % 10)
		snprintf(decimals, sizeof(decimals), ".%02u", rest % 100);
	else if (rest)
		snprintf(decimals, sizeof(decimals), ".%u", rest / 10 % 10);
	snprintf(buf, size, "%" PRIu64 "%s%s%.*s%s%s", value / divisor,
		 decimals, space, divisor > 1, prefix,
		 divisor > 1 && base == 1024 ? "i" : "", unit);
	return buf;
}

char *kbng_fmt_rate(char *buf, size_t size, uint64_t bps)
{
	return fmt_scaled(buf, size, bps, 1000, " ", "bit/s");
}

char *kbng_fmt_octets(char *buf, size_t size, uint64_t octets)
{
	return fmt_scaled(buf, size, octets, 1024, " ", "B");
}

char *kbng_fmt_short(char *buf, size_t size, uint64_t value, bool binary)
{
	return fmt_scaled(buf, size, value, binary ? 1024 : 1000, "", "");
}

char *kbng_fmt_duration(char *buf, size_t size, uint64_t seconds)
{
	uint64_t minutes = seconds / 60;
	uint64_t hours = minutes / 60;
	uint64_t days = hours / 24;

	if (days)
		snprintf(buf, size, "%" PRIu64 "d%" PRIu64 "h", days,
			 hours % 24);
	else if (hours)
		snprintf(buf, size, "%" PRIu64 "h%" PRIu64 "m", hours,
			 minutes % 60);
	else if (minutes)
		snprintf(buf, size, "%" PRIu64 "m%" PRIu64 "s", minutes,
			 seconds % 60);
	else
		snprintf(buf, size, "%" PRIu64 "s", seconds);
	return buf;
}

char *kbng_fmt_utc(char *buf, size_t size, uint64_t t)
{
	time_t when = t;
	struct tm tm;

	if (!gmtime_r(&when, &tm) ||
	    !strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(buf, size, "%s", "");
	return buf;
}

char *kbng_fmt_mac(char *buf, size_t size, const uint8_t *mac)
{
	snprintf(buf, size, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5]);
	return buf;
}

char *kbng_fmt_prefix(char *buf, size_t size, const struct kbng_prefix *prefix)
{
	char addr[INET6_ADDRSTRLEN];

	if (kbng_is_route4(prefix)) {
		inet_ntop(AF_INET, &prefix->addr.s6_addr[12], addr,
			  sizeof(addr));
		snprintf(buf, size, "%s/%u", addr, prefix->len - 96);
		return buf;
	}
	inet_ntop(AF_INET6, &prefix->addr, addr, sizeof(addr));
	if (prefix->len == 128)
		snprintf(buf, size, "%s", addr);
	else
		snprintf(buf, size, "%s/%u", addr, prefix->len);
	return buf;
}

char *kbng_fmt_subnet(char *buf, size_t size, const struct kbng_subnet *subnet)
{
	char addr[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &subnet->addr, addr, sizeof(addr));
	snprintf(buf, size, "%s/%u", addr, subnet->len);
	return buf;
}

char *kbng_fmt_port(char *buf, size_t size, const struct kbng_session_info *s)
{
	if (s->inner_vlan)
		snprintf(buf, size, "%s:%u.%u", s->ifname, s->vlan,
			 s->inner_vlan);
	else if (s->vlan)
		snprintf(buf, size, "%s:%u", s->ifname, s->vlan);
	else
		snprintf(buf, size, "%s", s->ifname);
	return buf;
}

char *kbng_fmt_uuid(char *buf, size_t size, const uint8_t *u)
{
	snprintf(buf, size,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9],
		 u[10], u[11], u[12], u[13], u[14], u[15]);
	return buf;
}

static bool fmt_is_plain(const uint8_t *octet, size_t len)
{
	size_t i;

	if (len >= 2 && octet[0] == '0' && (octet[1] | 0x20) == 'x')
		return false;
	if (len == 1 && octet[0] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (octet[i] < 0x20 || octet[i] > 0x7e)
			return false;
	return true;
}

char *kbng_fmt_blob(char *buf, size_t size, const void *data, size_t len)
{
	const uint8_t *octet = data;
	size_t at = 2;
	size_t i;

	if (fmt_is_plain(octet, len)) {
		snprintf(buf, size, "%.*s", (int)len,
			 len ? (const char *)data : "");
		return buf;
	}
	snprintf(buf, size, "0x");
	for (i = 0; i < len && at + 2 < size; i++, at += 2)
		snprintf(buf + at, size - at, "%02x", octet[i]);
	return buf;
}

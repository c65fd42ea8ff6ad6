// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>

#include "dictionary.h"
#include "framed.h"
#include "lib/log.h"
#include "radius6.h"
#include "strange.h"
#include "terms.h"

/* What counts, and what need not be said: docs/radius.md. */
static const uint8_t known[] = {
	PW_USER_NAME, PW_SERVICE_TYPE, PW_FRAMED_PROTOCOL,
	PW_FRAMED_IP_ADDRESS, PW_REPLY_MESSAGE, PW_STATE, PW_CLASS,
	PW_SESSION_TIMEOUT, PW_IDLE_TIMEOUT, PW_TERMINATION_ACTION,
	PW_PROXY_STATE, PW_EAP_MESSAGE, PW_MESSAGE_AUTHENTICATOR,
	PW_ACCT_INTERIM_INTERVAL, FRAMED_POOL, CHARGEABLE_USER_IDENTITY,
	FRAMED_ROUTE, FRAMED_IPV6_PREFIX, FRAMED_IPV6_ROUTE, DELEGATED_IPV6_PREFIX,
	FRAMED_IPV6_ADDRESS, FRAMED_IPV6_POOL, DNS_SERVER_IPV6_ADDRESS,
	ROUTE_IPV6_INFORMATION, DELEGATED_IPV6_PREFIX_POOL, STATEFUL_IPV6_ADDRESS_POOL,
};

static bool strange_is_known(uint32_t vendor, uint8_t attribute,
			     const struct policy_rate *rates, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (rates[i].vendor == vendor &&
		    rates[i].attribute == attribute)
			return true;
	if (vendor)
		return vendor == VENDOR_KBNG && attribute == KBNG_WALLED;
	return memchr(known, attribute, sizeof(known));
}

static unsigned int strange_one(struct strange *strange, uint32_t vendor,
				uint8_t attribute)
{
	uint64_t key = (uint64_t)vendor << 8 | attribute;
	unsigned int i;

	for (i = 0; i < strange->n; i++)
		if (strange->told[i] == key)
			return 0;
	if (strange->n == STRANGE_MAX)
		return 0;
	strange->told[strange->n++] = key;
	kbng_notice("attribute of an Access-Accept means nothing here vendor=%u attribute=%u",
		    vendor, attribute);
	return 1;
}

/* Of one Vendor-Specific attribute, RFC 2865 5.26; odd ones by their first. */
static unsigned int strange_vendor(struct strange *strange,
				   const uint8_t *data, size_t len,
				   const struct policy_rate *rates,
				   unsigned int n)
{
	uint32_t vendor;
	unsigned int told = 0;

	if (len < 5)
		return 0;
	vendor = (uint32_t)data[0] << 24 | data[1] << 16 | data[2] << 8 |
		 data[3];
	for (data += 4, len -= 4; len; len -= data[1], data += data[1]) {
		if (!strange_is_known(vendor, data[0], rates, n))
			told += strange_one(strange, vendor, data[0]);
		if (len < 2 || data[1] < 2 || data[1] > len)
			break;
	}
	return told;
}

unsigned int strange_tell(struct strange *strange, const uint8_t *attributes,
			  size_t len, const struct policy_rate *rates,
			  unsigned int n)
{
	unsigned int told = 0;
	const uint8_t *a;

	for (a = attributes; a < attributes + len; a += a[1]) {
		if (a[0] == PW_VENDOR_SPECIFIC)
			told += strange_vendor(strange, a + 2, a[1] - 2, rates,
					       n);
		else if (!strange_is_known(0, a[0], rates, n))
			told += strange_one(strange, 0, a[0]);
	}
	return told;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "dictionary.h"
#include "policy.h"

#define VENDOR_WISPR		14122
#define VENDOR_MIKROTIK		14988

const struct policy_rate policy_default_rates[] = {
	{ VENDOR_KBNG, 1, POLICY_UP, POLICY_KBIT },
	{ VENDOR_KBNG, 2, POLICY_DOWN, POLICY_KBIT },
	{ VENDOR_KBNG, 3, POLICY_UP, POLICY_BURST },
	{ VENDOR_KBNG, 4, POLICY_DOWN, POLICY_BURST },
	{ VENDOR_KBNG, 5, POLICY_BOTH, POLICY_NAME },
	{ VENDOR_KBNG, 7, POLICY_BOTH, POLICY_SHAPER },
	{ VENDOR_KBNG, 8, POLICY_BOTH, POLICY_OVERHEAD },
	{ VENDOR_KBNG, 9, POLICY_BOTH, POLICY_MIN_UNIT },
	{ VENDOR_KBNG, 14, POLICY_BOTH, POLICY_QUOTA },
	{ VENDOR_KBNG, 16, POLICY_BOTH, POLICY_ISOLATED },
	{ VENDOR_WISPR, 7, POLICY_UP, POLICY_BIT },
	{ VENDOR_WISPR, 8, POLICY_DOWN, POLICY_BIT },
	{ VENDOR_MIKROTIK, 8, POLICY_BOTH, POLICY_MIKROTIK },
	{ 0, PW_FILTER_ID, POLICY_BOTH, POLICY_NAME },
};

const unsigned int policy_default_rates_count =
	sizeof(policy_default_rates) / sizeof(policy_default_rates[0]);

/* What has been found so far, with what set it: the first one counts. */
struct found {
	struct kbng_policy *policy;
	bool rate_up, rate_down, burst_up, burst_down, name, shaper;
	bool overhead, min_unit, quota, isolated;
	unsigned int bad;
};

/* A number of 4 or 8 octets, most significant first. */
static bool policy_number(const VALUE_PAIR *vp, uint64_t *value)
{
	uint64_t v = 0;
	uint32_t i;

	if (vp->lvalue != 4 && vp->lvalue != 8)
		return false;
	for (i = 0; i < vp->lvalue; i++)
		v = v << 8 | (uint8_t)vp->strvalue[i];
	*value = v;
	return true;
}

static void policy_set_rate(struct found *f, bool up, uint64_t bps)
{
	bool *seen = up ? &f->rate_up : &f->rate_down;
	uint64_t *rate = up ? &f->policy->rate_up : &f->policy->rate_down;

	if (*seen)
		return;
	*seen = true;
	if (bps && bps < KBNG_RATE_MIN) {
		bps = KBNG_RATE_MIN;
		f->bad++;
	} else if (bps > KBNG_RATE_MAX) {
		bps = KBNG_RATE_MAX;
		f->bad++;
	}
	*rate = bps;
}

static void policy_set_octets(struct found *f, bool *seen, uint32_t *to,
			      uint64_t octets, uint32_t max)
{
	if (*seen)
		return;
	*seen = true;
	if (octets > max) {
		octets = max;
		f->bad++;
	}
	*to = octets;
}

static void policy_set_burst(struct found *f, bool up, uint64_t octets)
{
	policy_set_octets(f, up ? &f->burst_up : &f->burst_down,
			  up ? &f->policy->burst_up : &f->policy->burst_down,
			  octets, UINT32_MAX);
}

/* A name is shown on terminals: printable ASCII or nothing. */
static void policy_set_name(struct found *f, bool *seen, char *name,
			    const VALUE_PAIR *vp)
{
	uint32_t i, len = vp->lvalue;

	if (*seen)
		return;
	if (len > KBNG_NAME_MAX)
		len = KBNG_NAME_MAX;
	for (i = 0; i < len; i++)
		if (vp->strvalue[i] < 0x20 || vp->strvalue[i] > 0x7e) {
			f->bad++;
			return;
		}
	*seen = true;
	memcpy(name, vp->strvalue, len);
	name[len] = '\0';
}

static uint64_t policy_unit_factor(uint32_t unit)
{
	switch (unit) {
	case POLICY_KBIT:
		return 1000;
	case POLICY_MBIT:
		return 1000000;
	case POLICY_OCTET:
		return 8;
	default:
		return 1;
	}
}

static void policy_set_number(struct found *f, const struct policy_rate *rate,
			      uint64_t value)
{
	uint64_t factor = policy_unit_factor(rate->unit);
	bool burst = rate->unit == POLICY_BURST;

	if (rate->unit == POLICY_OVERHEAD) {
		policy_set_octets(f, &f->overhead, &f->policy->overhead, value,
				  UINT8_MAX);
		return;
	}
	if (rate->unit == POLICY_QUOTA) {
		if (!f->quota)
			f->policy->quota = value;
		f->quota = true;
		return;
	}
	if (rate->unit == POLICY_ISOLATED) {
		policy_set_octets(f, &f->isolated, &f->policy->isolated, !!value,
				  1);
		return;
	}
	if (rate->unit == POLICY_MIN_UNIT) {
		policy_set_octets(f, &f->min_unit, &f->policy->min_unit, value,
				  UINT8_MAX);
		return;
	}
	value = value > UINT64_MAX / factor ? UINT64_MAX : value * factor;
	if (rate->direction != POLICY_DOWN)
		burst ? policy_set_burst(f, true, value) :
			policy_set_rate(f, true, value);
	if (rate->direction != POLICY_UP)
		burst ? policy_set_burst(f, false, value) :
			policy_set_rate(f, false, value);
}

static void policy_set(struct found *f, const struct policy_rate *rate,
		       const VALUE_PAIR *vp)
{
	uint64_t up, down, value;

	switch (rate->unit) {
	case POLICY_NAME:
		policy_set_name(f, &f->name, f->policy->name, vp);
		break;
	case POLICY_SHAPER:
		policy_set_name(f, &f->shaper, f->policy->shaper, vp);
		break;
	case POLICY_MIKROTIK:
		if (!policy_parse_mikrotik(vp->strvalue, vp->lvalue, &up,
					   &down)) {
			f->bad++;
			break;
		}
		if (rate->direction != POLICY_DOWN)
			policy_set_rate(f, true, up);
		if (rate->direction != POLICY_UP)
			policy_set_rate(f, false, down);
		break;
	default:
		if (policy_number(vp, &value))
			policy_set_number(f, rate, value);
		else
			f->bad++;
	}
}

unsigned int policy_from_pairs(const struct policy_rate *rates, unsigned int n,
			       VALUE_PAIR *pairs, struct kbng_policy *policy)
{
	memset(policy, 0, sizeof(*policy));
	return policy_update(rates, n, pairs, policy);
}

unsigned int policy_update(const struct policy_rate *rates, unsigned int n,
			   VALUE_PAIR *pairs, struct kbng_policy *policy)
{
	struct found f = { .policy = policy };
	VALUE_PAIR *vp;
	unsigned int i;

	for (i = 0; i < n; i++) {
		vp = rc_avpair_get(pairs, rates[i].attribute, rates[i].vendor);
		if (vp)
			policy_set(&f, &rates[i], vp);
	}
	return f.bad;
}

size_t policy_dictionary(const struct policy_rate *rates, unsigned int n,
			 char *buf, size_t size)
{
	size_t used = 0;
	unsigned int i;
	int len;

	for (i = 0; i < n; i++) {
		const struct policy_rate *r = &rates[i];

		if (r->vendor)
			len = snprintf(buf + used, size - used,
				       "VENDOR rate-%u %u\n"
				       "BEGIN-VENDOR rate-%u\n"
				       "ATTRIBUTE rate-%u-%u %u string\n"
				       "END-VENDOR rate-%u\n",
				       r->vendor, r->vendor, r->vendor,
				       r->vendor, r->attribute, r->attribute,
				       r->vendor);
		else
			len = snprintf(buf + used, size - used,
				       "ATTRIBUTE rate-0-%u %u string\n",
				       r->attribute, r->attribute);
		if (len < 0 || (size_t)len >= size - used)
			return 0;
		used += len;
	}
	return used;
}

/* A number with a suffix of powers of 1000; false if there is none at *@p. */
static bool policy_parse_suffixed(const char **p, const char *end,
				  uint64_t *value)
{
	const char *s = *p;
	uint64_t v = 0, factor = 1;

	if (s == end || *s < '0' || *s > '9')
		return false;
	for (; s < end && *s >= '0' && *s <= '9'; s++) {
		if (v > (UINT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (*s - '0');
	}
	if (s < end && (*s == 'k' || *s == 'K'))
		factor = 1000;
	else if (s < end && (*s == 'm' || *s == 'M'))
		factor = 1000000;
	else if (s < end && (*s == 'g' || *s == 'G'))
		factor = 1000000000;
	if (factor != 1)
		s++;
	if (v > UINT64_MAX / factor)
		return false;
	*value = v * factor;
	*p = s;
	return true;
}

bool policy_parse_mikrotik(const char *text, size_t len, uint64_t *up,
			   uint64_t *down)
{
	const char *p = text, *end = text + len;
	uint64_t rx, tx;

	while (p < end && *p == ' ')
		p++;
	if (!policy_parse_suffixed(&p, end, &rx))
		return false;
	tx = rx;
	if (p < end && *p == '/') {
		p++;
		if (!policy_parse_suffixed(&p, end, &tx))
			return false;
	}
	if (p < end && *p != ' ' && *p != '\0')
		return false;
	*up = rx;
	*down = tx;
	return true;
}

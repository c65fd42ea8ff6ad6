// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: what an Access-Accept grants, from hostile values. radcli's
 * lookup is replaced: every attribute that is asked for has the input as its
 * value.
 */
#include <stdlib.h>
#include <string.h>
#include "../../daemon/kbngd/policy.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static VALUE_PAIR pair = { .type = PW_TYPE_STRING };

VALUE_PAIR *rc_avpair_get(VALUE_PAIR *vp, int attribute, int vendor)
{
	(void)attribute;
	(void)vendor;
	return vp;
}

static void fuzz_rate(uint64_t rate)
{
	if (rate && (rate < KBNG_RATE_MIN || rate > KBNG_RATE_MAX))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_rate mikrotik = { 14988, 8, POLICY_BOTH, POLICY_MIKROTIK };
	struct kbng_policy policy;
	uint64_t up, down;
	char *copy;

	if (size > AUTH_STRING_LEN)
		return 0;
	copy = malloc(size ? size : 1);	/* ends where the value does */
	memcpy(copy, data, size);
	policy_parse_mikrotik(copy, size, &up, &down);
	free(copy);

	memcpy(pair.strvalue, data, size);
	pair.strvalue[size] = '\0';
	pair.lvalue = size;
	policy_from_pairs(&mikrotik, 1, &pair, &policy);
	fuzz_rate(policy.rate_up);
	fuzz_rate(policy.rate_down);
	policy_from_pairs(policy_default_rates, policy_default_rates_count,
			  &pair, &policy);
	fuzz_rate(policy.rate_up);
	fuzz_rate(policy.rate_down);
	if (strlen(policy.name) > KBNG_NAME_MAX)
		abort();
	return 0;
}

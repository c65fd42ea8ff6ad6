// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: a relay's whole path over a hostile message, on the kernel's own
 * files: parse, check option 82, insert ours, parse again, strip it.
 */
#include <stdlib.h>
#include "../../kmod/dhcp.c"
#include "../../kmod/opt82.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_insert(u8 *buf, size_t len, const struct kbng_dhcp *m)
{
	struct kbng_id id = { .len = KBNG_ID_MAX };
	u8 value[KBNG_OPT82_MAX];
	struct kbng_dhcp m2;
	size_t value_len;

	memset(id.data, 'x', sizeof(id.data));
	value_len = kbng_opt82_build(value, &id, &id);
	len = kbng_dhcp_insert_relay(buf, len, len + KBNG_OPT82_MAX + 302, m,
				     value, value_len);
	if (!len || len > KBNG_DHCP_LEN_MAX)
		return;
	if (kbng_dhcp_parse(buf, len, &m2) || m2.relay.len != value_len ||
	    m2.type != m->type || m2.end != m->end + value_len + 2)
		abort();
	if (!kbng_opt82_matches(buf + m2.relay.off, m2.relay.len, &id, &id))
		abort();
	kbng_dhcp_strip_relay(buf, len, &m2);
	if (kbng_dhcp_parse(buf, len, &m2) || m2.relay.len ||
	    m2.end != m->end)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kbng_id id = { .len = 2, .data = "hi" };
	struct kbng_dhcp m;
	u8 *buf;

	if (size > KBNG_DHCP_LEN_MAX + 1)
		return 0;
	/* Parse in a buffer of exactly that size; edit in one with room. */
	buf = malloc(size + KBNG_OPT82_MAX + 302);
	memcpy(buf, data, size);
	if (!kbng_dhcp_parse(data, size, &m)) {
		if (m.hostname.off + m.hostname.len > size)
			abort();
		if (m.relay.len &&
		    kbng_opt82_valid(buf + m.relay.off, m.relay.len))
			kbng_opt82_matches(buf + m.relay.off, m.relay.len, &id,
					   &id);
		if (m.relay.len)
			kbng_dhcp_strip_relay(buf, size, &m);
		else
			fuzz_insert(buf, size, &m);
	}
	free(buf);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: a relay's whole path over a hostile message, on the kernel's own
 * files: parse, join option 82, check it, insert ours, parse again, strip it; ask
 * for an address.
 */
#include <stdlib.h>
#include "../../kmod/dhcp.c"
#include "../../kmod/opt82.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is known of the message afterwards is what another look finds. */
static void fuzz_strip(u8 *buf, size_t len, struct kbng_dhcp *m)
{
	struct kbng_dhcp again;

	kbng_dhcp_strip_relay(buf, len, m);
	if (kbng_dhcp_parse(buf, len, &again) || again.relay.len ||
	    memcmp(m, &again, sizeof(again)))
		abort();
}

/* One of several: the message says the same otherwise. */
static void fuzz_join(u8 *buf, size_t len, struct kbng_dhcp *m)
{
	struct kbng_dhcp was = *m;

	if (kbng_dhcp_join_relay(buf, len, m) == KBNG_STAT_dhcp_opt82_too_long)
		return;
	if (m->relay_split || m->relay.len <= was.relay.len ||
	    m->type != was.type || m->end != was.end ||
	    m->hostname.len != was.hostname.len ||
	    m->client_id.len != was.client_id.len || m->lease != was.lease)
		abort();
	fuzz_strip(buf, len, m);
}

static void fuzz_insert(u8 *buf, size_t len, const struct kbng_dhcp *m)
{
	struct kbng_id id = { .len = KBNG_ID_MAX };
	struct kbng_opt82 opt = {};
	struct kbng_dhcp m2;

	memset(id.data, 'x', sizeof(id.data));
	kbng_opt82_add(&opt, KBNG_OPT82_CIRCUIT_ID, id.data, id.len);
	kbng_opt82_add(&opt, KBNG_OPT82_REMOTE_ID, id.data, id.len);
	len = kbng_dhcp_insert_relay(buf, len, len + KBNG_OPT82_MAX + 302, m,
				     opt.data, opt.len);
	if (!len || len > KBNG_DHCP_LEN_MAX)
		return;
	if (kbng_dhcp_parse(buf, len, &m2) || m2.relay.len != opt.len ||
	    m2.type != m->type || m2.end != m->end + opt.len + 2)
		abort();
	if (!kbng_opt82_matches(buf + m2.relay.off, m2.relay.len, &id, &id))
		abort();
	fuzz_strip(buf, len, &m2);
	if (m2.end != m->end)
		abort();
}

static size_t fuzz_ask(u8 *buf, size_t len, struct kbng_dhcp *m)
{
	const __be32 addr = 0x4d01400a;
	struct kbng_dhcp again;

	len = kbng_dhcp_ask_for(buf, len, len + 302, m, addr);
	if (!len || len > KBNG_DHCP_LEN_MAX)
		return 0;
	if (kbng_dhcp_parse(buf, len, &again) ||
	    memcmp(m, &again, sizeof(again)) ||
	    (m->type == KBNG_DHCP_DISCOVER && m->requested != addr))
		abort();
	return len;
}

/* What an access node sent, and ours behind it. */
static void fuzz_agent(const u8 *relay, size_t len)
{
	struct kbng_id id = { .len = 2, .data = "hi" };
	struct kbng_id circuit;
	struct kbng_line_rates rates;
	struct kbng_id remote;
	struct kbng_opt82 opt = {};

	if (!kbng_opt82_valid(relay, len))
		return;
	kbng_opt82_matches(relay, len, &id, &id);
	kbng_opt82_rates(relay, len, &rates);
	if (!kbng_opt82_ids(relay, len, &circuit, &remote) &&
	    !kbng_opt82_matches(relay, len, &circuit, &remote))
		abort();
	memcpy(opt.data, relay, len);
	opt.len = len;
	kbng_opt82_add(&opt, KBNG_OPT82_CIRCUIT_ID, id.data, id.len);
	kbng_opt82_add(&opt, KBNG_OPT82_REMOTE_ID, id.data, id.len);
	if (!kbng_opt82_valid(opt.data, opt.len) || opt.len < len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kbng_dhcp m;
	u8 *buf;

	if (size > KBNG_DHCP_LEN_MAX + 1)
		return 0;
	/* Parse in a buffer of exactly that size; edit in one with room. */
	buf = malloc(size + KBNG_OPT82_MAX + 604);
	memcpy(buf, data, size);
	if (!kbng_dhcp_parse(data, size, &m)) {
		if (m.hostname.off + m.hostname.len > size ||
		    m.client_id.off + m.client_id.len > size)
			abort();
		if (m.relay_split) {
			fuzz_join(buf, size, &m);
			goto out_free;
		}
		size = fuzz_ask(buf, size, &m);
		if (!size)
			goto out_free;
		if (m.relay.len) {
			fuzz_agent(buf + m.relay.off, m.relay.len);
			fuzz_strip(buf, size, &m);
		} else {
			fuzz_insert(buf, size, &m);
		}
	}
out_free:
	free(buf);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: DHCPv6 messages, bare and wrapped by relays, on the kernel's own file. */
#include <stdlib.h>
#include "../../kmod/dhcp6.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_message(const uint8_t *data, size_t size)
{
	struct kbng_dhcp6 m;
	unsigned int i;

	if (kbng_dhcp6_parse(data, size, &m))
		return;
	if (m.n_leases > KBNG_DHCP6_LEASES_MAX)
		abort();
	for (i = 0; i < m.n_leases; i++)
		if (m.lease[i].len > 128 ||
		    m.lease[i].preferred > m.lease[i].valid ||
		    (!m.lease[i].delegated && m.lease[i].len != 128))
			abort();
}

static void check_within(const uint8_t *p, size_t len, const uint8_t *data,
			 size_t size)
{
	if (p && (p < data || p + len > data + size))
		abort();
}

static void read_node(const struct kbng_dhcp6_relay *r)
{
	struct kbng_id circuit;
	struct kbng_id remote;

	if (kbng_dhcp6_node(r, r->peer, &circuit, &remote))
		return;
	if (!circuit.len || circuit.len > KBNG_ID_MAX ||
	    remote.len > KBNG_ID_MAX ||
	    (r->msg_len && r->msg[0] == KBNG_DHCP6_RELAY_FORW))
		abort();
}

/* As deep as relays may have wrapped it. */
static void read_relay(const uint8_t *data, size_t size,
		       enum kbng_dhcp6_type type, int depth)
{
	struct kbng_dhcp6_relay r;

	if (kbng_dhcp6_unwrap(data, size, type, &r))
		return;
	check_within(r.msg, r.msg_len, data, size);
	check_within(r.interface_id, r.interface_id_len, data, size);
	check_within(r.remote_id, r.remote_id_len, data, size);
	read_node(&r);
	read_message(r.msg, r.msg_len);
	if (depth)
		read_relay(r.msg, r.msg_len, type, depth - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_message(data, size);
	read_relay(data, size, KBNG_DHCP6_RELAY_FORW, 1);
	read_relay(data, size, KBNG_DHCP6_RELAY_REPL, 1);
	return 0;
}

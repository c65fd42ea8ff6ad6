// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: neighbour discovery messages, on the kernel's own file. */
#include <stdlib.h>
#include "../../kmod/nd.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kbng_nd m;

	if (!kbng_nd_parse(data, size, &m))
		return 0;
	if (m.type != KBNG_ND_RS && m.type != KBNG_ND_NS &&
	    m.type != KBNG_ND_NA)
		abort();
	if (!m.target != (m.type == KBNG_ND_RS))
		abort();
	if (m.target && (m.target < data || m.target + 16 > data + size))
		abort();
	if (m.mac && (m.mac < data || m.mac + 6 > data + size))
		abort();
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* A page of leases as Kea's control channel may send it. */
#include "../../daemon/kbngd/lease.c"
#include "../../daemon/lib/parse.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *answer = json_loadb((const char *)data, size, 0, NULL);
	const json_t *json;
	struct lease lease;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(answer, "arguments"),
					   "leases"), i, json) {
		if (!lease_parse(json, &lease))
			continue;
		if (lease.circuit_id.len > KBNG_ID_MAX ||
		    lease.remote_id.len > KBNG_ID_MAX)
			abort();
		lease_left(&lease, i);
	}
	json_decref(answer);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lease as Kea's lease4-get and lease4-get-page tell of it. Pure.
 */
#ifndef KBNGD_LEASE_H
#define KBNGD_LEASE_H

#include <jansson.h>

#include "lib/model.h"

#define LEASE_FOREVER	UINT32_MAX	/* a valid-lft, RFC 2131 3.3 */

/** struct lease - who has an address, and until when */
struct lease {
	struct in_addr addr;
	bool has_mac;			/* else it went by client-id alone */
	uint8_t mac[KBNG_MAC_LEN];
	bool in_use;			/* neither declined nor reclaimed */
	uint64_t bound;			/* s since the epoch, of the last ACK */
	uint32_t valid;			/* s from then on */
	struct kbng_blob circuit_id, remote_id;	/* option 82 of the client */
};

/*
 * Read @json, an element of "leases". False if it is none. Option 82 is there
 * if Kea has store-extended-info; both of its forms are read, the string of
 * Kea up to 2.2 and the map with "sub-options" of later versions.
 */
bool lease_parse(const json_t *json, struct lease *lease);

/* s that are left at @now: 0 if it is over, LEASE_FOREVER if it never is. */
uint32_t lease_left(const struct lease *lease, uint64_t now);

#endif /* KBNGD_LEASE_H */

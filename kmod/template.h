/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Circuit-id and remote-id templates: text with {host}, {ifname}, {mac},
 * {vlan} and {giaddr} in it. Pure.
 */
#ifndef _KBNG_TEMPLATE_H
#define _KBNG_TEMPLATE_H

#include <linux/types.h>
#include "opt82.h"

#define KBNG_TEMPLATE_CIRCUIT_ID	"{host}:{ifname}"
#define KBNG_TEMPLATE_REMOTE_ID		"{mac}"

/**
 * struct kbng_template_values - what the words stand for
 * @host: name of this machine
 * @ifname: access interface
 * @mac: client's MAC address
 * @giaddr: relay agent address
 * @vlan: VLAN id of the access interface, 0 when untagged
 */
struct kbng_template_values {
	const char *host;
	const char *ifname;
	const u8 *mac;
	__be32 giaddr;
	u16 vlan;
};

bool kbng_template_valid(const char *format);
void kbng_template_expand(struct kbng_id *id, const char *format,
			  const struct kbng_template_values *v);

#endif /* _KBNG_TEMPLATE_H */

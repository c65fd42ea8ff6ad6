/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Circuit-id and remote-id templates: text with {host}, {ifname}, {mac},
 * {vlan}, {svlan}, {cvlan}, {giaddr}, {hostname} and {client_id} in it. Pure.
 */
#ifndef _KBNG_TEMPLATE_H
#define _KBNG_TEMPLATE_H

#include <linux/types.h>
#include "opt82.h"

#define KBNG_TEMPLATE_CIRCUIT_ID	"{host}:{ifname}"
#define KBNG_TEMPLATE_CIRCUIT_ID_VLAN	"{host}:{ifname}.{vlan}"
#define KBNG_TEMPLATE_REMOTE_ID		"{mac}"

/**
 * struct kbng_template_values - what the words stand for
 * @host: name of this machine
 * @ifname: access interface
 * @mac: client's MAC address
 * @giaddr: relay agent address
 * @svlan: VID of the outer of two tags, else 0
 * @cvlan: VID of the inner of two tags, or of the only one; 0 when untagged
 * @hostname: the client's name for itself, as it sent it
 * @client_id: the client's identifier
 * @hostname_len: of @hostname, 0: it told none
 * @client_id_len: likewise
 */
struct kbng_template_values {
	const char *host;
	const char *ifname;
	const u8 *mac;
	__be32 giaddr;
	u16 svlan;
	u16 cvlan;
	const u8 *hostname;
	const u8 *client_id;
	u16 hostname_len;
	u16 client_id_len;
};

bool kbng_template_valid(const char *format);
void kbng_template_expand(struct kbng_id *id, const char *format,
			  const struct kbng_template_values *v);

#endif /* _KBNG_TEMPLATE_H */

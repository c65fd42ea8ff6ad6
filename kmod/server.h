/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHCP servers of an iface in fail-over order: which of them answer.
 */
#ifndef _KBNG_SERVER_H
#define _KBNG_SERVER_H

#include <linux/types.h>

struct kbng_iface;
struct kbng_iface_config;

#define KBNG_SERVER_PATIENCE	5	/* s without an answer */
#define KBNG_SERVER_RETRY	30	/* s between looks at a dead one */

/**
 * struct kbng_server - what is known of a server
 * @addr: whom this is about
 * @waiting: it owes an answer
 * @dead: it owed one for too long
 * @since: jiffies of the oldest message that it owes an answer to; of the
 *	newest while it is dead
 */
struct kbng_server {
	__be32 addr;
	bool waiting;
	bool dead;
	unsigned long since;
};

unsigned int kbng_server_choose(struct kbng_iface *iface,
				const struct kbng_iface_config *cfg);
void kbng_server_answered(struct kbng_iface *iface,
			  const struct kbng_iface_config *cfg, __be32 addr);

#endif /* _KBNG_SERVER_H */

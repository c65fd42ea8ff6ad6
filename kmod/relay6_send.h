/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_RELAY6_SEND_H
#define _KBNG_RELAY6_SEND_H

#include "stats.h"

struct kbng_iface;
struct kbng_iface_config;
struct sk_buff;

enum kbng_stat kbng_relay6_send(const struct kbng_iface *iface,
				const struct kbng_iface_config *cfg,
				struct sk_buff *msg);

#endif /* _KBNG_RELAY6_SEND_H */

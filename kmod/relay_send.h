/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_RELAY_SEND_H
#define _KBNG_RELAY_SEND_H

#include "stats.h"

struct kbng_relay_msg;

enum kbng_stat kbng_relay_send(struct kbng_relay_msg *msg);

#endif /* _KBNG_RELAY_SEND_H */

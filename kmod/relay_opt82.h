/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Option 82 of clients' messages.
 */
#ifndef _KBNG_RELAY_OPT82_H
#define _KBNG_RELAY_OPT82_H

#include "stats.h"

struct kbng_relay_msg;

enum kbng_stat kbng_relay_identify(struct kbng_relay_msg *msg);
enum kbng_stat kbng_relay_set_opt82(struct kbng_relay_msg *msg);

#endif /* _KBNG_RELAY_OPT82_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What is in here was in linux/skbuff.h once. */
#ifdef KBNG_HAVE_NET_GSO_H
#include_next <net/gso.h>
#else
#include <linux/skbuff.h>
#endif

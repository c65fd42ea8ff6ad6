/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fq queueing discipline, which holds packets until their departure time.
 */
#ifndef KBNGD_FQ_H
#define KBNGD_FQ_H

#include <stddef.h>
#include <stdint.h>

/*
 * Put fq on the device @ifindex: as its root, or below mq where it has several
 * transmit queues. What is fq already is kept with its packets and only gets
 * our limits: they are high, because the module itself bounds the queue, by
 * delay. A root that somebody else chose is left alone. Returns 0, or -1 and
 * why in @error, of @size octets.
 */
int fq_install(uint32_t ifindex, char *error, size_t size);

#endif /* KBNGD_FQ_H */

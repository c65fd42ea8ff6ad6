/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the machine is: BNG_HEALTH_UPDATE each health_interval.
 */
#ifndef KBNGD_HEALTH_H
#define KBNGD_HEALTH_H

#include "kbngd.h"

struct health;

/* NULL without memory. */
struct health *health_open(struct kbngd *k);
void health_close(struct health *health);

/**
 * struct health_cpu - CPU time since boot, of all processors together
 *
 * In clock ticks. Time of guests is part of user time, waiting for the disk is
 * idle time.
 */
struct health_cpu {
	uint64_t busy, all;
};

/* Read the first line of /proc/stat, @text; false if it is none. */
bool health_cpu_parse(const char *text, struct health_cpu *cpu);

/* Per mille of all processors that were busy between @then and @now. */
unsigned int health_cpu_busy(const struct health_cpu *then,
			     const struct health_cpu *now);

#endif /* KBNGD_HEALTH_H */

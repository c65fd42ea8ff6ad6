// SPDX-License-Identifier: GPL-2.0
#include "stats.h"

static const char * const kbng_stat_names[] = {
#define KBNG_STAT_NAME(name) [KBNG_STAT_##name] = #name,
	KBNG_STATS(KBNG_STAT_NAME)
#undef KBNG_STAT_NAME
};

/**
 * kbng_stat_sum() - what was counted on all CPUs
 * @stats: the namespace's counters
 * @stat: the name
 *
 * Return: a value that is exact once its writers are quiet
 */
u64 kbng_stat_sum(const struct kbng_stats __percpu *stats, enum kbng_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->value[stat]);
	return sum;
}

/**
 * kbng_stat_name() - the name that userspace sees
 * @stat: any value between KBNG_STAT_NONE and __KBNG_STAT_MAX, exclusive
 *
 * Return: the name
 */
const char *kbng_stat_name(enum kbng_stat stat)
{
	return kbng_stat_names[stat];
}

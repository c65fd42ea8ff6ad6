// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "health.h"
#include "timer.h"

struct health {
	struct kbngd *k;
	uv_timer_t timer;
	struct health_cpu cpu;		/* when it was told last */
};

bool health_cpu_parse(const char *text, struct health_cpu *cpu)
{
	uint64_t user, nice, system, idle, wait, irq, soft, steal;

	if (strncmp(text, "cpu ", 4) ||
	    sscanf(text + 4, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
		   &user, &nice, &system, &idle, &wait, &irq, &soft,
		   &steal) != 8)
		return false;
	cpu->busy = user + nice + system + irq + soft + steal;
	cpu->all = cpu->busy + idle + wait;
	return true;
}

unsigned int health_cpu_busy(const struct health_cpu *then,
			     const struct health_cpu *now)
{
	/* The kernel's idle time may step back by a tick. */
	if (now->all <= then->all || now->busy < then->busy)
		return 0;
	if (now->busy - then->busy > now->all - then->all)
		return 1000;
	return (now->busy - then->busy) * 1000 / (now->all - then->all);
}

static bool health_cpu_read(struct health_cpu *cpu)
{
	FILE *stat = fopen("/proc/stat", "re");
	char line[256];
	bool ok;

	if (!stat)
		return false;
	ok = fgets(line, sizeof(line), stat) && health_cpu_parse(line, cpu);
	fclose(stat);
	return ok;
}

static void health_memory_read(struct health_report *report)
{
	FILE *meminfo = fopen("/proc/meminfo", "re");
	uint64_t kib, available = 0;
	char line[128];

	if (!meminfo)
		return;
	while (fgets(line, sizeof(line), meminfo)) {
		if (sscanf(line, "MemTotal: %" SCNu64, &kib) == 1)
			report->mem_max = kib >> 10;
		else if (sscanf(line, "MemAvailable: %" SCNu64, &kib) == 1)
			available = kib >> 10;
	}
	fclose(meminfo);
	report->mem_usage = report->mem_max - available;
}

static void health_count(struct session *s, void *arg)
{
	struct health_report *report = arg;

	report->sessions[s->state]++;
}

static void health_tell(uv_timer_t *timer)
{
	struct health *h = timer->data;
	struct health_report report = { 0 };
	struct health_cpu now;

	if (health_cpu_read(&now)) {
		report.cpu = health_cpu_busy(&h->cpu, &now);
		h->cpu = now;
	}
	health_memory_read(&report);
	table_each(&h->k->sessions, health_count, &report);
	events_health(h->k, &report);	/* the next one makes up */
}

struct health *health_open(struct kbngd *k)
{
	uint64_t ms = k->config->health_interval * 1000ULL;
	struct health *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->k = k;
	health_cpu_read(&h->cpu);
	uv_timer_init(&k->loop, &h->timer);
	h->timer.data = h;
	uv_timer_start(&h->timer, health_tell, ms, ms);
	return h;
}

void health_close(struct health *h)
{
	if (h)
		timer_free(&h->timer);
}

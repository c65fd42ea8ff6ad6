// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <jansson.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "exposition.h"
#include "lib/fmt.h"
#include "lib/names.h"
#include "node.h"
#include "reconcile.h"

#define STATES		(KBNG_STATE_STOPPED + 1)

static void exposition_head(FILE *out, const char *name, const char *type,
			    const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void exposition_value(FILE *out, const char *name, const char *type,
			     const char *help, double value)
{
	exposition_head(out, name, type, help);
	fprintf(out, "%s %.15g\n", name, value);
}

static void exposition_process(FILE *out, const struct kbngd *k)
{
	struct rusage used;
	FILE *statm = fopen("/proc/self/statm", "re");
	unsigned long size, resident = 0;

	if (statm) {
		if (fscanf(statm, "%lu %lu", &size, &resident) != 2)
			resident = 0;
		fclose(statm);
	}
	getrusage(RUSAGE_SELF, &used);
	exposition_value(out, "process_cpu_seconds_total", "counter",
			 "CPU time of kbngd.",
			 used.ru_utime.tv_sec + used.ru_stime.tv_sec +
			 (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
	exposition_value(out, "process_resident_memory_bytes", "gauge",
			 "Resident memory of kbngd.",
			 (double)resident * sysconf(_SC_PAGESIZE));
	exposition_value(out, "process_start_time_seconds", "gauge",
			 "When kbngd started or was reloaded.", k->started);
}

static int exposition_counter(const char *name, uint64_t value, void *arg)
{
	fprintf(arg, "kbng_module_events_total{event=\"%s\"} %" PRIu64 "\n",
		name, value);
	return 0;
}

static void exposition_module(FILE *out, struct kbngd *k)
{
	struct kbng_module_info info;

	exposition_head(out, "kbng_module_events_total", "counter",
			"Counters of the module, by their names.");
	if (kbng_nl_stats(k->nl, 0, &info, exposition_counter, out))
		return;
	exposition_head(out, "kbng_info", "gauge",
			"Versions and names, in the labels.");
	fprintf(out, "kbng_info{version=\"" KBNG_VERSION "\",module_version=\"%s\",bng_id=\"%s\",instance_id=\"%s\"} 1\n",
		info.version, k->config->bng_id, journal_instance(k->journal));
}

/* Sessions by iface and state; ifaces are few. */
struct tally {
	struct {
		uint32_t ifindex;
		unsigned int count[STATES];
	} *iface;
	size_t n;
};

static void exposition_tally(struct session *s, void *arg)
{
	struct tally *t = arg;
	void *more;
	size_t i;

	for (i = 0; i < t->n && t->iface[i].ifindex != s->ifindex; i++)
		;
	if (i == t->n) {
		more = realloc(t->iface, (i + 1) * sizeof(*t->iface));
		if (!more)
			return;
		t->iface = more;
		memset(&t->iface[i], 0, sizeof(*t->iface));
		t->iface[i].ifindex = s->ifindex;
		t->n++;
	}
	t->iface[i].count[s->state]++;
}

static void exposition_sessions(FILE *out, struct kbngd *k)
{
	char name[IF_NAMESIZE];
	struct tally t = { 0 };
	size_t i;
	int state;

	table_each(&k->sessions, exposition_tally, &t);
	exposition_head(out, "kbng_sessions", "gauge",
			"Sessions by access iface and state.");
	for (i = 0; i < t.n; i++)
		for (state = KBNG_STATE_PENDING; state < STATES; state++)
			fprintf(out, "kbng_sessions{iface=\"%s\",state=\"%s\"} %u\n",
				if_indextoname(t.iface[i].ifindex, name) ?
				name : "gone", kbng_name(&kbng_states, state),
				t.iface[i].count[state]);
	free(t.iface);
}

static void exposition_radius(FILE *out, const struct kbngd *k)
{
	int kind, result;

	if (!k->radius)
		return;
	exposition_head(out, "kbng_radius_requests_total", "counter",
			"RADIUS requests that are over, by kind and result.");
	for (kind = 0; kind < RADIUS_KINDS; kind++)
		for (result = 0; result < RADIUS_RESULTS; result++)
			fprintf(out, "kbng_radius_requests_total{kind=\"%s\",result=\"%s\"} %" PRIu64 "\n",
				kbng_name(&radius_kind_names, kind),
				kbng_name(&radius_result_names, result),
				k->radius_results[kind][result]);
}

static void exposition_decisions(FILE *out, const struct kbngd *k)
{
	int decision;

	exposition_head(out, "kbng_decisions_total", "counter",
			"What was decided about sessions, and by whom.");
	for (decision = 0; decision < DECISIONS; decision++)
		fprintf(out, "kbng_decisions_total{decision=\"%s\"} %" PRIu64 "\n",
			kbng_name(&kbng_decisions, decision),
			k->decisions[decision]);
	exposition_value(out, "kbng_provisional_sessions", "gauge",
			 "Active sessions that no server was asked about yet.",
			 k->sessions.provisional);
}

static void exposition_events(FILE *out, const struct kbngd *k)
{
	const char *trouble;

	exposition_value(out, "kbng_events_total", "counter",
			 "Events of this instance that were put into the journal.",
			 journal_next_seq(k->journal) - 1);
	exposition_value(out, "kbng_events_dropped_total", "counter",
			 "Events that a full journal has dropped.",
			 journal_dropped(k->journal));
	exposition_value(out, "kbng_journal_events", "gauge",
			 "Events in the journal: with Redis, those that wait for it.",
			 journal_count(k->journal));
	exposition_value(out, "kbng_journal_events_max", "gauge",
			 "Events at which the journal is full.",
			 k->config->journal.max_events);
	if (!k->redis)
		return;
	exposition_value(out, "kbng_redis_up", "gauge",
			 "1 if Redis takes events, else 0.",
			 redis_is_up(k->redis, &trouble));
	exposition_value(out, "kbng_redis_moves_total", "counter",
			 "Times that another Redis became the one for events.",
			 redis_moves(k->redis));
}

static void exposition_records(FILE *out, const struct kbngd *k)
{
	const struct journal_records *r = journal_records(k->journal);
	uint64_t oldest = journal_record_oldest(k->journal);
	uint64_t now = time(NULL);

	exposition_head(out, "kbng_journal_records", "gauge",
			"Accounting records that no server has taken, by type.");
	fprintf(out, "kbng_journal_records{type=\"start\"} %" PRIu64 "\n"
		"kbng_journal_records{type=\"interim\"} %" PRIu64 "\n"
		"kbng_journal_records{type=\"stop\"} %" PRIu64 "\n"
		"kbng_journal_records{type=\"nas\"} %" PRIu64 "\n",
		r->waiting[JOURNAL_START], r->waiting[JOURNAL_INTERIM],
		r->waiting[JOURNAL_STOP],
		r->waiting[JOURNAL_ON] + r->waiting[JOURNAL_OFF]);
	exposition_value(out, "kbng_journal_records_max", "gauge",
			 "Records at which Interims are dropped, and then Starts and Stops wait in the kernel.",
			 k->config->journal.max_records);
	exposition_value(out, "kbng_journal_records_oldest_seconds", "gauge",
			 "How long ago it was what the oldest record tells.",
			 oldest && oldest < now ? now - oldest : 0);
	exposition_value(out, "kbng_acct_interims_superseded_total", "counter",
			 "Interims that waited and were replaced by a later record.",
			 r->superseded);
	exposition_value(out, "kbng_acct_interims_dropped_total", "counter",
			 "Interims that a full journal has dropped.",
			 r->dropped);
	exposition_value(out, "kbng_acct_refused_total", "counter",
			 "Times that a Start or Stop found no room in the journal.",
			 r->refused);
}

/* What reconcile_status() has, as metrics. */
static const struct {
	const char *key, *name, *type, *help;
} exposition_kea[] = {
	{ "passes", "kbng_reconcile_passes_total", "counter",
	  "Reconciliations with Kea that came to their end." },
	{ "failures", "kbng_reconcile_failures_total", "counter",
	  "Reconciliations that did not." },
	{ "adopted", "kbng_reconcile_adopted_total", "counter",
	  "Leases that were made sessions." },
	{ "corrected", "kbng_reconcile_corrected_total", "counter",
	  "Sessions whose expiry was set to the lease's." },
	{ "ended", "kbng_reconcile_ended_total", "counter",
	  "Sessions that were ended for want of a lease." },
	{ "failed", "kbng_reconcile_refused_total", "counter",
	  "Changes that the module refused." },
	{ "leases", "kbng_reconcile_leases", "gauge",
	  "Leases in the last reconciliation." },
	{ "sessions", "kbng_reconcile_sessions", "gauge",
	  "Sessions that must have a lease, in the last reconciliation." },
	{ "unknown", "kbng_reconcile_unknown_leases", "gauge",
	  "Leases of lines that are not known here." },
	{ "tombstones", "kbng_reconcile_tombstones", "gauge",
	  "Leases of sessions that were ended on purpose." },
	{ "seconds", "kbng_reconcile_duration_seconds", "gauge",
	  "What the last reconciliation took." },
};

static void exposition_reconcile(FILE *out, const struct kbngd *k)
{
	json_t *status = reconcile_status(k->reconcile);
	const char *state;
	size_t i;

	if (!status)
		return;
	state = json_string_value(json_object_get(status, "state"));
	exposition_value(out, "kbng_kea_up", "gauge",
			 "1 if the last reconciliation with Kea succeeded, else 0.",
			 !strcmp(state, "up"));
	for (i = 0; i < sizeof(exposition_kea) / sizeof(*exposition_kea); i++)
		exposition_value(out, exposition_kea[i].name,
				 exposition_kea[i].type, exposition_kea[i].help,
				 json_number_value(json_object_get(status,
							exposition_kea[i].key)));
	json_decref(status);
}

static void exposition_nodes(FILE *out, const struct kbngd *k)
{
	struct nodes_count n = nodes_count(k->nodes);

	exposition_head(out, "kbng_access_nodes", "gauge",
			"Access nodes by what is known of them.");
	fprintf(out, "kbng_access_nodes{state=\"up\"} %u\n"
		"kbng_access_nodes{state=\"down\"} %u\n"
		"kbng_access_nodes{state=\"unknown\"} %u\n", n.up, n.down,
		n.unknown);
}

char *exposition_text(struct kbngd *k, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (!out)
		return NULL;
	exposition_process(out, k);
	exposition_module(out, k);
	exposition_sessions(out, k);
	exposition_radius(out, k);
	exposition_decisions(out, k);
	exposition_events(out, k);
	exposition_records(out, k);
	exposition_reconcile(out, k);
	exposition_nodes(out, k);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

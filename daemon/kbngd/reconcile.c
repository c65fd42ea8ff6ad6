// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kea.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "pass.h"
#include "reconcile.h"
#include "timer.h"

#define PAGE		256		/* leases: 70 KB, 2 ms of Kea's time */
#define RETRY_S		5		/* until the first pass has succeeded */
#define MANY		10		/* sessions that end without a question */
#define LINE_DAYS	90		/* that a line is known without a bind */

/** enum asked - what the answer that comes next is about */
enum asked { ASKED_NOTHING, ASKED_PAGE, ASKED_LEASE };

struct reconcile {
	struct kbngd *k;
	struct kea *kea;
	uv_timer_t timer;
	enum asked asked;
	struct pass pass;		/* unless ASKED_NOTHING */
	struct pass_entry *entry;	/* of ASKED_LEASE */
	uint32_t last;			/* address of the last page, host order */
	uint64_t began;			/* loop time, ns */
	bool force;
	struct control_call *call;	/* that wants the result, or NULL */
	/* So far */
	struct pass_counts total;
	uint64_t passes, failures;
	uint64_t last_time;		/* s since the epoch, of the last pass */
	double last_s;			/* that it took */
	char trouble[160];		/* why the last one failed, or "" */
};

static void reconcile_begin(struct reconcile *r, struct control_call *call,
			    bool dry_run, bool force);

static json_t *reconcile_counts(const struct pass_counts *c)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "leases", (json_int_t)c->leases,
			 "sessions", (json_int_t)c->sessions,
			 "adopted", (json_int_t)c->adopted,
			 "corrected", (json_int_t)c->corrected,
			 "ended", (json_int_t)c->ended,
			 "unknown", (json_int_t)c->unknown,
			 "tombstones", (json_int_t)c->tombstones,
			 "failed", (json_int_t)c->failed);
}

static void reconcile_add(struct pass_counts *total,
			  const struct pass_counts *c)
{
	total->leases = c->leases;
	total->sessions = c->sessions;
	total->unknown = c->unknown;
	total->tombstones = c->tombstones;
	total->adopted += c->adopted;
	total->corrected += c->corrected;
	total->ended += c->ended;
	total->failed += c->failed;
}

static void reconcile_timer(uv_timer_t *timer)
{
	struct reconcile *r = timer->data;

	if (r->asked == ASKED_NOTHING)
		reconcile_begin(r, NULL, false, false);
}

/* The pass is over; the next one comes in time. */
static void reconcile_end(struct reconcile *r)
{
	const struct config_kea *c = r->k->config->kea;
	uint32_t wait = r->passes || c->interval < RETRY_S ? c->interval :
							     RETRY_S;

	r->asked = ASKED_NOTHING;
	r->call = NULL;
	pass_free(&r->pass);
	uv_timer_start(&r->timer, reconcile_timer, wait * 1000ULL, 0);
}

static void reconcile_fail(struct reconcile *r, const char *why)
{
	if (!r->trouble[0])
		kbng_warning("not reconciled with Kea, sessions stay as they are reason=\"%s\"",
			     why);
	snprintf(r->trouble, sizeof(r->trouble), "%s", why);
	r->failures++;
	if (!r->pass.dry_run)
		reconcile_add(&r->total, &r->pass.counts);
	if (r->call)
		control_refuse(r->call, "Kea: %s", why);
	reconcile_end(r);
}

static void reconcile_succeed(struct reconcile *r)
{
	const struct pass_counts *c = &r->pass.counts;
	json_t *answer;

	r->last_s = (uv_hrtime() - r->began) / 1e9;
	if (r->trouble[0])
		kbng_notice("reconciled with Kea again");
	r->trouble[0] = '\0';
	r->last_time = time(NULL);
	if (!r->pass.dry_run) {
		r->passes++;
		reconcile_add(&r->total, c);
		journal_line_prune(r->k->journal,
				   r->last_time - LINE_DAYS * 86400ULL,
				   r->last_time - r->k->config->kea->tombstone);
	}
	if (c->adopted || c->corrected || c->ended)
		kbng_notice("%s adopted=%" PRIu64 " corrected=%" PRIu64 " ended=%" PRIu64 " leases=%" PRIu64 " seconds=%.3f",
			    r->pass.dry_run ? "would reconcile" : "reconciled",
			    c->adopted, c->corrected, c->ended, c->leases,
			    r->last_s);
	if (r->call) {
		answer = reconcile_counts(c);
		json_object_set_new(answer, "seconds", json_real(r->last_s));
		json_object_set_new(answer, "dry_run",
				    json_boolean(r->pass.dry_run));
		json_object_set(answer, "changes", r->pass.changes);
		control_answer(r->call, answer);
	}
	reconcile_end(r);
}

static void reconcile_ask_page(struct reconcile *r)
{
	struct in_addr last = { htonl(r->last) };
	char from[INET_ADDRSTRLEN] = "start";

	if (r->last)
		inet_ntop(AF_INET, &last, from, sizeof(from));
	r->asked = ASKED_PAGE;
	kea_ask(r->kea, json_pack("{s:s, s:{s:s, s:i}}", "command",
				  "lease4-get-page", "arguments", "from", from,
				  "limit", PAGE));
}

/* Ask again about a session whose lease was not in the pages: it is new, say. */
static void reconcile_ask_lease(struct reconcile *r)
{
	char text[INET_ADDRSTRLEN];
	struct in_addr addr;

	r->entry = pass_next(&r->pass);
	if (!r->entry) {
		reconcile_succeed(r);
		return;
	}
	addr.s_addr = htonl(r->entry->addr);
	inet_ntop(AF_INET, &addr, text, sizeof(text));
	r->asked = ASKED_LEASE;
	kea_ask(r->kea, json_pack("{s:s, s:{s:s}}", "command", "lease4-get",
				  "arguments", "ip-address", text));
}

/*
 * All pages were read. A lease database that was lost is no reason to end
 * everybody's session: more than half of them end only if an operator says so.
 */
static void reconcile_leases_done(struct reconcile *r)
{
	size_t n = pass_without_lease(&r->pass);
	char why[128];

	if (n > MANY && n > r->pass.counts.sessions / 2 && !r->force &&
	    !r->pass.dry_run) {
		snprintf(why, sizeof(why),
			 "it has no lease for %zu of %" PRIu64 " sessions: if that is right, kbng reconcile --force",
			 n, r->pass.counts.sessions);
		reconcile_fail(r, why);
		return;
	}
	reconcile_ask_lease(r);
}

static void reconcile_page(struct reconcile *r, int result,
			   const json_t *answer)
{
	const json_t *leases, *json;
	struct lease lease;
	uint32_t last = r->last;
	size_t i;

	leases = json_object_get(json_object_get(answer, "arguments"),
				 "leases");
	if (result == KEA_EMPTY || (leases && !json_array_size(leases))) {
		reconcile_leases_done(r);
		return;
	}
	json_array_foreach(leases, i, json) {
		if (!lease_parse(json, &lease))
			continue;
		if (ntohl(lease.addr.s_addr) > last)
			last = ntohl(lease.addr.s_addr);
		pass_lease(&r->pass, &lease);
	}
	if (last == r->last) {
		reconcile_fail(r, "its pages of leases do not go on");
		return;
	}
	r->last = last;
	reconcile_ask_page(r);
}

static void reconcile_lease(struct reconcile *r, int result,
			    const json_t *answer)
{
	struct lease lease;

	if (result == KEA_OK &&
	    lease_parse(json_object_get(answer, "arguments"), &lease))
		pass_lease(&r->pass, &lease);
	if (r->entry->wants_lease)
		pass_end_session(&r->pass, r->entry);
	reconcile_ask_lease(r);
}

static void reconcile_answered(int result, const json_t *answer,
			       const char *why, void *arg)
{
	struct reconcile *r = arg;

	if (result != KEA_OK && result != KEA_EMPTY)
		reconcile_fail(r, why ? why : "it refused without a reason");
	else if (r->asked == ASKED_PAGE)
		reconcile_page(r, result, answer);
	else
		reconcile_lease(r, result, answer);
}

static void reconcile_begin(struct reconcile *r, struct control_call *call,
			    bool dry_run, bool force)
{
	r->call = call;
	r->force = force;
	r->last = 0;
	r->began = uv_hrtime();
	uv_timer_stop(&r->timer);
	if (pass_begin(&r->pass, r->k, dry_run)) {
		r->pass = (struct pass){ .k = r->k };
		reconcile_fail(r, "out of memory");
		return;
	}
	reconcile_ask_page(r);
}

void reconcile_call(struct kbngd *k, struct control_call *call,
		    const json_t *request)
{
	struct reconcile *r = k->reconcile;

	if (!r)
		control_refuse(call, "the configuration has no kea section");
	else if (r->asked != ASKED_NOTHING)
		control_refuse(call, "kbngd is at it: try again");
	else
		reconcile_begin(r, call, json_is_true(json_object_get(
						 request, "dry_run")),
				json_is_true(json_object_get(request,
							     "force")));
}

void reconcile_stopped(struct kbngd *k, const struct kbng_session_info *s)
{
	if (!k->config->kea)
		return;
	switch (s->terminate_cause) {
	case KBNG_CAUSE_LOST_CARRIER:	/* the lease is over too */
	case KBNG_CAUSE_PORT_ERROR:	/* and may come back */
	case KBNG_CAUSE_ADMIN_REBOOT:
	case KBNG_CAUSE_NAS_ERROR:
		return;
	default:
		journal_line_end(k->journal, s);
	}
}

json_t *reconcile_status(const struct reconcile *r)
{
	char text[KBNG_FMT_SIZE];
	json_t *status;

	if (!r)
		return NULL;
	status = json_pack("{s:s, s:s*, s:I, s:I, s:f}", "state",
			   r->trouble[0] ? "down" :
			   r->passes ? "up" : "not asked yet",
			   "trouble", r->trouble[0] ? r->trouble : NULL,
			   "passes", (json_int_t)r->passes,
			   "failures", (json_int_t)r->failures,
			   "seconds", r->last_s);
	if (r->last_time)
		json_object_set_new(status, "time",
				    json_string(kbng_fmt_utc(text, sizeof(text),
							     r->last_time)));
	json_object_update_new(status, reconcile_counts(&r->total));
	return status;
}

int reconcile_open(struct kbngd *k, struct reconcile **reconcile, char *error,
		   size_t size)
{
	struct reconcile *r;

	if (!k->config->kea)
		return 0;
	r = calloc(1, sizeof(*r));
	if (r)
		r->kea = kea_open(k->config->kea, &k->loop, reconcile_answered,
				  r);
	if (!r || !r->kea) {
		free(r);
		snprintf(error, size, "out of memory");
		return -1;
	}
	r->k = k;
	uv_timer_init(&k->loop, &r->timer);
	r->timer.data = r;
	uv_timer_start(&r->timer, reconcile_timer, 0, 0);
	*reconcile = r;
	return 0;
}

void reconcile_close(struct reconcile *r)
{
	if (!r)
		return;
	kea_close(r->kea);
	if (r->asked != ASKED_NOTHING) {
		if (r->call)
			control_refuse(r->call, "kbngd is ending");
		pass_free(&r->pass);
	}
	timer_free(&r->timer);
}

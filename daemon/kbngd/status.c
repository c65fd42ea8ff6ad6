// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>
#include <unistd.h>

#include "coa_listen.h"
#include "exchange.h"
#include "lib/fmt.h"
#include "lib/names.h"
#include "node.h"
#include "reconcile.h"
#include "status.h"

static json_t *status_daemon(const struct kbngd *k)
{
	char started[KBNG_FMT_SIZE];

	return json_pack("{s:s, s:s, s:s, s:s, s:i}",
			 "version", KBNG_VERSION, "bng_id", k->config->bng_id,
			 "configuration", k->config_path,
			 "started", kbng_fmt_utc(started, sizeof(started),
						 k->started),
			 "pid", (int)getpid());
}

/* NULL if it cannot be asked: it is being unloaded. */
static json_t *status_module(const struct kbngd *k)
{
	struct kbng_module_info info;
	char uuid[KBNG_UUID_TEXT];

	if (kbng_nl_stats(k->nl, 0, &info, NULL, NULL))
		return NULL;
	return json_pack("{s:s, s:s, s:I}", "version", info.version,
			 "instance", kbng_fmt_uuid(uuid, sizeof(uuid),
						   info.instance),
			 "seq", (json_int_t)info.seq);
}

static void status_count(struct session *s, void *arg)
{
	unsigned int *count = arg;

	count[s->state]++;
}

static json_t *status_sessions(const struct kbngd *k)
{
	unsigned int count[KBNG_STATE_STOPPED + 1] = { 0 };
	json_t *sessions = json_object();
	int state;

	table_each((struct table *)&k->sessions, status_count, count);
	for (state = KBNG_STATE_PENDING; state <= KBNG_STATE_STOPPED; state++)
		json_object_set_new(sessions, kbng_name(&kbng_states, state),
				    json_integer(count[state]));
	return sessions;
}

/* Accounting records that no server has taken. */
static json_t *status_records(const struct kbngd *k)
{
	const struct journal_records *r = journal_records(k->journal);
	uint64_t oldest = journal_record_oldest(k->journal);
	char since[KBNG_FMT_SIZE];

	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s*, s:I, s:I, s:I}",
			 "state", r->full ? "full" : r->filling ? "filling" :
								  "ok",
			 "waiting", (json_int_t)r->total,
			 "max_records",
			 (json_int_t)k->config->journal.max_records,
			 "starts", (json_int_t)r->waiting[JOURNAL_START],
			 "interims", (json_int_t)r->waiting[JOURNAL_INTERIM],
			 "stops", (json_int_t)r->waiting[JOURNAL_STOP],
			 "nas", (json_int_t)(r->waiting[JOURNAL_ON] +
					     r->waiting[JOURNAL_OFF]),
			 "oldest", oldest ? kbng_fmt_utc(since, sizeof(since),
							 oldest) : NULL,
			 "superseded", (json_int_t)r->superseded,
			 "dropped", (json_int_t)r->dropped,
			 "refused", (json_int_t)r->refused);
}

static json_t *status_journal(const struct kbngd *k)
{
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:o}",
			 "path", k->config->journal.path,
			 "instance", journal_instance(k->journal),
			 "seq", (json_int_t)journal_next_seq(k->journal) - 1,
			 "events", (json_int_t)journal_count(k->journal),
			 "max_events",
			 (json_int_t)k->config->journal.max_events,
			 "records", status_records(k));
}

static json_t *status_redis(const struct kbngd *k)
{
	const char *trouble;
	bool up;

	if (!k->redis)
		return json_pack("{s:s}", "state", "not configured");
	up = redis_is_up(k->redis, &trouble);
	return json_pack("{s:s, s:s, s:s, s:I, s:s*}",
			 "state", up ? "up" : "down",
			 "address", redis_address(k->redis),
			 "stream", k->config->redis->stream,
			 "moves", (json_int_t)redis_moves(k->redis),
			 "trouble", trouble);
}

static json_t *status_servers(const struct kbngd *k, enum radius_kind kind)
{
	struct exchange *ex = radius_exchange(k->radius, kind);
	json_t *servers = json_array();
	struct exchange_state state;
	unsigned int i;

	for (i = 0; i < ex->n; i++) {
		state = exchange_state(ex, i);
		json_array_append_new(servers,
			json_pack("{s:s, s:i, s:s, s:i, s:s, s:s*, s:I, s:I, s:I}",
				  "address", ex->servers[i].address,
				  "port", (int)ex->servers[i].port,
				  "transport", ex->servers[i].tls ? "tls" :
								    "udp",
				  "weight", (int)ex->servers[i].weight,
				  "state", exchange_is_dead(&state) ? "dead" :
								      "up",
				  "trouble", *state.trouble ? state.trouble :
							      NULL,
				  "asked", (json_int_t)state.asked,
				  "answered", (json_int_t)state.answered,
				  "refused", (json_int_t)state.refused));
	}
	return servers;
}

/* What was decided about sessions since the start. */
static json_t *status_decisions(const struct kbngd *k)
{
	json_t *decisions = json_object();
	int i;

	for (i = 0; i < DECISIONS; i++)
		json_object_set_new(decisions, kbng_name(&kbng_decisions, i),
				    json_integer(k->decisions[i]));
	return decisions;
}

/* NULL without RADIUS. */
static json_t *status_radius(const struct kbngd *k)
{
	if (!k->radius)
		return NULL;
	return json_pack("{s:i, s:o, s:i, s:o, s:I, s:o}",
			 "auth_busy", (int)radius_busy(k->radius, RADIUS_AUTH),
			 "auth_servers", status_servers(k, RADIUS_AUTH),
			 "acct_busy", (int)radius_busy(k->radius, RADIUS_ACCT),
			 "acct_servers", status_servers(k, RADIUS_ACCT),
			 "provisional", (json_int_t)k->sessions.provisional,
			 "decisions", status_decisions(k));
}

/* NULL where nobody may ask. */
static json_t *status_coa(const struct kbngd *k)
{
	static const char *const fates[COA_FATES] = {
		[COA_ACK] = "ack",
		[COA_NAK] = "nak",
		[COA_AGAIN] = "again",
		[COA_STRANGER] = "stranger",
		[COA_MALFORMED] = "malformed",
		[COA_FORGED] = "forged",
		[COA_STALE] = "stale",
		[COA_RATE] = "rate",
	};
	json_t *coa;
	int fate;

	if (!k->coa)
		return NULL;
	coa = json_object();
	for (fate = 0; fate < COA_FATES; fate++)
		json_object_set_new(coa, fates[fate],
				    json_integer(coa_listen_count(k->coa,
								  fate)));
	return coa;
}

static json_t *status_nodes(const struct kbngd *k)
{
	struct nodes_count n = nodes_count(k->nodes);

	return json_pack("{s:i, s:i, s:i}", "up", (int)n.up, "down",
			 (int)n.down, "unknown", (int)n.unknown);
}

void status_call(struct kbngd *k, struct control_call *call,
		 const json_t *request)
{
	(void)request;
	control_answer(call,
		       json_pack("{s:o, s:o*, s:o, s:o, s:o, s:o*, s:o*, s:o*, s:o}",
				 "kbngd", status_daemon(k),
				 "module", status_module(k),
				 "sessions", status_sessions(k),
				 "journal", status_journal(k),
				 "redis", status_redis(k),
				 "radius", status_radius(k),
				 "coa", status_coa(k),
				 "kea", reconcile_status(k->reconcile),
				 "access_nodes", status_nodes(k)));
}

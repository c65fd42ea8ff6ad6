// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth.h"
#include "events.h"
#include "group.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "lib/names.h"
#include "recent.h"
#include "template.h"

#define TEXT_SIZE	(2 + 2 * COOKIE_VALUE_MAX + 1)

static void events_text(json_t *e, const char *key, const char *text)
{
	json_object_set_new(e, key, json_string(text));
}

static void events_number(json_t *e, const char *key, uint64_t value)
{
	json_object_set_new(e, key, json_integer(value));
}

/* Octets as text; absent ones as no field at all. */
static void events_blob(json_t *e, const char *key, const void *data,
			size_t len)
{
	char buf[TEXT_SIZE];

	if (len)
		events_text(e, key, kbng_fmt_blob(buf, sizeof(buf), data, len));
}

static void events_address(json_t *e, const char *key, struct in_addr addr)
{
	char buf[INET_ADDRSTRLEN];

	if (addr.s_addr)
		events_text(e, key, inet_ntop(AF_INET, &addr, buf,
					      sizeof(buf)));
}

/* All of one family in one text, with commas. */
static void events_prefixes(json_t *e, const char *key,
			    const struct kbng_prefixes *list, bool route4)
{
	char buf[KBNG_PREFIXES_MAX * KBNG_FMT_SIZE] = "";
	unsigned int i;
	size_t len;

	for (i = 0; i < list->n; i++) {
		if (kbng_is_route4(&list->prefix[i]) != route4)
			continue;
		len = strlen(buf);
		if (len)
			buf[len++] = ',';
		kbng_fmt_prefix(buf + len, sizeof(buf) - len,
				&list->prefix[i]);
	}
	if (buf[0])
		events_text(e, key, buf);
}

/* RFC 3339, UTC. */
static void events_time(json_t *e, const char *key, time_t t)
{
	char buf[KBNG_FMT_SIZE];

	events_text(e, key, kbng_fmt_utc(buf, sizeof(buf), t));
}

/* When it is told, with counters of this moment. */
static void events_now(json_t *e)
{
	char buf[32], text[64];
	struct timespec ts;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%s.%03uZ", buf,
		 (unsigned int)ts.tv_nsec / 1000000);
	events_text(e, "ts", text);
}

static const char *events_status(enum kbng_state state)
{
	switch (state) {
	case KBNG_STATE_ACTIVE:
		return "ACTIVE";
	case KBNG_STATE_STOPPED:
		return "STOPPED";
	default:
		return "PENDING";
	}
}

/* The NAS's view, as in RFC 2866: input is what the subscriber sent. */
static void events_counters(json_t *e, const struct kbng_session_info *s)
{
	events_number(e, "input_octets", s->up.octets4 + s->up.octets6);
	events_number(e, "output_octets", s->down.octets4 + s->down.octets6);
	events_number(e, "input_packets", s->up.packets4 + s->up.packets6);
	events_number(e, "output_packets",
		      s->down.packets4 + s->down.packets6);
	events_number(e, "input_octets_v4", s->up.octets4);
	events_number(e, "input_octets_v6", s->up.octets6);
	events_number(e, "output_octets_v4", s->down.octets4);
	events_number(e, "output_octets_v6", s->down.octets6);
	events_number(e, "input_packets_v4", s->up.packets4);
	events_number(e, "input_packets_v6", s->up.packets6);
	events_number(e, "output_packets_v4", s->down.packets4);
	events_number(e, "output_packets_v6", s->down.packets6);
	events_number(e, "input_drops", s->up.drops);
	events_number(e, "output_drops", s->down.drops);
}

/* The fields that every event has. */
static json_t *events_head(struct kbngd *k, const char *type)
{
	json_t *e = json_object();

	events_text(e, "bng_id", k->config->bng_id);
	events_text(e, "instance_id", journal_instance(k->journal));
	events_number(e, "seq", journal_next_seq(k->journal));
	events_text(e, "event_type", type);
	events_now(e);
	return e;
}

/* The fields that every event of a session has. */
static json_t *events_new(struct kbngd *k, const char *type,
			  const struct kbng_session_info *s, const void *user,
			  size_t user_len)
{
	json_t *e = events_head(k, type);
	char buf[KBNG_FMT_SIZE];

	json_object_set(e, "session_last_update", json_object_get(e, "ts"));
	events_text(e, "session_id", kbng_fmt_uuid(buf, sizeof(buf), s->uuid));
	events_text(e, "status", events_status(s->state));
	events_text(e, "mac_address", kbng_fmt_mac(buf, sizeof(buf), s->mac));
	events_address(e, "ip_address", s->addr);
	events_prefixes(e, "ipv6_prefixes", &s->prefixes, false);
	events_prefixes(e, "ipv4_routes", &s->prefixes, true);
	events_text(e, "ifname", s->ifname);
	if (s->vlan)
		events_number(e, "vlan", s->vlan);
	if (s->inner_vlan)
		events_number(e, "inner_vlan", s->inner_vlan);
	events_blob(e, "circuit_id", s->circuit_id.data, s->circuit_id.len);
	events_blob(e, "remote_id", s->remote_id.data, s->remote_id.len);
	events_blob(e, "hostname", s->hostname.data, s->hostname.len);
	events_blob(e, "username", user, user_len);
	events_address(e, "nas_ip", k->config->nas.addr);
	if (s->started)
		events_time(e, "session_start", s->started);
	events_number(e, "session_time", s->time);
	events_counters(e, s);
	return e;
}

/* The fields of a session that is, or was, active. */
static json_t *events_authorised(struct kbngd *k, const char *type,
				 const struct kbng_session_info *s,
				 const struct cookie *c)
{
	json_t *e = events_new(k, type, s, c->username.data, c->username.len);

	events_text(e, "auth_state", c->decision == DECISION_WALLED ?
				     "WALLED" : "AUTHORIZED");
	return e;
}

static void events_policy(json_t *e, const char *result, enum decision decision,
			  const struct kbng_policy *p)
{
	events_text(e, "result", result);
	events_text(e, "decision", kbng_name(&kbng_decisions, decision));
	if (!p)
		return;
	if (p->name[0])
		events_text(e, "policy_name", p->name);
	events_number(e, "rate_up", p->rate_up);
	events_number(e, "rate_down", p->rate_down);
	events_number(e, "burst_up", p->burst_up);
	events_number(e, "burst_down", p->burst_down);
}

/* Into the journal; takes @e. */
static void events_append(struct kbngd *k, json_t *e)
{
	char *body = json_dumps(e, JSON_COMPACT | JSON_REAL_PRECISION(4));

	if (body) {
		recent_add(k->recent, journal_next_seq(k->journal), body);
		journal_append(k->journal, body);
	} else {
		kbng_error("event lost: out of memory");
	}
	free(body);
	json_decref(e);
}

static int events_commit(struct kbngd *k)
{
	if (journal_commit(k->journal))
		return -1;
	group_then(k->group, GROUP_EVENTS);
	return 0;
}

static bool events_remember(const struct kbngd *k)
{
	return k->config->radius && config_decides(k->config, DECISION_LAST);
}

/* What a server grants now is what holds when none answers. */
static void events_known(struct kbngd *k, const struct kbng_session_info *s,
			 const struct cookie *c)
{
	struct journal_known known = {
		.policy = s->policy,
		.prefixes = s->prefixes,
		.terms = s->terms,
		.radius6 = s->radius6,
		.username = c->username,
		.interim = c->interim,
		.idle = c->idle,
	};
	char name[TEMPLATE_MAX + 1];
	uint64_t now = time(NULL);

	auth_username(k, s, name);
	if (c->decision == DECISION_ACCEPT)
		journal_known_set(k->journal, name, &known, now,
				  now - k->config->radius->remember);
	else if (c->decision == DECISION_WALLED)
		journal_known_forget(k->journal, name);
}

int events_accepted(struct kbngd *k, const struct kbng_session_info *s,
		    const struct cookie *c)
{
	json_t *e;

	journal_begin(k->journal);
	e = events_authorised(k, "POLICY_APPLY", s, c);
	events_policy(e, "accept", c->decision,
		      s->has_policy ? &s->policy : NULL);
	events_append(k, e);
	if (events_remember(k))
		events_known(k, s, c);
	if (journal_session_get(k->journal, s->uuid) == JOURNAL_UNKNOWN) {
		e = events_authorised(k, "SESSION_START", s, c);
		events_append(k, e);
		journal_session_set(k->journal, s->uuid, JOURNAL_STARTED);
	}
	if (k->config->kea)
		journal_line_set(k->journal, s);
	return events_commit(k);
}

int events_rejected(struct kbngd *k, const struct kbng_session_info *s,
		    const char *username)
{
	json_t *e;

	journal_begin(k->journal);
	e = events_new(k, "POLICY_APPLY", s, username, strlen(username));
	events_text(e, "auth_state", "REJECTED");
	events_policy(e, "reject", DECISION_BLOCK, NULL);
	events_append(k, e);
	if (events_remember(k))
		journal_known_forget(k->journal, username);
	return events_commit(k);
}

int events_update(struct kbngd *k, const struct kbng_session_info *s,
		  const struct cookie *c)
{
	char name[TEMPLATE_MAX + 1];
	json_t *e;

	journal_begin(k->journal);
	e = events_authorised(k, "SESSION_UPDATE", s, c);
	events_append(k, e);
	if (c->decision == DECISION_ACCEPT && events_remember(k)) {
		auth_username(k, s, name);
		journal_known_touch(k->journal, name, time(NULL));
	}
	return events_commit(k);
}

int events_stopped(struct kbngd *k, const struct kbng_session_info *s,
		   const struct cookie *c)
{
	json_t *e;

	journal_begin(k->journal);
	e = events_authorised(k, "SESSION_STOP", s, c);
	events_time(e, "session_end", s->stopped);
	events_text(e, "terminate_cause",
		    kbng_name(&kbng_causes, s->terminate_cause));
	events_append(k, e);
	journal_session_set(k->journal, s->uuid, JOURNAL_STOPPED);
	return events_commit(k);
}

int events_health(struct kbngd *k, const struct health_report *r)
{
	char key[32];
	json_t *e;
	int state;

	journal_begin(k->journal);
	e = events_head(k, "BNG_HEALTH_UPDATE");
	json_object_set_new(e, "cpu_usage", json_real(r->cpu / 10.0));
	events_number(e, "mem_usage", r->mem_usage);
	events_number(e, "mem_max", r->mem_max);
	for (state = KBNG_STATE_PENDING; state <= KBNG_STATE_STOPPED; state++) {
		snprintf(key, sizeof(key), "sessions_%s",
			 kbng_name(&kbng_states, state));
		events_number(e, key, r->sessions[state]);
	}
	events_address(e, "nas_ip", k->config->nas.addr);
	events_number(e, "events_waiting", journal_count(k->journal));
	events_number(e, "events_dropped", journal_dropped(k->journal));
	events_append(k, e);
	return events_commit(k);
}

int events_node(struct kbngd *k, const struct journal_node *n)
{
	json_t *e;

	journal_begin(k->journal);
	e = events_head(k, "ROUTER_UPDATE");
	events_text(e, "router_name", n->name);
	json_object_set_new(e, "is_alive", json_boolean(n->alive));
	if (n->seen)
		events_time(e, "last_seen", n->seen);
	events_address(e, "router_ip", n->addr);
	if (n->ifname[0])
		events_text(e, "ifname", n->ifname);
	events_blob(e, "remote_id", n->remote_id.data, n->remote_id.len);
	events_blob(e, "relay_id", n->relay_id.data, n->relay_id.len);
	events_address(e, "nas_ip", k->config->nas.addr);
	events_append(k, e);
	journal_node_set(k->journal, n);
	return events_commit(k) || journal_flush(k->journal) ? -1 : 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/fmt.h"
#include "lib/log.h"
#include "pass.h"

#define CHANGES_MAX	100		/* shown; all are counted */
#define EXPIRY_SLACK	10		/* s: clocks and answers take time */
#define TOMBSTONE_SLACK	60		/* s that Kea's clock may be ahead */

/* Is @server one that the control channel speaks for? */
static bool pass_speaks_for(const struct config_kea *c, struct in_addr server)
{
	struct in_addr addr;
	uint32_t i;

	for (i = 0; i < c->servers_count; i++)
		if (inet_pton(AF_INET, c->servers[i], &addr) == 1 &&
		    addr.s_addr == server.s_addr)
			return true;
	return !c->servers_count && server.s_addr;
}

static void pass_note(struct session *s, void *arg)
{
	struct pass *p = arg;
	struct pass_entry *e = &p->entries[p->n];

	if (s->state == KBNG_STATE_STOPPED || !s->addr.s_addr)
		return;
	e->addr = ntohl(s->addr.s_addr);
	e->wants_lease = pass_speaks_for(p->k->config->kea, s->server);
	memcpy(e->uuid, s->uuid, KBNG_UUID_LEN);
	p->counts.sessions += e->wants_lease;
	p->n++;
}

static int pass_compare(const void *a, const void *b)
{
	uint32_t x = ((const struct pass_entry *)a)->addr;
	uint32_t y = ((const struct pass_entry *)b)->addr;

	return (x > y) - (x < y);
}

int pass_begin(struct pass *p, struct kbngd *k, bool dry_run)
{
	memset(p, 0, sizeof(*p));
	p->k = k;
	p->dry_run = dry_run;
	p->entries = calloc(k->sessions.n + 1, sizeof(*p->entries));
	p->changes = json_array();
	if (!p->entries || !p->changes) {
		pass_free(p);
		return -1;
	}
	table_each(&k->sessions, pass_note, p);
	qsort(p->entries, p->n, sizeof(*p->entries), pass_compare);
	return 0;
}

void pass_free(struct pass *p)
{
	free(p->entries);
	json_decref(p->changes);
}

static void pass_tell(struct pass *p, const char *what, struct in_addr addr,
		      const uint8_t *mac)
{
	char text[INET_ADDRSTRLEN], from[KBNG_MAC_TEXT];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	kbng_fmt_mac(from, sizeof(from), mac);
	if (!p->dry_run)
		kbng_info("reconciled: %s address=%s mac=%s", what, text, from);
	if (json_array_size(p->changes) < CHANGES_MAX)
		json_array_append_new(p->changes,
				      json_pack("{s:s, s:s, s:s}", "action",
						what, "address", text, "mac",
						from));
}

/* What the kernel refuses has mostly changed meanwhile: the next pass sees. */
static bool pass_done(struct pass *p, int err)
{
	if (!err)
		return true;
	p->counts.failed++;
	kbng_info("not reconciled: %s", kbng_nl_error(p->k->nl));
	return false;
}

/* The server that leased it: the first of the iface's that we speak for. */
static struct in_addr pass_server(const struct kbngd *k, const char *ifname)
{
	const struct config *c = k->config;
	struct in_addr server = { 0 };
	uint32_t i, j;

	for (i = 0; i < c->ifaces_count; i++) {
		if (strcmp(c->ifaces[i].name, ifname))
			continue;
		for (j = 0; j < c->ifaces[i].servers_count; j++)
			if (inet_pton(AF_INET, c->ifaces[i].servers[j],
				      &server) == 1 &&
			    pass_speaks_for(c->kea, server))
				return server;
	}
	return (struct in_addr){ 0 };
}

static void pass_adopt(struct pass *p, const struct lease *lease, uint32_t left)
{
	struct kbng_session_info info = {
		.addr = lease->addr,
		.circuit_id = lease->circuit_id,
		.remote_id = lease->remote_id,
		.has_lease = left != LEASE_FOREVER,
		.lease_time = left,
		.state = KBNG_STATE_PENDING,
	};
	struct kbngd *k = p->k;
	uint64_t ended;

	memcpy(info.mac, lease->mac, KBNG_MAC_LEN);
	if (!lease->has_mac || !journal_line_get(k->journal, &info, &ended)) {
		p->counts.unknown++;
		return;
	}
	if (ended && lease->bound <= ended + TOMBSTONE_SLACK) {
		p->counts.tombstones++;
		return;
	}
	info.ifindex = if_nametoindex(info.ifname);
	info.server = pass_server(k, info.ifname);
	if (!info.ifindex || !info.server.s_addr) {
		p->counts.unknown++;
		return;
	}
	if (!p->dry_run && !pass_done(p, kbng_nl_session_new(k->nl, &info)))
		return;
	p->counts.adopted++;
	pass_tell(p, "adopt", lease->addr, lease->mac);
}

/* Both know of it: the lease says until when. */
static void pass_correct(struct pass *p, struct session *s,
			 const struct lease *lease, uint32_t left)
{
	struct kbng_verdict v = { .lease_time = left };
	uint64_t end = time(NULL) + left, was = s->lease_end;
	bool forever = left == LEASE_FOREVER;

	if (forever ? !was : was && was <= end + EXPIRY_SLACK &&
			     end <= was + EXPIRY_SLACK)
		return;
	if (!p->dry_run &&
	    !pass_done(p, kbng_nl_session_set(p->k->nl, s->uuid, &v)))
		return;
	if (!p->dry_run)
		s->lease_end = forever ? 0 : end;
	p->counts.corrected++;
	pass_tell(p, "correct expiry", lease->addr, s->mac);
}

void pass_lease(struct pass *p, const struct lease *lease)
{
	struct pass_entry key = { .addr = ntohl(lease->addr.s_addr) }, *e;
	uint32_t left = lease_left(lease, time(NULL));
	struct session *s;

	p->counts.leases++;
	if (!lease->in_use)
		return;
	e = bsearch(&key, p->entries, p->n, sizeof(*p->entries), pass_compare);
	s = e ? table_find(&p->k->sessions, e->uuid) : NULL;
	if (!e) {
		if (left)
			pass_adopt(p, lease, left);
	} else if (!s || s->state == KBNG_STATE_STOPPED) {
		e->wants_lease = false;	/* ended since this pass began */
	} else if (e->wants_lease && (!lease->has_mac ||
				      !memcmp(s->mac, lease->mac,
					      KBNG_MAC_LEN))) {
		e->wants_lease = false;
		if (left)		/* else the kernel's timer ends it */
			pass_correct(p, s, lease, left);
	}
}

size_t pass_without_lease(const struct pass *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		n += p->entries[i].wants_lease;
	return n;
}

struct pass_entry *pass_next(struct pass *p)
{
	while (p->at < p->n)
		if (p->entries[p->at++].wants_lease)
			return &p->entries[p->at - 1];
	return NULL;
}

void pass_end_session(struct pass *p, const struct pass_entry *e)
{
	struct session *s = table_find(&p->k->sessions, e->uuid);

	if (!s || s->state == KBNG_STATE_STOPPED)
		return;
	if (!p->dry_run &&
	    !pass_done(p, kbng_nl_session_del(p->k->nl, e->uuid,
					      KBNG_CAUSE_LOST_SERVICE)))
		return;
	p->counts.ended++;
	pass_tell(p, "end", s->addr, s->mac);
}

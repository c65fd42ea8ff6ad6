// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "events.h"
#include "lib/cookie.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "nas.h"
#include "outbox.h"
#include "reconcile.h"
#include "save.h"
#include "saved.h"

#define FRESH_S		900	/* older sessions are nobody's any more */
#define REASONS		10	/* that are told one by one */

struct restoring {
	struct kbngd *k;
	time_t saved, now;
	bool stale;
	unsigned int restored, ended, refused;
};

static void restore_shaper(const struct kbng_shaper_info *s, void *arg)
{
	const struct restoring *r = arg;
	const struct config *c = r->k->config;
	uint32_t i;

	for (i = 0; i < c->shapers_count; i++)
		if (!strcmp(c->shapers[i].info.name, s->name))
			return;		/* as it is configured */
	if (!r->stale && kbng_nl_shaper_set(r->k->nl, s))
		kbng_warning("shaper is not restored shaper=\"%s\": %s",
			     s->name, kbng_nl_error(r->k->nl));
}

static uint32_t restore_minus(uint32_t left, uint32_t gone)
{
	return left > gone ? left - gone : 0;
}

/* @gone seconds later. False: all that was leased to it is over. */
static bool restore_later(struct kbng_session_info *s, uint32_t gone)
{
	struct kbng_prefixes *list = &s->prefixes;
	bool over = false, leased;
	struct kbng_prefix *p;
	unsigned int i, n = 0;

	s->time += gone;
	s->lease_left = restore_minus(s->lease_left, gone);
	if (s->has_lease && !s->lease_left) {
		s->addr.s_addr = 0;
		s->has_lease = false;
		over = true;
	}
	leased = s->addr.s_addr;
	for (i = 0; i < list->n; i++) {
		p = &list->prefix[i];
		p->left = restore_minus(p->left, gone);
		if (p->has_lifetime && !p->left) {
			over = true;
			continue;
		}
		leased |= p->kind != KBNG_PREFIX_STATIC;
		list->prefix[n++] = *p;
	}
	list->n = n;
	list->given = n;
	return leased || !over;
}

/*
 * What the sessions' own kbngd had no time for, or what its end in the module
 * is to the books. What the journal has is not told twice.
 */
static void restore_tell(struct kbngd *k, const struct kbng_session_info *s)
{
	struct cookie cookie;
	unsigned int mark;

	reconcile_stopped(k, s);
	if (!cookie_decode(&cookie, s->cookie, s->cookie_len))
		return;			/* nobody had heard of it */
	mark = journal_session_get(k->journal, s->uuid);
	if (!(mark & JOURNAL_STARTED))
		events_accepted(k, s, &cookie);
	if (!(mark & JOURNAL_STOPPED))
		events_stopped(k, s, &cookie);
	if (k->outbox && !(mark & JOURNAL_ACCT_STARTED))
		outbox_put(k, s, &cookie, JOURNAL_START);
	if (k->outbox && !(mark & JOURNAL_ACCT_STOPPED))
		outbox_put(k, s, &cookie, JOURNAL_STOP);
}

/* It has ended; what the module still has of it goes, unless it lives. */
static void restore_end(struct restoring *r, struct kbng_session_info *s,
			enum kbng_terminate_cause cause)
{
	struct kbng_session_info now;

	if (!kbng_nl_session_get(r->k->nl, s->uuid, &now) &&
	    now.state != KBNG_STATE_STOPPED)
		return;
	if (s->state != KBNG_STATE_STOPPED) {
		s->state = KBNG_STATE_STOPPED;
		s->stopped = r->saved;
		s->terminate_cause = cause;
	}
	restore_tell(r->k, s);
	journal_flush(r->k->journal);
	kbng_nl_session_ack(r->k->nl, s->uuid);
	r->ended++;
}

/* 0 also if it is there already: an earlier try got so far. */
static int restore_make(struct kbngd *k, struct kbng_session_info *s)
{
	int err = kbng_nl_session_restore(k->nl, s);
	int ack;

	if (err != -EEXIST)
		return err;
	ack = kbng_nl_session_ack(k->nl, s->uuid);
	return ack == -EBUSY ? 0 : kbng_nl_session_restore(k->nl, s);
}

static void restore_session(struct kbng_session_info *s, void *arg)
{
	struct kbng_session_info then = *s;
	struct restoring *r = arg;
	char uuid[KBNG_UUID_TEXT];

	if (s->state == KBNG_STATE_STOPPED) {
		restore_end(r, s, 0);
		return;
	}
	if (r->stale) {
		restore_end(r, s, KBNG_CAUSE_ADMIN_REBOOT);
		return;
	}
	if (!restore_later(s, r->now - r->saved)) {
		restore_end(r, &then, KBNG_CAUSE_LOST_CARRIER);
		return;
	}
	s->ifindex = if_nametoindex(s->ifname);
	if (!restore_make(r->k, s)) {
		r->restored++;
		return;
	}
	if (r->refused++ < REASONS)
		kbng_warning("session is not restored, it ends session=%s iface=%s: %s",
			     kbng_fmt_uuid(uuid, sizeof(uuid), s->uuid),
			     s->ifname, kbng_nl_error(r->k->nl));
	restore_end(r, &then, KBNG_CAUSE_NAS_ERROR);
}

/* All of them, each in the end once: then the file goes. */
static int restore_all(struct kbngd *k, const struct saved *saved,
		       const char *path, char *error)
{
	struct restoring r = {
		.k = k,
		.saved = saved->head.time,
		.now = time(NULL),
	};

	if (r.now < r.saved)
		r.now = r.saved;
	r.stale = r.now - r.saved > FRESH_S;
	if (r.stale)
		kbng_warning("sessions were saved too long ago: they end file=%s seconds=%" PRIu64,
			     path, (uint64_t)(r.now - r.saved));
	else if (nas_goes_on(k, saved->head.instance)) {
		snprintf(error, CONFIG_ERROR_SIZE, "saved sessions cannot be restored yet");
		return -1;
	}
	saved_each(saved, restore_shaper, restore_session, &r);
	if (journal_flush(k->journal) || unlink(path)) {
		snprintf(error, CONFIG_ERROR_SIZE, "%.200s cannot be removed, and would be restored again: %s",
			 path, strerror(errno));
		return -1;
	}
	kbng_notice("restored sessions=%u ended=%u refused=%u seconds_away=%" PRIu64,
		    r.restored, r.ended, r.refused,
		    (uint64_t)(r.now - r.saved));
	return 0;
}

int restore(struct kbngd *k, char *error)
{
	char path[4096], why[SAVED_ERROR];
	struct saved saved;
	int err;

	saved_path(k->config->journal.path, path, sizeof(path));
	if (saved_read(path, &saved, why)) {
		kbng_error("saved sessions cannot be read, they are lost file=%s: %s",
			   path, why);
		unlink(path);
		return 0;
	}
	if (!saved.octets)
		return 0;
	err = restore_all(k, &saved, path, error);
	saved_free(&saved);
	return err;
}

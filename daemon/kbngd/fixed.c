// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "fixed.h"
#include "lib/log.h"
#include "timer.h"

#define AGAIN_MS	10000	/* so that who ends one sees it */

struct fixed {
	struct kbngd *k;
	uv_timer_t timer;
	bool told;			/* what failed, once */
};

/* 1: made, 0: was there, or something else has its place, -1: failed. */
static int fixed_make(struct fixed *f, const struct config_session *c)
{
	struct kbng_session_info info;
	int err;

	config_session(c, &info);
	info.ifindex = if_nametoindex(c->iface);
	err = kbng_nl_session_new(f->k->nl, &info);
	if (!err)
		return 1;
	if (err == -EEXIST || err == -EADDRINUSE)
		return 0;
	if (!f->told)
		kbng_warning("a session of the configuration is not made iface=%s mac=%s: %s",
			     c->iface, c->mac, kbng_nl_error(f->k->nl));
	return -1;
}

static void fixed_make_all(uv_timer_t *timer)
{
	struct fixed *f = timer->data;
	const struct config *c = f->k->config;
	uint32_t i, made = 0, failed = 0;
	int result;

	for (i = 0; i < c->sessions_count; i++) {
		result = fixed_make(f, &c->sessions[i]);
		made += result > 0;
		failed += result < 0;
	}
	if (made)
		kbng_info("sessions of the configuration made count=%u", made);
	f->told = failed;
	if (failed)
		uv_timer_start(timer, fixed_make_all, AGAIN_MS, 0);
}

static bool fixed_listed(const struct config *c,
			 const struct config_session *session)
{
	struct kbng_session_info info, other;
	uint32_t i;

	config_session(session, &info);
	for (i = 0; i < c->sessions_count; i++) {
		config_session(&c->sessions[i], &other);
		if (!strcmp(c->sessions[i].iface, session->iface) &&
		    !memcmp(&other, &info, sizeof(info)))
			return true;
	}
	return false;
}

/** struct fixed_search - for the session of an entry */
struct fixed_search {
	uint8_t uuid[KBNG_UUID_LEN];
	bool found;
};

static int fixed_found(const struct kbng_session_info *s, void *arg)
{
	struct fixed_search *search = arg;

	/* Its host has asked by DHCP since: the lease says how long it lasts. */
	if (s->state == KBNG_STATE_STOPPED || s->server.s_addr)
		return 0;
	memcpy(search->uuid, s->uuid, sizeof(search->uuid));
	search->found = true;
	return 0;
}

static bool fixed_end(struct kbngd *k, const struct config_session *c)
{
	struct kbng_session_filter filter = {
		.by_ifindex = true, .by_mac = true, .by_vlan = true,
		.by_inner_vlan = true,
	};
	struct fixed_search search = { .found = false };
	struct kbng_session_info info;

	config_session(c, &info);
	filter.ifindex = if_nametoindex(c->iface);
	memcpy(filter.mac, info.mac, sizeof(filter.mac));
	filter.vlan = info.vlan;
	filter.inner_vlan = info.inner_vlan;
	filter.by_addr = info.addr.s_addr;
	filter.addr = info.addr;
	filter.by_addr6 = info.prefixes.n;
	filter.addr6 = info.prefixes.prefix[0].addr;
	return filter.ifindex &&
	       !kbng_nl_session_dump(k->nl, &filter, fixed_found,
				     &search) &&
	       search.found && !kbng_nl_session_del(k->nl, search.uuid,
						    KBNG_CAUSE_ADMIN_RESET);
}

static void fixed_end_unlisted(struct kbngd *k)
{
	uint32_t i, n = 0;

	for (i = 0; i < k->before->sessions_count; i++)
		if (!fixed_listed(k->config, &k->before->sessions[i]))
			n += fixed_end(k, &k->before->sessions[i]);
	if (n)
		kbng_notice("sessions that the configuration has no more ended count=%u",
			    n);
}

int fixed_open(struct kbngd *k, struct fixed **fixed)
{
	struct fixed *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	f->k = k;
	uv_timer_init(&k->loop, &f->timer);
	f->timer.data = f;
	*fixed = f;
	if (k->before)
		fixed_end_unlisted(k);
	if (k->config->sessions_count)
		fixed_make_all(&f->timer);
	return 0;
}

void fixed_close(struct fixed *f)
{
	if (f)
		timer_free(&f->timer);
}

void fixed_ended(struct fixed *f)
{
	if (f && f->k->config->sessions_count &&
	    !uv_is_active((uv_handle_t *)&f->timer))
		uv_timer_start(&f->timer, fixed_make_all, AGAIN_MS, 0);
}

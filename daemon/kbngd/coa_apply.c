// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "coa_apply.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "lib/parse.h"
#include "session.h"
#include "task.h"
#include "template.h"
#include "trace.h"
#include "verdict.h"

/* The search for the session that is meant. */
struct search {
	struct kbngd *k;
	const struct coa *coa;
	uint32_t user;			/* table_hash() */
	unsigned int n;			/* that fit, up to 2 */
	struct kbng_session_info found;	/* the first */
};

static bool coa_same(const struct coa_octets *value, const void *data,
		     size_t len)
{
	return !value->data ||
	       (value->len == len && !memcmp(value->data, data, len));
}

/* @value as a string; false if it is not one, or too long to be any good. */
static bool coa_text(const struct coa_octets *value, char *text, size_t size)
{
	if (value->len >= size || memchr(value->data, 0, value->len))
		return false;
	memcpy(text, value->data, value->len);
	text[value->len] = '\0';
	return true;
}

static bool coa_is_us(const struct config *c, const struct coa *coa)
{
	return (c->nas.address6 || !coa->nas_address6.data) &&
	       coa_same(&coa->nas_address6, &c->nas.addr6, 16) &&
	       coa_same(&coa->nas_address, &c->nas.addr, 4) &&
	       coa_same(&coa->nas_identifier, c->nas.identifier,
			strlen(c->nas.identifier));
}

static bool coa_fits_user(const struct search *find,
			  const struct kbng_session_info *s)
{
	const struct coa_octets *user = &find->coa->user;
	char name[TEMPLATE_MAX + 1];
	struct cookie cookie;

	if (!user->data)
		return true;
	if (cookie_decode(&cookie, s->cookie, s->cookie_len))
		return coa_same(user, cookie.username.data,
				cookie.username.len);
	auth_username(find->k, s, name);
	return coa_same(user, name, strlen(name));
}

static bool coa_fits_cui(const struct coa_octets *cui,
			 const struct kbng_session_info *s)
{
	struct cookie cookie;

	return !cui->data ||
	       (cookie_decode(&cookie, s->cookie, s->cookie_len) &&
		coa_same(cui, cookie.cui.data, cookie.cui.len));
}

static bool coa_fits_station(const struct coa_octets *station,
			     const struct kbng_session_info *s)
{
	char text[KBNG_MAC_TEXT];
	uint8_t mac[KBNG_MAC_LEN];

	return !station->data ||
	       (coa_text(station, text, sizeof(text)) &&
		kbng_parse_mac(text, mac) && !memcmp(mac, s->mac, sizeof(mac)));
}

static bool coa_fits_port(const struct coa_octets *port,
			  const struct kbng_session_info *s)
{
	char text[KBNG_FMT_SIZE];

	kbng_fmt_port(text, sizeof(text), s);
	return coa_same(port, text, strlen(text));
}

/* Non-zero ends a dump: with two there is nothing left to find out. */
static int coa_try(const struct kbng_session_info *s, void *arg)
{
	struct search *find = arg;
	const struct coa *coa = find->coa;

	if ((s->state == KBNG_STATE_PENDING || s->state == KBNG_STATE_ACTIVE ||
	     s->state == KBNG_STATE_REJECTED) &&
	    coa_same(&coa->address, &s->addr, sizeof(s->addr)) &&
	    coa_fits_port(&coa->port, s) &&
	    coa_fits_station(&coa->station, s) && coa_fits_user(find, s) &&
	    coa_fits_cui(&coa->cui, s) &&
	    !find->n++)
		find->found = *s;
	return find->n > 1;
}

static void coa_try_id(struct search *find)
{
	const struct coa_octets *id = &find->coa->session_id;
	struct kbng_session_info info;
	uint8_t uuid[KBNG_UUID_LEN];
	char text[KBNG_UUID_TEXT];

	if (coa_text(id, text, sizeof(text)) && kbng_parse_uuid(text, uuid) &&
	    !kbng_nl_session_get(find->k->nl, uuid, &info))
		coa_try(&info, find);
}

/*
 * What the kernel can find of a NAS-Port-Id, see kbng_fmt_port(); false if no
 * session has it. Digits that are odd find less, or what coa_try() refuses.
 */
static bool coa_port_filter(const struct coa_octets *port,
			    struct kbng_session_filter *filter)
{
	char text[IF_NAMESIZE + sizeof(":4094.4094") - 1], *colon;

	if (!coa_text(port, text, sizeof(text)))
		return false;
	colon = strchr(text, ':');
	if (colon) {
		*colon = '\0';
		sscanf(colon + 1, "%u.%u", &filter->vlan, &filter->inner_vlan);
	}
	filter->by_vlan = true;
	filter->by_inner_vlan = true;
	filter->by_ifindex = true;
	filter->ifindex = if_nametoindex(text);
	return filter->ifindex;
}

/* The kernel leaves out those that do not fit, as far as it can. */
static void coa_try_dump(struct search *find)
{
	const struct coa *coa = find->coa;
	struct kbng_session_filter filter = { 0 };

	if (coa->address.data) {
		filter.by_addr = true;
		memcpy(&filter.addr, coa->address.data, sizeof(filter.addr));
	}
	if (coa->port.data && !coa_port_filter(&coa->port, &filter))
		return;
	kbng_nl_session_dump(find->k->nl, &filter, coa_try, find);
}

static void coa_try_user(struct session *s, void *arg)
{
	struct search *find = arg;
	struct kbng_session_info info;

	if (s->user == find->user && find->n < 2 && task_get(s, &info) == DONE)
		coa_try(&info, find);
}

/* The narrowest way first; coa_try() looks at all the rest. */
static enum coa_error coa_find(struct search *find)
{
	const struct coa *coa = find->coa;

	if (coa->session_id.data) {
		coa_try_id(find);
	} else if (coa->user.data && !coa->address.data) {
		find->user = table_hash(coa->user.data, coa->user.len);
		table_each(&find->k->sessions, coa_try_user, find);
	} else {
		coa_try_dump(find);
	}
	if (find->n > 1)
		return COA_MULTIPLE_SESSIONS;
	return find->n ? COA_OK : COA_SESSION_NOT_FOUND;
}

static enum coa_error coa_disconnect(struct kbngd *k,
				     const struct kbng_session_info *s)
{
	int err = kbng_nl_session_del(k->nl, s->uuid, KBNG_CAUSE_ADMIN_RESET);

	if (!err)
		return COA_OK;
	if (err == -ENOENT || err == -EALREADY)
		return COA_SESSION_NOT_FOUND;
	kbng_error("session cannot be ended: %s", kbng_nl_error(k->nl));
	return COA_RESOURCES_UNAVAILABLE;
}

static enum coa_error coa_change(struct kbngd *k, struct session *s,
				 const struct kbng_session_info *info,
				 const struct coa *coa)
{
	enum coa_error error;

	if (coa->authorize_only)
		return session_reauth(s, coa->state.data, coa->state.len) ?
			       COA_REQUEST_INITIATED :
			       COA_RESOURCES_UNAVAILABLE;
	if (coa->command == COA_REAUTHENTICATE)
		return session_reauth(s, NULL, 0) ? COA_OK :
						    COA_RESOURCES_UNAVAILABLE;
	error = verdict_change(k, s, info, coa);
	if (error)
		return error;
	session_changed(s);
	if (coa->command == COA_INTERIM_UPDATE)
		session_update_now(s);
	return COA_OK;
}

enum coa_error coa_apply(struct kbngd *k, const struct coa *coa)
{
	struct search find = { .k = k, .coa = coa };
	char uuid[KBNG_UUID_TEXT];
	enum coa_error error;
	struct session *s;

	if (!coa_is_us(k->config, coa))
		return COA_NAS_MISMATCH;
	error = coa_find(&find);
	if (error)
		return error;
	kbng_info("%s session=%s", coa->disconnect ? "Disconnect-Request" :
						     "CoA-Request",
		  kbng_fmt_uuid(uuid, sizeof(uuid), find.found.uuid));
	trace(find.found.mac, "%s", coa->disconnect ? "Disconnect-Request" :
						      "CoA-Request");
	if (coa->disconnect)
		return coa_disconnect(k, &find.found);
	session_seen(k, &find.found, false);	/* its notification may be late */
	s = table_find(&k->sessions, find.found.uuid);
	return s ? coa_change(k, s, &find.found, coa) :
		   COA_RESOURCES_UNAVAILABLE;
}

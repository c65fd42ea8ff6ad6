// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "auth.h"
#include "coa.h"
#include "dictionary.h"
#include "framed.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "template.h"

#define VENDOR_DSL_FORUM	3561	/* RFC 4679 */
#define DSL_CIRCUIT_ID		1
#define DSL_REMOTE_ID		2
#define DSL_ACTUAL_UP		129
#define DSL_ACTUAL_DOWN		130
#define DSL_MINIMUM_UP		131
#define DSL_MINIMUM_DOWN	132
#define DSL_ATTAINABLE_UP	133
#define DSL_ATTAINABLE_DOWN	134
#define INTERIM_MIN		60	/* s, RFC 2869 5.16 */

bool auth_add(struct kbngd *k, struct radius_request *req, int attribute,
	      int vendor, const void *data, int len)
{
	return rc_avpair_add(radius_handle(k->radius), &req->send, attribute,
			     data, len, vendor);
}

bool auth_add_number(struct kbngd *k, struct radius_request *req, int attribute,
		     uint32_t value)
{
	return auth_add(k, req, attribute, 0, &value, 0);
}

static bool auth_add_text(struct kbngd *k, struct radius_request *req,
			  int attribute, const char *text)
{
	return !*text || auth_add(k, req, attribute, 0, text, strlen(text));
}

static bool auth_add_blob(struct kbngd *k, struct radius_request *req,
			  int attribute, const struct kbng_blob *blob)
{
	return !blob->len || auth_add(k, req, attribute, VENDOR_DSL_FORUM,
				      blob->data, blob->len);
}

/* In bit/s, which ends at 4.29 Gbit/s: what is faster says that. */
static bool auth_add_rate(struct kbngd *k, struct radius_request *req,
			  int attribute, uint64_t rate)
{
	uint32_t value = rate < UINT32_MAX ? rate : UINT32_MAX;

	return !value ||
	       auth_add(k, req, attribute, VENDOR_DSL_FORUM, &value, 0);
}

static bool auth_add_line(struct kbngd *k, struct radius_request *req,
			  const struct kbng_line_rates *l)
{
	return auth_add_rate(k, req, DSL_ACTUAL_UP, l->actual_up) &&
	       auth_add_rate(k, req, DSL_ACTUAL_DOWN, l->actual_down) &&
	       auth_add_rate(k, req, DSL_MINIMUM_UP, l->minimum_up) &&
	       auth_add_rate(k, req, DSL_MINIMUM_DOWN, l->minimum_down) &&
	       auth_add_rate(k, req, DSL_ATTAINABLE_UP, l->attainable_up) &&
	       auth_add_rate(k, req, DSL_ATTAINABLE_DOWN, l->attainable_down);
}

bool auth_add_nas(struct kbngd *k, struct radius_request *req)
{
	const struct config_nas *nas = &k->config->nas;

	if (nas->addr.s_addr &&
	    !auth_add_number(k, req, PW_NAS_IP_ADDRESS,
			     ntohl(nas->addr.s_addr)))
		return false;
	if (nas->address6 && !auth_add(k, req, PW_NAS_IPV6_ADDRESS, 0,
				       &nas->addr6, sizeof(nas->addr6)))
		return false;
	return auth_add_text(k, req, PW_NAS_IDENTIFIER, nas->identifier);
}

static bool auth_add_prefixes(struct kbngd *k, struct radius_request *req,
			      const struct kbng_prefixes *list)
{
	uint8_t value[FRAMED_VALUE_MAX];
	int attribute, len;
	unsigned int i;

	for (i = 0; i < list->n; i++) {
		attribute = framed_attribute(&list->prefix[i], value, &len);
		if (!auth_add(k, req, attribute, 0, value, len))
			return false;
	}
	return true;
}

bool auth_add_identity(struct kbngd *k, struct radius_request *req,
		       const struct kbng_session_info *s)
{
	char text[KBNG_FMT_SIZE], called[TEMPLATE_MAX + 1];

	if (template_expand(k->config->radius->called_station_id, s,
			    k->config->bng_id, called, sizeof(called)) < 0)
		return false;
	return auth_add_text(k, req, PW_ACCT_SESSION_ID,
			     kbng_fmt_uuid(text, sizeof(text), s->uuid)) &&
	       auth_add_text(k, req, PW_CALLING_STATION_ID,
			     kbng_fmt_mac(text, sizeof(text), s->mac)) &&
	       auth_add_text(k, req, PW_CALLED_STATION_ID, called) &&
	       (!s->addr.s_addr ||
		auth_add_number(k, req, PW_FRAMED_IP_ADDRESS,
				ntohl(s->addr.s_addr))) &&
	       auth_add_prefixes(k, req, &s->prefixes) &&
	       auth_add_blob(k, req, DSL_CIRCUIT_ID, &s->circuit_id) &&
	       auth_add_blob(k, req, DSL_REMOTE_ID, &s->remote_id) &&
	       auth_add_line(k, req, &s->line) &&
	       auth_add_nas(k, req) &&
	       auth_add_text(k, req, PW_NAS_PORT_ID_STRING,
			     kbng_fmt_port(text, sizeof(text), s)) &&
	       auth_add_number(k, req, PW_NAS_PORT_TYPE,
			       k->config->nas.port_type);
}

void auth_username(const struct kbngd *k, const struct kbng_session_info *s,
		   char *name)
{
	const struct config_radius *r = k->config->radius;

	if (!r || template_expand(r->username, s, k->config->bng_id, name,
				  TEMPLATE_MAX + 1) <= 0)
		kbng_fmt_mac(name, TEMPLATE_MAX + 1, s->mac);
}

static bool auth_add_password(struct kbngd *k, struct radius_request *req,
			      const struct kbng_session_info *s)
{
	const struct config_radius *r = k->config->radius;
	char password[TEMPLATE_MAX + 1];
	bool ok;

	if (r->password_secret)
		return auth_add_text(k, req, PW_USER_PASSWORD,
				     r->password_secret);
	ok = template_expand(r->password, s, k->config->bng_id, password,
			     AUTH_PASS_LEN + 1) >= 0 &&
	     auth_add(k, req, PW_USER_PASSWORD, 0, password, strlen(password));
	explicit_bzero(password, sizeof(password));
	return ok;
}

/* What the server has named the user; as long as it has not, that is asked. */
static bool auth_add_cui(struct kbngd *k, struct radius_request *req,
			 const struct kbng_session_info *s)
{
	struct cookie c;

	if (!cookie_decode(&c, s->cookie, s->cookie_len) || !c.cui.len)
		return auth_add(k, req, CHARGEABLE_USER_IDENTITY, 0, "", 1);
	return auth_add(k, req, CHARGEABLE_USER_IDENTITY, 0, c.cui.data,
			c.cui.len);
}

/* Who says so: the subscriber's password, or the server's own State. */
static bool auth_add_proof(struct kbngd *k, struct radius_request *req,
			   const struct kbng_session_info *s,
			   const struct cookie_value *state)
{
	if (!state)
		return auth_add_number(k, req, PW_SERVICE_TYPE, PW_FRAMED) &&
		       auth_add_password(k, req, s);
	return auth_add_number(k, req, PW_SERVICE_TYPE, COA_AUTHORIZE_ONLY) &&
	       auth_add(k, req, PW_STATE, 0, state->data, state->len);
}

struct radius_request *auth_request(struct kbngd *k,
				    const struct kbng_session_info *s,
				    const struct cookie_value *state, int tag)
{
	struct radius_request *req;
	char name[TEMPLATE_MAX + 1];

	req = radius_request_new(RADIUS_AUTH, s->uuid, tag);
	if (!req)
		return NULL;
	auth_username(k, s, name);
	if (auth_add_text(k, req, PW_USER_NAME, name) &&
	    auth_add_proof(k, req, s, state) && auth_add_cui(k, req, s) &&
	    auth_add_identity(k, req, s))
		return req;
	kbng_error("Access-Request cannot be built: check radius.username and radius.password user=%s",
		   name);
	radius_request_free(req);
	return NULL;
}

static void auth_value(const VALUE_PAIR *vp, struct cookie_value *value)
{
	value->len = vp->lvalue < COOKIE_VALUE_MAX ? vp->lvalue :
						     COOKIE_VALUE_MAX;
	memcpy(value->data, vp->strvalue, value->len);
}

uint32_t auth_interim(uint32_t seconds)
{
	return seconds < INTERIM_MIN ? INTERIM_MIN : seconds;
}

uint32_t auth_end(const struct kbng_session_info *s, uint32_t seconds)
{
	if (!seconds)
		return 0;
	return seconds < UINT32_MAX - s->time ? s->time + seconds : UINT32_MAX;
}

static uint32_t auth_number(const struct radius_request *req, int attribute)
{
	VALUE_PAIR *vp = rc_avpair_get(req->reply, attribute, 0);

	return vp ? vp->lvalue : 0;
}

void auth_accepted(struct kbngd *k, const struct kbng_session_info *s,
		   const struct radius_request *req, struct cookie *cookie,
		   struct kbng_policy *policy, struct kbng_prefixes *prefixes)
{
	const struct config_radius *r = k->config->radius;
	unsigned int bad;
	VALUE_PAIR *vp;

	bad = policy_from_pairs(r->rates, r->rates_count, req->reply, policy);
	if (bad)
		kbng_warning("rates of an Access-Accept not understood or out of range count=%u",
			     bad);
	bad = framed_from_pairs(req->reply, prefixes);
	if (bad)
		kbng_warning("IPv6 prefixes of an Access-Accept malformed or too many count=%u",
			     bad);
	vp = rc_avpair_get(req->reply, PW_USER_NAME, 0);
	if (vp && vp->lvalue)
		auth_value(vp, &cookie->username);
	vp = rc_avpair_get(req->reply, CHARGEABLE_USER_IDENTITY, 0);
	if (vp)
		auth_value(vp, &cookie->cui);
	vp = rc_avpair_get(req->reply, KBNG_WALLED, VENDOR_KBNG);
	if (vp && vp->lvalue)
		cookie->decision = DECISION_WALLED;
	for (vp = rc_avpair_get(req->reply, PW_CLASS, 0);
	     vp && cookie->classes < COOKIE_CLASSES_MAX;
	     vp = rc_avpair_get(vp->next, PW_CLASS, 0))
		auth_value(vp, &cookie->class[cookie->classes++]);
	cookie->end = auth_end(s, auth_number(req, PW_SESSION_TIMEOUT));
	cookie->idle = auth_number(req, PW_IDLE_TIMEOUT);
	cookie->ask_again = auth_number(req, PW_TERMINATION_ACTION) == 1;
	vp = rc_avpair_get(req->reply, PW_ACCT_INTERIM_INTERVAL, 0);
	if (vp)
		cookie->interim = auth_interim(vp->lvalue);
}

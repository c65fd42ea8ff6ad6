// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "auth.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "template.h"

#define VENDOR_DSL_FORUM	3561	/* RFC 4679 */
#define DSL_CIRCUIT_ID		1
#define DSL_REMOTE_ID		2
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

static bool auth_add_nas(struct kbngd *k, struct radius_request *req,
			 const struct kbng_session_info *s)
{
	const struct config_nas *nas = &k->config->nas;

	if (nas->addr.s_addr &&
	    !auth_add_number(k, req, PW_NAS_IP_ADDRESS,
			     ntohl(nas->addr.s_addr)))
		return false;
	return auth_add_text(k, req, PW_NAS_IDENTIFIER, nas->identifier) &&
	       auth_add_text(k, req, PW_NAS_PORT_ID_STRING, s->ifname) &&
	       auth_add_number(k, req, PW_NAS_PORT_TYPE, nas->port_type);
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
	       auth_add_number(k, req, PW_FRAMED_IP_ADDRESS,
			       ntohl(s->addr.s_addr)) &&
	       auth_add_number(k, req, PW_SERVICE_TYPE, PW_FRAMED) &&
	       auth_add_blob(k, req, DSL_CIRCUIT_ID, &s->circuit_id) &&
	       auth_add_blob(k, req, DSL_REMOTE_ID, &s->remote_id) &&
	       auth_add_nas(k, req, s);
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

struct radius_request *auth_request(struct kbngd *k,
				    const struct kbng_session_info *s, int tag)
{
	struct radius_request *req;
	char name[TEMPLATE_MAX + 1];

	req = radius_request_new(RADIUS_AUTH, s->uuid, tag);
	if (!req)
		return NULL;
	auth_username(k, s, name);
	if (auth_add_text(k, req, PW_USER_NAME, name) &&
	    auth_add_password(k, req, s) && auth_add_identity(k, req, s))
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

void auth_accepted(struct kbngd *k, const struct radius_request *req,
		   struct cookie *cookie, struct kbng_policy *policy)
{
	const struct config_radius *r = k->config->radius;
	unsigned int bad;
	VALUE_PAIR *vp;

	bad = policy_from_pairs(r->rates, r->rates_count, req->reply, policy);
	if (bad)
		kbng_warning("rates of an Access-Accept not understood or out of range count=%u",
			     bad);
	vp = rc_avpair_get(req->reply, PW_USER_NAME, 0);
	if (vp && vp->lvalue)
		auth_value(vp, &cookie->username);
	for (vp = rc_avpair_get(req->reply, PW_CLASS, 0);
	     vp && cookie->classes < COOKIE_CLASSES_MAX;
	     vp = rc_avpair_get(vp->next, PW_CLASS, 0))
		auth_value(vp, &cookie->class[cookie->classes++]);
	vp = rc_avpair_get(req->reply, PW_ACCT_INTERIM_INTERVAL, 0);
	if (vp)
		cookie->interim = vp->lvalue < INTERIM_MIN ? INTERIM_MIN :
							     vp->lvalue;
}

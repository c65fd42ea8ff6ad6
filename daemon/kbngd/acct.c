// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>

#include "acct.h"
#include "auth.h"
#include "lib/log.h"

/* 64 bit in two attributes, RFC 2869 5.1 and 5.2. */
static bool acct_add_octets(struct kbngd *k, struct radius_request *req,
			    int low, int high, uint64_t octets)
{
	return auth_add_number(k, req, low, octets) &&
	       auth_add_number(k, req, high, octets >> 32);
}

static bool acct_add_counters(struct kbngd *k, struct radius_request *req,
			      const struct kbng_session_info *s)
{
	return acct_add_octets(k, req, PW_ACCT_INPUT_OCTETS,
			       PW_ACCT_INPUT_GIGAWORDS,
			       s->up.octets4 + s->up.octets6) &&
	       acct_add_octets(k, req, PW_ACCT_OUTPUT_OCTETS,
			       PW_ACCT_OUTPUT_GIGAWORDS,
			       s->down.octets4 + s->down.octets6) &&
	       auth_add_number(k, req, PW_ACCT_INPUT_PACKETS,
			       s->up.packets4 + s->up.packets6) &&
	       auth_add_number(k, req, PW_ACCT_OUTPUT_PACKETS,
			       s->down.packets4 + s->down.packets6) &&
	       auth_add_number(k, req, PW_ACCT_SESSION_TIME, s->time);
}

/*
 * Event-Timestamp (RFC 2869 5.3) is when it happened, Acct-Delay-Time (RFC
 * 2866 5.2) how long ago that is: a record that waited for its server says so.
 */
static bool acct_add_time(struct kbngd *k, struct radius_request *req,
			  const struct kbng_session_info *s, uint32_t status)
{
	uint64_t now = time(NULL), event = now;

	if (status == PW_STATUS_START && s->started)
		event = s->started;
	else if (status == PW_STATUS_STOP && s->stopped)
		event = s->stopped;
	return auth_add_number(k, req, PW_EVENT_TIMESTAMP, event) &&
	       auth_add_number(k, req, PW_ACCT_DELAY_TIME,
			       now > event ? now - event : 0);
}

static bool acct_add_cookie(struct kbngd *k, struct radius_request *req,
			    const struct cookie *c)
{
	unsigned int i;

	if (!auth_add(k, req, PW_USER_NAME, 0, c->username.data,
		      c->username.len))
		return false;
	for (i = 0; i < c->classes; i++)
		if (!auth_add(k, req, PW_CLASS, 0, c->class[i].data,
			      c->class[i].len))
			return false;
	return true;
}

struct radius_request *acct_request(struct kbngd *k,
				    const struct kbng_session_info *s,
				    const struct cookie *cookie,
				    uint32_t status, int tag)
{
	struct radius_request *req;
	bool ok;

	req = radius_request_new(RADIUS_ACCT, s->uuid, tag);
	if (!req)
		return NULL;
	ok = auth_add_number(k, req, PW_ACCT_STATUS_TYPE, status) &&
	     acct_add_cookie(k, req, cookie) && auth_add_identity(k, req, s) &&
	     acct_add_time(k, req, s, status) &&
	     auth_add_number(k, req, PW_ACCT_AUTHENTIC, PW_RADIUS);
	if (ok && status != PW_STATUS_START)
		ok = acct_add_counters(k, req, s);
	if (ok && status == PW_STATUS_STOP)
		ok = auth_add_number(k, req, PW_ACCT_TERMINATE_CAUSE,
				     s->terminate_cause);
	if (ok)
		return req;
	kbng_error("Accounting-Request cannot be built: out of memory");
	radius_request_free(req);
	return NULL;
}

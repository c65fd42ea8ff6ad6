// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include "acct.h"
#include "auth.h"
#include "dictionary.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "packet.h"

/* Acct-Delay-Time comes to it. */
#define RECORD_MAX	(PACKET_MAX - PACKET_HEADER - 6)

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

/* A number of 64 bits, most significant octet first. */
static bool acct_add_number64(struct kbngd *k, struct radius_request *req,
			      int attribute, uint64_t number)
{
	number = htobe64(number);
	return auth_add(k, req, attribute, VENDOR_KBNG, &number,
			sizeof(number));
}

/* What of it is IPv6: of sessions that have or had any. */
static bool acct_add_ipv6(struct kbngd *k, struct radius_request *req,
			  const struct kbng_session_info *s)
{
	unsigned int i = 0;

	while (i < s->prefixes.n && kbng_is_route4(&s->prefixes.prefix[i]))
		i++;
	if (i == s->prefixes.n && !s->up.packets6 && !s->down.packets6)
		return true;
	return acct_add_number64(k, req, KBNG_INPUT_OCTETS_IPV6,
				 s->up.octets6) &&
	       acct_add_number64(k, req, KBNG_OUTPUT_OCTETS_IPV6,
				 s->down.octets6) &&
	       acct_add_number64(k, req, KBNG_INPUT_PACKETS_IPV6,
				 s->up.packets6) &&
	       acct_add_number64(k, req, KBNG_OUTPUT_PACKETS_IPV6,
				 s->down.packets6);
}

/* When what a record of @status tells happened. */
static uint64_t acct_event(const struct kbng_session_info *s,
			   enum journal_status status)
{
	uint64_t event = 0;

	if (status == JOURNAL_START)
		event = s->started;
	else if (status == JOURNAL_STOP)
		event = s->stopped;
	return event ? event : (uint64_t)time(NULL);
}

static bool acct_add_cookie(struct kbngd *k, struct radius_request *req,
			    const struct cookie *c)
{
	unsigned int i;

	if (!auth_add(k, req, PW_USER_NAME, 0, c->username.data,
		      c->username.len) ||
	    (c->cui.len && !auth_add(k, req, CHARGEABLE_USER_IDENTITY, 0,
				     c->cui.data, c->cui.len)))
		return false;
	for (i = 0; i < c->classes; i++)
		if (!auth_add(k, req, PW_CLASS, 0, c->class[i].data,
			      c->class[i].len))
			return false;
	return true;
}

/* What a record of a session has besides its status and time. */
static bool acct_add_session(struct kbngd *k, struct radius_request *req,
			     const struct kbng_session_info *s,
			     const struct cookie *cookie,
			     enum journal_status status)
{
	return acct_add_cookie(k, req, cookie) &&
	       auth_add_identity(k, req, s) &&
	       auth_add_number(k, req, PW_SERVICE_TYPE, PW_FRAMED) &&
	       auth_add_number(k, req, PW_ACCT_AUTHENTIC, PW_RADIUS) &&
	       (status == JOURNAL_START ||
		(acct_add_counters(k, req, s) && acct_add_ipv6(k, req, s))) &&
	       (status != JOURNAL_STOP ||
		auth_add_number(k, req, PW_ACCT_TERMINATE_CAUSE,
				s->terminate_cause));
}

/* If @ok, write @req to @record, with the status and time it has; free @req. */
static int acct_end(struct kbngd *k, struct radius_request *req, bool ok,
		    struct journal_record *record)
{
	ok = ok && auth_add_number(k, req, PW_EVENT_TIMESTAMP, record->event) &&
	     auth_add_number(k, req, PW_ACCT_STATUS_TYPE, record->key.status);
	if (ok)
		record->len = packet_attributes(record->octets, req->send);
	if (req)
		radius_request_free(req);
	if (record->len && record->len <= RECORD_MAX)
		return 0;
	kbng_error("accounting record cannot be built: its attributes are too long, or out of memory");
	return -1;
}

static struct radius_request *acct_begin(struct journal_record *record,
					 enum journal_status status,
					 const uint8_t *uuid, uint64_t event)
{
	record->key.n = 0;
	record->key.status = status;
	memcpy(record->key.uuid, uuid, KBNG_UUID_LEN);
	record->event = event;
	record->len = 0;
	return radius_request_new(RADIUS_ACCT, uuid, status);
}

int acct_record(struct kbngd *k, const struct kbng_session_info *s,
		const struct cookie *cookie, enum journal_status status,
		struct journal_record *record)
{
	struct radius_request *req;

	req = acct_begin(record, status, s->uuid, acct_event(s, status));
	return acct_end(k, req, req && acct_add_session(k, req, s, cookie,
							status), record);
}

int acct_nas_record(struct kbngd *k, enum journal_status status,
		    const uint8_t *instance, time_t event,
		    struct journal_record *record)
{
	struct radius_request *req;
	char uuid[KBNG_UUID_TEXT];
	bool ok;

	req = acct_begin(record, status, instance, event);
	kbng_fmt_uuid(uuid, sizeof(uuid), instance);
	ok = req && auth_add(k, req, PW_ACCT_SESSION_ID, 0, uuid,
			     strlen(uuid)) && auth_add_nas(k, req);
	return acct_end(k, req, ok, record);
}

/*
 * Event-Timestamp (RFC 2869 5.3) is when it happened, Acct-Delay-Time (RFC
 * 2866 5.2) how long ago that is.
 */
struct radius_request *acct_request(struct kbngd *k,
				    const struct journal_record *record)
{
	const struct journal_key *key = &record->key;
	struct radius_request *req;
	uint64_t now = time(NULL);

	req = radius_request_new(RADIUS_ACCT, key->uuid, key->status);
	if (!req)
		return NULL;
	req->send = rc_avpair_gen(radius_handle(k->radius), NULL,
				  record->octets, record->len, 0);
	if (req->send &&
	    auth_add_number(k, req, PW_ACCT_DELAY_TIME, now > record->event ?
			    now - record->event : 0))
		return req;
	kbng_error("accounting record cannot be read back n=%" PRId64, key->n);
	radius_request_free(req);
	return NULL;
}

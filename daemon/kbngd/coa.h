/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CoA- and Disconnect-Requests (RFC 5176): which NAS and session they mean and
 * what they ask for. Pure; what is done about them is in coa_apply.c.
 */
#ifndef KBNGD_COA_H
#define KBNGD_COA_H

#include <netinet/in.h>

#include "lib/cookie.h"
#include "packet.h"
#include "policy.h"

/** enum coa_error - Error-Cause, RFC 5176 3.5 */
enum coa_error {
	COA_OK = 0,
	COA_UNSUPPORTED_ATTRIBUTE = 401,
	COA_MISSING_ATTRIBUTE = 402,
	COA_NAS_MISMATCH = 403,
	COA_INVALID_REQUEST = 404,
	COA_UNSUPPORTED_SERVICE = 405,
	COA_INVALID_VALUE = 407,
	COA_SESSION_NOT_FOUND = 503,
	COA_RESOURCES_UNAVAILABLE = 506,
	COA_REQUEST_INITIATED = 507,
	COA_MULTIPLE_SESSIONS = 508,
};

#define COA_AUTHORIZE_ONLY	17	/* Service-Type, RFC 5176 3.2 */

/** enum coa_command - KBNG-Command */
enum coa_command {
	COA_INTERIM_UPDATE = 1,
	COA_REAUTHENTICATE,
};

/** struct coa_octets - a value, in the packet; NULL if it is absent */
struct coa_octets {
	const uint8_t *data;
	uint8_t len;
};

/** struct coa - a request */
struct coa {
	bool disconnect;

	/* NAS identification */
	struct coa_octets nas_address, nas_address6, nas_identifier;

	/* session identification */
	struct coa_octets session_id, user, address, port, station, cui;

	/* what is asked for */
	bool authorize_only;
	uint32_t command;		/* enum coa_command or 0 */
	struct coa_octets state;
	struct coa_octets class[COOKIE_CLASSES_MAX];
	unsigned int classes;
	uint32_t interim;		/* s, 0: as it is */
	struct coa_octets session_timeout, idle_timeout;	/* numbers */
	struct coa_octets termination_action, walled;
	VALUE_PAIR *rates;		/* into @pairs; NULL: as they are */

	uint32_t timestamp;		/* Event-Timestamp, 0: none */
	VALUE_PAIR pairs[POLICY_RATES_MAX];
};

/*
 * Read the attributes of @packet, which packet_verify_request() has found
 * genuine, into @coa, which points into it. @n mappings @rates say which
 * attributes set the policy. Whatever is neither identification nor understood
 * makes it an error: a request is done as a whole or not at all.
 */
enum coa_error coa_parse(struct coa *coa, const uint8_t *packet,
			 const struct policy_rate *rates, unsigned int n);

/* @value as the number that it is, RFC 2865 5; @otherwise if it is absent. */
uint32_t coa_number(const struct coa_octets *value, uint32_t otherwise);

#endif /* KBNGD_COA_H */

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <string.h>

#include "coa.h"
#include "dictionary.h"

#define KBNG_COMMAND	6		/* dictionary.kbng */

/* The request that is being read. */
struct reader {
	struct coa *coa;
	const struct policy_rate *rates;
	unsigned int n_rates;
	unsigned int n_pairs;
	bool command;			/* it asks for something to be done */
	bool settings;			/* for something to be as it says */
};

static uint32_t coa_read(const uint8_t *data)
{
	return (uint32_t)data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

uint32_t coa_number(const struct coa_octets *value, uint32_t otherwise)
{
	return value->data ? coa_read(value->data) : otherwise;
}

/* An attribute that may be there once. */
static enum coa_error coa_once(struct coa_octets *at, const uint8_t *data,
			       uint8_t len)
{
	if (at->data || !len)
		return COA_INVALID_REQUEST;
	at->data = data;
	at->len = len;
	return COA_OK;
}

static enum coa_error coa_once_number(struct coa_octets *at,
				      const uint8_t *data, uint8_t len)
{
	return len == 4 ? coa_once(at, data, len) : COA_INVALID_REQUEST;
}

static bool coa_is_rate(const struct reader *r, uint32_t vendor, uint8_t type)
{
	unsigned int i;

	for (i = 0; i < r->n_rates; i++)
		if (r->rates[i].vendor == vendor &&
		    r->rates[i].attribute == type)
			return true;
	return false;
}

/* As radcli keeps an attribute that policy_dictionary() made a string. */
static enum coa_error coa_rate(struct reader *r, uint32_t vendor, uint8_t type,
			       const uint8_t *data, uint8_t len)
{
	struct coa *coa = r->coa;
	VALUE_PAIR *vp;

	if (coa->disconnect || !coa_is_rate(r, vendor, type))
		return COA_UNSUPPORTED_ATTRIBUTE;
	if (r->n_pairs == POLICY_RATES_MAX)
		return COA_INVALID_REQUEST;
	vp = &coa->pairs[r->n_pairs++];
	memset(vp, 0, sizeof(*vp));
	vp->attribute = vendor << 16 | type;
	vp->type = PW_TYPE_STRING;
	vp->lvalue = len;
	memcpy(vp->strvalue, data, len);
	vp->next = coa->rates;
	coa->rates = vp;
	r->settings = true;
	return COA_OK;
}

static enum coa_error coa_command(struct reader *r, const uint8_t *data,
				  uint8_t len)
{
	struct coa *coa = r->coa;

	if (coa->disconnect)
		return COA_UNSUPPORTED_ATTRIBUTE;
	if (len != 4 || coa->command)
		return COA_INVALID_REQUEST;
	coa->command = coa_read(data);
	r->command = true;
	return coa->command == COA_INTERIM_UPDATE ||
	       coa->command == COA_REAUTHENTICATE ? COA_OK : COA_INVALID_VALUE;
}

static enum coa_error coa_walled(struct reader *r, const uint8_t *data,
				 uint8_t len)
{
	if (r->coa->disconnect)
		return COA_UNSUPPORTED_ATTRIBUTE;
	r->settings = true;
	return coa_once_number(&r->coa->walled, data, len);
}

/* RFC 2865 5.26, with a vendor's attributes in the recommended form. */
static enum coa_error coa_vendor(struct reader *r, const uint8_t *data,
				 uint8_t len)
{
	enum coa_error error;
	uint32_t vendor;

	if (len < 4 + 2)
		return COA_INVALID_REQUEST;
	vendor = coa_read(data);
	if (vendor > UINT16_MAX)	/* radcli's limit, and so ours */
		return COA_UNSUPPORTED_ATTRIBUTE;
	for (data += 4, len -= 4; len; len -= data[1], data += data[1]) {
		if (len < 2 || data[1] < 2 || data[1] > len)
			return COA_INVALID_REQUEST;
		if (vendor == VENDOR_KBNG && data[0] == KBNG_COMMAND)
			error = coa_command(r, data + 2, data[1] - 2);
		else if (vendor == VENDOR_KBNG && data[0] == KBNG_WALLED)
			error = coa_walled(r, data + 2, data[1] - 2);
		else
			error = coa_rate(r, vendor, data[0], data + 2,
					 data[1] - 2);
		if (error)
			return error;
	}
	return COA_OK;
}

/* Timeouts and how often to tell. */
static enum coa_error coa_time(struct reader *r, uint8_t type,
			       const uint8_t *data, uint8_t len)
{
	struct coa *coa = r->coa;

	r->settings = true;
	switch (type) {
	case PW_SESSION_TIMEOUT:
		return coa_once_number(&coa->session_timeout, data, len);
	case PW_IDLE_TIMEOUT:
		return coa_once_number(&coa->idle_timeout, data, len);
	case PW_TERMINATION_ACTION:
		return coa_once_number(&coa->termination_action, data, len);
	default:
		if (len != 4 || coa->interim)
			return COA_INVALID_REQUEST;
		coa->interim = coa_read(data);
		return coa->interim ? COA_OK : COA_INVALID_VALUE;
	}
}

/* What a CoA-Request may change, other than by vendor's attributes. */
static enum coa_error coa_change(struct reader *r, uint8_t type,
				 const uint8_t *data, uint8_t len)
{
	struct coa *coa = r->coa;

	if (coa->disconnect)
		return COA_UNSUPPORTED_ATTRIBUTE;
	switch (type) {
	case PW_SERVICE_TYPE:
		if (len != 4 || coa->authorize_only)
			return COA_INVALID_REQUEST;
		if (coa_read(data) != COA_AUTHORIZE_ONLY)
			return COA_UNSUPPORTED_SERVICE;
		coa->authorize_only = true;
		return COA_OK;
	case PW_STATE:
		return coa_once(&coa->state, data, len);
	case PW_CLASS:
		if (coa->classes == COOKIE_CLASSES_MAX)
			return COA_OK;
		r->settings = true;
		return coa_once(&coa->class[coa->classes++], data, len);
	case PW_ACCT_INTERIM_INTERVAL:
	case PW_SESSION_TIMEOUT:
	case PW_IDLE_TIMEOUT:
	case PW_TERMINATION_ACTION:
		return coa_time(r, type, data, len);
	default:
		return coa_rate(r, 0, type, data, len);
	}
}

static enum coa_error coa_attribute(struct reader *r, uint8_t type,
				    const uint8_t *data, uint8_t len)
{
	struct coa *coa = r->coa;

	switch (type) {
	case PW_MESSAGE_AUTHENTICATOR:	/* packet.c has looked at it */
	case PW_PROXY_STATE:		/* goes back as it is */
	case PW_REPLY_MESSAGE:		/* for people who are not here */
		return COA_OK;
	case PW_NAS_IP_ADDRESS:
		return coa_once_number(&coa->nas_address, data, len);
	case PW_NAS_IDENTIFIER:
		return coa_once(&coa->nas_identifier, data, len);
	case PW_NAS_IPV6_ADDRESS:
		return len == 16 ? coa_once(&coa->nas_address6, data, len) :
				   COA_INVALID_REQUEST;
	case PW_ACCT_SESSION_ID:
		return coa_once(&coa->session_id, data, len);
	case PW_USER_NAME:
		return coa_once(&coa->user, data, len);
	case PW_FRAMED_IP_ADDRESS:
		return coa_once_number(&coa->address, data, len);
	case PW_NAS_PORT_ID_STRING:
		return coa_once(&coa->port, data, len);
	case PW_CALLING_STATION_ID:
		return coa_once(&coa->station, data, len);
	case CHARGEABLE_USER_IDENTITY:
		return coa_once(&coa->cui, data, len);
	case PW_EVENT_TIMESTAMP:
		if (len != 4 || coa->timestamp)
			return COA_INVALID_REQUEST;
		coa->timestamp = coa_read(data);
		return COA_OK;
	case PW_VENDOR_SPECIFIC:
		return coa_vendor(r, data, len);
	default:
		return coa_change(r, type, data, len);
	}
}

/* What must and must not be together, RFC 5176 3 and 3.2. */
static enum coa_error coa_check(const struct reader *r)
{
	const struct coa *coa = r->coa;

	if (!coa->session_id.data && !coa->user.data && !coa->address.data &&
	    !coa->port.data && !coa->station.data && !coa->cui.data)
		return COA_MISSING_ATTRIBUTE;
	if (coa->disconnect)
		return COA_OK;
	if (coa->authorize_only ? !coa->state.data :
				  !r->command && !r->settings)
		return COA_MISSING_ATTRIBUTE;
	if (coa->authorize_only && (r->command || r->settings))
		return COA_UNSUPPORTED_ATTRIBUTE;
	if (coa->command == COA_REAUTHENTICATE && r->settings)
		return COA_INVALID_REQUEST;	/* the answer would undo it */
	if (coa_number(&coa->termination_action, 0) > 1 ||
	    coa_number(&coa->walled, 0) > 1)
		return COA_INVALID_VALUE;
	return COA_OK;
}

enum coa_error coa_parse(struct coa *coa, const uint8_t *packet,
			 const struct policy_rate *rates, unsigned int n)
{
	struct reader r = { .coa = coa, .rates = rates, .n_rates = n };
	enum coa_error error, first = COA_OK;
	size_t at;

	memset(coa, 0, offsetof(struct coa, pairs));
	coa->disconnect = packet[0] == PACKET_DISCONNECT_REQUEST;
	for (at = PACKET_HEADER; at < packet_length(packet);
	     at += packet[at + 1]) {
		error = coa_attribute(&r, packet[at], packet + at + 2,
				      packet[at + 1] - 2);
		if (!first)
			first = error;
	}
	return first ? first : coa_check(&r);
}

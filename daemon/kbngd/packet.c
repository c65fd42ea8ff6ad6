// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>
#include <sys/random.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>

#include "packet.h"

#define AUTHENTICATOR	4		/* where it is in the header */
#define DIGEST		MD5_DIGEST_SIZE
#define SIGNATURE	(2 + DIGEST)	/* Message-Authenticator, whole */

/* A packet that is being written; @full once something did not fit. */
struct writer {
	uint8_t *buf;
	size_t len;
	bool full;
};

static uint8_t *packet_reserve(struct writer *w, size_t len)
{
	uint8_t *at = w->buf + w->len;

	if (w->full || w->len + len > PACKET_MAX) {
		w->full = true;
		return NULL;
	}
	w->len += len;
	return at;
}

/* RFC 2865 5.2: 16 octets at a time, each hidden by the one before. */
static void packet_put_password(struct writer *w, const VALUE_PAIR *vp,
				const char *secret)
{
	const uint8_t *last = w->buf + AUTHENTICATOR;
	size_t len = (vp->lvalue + DIGEST - 1) / DIGEST * DIGEST;
	struct md5_ctx md5;
	uint8_t *at;
	size_t i, j;

	if (!len)
		len = DIGEST;
	at = packet_reserve(w, 2 + len);
	if (!at)
		return;
	*at++ = PW_USER_PASSWORD;
	*at++ = 2 + len;
	for (i = 0; i < len; i += DIGEST) {
		md5_init(&md5);
		md5_update(&md5, strlen(secret), (const uint8_t *)secret);
		md5_update(&md5, DIGEST, last);
		md5_digest(&md5, DIGEST, at + i);
		for (j = i; j < i + DIGEST && j < vp->lvalue; j++)
			at[j] ^= (uint8_t)vp->strvalue[j];
		last = at + i;
	}
	explicit_bzero(&md5, sizeof(md5));
}

static void packet_put_pair(struct writer *w, const VALUE_PAIR *vp)
{
	bool text = vp->type == PW_TYPE_STRING ||
		    vp->type == PW_TYPE_IPV6PREFIX ||
		    vp->type == PW_TYPE_IPV6ADDR;
	size_t len = text ? vp->lvalue : 4;
	uint32_t vendor = VENDOR(vp->attribute), value;
	uint8_t *at;

	if (2 + len + (vendor ? 6 : 0) > UINT8_MAX) {
		w->full = true;
		return;
	}
	at = packet_reserve(w, 2 + len + (vendor ? 6 : 0));
	if (!at)
		return;
	if (vendor) {
		*at++ = PW_VENDOR_SPECIFIC;
		*at++ = 6 + 2 + len;
		value = htonl(vendor);
		memcpy(at, &value, 4);
		at += 4;
	}
	*at++ = ATTRID(vp->attribute);
	*at++ = 2 + len;
	value = htonl(vp->lvalue);
	memcpy(at, text ? (const void *)vp->strvalue : &value, len);
}

/* RFC 3579 3.2: HMAC-MD5 of the packet with 16 zero octets in its place. */
static void packet_sign(uint8_t *buf, size_t len, const char *secret,
			uint8_t *digest)
{
	struct hmac_md5_ctx hmac;

	hmac_md5_set_key(&hmac, strlen(secret), (const uint8_t *)secret);
	hmac_md5_update(&hmac, len, buf);
	hmac_md5_digest(&hmac, DIGEST, digest);
	explicit_bzero(&hmac, sizeof(hmac));
}

/* MD5 of the packet and the secret, RFC 2865 3 and RFC 2866 3. */
static void packet_digest(const uint8_t *buf, size_t len, const char *secret,
			  uint8_t *digest)
{
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, len, buf);
	md5_update(&md5, strlen(secret), (const uint8_t *)secret);
	md5_digest(&md5, DIGEST, digest);
	explicit_bzero(&md5, sizeof(md5));
}

static void packet_put_header(uint8_t *buf, uint8_t code, uint8_t id,
			      size_t len)
{
	buf[0] = code;
	buf[1] = id;
	buf[2] = len >> 8;
	buf[3] = len;
}

/* Room for the Message-Authenticator, first in a packet; where its value is. */
static uint8_t *packet_reserve_signature(struct writer *w)
{
	uint8_t *at = packet_reserve(w, SIGNATURE);

	memset(at, 0, SIGNATURE);
	at[0] = PW_MESSAGE_AUTHENTICATOR;
	at[1] = SIGNATURE;
	return at + 2;
}

size_t packet_encode(uint8_t *buf, uint8_t code, uint8_t id,
		     const VALUE_PAIR *pairs, const char *secret)
{
	struct writer w = { .buf = buf, .len = PACKET_HEADER };
	uint8_t *signature = NULL;

	memset(buf, 0, PACKET_HEADER);
	if (code == PW_ACCESS_REQUEST) {
		if (getrandom(buf + AUTHENTICATOR, DIGEST, 0) != DIGEST)
			return 0;
		signature = packet_reserve_signature(&w);
	}
	for (; pairs; pairs = pairs->next) {
		if (pairs->attribute == PW_USER_PASSWORD)
			packet_put_password(&w, pairs, secret);
		else
			packet_put_pair(&w, pairs);
	}
	if (w.full)
		return 0;
	packet_put_header(buf, code, id, w.len);
	if (signature)
		packet_sign(buf, w.len, secret, signature);
	else
		packet_digest(buf, w.len, secret, buf + AUTHENTICATOR);
	return w.len;
}

size_t packet_attributes(uint8_t *buf, const VALUE_PAIR *pairs)
{
	struct writer w = { .buf = buf };

	for (; pairs; pairs = pairs->next)
		packet_put_pair(&w, pairs);
	return w.full ? 0 : w.len;
}

size_t packet_length(const uint8_t *packet)
{
	return packet[2] << 8 | packet[3];
}

/*
 * The offset of the Message-Authenticator's value, or 0 if there is none.
 * False if the attributes do not fill the packet exactly.
 */
static bool packet_walk(const uint8_t *packet, size_t len, size_t *signature)
{
	size_t at = PACKET_HEADER;

	*signature = 0;
	while (at < len) {
		if (len - at < 2 || packet[at + 1] < 2 ||
		    packet[at + 1] > len - at)
			return false;
		if (packet[at] == PW_MESSAGE_AUTHENTICATOR) {
			if (packet[at + 1] != SIGNATURE || *signature)
				return false;
			*signature = at + 2;
		}
		at += packet[at + 1];
	}
	return true;
}

static bool packet_equal(const uint8_t *a, const uint8_t *b)
{
	uint8_t differ = 0;
	size_t i;

	for (i = 0; i < DIGEST; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

/* The packet's length, without what follows it; 0 if it is malformed. */
static size_t packet_measure(const uint8_t *packet, size_t len,
			     size_t *signature)
{
	size_t stated;

	if (len < PACKET_HEADER)
		return 0;
	stated = packet_length(packet);
	if (stated > len || stated < PACKET_HEADER || stated > PACKET_MAX ||
	    !packet_walk(packet, stated, signature))
		return 0;
	return stated;
}

/* @copy is the packet with the authenticator that @given was made with. */
static enum packet_verdict packet_judge(uint8_t *copy, size_t len,
					const uint8_t *given, size_t signature,
					const char *secret, bool must_sign)
{
	uint8_t digest[DIGEST], signed_with[DIGEST];

	packet_digest(copy, len, secret, digest);
	if (!packet_equal(digest, given))
		return PACKET_FORGED;
	if (!signature)
		return must_sign ? PACKET_FORGED : PACKET_GENUINE;
	memcpy(signed_with, copy + signature, DIGEST);
	memset(copy + signature, 0, DIGEST);
	packet_sign(copy, len, secret, digest);
	return packet_equal(digest, signed_with) ? PACKET_GENUINE :
						   PACKET_FORGED;
}

enum packet_verdict packet_verify(const uint8_t *request, const uint8_t *answer,
				  size_t len, const char *secret,
				  bool must_sign)
{
	uint8_t copy[PACKET_MAX];
	size_t signature;

	len = packet_measure(answer, len, &signature);
	if (!len)
		return PACKET_MALFORMED;
	if (answer[1] != request[1])
		return PACKET_STRAY;
	memcpy(copy, answer, len);
	memcpy(copy + AUTHENTICATOR, request + AUTHENTICATOR, DIGEST);
	return packet_judge(copy, len, answer + AUTHENTICATOR, signature,
			    secret, must_sign);
}

enum packet_verdict packet_verify_request(const uint8_t *request, size_t len,
					  const char *secret, bool must_sign)
{
	uint8_t copy[PACKET_MAX];
	size_t signature;

	len = packet_measure(request, len, &signature);
	if (!len)
		return PACKET_MALFORMED;
	memcpy(copy, request, len);
	memset(copy + AUTHENTICATOR, 0, DIGEST);
	return packet_judge(copy, len, request + AUTHENTICATOR, signature,
			    secret, must_sign);
}

size_t packet_answer(uint8_t *buf, uint8_t code, const uint8_t *request,
		     const uint8_t *attributes, size_t len, const char *secret)
{
	struct writer w = { .buf = buf, .len = PACKET_HEADER };
	uint8_t *signature = packet_reserve_signature(&w), *at;
	uint8_t digest[DIGEST];

	at = packet_reserve(&w, len);
	if (!at)
		return 0;
	memcpy(at, attributes, len);
	packet_put_header(buf, code, request[1], w.len);
	memcpy(buf + AUTHENTICATOR, request + AUTHENTICATOR, DIGEST);
	packet_sign(buf, w.len, secret, signature);
	packet_digest(buf, w.len, secret, digest);
	memcpy(buf + AUTHENTICATOR, digest, DIGEST);
	return w.len;
}

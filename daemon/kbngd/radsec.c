// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/parse.h"
#include "packet.h"
#include "radsec.h"

#define RADSEC_VERSIONS	"-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct radsec {
	struct radsec *next;		/* idle too */
	gnutls_session_t session;
	int fd;
};

/* Why the certificate is not taken, without the blank at its end. */
static void radsec_explain_certificate(struct radsec *c, char *why)
{
	unsigned int status = gnutls_session_get_verify_cert_status(c->session);
	gnutls_datum_t text;
	size_t len;

	if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509,
							 &text, 0) < 0) {
		snprintf(why, RADSEC_WHY, "the certificate cannot be verified");
		return;
	}
	len = strlen((char *)text.data);
	while (len && text.data[len - 1] == ' ')
		len--;
	snprintf(why, RADSEC_WHY, "%.*s", (int)len, text.data);
	gnutls_free(text.data);
}

static void radsec_explain(struct radsec *c, ssize_t err, char *why)
{
	if (err == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
		radsec_explain_certificate(c, why);
	else if (err == GNUTLS_E_FATAL_ALERT_RECEIVED)
		snprintf(why, RADSEC_WHY, "the server says: %s",
			 gnutls_alert_get_name(gnutls_alert_get(c->session)));
	else if (err == 0 || err == GNUTLS_E_PREMATURE_TERMINATION)
		snprintf(why, RADSEC_WHY, "the server closed the connection");
	else
		snprintf(why, RADSEC_WHY, "%s", gnutls_strerror(err));
}

/* Whether @err is none: the call waits for the socket. */
static bool radsec_waits(ssize_t err)
{
	return err == GNUTLS_E_AGAIN || err == GNUTLS_E_INTERRUPTED;
}

/* After @err of a call: wait, and true if the call is to be made again. */
static bool radsec_again(struct radsec *c, ssize_t err,
			 const struct deadline *deadline)
{
	bool writes = gnutls_record_get_direction(c->session);

	return radsec_waits(err) &&
	       deadline_wait(deadline, c->fd, writes ? POLLOUT : POLLIN) > 0;
}

static bool radsec_connected(struct radsec *c, const struct deadline *deadline,
			     char *why)
{
	socklen_t len = sizeof(int);
	int err = ETIMEDOUT;

	if (deadline_wait(deadline, c->fd, POLLOUT) > 0 &&
	    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	if (err)
		snprintf(why, RADSEC_WHY, "%s", strerror(err));
	return !err;
}

static int radsec_begin(struct radsec *c, const struct config_tls *tls)
{
	gnutls_typed_vdata_st expected[] = {
		{ GNUTLS_DT_DNS_HOSTNAME, (uint8_t *)tls->name, 0 },
		{ GNUTLS_DT_KEY_PURPOSE_OID, (uint8_t *)GNUTLS_KP_TLS_WWW_SERVER,
		  0 },
	};
	int err;

	err = gnutls_init(&c->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK |
				       GNUTLS_NO_SIGNAL);
	if (err) {
		c->session = NULL;
		return err;
	}
	err = gnutls_set_default_priority_append(c->session, RADSEC_VERSIONS,
						 NULL, 0);
	if (!err)
		err = gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE,
					     tls->credentials);
	/* RFC 6066 3: addresses are not for it. */
	if (!err && !kbng_is_address(tls->name))
		err = gnutls_server_name_set(c->session, GNUTLS_NAME_DNS,
					     tls->name, strlen(tls->name));
	gnutls_session_set_verify_cert2(c->session, expected, 2, 0);
	gnutls_transport_set_int(c->session, c->fd);
	return err;
}

struct radsec *radsec_open(const struct config_tls *tls, int fd,
			   const struct deadline *deadline, char *why)
{
	struct radsec *c = calloc(1, sizeof(*c));
	int err;

	if (!c) {
		snprintf(why, RADSEC_WHY, "out of memory");
		close(fd);
		return NULL;
	}
	c->fd = fd;
	if (!radsec_connected(c, deadline, why)) {
		radsec_close(c);
		return NULL;
	}
	err = radsec_begin(c, tls);
	while (!err && (err = gnutls_handshake(c->session)) < 0 &&
	       radsec_again(c, err, deadline))
		err = 0;
	if (!err)
		return c;
	if (radsec_waits(err))
		snprintf(why, RADSEC_WHY, "no TLS handshake in time");
	else if (err == GNUTLS_E_PREMATURE_TERMINATION)
		snprintf(why, RADSEC_WHY, "the server closed the connection in the TLS handshake");
	else
		radsec_explain(c, err, why);
	radsec_close(c);
	return NULL;
}

/* All @len octets of @request. */
static ssize_t radsec_send(struct radsec *c, const uint8_t *request, size_t len,
			   const struct deadline *deadline)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < len) {
		n = gnutls_record_send(c->session, request + sent, len - sent);
		if (n >= 0)
			sent += n;
		else if (!radsec_again(c, n, deadline))
			return n;
	}
	return sent;
}

/* Exactly @len octets to @buf; what is less is an error, 0 the end. */
static ssize_t radsec_receive(struct radsec *c, uint8_t *buf, size_t len,
			      const struct deadline *deadline)
{
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = gnutls_record_recv(c->session, buf + got, len - got);
		if (n > 0)
			got += n;
		else if (!n || !radsec_again(c, n, deadline))
			return n;
	}
	return got;
}

ssize_t radsec_ask(struct radsec *c, const uint8_t *request, size_t size,
		   uint8_t *answer, const struct deadline *deadline, char *why)
{
	size_t len = PACKET_HEADER;
	ssize_t n;

	n = radsec_send(c, request, size, deadline);
	if (n > 0)
		n = radsec_receive(c, answer, PACKET_HEADER, deadline);
	if (n > 0) {
		len = packet_length(answer);
		if (len < PACKET_HEADER || len > PACKET_MAX) {
			snprintf(why, RADSEC_WHY, "an answer of %zu octets",
				 len);
			return 0;
		}
	}
	if (n > 0 && len > PACKET_HEADER)
		n = radsec_receive(c, answer + PACKET_HEADER,
				   len - PACKET_HEADER, deadline);
	if (n > 0)
		return len;
	if (radsec_waits(n))
		return 0;
	radsec_explain(c, n, why);
	return -1;
}

void radsec_put(struct radsec **idle, struct radsec *c)
{
	c->next = *idle;
	*idle = c;
}

struct radsec *radsec_take(struct radsec **idle)
{
	struct radsec *c = *idle;

	if (c)
		*idle = c->next;
	return c;
}

bool radsec_stands(struct radsec *c)
{
	uint8_t octet;

	return radsec_waits(gnutls_record_recv(c->session, &octet, 1));
}

void radsec_close(struct radsec *c)
{
	if (c->session) {
		gnutls_bye(c->session, GNUTLS_SHUT_WR);
		gnutls_deinit(c->session);
	}
	close(c->fd);
	free(c);
}

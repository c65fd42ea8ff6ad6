// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bucket.h"
#include "coa_apply.h"
#include "coa_listen.h"
#include "lib/log.h"
#include "replay.h"
#include "yamlfile.h"

#define ERROR_CAUSE	101		/* RFC 5176 3.5 */
#define TELL_MS		10000		/* the same complaint again */

/* A server that may ask. */
struct client {
	const struct config_server *config;
	struct in6_addr addr;		/* IPv4 as ::ffff:a.b.c.d */
	struct bucket bucket;
};

static const char *const drop_reasons[COA_FATES] = {
	[COA_STRANGER] = "not one of radius.coa.clients",
	[COA_MALFORMED] = "malformed",
	[COA_FORGED] = "not made with our secret: compare the secret files",
	[COA_STALE] = "Event-Timestamp missing or out of the window: compare the clocks",
	[COA_RATE] = "more than radius.coa.rate a second",
};

struct coa_listen {
	struct kbngd *k;
	const struct config_coa *config;
	uv_udp_t socket;
	bool open;			/* @socket */
	struct client clients[CONFIG_SERVERS_MAX];
	struct replay *replay;
	uint64_t count[COA_FATES];
	uint64_t told[COA_FATES];	/* loop time, ms, of its warning */
	struct coa coa;			/* of the request in @packet */
	uint8_t packet[PACKET_MAX];
};

/* A datagram that came. */
struct request {
	struct client *client;
	const struct sockaddr *from;
	struct replay_key key;
	char name[INET6_ADDRSTRLEN];
};

/* Who sends what is not welcome can send it often: once in a while a line. */
static void coa_listen_drop(struct coa_listen *l, enum coa_fate why,
			    const char *from)
{
	uint64_t now = uv_now(&l->k->loop);

	l->count[why]++;
	if (l->told[why] && now - l->told[why] < TELL_MS)
		return;
	l->told[why] = now;
	kbng_warning("CoA datagram ignored address=%s reason=\"%s\" count=%llu",
		     from, drop_reasons[why],
		     (unsigned long long)l->count[why]);
}

static void coa_listen_source(struct replay_key *key, const struct sockaddr *sa)
{
	const struct sockaddr_in6 *v6 = (const void *)sa;
	const struct sockaddr_in *v4 = (const void *)sa;

	if (sa->sa_family == AF_INET6) {
		key->source = v6->sin6_addr;
		key->port = v6->sin6_port;
		return;
	}
	memset(&key->source, 0, sizeof(key->source));
	key->source.s6_addr[10] = key->source.s6_addr[11] = 0xff;
	memcpy(&key->source.s6_addr[12], &v4->sin_addr, 4);
	key->port = v4->sin_port;
}

static struct client *coa_listen_client(struct coa_listen *l,
					const struct in6_addr *source)
{
	uint32_t i;

	for (i = 0; i < l->config->clients_count; i++)
		if (!memcmp(&l->clients[i].addr, source, sizeof(*source)))
			return &l->clients[i];
	return NULL;
}

static bool coa_listen_current(const struct coa_listen *l, time_t now)
{
	const struct config_coa *c = l->config;
	int64_t age;

	if (!l->coa.timestamp)
		return c->must_stamp != YAMLFILE_YES;
	age = (int64_t)now - l->coa.timestamp;
	return age <= c->window && -age <= c->window;
}

static void coa_listen_send(struct coa_listen *l, const struct request *req,
			    const uint8_t *answer, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *)answer, len);
	int err = uv_udp_try_send(&l->socket, &buf, 1, req->from);

	if (err < 0)	/* the server asks again, and gets it then */
		kbng_debug("CoA answer not sent address=%s error=\"%s\"",
			   req->name, uv_strerror(err));
}

static size_t coa_listen_put(uint8_t *at, uint8_t type, uint32_t value)
{
	value = htonl(value);
	at[0] = type;
	at[1] = 6;
	memcpy(at + 2, &value, 4);
	return 6;
}

/*
 * Attributes of the answer, RFC 5176 3.6: Proxy-State as it came, and why. All
 * of Proxy-State fits, since the request had it besides some identification.
 */
static size_t coa_listen_attributes(const struct coa_listen *l,
				    enum coa_error error, uint8_t *attributes)
{
	const uint8_t *p = l->packet + PACKET_HEADER;
	const uint8_t *end = l->packet + packet_length(l->packet);
	size_t len = 0;

	if (error)
		len += coa_listen_put(attributes + len, ERROR_CAUSE, error);
	else if (l->coa.disconnect)
		len += coa_listen_put(attributes + len, PW_ACCT_TERMINATE_CAUSE,
				      KBNG_CAUSE_ADMIN_RESET);
	if (error == COA_REQUEST_INITIATED)
		len += coa_listen_put(attributes + len, PW_SERVICE_TYPE,
				      COA_AUTHORIZE_ONLY);
	for (; p < end; p += p[1])
		if (p[0] == PW_PROXY_STATE) {
			memcpy(attributes + len, p, p[1]);
			len += p[1];
		}
	return len;
}

static void coa_listen_answer(struct coa_listen *l, const struct request *req,
			      enum coa_error error, time_t now)
{
	uint8_t attributes[PACKET_MAX + 12], answer[PACKET_MAX];
	bool disconnect = l->coa.disconnect;
	uint8_t code;
	size_t len;

	if (disconnect)
		code = error ? PACKET_DISCONNECT_NAK : PACKET_DISCONNECT_ACK;
	else
		code = error ? PACKET_COA_NAK : PACKET_COA_ACK;
	len = coa_listen_attributes(l, error, attributes);
	len = packet_answer(answer, code, l->packet, attributes, len,
			    req->client->config->secret);
	l->count[error ? COA_NAK : COA_ACK]++;
	kbng_info("%s answered address=%s answer=%s error_cause=%d",
		  disconnect ? "Disconnect-Request" : "CoA-Request", req->name,
		  error ? "NAK" : "ACK", error);
	if (!len)
		return;
	replay_keep(l->replay, &req->key, req->key.stamped ?
		    l->coa.timestamp + (time_t)l->config->window :
		    now + REPLAY_RESENT_S, answer, len);
	coa_listen_send(l, req, answer, len);
}

/* A datagram of a client's, of @len octets in l->packet. */
static void coa_listen_take(struct coa_listen *l, struct request *req,
			    size_t len)
{
	const struct config_radius *radius = l->k->config->radius;
	time_t now = time(NULL);
	enum packet_verdict verdict;
	const uint8_t *answer;
	enum coa_error error;

	verdict = packet_verify_request(l->packet, len,
					req->client->config->secret,
					l->config->must_sign == YAMLFILE_YES);
	if (verdict == PACKET_MALFORMED ||
	    (l->packet[0] != PACKET_COA_REQUEST &&
	     l->packet[0] != PACKET_DISCONNECT_REQUEST)) {
		coa_listen_drop(l, COA_MALFORMED, req->name);
		return;
	}
	if (verdict != PACKET_GENUINE) {
		coa_listen_drop(l, COA_FORGED, req->name);
		return;
	}
	if (!bucket_take(&req->client->bucket, uv_now(&l->k->loop),
			 l->config->rate, l->config->rate)) {
		coa_listen_drop(l, COA_RATE, req->name);
		return;
	}
	error = coa_parse(&l->coa, l->packet, radius->rates,
			  radius->rates_count);
	if (!coa_listen_current(l, now)) {
		coa_listen_drop(l, COA_STALE, req->name);
		return;
	}
	req->key.authenticator = l->packet + 4;
	req->key.stamped = l->coa.timestamp;
	answer = replay_find(l->replay, &req->key, now, &len);
	if (answer) {
		l->count[COA_AGAIN]++;
		kbng_debug("CoA request came again address=%s", req->name);
		coa_listen_send(l, req, answer, len);
		return;
	}
	coa_listen_answer(l, req, error ? error : coa_apply(l->k, &l->coa),
			  now);
}

static void coa_listen_received(uv_udp_t *socket, ssize_t len,
				const uv_buf_t *buf,
				const struct sockaddr *from, unsigned int flags)
{
	struct coa_listen *l = socket->data;
	struct request req = { .from = from };

	(void)buf;
	if (!from || len < 0)
		return;			/* nothing more to read, for now */
	coa_listen_source(&req.key, from);
	uv_ip_name(from, req.name, sizeof(req.name));
	req.client = coa_listen_client(l, &req.key.source);
	if (!req.client)
		coa_listen_drop(l, COA_STRANGER, req.name);
	else if (flags & UV_UDP_PARTIAL)
		coa_listen_drop(l, COA_MALFORMED, req.name);
	else
		coa_listen_take(l, &req, len);
}

static void coa_listen_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	struct coa_listen *l = handle->data;

	(void)size;
	*buf = uv_buf_init((char *)l->packet, sizeof(l->packet));
}

/* @address and @port as the system wants them; it was checked. */
static void coa_listen_address(const char *address, uint32_t port,
			       struct sockaddr_in6 *sa)
{
	if (uv_ip4_addr(address, port, (struct sockaddr_in *)sa))
		uv_ip6_addr(address, port, sa);
}

int coa_listen_open(struct kbngd *k, struct coa_listen **listen, char *error,
		    size_t size)
{
	const struct config_coa *c = k->config->radius->coa;
	struct coa_listen *l = calloc(1, sizeof(*l));
	struct sockaddr_in6 sa = { 0 };
	struct replay_key key;
	uint32_t i;
	int err;

	*listen = l;
	if (!l || !(l->replay = replay_new())) {
		snprintf(error, size, "out of memory");
		return -1;
	}
	l->k = k;
	l->config = c;
	for (i = 0; i < c->clients_count; i++) {
		coa_listen_address(c->clients[i].address, 0, &sa);
		coa_listen_source(&key, (struct sockaddr *)&sa);
		l->clients[i].config = &c->clients[i];
		l->clients[i].addr = key.source;
	}
	uv_udp_init(&k->loop, &l->socket);
	l->open = true;
	l->socket.data = l;
	coa_listen_address(c->address, c->port, &sa);
	err = uv_udp_bind(&l->socket, (struct sockaddr *)&sa, 0);
	if (!err)
		err = uv_udp_recv_start(&l->socket, coa_listen_buffer,
					coa_listen_received);
	if (!err)
		return 0;
	snprintf(error, size, "cannot listen on radius.coa.address %s port %u: %s",
		 c->address, c->port, uv_strerror(err));
	return -1;
}

static void coa_listen_closed(uv_handle_t *handle)
{
	struct coa_listen *l = handle->data;

	replay_free(l->replay);
	free(l);
}

void coa_listen_close(struct coa_listen *l)
{
	if (!l)
		return;
	l->socket.data = l;
	if (l->open)
		uv_close((uv_handle_t *)&l->socket, coa_listen_closed);
	else
		coa_listen_closed((uv_handle_t *)&l->socket);
}

uint64_t coa_listen_count(const struct coa_listen *l, enum coa_fate fate)
{
	return l->count[fate];
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "kea.h"
#include "lib/log.h"
#include "timer.h"

#define ANSWER_MAX	(8U << 20)	/* octets; a page has less than a tenth */
#define CHUNK		65536

/* One question; a connection is good for one. */
struct ask {
	struct kea *kea;		/* NULL: nobody waits for it any more */
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_pipe_t pipe;		/* config->socket, or */
		uv_tcp_t tcp;
	};
	uv_connect_t connect;
	uv_write_t write;
	char *command, *answer;		/* as they go over the wire */
	size_t len, size;
};

struct kea {
	const struct config_kea *config;
	uv_loop_t *loop;
	uv_timer_t timer;
	struct ask *ask;
	kea_done_fn done;
	void *arg;
};

static void kea_ask_closed(uv_handle_t *handle)
{
	struct ask *ask = handle->data;

	if (ask->command)		/* the password is in it */
		explicit_bzero(ask->command, strlen(ask->command));
	free(ask->command);
	free(ask->answer);
	free(ask);
}

/* End the question; its memory goes with the connection. */
static void kea_ask_end(struct kea *kea)
{
	uv_timer_stop(&kea->timer);
	kea->ask->kea = NULL;
	uv_close(&kea->ask->handle, kea_ask_closed);
	kea->ask = NULL;
}

static void kea_fail(struct kea *kea, const char *why)
{
	kea_ask_end(kea);
	kea->done(-1, NULL, why, kea->arg);
}

static void kea_answered(struct kea *kea)
{
	const char *text = kea->ask->answer, *why = NULL;
	const json_t *answer, *result;
	size_t len = kea->ask->len;
	json_t *json;

	if (!kea->config->socket)
		why = http_answer(&text, &len);
	if (why) {
		kea_fail(kea, why);
		return;
	}
	json = json_loadb(text, len, 0, NULL);
	/* Over HTTP it is a list, of one answer for each service. */
	answer = json_is_array(json) ? json_array_get(json, 0) : json;
	result = json_object_get(answer, "result");
	kea_ask_end(kea);
	if (!json_is_integer(result))
		kea->done(-1, NULL, "the answer is not one of Kea's", kea->arg);
	else
		kea->done(json_integer_value(result), answer,
			  json_string_value(json_object_get(answer, "text")),
			  kea->arg);
	json_decref(json);
}

static void kea_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct ask *ask = handle->data;
	char *more;

	(void)suggested;
	if (ask->size - ask->len < CHUNK / 2 && ask->size < ANSWER_MAX) {
		more = realloc(ask->answer, ask->size * 2 + CHUNK);
		if (more) {
			ask->answer = more;
			ask->size = ask->size * 2 + CHUNK;
		}
	}
	*buf = uv_buf_init(ask->answer ? ask->answer + ask->len : NULL,
			   ask->size - ask->len);
}

/* Kea closes the connection behind its answer. */
static void kea_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct ask *ask = stream->data;

	(void)buf;
	if (!ask->kea)
		return;
	if (n > 0)
		ask->len += n;
	else if (n == UV_EOF && ask->len)
		kea_answered(ask->kea);
	else if (n == UV_ENOBUFS)
		kea_fail(ask->kea, "the answer is too long");
	else if (n < 0)
		kea_fail(ask->kea, uv_strerror(n));
}

static void kea_written(uv_write_t *write, int status)
{
	struct ask *ask = write->handle->data;

	if (status < 0 && ask->kea)
		kea_fail(ask->kea, uv_strerror(status));
}

static void kea_connected(uv_connect_t *connect, int status)
{
	struct ask *ask = connect->handle->data;
	uv_buf_t buf;

	if (!ask->kea)
		return;
	if (status < 0) {
		kea_fail(ask->kea, uv_strerror(status));
		return;
	}
	buf = uv_buf_init(ask->command, strlen(ask->command));
	uv_write(&ask->write, connect->handle, &buf, 1, kea_written);
	uv_read_start(connect->handle, kea_alloc, kea_read);
}

static void kea_timeout(uv_timer_t *timer)
{
	struct kea *kea = timer->data;

	if (kea->ask)
		kea_fail(kea, "no answer in time");
	else				/* there was no memory to ask with */
		kea->done(-1, NULL, "out of memory", kea->arg);
}

static char *kea_command(const struct config_kea *c, json_t *command)
{
	char *text, *request;

	if (!c->socket)
		json_object_set_new(command, "service", json_pack("[s]",
								  "dhcp4"));
	text = json_dumps(command, JSON_COMPACT);
	if (c->socket || !text)
		return text;
	request = http_request(c->host, c->port, c->user, c->password, text);
	free(text);
	return request;
}

static void kea_connect(struct kea *kea, struct ask *ask)
{
	const struct config_kea *c = kea->config;
	struct sockaddr_storage addr;
	int err;

	if (c->socket) {
		uv_pipe_init(kea->loop, &ask->pipe, 0);
		uv_pipe_connect(&ask->connect, &ask->pipe, c->socket,
				kea_connected);
		return;
	}
	if (uv_ip4_addr(c->host, c->port, (struct sockaddr_in *)&addr))
		uv_ip6_addr(c->host, c->port, (struct sockaddr_in6 *)&addr);
	uv_tcp_init(kea->loop, &ask->tcp);
	err = uv_tcp_connect(&ask->connect, &ask->tcp,
			     (struct sockaddr *)&addr, kea_connected);
	if (err)			/* the time limit tells of it */
		kbng_debug("Kea cannot be connected to: %s", uv_strerror(err));
}

void kea_ask(struct kea *kea, json_t *command)
{
	struct ask *ask = calloc(1, sizeof(*ask));

	if (ask)
		ask->command = kea_command(kea->config, command);
	json_decref(command);
	if (!ask || !ask->command) {
		free(ask);
		uv_timer_start(&kea->timer, kea_timeout, 0, 0);
		return;
	}
	ask->kea = kea;
	kea->ask = ask;
	kea_connect(kea, ask);
	ask->handle.data = ask;
	uv_timer_start(&kea->timer, kea_timeout, kea->config->timeout * 1000ULL,
		       0);
}

struct kea *kea_open(const struct config_kea *config, uv_loop_t *loop,
		     kea_done_fn done, void *arg)
{
	struct kea *kea = calloc(1, sizeof(*kea));

	if (!kea)
		return NULL;
	kea->config = config;
	kea->loop = loop;
	kea->done = done;
	kea->arg = arg;
	uv_timer_init(loop, &kea->timer);
	kea->timer.data = kea;
	return kea;
}

void kea_close(struct kea *kea)
{
	if (!kea)
		return;
	if (kea->ask)
		kea_ask_end(kea);
	timer_free(&kea->timer);
}

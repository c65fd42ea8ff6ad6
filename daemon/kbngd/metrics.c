// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exposition.h"
#include "metrics.h"

#define CONNECTIONS_MAX	16
#define TIMEOUT_S	10		/* that a connection may be idle */
#define TICK_MS		1000		/* at which timeouts are looked at */

struct metrics {
	struct kbngd *k;
	struct MHD_Daemon *http;
	uv_poll_t poll;
	uv_timer_t timer;
	unsigned int open;		/* handles that are not closed */
};

static enum MHD_Result metrics_answer(struct MHD_Connection *connection,
				      unsigned int status, char *text,
				      size_t len)
{
	struct MHD_Response *response;
	enum MHD_Result ok;

	response = MHD_create_response_from_buffer(len, text,
						   MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
				"text/plain; version=0.0.4; charset=utf-8");
	ok = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return ok;
}

static enum MHD_Result metrics_request(void *arg,
				       struct MHD_Connection *connection,
				       const char *url, const char *method,
				       const char *version, const char *upload,
				       size_t *upload_size, void **state)
{
	struct metrics *m = arg;
	size_t len;
	char *text;

	(void)version;
	(void)upload;
	(void)state;
	if (*upload_size || strcmp(method, MHD_HTTP_METHOD_GET))
		return MHD_NO;
	if (strcmp(url, "/metrics"))
		return metrics_answer(connection, MHD_HTTP_NOT_FOUND,
				      strdup("metrics are at /metrics\n"), 24);
	text = exposition_text(m->k, &len);
	return text ? metrics_answer(connection, MHD_HTTP_OK, text, len) :
		      MHD_NO;
}

static void metrics_readable(uv_poll_t *poll, int status, int events)
{
	struct metrics *m = poll->data;

	(void)status;
	(void)events;
	MHD_run(m->http);
}

static void metrics_tick(uv_timer_t *timer)
{
	struct metrics *m = timer->data;

	MHD_run(m->http);
}

static struct MHD_Daemon *metrics_listen(struct metrics *m,
					 const struct config_metrics *c)
{
	struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(c->port),
	};
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_port = htons(c->port),
	};
	bool ipv6 = inet_pton(AF_INET6, c->address, &in6.sin6_addr) == 1;

	inet_pton(AF_INET, c->address, &in.sin_addr);
	return MHD_start_daemon(MHD_USE_EPOLL | (ipv6 ? MHD_USE_IPv6 : 0),
				c->port, NULL, NULL, metrics_request, m,
				MHD_OPTION_SOCK_ADDR,
				ipv6 ? (struct sockaddr *)&in6 :
				       (struct sockaddr *)&in,
				MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
				MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S,
				MHD_OPTION_END);
}

int metrics_open(struct kbngd *k, struct metrics **metrics, char *error,
		 size_t size)
{
	const struct config_metrics *c = k->config->metrics;
	const union MHD_DaemonInfo *info;
	struct metrics *m;

	if (!c)
		return 0;
	m = calloc(1, sizeof(*m));
	if (m)
		m->http = metrics_listen(m, c);
	if (!m || !m->http) {
		free(m);
		snprintf(error, size, "metrics: cannot listen on %s port %u: give an address of this machine and a port that is free",
			 c->address, c->port);
		return -1;
	}
	m->k = k;
	info = MHD_get_daemon_info(m->http, MHD_DAEMON_INFO_EPOLL_FD);
	uv_poll_init(&k->loop, &m->poll, info->epoll_fd);
	uv_timer_init(&k->loop, &m->timer);
	m->poll.data = m->timer.data = m;
	m->open = 2;
	uv_poll_start(&m->poll, UV_READABLE, metrics_readable);
	uv_timer_start(&m->timer, metrics_tick, TICK_MS, TICK_MS);
	*metrics = m;
	return 0;
}

static void metrics_closed(uv_handle_t *handle)
{
	struct metrics *m = handle->data;

	if (--m->open)
		return;
	MHD_stop_daemon(m->http);
	free(m);
}

void metrics_close(struct metrics *m)
{
	if (!m)
		return;
	uv_close((uv_handle_t *)&m->poll, metrics_closed);
	uv_close((uv_handle_t *)&m->timer, metrics_closed);
}

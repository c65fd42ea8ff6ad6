// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "lib/control.h"
#include "lib/log.h"
#include "node.h"
#include "recent.h"
#include "reconcile.h"
#include "reload.h"
#include "status.h"
#include "trace.h"

#define CALLS_MAX	32		/* connections at a time */

struct control_call {
	struct control_call *next;
	struct control *control;
	uv_poll_t poll;
	int fd;
};

struct control {
	struct kbngd *k;
	uv_poll_t poll;
	int fd;
	struct control_call *calls;
	unsigned int n;
};

static const struct {
	const char *name;
	void (*run)(struct kbngd *k, struct control_call *call,
		    const json_t *request);
} commands[] = {
	{ "events", recent_call },
	{ "nodes", nodes_call },
	{ "reconcile", reconcile_call },
	{ "reload", reload_call },
	{ "status", status_call },
	{ "trace", trace_call },
};

static void control_call_closed(uv_handle_t *handle)
{
	struct control_call *call = handle->data;

	close(call->fd);
	free(call);
}

static void control_hang_up(struct control_call *call)
{
	struct control_call **at = &call->control->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	call->control->n--;
	uv_close((uv_handle_t *)&call->poll, control_call_closed);
}

void control_answer(struct control_call *call, json_t *answer)
{
	char *text = json_dumps(answer, JSON_COMPACT);
	size_t len = text ? strlen(text) : 0;

	json_decref(answer);
	if (!text || len > KBNG_CONTROL_MAX) {
		free(text);
		control_refuse(call, "the answer is too long");
		return;
	}
	/* Who does not want it any more has hung up: nothing is wrong. */
	if (send(call->fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		kbng_debug("control: answer not taken: %s", strerror(errno));
	free(text);
	control_hang_up(call);
}

void control_refuse(struct control_call *call, const char *fmt, ...)
{
	char why[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	control_answer(call, json_pack("{s:s+}", "error", why, ""));
}

static void control_run(struct control_call *call, const json_t *request)
{
	const char *name = json_string_value(json_object_get(request,
							     "command"));
	size_t i;

	for (i = 0; name && i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(commands[i].name, name)) {
			commands[i].run(call->control->k, call, request);
			return;
		}
	control_refuse(call, "kbngd " KBNG_VERSION " does not know this command");
}

static void control_readable(uv_poll_t *poll, int status, int events)
{
	static char buf[KBNG_CONTROL_MAX];
	struct control_call *call = poll->data;
	json_t *request;
	ssize_t n;

	(void)status;
	(void)events;
	n = recv(call->fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	uv_poll_stop(poll);		/* one question a call */
	if (n <= 0) {
		control_hang_up(call);
		return;
	}
	request = (size_t)n > sizeof(buf) ? NULL :
		  json_loadb(buf, n, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(request))
		control_run(call, request);
	else
		control_refuse(call, "not a JSON object of %d octets at most",
			       KBNG_CONTROL_MAX);
	json_decref(request);
}

static void control_accept(uv_poll_t *poll, int status, int events)
{
	struct control *c = poll->data;
	struct control_call *call;
	int fd;

	(void)status;
	(void)events;
	fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	call = c->n < CALLS_MAX && !kbng_control_trust(fd) ?
	       calloc(1, sizeof(*call)) : NULL;
	if (!call) {
		close(fd);
		return;
	}
	call->control = c;
	call->fd = fd;
	call->next = c->calls;
	c->calls = call;
	c->n++;
	uv_poll_init(&c->k->loop, &call->poll, fd);
	call->poll.data = call;
	uv_poll_start(&call->poll, UV_READABLE, control_readable);
}

/* Abstract names go with the process that holds them, however it ends. */
static int control_listen(void)
{
	struct sockaddr_un sun;
	socklen_t len = kbng_control_address(&sun);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	if (fd < 0)
		return -1;
	if (!bind(fd, (struct sockaddr *)&sun, len) && !listen(fd, CALLS_MAX))
		return fd;
	close(fd);
	return -1;
}

int control_open(struct kbngd *k, struct control **control, char *error,
		 size_t size)
{
	struct control *c = calloc(1, sizeof(*c));

	if (c)
		c->fd = control_listen();
	if (!c || c->fd < 0) {
		snprintf(error, size, "%s", errno == EADDRINUSE ?
			 "another kbngd runs in this network namespace: stop it first" :
			 strerror(errno));
		free(c);
		return -1;
	}
	c->k = k;
	uv_poll_init(&k->loop, &c->poll, c->fd);
	c->poll.data = c;
	uv_poll_start(&c->poll, UV_READABLE, control_accept);
	*control = c;
	return 0;
}

static void control_closed(uv_handle_t *handle)
{
	struct control *c = handle->data;

	close(c->fd);
	free(c);
}

void control_close(struct control *c)
{
	if (!c)
		return;
	while (c->calls)
		control_hang_up(c->calls);
	uv_close((uv_handle_t *)&c->poll, control_closed);
}

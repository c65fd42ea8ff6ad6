// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "exchange.h"
#include "lib/log.h"

/* A UDP socket connected to @server: strangers' datagrams do not reach it. */
static int exchange_connect(const struct config_server *server)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	const void *sa = &v4;
	socklen_t len = sizeof(v4);
	int fd;

	if (inet_pton(AF_INET, server->address, &v4.sin_addr) != 1) {
		inet_pton(AF_INET6, server->address, &v6.sin6_addr);
		sa = &v6;
		len = sizeof(v6);
	}
	v4.sin_port = v6.sin6_port = htons(server->port);
	fd = socket(*(const sa_family_t *)sa, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, sa, len) < 0) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		kbng_warning("RADIUS server cannot be reached address=%s error=\"%s\"",
			     server->address, strerror(errno));
	return fd;
}

static int64_t exchange_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static bool exchange_genuine(const struct exchange *ex,
			     const struct config_server *server,
			     const uint8_t *request, const uint8_t *answer,
			     size_t len)
{
	bool access = request[0] == PW_ACCESS_REQUEST;
	enum packet_verdict v;
	const char *why;

	v = packet_verify(request, answer, len, server->secret,
			  ex->must_sign && access);
	if (v == PACKET_GENUINE) {
		if (access ? answer[0] == PW_ACCESS_ACCEPT ||
			     answer[0] == PW_ACCESS_REJECT ||
			     answer[0] == PW_ACCESS_CHALLENGE :
			     answer[0] == PW_ACCOUNTING_RESPONSE)
			return true;
		why = "unexpected code";
	} else if (v == PACKET_STRAY) {
		return false;	/* a late answer to an earlier try */
	} else {
		why = v == PACKET_MALFORMED ? "malformed" :
		      "not made with our secret: compare the secret files";
	}
	kbng_warning("RADIUS answer ignored address=%s reason=\"%s\"",
		     server->address, why);
	return false;
}

/* Wait for an answer to one try. Its length, 0: none came, -1: give up. */
static ssize_t exchange_wait(const struct exchange *ex,
			     const struct config_server *server, int fd,
			     const uint8_t *request, uint8_t *answer)
{
	int64_t end = exchange_now_ms() + ex->timeout * 1000LL, left;
	struct pollfd p[2] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = ex->stop_fd, .events = POLLIN },
	};
	ssize_t len;

	while ((left = end - exchange_now_ms()) > 0) {
		if (poll(p, 2, left) < 0 && errno != EINTR)
			return -1;
		if (p[1].revents)
			return -1;
		if (!p[0].revents)
			continue;
		len = recv(fd, answer, PACKET_MAX, 0);
		if (len < 0 && errno == ECONNREFUSED)
			return -1;	/* nobody listens: ask the next */
		if (len > 0 && exchange_genuine(ex, server, request, answer,
						len))
			return packet_length(answer);
	}
	return 0;
}

static size_t exchange_server(const struct exchange *ex,
			      const struct config_server *server, uint8_t code,
			      const VALUE_PAIR *pairs, uint8_t *answer)
{
	uint8_t request[PACKET_MAX], id;
	unsigned int try;
	ssize_t len = 0;
	size_t size;
	int fd;

	if (getrandom(&id, 1, 0) != 1)
		return 0;
	size = packet_encode(request, code, id, pairs, server->secret);
	if (!size) {
		kbng_error("RADIUS request does not fit a packet");
		return 0;
	}
	fd = exchange_connect(server);
	if (fd < 0)
		return 0;
	for (try = 0; try <= ex->retries && !len; try++) {
		if (send(fd, request, size, 0) < 0)
			kbng_debug("RADIUS send address=%s error=\"%s\"",
				   server->address, strerror(errno));
		len = exchange_wait(ex, server, fd, request, answer);
	}
	close(fd);
	return len > 0 ? len : 0;
}

size_t exchange_run(struct exchange *ex, uint8_t code, const VALUE_PAIR *pairs,
		    uint8_t *answer)
{
	unsigned int first = atomic_load(&ex->first), i, at;
	struct pollfd stop = { .fd = ex->stop_fd, .events = POLLIN };
	size_t len;

	for (i = 0; i < ex->n; i++) {
		if (poll(&stop, 1, 0) > 0)
			return 0;
		at = (first + i) % ex->n;
		len = exchange_server(ex, &ex->servers[at], code, pairs,
				      answer);
		if (len) {
			if (i)
				atomic_store(&ex->first, at);
			return len;
		}
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "deadline.h"
#include "exchange_private.h"

#define GATHER_NS	2000000		/* for more answers than one */

/** struct many - requests under way */
struct many {
	struct exchange *ex;
	struct exchange_one *ones;
	unsigned int n;
	unsigned int left;		/* sent, and no answer yet */
	struct pollfd fds[CONFIG_SERVERS_MAX + 1];	/* the last: stop_fd */
	void (*done)(struct exchange_one *one, const uint8_t *answer,
		     size_t len, void *arg);
	void *arg;
	uint8_t answers[EXCHANGE_MANY][PACKET_MAX];
};

static void many_prepare(struct many *m, uint8_t code, uint8_t id)
{
	uint64_t now = deadline_now_ms();
	struct exchange_one *one;
	unsigned int i, server;
	char why[RADSEC_WHY];

	for (i = 0; i < m->n; i++) {
		one = &m->ones[i];
		one->size = 0;
		one->answered = false;
		if (!exchange_begin(m->ex, one->key, now, &server))
			continue;
		one->tried.server = server;
		one->tried.tries = 1;
		if (m->fds[server].fd < 0)
			m->fds[server].fd =
				exchange_connect(&m->ex->servers[server], why);
		if (m->fds[server].fd >= 0)
			one->size = packet_encode(one->octets, code, id + i,
						  one->pairs,
						  m->ex->servers[server].secret);
	}
}

/* Nobody listens there: its tries are over. */
static void many_refused(struct many *m, unsigned int server)
{
	struct exchange_one *one;
	unsigned int i;

	for (i = 0; i < m->n; i++) {
		one = &m->ones[i];
		if (!one->size || one->answered || one->tried.server != server)
			continue;
		one->tried.tries = m->ex->retries + 1;
		one->size = 0;
		m->left--;
	}
}

/* Those for @server. What cannot be sent is as good as lost on its way. */
static void many_send(struct many *m, unsigned int server)
{
	struct mmsghdr out[EXCHANGE_MANY] = { 0 };
	struct iovec iov[EXCHANGE_MANY];
	struct exchange_one *one;
	unsigned int i, n = 0;
	int sent;

	for (i = 0; i < m->n; i++) {
		one = &m->ones[i];
		if (!one->size || one->tried.server != server)
			continue;
		iov[n].iov_base = one->octets;
		iov[n].iov_len = one->size;
		out[n].msg_hdr.msg_iov = &iov[n];
		out[n++].msg_hdr.msg_iovlen = 1;
		m->left++;
	}
	for (i = 0; i < n; i += sent) {
		sent = sendmmsg(m->fds[server].fd, out + i, n - i, 0);
		if (sent > 0)
			continue;
		if (errno == ECONNREFUSED)
			many_refused(m, server);
		return;
	}
}

static void many_answer(struct many *m, unsigned int server,
			const uint8_t *answer, size_t len)
{
	struct exchange_one *one;
	unsigned int i;

	for (i = 0; i < m->n; i++) {
		one = &m->ones[i];
		if (!one->size || one->answered ||
		    one->tried.server != server || len < PACKET_HEADER ||
		    one->octets[1] != answer[1])
			continue;
		if (!exchange_genuine(m->ex, &m->ex->servers[server],
				      one->octets, answer, len))
			return;
		one->answered = true;
		m->left--;
		exchange_learn(m->ex, server, NULL);
		m->done(one, answer, packet_length(answer), m->arg);
		return;
	}
}

static void many_receive(struct many *m, unsigned int server)
{
	struct mmsghdr in[EXCHANGE_MANY] = { 0 };
	struct iovec iov[EXCHANGE_MANY];
	int i, n;

	for (i = 0; i < EXCHANGE_MANY; i++) {
		iov[i].iov_base = m->answers[i];
		iov[i].iov_len = PACKET_MAX;
		in[i].msg_hdr.msg_iov = &iov[i];
		in[i].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(m->fds[server].fd, in, EXCHANGE_MANY, MSG_DONTWAIT, NULL);
	if (n < 0 && errno == ECONNREFUSED)
		many_refused(m, server);
	for (i = 0; i < n; i++)
		many_answer(m, server, m->answers[i], in[i].msg_len);
}

/* Until all are answered, time is over or nobody wants to know any more. */
static void many_wait(struct many *m)
{
	const struct timespec gather = { .tv_nsec = GATHER_NS };
	int64_t end = deadline_now_ms() + m->ex->timeout * 1000LL, time;
	struct pollfd *stop = &m->fds[CONFIG_SERVERS_MAX];
	unsigned int i;
	int n;

	while (m->left && (time = end - deadline_now_ms()) > 0) {
		n = poll(m->fds, CONFIG_SERVERS_MAX + 1, time);
		if ((n < 0 && errno != EINTR) || (n > 0 && stop->revents))
			return;
		if (n <= 0)
			continue;
		if (m->left > 1)
			nanosleep(&gather, NULL);
		for (i = 0; i < CONFIG_SERVERS_MAX; i++)
			if (m->fds[i].revents)
				many_receive(m, i);
		m->done(NULL, NULL, 0, m->arg);
	}
}

void exchange_many(struct exchange *ex, uint8_t code, struct exchange_one *ones,
		   unsigned int n,
		   void (*done)(struct exchange_one *one, const uint8_t *answer,
				size_t len, void *arg), void *arg)
{
	struct many m = { .ex = ex, .ones = ones, .n = n, .done = done,
			  .arg = arg };
	unsigned int i;
	uint8_t id;

	for (i = 0; i < CONFIG_SERVERS_MAX; i++) {
		m.fds[i].fd = -1;
		m.fds[i].events = POLLIN;
	}
	m.fds[i].fd = ex->stop_fd;
	m.fds[i].events = POLLIN;
	if (getrandom(&id, 1, 0) != 1)
		return;
	many_prepare(&m, code, id);
	for (i = 0; i < CONFIG_SERVERS_MAX; i++)
		if (m.fds[i].fd >= 0)
			many_send(&m, i);
	many_wait(&m);
	for (i = 0; i < CONFIG_SERVERS_MAX; i++)
		if (m.fds[i].fd >= 0)
			close(m.fds[i].fd);
}

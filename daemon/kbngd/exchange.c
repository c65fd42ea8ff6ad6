// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "deadline.h"
#include "exchange_private.h"
#include "lib/log.h"

/* @address and @port; it was checked to be one. */
static socklen_t exchange_address(const char *address, uint32_t port,
				  struct sockaddr_in6 *sa)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)sa;

	memset(sa, 0, sizeof(*sa));
	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	inet_pton(AF_INET6, address, &sa->sin6_addr);
	sa->sin6_family = AF_INET6;
	sa->sin6_port = htons(port);
	return sizeof(*sa);
}

int exchange_connect(const struct config_server *server, char *why)
{
	int type = server->tls ? SOCK_STREAM | SOCK_NONBLOCK : SOCK_DGRAM;
	struct sockaddr_in6 to, from;
	socklen_t to_len = exchange_address(server->address, server->port, &to);
	socklen_t from_len = 0;
	int fd;

	if (server->source)
		from_len = exchange_address(server->source, 0, &from);
	fd = socket(to.sin6_family, type | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    (server->device &&
	     setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, server->device,
			strlen(server->device)) < 0) ||
	    (from_len && bind(fd, (struct sockaddr *)&from, from_len) < 0) ||
	    (connect(fd, (struct sockaddr *)&to, to_len) < 0 &&
	     errno != EINPROGRESS)) {
		snprintf(why, RADSEC_WHY, "%s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

bool exchange_genuine(const struct exchange *ex,
		      const struct config_server *server,
		      const uint8_t *request, const uint8_t *answer, size_t len)
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
	struct deadline deadline = {
		.end = deadline_now_ms() + ex->timeout * 1000LL,
		.stop_fd = ex->stop_fd,
	};
	ssize_t len;
	int ready;

	while ((ready = deadline_wait(&deadline, fd, POLLIN)) > 0) {
		len = recv(fd, answer, PACKET_MAX, 0);
		if (len < 0 && errno == ECONNREFUSED)
			return -1;	/* nobody listens: ask the next */
		if (len > 0 && exchange_genuine(ex, server, request, answer,
						len))
			return packet_length(answer);
	}
	return ready;
}

/* From number @try on. */
static size_t exchange_udp(const struct exchange *ex,
			   const struct config_server *server,
			   unsigned int try, const uint8_t *request,
			   size_t size, uint8_t *answer, char *why)
{
	ssize_t len = 0;
	int fd;

	if (try > ex->retries)
		return 0;
	fd = exchange_connect(server, why);
	if (fd < 0)
		return 0;
	for (; try <= ex->retries && !len; try++) {
		if (send(fd, request, size, 0) < 0)
			kbng_debug("RADIUS send address=%s error=\"%s\"",
				   server->address, strerror(errno));
		len = exchange_wait(ex, server, fd, request, answer);
	}
	close(fd);
	return len > 0 ? len : 0;
}

/* An idle connection to server @i that still stands, or NULL. */
static struct radsec *exchange_take(struct exchange *ex, unsigned int i)
{
	struct radsec *c;

	for (;;) {
		pthread_mutex_lock(&ex->lock);
		c = radsec_take(&ex->idle[i]);
		pthread_mutex_unlock(&ex->lock);
		if (!c || radsec_stands(c))
			return c;
		radsec_close(c);
	}
}

/*
 * A new connection to server @i. If what is sent over it, from the first SYN on,
 * is not acknowledged for one timeout it is lost: an old one then leaves time
 * for another.
 */
static struct radsec *exchange_open(const struct exchange *ex, unsigned int i,
				    const struct deadline *deadline, char *why)
{
	const struct config_server *server = &ex->servers[i];
	unsigned int lost = ex->timeout * 1000;
	int fd, one = 1;

	fd = exchange_connect(server, why);
	if (fd < 0)
		return NULL;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &lost, sizeof(lost));
	return radsec_open(server->tls, fd, deadline, why);
}

/*
 * TCP repeats what is lost, so nothing is sent twice over a connection (RFC
 * 6613 2.6.1): its time is that of all tries over UDP. But a connection of
 * earlier may be lost without our knowing; then a new one is tried.
 */
static size_t exchange_tls(struct exchange *ex, unsigned int i,
			   const uint8_t *request, size_t size, uint8_t *answer,
			   char *why)
{
	struct deadline deadline = {
		.end = deadline_now_ms() +
		       ex->timeout * 1000LL * (ex->retries + 1),
		.stop_fd = ex->stop_fd,
	};
	struct radsec *c = exchange_take(ex, i);
	ssize_t len = -1;

	if (c) {
		len = radsec_ask(c, request, size, answer, &deadline, why);
		if (len < 0)
			radsec_close(c);
	}
	if (len < 0) {
		c = exchange_open(ex, i, &deadline, why);
		if (!c)
			return 0;
		len = radsec_ask(c, request, size, answer, &deadline, why);
	}
	if (len > 0 &&
	    !exchange_genuine(ex, &ex->servers[i], request, answer, len)) {
		snprintf(why, RADSEC_WHY, "its answer is not genuine");
		len = 0;
	}
	if (len <= 0) {
		radsec_close(c);
		return 0;
	}
	pthread_mutex_lock(&ex->lock);
	radsec_put(&ex->idle[i], c);
	pthread_mutex_unlock(&ex->lock);
	return len;
}

static size_t exchange_server(struct exchange *ex, unsigned int i,
			      unsigned int try, uint8_t code,
			      const VALUE_PAIR *pairs, uint8_t *answer,
			      char *why)
{
	const struct config_server *server = &ex->servers[i];
	uint8_t request[PACKET_MAX], id;
	size_t size;

	snprintf(why, RADSEC_WHY, "no answer");
	if (getrandom(&id, 1, 0) != 1)
		return 0;
	size = packet_encode(request, code, id, pairs, server->secret);
	if (!size) {
		kbng_error("RADIUS request does not fit a packet");
		return 0;
	}
	if (server->tls)
		return exchange_tls(ex, i, request, size, answer, why);
	return exchange_udp(ex, server, try, request, size, answer, why);
}

bool exchange_is_dead(const struct exchange_state *state)
{
	return state->dead_until > (uint64_t)deadline_now_ms();
}

struct exchange_state exchange_state(struct exchange *ex, unsigned int i)
{
	struct exchange_state state;

	pthread_mutex_lock(&ex->lock);
	state = ex->state[i];
	pthread_mutex_unlock(&ex->lock);
	return state;
}

bool exchange_all_dead(struct exchange *ex)
{
	struct exchange_state state;
	unsigned int i;

	for (i = 0; i < ex->n; i++) {
		state = exchange_state(ex, i);
		if (!exchange_is_dead(&state))
			return false;
	}
	return true;
}

/*
 * Whether to ask server @i in this round: first those that live, then the dead.
 * The one that finds its time over asks for all: to the others it stays dead.
 */
static bool exchange_turn(struct exchange *ex, unsigned int i, bool dead,
			  bool *limited)
{
	uint64_t now = deadline_now_ms();
	struct exchange_state *state = &ex->state[i];
	bool ask = false;

	pthread_mutex_lock(&ex->lock);
	if ((state->dead_until > now) == dead) {
		ask = bucket_take(&state->bucket, now, ex->rate, ex->burst);
		*limited |= !ask && !dead;
		if (!ask)
			state->refused++;
		else if (state->dead_until && !dead)
			state->dead_until = now + ex->dead_time * 1000ULL;
		state->asked += ask;
	}
	pthread_mutex_unlock(&ex->lock);
	return ask;
}

void exchange_learn(struct exchange *ex, unsigned int i, const char *trouble)
{
	struct exchange_state *state = &ex->state[i];
	bool was_dead, changed;

	pthread_mutex_lock(&ex->lock);
	was_dead = state->dead_until;
	changed = strcmp(state->trouble, trouble ? trouble : "");
	snprintf(state->trouble, sizeof(state->trouble), "%s",
		 trouble ? trouble : "");
	state->answered += !trouble;
	state->dead_until = trouble ? deadline_now_ms() +
				      ex->dead_time * 1000ULL : 0;
	pthread_mutex_unlock(&ex->lock);
	if (!trouble && was_dead)
		kbng_notice("RADIUS server answers again address=%s port=%u",
			    ex->servers[i].address, ex->servers[i].port);
	else if (trouble && changed)
		kbng_notice("RADIUS server does not answer address=%s port=%u reason=\"%s\"",
			    ex->servers[i].address, ex->servers[i].port,
			    trouble);
}

/*
 * Who is asked first, second, ...: one of those that have a weight, by these and
 * by @key, then one of the others of them, and so on; then the rest as listed.
 */
static void exchange_order(const struct exchange *ex, uint64_t key,
			   unsigned int *order)
{
	bool taken[CONFIG_SERVERS_MAX] = { false };
	unsigned int n, i;
	uint64_t left;

	for (n = 0; n < ex->n; n++) {
		left = 0;
		for (i = 0; i < ex->n; i++)
			left += taken[i] ? 0 : ex->servers[i].weight;
		/* Knuth's: each turn has other bits of the same key. */
		key = key * 6364136223846793005ULL + 1442695040888963407ULL;
		left = left ? (key >> 32) % left + 1 : 0;
		for (i = 0; taken[i] || left > ex->servers[i].weight; i++)
			left -= taken[i] ? 0 : ex->servers[i].weight;
		taken[i] = true;
		order[n] = i;
	}
}

bool exchange_begin(struct exchange *ex, uint64_t key, uint64_t now,
		    unsigned int *server)
{
	unsigned int order[CONFIG_SERVERS_MAX], n = 0;
	struct exchange_state *state;
	bool begun = false;

	exchange_order(ex, key, order);
	pthread_mutex_lock(&ex->lock);
	while (n + 1 < ex->n && ex->state[order[n]].dead_until > now)
		n++;
	state = &ex->state[order[n]];
	if (!state->dead_until && !ex->servers[order[n]].tls)
		begun = bucket_take(&state->bucket, now, ex->rate, ex->burst);
	state->asked += begun;
	pthread_mutex_unlock(&ex->lock);
	*server = order[n];
	return begun;
}

/* Ask server @i and learn from it. Its answer's length, 0: none, -1: give up. */
static ssize_t exchange_ask(struct exchange *ex, unsigned int i,
			    unsigned int try, uint8_t code,
			    const VALUE_PAIR *pairs, uint8_t *answer)
{
	struct pollfd stop = { .fd = ex->stop_fd, .events = POLLIN };
	char why[RADSEC_WHY];
	size_t len;

	len = exchange_server(ex, i, try, code, pairs, answer, why);
	if (!len && poll(&stop, 1, 0) > 0)
		return -1;
	exchange_learn(ex, i, len ? NULL : why);
	return len;
}

size_t exchange_run(struct exchange *ex, uint8_t code, const VALUE_PAIR *pairs,
		    uint64_t key, const struct exchange_tried *tried,
		    uint8_t *answer, bool *limited)
{
	bool asked[CONFIG_SERVERS_MAX] = { false };
	unsigned int order[CONFIG_SERVERS_MAX];
	struct exchange_state state = exchange_state(ex, tried->server);
	unsigned int round, n, i;
	ssize_t len = 0;

	*limited = false;
	if (tried->tries && !exchange_is_dead(&state)) {
		asked[tried->server] = true;
		len = exchange_ask(ex, tried->server, tried->tries, code,
				   pairs, answer);
	}
	exchange_order(ex, key, order);
	for (round = 0; round < 2; round++)
		for (n = 0; n < ex->n && !len; n++) {
			i = order[n];
			if (asked[i] || !exchange_turn(ex, i, round, limited))
				continue;
			asked[i] = true;
			len = exchange_ask(ex, i, 0, code, pairs, answer);
		}
	return len > 0 ? len : 0;
}

void exchange_close(struct exchange *ex)
{
	struct radsec *c;
	unsigned int i;

	for (i = 0; i < ex->n; i++)
		while ((c = radsec_take(&ex->idle[i])))
			radsec_close(c);
}

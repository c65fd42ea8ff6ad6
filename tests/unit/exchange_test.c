// SPDX-License-Identifier: GPL-2.0-or-later
/* Which server is asked, with servers on loopback that answer or do not. */
#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../daemon/kbngd/exchange.c"

#define SECRET	"testing123"

static struct config_server servers[2];
static struct exchange ex;
static int fd[2];

static int listener(struct config_server *server)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t len = sizeof(sa);
	int sock = socket(AF_INET, SOCK_DGRAM, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(sock, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(getsockname(sock, (struct sockaddr *)&sa, &len), 0);
	server->address = "127.0.0.1";
	server->port = ntohs(sa.sin_port);
	server->secret = SECRET;
	return sock;
}

/* Two servers that have a port and say nothing. */
static int setup(void **state)
{
	(void)state;
	memset(&ex, 0, sizeof(ex));
	memset(servers, 0, sizeof(servers));
	fd[0] = listener(&servers[0]);
	fd[1] = listener(&servers[1]);
	ex.servers = servers;
	ex.n = 2;
	ex.timeout = 1;
	ex.dead_time = 600;
	ex.rate = 1000;
	ex.burst = 100;
	ex.stop_fd = eventfd(0, 0);
	return pthread_mutex_init(&ex.lock, NULL);
}

static int teardown(void **state)
{
	(void)state;
	close(fd[0]);
	close(fd[1]);
	close(ex.stop_fd);
	return 0;
}

/* Answers one request on the socket @arg. */
static void *answer_one(void *arg)
{
	uint8_t request[PACKET_MAX], answer[PACKET_MAX];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	int sock = *(int *)arg;
	size_t len;

	if (recvfrom(sock, request, sizeof(request), 0,
		     (struct sockaddr *)&from, &from_len) < PACKET_HEADER)
		return NULL;
	len = packet_answer(answer, PW_ACCESS_ACCEPT, request,
			    (const uint8_t *)"", 0, SECRET);
	sendto(sock, answer, len, 0, (struct sockaddr *)&from, from_len);
	return NULL;
}

/* Ask, while server @i answers; -1: none does. */
static bool limited;
static uint64_t key;
static struct exchange_tried tried;

static bool ask(int i)
{
	uint8_t answer[PACKET_MAX], waste[PACKET_MAX];
	pthread_t thread;
	size_t len;
	int j;

	for (j = 0; j < 2; j++)		/* what nobody wanted to hear */
		while (recv(fd[j], waste, sizeof(waste), MSG_DONTWAIT) > 0)
			;
	if (i >= 0)
		pthread_create(&thread, NULL, answer_one, &fd[i]);
	len = exchange_run(&ex, PW_ACCESS_REQUEST, NULL, key, &tried, answer,
			   &limited);
	if (i >= 0)
		pthread_join(thread, NULL);
	return len > 0;
}

static void asked_are(uint64_t first, uint64_t second)
{
	assert_int_equal(exchange_state(&ex, 0).asked, first);
	assert_int_equal(exchange_state(&ex, 1).asked, second);
}

static bool is_dead(unsigned int i)
{
	struct exchange_state state = exchange_state(&ex, i);

	return exchange_is_dead(&state);
}

static void test_order(void **state)
{
	(void)state;
	assert_true(ask(0));
	assert_true(ask(0));
	asked_are(2, 0);
	assert_false(is_dead(0));
	assert_int_equal(exchange_state(&ex, 0).answered, 2);
}

static void test_dead(void **state)
{
	(void)state;
	assert_true(ask(1));		/* the first is silent */
	asked_are(1, 1);
	assert_true(is_dead(0));
	assert_true(ask(1));		/* and spared */
	asked_are(1, 2);
	ex.state[0].dead_until = 1;	/* its time is over */
	assert_true(ask(0));
	asked_are(2, 2);
	assert_false(is_dead(0));
	assert_int_equal(ex.state[0].dead_until, 0);
}

/* All are dead: they are asked all the same, and so come back. */
static void test_all_dead(void **state)
{
	(void)state;
	assert_false(exchange_all_dead(&ex));
	assert_false(ask(-1));
	assert_false(limited);
	assert_true(is_dead(0));
	assert_true(is_dead(1));
	assert_true(exchange_all_dead(&ex));
	assert_true(ask(0));
	assert_false(is_dead(0));
	assert_false(exchange_all_dead(&ex));
	assert_true(is_dead(1));
}

static void test_rate(void **state)
{
	(void)state;
	ex.n = 1;
	ex.rate = 1;
	ex.burst = 1;
	assert_true(ask(0));
	assert_false(ask(-1));		/* at once: nothing is sent */
	assert_int_equal(exchange_state(&ex, 0).refused, 1);
	asked_are(1, 0);
	assert_true(limited);
	assert_false(is_dead(0));	/* it is not to blame */
}

/* Three of four go to the first; one session's always to the same. */
static void test_weight(void **state)
{
	unsigned int order[CONFIG_SERVERS_MAX], again[CONFIG_SERVERS_MAX];
	struct config_server list[4] = {
		{ .weight = 0 }, { .weight = 30 }, { .weight = 10 },
		{ .weight = 0 },
	};
	unsigned int first[4] = { 0 };
	struct exchange e = { .servers = list, .n = 4 };
	uint64_t random = 88172645463325252ULL;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		exchange_order(&e, random, order);
		exchange_order(&e, random, again);
		assert_memory_equal(order, again, 4 * sizeof(*order));
		assert_int_equal(order[0] + order[1], 1 + 2);
		assert_int_equal(order[2], 0);
		assert_int_equal(order[3], 3);
		first[order[0]]++;
	}
	assert_in_range(first[1], 74000, 76000);
	assert_int_equal(first[1] + first[2], 100000);
}

static void test_weight_dead(void **state)
{
	(void)state;
	servers[0].weight = 1;
	servers[1].weight = 1000;
	assert_true(ask(1));
	asked_are(0, 1);
	ex.state[1].dead_until = UINT64_MAX;
	assert_true(ask(0));
	asked_are(1, 1);
}

/* --- Many at once --- */

static struct exchange_one ones[EXCHANGE_MANY];
static unsigned int answered, turns;

static void one_done(struct exchange_one *one, const uint8_t *answer,
		     size_t len, void *arg)
{
	assert_ptr_equal(arg, &ex);
	if (!one) {
		turns++;
		return;
	}
	assert_int_equal(answer[0], PW_ACCESS_ACCEPT);
	assert_int_equal(answer[1], one->octets[1]);
	assert_true(len >= PACKET_HEADER);
	answered++;
}

/* Answers all but the first of @n requests, the last one first. */
static void *answer_many(void *arg)
{
	uint8_t request[EXCHANGE_MANY][PACKET_MAX], answer[PACKET_MAX];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	int i, n = *(int *)arg;
	size_t len;

	for (i = 0; i < n; i++)
		if (recvfrom(fd[0], request[i], sizeof(request[i]), 0,
			     (struct sockaddr *)&from, &from_len) < 0)
			return NULL;
	while (--n) {
		len = packet_answer(answer, PW_ACCESS_ACCEPT, request[n],
				    (const uint8_t *)"", 0, SECRET);
		sendto(fd[0], answer, len, 0, (struct sockaddr *)&from,
		       from_len);
	}
	return NULL;
}

static void ask_many(unsigned int n)
{
	unsigned int i;

	answered = turns = 0;
	for (i = 0; i < n; i++)
		ones[i] = (struct exchange_one) { .key = i };
	exchange_many(&ex, PW_ACCESS_REQUEST, ones, n, one_done, &ex);
}

static void test_many(void **state)
{
	uint8_t answer[PACKET_MAX];
	int n = EXCHANGE_MANY;
	pthread_t thread;

	(void)state;
	pthread_create(&thread, NULL, answer_many, &n);
	ask_many(n);
	pthread_join(thread, NULL);
	assert_int_equal(answered, n - 1);
	assert_in_range(turns, 1, n - 1);
	asked_are(n, 0);
	assert_int_equal(exchange_state(&ex, 0).answered, n - 1);
	assert_false(ones[0].answered);
	assert_true(ones[1].answered);
	assert_int_equal(ones[0].tried.tries, 1);
	/* That was its only try: the other server's turn. */
	pthread_create(&thread, NULL, answer_one, &fd[1]);
	assert_true(exchange_run(&ex, PW_ACCESS_REQUEST, NULL, 0,
				 &ones[0].tried, answer, &limited) > 0);
	pthread_join(thread, NULL);
	asked_are(n, 1);
	assert_true(is_dead(0));
	/* Another one that it has left out does not wait for it any more. */
	ex.retries = 10;
	ex.timeout = 60;
	pthread_create(&thread, NULL, answer_one, &fd[1]);
	assert_true(exchange_run(&ex, PW_ACCESS_REQUEST, NULL, 0,
				 &ones[0].tried, answer, &limited) > 0);
	pthread_join(thread, NULL);
	asked_are(n, 2);
}

/* Where nobody listens no time is lost. */
static void test_many_refused(void **state)
{
	int64_t began = deadline_now_ms();

	(void)state;
	ex.timeout = 60;
	ex.retries = 2;
	close(fd[0]);
	ask_many(5);
	assert_int_equal(answered, 0);
	assert_int_equal(ones[4].tried.tries, 3);
	assert_true(deadline_now_ms() - began < 30000);
	fd[0] = listener(&servers[0]);
}

/* What is not sent is for exchange_run(): the limit, a server that may be dead. */
static void test_many_unsent(void **state)
{
	(void)state;
	ex.burst = ex.rate = 2;
	ask_many(3);
	assert_int_equal(ones[1].tried.tries, 1);
	assert_int_equal(ones[2].tried.tries, 0);
	assert_int_equal(exchange_state(&ex, 0).refused, 0);
	asked_are(2, 0);
	ex.state[1].dead_until = 1;	/* its time is over */
	ex.state[0].dead_until = UINT64_MAX;
	ask_many(1);
	assert_int_equal(ones[0].tried.tries, 0);
	asked_are(2, 0);
}

/* All that are there go to the one that is left. */
static void test_many_dead(void **state)
{
	(void)state;
	ex.state[0].dead_until = UINT64_MAX;
	ask_many(2);
	asked_are(0, 2);
	assert_int_equal(ones[1].tried.server, 1);
}

static void test_source(void **state)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint8_t request[PACKET_MAX];

	(void)state;
	servers[0].source = "127.0.0.9";
	servers[0].device = "lo";
	ex.n = 1;
	assert_false(ask(-1));
	assert_true(recvfrom(fd[0], request, sizeof(request), 0,
			     (struct sockaddr *)&from, &len) > 0);
	assert_int_equal(from.sin_addr.s_addr, inet_addr("127.0.0.9"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dead, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_dead, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rate, setup, teardown),
		cmocka_unit_test(test_weight),
		cmocka_unit_test_setup_teardown(test_weight_dead, setup, teardown),
		cmocka_unit_test_setup_teardown(test_source, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_unsent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_dead, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

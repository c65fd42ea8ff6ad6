// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rtt ADDRESS COUNT INTERVAL_MS: round trip times of ICMP echoes, ms, a line
 * each, in the order of sending; "lost" for one without an answer within 2 s.
 * Unlike ping it keeps to its interval in virtual time.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define COUNT_MAX	65536
#define PATIENCE	2000		/* ms */

static double sent[COUNT_MAX];		/* ms */
static double trip[COUNT_MAX];		/* ms, 0: none yet */

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void echo(int fd, int seq)
{
	struct icmphdr icmp = { .type = ICMP_ECHO };

	icmp.un.echo.sequence = htons((uint16_t)seq);
	sent[seq] = now_ms();
	if (send(fd, &icmp, sizeof(icmp), 0) < 0 && errno != ENOBUFS)
		err(1, "send");
}

/* Take answers until @until ms. */
static void listen_until(int fd, double until, int count)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	struct icmphdr icmp;
	double left;
	int seq;

	while ((left = until - now_ms()) > 0) {
		struct timespec wait = { .tv_nsec = (long)(left * 1e6) };

		wait.tv_sec = wait.tv_nsec / 1000000000;
		wait.tv_nsec %= 1000000000;
		if (ppoll(&poll_fd, 1, &wait, NULL) <= 0)
			continue;
		if (recv(fd, &icmp, sizeof(icmp), 0) < (ssize_t)sizeof(icmp))
			continue;
		seq = ntohs(icmp.un.echo.sequence);
		if (icmp.type == ICMP_ECHOREPLY && seq < count && !trip[seq])
			trip[seq] = now_ms() - sent[seq];
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	double interval, start;
	int fd, count, i;

	if (argc != 4 || !inet_aton(argv[1], &to.sin_addr))
		errx(2, "usage: rtt ADDRESS COUNT INTERVAL_MS");
	count = atoi(argv[2]);
	interval = atof(argv[3]);
	if (count < 1 || count > COUNT_MAX || interval <= 0)
		errx(2, "a count is from 1 to %d", COUNT_MAX);
	fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	if (fd < 0)
		err(1, "socket: is net.ipv4.ping_group_range set?");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "connect");
	start = now_ms();
	for (i = 0; i < count; i++) {
		echo(fd, i);
		listen_until(fd, start + interval * (i + 1), count);
	}
	listen_until(fd, now_ms() + PATIENCE, count);
	for (i = 0; i < count; i++) {
		if (trip[i])
			printf("%.3f\n", trip[i]);
		else
			puts("lost");
	}
	return 0;
}

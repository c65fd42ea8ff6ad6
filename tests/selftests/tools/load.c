// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load SECONDS SIZE ADDRESS RATE [ADDRESS RATE]...: send UDP packets of SIZE
 * octets, IP header included, to the discard port of each address, at RATE
 * bit/s. A tick of a millisecond sends what is due.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define HEADERS		28		/* IP and UDP */
#define TICK		1000000		/* ns */
#define TARGETS_MAX	1024

/** struct target - who gets how much */
struct target {
	struct sockaddr_in to;
	double rate;			/* bit/s */
	unsigned long sent;		/* packets */
};

static struct target targets[TARGETS_MAX];

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) +
	       (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* What is due at @at seconds; a full socket is tried again in the next tick. */
static void send_due(int fd, struct target *t, double at, const void *data,
		     size_t len)
{
	while ((double)t->sent * (double)(len + HEADERS) * 8 < at * t->rate) {
		if (sendto(fd, data, len, 0, (void *)&t->to, sizeof(t->to)) < 0) {
			if (errno == EAGAIN || errno == ENOBUFS)
				return;
			err(1, "sendto");
		}
		t->sent++;
	}
}

int main(int argc, char **argv)
{
	const struct timespec tick = { .tv_nsec = TICK };
	static const char data[65536];
	double seconds, at = 0;
	struct timespec start;
	size_t size, n, i;
	int fd;

	if (argc < 5 || argc % 2 == 0 || argc > 3 + 2 * TARGETS_MAX)
		errx(2, "usage: load SECONDS SIZE ADDRESS RATE [ADDRESS RATE]...");
	seconds = atof(argv[1]);
	size = strtoul(argv[2], NULL, 10);
	if (size < HEADERS || size - HEADERS > sizeof(data))
		errx(2, "a size is from %d to 65535", HEADERS);
	n = (size_t)(argc - 3) / 2;
	for (i = 0; i < n; i++) {
		targets[i].to.sin_family = AF_INET;
		targets[i].to.sin_port = htons(9);
		targets[i].rate = atof(argv[4 + 2 * i]);
		if (!inet_aton(argv[3 + 2 * i], &targets[i].to.sin_addr))
			errx(2, "not an address: %s", argv[3 + 2 * i]);
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (fd < 0)
		err(1, "socket");
	clock_gettime(CLOCK_MONOTONIC, &start);
	while (at < seconds) {
		at = seconds_since(&start);
		for (i = 0; i < n; i++)
			send_due(fd, &targets[i], at, data, size - HEADERS);
		nanosleep(&tick, NULL);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pkt - raw Ethernet frames, a line of hex digits each
 *
 *   pkt send DEVICE [COUNT]		send the frames on stdin, all COUNT times
 *   pkt recv DEVICE SECONDS [COUNT]	print what is received, COUNT at most;
 *					exits 1 if nothing was
 */
#include "frame.h"

static int pkt_send(int fd, long count)
{
	static uint8_t frame[FRAME_MAX];
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		size_t len = frame_unhex(line, frame, sizeof(frame));

		for (long i = 0; len && i < count; i++)
			frame_send(fd, frame, len);
	}
	free(line);
	return 0;
}

static int pkt_recv(int fd, double seconds, long count)
{
	int64_t until = frame_now_ms() + (int64_t)(seconds * 1000);
	static uint8_t frame[FRAME_MAX];
	long n;
	size_t len;

	for (n = 0; n < count && (len = frame_recv(fd, frame, until)); n++) {
		frame_print_hex(frame, len);
		putchar('\n');
		fflush(stdout);
	}
	return !n;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && argc <= 4 && !strcmp(argv[1], "send"))
		return pkt_send(frame_open(argv[2]), argc > 3 ? atol(argv[3]) : 1);
	if (argc >= 4 && argc <= 5 && !strcmp(argv[1], "recv"))
		return pkt_recv(frame_open(argv[2]), atof(argv[3]),
				argc > 4 ? atol(argv[4]) : 1000000);
	fprintf(stderr, "usage: pkt send DEVICE [COUNT] | recv DEVICE SECONDS [COUNT]\n");
	return 2;
}

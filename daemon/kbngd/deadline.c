// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "deadline.h"

int64_t deadline_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

int deadline_wait(const struct deadline *deadline, int fd, short events)
{
	struct pollfd p[2] = {
		{ .fd = fd, .events = events },
		{ .fd = deadline->stop_fd, .events = POLLIN },
	};
	int64_t left;
	int n;

	while ((left = deadline->end - deadline_now_ms()) > 0) {
		n = poll(p, 2, left);
		if ((n < 0 && errno != EINTR) || (n > 0 && p[1].revents))
			return -1;
		if (n > 0)
			return 1;
	}
	return 0;
}

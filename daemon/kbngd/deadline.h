/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a worker thread may wait for a socket, and what breaks that off.
 */
#ifndef KBNGD_DEADLINE_H
#define KBNGD_DEADLINE_H

#include <stdint.h>

/** struct deadline - until when, and what ends it before */
struct deadline {
	int64_t end;			/* of deadline_now_ms() */
	int stop_fd;			/* readable: give up */
};

/* Milliseconds of a clock that does not go back. */
int64_t deadline_now_ms(void);

/*
 * Wait until @fd has one of @events, or an error. Returns 1, 0 if the time is
 * over first, or -1 if all is to stop.
 */
int deadline_wait(const struct deadline *deadline, int fd, short events);

#endif /* KBNGD_DEADLINE_H */

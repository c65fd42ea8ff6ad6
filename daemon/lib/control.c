// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "control.h"

#define NAME		"kbngd"
#define ANSWER_S	60

socklen_t kbng_control_address(struct sockaddr_un *sun)
{
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	memcpy(sun->sun_path + 1, NAME, sizeof(NAME) - 1);
	return offsetof(struct sockaddr_un, sun_path) + sizeof(NAME);
}

int kbng_control_trust(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return -errno;
	return !peer.uid || peer.uid == geteuid() ? 0 : -EPERM;
}

static int control_connect(int fd)
{
	struct timeval limit = { .tv_sec = ANSWER_S };
	struct sockaddr_un sun;
	socklen_t len = kbng_control_address(&sun);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
	    connect(fd, (struct sockaddr *)&sun, len))
		return -errno;
	return kbng_control_trust(fd);
}

static ssize_t control_exchange(int fd, const char *request, char *answer)
{
	ssize_t n = control_connect(fd);

	if (n)
		return n;
	/* Who may not ask is hung up on. */
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		return errno == EPIPE ? -EPERM : -errno;
	n = recv(fd, answer, KBNG_CONTROL_MAX, 0);
	if (n < 0)
		return errno == ECONNRESET ? -EPERM : -errno;
	answer[n] = '\0';
	return n ? n : -EPERM;
}

ssize_t kbng_control_ask(const char *request, char **answer)
{
	ssize_t n;
	int fd;

	*answer = malloc(KBNG_CONTROL_MAX + 1);
	if (!*answer)
		return -ENOMEM;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	n = fd < 0 ? -errno : control_exchange(fd, request, *answer);
	if (fd >= 0)
		close(fd);
	return n;
}

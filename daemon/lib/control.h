/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking the daemon, for what only it knows.
 *
 * kbngd listens on the abstract unix socket "kbngd" of its network namespace,
 * SOCK_SEQPACKET: who is in the namespace finds the daemon that serves it. One
 * packet is a request, a JSON object whose "command" says what is wanted; one
 * packet is the answer, a JSON object too, with "error" if it was refused.
 * Abstract sockets have no mode: both sides check that the other one is root.
 */
#ifndef KBNG_CONTROL_H
#define KBNG_CONTROL_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#define KBNG_CONTROL_MAX	131072	/* octets of a packet */

/* The address; returns its length. */
socklen_t kbng_control_address(struct sockaddr_un *sun);

/* 0 if the process behind @fd is root or one of ours, else -EPERM. */
int kbng_control_trust(int fd);

/*
 * Send @request and wait for the answer, at most a minute. Returns its octets
 * in *@answer, which the caller frees and which a 0 ends, or a negative errno:
 * -ECONNREFUSED if no kbngd runs in this network namespace, -EPERM if somebody
 * else is there or we are not root.
 */
ssize_t kbng_control_ask(const char *request, char **answer);

#endif /* KBNG_CONTROL_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ethernet frames to and from a device, as they are on the wire: the VLAN tag
 * which the kernel takes off a received frame is put back.
 */
#ifndef KBNG_FRAME_H
#define KBNG_FRAME_H

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAX	65600

/* A socket on @device; exits if there is none. */
static inline int frame_open(const char *device)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(device),
	};
	int on = 1;
	int fd;

	if (!sll.sll_ifindex)
		err(1, "%s", device);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
	if (fd < 0 || bind(fd, (struct sockaddr *)&sll, sizeof(sll)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)))
		err(1, "packet socket on %s", device);
	return fd;
}

/* Put the tag in @aux back into the @len octets of @frame. */
static inline size_t frame_tag(uint8_t *frame, size_t len,
			       const struct tpacket_auxdata *aux)
{
	uint16_t tag[2] = { htons(ETH_P_8021Q), htons(aux->tp_vlan_tci) };

	if (!(aux->tp_status & TP_STATUS_VLAN_VALID) || len < 2 * ETH_ALEN)
		return len;
	if (aux->tp_status & TP_STATUS_VLAN_TPID_VALID)
		tag[0] = htons(aux->tp_vlan_tpid);
	memmove(frame + 2 * ETH_ALEN + sizeof(tag), frame + 2 * ETH_ALEN,
		len - 2 * ETH_ALEN);
	memcpy(frame + 2 * ETH_ALEN, tag, sizeof(tag));
	return len + sizeof(tag);
}

static inline int64_t frame_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/*
 * The next frame that @device received before the time @until (frame_now_ms),
 * in @frame of FRAME_MAX octets. Returns its length, 0 when the time is over.
 */
static inline size_t frame_recv(int fd, uint8_t *frame, int64_t until)
{
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec iov = { frame, FRAME_MAX - 4 };
	struct sockaddr_ll from;
	struct msghdr msg;
	struct cmsghdr *c;
	int64_t left;
	ssize_t n;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		left = until - frame_now_ms();
		if (left < 0 || poll(&p, 1, left) == 0)
			return 0;
		msg = (struct msghdr){
			.msg_name = &from, .msg_namelen = sizeof(from),
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control),
		};
		n = recvmsg(fd, &msg, 0);
		if (n < 0 && errno != EINTR && errno != ENETDOWN)
			err(1, "recvmsg");
		if (n <= 0 || from.sll_pkttype == PACKET_OUTGOING)
			continue;
		for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
			struct tpacket_auxdata aux;

			if (c->cmsg_level != SOL_PACKET ||
			    c->cmsg_type != PACKET_AUXDATA)
				continue;
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
			n = frame_tag(frame, n, &aux);
		}
		return n;
	}
}

static inline void frame_send(int fd, const uint8_t *frame, size_t len)
{
	if (send(fd, frame, len, 0) < 0)
		err(1, "send");
}

/* Octets from the hex digits of @text, blanks and colons left out; exits if bad. */
static inline size_t frame_unhex(const char *text, uint8_t *out, size_t max)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (; *text; text++) {
		const char *d = memchr(digits, *text | 0x20, 16);

		if (strchr(" :\t\r\n", *text))
			continue;
		if (!d || n / 2 >= max)
			errx(2, "not hex, or too long: %.40s", text);
		out[n / 2] = (n & 1 ? out[n / 2] << 4 : 0) | (d - digits);
		n++;
	}
	if (n & 1)
		errx(2, "an odd number of hex digits");
	return n / 2;
}

static inline void frame_print_hex(const uint8_t *p, size_t len)
{
	while (len--)
		printf("%02x", *p++);
}

#endif /* KBNG_FRAME_H */

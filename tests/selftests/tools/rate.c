// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rate - how fast a flow of IPv4 packets arrives
 *
 *   rate DEVICE ADDRESS SKIP SECONDS
 *
 * Prints "listening", waits for the first packet from or to ADDRESS that DEVICE
 * receives, lets SKIP seconds pass and measures for SECONDS by the times at
 * which the kernel received them. Prints a JSON object: packets, octets (of IP
 * packets; a GSO packet counts as what it is on the wire), ns from the first to
 * the last, rate in bit/s, and the longest gap in ms. A packet pays for the time
 * behind it, so the rate leaves out the last one's octets.
 */
#include "frame.h"

#include <linux/virtio_net.h>

#define SECOND	1000000000LL

struct measure {
	int64_t first, last, gap;	/* ns */
	uint64_t packets, octets, last_octets;
};

/* IP octets of a GSO packet on the wire; @packets is how many it becomes. */
static uint64_t wire(const struct virtio_net_hdr *vh, const uint8_t *ip, uint64_t *packets)
{
	uint64_t len = ip[2] << 8 | ip[3], headers = (*ip & 15) * 4, n = 1;

	if (vh->gso_type != VIRTIO_NET_HDR_GSO_NONE && vh->gso_size) {
		headers += ip[9] == 6 ? (ip[headers + 12] >> 4) * 4 : 8;
		n = (len - headers + vh->gso_size - 1) / vh->gso_size;
		n = n ? n : 1;
	}
	*packets = n;
	return len + (n - 1) * headers;
}

static int64_t time_of(struct msghdr *msg)
{
	struct cmsghdr *c;
	struct timespec ts;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&ts, CMSG_DATA(c), sizeof(ts));
			return ts.tv_sec * SECOND + ts.tv_nsec;
		}
	}
	errx(1, "a packet without a time");
}

static void add(struct measure *m, int64_t now, uint64_t octets, uint64_t packets)
{
	if (!m->packets)
		m->first = m->last = now;
	if (now - m->last > m->gap)
		m->gap = now - m->last;
	m->last = now;
	m->packets += packets;
	m->octets += octets;
	m->last_octets = octets;
}

int main(int argc, char **argv)
{
	static uint8_t buf[sizeof(struct virtio_net_hdr) + FRAME_MAX];
	const struct virtio_net_hdr *vh = (const void *)buf;
	const uint8_t *frame = buf + sizeof(*vh), *ip = frame + ETH_HLEN;
	int64_t start = 0, from = 0, until = INT64_MAX, now;
	int fd, on = 1, size = 8 << 20;
	struct measure m = { 0 };
	char control[128];
	uint64_t packets;
	in_addr_t addr;

	if (argc != 5 || inet_pton(AF_INET, argv[2], &addr) != 1) {
		fputs("usage: rate DEVICE ADDRESS SKIP SECONDS\n", stderr);
		return 2;
	}
	fd = frame_open(argv[1]);
	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		err(1, "setsockopt");
	puts("listening");
	fflush(stdout);

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		struct sockaddr_ll sll;
		struct iovec iov = { buf, sizeof(buf) };
		struct msghdr msg = {
			.msg_name = &sll, .msg_namelen = sizeof(sll),
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control),
		};
		ssize_t n;

		/* Nothing for 5 s: the flow has ended before its time. */
		if (poll(&p, 1, start ? 5000 : -1) <= 0)
			break;
		n = recvmsg(fd, &msg, 0);
		if (n < (ssize_t)sizeof(*vh) + ETH_HLEN + 40 ||
		    sll.sll_pkttype == PACKET_OUTGOING || frame[12] != 8 || frame[13] ||
		    (memcmp(ip + 12, &addr, 4) && memcmp(ip + 16, &addr, 4)))
			continue;
		now = time_of(&msg);
		if (!start) {
			start = now;
			from = start + (int64_t)(atof(argv[3]) * SECOND);
			until = from + (int64_t)(atof(argv[4]) * SECOND);
		}
		if (now > until)
			break;
		if (now >= from) {
			uint64_t octets = wire(vh, ip, &packets);

			add(&m, now, octets, packets);
		}
	}
	if (m.last <= m.first)
		errx(1, "no flow to measure");
	printf("{\"packets\":%llu,\"octets\":%llu,\"ns\":%lld,\"rate\":%.0f,\"gap\":%lld}\n",
	       (unsigned long long)m.packets, (unsigned long long)m.octets,
	       (long long)(m.last - m.first),
	       (m.octets - m.last_octets) * 8e9 / (m.last - m.first),
	       (long long)(m.gap / 1000000));
	return 0;
}

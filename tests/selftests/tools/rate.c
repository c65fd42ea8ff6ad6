// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rate - how fast a shaped flow of IPv4 packets arrives
 *
 *   rate DEVICE ADDRESS SKIP SECONDS PLAN
 *
 * Prints "listening", waits for the first packet from or to ADDRESS that DEVICE
 * receives, lets SKIP seconds pass and measures for SECONDS by the times at
 * which the kernel received them. Prints a JSON object: packets, octets (of IP
 * packets; a GSO packet counts as what it is on the wire), ns, rate in bit/s,
 * the longest gap in ms, and for how many ms a processor did not run: a guest
 * that is not given its processors cannot send.
 *
 * A shaper sends no packet early, but a busy machine sends many late. So the
 * rate is the slope between the packet of the first and that of the last third
 * which are least late against a straight line of PLAN bit/s: noise falls away,
 * and so does the choice of PLAN.
 */
#include "frame.h"

#include <linux/virtio_net.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define SECOND		1000000000LL
#define PACKETS_MAX	(1 << 20)
#define NAP		5000000		/* ns */
#define NAP_LATE	15000000	/* ns more: the processor stalled */

/* A packet, and the octets before it. */
static struct sample {
	int64_t time;
	uint64_t octets;
} samples[PACKETS_MAX];

static atomic_int_fast64_t stalled;

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

/* Nothing in the guest goes before this: what is late here is the host's doing. */
static void *watch_processor(void *cpu)
{
	struct sched_param top = { .sched_priority = 99 };
	struct timespec nap = { .tv_nsec = NAP };
	int64_t before, late;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((long)cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	sched_setscheduler(0, SCHED_FIFO, &top);
	for (;;) {
		before = now_ns();
		nanosleep(&nap, NULL);
		late = now_ns() - before - NAP;
		if (late > NAP_LATE)
			stalled += late;
	}
	return NULL;
}

static void watch_processors(void)
{
	pthread_t thread;

	for (long cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
		if (pthread_create(&thread, NULL, watch_processor, (void *)cpu))
			errx(1, "pthread_create");
	}
}

/* The least late of the samples in [from, to). */
static const struct sample *least_late(size_t from, size_t to, double plan)
{
	const struct sample *best = &samples[from];
	double late, least = 0;

	for (size_t i = from; i < to; i++) {
		late = (samples[i].time - samples[from].time) -
		       (samples[i].octets - samples[from].octets) * 8e9 / plan;
		if (late < least) {
			least = late;
			best = &samples[i];
		}
	}
	return best;
}

static void report(size_t n, uint64_t octets, double plan)
{
	const struct sample *a, *b;
	int64_t gap = 0;

	if (n < 9)
		errx(1, "no flow to measure");
	a = least_late(0, n / 3, plan);
	b = least_late(n - n / 3, n, plan);
	for (size_t i = 1; i < n; i++) {
		if (samples[i].time - samples[i - 1].time > gap)
			gap = samples[i].time - samples[i - 1].time;
	}
	printf("{\"packets\":%zu,\"octets\":%llu,\"ns\":%lld,\"rate\":%.0f,"
	       "\"gap\":%lld,\"stalled\":%lld}\n", n, (unsigned long long)octets,
	       (long long)(samples[n - 1].time - samples[0].time),
	       (b->octets - a->octets) * 8e9 / (b->time - a->time),
	       (long long)(gap / 1000000), (long long)(stalled / 1000000));
}

/* IP octets of a packet on the wire: a GSO packet is several there. */
static uint64_t wire(const struct virtio_net_hdr *vh, const uint8_t *ip)
{
	uint64_t len = ip[2] << 8 | ip[3], headers = (*ip & 15) * 4, n = 1;

	if (vh->gso_type != VIRTIO_NET_HDR_GSO_NONE && vh->gso_size) {
		headers += ip[9] == 6 ? (ip[headers + 12] >> 4) * 4 : 8;
		n = (len - headers + vh->gso_size - 1) / vh->gso_size;
		n = n ? n : 1;
	}
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

int main(int argc, char **argv)
{
	static uint8_t buf[sizeof(struct virtio_net_hdr) + FRAME_MAX];
	const struct virtio_net_hdr *vh = (const void *)buf;
	const uint8_t *frame = buf + sizeof(*vh), *ip = frame + ETH_HLEN;
	int64_t start = 0, from = 0, until = INT64_MAX, now;
	int fd, on = 1, size = 8 << 20;
	uint64_t octets = 0;
	char control[128];
	in_addr_t addr;
	size_t n = 0;

	if (argc != 6 || inet_pton(AF_INET, argv[2], &addr) != 1) {
		fputs("usage: rate DEVICE ADDRESS SKIP SECONDS PLAN\n", stderr);
		return 2;
	}
	fd = frame_open(argv[1]);
	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		err(1, "setsockopt");
	watch_processors();
	puts("listening");
	fflush(stdout);

	while (n < PACKETS_MAX) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		struct sockaddr_ll sll;
		struct iovec iov = { buf, sizeof(buf) };
		struct msghdr msg = {
			.msg_name = &sll, .msg_namelen = sizeof(sll),
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control),
		};
		ssize_t len;

		/* Nothing for 10 s: the flow has ended before its time. */
		if (poll(&p, 1, start ? 10000 : -1) <= 0)
			break;
		len = recvmsg(fd, &msg, 0);
		if (len < (ssize_t)sizeof(*vh) + ETH_HLEN + 40 ||
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
		if (now < from) {
			stalled = 0;
			continue;
		}
		samples[n++] = (struct sample){ now, octets };
		octets += wire(vh, ip);
	}
	report(n, octets, atof(argv[5]));
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <net/if.h>		/* before linux/if.h, which sees it */
#include <linux/icmp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/log.h"
#include "node.h"

struct node_probe {
	uv_poll_t poll;
	int fd;
	uint16_t id;
	uint16_t seq;
	void (*heard)(uint64_t token, struct in_addr from, void *arg);
	void *arg;
};

/** struct echo - ICMP echo and its answer, RFC 792 */
struct echo {
	struct icmphdr icmp;
	uint64_t token;			/* only who was asked can repeat it */
} __attribute__((packed));

/* RFC 1071. */
static uint16_t node_probe_sum(const void *data, size_t len)
{
	const uint8_t *octet = data;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += octet[i] | octet[i + 1] << 8;
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

void node_probe_send(struct node_probe *p, struct node *n)
{
	char control[CMSG_SPACE(sizeof(struct in_pktinfo))] = { 0 };
	struct in_pktinfo info = { .ipi_ifindex = n->ifindex };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = n->saved.addr };
	struct echo echo = {
		.icmp = {
			.type = ICMP_ECHO,
			.un.echo = { .id = p->id, .sequence = p->seq++ },
		},
	};
	struct iovec iov = { &echo, sizeof(echo) };
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	struct cmsghdr *cmsg;

	while (!n->token)
		if (getrandom(&n->token, sizeof(n->token), 0) < 0)
			return;
	echo.token = n->token;
	echo.icmp.checksum = node_probe_sum(&echo, sizeof(echo));
	/* By its iface, whose table may be another. */
	if (n->ifindex) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = IPPROTO_IP;
		cmsg->cmsg_type = IP_PKTINFO;
		cmsg->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(cmsg), &info, sizeof(info));
	}
	/* What could not be sent is not answered: that is counted. */
	(void)!sendmsg(p->fd, &msg, MSG_DONTWAIT);
}

static void node_probe_readable(uv_poll_t *poll, int status, int events)
{
	struct node_probe *p = poll->data;
	struct sockaddr_in from;
	socklen_t from_len;
	uint8_t packet[256];
	struct echo echo;
	ssize_t len;
	size_t head;

	(void)status;
	(void)events;
	for (;;) {
		from_len = sizeof(from);
		len = recvfrom(p->fd, packet, sizeof(packet), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &from_len);
		if (len < 0)
			return;
		head = (packet[0] & 15) * 4;
		if ((size_t)len < head + sizeof(echo))
			continue;
		memcpy(&echo, packet + head, sizeof(echo));
		if (echo.icmp.type == ICMP_ECHOREPLY &&
		    echo.icmp.un.echo.id == p->id && echo.token)
			p->heard(echo.token, from.sin_addr, p->arg);
	}
}

struct node_probe *node_probe_open(uv_loop_t *loop,
				   void (*heard)(uint64_t token,
						 struct in_addr from, void *arg),
				   void *arg)
{
	const struct icmp_filter filter = { ~(1U << ICMP_ECHOREPLY) };
	struct node_probe *p = calloc(1, sizeof(*p));

	if (p)
		p->fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (!p || p->fd < 0) {
		kbng_warning("access nodes are not probed: give kbngd CAP_NET_RAW, or set access_nodes.probe to no reason=\"%s\"",
			     strerror(errno));
		free(p);
		return NULL;
	}
	setsockopt(p->fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
	p->id = random();
	p->heard = heard;
	p->arg = arg;
	uv_poll_init(loop, &p->poll, p->fd);
	p->poll.data = p;
	uv_poll_start(&p->poll, UV_READABLE, node_probe_readable);
	return p;
}

static void node_probe_closed(uv_handle_t *handle)
{
	struct node_probe *p = handle->data;

	close(p->fd);
	free(p);
}

void node_probe_close(struct node_probe *p)
{
	if (p)
		uv_close((uv_handle_t *)&p->poll, node_probe_closed);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ldra - a layer-2 access node that relays DHCPv6 (RFC 6221)
 *
 *   ldra CLIENT_DEVICE NETWORK_DEVICE INTERFACE_ID [REMOTE_ID]
 *
 * passes frames between both, and wraps and unwraps DHCPv6 on their way. It
 * prints "ready", and then a line for each message that it has handled.
 */
#include <stdbool.h>
#include "frame.h"

#define IP6		14
#define UDP		(IP6 + 40)
#define MSG		(UDP + 8)
#define RELAY		34	/* octets before a relay's options */

#define SERVER_PORT	547
#define CLIENT_PORT	546
#define RELAY_FORW	12
#define RELAY_REPL	13
#define OPT_RELAY_MSG	9
#define OPT_INTERFACE	18
#define OPT_REMOTE	37

static const char *interface_id;
static const char *remote_id;

static unsigned int get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static void put16(uint8_t *p, unsigned int value)
{
	p[0] = value >> 8;
	p[1] = value;
}

/* Octets of the DHCPv6 message in a frame to @port, or 0. */
static size_t message(const uint8_t *frame, size_t len, unsigned int port)
{
	size_t n;

	if (len <= MSG || get16(frame + 12) != ETH_P_IPV6 ||
	    frame[IP6 + 6] != IPPROTO_UDP || get16(frame + UDP + 2) != port)
		return 0;
	n = get16(frame + UDP + 4);
	return n > 8 && UDP + n <= len ? n - 8 : 0;
}

/* Lengths and checksum for a message of @len; the frame's length. */
static size_t finish(uint8_t *frame, size_t len)
{
	uint32_t sum = IPPROTO_UDP + len + 8;
	size_t i;

	put16(frame + UDP + 4, len + 8);
	put16(frame + IP6 + 4, len + 8);
	put16(frame + UDP + 6, 0);
	frame[MSG + len] = 0;
	for (i = IP6 + 8; i < MSG + len; i += 2)
		sum += get16(frame + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(frame + UDP + 6, sum == 0xffff ? sum : ~sum);
	return MSG + len;
}

static uint8_t *option(uint8_t *p, unsigned int code, const void *data,
		       size_t len)
{
	put16(p, code);
	put16(p + 2, len);
	memcpy(p + 4, data, len);
	return p + 4 + len;
}

/* To a server: the client's addresses stay. */
static size_t wrap(uint8_t *frame, size_t len)
{
	size_t n = message(frame, len, SERVER_PORT);
	static uint8_t inside[FRAME_MAX];
	uint8_t *p = frame + MSG;
	uint8_t remote[260];

	if (!n)
		return len;
	printf("wrapped type %d\n", frame[MSG]);
	memcpy(inside, frame + MSG, n);
	memset(p, 0, RELAY);
	p[0] = RELAY_FORW;
	memcpy(p + 18, frame + IP6 + 8, 16);
	p = option(p + RELAY, OPT_INTERFACE, interface_id, strlen(interface_id));
	if (remote_id) {
		memcpy(remote, "\0\0\x0d\xe9", 4);
		memcpy(remote + 4, remote_id, strlen(remote_id));
		p = option(p, OPT_REMOTE, remote, 4 + strlen(remote_id));
	}
	p = option(p, OPT_RELAY_MSG, inside, n);
	return finish(frame, p - (frame + MSG));
}

/* To the client; 0 when it is for another port, or nonsense. */
static size_t unwrap(uint8_t *frame, size_t len)
{
	size_t n = message(frame, len, SERVER_PORT);
	const uint8_t *p, *end, *inside = NULL;
	size_t inside_len = 0;
	bool ours = false;

	if (!n || frame[MSG] != RELAY_REPL)
		return len;
	end = frame + MSG + n;
	for (p = frame + MSG + RELAY; p + 4 <= end; p += 4 + get16(p + 2)) {
		size_t l = get16(p + 2);

		if (p + 4 + l > end)
			return 0;
		if (get16(p) == OPT_INTERFACE)
			ours = l == strlen(interface_id) &&
			       !memcmp(p + 4, interface_id, l);
		if (get16(p) == OPT_RELAY_MSG) {
			inside = p + 4;
			inside_len = l;
		}
	}
	if (!ours || !inside)
		return 0;
	printf("unwrapped type %d\n", *inside);
	memmove(frame + MSG, inside, inside_len);
	put16(frame + UDP + 2, CLIENT_PORT);
	return finish(frame, inside_len);
}

int main(int argc, char **argv)
{
	static uint8_t frame[2 * FRAME_MAX];
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };

	if (argc < 4 || argc > 5 || strlen(argv[3]) > 255 ||
	    (argc > 4 && strlen(argv[4]) > 255)) {
		fprintf(stderr, "usage: ldra CLIENT_DEVICE NETWORK_DEVICE INTERFACE_ID [REMOTE_ID]\n");
		return 2;
	}
	interface_id = argv[3];
	remote_id = argc > 4 ? argv[4] : NULL;
	fds[0].fd = frame_open(argv[1]);
	fds[1].fd = frame_open(argv[2]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ready\n");
	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			err(1, "poll");
		for (int i = 0; i < 2; i++) {
			size_t len = frame_recv(fds[i].fd, frame, frame_now_ms());

			if (len)
				len = i ? unwrap(frame, len) : wrap(frame, len);
			if (len)
				frame_send(fds[!i].fd, frame, len);
		}
	}
}

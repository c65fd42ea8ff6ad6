// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clients DEVICE COUNT SEED SECONDS RATE SERVER: COUNT DHCP clients behind one
 * device, with the MAC addresses 02:01:00:00:00:00 and up
 *
 * RATE times a second one of them, by SEED, comes, renews, goes with a RELEASE or
 * without a word, and another sends SERVER some pings if it has an address.
 * After SECONDS what is under way comes to its end, and then this does, with a
 * line of JSON that says what was done.
 */
#include "frame.h"

#include <stdbool.h>
#include <linux/if_arp.h>

#define MAGIC		0x63825363u
#define BOOTP_OPTIONS	240
#define IP		ETH_HLEN
#define PATIENCE	3000		/* ms between repetitions */
#define TRIES		10
#define PING_MAX	1400

enum state { IDLE, ASKING, REQUESTING, BOUND };
enum type { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE };

/** struct client - one of them */
struct client {
	enum state state;
	uint32_t xid;
	in_addr_t addr, server;		/* 0: none known */
	int64_t due;			/* ms, of the repetition */
	int tries;
};

static struct client *clients;
static unsigned int count;
static uint8_t gateway[ETH_ALEN];	/* where answers came from */
static int fd;
static unsigned long bound, renewed, released, silent, naks, pings, pongs, given_up;

static uint8_t *put16(uint8_t *p, unsigned int value)
{
	p[0] = value >> 8;
	p[1] = value;
	return p + 2;
}

static uint8_t *put32(uint8_t *p, uint32_t value)
{
	return put16(put16(p, value >> 16), value & 0xffff);
}

static uint16_t checksum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static uint8_t *put_mac(uint8_t *p, const struct client *c)
{
	put16(p, 0x0201);
	put32(p + 2, c - clients);
	return p + ETH_ALEN;
}

static struct client *client_of(const uint8_t *mac)
{
	uint32_t n = (uint32_t)mac[2] << 24 | mac[3] << 16 | mac[4] << 8 | mac[5];

	return mac[0] == 2 && mac[1] == 1 && n < count ? &clients[n] : NULL;
}

/* Headers around the @len octets at @frame + IP + 20, and off with it. */
static void send_ip(const struct client *c, uint8_t *frame, int protocol,
		    in_addr_t from, in_addr_t to, size_t len)
{
	uint8_t *ip = put16(put_mac(frame + ETH_ALEN, c), ETH_P_IP);

	memcpy(frame, gateway, ETH_ALEN);
	if (to == INADDR_BROADCAST)
		memset(frame, 0xff, ETH_ALEN);
	put32(ip, 0x45000000 | (20 + len));
	put32(ip + 4, 0);
	put32(ip + 8, 0x40000000 | protocol << 16);
	memcpy(ip + 12, &from, 4);
	memcpy(ip + 16, &to, 4);
	put16(ip + 10, checksum(ip, 20));
	frame_send(fd, frame, IP + 20 + len);
}

static uint8_t *put_option(uint8_t *p, int code, in_addr_t addr)
{
	if (!addr)
		return p;
	*p++ = code;
	*p++ = 4;
	memcpy(p, &addr, 4);
	return p + 4;
}

static void send_dhcp(const struct client *c, enum type type)
{
	static uint8_t frame[IP + 20 + 8 + 300];
	uint8_t *udp = frame + IP + 20, *bootp = udp + 8, *p;
	bool has_addr = c->state == BOUND || type == RELEASE;

	memset(frame, 0, sizeof(frame));
	put16(put16(put16(udp, 68), 67), 308);
	put32(bootp, 0x01010600);
	put32(bootp + 4, c->xid);
	if (has_addr)
		memcpy(bootp + 12, &c->addr, 4);
	put_mac(bootp + 28, c);
	p = put32(bootp + 236, MAGIC);
	*p++ = 53;
	*p++ = 1;
	*p++ = type;
	if (!has_addr && type == REQUEST)
		p = put_option(p, 50, c->addr);
	if (c->state == REQUESTING || type == RELEASE)
		p = put_option(p, 54, c->server);
	*p = 255;
	send_ip(c, frame, 17, has_addr ? c->addr : 0,
		type == RELEASE ? c->server : INADDR_BROADCAST, 308);
}

static void begin(struct client *c, enum state state)
{
	c->state = state;
	c->tries = 0;
	c->due = 0;
	c->xid = random();
}

/* What is due, or due again. */
static void go_on(struct client *c, int64_t now)
{
	if ((c->state != ASKING && c->state != REQUESTING) || c->due > now)
		return;
	if (c->tries++ == TRIES) {
		given_up++;
		c->state = IDLE;
		return;
	}
	c->due = now + PATIENCE;
	send_dhcp(c, c->state == ASKING ? DISCOVER : REQUEST);
}

static void receive_dhcp(const uint8_t *frame, const uint8_t *bootp,
			 const uint8_t *end)
{
	const uint8_t *p = bootp + BOOTP_OPTIONS;
	struct client *c = client_of(bootp + 28);
	in_addr_t server = 0;
	int type = 0;

	if (!c || ntohl(*(const uint32_t *)(bootp + 4)) != c->xid)
		return;
	for (; end - p >= 2 && *p != 255 && end - p - 2 >= p[1]; p += 2 + p[1]) {
		if (*p == 53)
			type = p[2];
		if (*p == 54 && p[1] == 4)
			memcpy(&server, p + 2, 4);
	}
	memcpy(gateway, frame + ETH_ALEN, ETH_ALEN);
	if (type == OFFER && c->state == ASKING) {
		memcpy(&c->addr, bootp + 16, 4);
		c->server = server;
		c->state = REQUESTING;
		c->tries = 0;
		c->due = 0;
	} else if (type == ACK && c->state == REQUESTING) {
		memcpy(&c->addr, bootp + 16, 4);
		c->server = server;
		c->state = BOUND;
		bound++;
	} else if (type == NAK && c->state == REQUESTING) {
		naks++;
		c->addr = 0;
		begin(c, ASKING);
	}
}

/* The BNG asks for who has an address. */
static void receive_arp(const uint8_t *frame, size_t len)
{
	const uint8_t *arp = frame + ETH_HLEN;
	uint8_t answer[60] = { 0 };
	unsigned int i;

	if (len < ETH_HLEN + 28 || arp[7] != ARPOP_REQUEST)
		return;
	for (i = 0; i < count; i++)
		if (clients[i].state == BOUND &&
		    !memcmp(&clients[i].addr, arp + 24, 4))
			break;
	if (i == count)
		return;
	memcpy(answer, frame + ETH_ALEN, ETH_ALEN);
	put16(put_mac(answer + ETH_ALEN, &clients[i]), ETH_P_ARP);
	memcpy(answer + ETH_HLEN, "\0\1\10\0\6\4\0\2", 8);
	memcpy(put_mac(answer + ETH_HLEN + 8, &clients[i]), arp + 24, 4);
	memcpy(answer + ETH_HLEN + 18, arp + 8, 10);
	frame_send(fd, answer, sizeof(answer));
}

static void receive(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + IP, *next;
	unsigned int ethertype = frame[12] << 8 | frame[13];

	if (ethertype == ETH_P_ARP)
		receive_arp(frame, len);
	if (ethertype != ETH_P_IP || len < IP + 20)
		return;
	next = ip + (*ip & 15) * 4;
	if (ip[9] == 1 && frame + len - next >= 8 && !next[0] &&
	    client_of(frame))
		pongs++;
	if (ip[9] == 17 && frame + len - next >= 8 + BOOTP_OPTIONS &&
	    next[2] == 0 && next[3] == 68)
		receive_dhcp(frame, next + 8, frame + len);
}

static void ping(const struct client *c, in_addr_t to)
{
	static uint8_t frame[IP + 20 + 8 + PING_MAX];
	uint8_t *icmp = frame + IP + 20;
	size_t len = 8 + random() % PING_MAX;

	if (c->state != BOUND)
		return;
	put32(put32(icmp, 0x08000000), c - clients);
	put16(icmp + 2, checksum(icmp, len));
	send_ip(c, frame, 1, c->addr, to, len);
	pings++;
}

static void act(struct client *c)
{
	switch (c->state == BOUND ? random() % 4 : 4) {
	case 0:
		send_dhcp(c, RELEASE);
		released++;
		c->state = IDLE;
		break;
	case 1:				/* comes back, some day */
		silent++;
		c->state = IDLE;
		break;
	case 2:				/* INIT-REBOOT, RFC 2131 4.3.2 */
		renewed++;
		begin(c, REQUESTING);
		c->server = 0;
		break;
	case 4:
		if (c->state == IDLE)
			begin(c, ASKING);
		break;
	}
}

static bool is_busy(void)
{
	for (unsigned int i = 0; i < count; i++)
		if (clients[i].state == ASKING ||
		    clients[i].state == REQUESTING)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	static uint8_t frame[FRAME_MAX];
	int64_t start, end, now, acts = 0;
	double rate;
	size_t len;

	if (argc != 7)
		errx(2, "usage: clients DEVICE COUNT SEED SECONDS RATE SERVER");
	fd = frame_open(argv[1]);
	count = atoi(argv[2]);
	srandom(atoi(argv[3]));
	rate = atof(argv[5]);
	clients = calloc(count, sizeof(*clients));
	if (!count || !clients || rate <= 0)
		errx(2, "a count, and a rate, above 0");
	start = now = frame_now_ms();
	end = start + atoi(argv[4]) * 1000LL;
	while (now < end || is_busy()) {
		while ((len = frame_recv(fd, frame, now + 10)))
			receive(frame, len);
		now = frame_now_ms();
		for (; now < end && acts < (double)(now - start) * rate / 1000; acts++) {
			act(&clients[random() % count]);
			for (int i = 0; i < 5; i++)
				ping(&clients[random() % count], inet_addr(argv[6]));
		}
		for (unsigned int i = 0; i < count; i++)
			go_on(&clients[i], now);
	}
	printf("{\"bound\":%lu,\"renewed\":%lu,\"released\":%lu,\"silent\":%lu,\"naks\":%lu,\"given_up\":%lu,\"pings\":%lu,\"pongs\":%lu}\n",
	       bound, renewed, released, silent, naks, given_up, pings, pongs);
	return 0;
}

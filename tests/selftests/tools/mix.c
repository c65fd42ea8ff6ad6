// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mix - what subscribers and the Internet send, good and bad, for `pkt send`
 *
 *   mix SEED COUNT up|down TO FROM SUB PEER [SUB6 PEER6]
 *
 * Prints COUNT frames from the MAC address FROM to TO, as lines of hex digits.
 * They are from the subscriber SUB to PEER, or the other way: UDP, TCP, ICMP and
 * others of all sizes, with options and without, whole and in fragments, with
 * padding, cut off, damaged, at the end of their TTL, of a stranger's address.
 * The same seed gives the same frames. What arrives after one hop has a TTL
 * that other senders do not use: 1, 6 or 199.
 */
#include "frame.h"
#include <stdbool.h>

#define ROOM		4000	/* octets of the longest IP packet */
#define MTU		1400	/* of the way out; near multiples of it errors are */

static uint64_t state;
static uint8_t frame[ROOM + 64];
static size_t len;		/* of frame */
static long left;		/* frames to print */

static unsigned int below(unsigned int n)	/* xorshift64* */
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 33) % n;
}

static bool once_in(unsigned int n)
{
	return !below(n);
}

static void put(const void *data, size_t n)
{
	memcpy(frame + len, data, n);
	len += n;
}

static void put16(size_t at, unsigned int value)
{
	frame[at] = value >> 8;
	frame[at + 1] = value;
}

static void print(void)
{
	if (left-- <= 0)
		return;
	frame_print_hex(frame, len);
	putchar('\n');
}

/* Any size, many small ones and full ones, and those that just fit or do not. */
static size_t any_size(void)
{
	switch (below(5)) {
	case 0: return below(100);
	case 1: return 1300 + below(200);
	case 2: return (1 + below(2)) * ((MTU - 20) & ~7) + 12 + below(16);
	case 3: return below(ROOM);
	default: return below(1500);
	}
}

static uint8_t any_ttl(void)
{
	return once_in(20) ? below(2) : (const uint8_t[]){ 2, 7, 200 }[below(3)];
}

/* The subscriber's address is the last octet's neighbour now and then. */
static void estrange(uint8_t *last)
{
	if (once_in(20))
		*last = below(12);
}

static void payload(size_t n)
{
	uint8_t udp[8] = { 0x13, 0x88, 0, 9, (n + 8) >> 8, n + 8 };

	put(udp, 8);
	memset(frame + len, below(256), n);
	len += n;
}

static void sum4(size_t ip)
{
	size_t end = ip + (frame[ip] & 15) * 4;
	uint32_t sum = 0;

	put16(ip + 10, 0);
	for (size_t i = ip; i < end; i += 2)
		sum += frame[i] << 8 | frame[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~(sum + (sum >> 16)));
}

/* Cut off, padded, of a wrong length, version or checksum. */
static void damage(size_t ip, size_t length_at)
{
	size_t bare = len - ip, padding = 1 + below(60);

	switch (below(6)) {
	case 0:
		len = ip + below(bare);
		break;
	case 1:
		put16(length_at, below(65536));
		if (frame[ip] >> 4 == 4)
			sum4(ip);
		break;
	case 2:
		frame[ip] ^= 1 << below(8);
		break;
	case 3:
		if (frame[ip] >> 4 == 4)
			frame[ip + 10] ^= 1 + below(255);
		break;
	default:
		memset(frame + len, 0, padding);
		len += padding;
	}
}

/* A datagram in two to five fragments of any sizes, one of them lost now and then. */
static void fragments4(size_t ip, size_t headers)
{
	static uint8_t whole[sizeof(frame)];
	size_t end = len, at = headers, lost = once_in(6) ? below(4) : 99;

	memcpy(whole, frame, len);
	for (int n = 0; at < end; n++) {
		size_t part = n < 4 ? (1 + below(180)) * 8 : 1376;
		bool more = end - at > part;

		part = more ? part : end - at;
		memcpy(frame, whole, headers);
		memcpy(frame + headers, whole + at, part);
		len = headers + part;
		put16(ip + 2, len - ip);
		put16(ip + 6, (at - headers) / 8 | more << 13);
		sum4(ip);
		if ((size_t)n != lost)
			print();
		at += part;
	}
}

static void packet4(const uint8_t *sub, const uint8_t *peer, bool up)
{
	static const uint8_t protocols[] = { 17, 17, 6, 1, 47, 253 };
	static const uint8_t options[][4] = { { 1, 1, 1, 0 }, { 0x94, 4, 0, 0 },
					      { 7, 3, 4, 0 } };
	size_t ip = len, size = any_size(), headers = once_in(10) ? 24 : 20;
	uint8_t header[20] = { 0x40 | headers / 4, below(256) };

	header[4] = below(256);
	header[5] = below(256);
	header[6] = once_in(2) ? 0x40 : 0;
	header[8] = any_ttl();
	header[9] = protocols[below(sizeof(protocols))];
	memcpy(header + 12, up ? sub : peer, 4);
	memcpy(header + 16, up ? peer : sub, 4);
	estrange(header + (up ? 15 : 19));
	put(header, 20);
	put(options[below(3)], headers - 20);
	payload(size + headers + 8 > ROOM ? ROOM - headers - 8 : size);
	if (header[9] == 1)
		frame[ip + headers] = 0;		/* an echo reply */
	put16(ip + 2, len - ip);
	sum4(ip);
	if (size > 16 && once_in(6)) {
		fragments4(ip, ip + headers);
		return;
	}
	if (once_in(12))
		damage(ip, ip + 2);
	print();
}

static void fragments6(size_t ip)
{
	static uint8_t whole[sizeof(frame)];
	uint8_t header[8] = { 17, 0, 0, 0, below(256), below(256), 1, 1 };
	size_t end = len, at = ip + 40, lost = once_in(6) ? below(4) : 99;

	memcpy(whole, frame, len);
	for (int n = 0; at < end; n++) {
		size_t part = n < 4 ? (1 + below(165)) * 8 : 1320;
		bool more = end - at > part;

		part = more ? part : end - at;
		header[2] = (at - ip - 40) >> 8;
		header[3] = (at - ip - 40) | more;
		memcpy(frame, whole, ip + 40);
		frame[ip + 6] = 44;
		put16(ip + 4, 8 + part);
		len = ip + 40;
		put(header, 8);
		put(whole + at, part);
		if ((size_t)n != lost)
			print();
		at += part;
	}
}

static void packet6(const uint8_t *sub, const uint8_t *peer, bool up)
{
	static const uint8_t protocols[] = { 17, 17, 6, 58, 47, 253 };
	uint8_t header[40] = { 0x60 | below(16), below(256), 0, 0 };
	uint8_t option[8] = { protocols[below(6)], 0, 1, 4 };
	size_t ip = len, size = any_size();
	bool has_option = once_in(10);

	header[6] = has_option ? (once_in(2) ? 60 : 0) : option[0];
	header[7] = any_ttl();
	memcpy(header + 8, up ? sub : peer, 16);
	memcpy(header + 24, up ? peer : sub, 16);
	estrange(header + (up ? 23 : 39));
	put(header, 40);
	put(option, has_option ? 8 : 0);
	payload(size > ROOM - 56 ? ROOM - 56 : size);
	if (option[0] == 58)
		frame[len - 8 - (size > ROOM - 56 ? ROOM - 56 : size)] = 129;
	put16(ip + 4, len - ip - 40);
	if (size > 16 && !has_option && option[0] == 17 && once_in(3)) {
		fragments6(ip);
		return;
	}
	if (once_in(12))
		damage(ip, ip + 4);
	print();
}

static void parse(int family, const char *text, uint8_t *addr)
{
	if (inet_pton(family, text, addr) != 1)
		errx(2, "not an address: %s", text);
}

int main(int argc, char **argv)
{
	uint8_t to[6], from[6], sub[4], peer[4], sub6[16], peer6[16];
	bool up;

	if (argc != 8 && argc != 10) {
		fputs("usage: mix SEED COUNT up|down TO FROM SUB PEER [SUB6 PEER6]\n",
		      stderr);
		return 2;
	}
	state = strtoull(argv[1], NULL, 0) * 2 + 1;
	up = !strcmp(argv[3], "up");
	frame_unhex(argv[4], to, 6);
	frame_unhex(argv[5], from, 6);
	parse(AF_INET, argv[6], sub);
	parse(AF_INET, argv[7], peer);
	if (argc > 8) {
		parse(AF_INET6, argv[8], sub6);
		parse(AF_INET6, argv[9], peer6);
	}
	for (left = atol(argv[2]); left > 0;) {
		bool ipv6 = argc > 8 && once_in(2);

		len = 0;
		put(to, 6);
		put(from, 6);
		if (up && once_in(40))
			frame[11] ^= 0x40;	/* another host's */
		len += 2;
		put16(12, ipv6 ? 0x86dd : 0x0800);
		if (ipv6)
			packet6(sub6, peer6, up);
		else
			packet4(sub, peer, up);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutate - random damage to frames, for `pkt send`
 *
 *   mutate SEED COUNT < FRAMES
 *
 * Prints COUNT frames, each one of the lines of hex digits on stdin with some
 * octets behind the UDP ports changed, moved, cut or added. The same seed gives
 * the same frames. IPv4 and UDP are made to fit every second one, so that the
 * damage gets past their checks.
 */
#include "frame.h"

#define LINES_MAX	64
#define IP_OFF		14	/* untagged, an IPv4 header without options */
#define UDP_OFF		34
#define KEEP		38	/* to here nothing is changed: it stays DHCP */
#define ROOM		1400

static uint64_t state;

static unsigned int below(unsigned int n)	/* xorshift64* */
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 33) % n;
}

static size_t damage(uint8_t *frame, size_t len)
{
	size_t at = KEEP + below(len - KEEP), n;

	switch (below(6)) {
	case 0:
		frame[at] = below(256);
		break;
	case 1:
		frame[at] ^= 1 << below(8);
		break;
	case 2:				/* a length or type that hurts */
		frame[at] = "\x00\x01\x02\x7f\x80\xfe\xff\x52\x34\x35"[below(10)];
		break;
	case 3:
		len = at + 1;
		break;
	case 4:				/* a copy of a part elsewhere */
		n = 1 + below(len - at);
		at = KEEP + below(len - KEEP - n + 1);
		memmove(frame + at, frame + len - n, n);
		break;
	case 5:
		n = 1 + below(64);
		if (len + n > ROOM)
			break;
		memmove(frame + at + n, frame + at, len - at);
		while (n--)
			frame[at + n] = below(256);
		len += n + 1;
		break;
	}
	return len > KEEP ? len : KEEP + 1;
}

static void fit(uint8_t *frame, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	frame[IP_OFF + 2] = (len - IP_OFF) >> 8;
	frame[IP_OFF + 3] = len - IP_OFF;
	frame[IP_OFF + 10] = frame[IP_OFF + 11] = 0;
	for (i = IP_OFF; i < UDP_OFF; i += 2)
		sum += frame[i] << 8 | frame[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	frame[IP_OFF + 10] = sum >> 8;
	frame[IP_OFF + 11] = sum;
	frame[UDP_OFF + 4] = (len - UDP_OFF) >> 8;
	frame[UDP_OFF + 5] = len - UDP_OFF;
	frame[UDP_OFF + 6] = frame[UDP_OFF + 7] = 0;
}

int main(int argc, char **argv)
{
	static uint8_t seeds[LINES_MAX][FRAME_MAX], frame[FRAME_MAX];
	size_t lens[LINES_MAX], size = 0, len;
	unsigned int n = 0, which, times;
	char *line = NULL;
	long count;

	if (argc != 3) {
		fputs("usage: mutate SEED COUNT < FRAMES\n", stderr);
		return 2;
	}
	state = strtoull(argv[1], NULL, 0) * 2 + 1;
	while (n < LINES_MAX && getline(&line, &size, stdin) > 0) {
		lens[n] = frame_unhex(line, seeds[n], ROOM);
		n += lens[n] > KEEP + 8;
	}
	free(line);
	if (!n)
		errx(2, "no frame on stdin");
	for (count = atol(argv[2]); count > 0; count--) {
		which = below(n);
		len = lens[which];
		memcpy(frame, seeds[which], len);
		for (times = 1 + below(4); times; times--)
			len = damage(frame, len);
		if (count % 2)
			fit(frame, len);
		frame_print_hex(frame, len);
		putchar('\n');
	}
	return 0;
}

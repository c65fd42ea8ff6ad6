// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dhcpsend - send one DHCPv4 message, well-formed or not, and wait for the answer
 *
 * Written as a client would send it; a server's message needs -y, -S, -D, -M
 * and -p. See usage() for the options. The answer is the first message with the
 * same xid that comes back, printed one "key value" a line.
 */
#include "frame.h"

#include <getopt.h>
#include <stdbool.h>

#define BOOTP_MIN	300	/* octets that old relays want to see */
#define BOOTP_OPTIONS	240	/* offset of the first option */
#define MAGIC		0x63825363u
#define FLOOD_BATCH	64
#define FLOOD_HEADERS	64	/* octets before the message at most */
#define CUT_NOT		-1
#define CUT_EACH	-2

static const char * const types[] = {
	"none", "discover", "offer", "request", "decline", "ack", "nak",
	"release", "inform",
};

/** struct message - what the options ask for */
struct message {
	uint8_t bootp[2048];
	size_t len;		/* of the options so far, with BOOTP_OPTIONS */
	long pad;		/* length of the whole, -1: BOOTP_MIN at least */
	int cut;		/* octets that really are sent, or CUT_* */
	uint8_t src[ETH_ALEN], dst[ETH_ALEN];
	struct in_addr saddr, daddr;
	uint16_t sport, dport;
	uint16_t vlan[2];
	int vlans;
	bool type_last;
	int type;
};

static void usage(void)
{
	fputs("usage: dhcpsend [OPTION...] DEVICE TYPE\n"
	      "TYPE: discover, offer, request, decline, ack, nak, release, inform, none or\n"
	      "a number\n"
	      "  -m MAC	chaddr and source address, default the device's\n"
	      "  -x XID	default 1\n"
	      "  -b		ask for broadcast\n"
	      "  -c, -y, -g ADDR	ciaddr, yiaddr, giaddr\n"
	      "  -r ADDR	requested address (50)\n"
	      "  -i ADDR	server identifier (54)\n"
	      "  -l SECONDS	lease time (51)\n"
	      "  -o CODE:HEX	an option more, may be repeated; the order is kept\n"
	      "  -t		message type after the other options\n"
	      "  -v VID[.VID]	VLAN tags, outer first\n"
	      "  -S, -D ADDR	IP addresses, default 0.0.0.0 and 255.255.255.255\n"
	      "  -M MAC	destination, default broadcast\n"
	      "  -p SRC:DST	ports, default 68:67; from 67 the message is a reply\n"
	      "  -P LEN	pad to LEN octets, or none if 0; default 300\n"
	      "  -C LEN	cut after LEN octets, headers fit what is left; `all' is one\n"
	      "		message for each LEN from 0 to all but the last octet\n"
	      "  -W OFFSET:HEX	overwrite octets of the message, may be repeated\n"
	      "  -w SECONDS	wait for an answer; exits 1 if there is none\n"
	      "  -N COUNT	that many as fast as can be, each from a MAC of its own:\n"
	      "		02:ff and a number\n"
	      "  -R RATE	no more than that many a second\n"
	      "  -n		print the frame in hex instead, for pkt send; DEVICE need\n"
	      "		not exist if -m is given\n", stderr);
	exit(2);
}

static in_addr_t addr_arg(const char *text)
{
	struct in_addr a;

	if (inet_pton(AF_INET, text, &a) != 1)
		errx(2, "not an IPv4 address: %s", text);
	return a.s_addr;
}

static void mac_arg(const char *text, uint8_t *mac)
{
	if (frame_unhex(text, mac, ETH_ALEN) != ETH_ALEN)
		errx(2, "not a MAC address: %s", text);
}

static void device_mac(const char *device, uint8_t *mac)
{
	char path[64], text[32];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/net/%s/address", device);
	f = fopen(path, "r");
	if (!f || !fgets(text, sizeof(text), f))
		err(1, "%s", path);
	fclose(f);
	mac_arg(text, mac);
}

static void add_option(struct message *m, uint8_t code, const void *data, size_t len)
{
	if (m->len + 2 + len >= sizeof(m->bootp) || len > 255)
		errx(2, "too many options");
	m->bootp[m->len++] = code;
	m->bootp[m->len++] = len;
	memcpy(m->bootp + m->len, data, len);
	m->len += len;
}

static void add_addr(struct message *m, uint8_t code, const char *text)
{
	in_addr_t a = addr_arg(text);

	add_option(m, code, &a, sizeof(a));
}

/* "NUMBER:HEX" to both. */
static long number_hex(const char *text, uint8_t *out, size_t max, size_t *len)
{
	char *colon;
	long n = strtol(text, &colon, 0);

	if (*colon != ':')
		errx(2, "not NUMBER:HEX: %s", text);
	*len = frame_unhex(colon + 1, out, max);
	return n;
}

static int type_arg(const char *text)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (!strcmp(text, types[i]))
			return i;
	}
	return atoi(text);
}

static uint32_t sum16(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;

	for (; len > 1; p += 2, len -= 2)
		sum += p[0] << 8 | p[1];
	return len ? sum + (p[0] << 8) : sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static uint8_t *put16(uint8_t *p, uint16_t v)
{
	*p++ = v >> 8;
	*p++ = v;
	return p;
}

/* Headers around the message; the length of the frame. */
static size_t build(const struct message *m, uint8_t *frame)
{
	size_t len = m->cut >= 0 ? (size_t)m->cut : m->len;
	uint8_t *p = frame, *ip, *udp;
	uint16_t check;

	memcpy(p, m->dst, ETH_ALEN);
	memcpy(p + ETH_ALEN, m->src, ETH_ALEN);
	p += 2 * ETH_ALEN;
	for (int i = 0; i < m->vlans; i++) {
		p = put16(p, i < m->vlans - 1 ? ETH_P_8021AD : ETH_P_8021Q);
		p = put16(p, m->vlan[i]);
	}
	p = put16(p, ETH_P_IP);

	ip = p;
	memcpy(ip, "\x45\x10\0\0\0\0\0\0\x40\x11\0\0", 12);
	put16(ip + 2, 28 + len);
	memcpy(ip + 12, &m->saddr, 4);
	memcpy(ip + 16, &m->daddr, 4);
	put16(ip + 10, fold(sum16(ip, 20, 0)));

	udp = ip + 20;
	put16(udp, m->sport);
	put16(udp + 2, m->dport);
	put16(udp + 4, 8 + len);
	put16(udp + 6, 0);
	memcpy(udp + 8, m->bootp, len);
	check = fold(sum16(udp, 8 + len, sum16(ip + 12, 8, 17 + 8 + len)));
	put16(udp + 6, check ? check : 0xffff);
	return udp + 8 + len - frame;
}

static void print_addr(const char *key, const void *addr)
{
	char text[INET_ADDRSTRLEN];

	printf("%s %s\n", key, inet_ntop(AF_INET, addr, text, sizeof(text)));
}

static void print_options(const uint8_t *p, const uint8_t *end)
{
	while (p < end && *p != 255) {
		if (!*p) {
			p++;
			continue;
		}
		if (end - p < 2 || end - p - 2 < p[1])
			errx(1, "the answer's options run past its end");
		if (*p == 53 && p[1] == 1 && p[2] < sizeof(types) / sizeof(*types))
			printf("type %s\n", types[p[2]]);
		printf("option %u ", *p);
		frame_print_hex(p + 2, p[1]);
		putchar('\n');
		p += 2 + p[1];
	}
}

/* Print the DHCP message with our xid if @frame is one. */
static bool print_answer(const struct message *m, const uint8_t *frame, size_t len)
{
	const uint8_t *p = frame + 2 * ETH_ALEN, *end = frame + len;
	const uint8_t *bootp;

	for (; end - p >= 4 && ((p[0] == 0x81 && !p[1]) || (p[0] == 0x88 && p[1] == 0xa8)); p += 4)
		;
	if (end - p < 2 + 28 + BOOTP_OPTIONS || p[0] != 8 || p[1] || p[11] != 17)
		return false;
	p += 2;
	bootp = p + (*p & 15) * 4 + 8;
	if (end - bootp < BOOTP_OPTIONS || memcmp(bootp + 4, m->bootp + 4, 4) ||
	    bootp[0] == m->bootp[0])
		return false;

	printf("eth_dst %02x:%02x:%02x:%02x:%02x:%02x\n", frame[0], frame[1],
	       frame[2], frame[3], frame[4], frame[5]);
	for (p = frame + 2 * ETH_ALEN; p[0] == 0x81 || p[0] == 0x88; p += 4)
		printf("vlan %u\n", (p[2] << 8 | p[3]) & 4095);
	print_addr("ip_src", bootp - 8 - 8);
	print_addr("ip_dst", bootp - 8 - 4);
	printf("hops %u\nflags %02x%02x\n", bootp[3], bootp[10], bootp[11]);
	print_addr("ciaddr", bootp + 12);
	print_addr("yiaddr", bootp + 16);
	print_addr("giaddr", bootp + 24);
	print_options(bootp + BOOTP_OPTIONS, end);
	return true;
}

static void emit(const struct message *m, int fd, uint8_t *frame, bool print)
{
	size_t len = build(m, frame);

	if (!print) {
		frame_send(fd, frame, len);
		return;
	}
	frame_print_hex(frame, len);
	putchar('\n');
}

/* Of a flood, message @i: from a MAC address of its own. */
static size_t build_nth(struct message *m, long i, uint8_t *frame)
{
	m->src[0] = 0x02;
	m->src[1] = 0xff;
	m->src[2] = i >> 24;
	m->src[3] = i >> 16;
	m->src[4] = i >> 8;
	m->src[5] = i;
	memcpy(m->bootp + 28, m->src, ETH_ALEN);
	return build(m, frame);
}

/* In batches, as a system call may cost more than a message. What the device
 * has no room for is not sent, and counts.
 */
static void send_flood(struct message *m, int fd, long count, long rate)
{
	static uint8_t frames[FLOOD_BATCH][sizeof(m->bootp) + FLOOD_HEADERS];
	const struct timespec tick = { .tv_nsec = 1000000 };
	int64_t start = frame_now_ms();
	struct mmsghdr msgs[FLOOD_BATCH] = { 0 };
	struct iovec iov[FLOOD_BATCH];
	long i = 0, due;
	int n, sent;

	while (i < count) {
		due = count;
		if (rate && rate * (frame_now_ms() - start) / 1000 + 1 < count)
			due = rate * (frame_now_ms() - start) / 1000 + 1;
		if (i >= due) {
			nanosleep(&tick, NULL);
			continue;
		}
		for (n = 0; n < FLOOD_BATCH && i < due; n++, i++) {
			iov[n].iov_base = frames[n];
			iov[n].iov_len = build_nth(m, i, frames[n]);
			msgs[n].msg_hdr.msg_iov = &iov[n];
			msgs[n].msg_hdr.msg_iovlen = 1;
		}
		for (sent = 0; sent < n;) {
			int done = sendmmsg(fd, msgs + sent, n - sent, 0);

			if (done < 0 && errno != ENOBUFS)
				err(1, "sendmmsg");
			sent += done > 0 ? done : 1;
		}
	}
}

static void finish(struct message *m)
{
	uint8_t type = m->type;

	if (m->type && m->type_last)
		add_option(m, 53, &type, 1);
	if (m->len >= sizeof(m->bootp))
		errx(2, "too many options");
	m->bootp[m->len++] = 255;
	if (m->pad > (long)sizeof(m->bootp))
		errx(2, "at most %zu octets", sizeof(m->bootp));
	if (m->pad > (long)m->len)
		m->len = m->pad;
	if (m->cut > (long)m->len)
		errx(2, "the message has %zu octets only", m->len);
	m->bootp[0] = m->sport == 67 && m->dport != 67 ? 2 : m->bootp[0];
}

int main(int argc, char **argv)
{
	struct message m = {
		.len = BOOTP_OPTIONS, .pad = BOOTP_MIN, .cut = CUT_NOT,
		.dst = { 255, 255, 255, 255, 255, 255 },
		.daddr = { INADDR_BROADCAST }, .sport = 68, .dport = 67,
	};
	static const char opts[] = "m:x:bc:y:g:r:i:l:o:tv:S:D:M:p:P:C:W:w:nN:R:";
	const char *overwrite[64], *chaddr = NULL;
	static uint8_t frame[FRAME_MAX];
	uint8_t data[1500], type;
	int n_overwrite = 0;
	double seconds = -1;
	bool print = false;
	long flood = 0, rate = 0;
	uint32_t n = htonl(1);
	int64_t until;
	size_t len;
	char *end;
	int c, fd;

	/* The type leads unless -t; it is known only after the options. */
	while ((c = getopt(argc, argv, opts)) != -1) {
		if (c == 't')
			m.type_last = true;
		if (c == '?')
			usage();
	}
	if (argc - optind != 2)
		usage();
	m.type = type = type_arg(argv[optind + 1]);
	if (m.type && !m.type_last)
		add_option(&m, 53, &type, 1);

	memcpy(m.bootp, "\x01\x01\x06\x00", 4);
	memcpy(m.bootp + 4, &n, 4);
	n = htonl(MAGIC);
	memcpy(m.bootp + 236, &n, 4);
	optind = 1;
	while ((c = getopt(argc, argv, opts)) != -1) {
		in_addr_t a;

		switch (c) {
		case 'm':
			chaddr = optarg;
			break;
		case 'x':
			n = htonl(strtoul(optarg, NULL, 0));
			memcpy(m.bootp + 4, &n, 4);
			break;
		case 'b':
			m.bootp[10] |= 0x80;
			break;
		case 'c':
		case 'y':
		case 'g':
			a = addr_arg(optarg);
			memcpy(m.bootp + (c == 'c' ? 12 : c == 'y' ? 16 : 24), &a, 4);
			break;
		case 'r':
			add_addr(&m, 50, optarg);
			break;
		case 'i':
			add_addr(&m, 54, optarg);
			break;
		case 'l':
			n = htonl(strtoul(optarg, NULL, 0));
			add_option(&m, 51, &n, 4);
			break;
		case 'o':
			c = number_hex(optarg, data, sizeof(data), &len);
			add_option(&m, c, data, len);
			break;
		case 'v':
			m.vlan[m.vlans++] = strtoul(optarg, &end, 0);
			if (*end == '.')
				m.vlan[m.vlans++] = strtoul(end + 1, NULL, 0);
			break;
		case 'S':
			m.saddr.s_addr = addr_arg(optarg);
			break;
		case 'D':
			m.daddr.s_addr = addr_arg(optarg);
			break;
		case 'M':
			mac_arg(optarg, m.dst);
			break;
		case 'p':
			m.sport = strtoul(optarg, &end, 0);
			m.dport = *end == ':' ? atoi(end + 1) : 67;
			break;
		case 'P':
			m.pad = atol(optarg);
			break;
		case 'C':
			m.cut = strcmp(optarg, "all") ? atoi(optarg) : CUT_EACH;
			break;
		case 'W':
			if (n_overwrite == 64)
				errx(2, "too many -W");
			overwrite[n_overwrite++] = optarg;
			break;
		case 'w':
			seconds = atof(optarg);
			break;
		case 'N':
			flood = atol(optarg);
			break;
		case 'R':
			rate = atol(optarg);
			break;
		case 'n':
			print = true;
			break;
		}
	}
	fd = print ? -1 : frame_open(argv[optind]);
	if (chaddr)
		mac_arg(chaddr, m.src);
	else
		device_mac(argv[optind], m.src);
	memcpy(m.bootp + 28, m.src, ETH_ALEN);
	finish(&m);
	while (n_overwrite--) {
		long at = number_hex(overwrite[n_overwrite], data, sizeof(data), &len);

		if (at < 0 || at + len > m.len)
			errx(2, "-W %s is outside the message", overwrite[n_overwrite]);
		memcpy(m.bootp + at, data, len);
	}

	if (m.cut == CUT_EACH) {
		for (m.cut = 0; m.cut < (int)m.len; m.cut++)
			emit(&m, fd, frame, print);
		return 0;
	}
	if (flood) {
		send_flood(&m, fd, flood, rate);
		return 0;
	}
	emit(&m, fd, frame, print);
	if (print || seconds < 0)
		return 0;
	until = frame_now_ms() + (int64_t)(seconds * 1000);
	while ((len = frame_recv(fd, frame, until))) {
		if (print_answer(&m, frame, len))
			return 0;
	}
	errx(1, "no answer within %g s", seconds);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dhcprecv - show the DHCPv4 messages that a device receives
 *
 *   dhcprecv DEVICE
 *
 * One JSON object a line, the first {"listening":DEVICE}; runs until killed.
 * `options` has CODE:HEX for every option in the order of the packet, and `end`
 * the offset of End or null. Fragments and what is cut are not shown.
 */
#include "frame.h"

#define BOOTP_OPTIONS	240

static void put_mac(const char *key, const uint8_t *mac)
{
	printf("\"%s\":\"%02x:%02x:%02x:%02x:%02x:%02x\",", key, mac[0], mac[1],
	       mac[2], mac[3], mac[4], mac[5]);
}

static void put_addr(const char *key, const void *addr)
{
	char text[INET_ADDRSTRLEN];

	printf("\"%s\":\"%s\",", key, inet_ntop(AF_INET, addr, text, sizeof(text)));
}

static void put_options(const uint8_t *bootp, size_t len)
{
	const char *blank = "";
	size_t off = BOOTP_OPTIONS;
	unsigned int type = 0;

	printf("\"options\":\"");
	while (off < len && bootp[off] != 255) {
		const uint8_t *o = bootp + off;

		if (!*o) {
			off++;
			continue;
		}
		if (len - off < 2 || len - off - 2 < o[1])
			break;
		if (*o == 53 && o[1] == 1)
			type = o[2];
		printf("%s%u:", blank, *o);
		frame_print_hex(o + 2, o[1]);
		blank = " ";
		off += 2 + o[1];
	}
	printf("\",\"type\":%u,\"end\":", type);
	if (off < len && bootp[off] == 255)
		printf("%zu", off);
	else
		printf("null");
}

static void show(const uint8_t *frame, size_t len)
{
	const uint8_t *p = frame + 2 * ETH_ALEN, *end = frame + len;
	const uint8_t *ip, *udp, *bootp;
	unsigned int vlan = 0, sport, dport;

	for (; end - p >= 4 && p[0] == 0x81 && !p[1]; p += 4)
		vlan = (p[2] << 8 | p[3]) & 4095;
	if (end - p < 2 + 28 + BOOTP_OPTIONS || p[0] != 8 || p[1])
		return;
	ip = p + 2;
	udp = ip + (*ip & 15) * 4;
	bootp = udp + 8;
	sport = udp[0] << 8 | udp[1];
	dport = udp[2] << 8 | udp[3];
	if (ip[9] != 17 || (ip[6] & 0x3f) || ip[7] || end - bootp < BOOTP_OPTIONS ||
	    (dport != 67 && dport != 68))
		return;
	if (end - udp > (udp[4] << 8 | udp[5]))	/* padding of the frame */
		end = udp + (udp[4] << 8 | udp[5]);

	putchar('{');
	put_mac("eth_src", frame + ETH_ALEN);
	put_mac("eth_dst", frame);
	put_addr("ip_src", ip + 12);
	put_addr("ip_dst", ip + 16);
	put_addr("ciaddr", bootp + 12);
	put_addr("yiaddr", bootp + 16);
	put_addr("giaddr", bootp + 24);
	put_mac("chaddr", bootp + 28);
	printf("\"vlan\":%u,\"sport\":%u,\"dport\":%u,\"len\":%td,\"op\":%u,"
	       "\"hops\":%u,\"xid\":%u,\"broadcast\":%s,", vlan, sport, dport,
	       end - bootp, bootp[0], bootp[3],
	       (unsigned int)bootp[4] << 24 | bootp[5] << 16 | bootp[6] << 8 | bootp[7],
	       bootp[10] & 0x80 ? "true" : "false");
	put_options(bootp, end - bootp);
	puts("}");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static uint8_t frame[FRAME_MAX];
	size_t len;
	int fd;

	if (argc != 2) {
		fputs("usage: dhcprecv DEVICE\n", stderr);
		return 2;
	}
	fd = frame_open(argv[1]);
	printf("{\"listening\":\"%s\"}\n", argv[1]);
	fflush(stdout);
	while ((len = frame_recv(fd, frame, INT64_MAX / 2)))
		show(frame, len);
	return 0;
}

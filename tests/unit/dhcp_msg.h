/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds DHCP messages for tests, valid ones and others.
 */
#ifndef KBNG_TESTS_DHCP_MSG_H
#define KBNG_TESTS_DHCP_MSG_H

#include <arpa/inet.h>
#include <string.h>
#include "../../kmod/dhcp.h"

struct dhcp_msg {
	u8 buf[2048];
	size_t len;
};

static inline void dhcp_msg_start(struct dhcp_msg *d, u8 op)
{
	static const u8 mac[] = { 2, 0, 0, 0, 0, 7 };

	memset(d, 0, sizeof(*d));
	d->buf[KBNG_DHCP_OFF_OP] = op;
	d->buf[KBNG_DHCP_OFF_HTYPE] = 1;
	d->buf[KBNG_DHCP_OFF_HLEN] = 6;
	memcpy(d->buf + KBNG_DHCP_OFF_XID, "\x12\x34\x56\x78", 4);
	memcpy(d->buf + KBNG_DHCP_OFF_CHADDR, mac, sizeof(mac));
	memcpy(d->buf + KBNG_DHCP_OFF_MAGIC, "\x63\x82\x53\x63", 4);
	d->len = KBNG_DHCP_OFF_OPTIONS;
}

static inline void dhcp_msg_option(struct dhcp_msg *d, u8 code,
				   const void *data, u8 len)
{
	d->buf[d->len++] = code;
	d->buf[d->len++] = len;
	memcpy(d->buf + d->len, data, len);
	d->len += len;
}

static inline void dhcp_msg_type(struct dhcp_msg *d, u8 type)
{
	dhcp_msg_option(d, KBNG_DHCP_OPT_TYPE, &type, 1);
}

/* Close the options; pad to @len when it is longer. */
static inline void dhcp_msg_end(struct dhcp_msg *d, size_t len)
{
	d->buf[d->len++] = KBNG_DHCP_OPT_END;
	if (d->len < len)
		d->len = len;
}

#endif

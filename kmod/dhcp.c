// SPDX-License-Identifier: GPL-2.0
/*
 * Options live in the options field and, when option 52 says so, in file and
 * sname too (RFC 2131 4.1). The options field must close with End: a message
 * that was cut anywhere before it is refused as a whole.
 */
#include <linux/string.h>
#include "dhcp.h"

#define KBNG_DHCP_OVERLOAD_FILE		1
#define KBNG_DHCP_OVERLOAD_SNAME	2

static const u8 kbng_dhcp_magic[] = { 99, 130, 83, 99 };

static __be32 kbng_dhcp_get_be32(const u8 *p)
{
	__be32 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static u32 kbng_dhcp_get_u32(const u8 *p)
{
	return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static enum kbng_stat kbng_dhcp_set_span(struct kbng_span *span, size_t off,
					 u8 len)
{
	if (!span->len) {
		span->off = off;
		span->len = len;
	}
	return KBNG_STAT_NONE;
}

/*
 * An option that comes twice is one that was split (RFC 3396), and longer than
 * a fixed size; but nobody is misled by the same octets once more.
 */
static enum kbng_stat kbng_dhcp_option(const u8 *buf, size_t off, u8 code,
				       u8 len, struct kbng_dhcp *m,
				       u8 *overload)
{
	const u8 *p = buf + off;

	switch (code) {
	case KBNG_DHCP_OPT_TYPE:
		if (len != 1 || (m->type && m->type != *p))
			return KBNG_STAT_dhcp_option_length;
		m->type = *p;
		break;
	case KBNG_DHCP_OPT_OVERLOAD:
		if (len != 1 || (*overload && *overload != *p))
			return KBNG_STAT_dhcp_option_length;
		*overload = *p;
		break;
	case KBNG_DHCP_OPT_REQUESTED:
		if (len != 4 ||
		    (m->requested && memcmp(&m->requested, p, len)))
			return KBNG_STAT_dhcp_option_length;
		m->requested = kbng_dhcp_get_be32(p);
		break;
	case KBNG_DHCP_OPT_LEASE:
		if (len != 4 ||
		    (m->has_lease && m->lease != kbng_dhcp_get_u32(p)))
			return KBNG_STAT_dhcp_option_length;
		m->lease = kbng_dhcp_get_u32(p);
		m->has_lease = true;
		break;
	case KBNG_DHCP_OPT_HOSTNAME:
		return kbng_dhcp_set_span(&m->hostname, off, len);
	case KBNG_DHCP_OPT_CLIENT_ID:
		return kbng_dhcp_set_span(&m->client_id, off, len);
	case KBNG_DHCP_OPT_RAPID_COMMIT:
		if (len)
			return KBNG_STAT_dhcp_option_length;
		m->rapid_commit = true;
		break;
	case KBNG_DHCP_OPT_RELAY:
		/* Only the options field is edited, so only there it may be. */
		if (!len || off < KBNG_DHCP_OFF_OPTIONS)
			return KBNG_STAT_dhcp_opt82_malformed;
		m->relay_split = m->relay.len;
		return kbng_dhcp_set_span(&m->relay, off, len);
	}
	return KBNG_STAT_NONE;
}

/*
 * Walk the options in [off, end). *closed is the offset of End, or @end when
 * there is none.
 */
static enum kbng_stat kbng_dhcp_walk(const u8 *buf, size_t off, size_t end,
				     struct kbng_dhcp *m, u8 *overload,
				     size_t *closed)
{
	while (off < end) {
		enum kbng_stat err;
		u8 code = buf[off];
		u8 len;

		if (code == KBNG_DHCP_OPT_END)
			break;
		if (code == KBNG_DHCP_OPT_PAD) {
			off++;
			continue;
		}
		if (end - off < 2)
			return KBNG_STAT_dhcp_option_overrun;
		len = buf[off + 1];
		if (len > end - off - 2)
			return KBNG_STAT_dhcp_option_overrun;
		err = kbng_dhcp_option(buf, off + 2, code, len, m, overload);
		if (err)
			return err;
		off += 2 + len;
	}
	*closed = off;
	return KBNG_STAT_NONE;
}

static enum kbng_stat kbng_dhcp_options(const u8 *buf, size_t len,
					struct kbng_dhcp *m)
{
	enum kbng_stat err;
	u8 overload = 0;
	u8 nested = 0;
	size_t end;

	err = kbng_dhcp_walk(buf, KBNG_DHCP_OFF_OPTIONS, len, m, &overload,
			     &end);
	if (err)
		return err;
	if (end == len)
		return KBNG_STAT_dhcp_no_end;
	m->end = end;
	m->overload = overload;

	if (overload & KBNG_DHCP_OVERLOAD_FILE) {
		err = kbng_dhcp_walk(buf, KBNG_DHCP_OFF_FILE,
				     KBNG_DHCP_OFF_MAGIC, m, &nested, &end);
		if (err)
			return err;
	}
	if (overload & KBNG_DHCP_OVERLOAD_SNAME) {
		err = kbng_dhcp_walk(buf, KBNG_DHCP_OFF_SNAME,
				     KBNG_DHCP_OFF_FILE, m, &nested, &end);
		if (err)
			return err;
	}
	return KBNG_STAT_NONE;
}

/**
 * kbng_dhcp_parse() - read a DHCPv4 message
 * @buf: the UDP payload
 * @len: its length
 * @m: filled in; undefined unless KBNG_STAT_NONE is returned
 *
 * Return: KBNG_STAT_NONE, or the name under which to drop the message
 */
enum kbng_stat kbng_dhcp_parse(const u8 *buf, size_t len, struct kbng_dhcp *m)
{
	enum kbng_stat err;

	memset(m, 0, sizeof(*m));
	if (len < KBNG_DHCP_LEN_MIN)
		return KBNG_STAT_dhcp_truncated;
	if (len > KBNG_DHCP_LEN_MAX)
		return KBNG_STAT_dhcp_oversized;

	m->op = buf[KBNG_DHCP_OFF_OP];
	if (m->op != KBNG_DHCP_BOOTREQUEST && m->op != KBNG_DHCP_BOOTREPLY)
		return KBNG_STAT_dhcp_bad_op;
	if (buf[KBNG_DHCP_OFF_HTYPE] != 1 ||
	    buf[KBNG_DHCP_OFF_HLEN] != sizeof(m->chaddr))
		return KBNG_STAT_dhcp_bad_hlen;
	if (memcmp(buf + KBNG_DHCP_OFF_MAGIC, kbng_dhcp_magic,
		   sizeof(kbng_dhcp_magic)))
		return KBNG_STAT_dhcp_bad_magic;

	m->hops = buf[KBNG_DHCP_OFF_HOPS];
	m->xid = kbng_dhcp_get_be32(buf + KBNG_DHCP_OFF_XID);
	m->broadcast = buf[KBNG_DHCP_OFF_FLAGS] & 0x80;
	m->ciaddr = kbng_dhcp_get_be32(buf + KBNG_DHCP_OFF_CIADDR);
	m->yiaddr = kbng_dhcp_get_be32(buf + KBNG_DHCP_OFF_YIADDR);
	m->giaddr = kbng_dhcp_get_be32(buf + KBNG_DHCP_OFF_GIADDR);
	memcpy(m->chaddr, buf + KBNG_DHCP_OFF_CHADDR, sizeof(m->chaddr));

	err = kbng_dhcp_options(buf, len, m);
	if (err)
		return err;
	return m->type ? KBNG_STAT_NONE : KBNG_STAT_dhcp_no_type;
}

/**
 * kbng_dhcp_join_relay() - make one option of an option 82 that is split
 * @buf: a message that was parsed into @m
 * @len: its length, which stays
 * @m: what kbng_dhcp_parse() found; then what it finds now
 *
 * The parts are one value, in the order in which they are there, that may have
 * been cut anywhere (RFC 3396 5). It becomes the last option; the room that the
 * parts leave behind it is padding.
 *
 * Return: KBNG_STAT_NONE, or KBNG_STAT_dhcp_opt82_too_long when it is more than
 * one option can hold; @buf is undefined then
 */
enum kbng_stat kbng_dhcp_join_relay(u8 *buf, size_t len, struct kbng_dhcp *m)
{
	u8 *from = buf + m->relay.off - 2;
	u8 *to = from;
	u8 *end = buf + m->end;
	size_t value_len = 0;
	u8 value[255];
	size_t size;

	for (; from < end; from += size) {
		size = *from == KBNG_DHCP_OPT_PAD ? 1 : 2 + from[1];
		if (*from != KBNG_DHCP_OPT_RELAY) {
			memmove(to, from, size);
			to += size;
			continue;
		}
		if (value_len + from[1] > sizeof(value))
			return KBNG_STAT_dhcp_opt82_too_long;
		memcpy(value + value_len, from + 2, from[1]);
		value_len += from[1];
	}
	*to++ = KBNG_DHCP_OPT_RELAY;
	*to++ = value_len;
	memcpy(to, value, value_len);
	to += value_len;
	memset(to, KBNG_DHCP_OPT_PAD, end - to);
	return kbng_dhcp_parse(buf, len, m);
}

/*
 * Add an option in front of End. Padding behind that makes room first; the
 * message grows by what is missing. The new length, or 0 when it does not fit
 * and nothing was changed.
 */
static size_t kbng_dhcp_insert(u8 *buf, size_t len, size_t cap,
			       const struct kbng_dhcp *m, u8 code,
			       const void *value, u8 value_len)
{
	size_t need = m->end + 2 + value_len + 1;
	u8 *p = buf + m->end;

	if (need < KBNG_DHCP_LEN_PAD)
		need = KBNG_DHCP_LEN_PAD;
	if (need < len)
		need = len;
	if (need > cap)
		return 0;

	memset(p, KBNG_DHCP_OPT_PAD, need - m->end);
	*p++ = code;
	*p++ = value_len;
	memcpy(p, value, value_len);
	p[value_len] = KBNG_DHCP_OPT_END;
	return need;
}

/**
 * kbng_dhcp_insert_relay() - add option 82 as the last option (RFC 3046 2.1)
 * @buf: a message that was parsed into @m
 * @len: its length
 * @cap: size of @buf
 * @m: what kbng_dhcp_parse() found; it has no option 82
 * @value: the sub-options
 * @value_len: their length
 *
 * Return: the new length, or 0 when it does not fit and nothing was changed
 */
size_t kbng_dhcp_insert_relay(u8 *buf, size_t len, size_t cap,
			      const struct kbng_dhcp *m, const u8 *value,
			      u8 value_len)
{
	return kbng_dhcp_insert(buf, len, cap, m, KBNG_DHCP_OPT_RELAY, value,
				value_len);
}

/* Another address in each option 50 of a field that was parsed. */
static bool kbng_dhcp_overwrite(u8 *buf, size_t off, size_t end, __be32 addr)
{
	bool found = false;

	while (off < end && buf[off] != KBNG_DHCP_OPT_END) {
		if (buf[off] == KBNG_DHCP_OPT_PAD) {
			off++;
			continue;
		}
		if (buf[off] == KBNG_DHCP_OPT_REQUESTED) {
			memcpy(buf + off + 2, &addr, sizeof(addr));
			found = true;
		}
		off += 2 + buf[off + 1];
	}
	return found;
}

/**
 * kbng_dhcp_ask_for() - let a client's message ask for an address (RFC 2132 9.1)
 * @buf: a message that was parsed into @m
 * @len: its length
 * @cap: size of @buf
 * @m: what kbng_dhcp_parse() found; then what it would find now
 * @addr: address
 *
 * A DISCOVER asks for it whatever it asked for before; a REQUEST does where it
 * asks for an address and does not say that it has one.
 *
 * Return: the new length, or 0 when it does not fit and nothing was changed
 */
size_t kbng_dhcp_ask_for(u8 *buf, size_t len, size_t cap, struct kbng_dhcp *m,
			 __be32 addr)
{
	bool found;
	size_t end;

	if (m->type != KBNG_DHCP_DISCOVER && m->type != KBNG_DHCP_REQUEST)
		return len;
	found = kbng_dhcp_overwrite(buf, KBNG_DHCP_OFF_OPTIONS, m->end, addr);
	if (m->overload & KBNG_DHCP_OVERLOAD_FILE)
		found |= kbng_dhcp_overwrite(buf, KBNG_DHCP_OFF_FILE,
					     KBNG_DHCP_OFF_MAGIC, addr);
	if (m->overload & KBNG_DHCP_OVERLOAD_SNAME)
		found |= kbng_dhcp_overwrite(buf, KBNG_DHCP_OFF_SNAME,
					     KBNG_DHCP_OFF_FILE, addr);
	if (!found) {
		if (m->type == KBNG_DHCP_REQUEST)
			return len;
		end = m->end + 2 + sizeof(addr);
		len = kbng_dhcp_insert(buf, len, cap, m,
				       KBNG_DHCP_OPT_REQUESTED, &addr,
				       sizeof(addr));
		if (!len)
			return 0;
		m->end = end;
	}
	m->requested = addr;
	return len;
}

/**
 * kbng_dhcp_strip_relay() - remove option 82 (RFC 3046 2.1), keep the length
 * @buf: a message that was parsed into @m
 * @len: its length
 * @m: what kbng_dhcp_parse() found; then what it would find now
 */
void kbng_dhcp_strip_relay(u8 *buf, size_t len, struct kbng_dhcp *m)
{
	size_t gap = m->relay.len + 2;
	u8 *p = buf + m->relay.off - 2;

	if (!m->relay.len)
		return;
	memmove(p, p + gap, buf + len - p - gap);
	memset(buf + len - gap, KBNG_DHCP_OPT_PAD, gap);
	m->end -= gap;
	if (m->hostname.off > m->relay.off)
		m->hostname.off -= gap;
	if (m->client_id.off > m->relay.off)
		m->client_id.off -= gap;
	m->relay = (struct kbng_span) {};
}

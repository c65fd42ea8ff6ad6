// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions that outlive the module: what makes one that is restored, and the
 * same as octets. These are messages as the kernel sends them, so what reads
 * dumps reads them too, and what a version does not know it passes over.
 */
#include "nl_private.h"

#include <errno.h>
#include <string.h>
#include <netlink/genl/genl.h>

static int put_u32(struct nl_msg *msg, int type, uint32_t value)
{
	return value ? nla_put_u32(msg, type, value) : 0;
}

static int put_u64(struct nl_msg *msg, int type, uint64_t value)
{
	return value ? nla_put_u64(msg, type, value) : 0;
}

static int put_octets(struct nl_msg *msg, int type, const void *data,
		      size_t len)
{
	return len ? nla_put(msg, type, len, data) : 0;
}

static int put_counters(struct nl_msg *msg, int type,
			const struct kbng_counters *c)
{
	struct nlattr *nest = nla_nest_start(msg, type | NLA_F_NESTED);

	if (!nest || nla_put_u64(msg, KBNG_A_COUNT_PACKETS4, c->packets4) ||
	    nla_put_u64(msg, KBNG_A_COUNT_OCTETS4, c->octets4) ||
	    nla_put_u64(msg, KBNG_A_COUNT_PACKETS6, c->packets6) ||
	    nla_put_u64(msg, KBNG_A_COUNT_OCTETS6, c->octets6) ||
	    nla_put_u64(msg, KBNG_A_COUNT_DROPS, c->drops))
		return -ENOMEM;
	return nla_nest_end_keep_empty(msg, nest);
}

static int put_line(struct nl_msg *msg, const struct kbng_line_rates *l)
{
	struct nlattr *nest =
		nla_nest_start(msg, KBNG_A_SESSION_LINE | NLA_F_NESTED);

	if (!nest || put_u64(msg, KBNG_A_LINE_ACTUAL_UP, l->actual_up) ||
	    put_u64(msg, KBNG_A_LINE_ACTUAL_DOWN, l->actual_down) ||
	    put_u64(msg, KBNG_A_LINE_MINIMUM_UP, l->minimum_up) ||
	    put_u64(msg, KBNG_A_LINE_MINIMUM_DOWN, l->minimum_down) ||
	    put_u64(msg, KBNG_A_LINE_ATTAINABLE_UP, l->attainable_up) ||
	    put_u64(msg, KBNG_A_LINE_ATTAINABLE_DOWN, l->attainable_down))
		return -ENOMEM;
	return nla_nest_end_keep_empty(msg, nest);
}

static int put_drops(struct nl_msg *msg, const struct kbng_drops *d)
{
	struct nlattr *nest =
		nla_nest_start(msg, KBNG_A_SESSION_DROPS | NLA_F_NESTED);

	if (!nest ||
	    put_u64(msg, KBNG_A_DROP_SPOOFED_IFACE, d->spoofed_iface) ||
	    put_u64(msg, KBNG_A_DROP_SPOOFED_VLAN, d->spoofed_vlan) ||
	    put_u64(msg, KBNG_A_DROP_SPOOFED_MAC, d->spoofed_mac) ||
	    put_u64(msg, KBNG_A_DROP_UNAUTHORISED, d->unauthorised) ||
	    put_u64(msg, KBNG_A_DROP_SHAPER_UP, d->shaper_up) ||
	    put_u64(msg, KBNG_A_DROP_SHAPER_DOWN, d->shaper_down) ||
	    put_u64(msg, KBNG_A_DROP_AQM_UP, d->aqm_up) ||
	    put_u64(msg, KBNG_A_DROP_AQM_DOWN, d->aqm_down))
		return -ENOMEM;
	return nla_nest_end_keep_empty(msg, nest);
}

int kbng_nl_put_restored_prefix(struct nl_msg *msg, const struct kbng_prefix *p)
{
	return put_u32(msg, KBNG_A_PREFIX_KIND, p->kind) ||
	       (p->has_lifetime &&
		(nla_put_u32(msg, KBNG_A_PREFIX_PREFERRED, p->preferred) ||
		 nla_put_u32(msg, KBNG_A_PREFIX_VALID, p->valid) ||
		 nla_put_u32(msg, KBNG_A_PREFIX_LEFT, p->left)));
}

int kbng_nl_put_restored(struct nl_msg *msg, const struct kbng_session_info *s)
{
	static const struct in6_addr none;

	return nla_put(msg, KBNG_A_SESSION_UUID, KBNG_UUID_LEN, s->uuid) ||
	       (s->has_lease && nla_put_u32(msg, KBNG_A_SESSION_LEASE_LEFT,
					    s->lease_left)) ||
	       nla_put_u64(msg, KBNG_A_SESSION_STARTED, s->started) ||
	       nla_put_u32(msg, KBNG_A_SESSION_TIME, s->time) ||
	       put_u32(msg, KBNG_A_SESSION_RENEWALS, s->renewals) ||
	       put_counters(msg, KBNG_A_SESSION_UP, &s->up) ||
	       put_counters(msg, KBNG_A_SESSION_DOWN, &s->down) ||
	       put_drops(msg, &s->drops) || put_line(msg, &s->line) ||
	       put_octets(msg, KBNG_A_SESSION_HOSTNAME, s->hostname.data,
			  s->hostname.len) ||
	       put_octets(msg, KBNG_A_SESSION_AGENT, s->agent.data,
			  s->agent.len) ||
	       (memcmp(&s->link_local, &none, sizeof(none)) &&
		nla_put(msg, KBNG_A_SESSION_LINK_LOCAL, sizeof(s->link_local),
			&s->link_local)) ||
	       put_u32(msg, KBNG_A_SESSION_TRIGGER, s->trigger) ||
	       put_u32(msg, KBNG_A_SESSION_FRAMED_ADDR4,
		       s->terms.framed.s_addr) ||
	       put_octets(msg, KBNG_A_SESSION_RADIUS_ATTRS, s->terms.attrs.data,
			  s->terms.attrs.len) ||
	       put_octets(msg, KBNG_A_SESSION_RADIUS6, s->radius6.data,
			  s->radius6.len);
}

int kbng_nl_put_packed(struct nl_msg *msg, const struct kbng_session_info *s)
{
	return nla_put_u32(msg, KBNG_A_SESSION_ID, s->id) ||
	       (*s->ifname &&
		nla_put_string(msg, KBNG_A_SESSION_IFNAME, s->ifname)) ||
	       put_u64(msg, KBNG_A_SESSION_STOPPED, s->stopped) ||
	       put_u32(msg, KBNG_A_SESSION_TERMINATE_CAUSE,
		       s->terminate_cause) ||
	       put_u32(msg, KBNG_A_SESSION_OVER_QUOTA, s->over_quota);
}

static struct nl_msg *packed_begin(enum kbng_cmd cmd)
{
	struct nl_msg *msg = nlmsg_alloc_size(KBNG_NL_PACKED_MAX);

	if (msg && !genlmsg_put(msg, 0, 0, 0, 0, 0, cmd, KBNG_GENL_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

static size_t packed_end(struct nl_msg *msg, int err, void *buf)
{
	size_t len = msg && !err ? nlmsg_hdr(msg)->nlmsg_len : 0;

	if (len)
		memcpy(buf, nlmsg_hdr(msg), len);
	nlmsg_free(msg);
	return len;
}

/* The message at @buf, if it is whole and about @cmd. */
static struct nlmsghdr *packed_at(const void *buf, size_t len,
				  enum kbng_cmd cmd)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;

	if (len < sizeof(*nlh) || nlh->nlmsg_len > len ||
	    nlh->nlmsg_len > KBNG_NL_PACKED_MAX || nlh->nlmsg_len % 4 ||
	    !genlmsg_valid_hdr(nlh, 0) || genlmsg_hdr(nlh)->cmd != cmd)
		return NULL;
	return nlh;
}

size_t kbng_nl_session_pack(const struct kbng_session_info *s, void *buf)
{
	struct nl_msg *msg = packed_begin(KBNG_CMD_SESSION_NEW);

	return packed_end(msg, !msg || kbng_nl_put_session(msg, s,
							   KBNG_NL_PACKED),
			  buf);
}

int kbng_nl_session_unpack(const void *buf, size_t len,
			   struct kbng_session_info *s)
{
	struct nlmsghdr *nlh = packed_at(buf, len, KBNG_CMD_SESSION_NEW);

	return nlh && !kbng_nl_decode_session(nlh, true, s) ?
	       (int)nlh->nlmsg_len : -EBADMSG;
}

size_t kbng_nl_shaper_pack(const struct kbng_shaper_info *s, void *buf)
{
	struct nl_msg *msg = packed_begin(KBNG_CMD_SHAPER_SET);

	return packed_end(msg, !msg || kbng_nl_put_shaper(msg, s), buf);
}

int kbng_nl_shaper_unpack(const void *buf, size_t len,
			  struct kbng_shaper_info *s)
{
	struct nlmsghdr *nlh = packed_at(buf, len, KBNG_CMD_SHAPER_SET);

	return nlh && !kbng_nl_decode_shaper(nlh, s) ? (int)nlh->nlmsg_len :
						       -EBADMSG;
}

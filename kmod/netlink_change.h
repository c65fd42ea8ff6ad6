/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What requests to make a session and to change one have in common, for
 * netlink_new.c and netlink_change.c.
 */
#ifndef _KBNG_NETLINK_CHANGE_H
#define _KBNG_NETLINK_CHANGE_H

#include "netlink_prefix.h"
#include "session.h"

#define KBNG_NL_CHANGE_ANY					\
	(BIT_ULL(KBNG_A_SESSION_STATE) |			\
	 BIT_ULL(KBNG_A_SESSION_POLICY) |			\
	 BIT_ULL(KBNG_A_SESSION_PREFIX) |			\
	 BIT_ULL(KBNG_A_SESSION_COOKIE))

/**
 * struct kbng_nl_session_change - what NEW and SET may carry
 * @state: 0: leave
 * @lease_time: s from now, 0: leave
 * @lease_left: s from now of these, if not all, of a session that is restored
 * @prefixes: if given, what to set
 * @policy: unless NULL, what to set
 * @shaper: name of the policy's, or NULL
 * @has_cookie: set @cookie
 * @cookie: or NULL for none; owned, like the ids, until it is applied
 * @circuit: unless NULL, what to set
 * @remote: likewise
 * @framed: if given, the only address that DHCP may lease
 * @has_radius: set @radius
 * @radius: or NULL for none; owned like @cookie
 * @has_radius6: set @radius6
 * @radius6: likewise
 * @buf: behind @policy
 */
struct kbng_nl_session_change {
	u32 state;
	u32 lease_time;
	u32 lease_left;
	struct kbng_policy *policy;
	const struct nlattr *shaper;
	bool has_cookie;
	struct kbng_octets *cookie;
	struct kbng_octets *circuit;
	struct kbng_octets *remote;
	const struct nlattr *framed;
	bool has_radius;
	struct kbng_octets *radius;
	bool has_radius6;
	struct kbng_octets *radius6;
	struct kbng_policy buf;
	struct kbng_nl_prefixes prefixes;
};

void kbng_nl_session_change_free(struct kbng_nl_session_change *c);
bool kbng_nl_session_is_host(__be32 addr);
int kbng_nl_session_change_parse(struct genl_info *info,
				 struct nlattr **tb,
				 struct kbng_nl_session_change *c);
int kbng_nl_session_change_find(struct kbng_net *kn,
				struct kbng_nl_session_change *c,
				struct netlink_ext_ack *extack);
void kbng_nl_session_change_apply(struct kbng_session *s,
				  struct kbng_nl_session_change *c);

#endif /* _KBNG_NETLINK_CHANGE_H */

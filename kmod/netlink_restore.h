/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sessions that another instance of the module had: what a request to make one
 * carries besides what any may, so that it goes on as it was.
 */
#ifndef _KBNG_NETLINK_RESTORE_H
#define _KBNG_NETLINK_RESTORE_H

#include <linux/uuid.h>
#include <net/netlink.h>
#include "session.h"

struct genl_info;

#define KBNG_NL_RESTORE						\
	(BIT_ULL(KBNG_A_SESSION_UUID) |				\
	 BIT_ULL(KBNG_A_SESSION_HOSTNAME) |			\
	 BIT_ULL(KBNG_A_SESSION_LEASE_LEFT) |			\
	 BIT_ULL(KBNG_A_SESSION_STARTED) |			\
	 BIT_ULL(KBNG_A_SESSION_TIME) |				\
	 BIT_ULL(KBNG_A_SESSION_RENEWALS) |			\
	 BIT_ULL(KBNG_A_SESSION_UP) |				\
	 BIT_ULL(KBNG_A_SESSION_DOWN) |				\
	 BIT_ULL(KBNG_A_SESSION_LINE) |				\
	 BIT_ULL(KBNG_A_SESSION_LINK_LOCAL) |			\
	 BIT_ULL(KBNG_A_SESSION_TRIGGER) |			\
	 BIT_ULL(KBNG_A_SESSION_AGENT) |			\
	 BIT_ULL(KBNG_A_SESSION_FRAMED_ADDR4) |			\
	 BIT_ULL(KBNG_A_SESSION_RADIUS_ATTRS) |			\
	 BIT_ULL(KBNG_A_SESSION_RADIUS6) |			\
	 BIT_ULL(KBNG_A_SESSION_DROPS))

extern const struct nla_policy kbng_nl_count_policy[KBNG_A_COUNT_MAX + 1];
extern const struct nla_policy kbng_nl_line_policy[KBNG_A_LINE_MAX + 1];
extern const struct nla_policy kbng_nl_drop_policy[KBNG_A_DROP_MAX + 1];

/**
 * struct kbng_nl_restore - what a session had
 * @given: it is one that is restored; without it nothing else is valid
 * @tb: attributes of the request
 * @uuid: its identity
 * @counts: by direction
 * @drops: packets, in the order of KBNG_A_DROP_*
 * @rates: of the line
 * @hostname: owned, like @agent, until it is applied
 * @agent: or NULL
 */
struct kbng_nl_restore {
	bool given;
	struct nlattr **tb;
	uuid_t uuid;
	struct kbng_counts counts[KBNG_DIRS];
	u64 drops[KBNG_SESSION_DROPS];
	struct kbng_line_rates rates;
	struct kbng_octets *hostname;
	struct kbng_octets *agent;
};

int kbng_nl_restore_parse(struct genl_info *info, struct nlattr **tb,
			  u64 always, struct kbng_nl_restore *r);
void kbng_nl_restore_free(struct kbng_nl_restore *r);
void kbng_nl_restore_apply(struct kbng_session *s, struct kbng_nl_restore *r);

#endif /* _KBNG_NETLINK_RESTORE_H */

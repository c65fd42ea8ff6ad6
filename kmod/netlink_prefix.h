/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_NETLINK_PREFIX_H
#define _KBNG_NETLINK_PREFIX_H

#include "prefix.h"

struct genl_info;
struct kbng_session;
struct netlink_ext_ack;
struct sk_buff;

/**
 * struct kbng_nl_prefixes - prefixes as a request names them
 * @given: it names some, or says that there are none
 * @leased: some are of a server, of a session that is restored
 * @n: entries of @spec
 * @spec: all different
 * @left: s of each, where its lifetime has an end
 */
struct kbng_nl_prefixes {
	bool given;
	bool leased;
	int n;
	struct kbng_prefix_spec spec[KBNG_PREFIXES_MAX];
	u32 left[KBNG_PREFIXES_MAX];
};

int kbng_nl_prefix_put(struct sk_buff *skb, const struct kbng_session *s);
int kbng_nl_prefix_parse(struct genl_info *info, struct kbng_nl_prefixes *list);
int kbng_nl_prefix_check(struct kbng_session *s,
			 const struct kbng_nl_prefixes *list,
			 struct netlink_ext_ack *extack);
int kbng_nl_prefix_apply(struct kbng_session *s,
			 const struct kbng_nl_prefixes *list);

#endif /* _KBNG_NETLINK_PREFIX_H */

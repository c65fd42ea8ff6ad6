/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBNG_NETLINK_PREFIX_H
#define _KBNG_NETLINK_PREFIX_H

#include "prefix.h"

struct genl_info;
struct kbng_session;
struct netlink_ext_ack;
struct sk_buff;

/**
 * struct kbng_nl_prefixes - static prefixes as a request names them
 * @given: it names some, or says that there are none
 * @n: entries of @spec
 * @spec: all different
 */
struct kbng_nl_prefixes {
	bool given;
	int n;
	struct kbng_prefix_spec spec[KBNG_PREFIXES_MAX];
};

int kbng_nl_prefix_put(struct sk_buff *skb, const struct kbng_session *s);
int kbng_nl_prefix_parse(struct genl_info *info, struct kbng_nl_prefixes *list);
int kbng_nl_prefix_check(struct kbng_session *s,
			 const struct kbng_nl_prefixes *list,
			 struct netlink_ext_ack *extack);
int kbng_nl_prefix_apply(struct kbng_session *s,
			 const struct kbng_nl_prefixes *list);

#endif /* _KBNG_NETLINK_PREFIX_H */

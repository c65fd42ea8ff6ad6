/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the family's own files share: handlers by command.
 */
#ifndef _KBNG_NETLINK_OP_H
#define _KBNG_NETLINK_OP_H

#include <net/genetlink.h>
#include "netlink.h"

extern struct genl_family kbng_nl_family;
extern const struct nla_policy kbng_nl_iface_policy[KBNG_A_IFACE_MAX + 1];
extern const struct nla_policy kbng_nl_session_policy[KBNG_A_SESSION_MAX + 1];

/* netlink_iface.c */
int kbng_nl_iface_get(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_iface_dump(struct sk_buff *skb, struct netlink_callback *cb);
int kbng_nl_iface_set(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_iface_del(struct sk_buff *skb, struct genl_info *info);

/* netlink_session.c */
int kbng_nl_session_put(struct sk_buff *skb, struct kbng_session *s);
int kbng_nl_session_get(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_start(struct netlink_callback *cb);
int kbng_nl_session_dump(struct sk_buff *skb, struct netlink_callback *cb);
int kbng_nl_session_done(struct netlink_callback *cb);
int kbng_nl_session_new(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_set(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_del(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_ack(struct sk_buff *skb, struct genl_info *info);

#endif /* _KBNG_NETLINK_OP_H */

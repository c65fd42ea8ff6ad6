/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the family's own files share: handlers by command.
 */
#ifndef _KBNG_NETLINK_OP_H
#define _KBNG_NETLINK_OP_H

#include <net/genetlink.h>
#include "netlink.h"

struct kbng_net;
struct kbng_session;

extern struct genl_family kbng_nl_family;
extern const struct nla_policy kbng_nl_iface_policy[KBNG_A_IFACE_MAX + 1];
extern const struct nla_policy kbng_nl_session_policy[KBNG_A_SESSION_MAX + 1];
extern const struct nla_policy kbng_nl_policy_policy[KBNG_A_POLICY_MAX + 1];

/* netlink_iface.c */
int kbng_nl_iface_get(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_iface_dump(struct sk_buff *skb, struct netlink_callback *cb);
int kbng_nl_iface_set(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_iface_del(struct sk_buff *skb, struct genl_info *info);

/* netlink_session.c */
int kbng_nl_session_put(struct sk_buff *skb, struct kbng_session *s);
int kbng_nl_session_parse(struct genl_info *info, struct nlattr **tb,
			  u64 allowed);
int kbng_nl_session_allow(struct nlattr *const *tb, u64 allowed,
			  struct netlink_ext_ack *extack);
struct kbng_session *kbng_nl_session_find(struct kbng_net *kn,
					  struct nlattr **tb,
					  struct netlink_ext_ack *extack);
void kbng_nl_session_lock(struct kbng_net *kn);
void kbng_nl_session_unlock(struct kbng_net *kn);
int kbng_nl_session_get(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_start(struct netlink_callback *cb);
int kbng_nl_session_dump(struct sk_buff *skb, struct netlink_callback *cb);
int kbng_nl_session_done(struct netlink_callback *cb);

/* netlink_change.c */
int kbng_nl_session_new(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_set(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_del(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_ack(struct sk_buff *skb, struct genl_info *info);

#endif /* _KBNG_NETLINK_OP_H */

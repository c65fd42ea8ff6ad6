/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the family's own files share: handlers by command.
 */
#ifndef _KBNG_NETLINK_OP_H
#define _KBNG_NETLINK_OP_H

#include <net/genetlink.h>
#include "netlink.h"

struct kbng_iface_config;
struct kbng_net;
struct kbng_session;
struct kbng_shaper;

/* KBNG_A_IFACE_TRIGGER: the address, and the length in one octet. */
#define KBNG_NL_SUBNET_LEN	(sizeof(__be32) + 1)

extern struct genl_family kbng_nl_family;
extern const struct nla_policy kbng_nl_iface_policy[KBNG_A_IFACE_MAX + 1];
extern const struct nla_policy kbng_nl_session_policy[KBNG_A_SESSION_MAX + 1];
extern const struct nla_policy kbng_nl_policy_policy[KBNG_A_POLICY_MAX + 1];
extern const struct nla_policy kbng_nl_shaper_policy[KBNG_A_SHAPER_MAX + 1];
extern struct netlink_range_validation kbng_nl_burst_range;

/* netlink_iface.c */
int kbng_nl_iface_parse(struct genl_info *info, struct nlattr **tb, u64 allowed);
int kbng_nl_iface_get(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_iface_dump(struct sk_buff *skb, struct netlink_callback *cb);
int kbng_nl_iface_set(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_iface_del(struct sk_buff *skb, struct genl_info *info);

/* netlink_iface_config.c */
int kbng_nl_iface_config(struct kbng_iface_config *cfg, struct nlattr **tb,
			 struct genl_info *info);

/* netlink_session_put.c */
int kbng_nl_session_put(struct sk_buff *skb, struct kbng_session *s);

/* netlink_session.c */
int kbng_nl_session_parse(struct genl_info *info, struct nlattr **tb,
			  u64 allowed);
int kbng_nl_allow(struct nlattr *const *tb, int max, u64 allowed,
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

/* netlink_new.c */
int kbng_nl_session_new(struct sk_buff *skb, struct genl_info *info);

/* netlink_change.c */
int kbng_nl_session_set(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_del(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_session_ack(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_rate(const struct nlattr *rate_attr,
		 const struct nlattr *burst_attr, u64 *rate, u32 *burst,
		 struct netlink_ext_ack *extack);

/* netlink_stats.c */
int kbng_nl_stats_get(struct sk_buff *skb, struct genl_info *info);

/* netlink_shaper.c */
struct kbng_shaper *kbng_nl_shaper_find(struct kbng_net *kn,
					const struct nlattr *name,
					struct netlink_ext_ack *extack);
int kbng_nl_shaper_get(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_shaper_dump(struct sk_buff *skb, struct netlink_callback *cb);
int kbng_nl_shaper_set(struct sk_buff *skb, struct genl_info *info);
int kbng_nl_shaper_del(struct sk_buff *skb, struct genl_info *info);

#endif /* _KBNG_NETLINK_OP_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic netlink family "kbng": uapi/linux/kbng.h is the contract.
 */
#ifndef _KBNG_NETLINK_H
#define _KBNG_NETLINK_H

#include <linux/kbng.h>
#include <linux/types.h>

struct kbng_dhcp;
struct kbng_net;
struct kbng_session;

int kbng_nl_init(void);
void kbng_nl_uninit(void);
void kbng_nl_session_notify(struct kbng_session *s, enum kbng_cmd cmd);
void kbng_nl_dhcp_notify(struct kbng_net *kn, int ifindex,
			 const struct kbng_dhcp *m, __be32 server);

#endif /* _KBNG_NETLINK_H */

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "fq.h"

#define FQ_LIMIT	100000		/* packets in all, a device queue */
#define FQ_FLOW_LIMIT	10000		/* packets of a flow */
#define FQ_FLOWS_MASK	0xfffffU	/* of hashes: flows that are kept apart */
#define FQ_BUCKETS_LOG	15		/* trees that flows are looked up in */
#define MQ_HANDLE	TC_H_MAKE(0x1u << 16, 0)

/* What a device has, from the kernel's answers. */
struct device {
	uint32_t ifindex;
	uint32_t queues;		/* for transmission */
	uint32_t handle;		/* of the root, 0: the kernel's default */
	char kind[16];			/* of the root, "" as long as unseen */
};

/* One qdisc of the dump: only the root is of interest. */
static int fq_parse_qdisc(struct nl_msg *msg, void *arg)
{
	struct device *dev = arg;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct tcmsg *tcm = nlmsg_data(nlh);
	struct nlattr *kind;

	if (nlh->nlmsg_type != RTM_NEWQDISC ||
	    (uint32_t)tcm->tcm_ifindex != dev->ifindex ||
	    tcm->tcm_parent != TC_H_ROOT)
		return NL_OK;
	kind = nlmsg_find_attr(nlh, sizeof(*tcm), TCA_KIND);
	if (kind)
		snprintf(dev->kind, sizeof(dev->kind), "%s",
			 nla_get_string(kind));
	dev->handle = tcm->tcm_handle;
	return NL_OK;
}

static int fq_parse_link(struct nl_msg *msg, void *arg)
{
	struct device *dev = arg;
	struct nlattr *queues;

	queues = nlmsg_find_attr(nlmsg_hdr(msg), sizeof(struct ifinfomsg),
				 IFLA_NUM_TX_QUEUES);
	if (queues)
		dev->queues = nla_get_u32(queues);
	return NL_OK;
}

/* Send @msg, which is freed, and wait for the answers or the ack. */
static int fq_talk(struct nl_sock *sk, struct nl_msg *msg)
{
	int err = nl_send_auto(sk, msg);

	nlmsg_free(msg);
	return err < 0 ? err : nl_recvmsgs_default(sk);
}

static int fq_query(struct nl_sock *sk, struct device *dev)
{
	struct ifinfomsg ifi = { .ifi_index = dev->ifindex };
	struct tcmsg tcm = { .tcm_ifindex = dev->ifindex };
	struct nl_msg *msg;
	int err;

	msg = nlmsg_alloc_simple(RTM_GETLINK, 0);
	if (!msg || nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO))
		return -NLE_NOMEM;
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, fq_parse_link, dev);
	err = fq_talk(sk, msg);
	if (!err)
		err = nl_wait_for_ack(sk);
	if (err)
		return err;
	msg = nlmsg_alloc_simple(RTM_GETQDISC, NLM_F_DUMP);
	if (!msg || nlmsg_append(msg, &tcm, sizeof(tcm), NLMSG_ALIGNTO))
		return -NLE_NOMEM;
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, fq_parse_qdisc, dev);
	return fq_talk(sk, msg);
}

/* Create a qdisc, or change it where it is of this kind already. */
static int fq_replace(struct nl_sock *sk, const struct device *dev,
		      const char *kind, uint32_t parent, uint32_t handle)
{
	struct tcmsg tcm = {
		.tcm_ifindex = dev->ifindex,
		.tcm_parent = parent,
		.tcm_handle = handle,
	};
	struct nlattr *options;
	struct nl_msg *msg;
	int err;

	msg = nlmsg_alloc_simple(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE);
	if (!msg || nlmsg_append(msg, &tcm, sizeof(tcm), NLMSG_ALIGNTO))
		return -NLE_NOMEM;
	nla_put_string(msg, TCA_KIND, kind);
	if (!strcmp(kind, "fq")) {
		options = nla_nest_start(msg, TCA_OPTIONS);
		nla_put_u32(msg, TCA_FQ_PLIMIT, FQ_LIMIT);
		nla_put_u32(msg, TCA_FQ_FLOW_PLIMIT, FQ_FLOW_LIMIT);
		nla_put_u32(msg, TCA_FQ_ORPHAN_MASK, FQ_FLOWS_MASK);
		nla_put_u32(msg, TCA_FQ_BUCKETS_LOG, FQ_BUCKETS_LOG);
		nla_nest_end(msg, options);
	}
	err = nl_send_auto(sk, msg);
	nlmsg_free(msg);
	return err < 0 ? err : nl_wait_for_ack(sk);
}

static int fq_build(struct nl_sock *sk, struct device *dev)
{
	bool mq = !strcmp(dev->kind, "mq") && dev->handle;
	uint32_t handle = mq ? dev->handle : MQ_HANDLE, i;
	int err = 0;

	if (dev->queues <= 1)
		return fq_replace(sk, dev, "fq", TC_H_ROOT, 0);
	if (!mq)
		err = fq_replace(sk, dev, "mq", TC_H_ROOT, handle);
	for (i = 1; i <= dev->queues && !err; i++)
		err = fq_replace(sk, dev, "fq", TC_H_MAKE(handle, i), 0);
	return err;
}

int fq_install(uint32_t ifindex, char *error, size_t size)
{
	struct device dev = { .ifindex = ifindex, .queues = 1 };
	struct nl_sock *sk = nl_socket_alloc();
	int err;

	if (!sk) {
		snprintf(error, size, "out of memory");
		return -1;
	}
	nl_socket_disable_seq_check(sk);
	err = nl_connect(sk, NETLINK_ROUTE);
	if (!err)
		err = fq_query(sk, &dev);
	if (!err && dev.handle && strcmp(dev.kind, "mq") &&
	    strcmp(dev.kind, "fq")) {
		snprintf(error, size, "it has a qdisc %s of somebody else's: tc qdisc del dev ... root, or install_fq: false",
			 dev.kind);
		nl_socket_free(sk);
		return -1;
	}
	if (!err)
		err = fq_build(sk, &dev);
	nl_socket_free(sk);
	if (err)
		snprintf(error, size, "%s", nl_geterror(err));
	return err ? -1 : 0;
}

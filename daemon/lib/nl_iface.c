// SPDX-License-Identifier: GPL-2.0-or-later
/* Ifaces, and the module's own figures. */
#include "nl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/genl/genl.h>

#define DUMP_TRIES	100

/** struct iface_list - what a dump has brought so far */
struct iface_list {
	struct kbng_iface_info *iface;
	size_t count;
};

/** struct stats_request - where the answer goes */
struct stats_request {
	struct kbng_module_info *info;
	int (*cb)(const char *name, uint64_t value, void *arg);
	void *arg;
};

static int put_servers(struct nl_msg *msg, const struct kbng_iface_info *iface)
{
	unsigned int i;

	for (i = 0; i < iface->n_servers; i++)
		if (nla_put_u32(msg, KBNG_A_IFACE_SERVER,
				iface->servers[i].s_addr))
			return -ENOMEM;
	return 0;
}

static int put_iface(struct nl_msg *msg, const struct kbng_iface_info *iface)
{
	struct nlattr *nest = nla_nest_start(msg, KBNG_A_IFACE | NLA_F_NESTED);

	if (!nest ||
	    nla_put_u32(msg, KBNG_A_IFACE_IFINDEX, iface->ifindex) ||
	    nla_put_u32(msg, KBNG_A_IFACE_ROLE, iface->role) ||
	    (iface->giaddr.s_addr &&
	     nla_put_u32(msg, KBNG_A_IFACE_GIADDR, iface->giaddr.s_addr)) ||
	    put_servers(msg, iface) ||
	    (*iface->circuit_id_format &&
	     nla_put_string(msg, KBNG_A_IFACE_CIRCUIT_ID_FORMAT,
			    iface->circuit_id_format)) ||
	    (*iface->remote_id_format &&
	     nla_put_string(msg, KBNG_A_IFACE_REMOTE_ID_FORMAT,
			    iface->remote_id_format)) ||
	    (iface->max_sessions &&
	     nla_put_u32(msg, KBNG_A_IFACE_MAX_SESSIONS,
			 iface->max_sessions)) ||
	    (iface->offer_timeout &&
	     nla_put_u32(msg, KBNG_A_IFACE_OFFER_TIMEOUT,
			 iface->offer_timeout)) ||
	    (iface->max_delay_us &&
	     nla_put_u32(msg, KBNG_A_IFACE_MAX_DELAY, iface->max_delay_us)) ||
	    (iface->shaper_mode &&
	     nla_put_u32(msg, KBNG_A_IFACE_SHAPER_MODE, iface->shaper_mode)) ||
	    (iface->fastpath &&
	     nla_put_u32(msg, KBNG_A_IFACE_FASTPATH, iface->fastpath)))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

int kbng_nl_iface_set(struct kbng_nl *nl, const struct kbng_iface_info *iface)
{
	struct nl_msg *msg = kbng_nl_request(nl, KBNG_CMD_IFACE_SET, 0);

	if (iface->n_servers > KBNG_SERVERS_MAX) {
		nlmsg_free(msg);
		return kbng_nl_fail(nl, -EINVAL,
				    "an iface has at most %d servers",
				    KBNG_SERVERS_MAX);
	}
	if (msg && put_iface(msg, iface)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return kbng_nl_transact(nl, msg, NULL, NULL);
}

int kbng_nl_iface_del(struct kbng_nl *nl, uint32_t ifindex)
{
	struct nl_msg *msg = kbng_nl_request(nl, KBNG_CMD_IFACE_DEL, 0);
	struct nlattr *nest = NULL;

	if (msg)
		nest = nla_nest_start(msg, KBNG_A_IFACE | NLA_F_NESTED);
	if (!nest || nla_put_u32(msg, KBNG_A_IFACE_IFINDEX, ifindex)) {
		nlmsg_free(msg);
		msg = NULL;
	} else {
		nla_nest_end(msg, nest);
	}
	return kbng_nl_transact(nl, msg, NULL, NULL);
}

static int iface_collect(struct nlmsghdr *nlh, void *arg)
{
	struct iface_list *list = arg;
	struct kbng_iface_info *more;

	more = reallocarray(list->iface, list->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	list->iface = more;
	return kbng_nl_decode_iface(nlh, &more[list->count++]);
}

/* Collected first: an interrupted dump starts again, and nobody sees it. */
int kbng_nl_iface_dump(struct kbng_nl *nl,
		       int (*cb)(const struct kbng_iface_info *iface, void *arg),
		       void *arg)
{
	struct iface_list list = { 0 };
	struct nl_msg *msg;
	int tries = 0;
	size_t i;
	int rc;

	do {
		list.count = 0;
		msg = kbng_nl_request(nl, KBNG_CMD_IFACE_GET, NLM_F_DUMP);
		rc = kbng_nl_transact(nl, msg, iface_collect, &list);
	} while (rc == -EINTR && ++tries < DUMP_TRIES);

	for (i = 0; i < list.count && !rc; i++)
		rc = cb(&list.iface[i], arg);
	free(list.iface);
	return rc;
}

static int stats_reply(struct nlmsghdr *nlh, void *arg)
{
	struct stats_request *r = arg;

	return kbng_nl_decode_stats(nlh, r->info, r->cb, r->arg);
}

int kbng_nl_stats(struct kbng_nl *nl, struct kbng_module_info *info,
		  int (*cb)(const char *name, uint64_t value, void *arg),
		  void *arg)
{
	struct stats_request r = { .info = info, .cb = cb, .arg = arg };

	return kbng_nl_transact(nl, kbng_nl_request(nl, KBNG_CMD_STATS_GET, 0),
				stats_reply, &r);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Notifications. */
#include "nl_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

/* Some 26 000 session events, as measured with Linux 6.1. */
#define EVENT_BUFFER	(16 << 20)

static int join_group(struct kbng_nl *nl, const char *name)
{
	int group = genl_ctrl_resolve_grp(nl->sk, KBNG_GENL_NAME, name);

	if (group < 0)
		return kbng_nl_fail(nl, -ENOENT,
				    "the module has no group \"%s\": are the tool and the module of one version?",
				    name);
	if (setsockopt(kbng_nl_fd(nl), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
		       &group, sizeof(group)))
		return kbng_nl_fail(nl, -errno, "cannot join group \"%s\": %s",
				    name, strerror(errno));
	return 0;
}

int kbng_nl_events_join(struct kbng_nl *nl, bool dhcp)
{
	const int size = EVENT_BUFFER;
	int rc;

	/* Beyond rmem_max with CAP_NET_ADMIN, else as much as is allowed. */
	if (setsockopt(kbng_nl_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		       sizeof(size)))
		setsockopt(kbng_nl_fd(nl), SOL_SOCKET, SO_RCVBUF, &size,
			   sizeof(size));
	rc = join_group(nl, KBNG_MCGRP_SESSION);
	if (!rc && dhcp)
		rc = join_group(nl, KBNG_MCGRP_DHCP);
	if (!rc && nl_socket_set_nonblocking(nl->sk))
		rc = kbng_nl_fail(nl, -EIO,
				  "cannot make the socket non-blocking");
	return rc;
}

int kbng_nl_events_read(struct kbng_nl *nl,
			int (*cb)(const struct kbng_event *ev, void *arg),
			void *arg)
{
	struct kbng_session_info session;
	struct kbng_dhcp_info dhcp;
	struct kbng_event ev;
	struct nlmsghdr *nlh;
	int len;
	int rc;

	for (;;) {
		len = kbng_nl_receive(nl, MSG_DONTWAIT);
		if (len < 0)
			return len;
		nlh = (struct nlmsghdr *)nl->buf;
		for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_type != nl->family)
				continue;
			rc = kbng_nl_decode_event(nlh, &ev, &session, &dhcp);
			if (rc < 0)
				return kbng_nl_fail(nl, rc,
						    "cannot read a notification: are the tool and the module of one version?");
			rc = rc ? 0 : cb(&ev, arg);
			if (rc)
				return rc;
		}
	}
}

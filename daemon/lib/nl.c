// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The socket: open, one request and its answer, errors in words.
 *
 * Answers are read here rather than by nl_recvmsgs(), which folds the kernel's
 * errno into fewer codes of its own and drops the extack text.
 */
#include "nl_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#define RECEIVE_BUFFER	(1 << 20)

/** struct transaction - a request under way */
struct transaction {
	uint32_t seq;
	int (*cb)(struct nlmsghdr *nlh, void *arg);
	void *arg;
	int result;		/* of @cb */
	int error;		/* the kernel's */
	bool interrupted;
	bool single;		/* one answer, and no acknowledgement */
	bool done;
};

int kbng_nl_fail(struct kbng_nl *nl, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(nl->error, sizeof(nl->error), fmt, ap);
	va_end(ap);
	return err;
}

static int nl_fail_permission(struct kbng_nl *nl)
{
	char self[256];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len <= 0)
		return kbng_nl_fail(nl, -EPERM,
				    "needs CAP_NET_ADMIN: run as root");
	self[len] = '\0';
	return kbng_nl_fail(nl, -EPERM,
			    "needs CAP_NET_ADMIN: run as root or `setcap cap_net_admin+ep %s`",
			    self);
}

/* ": 1 to 3600" if the kernel tells what it would have taken, else "". */
static const char *nl_range(struct nlattr *policy, char *buf, size_t size)
{
	struct nlattr *a[NL_POLICY_TYPE_ATTR_MAX + 1];
	struct nlattr *min;
	struct nlattr *max;

	if (!policy ||
	    nla_parse_nested(a, NL_POLICY_TYPE_ATTR_MAX, policy, NULL) < 0)
		return "";
	min = a[NL_POLICY_TYPE_ATTR_MIN_VALUE_U];
	max = a[NL_POLICY_TYPE_ATTR_MAX_VALUE_U];
	if (!min || !max || nla_len(min) != 8 || nla_len(max) != 8)
		return "";
	snprintf(buf, size, ": %" PRIu64 " to %" PRIu64, nla_get_u64(min),
		 nla_get_u64(max));
	return buf;
}

/*
 * The kernel refused with @err. Its extended acknowledgement (see
 * include/uapi/linux/netlink.h) is in the attributes from @offset on.
 */
static int nl_fail_kernel(struct kbng_nl *nl, struct nlmsghdr *nlh,
			  size_t offset, int err)
{
	struct nlattr *a[NLMSGERR_ATTR_MAX + 1] = { NULL };
	size_t len = nlh->nlmsg_len - NLMSG_HDRLEN;
	char range[64];

	offset = NLMSG_ALIGN(offset);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && offset < len)
		nla_parse(a, NLMSGERR_ATTR_MAX,
			  (struct nlattr *)((char *)nlmsg_data(nlh) + offset),
			  len - offset, NULL);
	if (a[NLMSGERR_ATTR_MSG])
		return kbng_nl_fail(nl, err, "%.*s%s",
				    nla_len(a[NLMSGERR_ATTR_MSG]),
				    nla_get_string(a[NLMSGERR_ATTR_MSG]),
				    nl_range(a[NLMSGERR_ATTR_POLICY], range,
					     sizeof(range)));
	if (err == -EPERM)
		return nl_fail_permission(nl);
	if (a[NLMSGERR_ATTR_MISS_TYPE] &&
	    nla_len(a[NLMSGERR_ATTR_MISS_TYPE]) == 4)
		return kbng_nl_fail(nl, err,
				    "the kernel misses attribute %u: are the tool and the module of one version?",
				    nla_get_u32(a[NLMSGERR_ATTR_MISS_TYPE]));
	return kbng_nl_fail(nl, err, "the kernel says: %s", strerror(-err));
}

const char *kbng_nl_error(const struct kbng_nl *nl)
{
	return nl ? nl->error : strerror(ENOMEM);
}

int kbng_nl_fd(const struct kbng_nl *nl)
{
	return nl_socket_get_fd(nl->sk);
}

static int nl_start(struct kbng_nl *nl)
{
	const int one = 1;
	int rc = genl_connect(nl->sk);

	if (rc < 0)
		return kbng_nl_fail(nl, -EPROTONOSUPPORT,
				    "no generic netlink socket: %s",
				    nl_geterror(rc));
	/* Both are niceties: text with errors, and only the header echoed. */
	setsockopt(kbng_nl_fd(nl), SOL_NETLINK, NETLINK_EXT_ACK, &one,
		   sizeof(one));
	setsockopt(kbng_nl_fd(nl), SOL_NETLINK, NETLINK_CAP_ACK, &one,
		   sizeof(one));
	nl_socket_set_buffer_size(nl->sk, RECEIVE_BUFFER, 0);
	/* libnl cannot follow the numbers of answers that it does not read. */
	nl_socket_disable_seq_check(nl->sk);

	nl->family = genl_ctrl_resolve(nl->sk, KBNG_GENL_NAME);
	if (nl->family < 0)
		return kbng_nl_fail(nl, -ENOENT,
				    "the kernel module is not loaded: run `modprobe kbng`");
	return 0;
}

/*
 * Anyone may resolve the family, only CAP_NET_ADMIN of the namespace may use
 * it, and whether we have that only the kernel can tell: ask for something.
 */
int kbng_nl_open(struct kbng_nl **out)
{
	struct kbng_nl *nl = calloc(1, sizeof(*nl));
	int rc;

	*out = nl;
	if (!nl)
		return -ENOMEM;
	nl->sk = nl_socket_alloc();
	if (!nl->sk)
		return kbng_nl_fail(nl, -ENOMEM, "%s", strerror(ENOMEM));
	rc = nl_start(nl);
	return rc ? rc : kbng_nl_stats(nl, 0, NULL, NULL, NULL);
}

void kbng_nl_close(struct kbng_nl *nl)
{
	if (!nl)
		return;
	nl_socket_free(nl->sk);
	free(nl);
}

struct nl_msg *kbng_nl_request(struct kbng_nl *nl, enum kbng_cmd cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0,
				flags, cmd, KBNG_GENL_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

struct nl_msg *kbng_nl_filled(struct nl_msg *msg, int err)
{
	if (!err)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

int kbng_nl_receive(struct kbng_nl *nl, int flags)
{
	struct sockaddr_nl from;
	socklen_t from_len;
	ssize_t len;

	do {
		from_len = sizeof(from);
		len = recvfrom(kbng_nl_fd(nl), nl->buf, sizeof(nl->buf),
			       flags | MSG_TRUNC, (struct sockaddr *)&from,
			       &from_len);
	} while ((len < 0 && errno == EINTR) || (len >= 0 && from.nl_pid));

	if (len < 0)
		return kbng_nl_fail(nl, -errno, "netlink: %s", strerror(errno));
	if ((size_t)len > sizeof(nl->buf))
		return kbng_nl_fail(nl, -EMSGSIZE,
				    "netlink: message of %zd octets", len);
	return len;
}

/* One message of the answer. */
static void nl_answer(struct kbng_nl *nl, struct nlmsghdr *nlh,
		      struct transaction *t)
{
	const int data_len = nlh->nlmsg_len - NLMSG_HDRLEN;
	const struct nlmsgerr *e = nlmsg_data(nlh);
	size_t echoed;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		t->interrupted = true;

	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		t->done = true;
		if (data_len < (int)sizeof(*e)) {
			t->error = kbng_nl_fail(nl, -EBADMSG,
						"netlink: short error");
			return;
		}
		echoed = nlh->nlmsg_flags & NLM_F_CAPPED || !e->error ?
				 NLMSG_HDRLEN : e->msg.nlmsg_len;
		if (e->error)
			t->error = nl_fail_kernel(nl, nlh,
						  sizeof(e->error) + echoed,
						  e->error);
		return;
	case NLMSG_DONE:
		t->done = true;
		if (data_len >= (int)sizeof(int) && e->error < 0)
			t->error = nl_fail_kernel(nl, nlh, sizeof(e->error),
						  e->error);
		return;
	default:
		if (nlh->nlmsg_type != nl->family || !t->cb || t->result)
			return;
		t->result = t->cb(nlh, t->arg);
		t->done |= t->single;
	}
}

static int nl_exchange(struct kbng_nl *nl, struct nl_msg *msg,
		       struct transaction *t)
{
	struct nlmsghdr *nlh;
	int len;
	int rc;

	nl_complete_msg(nl->sk, msg);
	if (t->single)
		nlmsg_hdr(msg)->nlmsg_flags &= ~NLM_F_ACK;
	rc = nl_send(nl->sk, msg);
	if (rc < 0)
		return kbng_nl_fail(nl, -EIO, "cannot send: %s",
				    nl_geterror(rc));
	t->seq = nlmsg_hdr(msg)->nlmsg_seq;

	while (!t->done) {
		len = kbng_nl_receive(nl, 0);
		if (len < 0)
			return len;
		nlh = (struct nlmsghdr *)nl->buf;
		for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len))
			if (nlh->nlmsg_seq == t->seq)
				nl_answer(nl, nlh, t);
	}
	return 0;
}

/* Send @msg, which this frees; how it ended. */
static int nl_transact(struct kbng_nl *nl, struct nl_msg *msg,
		       struct transaction *t)
{
	int rc;

	if (!msg)
		return kbng_nl_fail(nl, -ENOMEM, "%s", strerror(ENOMEM));
	if (nl->busy) {
		nlmsg_free(msg);
		return kbng_nl_fail(nl, -EBUSY,
				    "a request from within a dump's callback needs a handle of its own");
	}
	nl->busy = true;
	rc = nl_exchange(nl, msg, t);
	nl->busy = false;
	nlmsg_free(msg);

	if (rc)
		return rc;
	if (t->result == -EBADMSG)
		return kbng_nl_fail(nl, -EBADMSG,
				    "cannot read the module's answer: are the tool and the module of one version?");
	if (t->result)
		return t->result;
	if (!t->error && t->interrupted)
		return kbng_nl_fail(nl, -EINTR,
				    "the kernel's table changed during the dump");
	return t->error;
}

int kbng_nl_transact(struct kbng_nl *nl, struct nl_msg *msg,
		     int (*cb)(struct nlmsghdr *nlh, void *arg), void *arg)
{
	struct transaction t = { .cb = cb, .arg = arg };

	return nl_transact(nl, msg, &t);
}

int kbng_nl_ask(struct kbng_nl *nl, struct nl_msg *msg,
		int (*cb)(struct nlmsghdr *nlh, void *arg), void *arg)
{
	struct transaction t = { .cb = cb, .arg = arg, .single = true };

	return nl_transact(nl, msg, &t);
}

static int nl_collect_one(struct nlmsghdr *nlh, void *arg)
{
	struct kbng_nl_list *list = arg;
	char *more;

	more = reallocarray(list->items, list->count + 1, list->size);
	if (!more)
		return -ENOMEM;
	list->items = more;
	return list->decode(nlh, more + list->count++ * list->size);
}

int kbng_nl_collect(struct kbng_nl *nl, enum kbng_cmd cmd,
		    struct kbng_nl_list *list)
{
	struct nl_msg *msg;
	int tries = 0;
	int rc;

	do {
		list->count = 0;
		msg = kbng_nl_request(nl, cmd, NLM_F_DUMP);
		rc = kbng_nl_transact(nl, msg, nl_collect_one, list);
	} while (rc == -EINTR && ++tries < KBNG_NL_DUMP_TRIES);
	return rc;
}

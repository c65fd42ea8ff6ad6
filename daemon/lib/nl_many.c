// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many sessions at once: the requests in one datagram, the answers as many as
 * one call brings. The kernel answers in order, each in a datagram.
 */
#include "nl_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <netlink/genl/genl.h>

/* More than a reply's (NLMSG_DEFAULT_SIZE, for pages of up to 64 KiB). */
#define SLOT	8192
#define SLOTS	(KBNG_NL_BUFFER / SLOT)

/** struct request - what asks for one session; multiples of 4 octets */
struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	struct nlattr session, uuid;
	uint8_t octets[KBNG_UUID_LEN];
};

/** struct many - sessions that are asked for */
struct many {
	unsigned int n, done;
	uint32_t seq;			/* of the first */
	void (*cb)(unsigned int i, int err, const struct kbng_session_info *s,
		   void *arg);
	void *arg;
};

static void many_request(const struct kbng_nl *nl, uint32_t seq,
			 const uint8_t *uuid, struct request *r)
{
	*r = (struct request) {
		.nlh = { .nlmsg_len = sizeof(*r), .nlmsg_type = nl->family,
			 .nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = seq },
		.genl = { .cmd = KBNG_CMD_SESSION_GET,
			  .version = KBNG_GENL_VERSION },
		.session = { .nla_len = sizeof(*r) -
					offsetof(struct request, session),
			     .nla_type = KBNG_A_SESSION | NLA_F_NESTED },
		.uuid = { .nla_len = sizeof(*r) -
				     offsetof(struct request, uuid),
			  .nla_type = KBNG_A_SESSION_UUID },
	};
	memcpy(r->octets, uuid, KBNG_UUID_LEN);
}

static int many_send(struct kbng_nl *nl, struct many *m,
		     const uint8_t (*uuids)[KBNG_UUID_LEN])
{
	struct request requests[KBNG_NL_MANY];
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	unsigned int i;

	for (i = 0; i < m->n; i++)
		many_request(nl, nl_socket_use_seq(nl->sk), uuids[i],
			     &requests[i]);
	m->seq = requests[0].nlh.nlmsg_seq;
	if (sendto(kbng_nl_fd(nl), requests, m->n * sizeof(requests[0]), 0,
		   (struct sockaddr *)&kernel, sizeof(kernel)) >= 0)
		return 0;
	return kbng_nl_fail(nl, -errno, "cannot send: %s", strerror(errno));
}

/* The answer to the next one; what is older is passed over. */
static void many_answer(struct kbng_nl *nl, struct many *m, char *octets,
			int len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)octets;
	const struct nlmsgerr *e = nlmsg_data(nlh);
	struct kbng_session_info s;
	int err;

	if (!nlmsg_ok(nlh, len) || nlh->nlmsg_seq != m->seq + m->done)
		return;
	if (nlh->nlmsg_type == nl->family)
		err = kbng_nl_decode_session(nlh, true, &s);
	else if (nlh->nlmsg_type == NLMSG_ERROR &&
		 nlh->nlmsg_len >= NLMSG_LENGTH(sizeof(*e)) && e->error)
		err = e->error;
	else
		err = -EBADMSG;
	if (err)
		kbng_nl_fail(nl, err, "the kernel says: %s", strerror(-err));
	m->cb(m->done++, err, err ? NULL : &s, m->arg);
}

static int many_receive(struct kbng_nl *nl, struct many *m)
{
	struct mmsghdr in[SLOTS] = { 0 };
	struct sockaddr_nl from[SLOTS];
	struct iovec iov[SLOTS];
	unsigned int wanted = m->n - m->done;
	int i, n;

	for (i = 0; i < SLOTS; i++) {
		iov[i].iov_base = nl->buf + i * SLOT;
		iov[i].iov_len = SLOT;
		in[i].msg_hdr.msg_iov = &iov[i];
		in[i].msg_hdr.msg_iovlen = 1;
		in[i].msg_hdr.msg_name = &from[i];
		in[i].msg_hdr.msg_namelen = sizeof(from[i]);
	}
	n = recvmmsg(kbng_nl_fd(nl), in, wanted < SLOTS ? wanted : SLOTS,
		     MSG_WAITFORONE, NULL);
	if (n < 0 && errno != EINTR)
		return kbng_nl_fail(nl, -errno, "netlink: %s", strerror(errno));
	for (i = 0; i < n; i++)
		if (!from[i].nl_pid)
			many_answer(nl, m, iov[i].iov_base, in[i].msg_len);
	return 0;
}

void kbng_nl_session_get_many(struct kbng_nl *nl,
			      const uint8_t (*uuids)[KBNG_UUID_LEN],
			      unsigned int n,
			      void (*cb)(unsigned int i, int err,
					 const struct kbng_session_info *s,
					 void *arg), void *arg)
{
	struct many m = { .n = n, .cb = cb, .arg = arg };
	int err;

	err = nl->busy ? kbng_nl_fail(nl, -EBUSY, "a request is under way") :
			 many_send(nl, &m, uuids);
	nl->busy = true;
	while (!err && m.done < n)
		err = many_receive(nl, &m);
	nl->busy = false;
	while (m.done < n)
		cb(m.done++, err, NULL, arg);
}

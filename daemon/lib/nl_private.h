/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files behind nl.h share: requests and their answers, and the
 * decoders, which take any octets and either fill a plain struct or refuse.
 */
#ifndef KBNG_NL_PRIVATE_H
#define KBNG_NL_PRIVATE_H

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "nl.h"

/* KBNG_A_IFACE_TRIGGER: the address, and the length in one octet. */
#define SUBNET_LEN	(sizeof(struct in_addr) + 1)

/* The kernel's largest dump datagram is 32 KiB. */
#define KBNG_NL_BUFFER	65536

struct kbng_nl {
	struct nl_sock *sk;
	int family;
	bool busy;		/* a request is under way */
	char error[512];
	uint8_t buf[KBNG_NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* Say in one line what happened and what to do; returns @err. */
int kbng_nl_fail(struct kbng_nl *nl, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A request for @cmd, to be filled and sent; NULL without memory. */
struct nl_msg *kbng_nl_request(struct kbng_nl *nl, enum kbng_cmd cmd, int flags);

/* @msg, or NULL, and it freed, if filling it failed with @err. */
struct nl_msg *kbng_nl_filled(struct nl_msg *msg, int err);

/*
 * Send @msg, which this frees, and give each message of the answer to @cb; no
 * more of them once it has returned non-zero, which is then the result. Else
 * the kernel's error, its text taken, or -EINTR from an interrupted dump.
 */
int kbng_nl_transact(struct kbng_nl *nl, struct nl_msg *msg,
		     int (*cb)(struct nlmsghdr *nlh, void *arg), void *arg);

/* The same for a request that has one answer: nothing else is waited for. */
int kbng_nl_ask(struct kbng_nl *nl, struct nl_msg *msg,
		int (*cb)(struct nlmsghdr *nlh, void *arg), void *arg);

/* Who reads a session: the kernel that makes it, or unpacks one it once had. */
enum kbng_nl_purpose { KBNG_NL_NEW, KBNG_NL_RESTORED, KBNG_NL_PACKED };

/* Add to a message: 0, or not without memory or room. */
int kbng_nl_put_session(struct nl_msg *msg, const struct kbng_session_info *s,
			enum kbng_nl_purpose purpose);
int kbng_nl_put_shaper(struct nl_msg *msg, const struct kbng_shaper_info *s);

/* To a session's nest, or a prefix's: what only a restored one brings. */
int kbng_nl_put_restored(struct nl_msg *msg, const struct kbng_session_info *s);
int kbng_nl_put_restored_prefix(struct nl_msg *msg,
				const struct kbng_prefix *p);
/* The same, what else it was. */
int kbng_nl_put_packed(struct nl_msg *msg, const struct kbng_session_info *s);

/* An interrupted dump is asked for again this often. */
#define KBNG_NL_DUMP_TRIES	100

/** struct kbng_nl_list - what a dump brings, for the caller to free(items) */
struct kbng_nl_list {
	int (*decode)(struct nlmsghdr *nlh, void *item);
	size_t size;		/* of an item */
	void *items;
	size_t count;
};

/*
 * Dump all that @cmd gets into @list: collected, so that an interrupted dump
 * starts again and nobody sees it.
 */
int kbng_nl_collect(struct kbng_nl *nl, enum kbng_cmd cmd,
		    struct kbng_nl_list *list);

/*
 * Read one datagram into nl->buf: its length, or a negative errno. Never waits
 * with @flags MSG_DONTWAIT; skips what did not come from the kernel.
 */
int kbng_nl_receive(struct kbng_nl *nl, int flags);

/*
 * Decoders return 0 or -EBADMSG: cut short, an attribute of the wrong length,
 * or a mandatory one missing. A session reply is @whole, or has ID and UUID.
 */
int kbng_nl_decode_iface(struct nlmsghdr *nlh, struct kbng_iface_info *iface);
int kbng_nl_decode_shaper(struct nlmsghdr *nlh, struct kbng_shaper_info *s);
int kbng_nl_decode_session(struct nlmsghdr *nlh, bool whole,
			   struct kbng_session_info *s);

/*
 * Storage for an event is the caller's: @s or @dhcp is filled and pointed to.
 * 1: a notification that this version does not know.
 */
int kbng_nl_decode_event(struct nlmsghdr *nlh, struct kbng_event *ev,
			 struct kbng_session_info *s,
			 struct kbng_dhcp_info *dhcp);

/* @info and @cb may be NULL; the first non-zero result of @cb ends it. */
int kbng_nl_decode_stats(struct nlmsghdr *nlh, struct kbng_module_info *info,
			 int (*cb)(const char *name, uint64_t value, void *arg),
			 void *arg);

#endif /* KBNG_NL_PRIVATE_H */

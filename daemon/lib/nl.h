/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel module over generic netlink, as a typed API. Humans and JSON live
 * elsewhere; attributes and sockets live only behind this.
 *
 * Functions return 0 or a negative errno; kbng_nl_error() then says in one
 * line what happened and what to do: the kernel's extack text where there is
 * one. A handle is for one thread.
 */
#ifndef KBNG_NL_H
#define KBNG_NL_H

#include "model.h"

struct kbng_nl;

/*
 * Open a request socket. -ENOENT: the module is not loaded, -EPERM: no
 * CAP_NET_ADMIN. *@nl is set even on failure (unless -ENOMEM), for the text.
 */
int kbng_nl_open(struct kbng_nl **nl);
void kbng_nl_close(struct kbng_nl *nl);
const char *kbng_nl_error(const struct kbng_nl *nl);

int kbng_nl_iface_set(struct kbng_nl *nl, const struct kbng_iface_info *iface);
int kbng_nl_iface_del(struct kbng_nl *nl, uint32_t ifindex);

/* A callback that returns non-zero ends the dump with that value. */
int kbng_nl_iface_dump(struct kbng_nl *nl,
		       int (*cb)(const struct kbng_iface_info *iface, void *arg),
		       void *arg);

/*
 * @filter may be NULL. Sessions come in order of id; the dump resumes after
 * the last id delivered when the kernel reports an interruption, so each
 * session is delivered once.
 */
int kbng_nl_session_dump(struct kbng_nl *nl, const struct kbng_session_filter *filter,
			 int (*cb)(const struct kbng_session_info *s, void *arg),
			 void *arg);
int kbng_nl_session_get(struct kbng_nl *nl, const uint8_t *uuid,
			struct kbng_session_info *s);

/*
 * @n sessions in few system calls. @cb is called for each, in their order, with
 * @err 0, or what kbng_nl_session_get() would return and @s NULL; it makes no
 * request with @nl.
 */
#define KBNG_NL_MANY	32
void kbng_nl_session_get_many(struct kbng_nl *nl,
			      const uint8_t (*uuids)[KBNG_UUID_LEN],
			      unsigned int n,
			      void (*cb)(unsigned int i, int err,
					 const struct kbng_session_info *s,
					 void *arg), void *arg);

/* @s: in ifindex, mac, addr, ids, lease_time, server, state, policy, cookie; out id, uuid. */
int kbng_nl_session_new(struct kbng_nl *nl, struct kbng_session_info *s);
/*
 * Make a session that an earlier instance of the module had: @s is all that it
 * was, by its UUID. -EEXIST: there is one with that, live or stopped, or its
 * place is taken.
 */
int kbng_nl_session_restore(struct kbng_nl *nl, struct kbng_session_info *s);
int kbng_nl_session_set(struct kbng_nl *nl, const uint8_t *uuid,
			const struct kbng_verdict *v);
int kbng_nl_session_del(struct kbng_nl *nl, const uint8_t *uuid, uint32_t cause);
int kbng_nl_session_ack(struct kbng_nl *nl, const uint8_t *uuid);

/* Create a shaper, or change its rates; take one away that nothing uses. */
int kbng_nl_shaper_set(struct kbng_nl *nl, const struct kbng_shaper_info *s);
int kbng_nl_shaper_del(struct kbng_nl *nl, const char *name);
int kbng_nl_shaper_dump(struct kbng_nl *nl,
			int (*cb)(const struct kbng_shaper_info *s, void *arg),
			void *arg);

/*
 * Sessions and shapers as octets, KBNG_NL_PACKED_MAX at most, which other
 * versions can read, on machines of this byte order. Packing returns how many
 * there are, a multiple of 4, or 0 without memory. Unpacking takes them at an
 * address that is a multiple of 4, and finds out how many of the @len they are;
 * it returns that, or -EBADMSG.
 */
#define KBNG_NL_PACKED_MAX	8192
size_t kbng_nl_session_pack(const struct kbng_session_info *s, void *buf);
int kbng_nl_session_unpack(const void *buf, size_t len,
			   struct kbng_session_info *s);
size_t kbng_nl_shaper_pack(const struct kbng_shaper_info *s, void *buf);
int kbng_nl_shaper_unpack(const void *buf, size_t len,
			  struct kbng_shaper_info *s);

/*
 * Counters, of the namespace or, unless @ifindex is 0, of an iface: drops, and
 * what its fast path left to the stack. @info and @cb may be NULL.
 */
int kbng_nl_stats(struct kbng_nl *nl, uint32_t ifindex,
		  struct kbng_module_info *info,
		  int (*cb)(const char *name, uint64_t value, void *arg),
		  void *arg);

/*
 * Turn a handle of its own into a listener; @dhcp joins group dhcp as well.
 * The socket is non-blocking: poll kbng_nl_fd() and call kbng_nl_events_read(),
 * which returns -EAGAIN when drained and -ENOBUFS when notifications were lost:
 * then dump.
 */
int kbng_nl_events_join(struct kbng_nl *nl, bool dhcp);
int kbng_nl_fd(const struct kbng_nl *nl);
int kbng_nl_events_read(struct kbng_nl *nl,
			int (*cb)(const struct kbng_event *ev, void *arg),
			void *arg);

#endif /* KBNG_NL_H */

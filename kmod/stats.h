/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Named counters: every packet that is dropped is counted under one of these
 * names, and `kbng stats` shows them. docs/operations.md explains each.
 */
#ifndef _KBNG_STATS_H
#define _KBNG_STATS_H

#include <linux/types.h>

#define KBNG_STATS(X)							\
	/* DHCP that was handled */					\
	X(dhcp_relayed)		/* client messages sent to a server */	\
	X(dhcp_replied)		/* server messages sent to a client */	\
	X(dhcp_bound)		/* ACKs that started a session */	\
	X(dhcp_renewed)		/* ACKs that extended one */		\
	X(dhcp_offer_evicted)	/* oldest offers that made room */	\
	X(dhcp_server_dead)	/* servers that stopped to answer */	\
	X(dhcp_auth_held)	/* client messages that wait for a verdict */ \
	/* DHCPv6 */							\
	X(dhcp6_relayed)	/* client messages sent to servers */	\
	X(dhcp6_replied)	/* answers sent to clients */		\
	X(dhcp6_bound)		/* Replies with something new */	\
	X(dhcp6_renewed)	/* Replies that extended leases */	\
	/* sessions that begin without DHCP */				\
	X(trigger_session)	/* that began */			\
	X(trigger_limited)	/* too many of the line in a second */	\
	X(trigger_full)		/* too many that nobody has let in */	\
	/* router advertisements */					\
	X(ra_sent)							\
	X(ra_limited)		/* solicitations, too many a second */	\
	X(ra_no_address)	/* iface without link-local address */	\
	X(ra_no_memory)		/* or too many that wait */		\
	/* DHCP that was dropped: malformed */				\
	X(dhcp_fragment)	/* an IP fragment */			\
	X(dhcp_truncated)	/* shorter than its headers say */	\
	X(dhcp_oversized)	/* longer than any link's frame */	\
	X(dhcp_checksum)	/* UDP checksum is wrong */		\
	X(dhcp_bad_op)		/* op is not what the sender may use */	\
	X(dhcp_bad_hlen)	/* not Ethernet with 6 octets */	\
	X(dhcp_bad_magic)	/* magic cookie is wrong */		\
	X(dhcp_option_overrun)	/* an option ends past its field */	\
	X(dhcp_option_length)	/* a fixed-size option is not, or two */ \
	X(dhcp_no_end)		/* options without End */		\
	X(dhcp_no_type)		/* no message type (option 53) */	\
	X(dhcp_bad_type)	/* a type the sender may not use */	\
	X(dhcp_bad_lease)	/* an ACK with an unusable address */	\
	/* DHCP that was dropped: refused */				\
	X(dhcp_chaddr_mismatch)	/* chaddr is not the frame's source */	\
	X(dhcp_giaddr_spoofed)	/* a client that claims to be a relay */ \
	X(dhcp_hops)		/* too many relays */			\
	X(dhcp_opt82_malformed)	/* sub-options do not add up */		\
	X(dhcp_opt82_untrusted)	/* a client that sends option 82 */	\
	X(dhcp_opt82_refused)	/* by policy, from a trusted node */	\
	X(dhcp_opt82_too_long)	/* a node's id is over 120 octets */	\
	X(dhcp_vss_ignored)	/* an answer that knows no VPNs */	\
	X(dhcp_opt82_mismatch)	/* a reply with another line's ids */	\
	X(dhcp_opt82_no_room)	/* ours does not fit */			\
	X(dhcp_rogue_server)	/* a server on the access side */	\
	X(dhcp_unknown_server)	/* a reply from who is not configured */ \
	X(dhcp_unmatched_reply)	/* a reply to no pending request */	\
	X(dhcp_ack_unasked)	/* an ACK before the client's REQUEST */ \
	X(dhcp_release_foreign)	/* RELEASE/DECLINE of another's lease */ \
	X(dhcp_sessions_full)	/* iface or table is full */		\
	X(dhcp_line_full)	/* the line has all its sessions */	\
	X(dhcp_rate_line)	/* the line sends too many messages */	\
	X(dhcp_rate_iface)	/* the iface sends too many messages */	\
	X(dhcp_move_denied)	/* a bound MAC on another line */	\
	X(dhcp_not_framed)	/* an OFFER or ACK of another address */ \
	X(dhcp_address_conflict) /* an ACK of another line's address */	\
	X(dhcp_auth_rejected)	/* the verdict was no */		\
	X(dhcp_auth_timeout)	/* no verdict in time */		\
	X(dhcp_auth_replaced)	/* while it waited a newer one came */	\
	X(dhcp_auth_full)	/* too many wait for a verdict */	\
	X(dhcp_no_server)	/* iface without giaddr or server */	\
	X(dhcp_unroutable)	/* no route to the server */		\
	X(dhcp_no_memory)						\
	/* DHCPv6 that was dropped */					\
	X(dhcp6_fragment)	/* fragments or extension headers */	\
	X(dhcp6_rogue_server)	/* a server on the access side */	\
	X(dhcp6_no_server)	/* iface without DHCPv6 server */	\
	X(dhcp6_malformed)	/* lengths do not add up */		\
	X(dhcp6_checksum)						\
	X(dhcp6_bad_type)	/* not a message of this side */	\
	X(dhcp6_bad_source)	/* a client that is not link-local */	\
	X(dhcp6_bad_lease)	/* what no session can have */		\
	X(dhcp6_untrusted)	/* a relay on the access side */	\
	X(dhcp6_bad_relay)	/* an access node's message is wrong */	\
	X(dhcp6_peer_taken)	/* another's link-local address */	\
	X(dhcp6_unknown_server)	/* a reply from who is not configured */ \
	X(dhcp6_unmatched_reply) /* a reply to no pending request */	\
	X(dhcp6_release_foreign) /* RELEASE/DECLINE of another's lease */ \
	X(dhcp6_sessions_full)	/* iface or table is full */		\
	X(dhcp6_unroutable)	/* no route to the server */		\
	X(dhcp6_no_memory)						\
	/* traffic that was dropped */					\
	X(drop_malformed)	/* IP or ARP header or tags are wrong */ \
	X(drop_no_session)	/* from an address without session */	\
	X(drop_no_session_down)	/* to an address without session */	\
	X(drop_arp_spoofed)	/* ARP for an address not one's own */	\
	X(drop_link_local)	/* link-local, neither ND nor DHCPv6 */	\
	X(drop_nd_malformed)	/* neighbour discovery that is wrong */	\
	X(drop_nd_spoofed)	/* ND for an address not one's own */	\
	X(drop_nd_rogue_router)	/* RA or redirect from a subscriber */	\
	X(drop_no_memory)	/* for VLAN tags, off or on */		\
	X(drop_route_changed)	/* while it waited in the fast path */	\
	X(drop_isolated)	/* between subscribers, one isolated */	\
	/* the same that a session counts, in the order of KBNG_A_DROP_* */ \
	X(drop_spoofed_iface)	/* the address's session is elsewhere */ \
	X(drop_spoofed_vlan)	/* the address's session has other tags */ \
	X(drop_spoofed_mac)	/* the address's session has another MAC */ \
	X(drop_unauthorised)	/* session is pending or rejected */	\
	X(drop_shaper_up)	/* over rate, from the subscriber */	\
	X(drop_shaper_down)	/* over rate, to the subscriber */	\
	X(drop_aqm_up)		/* to slow a sender down, from one */	\
	X(drop_aqm_down)	/* likewise, to one */			\
	X(aqm_marked)		/* ECN instead of such a drop */	\
	/* what the fast path left to the stack */			\
	X(fast_options)		/* IP options, extension headers */	\
	X(fast_fragment)	/* a fragment */			\
	X(fast_ttl)		/* the last hop, or none left */	\
	X(fast_mtu)		/* longer than its way out takes */	\
	X(fast_route)		/* for here, unreachable, or not plain */ \
	X(fast_peer)		/* from subscriber to subscriber */	\
	X(fast_other)		/* malformed, IPsec, short of memory */	\
	/* the netlink side */						\
	X(ntf_lost)		/* notifications that were not sent */

/* KBNG_STAT_NONE, 0, is "nothing wrong" where a reason is returned. */
enum kbng_stat {
	KBNG_STAT_NONE,
#define KBNG_STAT_ENUM(name) KBNG_STAT_##name,
	KBNG_STATS(KBNG_STAT_ENUM)
#undef KBNG_STAT_ENUM
	__KBNG_STAT_MAX
};

#ifdef __KERNEL__
#include <linux/irqflags.h>	/* this_cpu_inc() where it is generic */
#include <linux/percpu.h>

struct kbng_stats {
	u64 value[__KBNG_STAT_MAX];
};

/**
 * kbng_stat_inc() - count one under a name
 * @stats: the namespace's counters
 * @stat: the name; KBNG_STAT_NONE is counted but never shown
 */
static inline void kbng_stat_inc(struct kbng_stats __percpu *stats,
				 enum kbng_stat stat)
{
	this_cpu_inc(stats->value[stat]);
}

u64 kbng_stat_sum(const struct kbng_stats __percpu *stats, enum kbng_stat stat);
const char *kbng_stat_name(enum kbng_stat stat);
#endif

#endif /* _KBNG_STATS_H */

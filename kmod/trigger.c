// SPDX-License-Identifier: GPL-2.0
#include "trigger.h"

#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/timekeeping.h>
#include "iface.h"
#include "netlink.h"
#include "pernet.h"
#include "session.h"

/* Two that say they are the same one are asked about in turn. */
#define KBNG_TRIGGER_TURN	(5ULL * NSEC_PER_SEC)

static bool kbng_trigger_covers(const struct kbng_iface_config *cfg,
				__be32 addr)
{
	const struct kbng_subnet *subnet;

	if (addr == cfg->giaddr)
		return false;
	for (subnet = cfg->triggers; subnet < cfg->triggers + cfg->n_triggers;
	     subnet++)
		if (!((addr ^ subnet->addr) & inet_make_mask(subnet->len)))
			return true;
	return false;
}

/* Its ids are those that DHCP would give it. */
static int kbng_trigger_identify(struct kbng_session *s,
				 const struct kbng_iface *iface,
				 const struct kbng_iface_config *cfg)
{
	struct kbng_id id;
	int err;

	kbng_iface_expand(iface, cfg, s->client.tags, s->client.mac,
			  cfg->circuit_format, &id);
	err = kbng_octets_set(&s->circuit, id.data, id.len, GFP_ATOMIC);
	if (err)
		return err;
	kbng_iface_expand(iface, cfg, s->client.tags, s->client.mac,
			  cfg->remote_format, &id);
	return kbng_octets_set(&s->remote, id.data, id.len, GFP_ATOMIC);
}

/**
 * kbng_trigger_is_free() - may somebody else begin a session with this address?
 * @host: who has it, or NULL
 *
 * Who was turned away does not keep it from others. Known for sure only under
 * kbng_net.lock.
 *
 * Return: true when nobody has a right to it
 */
bool kbng_trigger_is_free(const struct kbng_host *host)
{
	const struct kbng_session *s;

	if (!host)
		return true;
	s = host->session;
	return READ_ONCE(host->state) == KBNG_STATE_REJECTED &&
	       READ_ONCE(s->claim) &&
	       ktime_get_boottime_ns() - s->bound > KBNG_TRIGGER_TURN;
}

/*
 * May a client that has a session begin another, with this address? If it began
 * without one: who decides has to know both. Or if it was turned away with the
 * one that it had.
 */
static bool kbng_trigger_replaces(const struct kbng_session *old, __be32 addr)
{
	if (!addr || !old->trigger)
		return false;
	return !old->addr ||
	       (old->addr != addr && kbng_trigger_is_free(old->host));
}

/* The session that is to begin, in state offered. */
static struct kbng_session *kbng_trigger_create(struct kbng_iface *iface,
						const struct kbng_client *client,
						__be32 addr)
{
	struct kbng_line_key key = {
		.ifindex = client->ifindex,
		.tags = client->tags,
	};
	struct kbng_net *kn = iface->kn;
	const struct kbng_iface_config *cfg;
	struct kbng_session *old;
	struct kbng_line *line;
	struct kbng_host *host;

	cfg = rcu_dereference(iface->config);
	old = kbng_session_by_client(kn, client);
	if (old && !kbng_trigger_replaces(old, addr))
		return ERR_PTR(-EEXIST);
	/* The binding ends the session of who is to lose it. */
	host = addr ? kbng_host_find(kn, addr, KBNG_UP) : NULL;
	if (!kbng_trigger_is_free(host))
		return ERR_PTR(-EEXIST);
	line = kbng_line_get(iface, &key);
	if (!line)
		return ERR_PTR(-ENOSPC);
	if (!kbng_bucket_take(&line->triggers, cfg->trigger_rate,
			      ktime_get_boottime_ns()))
		return ERR_PTR(-EBUSY);
	if (iface->n_claims >= kbng_session_offers_max(cfg))
		return ERR_PTR(-ENOSPC);
	if (old)
		kbng_session_stop(old, KBNG_CAUSE_LOST_SERVICE);
	return kbng_session_create(line, client->mac);
}

static int kbng_trigger_begin(struct kbng_session *s,
			      const struct kbng_iface *iface, __be32 addr)
{
	int err;

	err = kbng_trigger_identify(s, iface, rcu_dereference(iface->config));
	if (err)
		return err;
	if (addr)
		return kbng_session_bind(s, addr, U32_MAX);
	if (!kbng_session_host(s))
		return -ENOMEM;
	kbng_session_start(s);
	return 0;
}

static enum kbng_stat kbng_trigger(struct kbng_iface *iface, u32 tags,
				   const u8 *mac, __be32 addr,
				   enum kbng_trigger trigger)
{
	struct kbng_client client = { .ifindex = iface->ifindex, .tags = tags };
	struct kbng_net *kn = iface->kn;
	struct kbng_session *s;
	int err;

	if (!is_valid_ether_addr(mac))
		return KBNG_STAT_drop_no_session;
	ether_addr_copy(client.mac, mac);
	spin_lock_bh(&kn->lock);
	s = kbng_trigger_create(iface, &client, addr);
	err = PTR_ERR_OR_ZERO(s);
	if (!err) {
		err = kbng_trigger_begin(s, iface, addr);
		if (err)
			kbng_session_stop(s, KBNG_CAUSE_NAS_ERROR);
	}
	if (!err) {
		kbng_session_claim(s, trigger);
		kbng_stat_inc(kn->stats, KBNG_STAT_trigger_session);
		kbng_nl_session_notify(s, KBNG_CMD_SESSION_BIND_NTF);
	}
	spin_unlock_bh(&kn->lock);

	switch (err) {
	case 0:
		return KBNG_STAT_NONE;
	case -EEXIST:
		return KBNG_STAT_drop_no_session;
	case -EBUSY:
		return KBNG_STAT_trigger_limited;
	case -ENOMEM:
		return KBNG_STAT_drop_no_memory;
	default:
		return KBNG_STAT_trigger_full;
	}
}

/**
 * kbng_trigger_ipv4() - somebody uses an address that has no session
 * @iface: access iface
 * @tags: of the line
 * @mac: hardware address
 * @addr: IPv4 address
 * @trigger: what it is seen by
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE when it has a session now, pending, or why it has none
 */
enum kbng_stat kbng_trigger_ipv4(struct kbng_iface *iface, u32 tags,
				 const u8 *mac, __be32 addr,
				 enum kbng_trigger trigger)
{
	const struct kbng_iface_config *cfg = rcu_dereference(iface->config);

	return kbng_trigger_covers(cfg, addr) ?
		       kbng_trigger(iface, tags, mac, addr, trigger) :
		       KBNG_STAT_drop_no_session;
}

/**
 * kbng_trigger_ipv6() - an IPv6 host without session shows up
 * @iface: access iface
 * @tags: of the line
 * @mac: hardware address
 * @trigger: what it is seen by
 *
 * Its session begins without address: prefixes come with the daemon's verdict.
 *
 * Context: softirq, RCU
 * Return: as kbng_trigger_ipv4()
 */
enum kbng_stat kbng_trigger_ipv6(struct kbng_iface *iface, u32 tags,
				 const u8 *mac, enum kbng_trigger trigger)
{
	const struct kbng_iface_config *cfg = rcu_dereference(iface->config);
	struct kbng_client client = { .ifindex = iface->ifindex, .tags = tags };

	ether_addr_copy(client.mac, mac);
	/* Most have one already: no need to wait for the lock. */
	return cfg->trigger6 && !kbng_session_by_client(iface->kn, &client) ?
		       kbng_trigger(iface, tags, mac, 0, trigger) :
		       KBNG_STAT_drop_no_session;
}

static enum kbng_stat kbng_trigger_packet(struct kbng_iface *iface, u32 tags,
					  const struct sk_buff *skb)
{
	const u8 *mac = eth_hdr(skb)->h_source;

	return skb->protocol == htons(ETH_P_IP) ?
		       kbng_trigger_ipv4(iface, tags, mac, ip_hdr(skb)->saddr,
					 KBNG_TRIGGER_PACKET) :
		       kbng_trigger_ipv6(iface, tags, mac, KBNG_TRIGGER_PACKET);
}

/**
 * kbng_trigger_check_source() - may this packet have its source address?
 * @iface: access iface
 * @tags: of the line
 * @skb: packet, its IP header in the linear part
 * @host: that the address is of, or NULL: then this packet may begin a session
 *
 * Context: softirq, RCU
 * Return: KBNG_STAT_NONE, or the name under which to drop the packet
 */
enum kbng_stat kbng_trigger_check_source(struct kbng_iface *iface, u32 tags,
					 const struct sk_buff *skb,
					 const struct kbng_host *host)
{
	enum kbng_stat stat = KBNG_STAT_drop_no_session;
	enum kbng_stat why;

	if (likely(host)) {
		stat = kbng_host_check_source(host, iface->ifindex, tags,
					      eth_hdr(skb)->h_source);
		if (unlikely(stat))
			kbng_session_count_drop(host->session, stat, 1);
	}
	if (likely(!stat) || !kbng_trigger_is_free(host))
		return stat;
	why = kbng_trigger_packet(iface, tags, skb);
	if (why == KBNG_STAT_drop_no_session)
		return stat;
	/* Nobody has let it in yet. */
	return why ?: KBNG_STAT_drop_unauthorised;
}

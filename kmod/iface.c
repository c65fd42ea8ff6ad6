// SPDX-License-Identifier: GPL-2.0
#include "iface.h"

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include "hook.h"
#include "line.h"
#include "pernet.h"
#include "ra.h"
#include "session.h"
#include "tags.h"
#include "template.h"

/**
 * kbng_iface_get() - the iface of a device
 * @kn: namespace
 * @ifindex: device
 *
 * Return: the iface, valid under RCU or RTNL, or NULL
 */
struct kbng_iface *kbng_iface_get(struct kbng_net *kn, int ifindex)
{
	return xa_load(&kn->ifaces, ifindex);
}

static int kbng_iface_check(struct net_device *dev,
			    struct netlink_ext_ack *extack)
{
	if (!dev) {
		NL_SET_ERR_MSG(extack, "no such device in this namespace");
		return -ENODEV;
	}
	if (dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(extack, "the device is going away");
		return -ENODEV;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		NL_SET_ERR_MSG(extack, "not an Ethernet device");
		return -EOPNOTSUPP;
	}
	/* Its packets continue as those of another device, past the checks. */
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG(extack,
			       "the device belongs to a bridge, bond or macvlan: use that one");
		return -EBUSY;
	}
	return 0;
}

/*
 * DHCPv6 clients ask All_DHCP_Relay_Agents_and_Servers, ff02::1:2 (RFC 8415
 * 7.1), which a device passes on only if somebody wants it.
 */
static void kbng_iface_listen6(struct net_device *dev,
			       const struct kbng_iface_config *old,
			       const struct kbng_iface_config *new)
{
	static const u8 group[ETH_ALEN] = { 0x33, 0x33, 0, 1, 0, 2 };
	bool was = old && old->n_servers6;
	bool wanted = new && new->n_servers6;

	if (wanted && !was)
		dev_mc_add(dev, group);
	else if (was && !wanted)
		dev_mc_del(dev, group);
}

static void kbng_iface_free(struct kbng_iface *iface)
{
	free_percpu(iface->stats);
	kfree(iface);
}

static void kbng_iface_free_rcu(struct rcu_head *rcu)
{
	kbng_iface_free(container_of(rcu, struct kbng_iface, rcu));
}

static void kbng_iface_release(struct kbng_iface *iface)
{
	struct kbng_iface_config *config;

	config = rcu_dereference_protected(iface->config,
					   lockdep_rtnl_is_held());
	kbng_iface_listen6(iface->dev, config, NULL);
	kfree_rcu(config, rcu);
	/*
	 * A packet in the hook may still use the device: it stays until the
	 * grace period that unregistering it waits for is over as well.
	 */
	netdev_put(iface->dev, &iface->dev_tracker);
	call_rcu(&iface->rcu, kbng_iface_free_rcu);
}

static int kbng_iface_open(struct kbng_iface *iface,
			   const struct kbng_iface_config *config)
{
	struct kbng_net *kn = iface->kn;
	int err;

	err = xa_err(xa_store(&kn->ifaces, iface->ifindex, iface, GFP_KERNEL));
	if (err)
		return err;
	if (!kn->n_ifaces) {
		err = kbng_hook_net_register(kn->net);
		if (err)
			goto err_erase_iface;
	}
	err = kbng_hook_attach(iface, config);
	if (err)
		goto err_detach;
	if (!kn->n_ifaces++)
		queue_delayed_work(system_power_efficient_wq, &kn->reaper, HZ);
	return 0;

err_detach:
	kbng_hook_detach(iface);
	if (!kn->n_ifaces)
		kbng_hook_net_unregister(kn->net);
err_erase_iface:
	xa_erase(&kn->ifaces, iface->ifindex);
	return err;
}

static int kbng_iface_create(struct kbng_net *kn, struct net_device *dev,
			     enum kbng_role role,
			     struct kbng_iface_config *config)
{
	struct kbng_iface *iface;
	int err;

	iface = kzalloc(sizeof(*iface), GFP_KERNEL_ACCOUNT);
	if (!iface)
		return -ENOMEM;
	iface->stats = alloc_percpu(struct kbng_stats);
	if (!iface->stats) {
		kbng_iface_free(iface);
		return -ENOMEM;
	}
	iface->ifindex = dev->ifindex;
	iface->role = role;
	iface->kn = kn;
	iface->dev = dev;
	iface->full = jiffies - HZ;
	netdev_hold(dev, &iface->dev_tracker, GFP_KERNEL);
	RCU_INIT_POINTER(iface->config, config);
	INIT_LIST_HEAD(&iface->offers);

	err = kbng_iface_open(iface, config);
	if (err) {
		/* The caller keeps @config. */
		netdev_put(dev, &iface->dev_tracker);
		call_rcu(&iface->rcu, kbng_iface_free_rcu);
		return err;
	}
	kbng_iface_listen6(dev, NULL, config);
	return 0;
}

/* Whether router advertisements stay as they are. */
static bool kbng_iface_says_same(const struct kbng_iface_config *old,
				 const struct kbng_iface_config *new)
{
	return old->ra == new->ra && old->ra_lifetime == new->ra_lifetime &&
	       !old->n_servers6 == !new->n_servers6 &&
	       old->n_dns6 == new->n_dns6 &&
	       !memcmp(old->dns6, new->dns6, sizeof(old->dns6)) &&
	       !strcmp(old->search6, new->search6);
}

/**
 * kbng_iface_set() - give a device a role, or an iface another configuration
 * @kn: namespace
 * @ifindex: device
 * @role: an existing iface keeps its role
 * @config: owned by the iface when this succeeds, else by the caller
 * @extack: what to change
 *
 * Context: RTNL
 * Return: 0 or a negative errno
 */
int kbng_iface_set(struct kbng_net *kn, int ifindex, enum kbng_role role,
		   struct kbng_iface_config *config,
		   struct netlink_ext_ack *extack)
{
	struct kbng_iface_config *old;
	struct kbng_iface *iface;
	struct net_device *dev;
	int err;

	ASSERT_RTNL();
	iface = kbng_iface_get(kn, ifindex);
	if (!iface) {
		dev = __dev_get_by_index(kn->net, ifindex);
		err = kbng_iface_check(dev, extack);
		if (err)
			return err;
		err = kbng_iface_create(kn, dev, role, config);
		if (err)
			NL_SET_ERR_MSG(extack,
				       "the packet hooks cannot be registered");
		return err;
	}
	if (iface->role != role) {
		NL_SET_ERR_MSG(extack,
			       "the iface has another role: delete it first");
		return -EBUSY;
	}
	err = kbng_hook_attach(iface, config);
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "the packet hooks cannot be registered");
		return err;
	}
	spin_lock_bh(&kn->lock);
	old = rcu_replace_pointer(iface->config, config,
				  lockdep_is_held(&kn->lock));
	spin_unlock_bh(&kn->lock);
	kbng_iface_listen6(iface->dev, old, config);
	if (config->ra && !kbng_iface_says_same(old, config))
		kbng_ra_tell_iface(iface);
	kfree_rcu(old, rcu);
	return 0;
}

/* A VLAN device's own VLAN is the outer one where frames have one tag left. */
static void kbng_iface_expand_vlans(struct kbng_template_values *v,
				    const struct net_device *dev, u32 tags)
{
	u16 vid = is_vlan_dev(dev) ? vlan_dev_vlan_id(dev) : 0;

	if (!tags) {
		v->cvlan = vid;
	} else if (!kbng_tags_inner(tags)) {
		v->svlan = vid;
		v->cvlan = kbng_tags_outer(tags);
	} else {
		v->svlan = kbng_tags_outer(tags);
		v->cvlan = kbng_tags_inner(tags);
	}
}

/**
 * kbng_iface_template_values() - what the words of a template stand for
 * @iface: that the client is on
 * @cfg: of @iface
 * @tags: of its line
 * @mac: its hardware address
 * @v: gets it, but nothing of what the client says of itself
 */
void kbng_iface_template_values(const struct kbng_iface *iface,
				const struct kbng_iface_config *cfg, u32 tags,
				const u8 *mac, struct kbng_template_values *v)
{
	*v = (struct kbng_template_values) {
		.host = cfg->host,
		.ifname = iface->dev->name,
		.mac = mac,
		.giaddr = cfg->giaddr,
	};
	kbng_iface_expand_vlans(v, iface->dev, tags);
}

/**
 * kbng_iface_expand() - what a template says of a client that says nothing
 * @iface: that it is on
 * @cfg: of @iface
 * @tags: of its line
 * @mac: its hardware address
 * @format: template of @cfg
 * @id: gets it
 */
void kbng_iface_expand(const struct kbng_iface *iface,
		       const struct kbng_iface_config *cfg, u32 tags,
		       const u8 *mac, const char *format, struct kbng_id *id)
{
	struct kbng_template_values v;

	kbng_iface_template_values(iface, cfg, tags, mac, &v);
	kbng_template_expand(id, format, &v);
}

/**
 * kbng_iface_has_node() - whether an address is a layer-3 access node's
 * @cfg: of an iface
 * @addr: IPv4 address
 *
 * Return: true when it is one of those configured
 */
bool kbng_iface_has_node(const struct kbng_iface_config *cfg, __be32 addr)
{
	unsigned int i;

	for (i = 0; i < cfg->n_nodes; i++)
		if (cfg->nodes[i] == addr)
			return true;
	return false;
}

/**
 * kbng_iface_del() - end an iface's sessions and forget it
 * @iface: freed after a grace period
 *
 * Context: RTNL
 */
void kbng_iface_del(struct kbng_iface *iface)
{
	struct kbng_net *kn = iface->kn;

	ASSERT_RTNL();
	kbng_hook_detach(iface);

	/* From here on a message that is on its way makes no session. */
	spin_lock_bh(&kn->lock);
	iface->dead = true;
	spin_unlock_bh(&kn->lock);
	kbng_session_stop_iface(kn, iface->ifindex);
	kbng_ra_flush(kn);
	kbng_line_drop_iface(kn, iface);

	xa_erase(&kn->ifaces, iface->ifindex);
	if (!--kn->n_ifaces)
		kbng_hook_net_unregister(kn->net);
	kbng_iface_release(iface);
}

/**
 * kbng_iface_del_all() - delete a namespace's ifaces
 * @kn: namespace
 *
 * Context: RTNL
 */
void kbng_iface_del_all(struct kbng_net *kn)
{
	struct kbng_iface *iface;
	unsigned long ifindex;

	xa_for_each(&kn->ifaces, ifindex, iface)
		kbng_iface_del(iface);
}

/* A bridge or bond would take the packets past the checks. */
static bool kbng_iface_takes_over(struct net_device *upper)
{
	return !is_vlan_dev(upper) && !netif_is_l3_master(upper);
}

static int kbng_iface_event(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	const struct netdev_notifier_changeupper_info *change = ptr;
	struct kbng_iface *iface;

	iface = kbng_iface_get(kbng_net(dev_net(dev)), dev->ifindex);
	if (!iface)
		return NOTIFY_DONE;
	if (event == NETDEV_UNREGISTER)
		kbng_iface_del(iface);
	else if (event == NETDEV_PRECHANGEUPPER && change->linking &&
		 kbng_iface_takes_over(change->upper_dev))
		return notifier_from_errno(-EBUSY);
	return NOTIFY_DONE;
}

static struct notifier_block kbng_iface_notifier = {
	.notifier_call = kbng_iface_event,
};

int __init kbng_iface_init(void)
{
	return register_netdevice_notifier(&kbng_iface_notifier);
}

void kbng_iface_uninit(void)
{
	unregister_netdevice_notifier(&kbng_iface_notifier);
}

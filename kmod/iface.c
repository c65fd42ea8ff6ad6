// SPDX-License-Identifier: GPL-2.0
#include "iface.h"

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include "hook.h"
#include "pernet.h"
#include "session.h"

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

static void kbng_iface_release(struct kbng_iface *iface)
{
	kfree_rcu(rcu_dereference_protected(iface->config,
					    lockdep_rtnl_is_held()), rcu);
	/*
	 * A packet in the hook may still use the device: it stays until the
	 * grace period that unregistering it waits for is over as well.
	 */
	netdev_put(iface->dev, &iface->dev_tracker);
	kfree_rcu(iface, rcu);
}

static int kbng_iface_open(struct kbng_iface *iface, bool fastpath)
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
	err = kbng_hook_ingress(iface, fastpath);
	if (err)
		goto err_unregister_net;
	if (!kn->n_ifaces++)
		queue_delayed_work(system_power_efficient_wq, &kn->reaper, HZ);
	return 0;

err_unregister_net:
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
	iface->ifindex = dev->ifindex;
	iface->role = role;
	iface->kn = kn;
	iface->dev = dev;
	iface->full = jiffies - HZ;
	netdev_hold(dev, &iface->dev_tracker, GFP_KERNEL);
	RCU_INIT_POINTER(iface->config, config);
	INIT_LIST_HEAD(&iface->offers);

	err = kbng_iface_open(iface, config->fastpath);
	if (err) {
		/* The caller keeps @config. */
		netdev_put(dev, &iface->dev_tracker);
		kfree_rcu(iface, rcu);
	}
	return err;
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
	err = kbng_hook_ingress(iface, config->fastpath);
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "the packet hook cannot be registered");
		return err;
	}
	spin_lock_bh(&kn->lock);
	old = rcu_replace_pointer(iface->config, config,
				  lockdep_is_held(&kn->lock));
	spin_unlock_bh(&kn->lock);
	kfree_rcu(old, rcu);
	return 0;
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
	kbng_hook_ingress_release(iface);

	/* From here on a message that is on its way makes no session. */
	spin_lock_bh(&kn->lock);
	iface->dead = true;
	spin_unlock_bh(&kn->lock);
	kbng_session_stop_iface(kn, iface->ifindex);

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

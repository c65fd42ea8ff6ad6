// SPDX-License-Identifier: GPL-2.0
#include "pernet.h"

#include <linux/rtnetlink.h>
#include <net/netns/generic.h>
#include "iface.h"
#include "line.h"
#include "ra.h"
#include "session.h"
#include "shaper.h"

static unsigned int kbng_pernet_id __read_mostly;

/**
 * kbng_net() - what kbng knows in a namespace
 * @net: the namespace
 *
 * Return: never NULL while the module is loaded
 */
struct kbng_net *kbng_net(const struct net *net)
{
	return net_generic(net, kbng_pernet_id);
}

static void kbng_pernet_reap(struct work_struct *work)
{
	struct kbng_net *kn = container_of(work, struct kbng_net, reaper.work);

	kbng_session_reap(kn);
	kbng_line_reap(kn);
	if (READ_ONCE(kn->n_ifaces))
		queue_delayed_work(system_power_efficient_wq, &kn->reaper, HZ);
}

static int __net_init kbng_pernet_net_init(struct net *net)
{
	struct kbng_net *kn = kbng_net(net);
	int err;

	kn->net = net;
	xa_init(&kn->ifaces);
	uuid_gen(&kn->instance);
	INIT_DELAYED_WORK(&kn->reaper, kbng_pernet_reap);
	kn->stats = alloc_percpu(struct kbng_stats);
	if (!kn->stats)
		return -ENOMEM;
	err = kbng_session_net_init(kn);
	if (err)
		goto err_free_stats;
	err = kbng_shaper_net_init(kn);
	if (err)
		goto err_uninit_session;
	return 0;

err_uninit_session:
	kbng_session_net_uninit(kn);
err_free_stats:
	free_percpu(kn->stats);
	return err;
}

/* The core waits for a grace period between this and the exit. */
static void __net_exit kbng_pernet_net_pre_exit(struct net *net)
{
	struct kbng_net *kn = kbng_net(net);

	rtnl_lock();
	kbng_iface_del_all(kn);
	rtnl_unlock();
	cancel_delayed_work_sync(&kn->reaper);
	kbng_ra_flush(kn);
}

static void __net_exit kbng_pernet_net_exit(struct net *net)
{
	struct kbng_net *kn = kbng_net(net);

	kbng_session_net_uninit(kn);
	kbng_shaper_net_uninit(kn);
	xa_destroy(&kn->ifaces);
	free_percpu(kn->stats);
}

static struct pernet_operations kbng_pernet_ops = {
	.init = kbng_pernet_net_init,
	.pre_exit = kbng_pernet_net_pre_exit,
	.exit = kbng_pernet_net_exit,
	.id = &kbng_pernet_id,
	.size = sizeof(struct kbng_net),
};

int __init kbng_pernet_init(void)
{
	return register_pernet_subsys(&kbng_pernet_ops);
}

void kbng_pernet_uninit(void)
{
	unregister_pernet_subsys(&kbng_pernet_ops);
}

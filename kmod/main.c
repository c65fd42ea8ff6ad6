// SPDX-License-Identifier: GPL-2.0
/*
 * kbng: broadband network gateway in the kernel.
 */
#include <linux/module.h>
#include <net/genetlink.h>
#include "fast.h"
#include "iface.h"
#include "netlink.h"
#include "pernet.h"
#include "session.h"
#include "way4.h"

static int __init kbng_init(void)
{
	int err;

	err = kbng_session_slab_init();
	if (err)
		return err;
	kbng_fast_init();
	err = kbng_pernet_init();
	if (err)
		goto err_uninit_fast;
	err = kbng_way4_init();
	if (err)
		goto err_uninit_pernet;
	err = kbng_iface_init();
	if (err)
		goto err_uninit_way4;
	err = kbng_nl_init();
	if (err)
		goto err_uninit_iface;
	return 0;

err_uninit_iface:
	kbng_iface_uninit();
err_uninit_way4:
	kbng_way4_uninit();
err_uninit_pernet:
	kbng_pernet_uninit();
err_uninit_fast:
	kbng_fast_uninit();
	kbng_session_slab_uninit();
	return err;
}

static void __exit kbng_exit(void)
{
	kbng_nl_uninit();
	kbng_iface_uninit();
	kbng_way4_uninit();
	kbng_pernet_uninit();
	kbng_fast_uninit();
	kbng_session_slab_uninit();
}

module_init(kbng_init);
module_exit(kbng_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Broadband network gateway");
MODULE_VERSION(KBNG_VERSION);
MODULE_ALIAS_GENL_FAMILY(KBNG_GENL_NAME);

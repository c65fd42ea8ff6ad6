// SPDX-License-Identifier: GPL-2.0
/*
 * The host and session tables: what is there is found while they grow, shrink
 * and change, and what is taken away lives on for its readers.
 */
#include <kunit/test.h>
#include <linux/kthread.h>
#include <linux/netdevice.h>
#include <linux/prandom.h>
#include <net/net_namespace.h>
#include "host.h"
#include "iface.h"
#include "pernet.h"
#include "session.h"

#define KBNG_KUNIT_IFINDEX	77
#define KBNG_KUNIT_STAYING	64
#define KBNG_KUNIT_PASSING	6000

/**
 * struct kbng_kunit_net - a namespace's state, as pernet.c and iface.c make it
 * @kn: state
 * @iface: its access iface
 * @cfg: configuration of @iface
 * @missed: lookups that should have found something, or not that
 * @lookups: all of them
 */
struct kbng_kunit_net {
	struct kbng_net kn;
	struct kbng_iface iface;
	struct kbng_iface_config cfg;
	unsigned long missed;
	unsigned long lookups;
};

static int __ref kbng_kunit_suite_init(struct kunit_suite *suite)
{
	return kbng_session_slab_init();
}

static void kbng_kunit_suite_exit(struct kunit_suite *suite)
{
	kbng_session_slab_uninit();
}

static int kbng_kunit_net_init(struct kunit *test)
{
	struct kbng_kunit_net *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	t->kn.net = &init_net;
	t->kn.stats = alloc_percpu(struct kbng_stats);
	KUNIT_ASSERT_NOT_NULL(test, (void __force *)t->kn.stats);
	xa_init(&t->kn.ifaces);
	KUNIT_ASSERT_EQ(test, kbng_session_net_init(&t->kn), 0);
	t->cfg.max_sessions = KBNG_IFACE_MAX_SESSIONS;
	t->cfg.offer_timeout = KBNG_IFACE_OFFER_TIMEOUT;
	t->iface.ifindex = KBNG_KUNIT_IFINDEX;
	t->iface.role = KBNG_ROLE_ACCESS;
	t->iface.kn = &t->kn;
	t->iface.dev = init_net.loopback_dev;
	rcu_assign_pointer(t->iface.config, &t->cfg);
	INIT_LIST_HEAD(&t->iface.offers);
	return xa_err(xa_store(&t->kn.ifaces, KBNG_KUNIT_IFINDEX, &t->iface,
			       GFP_KERNEL));
}

static void kbng_kunit_net_exit(struct kunit *test)
{
	struct kbng_kunit_net *t = test->priv;

	kbng_session_stop_iface(&t->kn, KBNG_KUNIT_IFINDEX);
	kbng_line_drop_iface(&t->kn, &t->iface);
	kbng_session_net_uninit(&t->kn);
	rcu_barrier();
	xa_destroy(&t->kn.ifaces);
	free_percpu(t->kn.stats);
}

static __be32 kbng_kunit_addr(u32 n)
{
	return htonl(0x0a400000 + n);
}

/* Under kbng_net.lock and RCU. */
static struct kbng_session *kbng_kunit_create(struct kbng_kunit_net *t,
					      u32 tags, const u8 *mac)
{
	struct kbng_line_key key = {
		.ifindex = KBNG_KUNIT_IFINDEX,
		.tags = tags,
	};
	struct kbng_line *line = kbng_line_get(&t->iface, &key);

	return line ? kbng_session_create(line, mac) : ERR_PTR(-ENOSPC);
}

/* A session with an address, or what create or bind said. */
static struct kbng_session *kbng_kunit_bind(struct kbng_kunit_net *t, u32 n)
{
	u8 mac[ETH_ALEN] = { 2, 0, n >> 24, n >> 16, n >> 8, n };
	struct kbng_session *s;
	int err;

	rcu_read_lock();
	spin_lock_bh(&t->kn.lock);
	s = kbng_kunit_create(t, 0, mac);
	if (!IS_ERR(s)) {
		err = kbng_session_bind(s, kbng_kunit_addr(n), U32_MAX);
		if (err)
			s = ERR_PTR(err);
	}
	spin_unlock_bh(&t->kn.lock);
	rcu_read_unlock();
	return s;
}

static void kbng_kunit_end(struct kbng_kunit_net *t, struct kbng_session *s)
{
	rcu_read_lock();
	spin_lock_bh(&t->kn.lock);
	kbng_session_stop(s, KBNG_CAUSE_ADMIN_RESET);
	kbng_session_forget(s);
	spin_unlock_bh(&t->kn.lock);
	rcu_read_unlock();
}

/* A host that is found is the right one, and stays readable. */
static void kbng_kunit_look(struct kbng_kunit_net *t, u32 n, bool there)
{
	struct kbng_host *host;

	rcu_read_lock();
	host = kbng_host_find(&t->kn, kbng_kunit_addr(n), KBNG_UP);
	if (!host ? there : (host->addr != kbng_kunit_addr(n) ||
			     host->session->addr != host->addr))
		t->missed++;
	rcu_read_unlock();
	t->lookups++;
}

static int kbng_kunit_reader(void *data)
{
	struct kbng_kunit_net *t = data;
	u32 n = 0;

	while (!kthread_should_stop()) {
		kbng_kunit_look(t, n % KBNG_KUNIT_STAYING, true);
		kbng_kunit_look(t, KBNG_KUNIT_STAYING + n % KBNG_KUNIT_PASSING,
				false);
		if (++n % 64 == 0)
			cond_resched();
	}
	return 0;
}

static void kbng_kunit_hosts_change(struct kunit *test)
{
	struct kbng_session **passing;
	struct kbng_kunit_net *t = test->priv;
	struct task_struct *reader;
	int round;
	u32 n;

	passing = kvcalloc(KBNG_KUNIT_PASSING, sizeof(*passing), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, passing);
	for (n = 0; n < KBNG_KUNIT_STAYING; n++)
		KUNIT_ASSERT_FALSE(test, IS_ERR(kbng_kunit_bind(t, n)));
	reader = kthread_run(kbng_kunit_reader, t, "kbng_kunit_reader");
	KUNIT_ASSERT_FALSE(test, IS_ERR(reader));
	for (round = 0; round < 3; round++) {
		for (n = 0; n < KBNG_KUNIT_PASSING; n++) {
			passing[n] = kbng_kunit_bind(t, KBNG_KUNIT_STAYING + n);
			cond_resched();
		}
		for (n = 0; n < KBNG_KUNIT_PASSING; n++) {
			if (IS_ERR(passing[n]))
				t->missed++;
			else
				kbng_kunit_end(t, passing[n]);
			cond_resched();
		}
	}
	kthread_stop(reader);
	kvfree(passing);
	KUNIT_EXPECT_GT(test, t->lookups, 1000UL);
	KUNIT_EXPECT_EQ(test, t->missed, 0UL);
	KUNIT_EXPECT_EQ(test, t->iface.n_sessions, KBNG_KUNIT_STAYING + 0U);
	KUNIT_EXPECT_EQ(test, t->kn.n_sessions, KBNG_KUNIT_STAYING + 0U);
}

/* A full iface refuses; who leaves makes room for one. */
static void kbng_kunit_sessions_bounded(struct kunit *test)
{
	struct kbng_kunit_net *t = test->priv;
	struct kbng_session *first;
	u32 n;

	t->cfg.max_sessions = 100;
	first = kbng_kunit_bind(t, 0);
	for (n = 1; n < 100; n++)
		KUNIT_ASSERT_FALSE(test, IS_ERR(kbng_kunit_bind(t, n)));
	KUNIT_EXPECT_EQ(test, PTR_ERR(kbng_kunit_bind(t, 100)), (long)-ENOSPC);
	kbng_kunit_end(t, first);
	KUNIT_EXPECT_FALSE(test, IS_ERR(kbng_kunit_bind(t, 100)));
	KUNIT_EXPECT_EQ(test, PTR_ERR(kbng_kunit_bind(t, 101)), (long)-ENOSPC);
}

/* An address that moves ends its former owner's session, which stays stopped. */
static void kbng_kunit_address_moves(struct kunit *test)
{
	static const u8 mac[ETH_ALEN] = { 2, 9 };
	struct kbng_kunit_net *t = test->priv;
	struct kbng_session *old;
	struct kbng_session *new;
	struct kbng_host *host;

	old = kbng_kunit_bind(t, 5);
	KUNIT_ASSERT_FALSE(test, IS_ERR(old));
	rcu_read_lock();
	spin_lock_bh(&t->kn.lock);
	new = kbng_kunit_create(t, 0, mac);
	if (!IS_ERR(new))
		kbng_session_bind(new, kbng_kunit_addr(5), 60);
	host = kbng_host_find(&t->kn, kbng_kunit_addr(5), KBNG_UP);
	spin_unlock_bh(&t->kn.lock);
	rcu_read_unlock();
	KUNIT_EXPECT_PTR_EQ(test, host->session, new);
	KUNIT_EXPECT_EQ(test, (int)old->state, (int)KBNG_STATE_STOPPED);
	KUNIT_EXPECT_EQ(test, (int)new->state, (int)KBNG_STATE_PENDING);
	KUNIT_EXPECT_EQ(test, t->iface.n_sessions, 1U);
	KUNIT_EXPECT_EQ(test, t->kn.n_sessions, 2U);
}

/* Offers have their share, the oldest makes room, and time ends the rest. */
static void kbng_kunit_offers_bounded(struct kunit *test)
{
	struct kbng_kunit_net *t = test->priv;
	u8 mac[ETH_ALEN] = { 2 };
	struct kbng_session *s;
	unsigned long id;
	u32 n;

	t->cfg.max_sessions = 400;
	for (n = 0; n < 1000; n++) {
		mac[4] = n >> 8;
		mac[5] = n;
		rcu_read_lock();
		spin_lock_bh(&t->kn.lock);
		s = kbng_kunit_create(t, 0, mac);
		spin_unlock_bh(&t->kn.lock);
		rcu_read_unlock();
		KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	}
	KUNIT_EXPECT_EQ(test, t->iface.n_offers, 100U);
	KUNIT_EXPECT_EQ(test, t->kn.n_sessions, 100U);
	xa_for_each(&t->kn.sessions, id, s)
		WRITE_ONCE(s->deadline, 1);
	kbng_session_reap(&t->kn);
	KUNIT_EXPECT_EQ(test, t->kn.n_sessions, 0U);
	KUNIT_EXPECT_TRUE(test, xa_empty(&t->kn.sessions));
}

/* One MAC address on many lines; all of them ask with the same xid. */
static void kbng_kunit_lines_by_tags(struct kunit *test)
{
	enum { LINES = 100, XID = 7 };
	struct kbng_kunit_net *t = test->priv;
	struct kbng_client client = {
		.ifindex = KBNG_KUNIT_IFINDEX,
		.mac = { 2 },
	};
	u8 relay[3] = { KBNG_OPT82_CIRCUIT_ID, 1 };
	struct kbng_session *lines[LINES];
	u32 n;

	rcu_read_lock();
	spin_lock_bh(&t->kn.lock);
	for (n = 0; n < LINES; n++) {
		lines[n] = kbng_kunit_create(t, n, client.mac);
		if (IS_ERR(lines[n]))
			break;
		lines[n]->xid = htonl(XID);
		lines[n]->open = true;
		relay[2] = n;
		if (kbng_octets_set(&lines[n]->circuit, relay + 2, 1,
				    GFP_ATOMIC))
			break;
	}
	KUNIT_EXPECT_EQ(test, n, (u32)LINES);
	while (n-- > 1) {
		client.tags = n;
		relay[2] = n;
		KUNIT_EXPECT_PTR_EQ(test, lines[n],
				    kbng_session_by_client(&t->kn, &client));
		KUNIT_EXPECT_PTR_EQ(test, lines[n],
				    kbng_session_by_xid(&t->kn, &client,
							htonl(XID), relay,
							sizeof(relay)));
		/* Without option 82 it could be any of them. */
		KUNIT_EXPECT_NULL(test,
				  kbng_session_by_xid(&t->kn, &client,
						      htonl(XID), NULL, 0));
		kbng_session_stop(lines[n], KBNG_CAUSE_LOST_SERVICE);
		KUNIT_EXPECT_NULL(test,
				  kbng_session_by_client(&t->kn, &client));
	}
	KUNIT_EXPECT_PTR_EQ(test, lines[0],
			    kbng_session_by_xid(&t->kn, &client, htonl(XID),
						NULL, 0));
	KUNIT_EXPECT_NULL(test, kbng_session_by_xid(&t->kn, &client,
						    htonl(XID + 1), NULL, 0));
	spin_unlock_bh(&t->kn.lock);
	rcu_read_unlock();
}

static struct kunit_case kbng_kunit_table_cases[] = {
	KUNIT_CASE(kbng_kunit_hosts_change),
	KUNIT_CASE(kbng_kunit_sessions_bounded),
	KUNIT_CASE(kbng_kunit_address_moves),
	KUNIT_CASE(kbng_kunit_offers_bounded),
	KUNIT_CASE(kbng_kunit_lines_by_tags),
	{ }
};

static struct kunit_suite kbng_kunit_table = {
	.name = "kbng_table",
	.suite_init = kbng_kunit_suite_init,
	.suite_exit = kbng_kunit_suite_exit,
	.init = kbng_kunit_net_init,
	.exit = kbng_kunit_net_exit,
	.test_cases = kbng_kunit_table_cases,
};

kunit_test_suite(kbng_kunit_table);

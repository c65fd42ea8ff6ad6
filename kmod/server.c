// SPDX-License-Identifier: GPL-2.0
#include "server.h"

#include <linux/jiffies.h>
#include "iface.h"
#include "pernet.h"

/* The entry of a server; anew when the configuration has another there. */
static struct kbng_server *kbng_server_of(struct kbng_iface *iface,
					  const struct kbng_iface_config *cfg,
					  unsigned int i)
{
	struct kbng_server *server = &iface->servers[i];

	if (server->addr != cfg->servers[i])
		*server = (struct kbng_server) { .addr = cfg->servers[i] };
	return server;
}

/* Whether to ask it: a living one always, a dead one now and then. */
static bool kbng_server_is_due(struct kbng_server *server,
			       struct kbng_net *kn)
{
	if (server->waiting && !server->dead &&
	    time_after(jiffies, server->since + KBNG_SERVER_PATIENCE * HZ)) {
		server->dead = true;
		server->since = jiffies;
		kbng_stat_inc(kn->stats, KBNG_STAT_dhcp_server_dead);
	}
	return !server->dead ||
	       time_after(jiffies, server->since + KBNG_SERVER_RETRY * HZ);
}

/**
 * kbng_server_choose() - who gets a message that wants an answer, by fail-over
 * @iface: access iface; under kbng_net.lock
 * @cfg: its configuration
 *
 * The first that lives, and before it the dead ones that it is time to try
 * again. When none lives, all: one of them may be back.
 *
 * Return: a bit for each server
 */
unsigned int kbng_server_choose(struct kbng_iface *iface,
				const struct kbng_iface_config *cfg)
{
	struct kbng_server *server;
	unsigned int chosen = 0;
	unsigned int i;

	lockdep_assert_held(&iface->kn->lock);
	for (i = 0; i < cfg->n_servers; i++) {
		server = kbng_server_of(iface, cfg, i);
		if (!kbng_server_is_due(server, iface->kn))
			continue;
		chosen |= BIT(i);
		if (server->dead || !server->waiting)
			server->since = jiffies;
		server->waiting = true;
		if (!server->dead)
			return chosen;
	}
	return BIT(cfg->n_servers) - 1;
}

/**
 * kbng_server_answered() - a server lives
 * @iface: access iface; under kbng_net.lock
 * @cfg: its configuration
 * @addr: whose answer came
 */
void kbng_server_answered(struct kbng_iface *iface,
			  const struct kbng_iface_config *cfg, __be32 addr)
{
	unsigned int i;

	lockdep_assert_held(&iface->kn->lock);
	for (i = 0; i < cfg->n_servers; i++) {
		if (cfg->servers[i] != addr)
			continue;
		kbng_server_of(iface, cfg, i)->waiting = false;
		iface->servers[i].dead = false;
	}
}

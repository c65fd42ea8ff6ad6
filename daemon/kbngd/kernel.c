// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "fq.h"
#include "kernel.h"
#include "lib/log.h"
#include "lib/parse.h"
#include "route.h"
#include "session.h"
#include "yamlfile.h"

#define HEARTBEAT_MS	10000

struct kernel {
	struct kbngd *k;
	struct kbng_nl *events;
	uv_poll_t poll;
	uv_timer_t heartbeat;
	uint8_t instance[KBNG_UUID_LEN];
	uint64_t seq;			/* of the last notification */
	unsigned int open;		/* handles that are not closed */
	bool resync;			/* notifications were lost */
	bool lost;
};

/* Of "1.2.3" the part that must be the same: "1", or "0.2" before 1.0. */
static size_t kernel_compatible_part(const char *version)
{
	size_t major = strcspn(version, ".");

	if (strncmp(version, "0.", 2))
		return major;
	return 2 + strcspn(version + 2, ".");
}

static int kernel_check_version(const char *module, char *error)
{
	size_t n = kernel_compatible_part(KBNG_VERSION);

	if (kernel_compatible_part(module) == n &&
	    !strncmp(module, KBNG_VERSION, n))
		return 0;
	snprintf(error, KERNEL_ERROR_SIZE,
		 "module kbng is version %s, this is kbngd %s: install both from one release, then rmmod kbng; modprobe kbng",
		 module, KBNG_VERSION);
	return -1;
}

static bool kernel_may(void)
{
	cap_flag_value_t set = CAP_CLEAR;
	cap_t caps = cap_get_proc();

	if (caps)
		cap_get_flag(caps, CAP_NET_ADMIN, CAP_EFFECTIVE, &set);
	cap_free(caps);
	return set == CAP_SET;
}

int kernel_open(struct kbngd *k, char *error)
{
	struct kbng_module_info info;
	int err;

	if (!kernel_may()) {
		snprintf(error, KERNEL_ERROR_SIZE, "needs CAP_NET_ADMIN: run it as root or by kbngd.service");
		return -1;
	}
	err = kbng_nl_open(&k->nl);
	if (!err)
		err = kbng_nl_stats(k->nl, 0, &info, NULL, NULL);
	if (!err)
		return kernel_check_version(info.version, error);
	if (err == -ENOENT)
		snprintf(error, KERNEL_ERROR_SIZE, "module kbng is not loaded: modprobe kbng");
	else
		snprintf(error, KERNEL_ERROR_SIZE, "%s", k->nl ?
			 kbng_nl_error(k->nl) : strerror(-err));
	return -1;
}

static void kernel_iface_info(const struct config_iface *c, uint32_t ifindex,
			      struct kbng_iface_info *info)
{
	uint32_t i;

	memset(info, 0, sizeof(*info));
	info->ifindex = ifindex;
	info->role = c->role;
	if (c->giaddr)
		inet_pton(AF_INET, c->giaddr, &info->giaddr);
	for (i = 0; i < c->servers_count; i++)
		inet_pton(AF_INET, c->servers[i], &info->servers[i]);
	info->n_servers = c->servers_count;
	snprintf(info->circuit_id_format, sizeof(info->circuit_id_format), "%s",
		 c->circuit_id ? c->circuit_id : "");
	snprintf(info->remote_id_format, sizeof(info->remote_id_format), "%s",
		 c->remote_id ? c->remote_id : "");
	info->max_sessions = c->max_sessions;
	info->offer_timeout = c->offer_timeout;
	info->max_delay_us = c->max_delay;
	info->target_delay_us = c->target_delay;
	info->shaper_mode = c->shaper;
	info->fastpath = c->fastpath == YAMLFILE_YES;
	info->trusted = c->trusted == YAMLFILE_YES;
	info->opt82 = c->opt82;
	info->servers_mode = c->servers_mode;
	if (c->link_selection)
		inet_pton(AF_INET, c->link_selection, &info->link_selection);
	if (c->server_id)
		inet_pton(AF_INET, c->server_id, &info->server_id);
	snprintf(info->subscriber_id_format, sizeof(info->subscriber_id_format), "%s",
		 c->subscriber_id ? c->subscriber_id : "");
	snprintf(info->relay_id_format, sizeof(info->relay_id_format), "%s",
		 c->relay_id ? c->relay_id : "");
	snprintf(info->vpn, sizeof(info->vpn), "%s",
		 c->vpn ? c->vpn : "");
	info->relay_flags = c->relay_flags == YAMLFILE_YES;
	info->dhcp_rate = c->dhcp_rate;
	info->line_dhcp_rate = c->line_dhcp_rate;
	info->line_sessions = c->line_sessions;
	info->move = c->move;
	info->auth = c->auth;
	info->vlan = c->vlan;
	if (c->link6)
		inet_pton(AF_INET6, c->link6, &info->link6);
	for (i = 0; i < c->servers6_count; i++)
		inet_pton(AF_INET6, c->servers6[i], &info->servers6[i]);
	info->n_servers6 = c->servers6_count;
	info->ra = c->ra == YAMLFILE_YES;
	info->ra_lifetime = c->ra_lifetime;
	for (i = 0; i < c->dns6_count; i++)
		inet_pton(AF_INET6, c->dns6[i], &info->dns6[i]);
	info->n_dns6 = c->dns6_count;
	for (i = 0; i < c->triggers_count; i++)
		kbng_parse_subnet(c->triggers[i], &info->triggers[i]);
	info->n_triggers = c->triggers_count;
	info->trigger6 = c->trigger6 == YAMLFILE_YES;
	info->trigger_rate = c->trigger_rate;
	info->line_cap = c->line_cap;
	snprintf(info->search6, sizeof(info->search6), "%s",
		 c->search6 ? c->search6 : "");
	for (i = 0; i < c->nodes_count; i++)
		inet_pton(AF_INET, c->nodes[i], &info->nodes[i]);
	info->n_nodes = c->nodes_count;
}

static int kernel_iface_set(struct kbngd *k, const struct config_iface *c,
			    char *error)
{
	struct kbng_iface_info info;
	uint32_t ifindex = if_nametoindex(c->name);
	char why[256];

	if (!ifindex) {
		snprintf(error, KERNEL_ERROR_SIZE, "there is no device %s: create it first, or remove it from ifaces",
			 c->name);
		return -1;
	}
	if (c->install_fq != YAMLFILE_NO &&
	    c->shaper != KBNG_SHAPER_POLICE &&
	    fq_install(ifindex, why, sizeof(why)))
		kbng_warning("no fq on the device: its traffic is policed iface=%s reason=\"%s\"",
			     c->name, why);
	kernel_iface_info(c, ifindex, &info);
	if (!kbng_nl_iface_set(k->nl, &info))
		return 0;
	snprintf(error, KERNEL_ERROR_SIZE, "iface %s: %s", c->name,
		 kbng_nl_error(k->nl));
	return -1;
}

/* Ifaces of the kernel's that are not in the configuration. */
struct leftovers {
	const struct config *config;
	struct kbng_iface_info *info;
	size_t n;
};

static int kernel_iface_leftover(const struct kbng_iface_info *info, void *arg)
{
	struct leftovers *left = arg;
	void *more;
	uint32_t i;

	for (i = 0; i < left->config->ifaces_count; i++)
		if (!strcmp(left->config->ifaces[i].name, info->ifname))
			return 0;
	more = realloc(left->info, (left->n + 1) * sizeof(*left->info));
	if (!more)
		return -ENOMEM;
	left->info = more;
	left->info[left->n++] = *info;
	return 0;
}

static void kernel_iface_remove(struct kbngd *k,
				const struct kbng_iface_info *info)
{
	if (info->sessions)
		kbng_warning("iface is not configured but has sessions: kept, remove it with \"kbng iface del\" iface=%s sessions=%u",
			     info->ifname, info->sessions);
	else if (kbng_nl_iface_del(k->nl, info->ifindex))
		kbng_warning("iface cannot be removed iface=%s: %s",
			     info->ifname, kbng_nl_error(k->nl));
	else
		kbng_notice("iface removed, it is not configured iface=%s",
			    info->ifname);
}

/* In the order of the file, where a parent stands before its children. */
static int kernel_shapers(struct kbngd *k, char *error)
{
	const struct config *c = k->config;
	uint32_t i;

	for (i = 0; i < c->shapers_count; i++) {
		if (!kbng_nl_shaper_set(k->nl, &c->shapers[i].info))
			continue;
		snprintf(error, KERNEL_ERROR_SIZE, "shaper %s: %s",
			 c->shapers[i].name, kbng_nl_error(k->nl));
		return -1;
	}
	return 0;
}

int kernel_ifaces(struct kbngd *k, char *error)
{
	struct leftovers left = { .config = k->config };
	size_t n;
	uint32_t i;
	int err;

	if (kernel_shapers(k, error))
		return -1;
	err = kbng_nl_iface_dump(k->nl, kernel_iface_leftover, &left);
	if (err)
		snprintf(error, KERNEL_ERROR_SIZE, "%s", kbng_nl_error(k->nl));
	for (n = 0; n < left.n && !err; n++)
		kernel_iface_remove(k, &left.info[n]);
	free(left.info);
	for (i = 0; i < k->config->ifaces_count && !err; i++)
		err = kernel_iface_set(k, &k->config->ifaces[i], error);
	return err ? -1 : 0;
}

static int kernel_dump_session(const struct kbng_session_info *s, void *arg)
{
	session_seen(arg, s, false);
	return 0;
}

static void kernel_unsee(struct session *s, void *arg)
{
	(void)arg;
	s->seen = false;
}

static void kernel_drop_unseen(struct session *s, void *arg)
{
	struct kbngd *k = arg;

	if (s->seen)
		return;
	route_forget(s);
	if (!s->busy)
		table_remove(&k->sessions, s);
}

static bool kernel_keep_mark(const uint8_t *uuid, void *arg)
{
	const struct kbngd *k = arg;

	return table_find(&k->sessions, uuid);
}

/*
 * All sessions as they are. What comes by notification up to the number taken
 * first is older than the dump. The journal is asked about each session: one
 * transaction for all takes its locks once.
 */
static int kernel_dump(struct kernel *kern)
{
	struct kbngd *k = kern->k;
	struct kbng_module_info info;
	unsigned int n;
	int err;

	err = kbng_nl_stats(k->nl, 0, &info, NULL, NULL);
	if (err)
		return err;
	kern->seq = info.seq;
	memcpy(kern->instance, info.instance, KBNG_UUID_LEN);
	table_each(&k->sessions, kernel_unsee, NULL);
	route_sync_begin(k->routes);
	journal_begin(k->journal);
	err = kbng_nl_session_dump(k->nl, NULL, kernel_dump_session, k);
	if (!err) {
		route_sync_end(k->routes);
		table_each(&k->sessions, kernel_drop_unseen, k);
	}
	n = err ? 0 : journal_session_prune(k->journal, kernel_keep_mark, k);
	journal_commit(k->journal);
	if (err)
		return err;
	if (n)
		kbng_warning("sessions announced are in the kernel no more, with no Stop count=%u",
			     n);
	return 0;
}

static void kernel_lose(struct kernel *kern, const char *why)
{
	kbng_error("%s", why);
	kern->lost = true;
	uv_stop(&kern->k->loop);
}

static int kernel_event(const struct kbng_event *ev, void *arg)
{
	struct kernel *kern = arg;

	if (!ev->session || ev->seq <= kern->seq)
		return 0;
	if (ev->seq != kern->seq + 1)
		kern->resync = true;
	kern->seq = ev->seq;
	session_seen(kern->k, ev->session,
		     ev->cmd == KBNG_CMD_SESSION_RENEW_NTF);
	return 0;
}

static void kernel_readable(uv_poll_t *poll, int status, int events)
{
	struct kernel *kern = poll->data;
	int err;

	(void)status;
	(void)events;
	err = kbng_nl_events_read(kern->events, kernel_event, kern);
	if (err == -ENOBUFS)
		kern->resync = true;
	else if (err && err != -EAGAIN)
		kbng_error("notifications: %s", kbng_nl_error(kern->events));
	if (!kern->resync)
		return;
	kern->resync = false;
	kbng_notice("notifications were lost: reading all sessions");
	if (kernel_dump(kern))
		kernel_lose(kern, kbng_nl_error(kern->k->nl));
}

/* Is the module still the same, and was its last notification the last here? */
static void kernel_heartbeat(uv_timer_t *timer)
{
	struct kernel *kern = timer->data;
	struct kbng_module_info info;
	int err;

	err = kbng_nl_stats(kern->k->nl, 0, &info, NULL, NULL);
	if (err == -ENOENT) {
		kernel_lose(kern, "module kbng is gone: modprobe kbng");
		return;
	}
	if (err) {
		kbng_error("%s", kbng_nl_error(kern->k->nl));
		return;
	}
	if (memcmp(kern->instance, info.instance, KBNG_UUID_LEN)) {
		kernel_lose(kern, "module kbng was loaded anew: starting over");
		return;
	}
	kernel_readable(&kern->poll, 0, 0);
	route_retry(kern->k->routes);
	if (info.seq > kern->seq && kernel_dump(kern))
		kernel_lose(kern, kbng_nl_error(kern->k->nl));
}

int kernel_listen(struct kbngd *k, struct kernel **kernel, char *error)
{
	struct kernel *kern = calloc(1, sizeof(*kern));
	int err;

	*kernel = kern;
	if (!kern) {
		snprintf(error, KERNEL_ERROR_SIZE, "out of memory");
		return -1;
	}
	kern->k = k;
	err = kbng_nl_open(&kern->events);
	if (!err)
		err = kbng_nl_events_join(kern->events, false);
	if (err) {
		snprintf(error, KERNEL_ERROR_SIZE, "%s", kern->events ?
			 kbng_nl_error(kern->events) : strerror(-err));
		return -1;
	}
	uv_poll_init(&k->loop, &kern->poll, kbng_nl_fd(kern->events));
	uv_timer_init(&k->loop, &kern->heartbeat);
	kern->poll.data = kern->heartbeat.data = kern;
	kern->open = 2;
	if (kernel_dump(kern)) {
		snprintf(error, KERNEL_ERROR_SIZE, "%s", kbng_nl_error(k->nl));
		return -1;
	}
	uv_poll_start(&kern->poll, UV_READABLE, kernel_readable);
	uv_timer_start(&kern->heartbeat, kernel_heartbeat, HEARTBEAT_MS,
		       HEARTBEAT_MS);
	return 0;
}

static void kernel_closed(uv_handle_t *handle)
{
	struct kernel *kern = handle->data;

	if (--kern->open)
		return;
	kbng_nl_close(kern->events);
	free(kern);
}

void kernel_close(struct kernel *kern)
{
	if (!kern)
		return;
	if (!kern->open) {
		kbng_nl_close(kern->events);
		free(kern);
		return;
	}
	uv_close((uv_handle_t *)&kern->poll, kernel_closed);
	uv_close((uv_handle_t *)&kern->heartbeat, kernel_closed);
}

bool kernel_lost(const struct kernel *kern)
{
	return kern->lost;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "events.h"
#include "lib/fmt.h"
#include "lib/log.h"
#include "node.h"
#include "yamlfile.h"

#define NODES_MAX	4096
#define NODES_PAGE	200		/* of them in an answer */
#define FORGET_S	(30 * 86400)	/* after which a quiet one is gone */
#define TICK_MS		1000
#define ANSWER_MS	1000		/* that an echo may take */
#define SLACK_S		2		/* that the moment of a lease is not exact */
#define PROBES_MAX	256		/* in a tick */

#define SUBOPTION_REMOTE_ID	2	/* RFC 3046 */
#define SUBOPTION_RELAY_ID	12	/* RFC 6925 */

struct nodes {
	struct kbngd *k;
	const struct config_nodes *config;
	struct node_probe *probe;	/* NULL: they are not probed */
	uv_timer_t timer;
	struct node **node;		/* by name */
	size_t n, room;
	bool full;			/* that was said */
};

/* --- The table -------------------------------------------------------------- */

/* Where @name is, or would be. */
static size_t nodes_place(const struct nodes *nodes, const char *name)
{
	size_t low = 0, high = nodes->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (strcmp(nodes->node[mid]->saved.name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool nodes_grow(struct nodes *nodes)
{
	size_t room = nodes->room ? 2 * nodes->room : 16;
	void *more;

	if (nodes->n < nodes->room)
		return true;
	more = realloc(nodes->node, room * sizeof(*nodes->node));
	if (!more)
		return false;
	nodes->node = more;
	nodes->room = room;
	return true;
}

/* The one with @name, a new one if need be; NULL: there are too many. */
static struct node *nodes_get(struct nodes *nodes, const char *name)
{
	size_t at = nodes_place(nodes, name);
	struct node *n;

	if (at < nodes->n && !strcmp(nodes->node[at]->saved.name, name))
		return nodes->node[at];
	n = nodes->n < NODES_MAX && nodes_grow(nodes) ? calloc(1, sizeof(*n)) :
							NULL;
	if (!n) {
		if (!nodes->full)
			kbng_warning("more access nodes than can be watched: name them by something that all of their lines share, see access_nodes.by name=\"%s\" watched=%zu",
				     name, nodes->n);
		nodes->full = true;
		return NULL;
	}
	snprintf(n->saved.name, sizeof(n->saved.name), "%s", name);
	n->due = uv_now(&nodes->k->loop) +
		 random() % (nodes->config->interval * 1000ULL);
	memmove(nodes->node + at + 1, nodes->node + at,
		(nodes->n - at) * sizeof(*nodes->node));
	nodes->node[at] = n;
	nodes->n++;
	return n;
}

/* --- Alive or not ----------------------------------------------------------- */

static void node_decide(struct node *n, bool alive)
{
	if (n->decided && n->saved.alive == alive)
		return;
	kbng_log(alive ? KBNG_LOG_NOTICE : KBNG_LOG_WARNING,
		 "access node is %s name=\"%s\"", alive ? "up" : "down",
		 n->saved.name);
	n->saved.alive = alive;
	n->decided = true;
}

/*
 * What is news. Not from node_decide(), which runs within the transactions of
 * others; and what cannot be told now is told later.
 */
static void node_tell(struct nodes *nodes, struct node *n)
{
	if (!n->decided || (n->told && n->told_alive == n->saved.alive) ||
	    events_node(nodes->k, &n->saved))
		return;
	n->told = true;
	n->told_alive = n->saved.alive;
}

/* In @ms; what is heard meanwhile comes before it. */
static void node_wait(struct nodes *nodes, struct node *n, uint64_t ms)
{
	n->due = uv_now(&nodes->k->loop) + ms;
}

static void node_wait_long(struct nodes *nodes, struct node *n)
{
	node_wait(nodes, n, nodes->config->interval * 1000ULL);
}

/* DHCP came through it at @when. */
static void node_seen(struct nodes *nodes, struct node *n, uint64_t when)
{
	if (when <= n->saved.seen + SLACK_S)
		return;
	n->saved.seen = when;
	n->token = 0;
	n->lost = 0;
	node_wait_long(nodes, n);
	node_decide(n, true);
}

static void nodes_heard(uint64_t token, struct in_addr from, void *arg)
{
	struct nodes *nodes = arg;
	struct node *n = NULL;
	size_t i;

	for (i = 0; i < nodes->n && !n; i++)
		if (nodes->node[i]->token == token &&
		    nodes->node[i]->saved.addr.s_addr == from.s_addr)
			n = nodes->node[i];
	if (!n)
		return;
	n->saved.seen = time(NULL);
	n->token = 0;
	n->lost = 0;
	if (n->answered < nodes->config->up_after)
		n->answered++;
	if (n->saved.alive || n->answered >= nodes->config->up_after) {
		node_wait_long(nodes, n);
		node_decide(n, true);
	} else {
		node_wait(nodes, n, ANSWER_MS);
	}
}

static void node_silent(struct nodes *nodes, struct node *n)
{
	n->token = 0;
	n->answered = 0;
	if (n->lost < nodes->config->down_after)
		n->lost++;
	if (n->lost < nodes->config->down_after)
		return;
	node_wait_long(nodes, n);
	node_decide(n, false);
}

static void nodes_tick(uv_timer_t *timer)
{
	struct nodes *nodes = timer->data;
	uint64_t now = uv_now(&nodes->k->loop);
	unsigned int sent = 0;
	struct node *n;
	size_t i;

	for (i = 0; i < nodes->n; i++) {
		n = nodes->node[i];
		node_tell(nodes, n);
		if (!nodes->probe || !n->saved.addr.s_addr || n->due > now)
			continue;
		if (n->token)
			node_silent(nodes, n);
		if (n->due > now || sent == PROBES_MAX)
			continue;
		node_probe_send(nodes->probe, n);
		node_wait(nodes, n, ANSWER_MS);
		sent++;
	}
}

/* --- What DHCP says --------------------------------------------------------- */

static void node_suboption(const struct kbng_option *agent, uint8_t code,
			   struct kbng_blob *blob)
{
	size_t at = 0, len;

	blob->len = 0;
	for (; at + 2 <= agent->len; at += 2 + len) {
		len = agent->data[at + 1];
		if (at + 2 + len > agent->len)
			return;
		if (agent->data[at] != code || !len || len > KBNG_ID_MAX)
			continue;
		blob->len = len;
		memcpy(blob->data, agent->data + at + 2, len);
	}
}

/* The first that it has of what may name it. */
static bool node_name(const struct nodes *nodes, const struct journal_node *saw,
		      char *name, size_t size)
{
	static const uint32_t preset[] = {
		NODE_BY_RELAY_ID, NODE_BY_GIADDR, NODE_BY_REMOTE_ID,
	};
	const uint32_t *by = nodes->config->by ? nodes->config->by : preset;
	uint32_t i, n = nodes->config->by ? nodes->config->by_count : NODE_BYS;
	const struct kbng_blob *id;

	for (i = 0; i < n; i++) {
		if (by[i] == NODE_BY_GIADDR && saw->addr.s_addr)
			return inet_ntop(AF_INET, &saw->addr, name, size);
		id = by[i] == NODE_BY_RELAY_ID ? &saw->relay_id :
						 &saw->remote_id;
		if (by[i] != NODE_BY_GIADDR && id->len) {
			kbng_fmt_blob(name, size, id->data, id->len);
			return true;
		}
	}
	return false;
}

void nodes_session(struct nodes *nodes, const struct kbng_session_info *s)
{
	struct journal_node saw = { .addr = s->node };
	char name[JOURNAL_NODE_NAME + 1];
	uint64_t when;
	struct node *n;

	if (s->state == KBNG_STATE_STOPPED)
		return;
	node_suboption(&s->agent, SUBOPTION_REMOTE_ID, &saw.remote_id);
	node_suboption(&s->agent, SUBOPTION_RELAY_ID, &saw.relay_id);
	if (!node_name(nodes, &saw, name, sizeof(name)))
		return;
	n = nodes_get(nodes, name);
	if (!n)
		return;
	if (!n->configured && s->node.s_addr)
		n->saved.addr = s->node;
	n->saved.remote_id = saw.remote_id;
	n->saved.relay_id = saw.relay_id;
	n->ifindex = s->ifindex;
	memcpy(n->saved.ifname, s->ifname, sizeof(n->saved.ifname));
	/* When its lease was made or extended. */
	when = s->started;
	if (s->has_lease)
		when = time(NULL) - (s->lease_time - s->lease_left);
	node_seen(nodes, n, when);
}

/* --- Who asks --------------------------------------------------------------- */

struct nodes_count nodes_count(const struct nodes *nodes)
{
	struct nodes_count count = { 0 };
	const struct node *n;
	size_t i;

	for (i = 0; nodes && i < nodes->n; i++) {
		n = nodes->node[i];
		if (!n->decided)
			count.unknown++;
		else if (n->saved.alive)
			count.up++;
		else
			count.down++;
	}
	return count;
}

static json_t *node_json(const struct node *n)
{
	char addr[INET_ADDRSTRLEN], seen[KBNG_FMT_SIZE];
	const struct journal_node *s = &n->saved;

	return json_pack("{s:s, s:s, s:s*, s:s*, s:s*}",
			 "name", s->name, "state",
			 !n->decided ? "unknown" : s->alive ? "up" : "down",
			 "address", s->addr.s_addr ?
				inet_ntop(AF_INET, &s->addr, addr,
					  sizeof(addr)) : NULL,
			 "iface", s->ifname[0] ? s->ifname : NULL,
			 "last_seen", s->seen ?
				kbng_fmt_utc(seen, sizeof(seen), s->seen) :
				NULL);
}

void nodes_call(struct kbngd *k, struct control_call *call,
		const json_t *request)
{
	const char *after = json_string_value(json_object_get(request,
							      "after"));
	const struct nodes *nodes = k->nodes;
	json_t *page = json_array();
	size_t i;

	if (!nodes) {
		json_decref(page);
		control_refuse(call, "kbngd is starting: ask again");
		return;
	}
	i = after ? nodes_place(nodes, after) : 0;
	if (after && i < nodes->n && !strcmp(nodes->node[i]->saved.name, after))
		i++;
	for (; i < nodes->n && json_array_size(page) < NODES_PAGE; i++)
		json_array_append_new(page, node_json(nodes->node[i]));
	control_answer(call, json_pack("{s:o, s:b}", "nodes", page, "more",
				       i < nodes->n));
}

/* --- Begin and end ---------------------------------------------------------- */

static void nodes_restore(const struct journal_node *saved, void *arg)
{
	struct nodes *nodes = arg;
	size_t at = nodes_place(nodes, saved->name);
	struct in_addr addr = saved->addr;
	struct node *n;

	/* It was in the configuration, is no more, and was never seen. */
	if (!saved->seen && (at == nodes->n ||
			     strcmp(nodes->node[at]->saved.name, saved->name)))
		return;
	n = nodes_get(nodes, saved->name);
	if (!n)
		return;
	if (n->configured)
		addr = n->saved.addr;
	n->saved = *saved;
	n->saved.addr = addr;
	n->decided = n->told = true;
	n->told_alive = saved->alive;
}

static bool nodes_configure(struct nodes *nodes)
{
	const struct config_node *c = nodes->config->known;
	struct node *n;
	uint32_t i;

	for (i = 0; i < nodes->config->known_count; i++) {
		n = nodes_get(nodes, c[i].name);
		if (!n)
			return false;
		inet_pton(AF_INET, c[i].address, &n->saved.addr);
		n->configured = true;
	}
	return true;
}

static void nodes_closed(uv_handle_t *handle)
{
	struct nodes *nodes = handle->data;
	size_t i;

	for (i = 0; i < nodes->n; i++)
		free(nodes->node[i]);
	free(nodes->node);
	free(nodes);
}

int nodes_open(struct kbngd *k, struct nodes **result, char *error, size_t size)
{
	struct nodes *nodes = calloc(1, sizeof(*nodes));

	if (!nodes) {
		snprintf(error, size, "out of memory");
		return -1;
	}
	nodes->k = k;
	nodes->config = &k->config->nodes;
	uv_timer_init(&k->loop, &nodes->timer);
	nodes->timer.data = nodes;
	*result = nodes;
	if (nodes->config->probe != YAMLFILE_NO)
		nodes->probe = node_probe_open(&k->loop, nodes_heard, nodes);
	uv_timer_start(&nodes->timer, nodes_tick, TICK_MS, TICK_MS);
	if (nodes_configure(nodes) &&
	    journal_node_list(k->journal, time(NULL) - FORGET_S, nodes_restore,
			      nodes) >= 0)
		return 0;
	snprintf(error, size, "cannot read access nodes");
	return -1;
}

void nodes_close(struct nodes *nodes)
{
	if (!nodes)
		return;
	node_probe_close(nodes->probe);
	uv_close((uv_handle_t *)&nodes->timer, nodes_closed);
}

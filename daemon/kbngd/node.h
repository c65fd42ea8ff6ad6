/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access nodes: found by the option 82 and the giaddr of what comes through
 * them, probed where they have an address, told of by ROUTER_UPDATE when one
 * is new, silent or back.
 */
#ifndef KBNGD_NODE_H
#define KBNGD_NODE_H

#include "control.h"
#include "kbngd.h"

/** struct node - an access node */
struct node {
	struct journal_node saved;	/* at the last ROUTER_UPDATE, and since */
	uint32_t ifindex;		/* 0: not seen yet */
	bool configured;		/* it is in access_nodes.known */
	bool decided;			/* whether it is alive */
	bool told, told_alive;		/* in ROUTER_UPDATE */
	uint64_t due;			/* ms, of the loop: what is next */
	uint64_t token;			/* in the echo that is on its way, or 0 */
	unsigned int lost, answered;	/* in a row */
};

struct nodes;

/* Those that the journal knows, and those of the configuration. -1: why in @error. */
int nodes_open(struct kbngd *k, struct nodes **nodes, char *error, size_t size);
void nodes_close(struct nodes *nodes);

/* What session @s says of the node that it is behind. */
void nodes_session(struct nodes *nodes, const struct kbng_session_info *s);

/** struct nodes_count - how many there are */
struct nodes_count {
	unsigned int up, down, unknown;
};

struct nodes_count nodes_count(const struct nodes *nodes);

/* The control command: a page of them in the order of their names. */
void nodes_call(struct kbngd *k, struct control_call *call,
		const json_t *request);

/* === Probes, for node.c: node_probe.c === */

struct node_probe;

/* @heard is called for each answer. NULL with the reason logged. */
struct node_probe *node_probe_open(uv_loop_t *loop,
				   void (*heard)(uint64_t token,
						 struct in_addr from, void *arg),
				   void *arg);
void node_probe_close(struct node_probe *probe);

/* Ask @n for an echo, and set its token. */
void node_probe_send(struct node_probe *probe, struct node *n);

#endif /* KBNGD_NODE_H */

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "journal_db.h"

void journal_node_set(struct journal *j, const struct journal_node *n)
{
	sqlite3_stmt *s = j->stmt[STMT_NODE_SET];

	sqlite3_bind_text(s, 1, n->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, n->ifname, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, n->addr.s_addr);
	journal_bind_blob(s, 4, &n->remote_id);
	journal_bind_blob(s, 5, &n->relay_id);
	sqlite3_bind_int64(s, 6, n->seen);
	sqlite3_bind_int(s, 7, n->alive);
	journal_run(j, STMT_NODE_SET);
}

static void journal_node_row(sqlite3_stmt *s, struct journal_node *n)
{
	memset(n, 0, sizeof(*n));
	snprintf(n->name, sizeof(n->name), "%s", sqlite3_column_text(s, 0));
	snprintf(n->ifname, sizeof(n->ifname), "%s",
		 sqlite3_column_text(s, 1));
	n->addr.s_addr = sqlite3_column_int64(s, 2);
	journal_column_blob(s, 3, &n->remote_id);
	journal_column_blob(s, 4, &n->relay_id);
	n->seen = sqlite3_column_int64(s, 5);
	n->alive = sqlite3_column_int(s, 6);
}

int journal_node_list(struct journal *j, uint64_t since,
		      void (*cb)(const struct journal_node *node, void *arg),
		      void *arg)
{
	sqlite3_stmt *s = j->stmt[STMT_NODE_LIST];
	struct journal_node node;
	int rc, n = 0;

	sqlite3_bind_int64(j->stmt[STMT_NODE_PRUNE], 1, since);
	journal_run(j, STMT_NODE_PRUNE);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		journal_node_row(s, &node);
		cb(&node, arg);
		n++;
	}
	return journal_rows(j, STMT_NODE_LIST, rc, n);
}

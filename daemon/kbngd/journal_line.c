// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "journal_db.h"

/* The key, up to ?6. */
static void journal_line_place(sqlite3_stmt *s,
			       const struct kbng_session_info *info)
{
	sqlite3_bind_blob(s, 1, info->mac, KBNG_MAC_LEN, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, info->ifname, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, info->vlan);
	sqlite3_bind_int64(s, 4, info->inner_vlan);
	sqlite3_bind_int64(s, 5, info->vlan_protocol);
	sqlite3_bind_int64(s, 6, info->node.s_addr);
}

void journal_line_set(struct journal *j, const struct kbng_session_info *info)
{
	sqlite3_stmt *s = j->stmt[STMT_LINE_SET];

	journal_line_place(s, info);
	sqlite3_bind_blob(s, 7, info->hop, KBNG_MAC_LEN, SQLITE_STATIC);
	journal_bind_blob(s, 8, &info->circuit_id);
	journal_bind_blob(s, 9, &info->remote_id);
	sqlite3_bind_int64(s, 10, info->started);
	journal_run(j, STMT_LINE_SET);
}

void journal_line_end(struct journal *j, const struct kbng_session_info *info)
{
	sqlite3_stmt *s = j->stmt[STMT_LINE_END];

	journal_line_place(s, info);
	sqlite3_bind_int64(s, 7, info->stopped);
	journal_run(j, STMT_LINE_END);
}

bool journal_line_get(struct journal *j, struct kbng_session_info *info,
		      uint64_t *ended)
{
	sqlite3_stmt *s = j->stmt[STMT_LINE_GET];
	bool found;

	sqlite3_bind_blob(s, 1, info->mac, KBNG_MAC_LEN, SQLITE_STATIC);
	journal_bind_blob(s, 2, &info->circuit_id);
	journal_bind_blob(s, 3, &info->remote_id);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found) {
		strncpy(info->ifname, (const char *)sqlite3_column_text(s, 0),
			sizeof(info->ifname) - 1);
		info->vlan = sqlite3_column_int64(s, 1);
		info->inner_vlan = sqlite3_column_int64(s, 2);
		info->vlan_protocol = sqlite3_column_int64(s, 3);
		info->node.s_addr = sqlite3_column_int64(s, 4);
		if (sqlite3_column_bytes(s, 5) == KBNG_MAC_LEN)
			memcpy(info->hop, sqlite3_column_blob(s, 5),
			       KBNG_MAC_LEN);
		*ended = sqlite3_column_int64(s, 6);
	}
	sqlite3_reset(s);
	return found;
}

void journal_line_prune(struct journal *j, uint64_t seen, uint64_t ended)
{
	sqlite3_stmt *s = j->stmt[STMT_LINE_PRUNE];

	sqlite3_bind_int64(s, 1, seen);
	sqlite3_bind_int64(s, 2, ended);
	journal_run(j, STMT_LINE_PRUNE);
}

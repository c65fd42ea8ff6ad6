// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "journal_db.h"

unsigned int journal_session_get(struct journal *j, const uint8_t *uuid)
{
	sqlite3_stmt *s = j->stmt[STMT_MARK_GET];
	unsigned int mark = JOURNAL_UNKNOWN;

	sqlite3_bind_blob(s, 1, uuid, KBNG_UUID_LEN, SQLITE_STATIC);
	if (sqlite3_step(s) == SQLITE_ROW)
		mark = sqlite3_column_int(s, 0);
	sqlite3_reset(s);
	return mark;
}

void journal_session_set(struct journal *j, const uint8_t *uuid,
			 enum journal_mark mark)
{
	sqlite3_stmt *s = j->stmt[STMT_MARK_SET];

	sqlite3_bind_blob(s, 1, uuid, KBNG_UUID_LEN, SQLITE_STATIC);
	sqlite3_bind_int(s, 2, mark);
	journal_run(j, STMT_MARK_SET);
}

void journal_session_forget(struct journal *j, const uint8_t *uuid)
{
	sqlite3_bind_blob(j->stmt[STMT_MARK_FORGET], 1, uuid, KBNG_UUID_LEN,
			  SQLITE_STATIC);
	journal_run(j, STMT_MARK_FORGET);
}

/* Rows may be deleted while they are read only in another statement's turn. */
unsigned int journal_session_prune(struct journal *j,
				   bool (*keep)(const uint8_t *uuid, void *arg),
				   void *arg)
{
	sqlite3_stmt *s = j->stmt[STMT_MARK_LIST];
	uint8_t uuid[KBNG_UUID_LEN];
	unsigned int n = 0;

	while (sqlite3_step(s) == SQLITE_ROW) {
		if (sqlite3_column_bytes(s, 0) != KBNG_UUID_LEN)
			continue;
		memcpy(uuid, sqlite3_column_blob(s, 0), KBNG_UUID_LEN);
		if (keep(uuid, arg))
			continue;
		n += !(sqlite3_column_int(s, 1) & JOURNAL_STOPPED);
		journal_session_forget(j, uuid);
	}
	sqlite3_reset(s);
	return n;
}

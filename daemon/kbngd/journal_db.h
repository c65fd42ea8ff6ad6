/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The database behind the journal, for journal*.c only.
 */
#ifndef KBNGD_JOURNAL_DB_H
#define KBNGD_JOURNAL_DB_H

#include <sqlite3.h>

#include "journal.h"

/** enum journal_stmt - the statements, prepared once */
enum journal_stmt {
	STMT_BEGIN,
	STMT_COMMIT,
	STMT_ROLLBACK,
	STMT_META_GET,
	STMT_META_SET,
	STMT_APPEND,
	STMT_TRIM,
	STMT_READ,
	STMT_TAKEN,
	STMT_MARK_GET,
	STMT_MARK_SET,
	STMT_MARK_FORGET,
	STMT_MARK_LIST,
	STMT_COUNT,
};

struct journal {
	sqlite3 *db;
	sqlite3_stmt *stmt[STMT_COUNT];
	char instance[37];
	uint64_t seq;			/* of the last event */
	uint64_t seq_begin;		/* the same when the transaction began */
	uint64_t events;		/* kept */
	uint64_t events_begin;
	uint32_t max_events;
	bool failed;			/* in the transaction */
};

/*
 * Run a statement that returns no row, and make it ready for the next time.
 * -1 with the reason logged; the transaction that is open has failed then.
 */
int journal_run(struct journal *j, enum journal_stmt stmt);

#endif /* KBNGD_JOURNAL_DB_H */

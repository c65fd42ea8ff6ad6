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
	STMT_SAVE,
	STMT_RELEASE,
	STMT_UNDO,
	STMT_META_GET,
	STMT_META_SET,
	STMT_APPEND,
	STMT_TRIM,
	STMT_READ,
	STMT_TAKEN,
	STMT_RECORD_PUT,
	STMT_RECORD_FIND,
	STMT_RECORD_RENEW,
	STMT_RECORD_SUPERSEDE,
	STMT_RECORD_TRIM,
	STMT_RECORD_LIST,
	STMT_RECORD_GET,
	STMT_RECORD_TAKEN,
	STMT_RECORD_OLDEST,
	STMT_MARK_GET,
	STMT_MARK_SET,
	STMT_MARK_FORGET,
	STMT_MARK_LIST,
	STMT_LINE_SET,
	STMT_LINE_END,
	STMT_LINE_GET,
	STMT_LINE_PRUNE,
	STMT_KNOWN_SET,
	STMT_KNOWN_GET,
	STMT_KNOWN_TOUCH,
	STMT_KNOWN_FORGET,
	STMT_KNOWN_PRUNE,
	STMT_NODE_SET,
	STMT_NODE_PRUNE,
	STMT_NODE_LIST,
	STMT_COUNT,
};

/** struct journal_counts - what a transaction changes */
struct journal_counts {
	uint64_t seq;			/* of the last event */
	uint64_t events;		/* kept */
	uint64_t dropped;
	struct journal_records records;
};

struct journal {
	sqlite3 *db;
	sqlite3_stmt *stmt[STMT_COUNT];
	char instance[37];
	struct journal_counts now;
	struct journal_counts begin;	/* when the group began */
	struct journal_counts part;	/* when the transaction in it did */
	journal_group_fn group_fn;	/* NULL: there are no groups */
	void *group_arg;
	uint32_t puts;			/* of records, in the group */
	int changes;			/* SQLite's count, when it began */
	uint32_t max_events, max_records;
	int64_t last_record;		/* the highest number that was given */
	uint64_t known_pruned;		/* s since the epoch, last time */
	bool open;			/* a group is */
	bool inside;			/* a transaction of it */
	bool failed;			/* in the transaction */
	bool alone;			/* the last group was lost */
};

/*
 * Run a statement that returns no row, and make it ready for the next time.
 * -1 with the reason logged; the transaction that is open has failed then.
 */
int journal_run(struct journal *j, enum journal_stmt stmt);

/* After a failure: whether SQLite has given up the group. */
void journal_group_check(struct journal *j);

/*
 * All rows of @stmt were taken, up to the step that returned @rc: @n of them,
 * or -1 with the reason logged. It is ready for the next time.
 */
int journal_rows(struct journal *j, enum journal_stmt stmt, int rc, int n);

/* A blob as it is, and one of at most KBNG_ID_MAX octets back. */
void journal_bind_blob(sqlite3_stmt *s, int column,
		       const struct kbng_blob *blob);
void journal_column_blob(sqlite3_stmt *s, int column, struct kbng_blob *blob);

/* Count the records that are there. -1: they cannot be read. */
int journal_record_open(struct journal *j);

#endif /* KBNGD_JOURNAL_DB_H */

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "journal_db.h"
#include "lib/log.h"

int journal_read(struct journal *j, unsigned int max,
		 void (*cb)(int64_t n, const char *body, void *arg), void *arg)
{
	sqlite3_stmt *s = j->stmt[STMT_READ];
	int rc, n = 0;

	if (j->now.seq != j->begin.seq)
		journal_flush(j);
	sqlite3_bind_int64(s, 1, max);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		cb(sqlite3_column_int64(s, 0),
		   (const char *)sqlite3_column_text(s, 1), arg);
		n++;
	}
	return journal_rows(j, STMT_READ, rc, n);
}

void journal_taken(struct journal *j, int64_t n)
{
	journal_begin(j);
	sqlite3_bind_int64(j->stmt[STMT_TAKEN], 1, n);
	if (!journal_run(j, STMT_TAKEN))
		j->now.events -= sqlite3_changes(j->db);
	journal_commit(j);
}

uint64_t journal_count(const struct journal *j)
{
	return j->now.events;
}

uint64_t journal_dropped(const struct journal *j)
{
	return j->now.dropped;
}

static int journal_print_row(void *arg, int columns, char **value, char **name)
{
	(void)arg;
	(void)columns;
	(void)name;
	return puts(value[0]) == EOF;
}

int journal_print(const char *path, char *error, size_t size)
{
	sqlite3 *db;
	int rc;

	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
	if (rc == SQLITE_OK)
		sqlite3_busy_timeout(db, 5000);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "SELECT body FROM event ORDER BY n",
				  journal_print_row, NULL, NULL);
	if (rc != SQLITE_OK)
		snprintf(error, size, "journal %s: %s", path,
			 sqlite3_errmsg(db));
	sqlite3_close(db);
	return rc == SQLITE_OK ? 0 : -1;
}

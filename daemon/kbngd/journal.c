// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal_db.h"
#include "lib/log.h"

#define UUID_FILE	"/proc/sys/kernel/random/uuid"
#define BOOT_FILE	"/proc/sys/kernel/random/boot_id"
#define UUID_TEXT	36

static const char schema[] =
	"PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = NORMAL;"
	"PRAGMA busy_timeout = 5000;"
	"CREATE TABLE IF NOT EXISTS meta ("
	" key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS event ("
	" n INTEGER PRIMARY KEY, body TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS session ("
	" uuid BLOB PRIMARY KEY, mark INTEGER NOT NULL) WITHOUT ROWID;";

static const char *const statements[STMT_COUNT] = {
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",
	[STMT_META_GET] = "SELECT value FROM meta WHERE key = ?",
	[STMT_META_SET] = "INSERT INTO meta VALUES (?1, ?2)"
			  " ON CONFLICT (key) DO UPDATE SET value = ?2",
	[STMT_APPEND] = "INSERT INTO event (body) VALUES (?)",
	[STMT_TRIM] = "DELETE FROM event WHERE n IN"
		      " (SELECT n FROM event ORDER BY n LIMIT ?)",
	[STMT_READ] = "SELECT n, body FROM event ORDER BY n LIMIT ?",
	[STMT_TAKEN] = "DELETE FROM event WHERE n <= ?",
	[STMT_MARK_GET] = "SELECT mark FROM session WHERE uuid = ?",
	[STMT_MARK_SET] = "INSERT INTO session VALUES (?1, ?2)"
			  " ON CONFLICT (uuid) DO UPDATE SET mark = ?2",
	[STMT_MARK_FORGET] = "DELETE FROM session WHERE uuid = ?",
	[STMT_MARK_LIST] = "SELECT uuid FROM session",
};

int journal_run(struct journal *j, enum journal_stmt stmt)
{
	int rc = sqlite3_step(j->stmt[stmt]);

	sqlite3_reset(j->stmt[stmt]);
	if (rc == SQLITE_DONE)
		return 0;
	kbng_error("journal error=\"%s\" statement=\"%s\"",
		   sqlite3_errmsg(j->db), statements[stmt]);
	j->failed = true;
	return -1;
}

static void journal_meta_get(struct journal *j, const char *key, char *value,
			     size_t size)
{
	sqlite3_stmt *s = j->stmt[STMT_META_GET];

	value[0] = '\0';
	sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
	if (sqlite3_step(s) == SQLITE_ROW)
		snprintf(value, size, "%s", sqlite3_column_text(s, 0));
	sqlite3_reset(s);
}

static int journal_meta_set(struct journal *j, const char *key,
			    const char *value)
{
	sqlite3_stmt *s = j->stmt[STMT_META_SET];

	sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, value, -1, SQLITE_TRANSIENT);
	return journal_run(j, STMT_META_SET);
}

static int journal_uuid(const char *path, char *uuid)
{
	ssize_t n = -1;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, uuid, UUID_TEXT);
		close(fd);
	}
	uuid[n > 0 ? n : 0] = '\0';
	return n == UUID_TEXT ? 0 : -1;
}

/* Go on with the instance of this boot, or begin a new one. */
static int journal_open_instance(struct journal *j)
{
	char boot[UUID_TEXT + 1], old[UUID_TEXT + 1], seq[24];

	if (journal_uuid(BOOT_FILE, boot))
		return -1;
	journal_meta_get(j, "boot", old, sizeof(old));
	journal_meta_get(j, "instance", j->instance, sizeof(j->instance));
	journal_meta_get(j, "seq", seq, sizeof(seq));
	j->seq = strtoull(seq, NULL, 10);
	if (j->instance[0] && !strcmp(boot, old))
		return 0;
	if (journal_uuid(UUID_FILE, j->instance))
		return -1;
	journal_begin(j);
	j->seq = 0;
	journal_meta_set(j, "boot", boot);
	journal_meta_set(j, "instance", j->instance);
	journal_meta_set(j, "seq", "0");
	return journal_commit(j);
}

static int journal_prepare(struct journal *j)
{
	sqlite3_stmt *count;
	int i;

	for (i = 0; i < STMT_COUNT; i++)
		if (sqlite3_prepare_v3(j->db, statements[i], -1,
				       SQLITE_PREPARE_PERSISTENT, &j->stmt[i],
				       NULL) != SQLITE_OK)
			return -1;
	if (sqlite3_prepare_v2(j->db, "SELECT count(*) FROM event", -1, &count,
			       NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(count) == SQLITE_ROW)
		j->events = sqlite3_column_int64(count, 0);
	sqlite3_finalize(count);
	return 0;
}

static void journal_make_directory(const char *path)
{
	char dir[4096];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash && slash != dir) {
		*slash = '\0';
		mkdir(dir, 0750);	/* opening the file says what is wrong */
	}
}

int journal_open(const char *path, uint32_t max_events,
		 struct journal **journal, char *error, size_t size)
{
	struct journal *j = calloc(1, sizeof(*j));
	mode_t mask;
	int rc;

	*journal = j;
	if (!j) {
		snprintf(error, size, "out of memory");
		return -1;
	}
	j->max_events = max_events;
	journal_make_directory(path);
	mask = umask(0077);
	rc = sqlite3_open(path, &j->db);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(j->db, schema, NULL, NULL, NULL);
	umask(mask);
	if (rc != SQLITE_OK || journal_prepare(j)) {
		snprintf(error, size, "journal %s: %s: make its directory writable, or set journal.path",
			 path, sqlite3_errmsg(j->db));
		return -1;
	}
	if (journal_open_instance(j)) {
		snprintf(error, size, "journal %s: cannot begin an instance: is /proc mounted?",
			 path);
		return -1;
	}
	return 0;
}

void journal_close(struct journal *j)
{
	int i;

	if (!j)
		return;
	for (i = 0; i < STMT_COUNT; i++)
		sqlite3_finalize(j->stmt[i]);
	sqlite3_close(j->db);
	free(j);
}

const char *journal_instance(const struct journal *j)
{
	return j->instance;
}

uint64_t journal_next_seq(const struct journal *j)
{
	return j->seq + 1;
}

void journal_begin(struct journal *j)
{
	j->failed = false;
	j->seq_begin = j->seq;
	j->events_begin = j->events;
	journal_run(j, STMT_BEGIN);
}

int journal_commit(struct journal *j)
{
	if (!j->failed)
		journal_run(j, STMT_COMMIT);
	if (!j->failed)
		return 0;
	if (!sqlite3_get_autocommit(j->db))
		journal_run(j, STMT_ROLLBACK);
	j->seq = j->seq_begin;
	j->events = j->events_begin;
	return -1;
}

/* A hundredth at a time, so that a full journal is not trimmed each time. */
static void journal_trim(struct journal *j)
{
	uint32_t n = j->max_events / 100 + 1;

	sqlite3_bind_int64(j->stmt[STMT_TRIM], 1, n);
	if (journal_run(j, STMT_TRIM))
		return;
	j->events -= sqlite3_changes(j->db);
	kbng_warning("journal is full: oldest events dropped count=%d kept=%" PRIu64,
		     sqlite3_changes(j->db), j->events);
}

void journal_append(struct journal *j, const char *body)
{
	char seq[24];

	snprintf(seq, sizeof(seq), "%" PRIu64, ++j->seq);
	j->events++;
	sqlite3_bind_text(j->stmt[STMT_APPEND], 1, body, -1, SQLITE_STATIC);
	if (journal_run(j, STMT_APPEND) || journal_meta_set(j, "seq", seq))
		return;
	if (j->events > j->max_events)
		journal_trim(j);
}

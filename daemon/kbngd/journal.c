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
	"PRAGMA secure_delete = FAST;"	/* or pages that are free are written */
	"CREATE TABLE IF NOT EXISTS meta ("
	" key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS event ("
	" n INTEGER PRIMARY KEY, body TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS record ("
	" n INTEGER PRIMARY KEY, uuid BLOB NOT NULL, status INTEGER NOT NULL,"
	" event INTEGER NOT NULL, octets BLOB NOT NULL);"
	"CREATE INDEX IF NOT EXISTS record_session ON record (uuid, status);"
	"CREATE TABLE IF NOT EXISTS session ("
	" uuid BLOB PRIMARY KEY, mark INTEGER NOT NULL) WITHOUT ROWID;"
	"DROP TABLE IF EXISTS line;"	/* had no tags and no node */
	"CREATE TABLE IF NOT EXISTS place ("
	" mac BLOB, ifname TEXT, vlan INTEGER, inner_vlan INTEGER,"
	" vlan_protocol INTEGER, node INTEGER, hop BLOB NOT NULL,"
	" circuit BLOB, remote BLOB,"
	" seen INTEGER NOT NULL, ended INTEGER NOT NULL,"
	" PRIMARY KEY (mac, ifname, vlan, inner_vlan, vlan_protocol, node)"
	") WITHOUT ROWID;"
	"DROP TABLE IF EXISTS known;"	/* had no terms */
	"DROP TABLE IF EXISTS accepted;"	/* did not know who is isolated */
	"DROP TABLE IF EXISTS granted;"	/* had no IPv6 pools, DNS servers, routes */
	"CREATE TABLE IF NOT EXISTS grants ("
	" user TEXT PRIMARY KEY, seen INTEGER NOT NULL, policy TEXT NOT NULL,"
	" rate_up INTEGER NOT NULL, rate_down INTEGER NOT NULL,"
	" burst_up INTEGER NOT NULL, burst_down INTEGER NOT NULL,"
	" shaper TEXT NOT NULL, overhead INTEGER NOT NULL,"
	" min_unit INTEGER NOT NULL, username BLOB NOT NULL,"
	" interim INTEGER NOT NULL, idle INTEGER NOT NULL,"
	" prefixes TEXT NOT NULL, framed INTEGER NOT NULL,"
	" attrs BLOB, isolated INTEGER NOT NULL, radius6 BLOB) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS node ("
	" name TEXT PRIMARY KEY, ifname TEXT NOT NULL, addr INTEGER NOT NULL,"
	" remote BLOB, relay BLOB, seen INTEGER NOT NULL,"
	" alive INTEGER NOT NULL) WITHOUT ROWID;";

static const char *const statements[STMT_COUNT] = {
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",
	[STMT_SAVE] = "SAVEPOINT part",
	[STMT_RELEASE] = "RELEASE part",
	[STMT_UNDO] = "ROLLBACK TO part",
	[STMT_META_GET] = "SELECT value FROM meta WHERE key = ?",
	[STMT_META_SET] = "INSERT INTO meta VALUES (?1, ?2)"
			  " ON CONFLICT (key) DO UPDATE SET value = ?2",
	[STMT_APPEND] = "INSERT INTO event (body) VALUES (?)",
	[STMT_TRIM] = "DELETE FROM event WHERE n IN"
		      " (SELECT n FROM event ORDER BY n LIMIT ?)",
	[STMT_READ] = "SELECT n, body FROM event ORDER BY n LIMIT ?",
	[STMT_TAKEN] = "DELETE FROM event WHERE n <= ?",
	[STMT_RECORD_PUT] = "INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5)",
	[STMT_RECORD_FIND] = "SELECT n FROM record"
			     " WHERE uuid = ?1 AND status = ?2 AND n <> ?3",
	[STMT_RECORD_RENEW] = "UPDATE record SET event = ?2, octets = ?3"
			      " WHERE n = ?1",
	[STMT_RECORD_SUPERSEDE] = "DELETE FROM record"
				  " WHERE uuid = ?1 AND status = ?2 AND n <> ?3",
	[STMT_RECORD_TRIM] = "DELETE FROM record WHERE n IN (SELECT n FROM"
			     " record WHERE status = ?1 ORDER BY n LIMIT ?2)",
	[STMT_RECORD_LIST] = "SELECT n, uuid, status FROM record WHERE n > ?1"
			     " ORDER BY n LIMIT ?2",
	[STMT_RECORD_GET] = "SELECT uuid, status, event, octets FROM record"
			    " WHERE n = ?",
	[STMT_RECORD_TAKEN] = "DELETE FROM record WHERE n = ?",
	[STMT_RECORD_OLDEST] = "SELECT event FROM record ORDER BY n LIMIT 1",
	[STMT_MARK_GET] = "SELECT mark FROM session WHERE uuid = ?",
	[STMT_MARK_SET] = "INSERT INTO session VALUES (?1, ?2)"
			  " ON CONFLICT (uuid) DO UPDATE SET mark = mark | ?2",
	[STMT_MARK_FORGET] = "DELETE FROM session WHERE uuid = ?",
	[STMT_MARK_LIST] = "SELECT uuid, mark FROM session",
	[STMT_LINE_SET] = "INSERT OR REPLACE INTO place VALUES (?1, ?2, ?3, ?4,"
			  " ?5, ?6, ?7, ?8, ?9, ?10, 0)",
	[STMT_LINE_END] = "UPDATE place SET ended = ?7 WHERE mac = ?1 AND"
			  " ifname = ?2 AND vlan = ?3 AND inner_vlan = ?4 AND"
			  " vlan_protocol = ?5 AND node = ?6",
	[STMT_LINE_GET] = "SELECT ifname, vlan, inner_vlan, vlan_protocol,"
			  " node, hop, ended FROM place WHERE mac = ?1 AND"
			  " circuit IS ?2 AND remote IS ?3"
			  " ORDER BY seen DESC LIMIT 1",
	[STMT_KNOWN_SET] = "INSERT OR REPLACE INTO grants VALUES (?1, ?2, ?3,"
			   " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
			   " ?15, ?16, ?17, ?18)",
	[STMT_KNOWN_GET] = "SELECT policy, rate_up, rate_down, burst_up,"
			   " burst_down, shaper, overhead, min_unit, username,"
			   " interim, idle, prefixes, framed, attrs,"
			   " isolated, radius6 FROM grants"
			   " WHERE user = ?1 AND seen >= ?2",
	[STMT_KNOWN_TOUCH] = "UPDATE grants SET seen = ?2 WHERE user = ?1",
	[STMT_KNOWN_FORGET] = "DELETE FROM grants WHERE user = ?1",
	[STMT_KNOWN_PRUNE] = "DELETE FROM grants WHERE seen < ?1",
	[STMT_NODE_SET] = "INSERT OR REPLACE INTO node"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[STMT_NODE_PRUNE] = "DELETE FROM node WHERE seen AND seen < ?1",
	[STMT_NODE_LIST] = "SELECT name, ifname, addr, remote, relay, seen,"
			   " alive FROM node ORDER BY name",
	[STMT_LINE_PRUNE] = "DELETE FROM place WHERE seen < ?1 OR"
			    " (ended AND ended < ?2)",
};

int journal_run(struct journal *j, enum journal_stmt stmt)
{
	int rc;

	if (j->inside && j->failed)
		return -1;		/* nothing of it is kept */
	rc = sqlite3_step(j->stmt[stmt]);
	sqlite3_reset(j->stmt[stmt]);
	if (rc == SQLITE_DONE)
		return 0;
	kbng_error("journal error=\"%s\" statement=\"%s\"",
		   sqlite3_errmsg(j->db), statements[stmt]);
	j->failed = true;
	journal_group_check(j);
	return -1;
}

int journal_rows(struct journal *j, enum journal_stmt stmt, int rc, int n)
{
	sqlite3_reset(j->stmt[stmt]);
	if (rc == SQLITE_DONE)
		return n;
	kbng_error("journal cannot be read error=\"%s\"",
		   sqlite3_errmsg(j->db));
	return -1;
}

void journal_bind_blob(sqlite3_stmt *s, int column,
		       const struct kbng_blob *blob)
{
	sqlite3_bind_blob(s, column, blob->data, blob->len, SQLITE_STATIC);
}

void journal_column_blob(sqlite3_stmt *s, int column, struct kbng_blob *blob)
{
	int len = sqlite3_column_bytes(s, column);

	blob->len = len < KBNG_ID_MAX ? len : KBNG_ID_MAX;
	if (blob->len)
		memcpy(blob->data, sqlite3_column_blob(s, column), blob->len);
}

void journal_note_get(struct journal *j, const char *key, char *value,
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
	journal_note_get(j, "boot", old, sizeof(old));
	journal_note_get(j, "instance", j->instance, sizeof(j->instance));
	journal_note_get(j, "dropped", seq, sizeof(seq));
	j->now.dropped = strtoull(seq, NULL, 10);
	journal_note_get(j, "seq", seq, sizeof(seq));
	j->now.seq = strtoull(seq, NULL, 10);
	if (j->instance[0] && !strcmp(boot, old))
		return 0;
	if (journal_uuid(UUID_FILE, j->instance))
		return -1;
	journal_begin(j);
	j->now.seq = 0;
	journal_meta_set(j, "boot", boot);
	journal_meta_set(j, "instance", j->instance);
	journal_meta_set(j, "seq", "0");
	return journal_commit(j);
}

/* Events leave at the one end and come at the other, so their rows have no gap. */
static const char count_events[] =
	"SELECT (SELECT max(n) FROM event) - (SELECT min(n) FROM event) + 1";

static int journal_prepare(struct journal *j)
{
	sqlite3_stmt *count;
	int i;

	for (i = 0; i < STMT_COUNT; i++)
		if (sqlite3_prepare_v3(j->db, statements[i], -1,
				       SQLITE_PREPARE_PERSISTENT, &j->stmt[i],
				       NULL) != SQLITE_OK)
			return -1;
	if (sqlite3_prepare_v2(j->db, count_events, -1, &count, NULL) !=
	    SQLITE_OK)
		return -1;
	if (sqlite3_step(count) == SQLITE_ROW)
		j->now.events = sqlite3_column_int64(count, 0);
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

int journal_open(const char *path, uint32_t max_events, uint32_t max_records,
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
	j->max_records = max_records;
	journal_make_directory(path);
	mask = umask(0077);
	rc = sqlite3_open(path, &j->db);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(j->db, schema, NULL, NULL, NULL);
	umask(mask);
	if (rc != SQLITE_OK || journal_prepare(j) || journal_record_open(j)) {
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
	journal_group(j, NULL, NULL);
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
	return j->now.seq + 1;
}

void journal_note_set(struct journal *j, const char *key, const char *value)
{
	journal_meta_set(j, key, value);
}

/* A hundredth at a time, so that a full journal is not trimmed each time. */
static void journal_trim(struct journal *j)
{
	uint32_t n = j->max_events / 100 + 1;
	char dropped[24];

	sqlite3_bind_int64(j->stmt[STMT_TRIM], 1, n);
	if (journal_run(j, STMT_TRIM))
		return;
	n = sqlite3_changes(j->db);
	j->now.events -= n;
	j->now.dropped += n;
	snprintf(dropped, sizeof(dropped), "%" PRIu64, j->now.dropped);
	journal_meta_set(j, "dropped", dropped);
	kbng_warning("journal is full: oldest events dropped count=%u kept=%" PRIu64,
		     n, j->now.events);
}

void journal_append(struct journal *j, const char *body)
{
	char seq[24];

	snprintf(seq, sizeof(seq), "%" PRIu64, ++j->now.seq);
	j->now.events++;
	sqlite3_bind_text(j->stmt[STMT_APPEND], 1, body, -1, SQLITE_STATIC);
	if (journal_run(j, STMT_APPEND) || journal_meta_set(j, "seq", seq))
		return;
	if (j->now.events > j->max_events)
		journal_trim(j);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "journal_db.h"
#include "lib/log.h"

static void journal_record_count(struct journal *j, uint8_t status, int64_t by)
{
	j->now.records.waiting[status] += by;
	j->now.records.total += by;
}

/* Say so when it fills, and when it has room again. */
static void journal_record_alarm(struct journal *j)
{
	struct journal_records *r = &j->now.records;
	uint64_t max = j->max_records;

	if (r->total >= max && !r->full)
		kbng_error("as many accounting records wait as may: Interim-Updates are dropped, then Starts and Stops wait in the kernel waiting=%" PRIu64,
			   r->total);
	else if (r->total >= max / 2 && !r->filling)
		kbng_warning("half as many accounting records wait as may: does a server answer? waiting=%" PRIu64 " max=%" PRIu64,
			     r->total, max);
	else if (r->total < max / 4 && r->filling)
		kbng_notice("the journal has room for accounting records again");
	r->full = r->total >= max || (r->full && r->total >= max / 10 * 9);
	r->filling = r->total >= max / 2 || (r->filling && r->total >= max / 4);
}

int journal_record_open(struct journal *j)
{
	sqlite3_stmt *s;
	int rc, status;

	if (sqlite3_prepare_v2(j->db, "SELECT status, count(*), max(n)"
			       " FROM record GROUP BY status", -1, &s,
			       NULL) != SQLITE_OK)
		return -1;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		status = sqlite3_column_int(s, 0);
		if (status <= 0 || status >= JOURNAL_STATUSES)
			continue;
		journal_record_count(j, status, sqlite3_column_int64(s, 1));
		if (sqlite3_column_int64(s, 2) > j->last_record)
			j->last_record = sqlite3_column_int64(s, 2);
	}
	sqlite3_finalize(s);
	journal_record_alarm(j);
	return rc == SQLITE_DONE ? 0 : -1;
}

static sqlite3_stmt *journal_record_interims(struct journal *j,
					     enum journal_stmt stmt,
					     const uint8_t *uuid,
					     int64_t under_way)
{
	sqlite3_stmt *s = j->stmt[stmt];

	sqlite3_bind_blob(s, 1, uuid, KBNG_UUID_LEN, SQLITE_STATIC);
	sqlite3_bind_int(s, 2, JOURNAL_INTERIM);
	sqlite3_bind_int64(s, 3, under_way);
	return s;
}

/* Put @record in the place of the Interim that waits. False if none does. */
static bool journal_record_renew(struct journal *j,
				 const struct journal_record *record,
				 int64_t under_way)
{
	sqlite3_stmt *s = journal_record_interims(j, STMT_RECORD_FIND,
						  record->key.uuid, under_way);
	int64_t n = 0;

	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	if (!n)
		return false;
	s = j->stmt[STMT_RECORD_RENEW];
	sqlite3_bind_int64(s, 1, n);
	sqlite3_bind_int64(s, 2, record->event);
	sqlite3_bind_blob(s, 3, record->octets, record->len, SQLITE_STATIC);
	if (!journal_run(j, STMT_RECORD_RENEW))
		j->now.records.superseded++;
	return true;
}

/* A Stop says all that an Interim would. */
static void journal_record_supersede(struct journal *j, const uint8_t *uuid,
				     int64_t under_way)
{
	int n;

	journal_record_interims(j, STMT_RECORD_SUPERSEDE, uuid, under_way);
	if (journal_run(j, STMT_RECORD_SUPERSEDE))
		return;
	n = sqlite3_changes(j->db);
	journal_record_count(j, JOURNAL_INTERIM, -n);
	j->now.records.superseded += n;
}

/* A hundredth at a time, so that a full journal is not trimmed each time. */
static int journal_record_trim(struct journal *j)
{
	sqlite3_stmt *s = j->stmt[STMT_RECORD_TRIM];
	int n;

	sqlite3_bind_int(s, 1, JOURNAL_INTERIM);
	sqlite3_bind_int64(s, 2, j->max_records / 100 + 1);
	if (journal_run(j, STMT_RECORD_TRIM))
		return 0;
	n = sqlite3_changes(j->db);
	journal_record_count(j, JOURNAL_INTERIM, -n);
	j->now.records.dropped += n;
	return n;
}

static bool journal_record_fits(struct journal *j, uint8_t status)
{
	if (j->now.records.total < j->max_records || status >= JOURNAL_ON ||
	    journal_record_trim(j))
		return true;
	j->now.records.refused++;
	j->failed = true;
	return false;
}

int journal_record_put(struct journal *j, const struct journal_record *record,
		       int64_t under_way)
{
	const struct journal_key *key = &record->key;
	sqlite3_stmt *s = j->stmt[STMT_RECORD_PUT];

	j->puts++;
	if (key->status == JOURNAL_INTERIM) {
		if (journal_record_renew(j, record, under_way))
			return 0;
		if (j->now.records.total >= j->max_records) {
			j->now.records.dropped++;
			return 0;
		}
	}
	if (key->status == JOURNAL_STOP)
		journal_record_supersede(j, key->uuid, under_way);
	if (!journal_record_fits(j, key->status))
		return -1;
	sqlite3_bind_int64(s, 1, ++j->last_record);
	sqlite3_bind_blob(s, 2, key->uuid, KBNG_UUID_LEN, SQLITE_STATIC);
	sqlite3_bind_int(s, 3, key->status);
	sqlite3_bind_int64(s, 4, record->event);
	sqlite3_bind_blob(s, 5, record->octets, record->len, SQLITE_STATIC);
	if (journal_run(j, STMT_RECORD_PUT))
		return -1;
	journal_record_count(j, key->status, 1);
	journal_record_alarm(j);
	return 0;
}

/* What is read is kept before. */
static void journal_record_keep(struct journal *j)
{
	if (j->puts)
		journal_flush(j);
}

void journal_record_begin(struct journal *j)
{
	journal_record_keep(j);
	journal_begin(j);
}

/* The UUID in column @column; zeros if it is none. */
static void journal_record_uuid(sqlite3_stmt *s, int column, uint8_t *uuid)
{
	memset(uuid, 0, KBNG_UUID_LEN);
	if (sqlite3_column_bytes(s, column) == KBNG_UUID_LEN)
		memcpy(uuid, sqlite3_column_blob(s, column), KBNG_UUID_LEN);
}

int journal_record_list(struct journal *j, int64_t after,
			struct journal_key *keys, int max)
{
	sqlite3_stmt *s = j->stmt[STMT_RECORD_LIST];
	int rc, n = 0;

	journal_record_keep(j);
	sqlite3_bind_int64(s, 1, after);
	sqlite3_bind_int(s, 2, max);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		keys[n].n = sqlite3_column_int64(s, 0);
		journal_record_uuid(s, 1, keys[n].uuid);
		keys[n].status = sqlite3_column_int(s, 2);
		n++;
	}
	return journal_rows(j, STMT_RECORD_LIST, rc, n);
}

bool journal_record_get(struct journal *j, int64_t n,
			struct journal_record *record)
{
	sqlite3_stmt *s = j->stmt[STMT_RECORD_GET];
	bool found;

	journal_record_keep(j);
	sqlite3_bind_int64(s, 1, n);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found) {
		record->key.n = n;
		journal_record_uuid(s, 0, record->key.uuid);
		record->key.status = sqlite3_column_int(s, 1);
		record->event = sqlite3_column_int64(s, 2);
		record->len = sqlite3_column_bytes(s, 3);
		if (record->len > sizeof(record->octets))
			record->len = 0;
		if (record->len)
			memcpy(record->octets, sqlite3_column_blob(s, 3),
			       record->len);
	}
	sqlite3_reset(s);
	return found;
}

void journal_record_taken(struct journal *j, const struct journal_key *key)
{
	sqlite3_bind_int64(j->stmt[STMT_RECORD_TAKEN], 1, key->n);
	if (journal_run(j, STMT_RECORD_TAKEN))
		return;
	journal_record_count(j, key->status, -sqlite3_changes(j->db));
	journal_record_alarm(j);
}

const struct journal_records *journal_records(const struct journal *j)
{
	return &j->now.records;
}

uint64_t journal_record_oldest(struct journal *j)
{
	sqlite3_stmt *s = j->stmt[STMT_RECORD_OLDEST];
	uint64_t event = 0;

	if (sqlite3_step(s) == SQLITE_ROW)
		event = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return event;
}

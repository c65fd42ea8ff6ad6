// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Transactions, and groups of them. To SQLite a group is the transaction, and
 * what is one to the daemon is a savepoint in it: it fails by itself, but is
 * kept with all the others. That saves most of what a transaction costs, locks
 * and pages that the next one writes again.
 */
#include "journal_db.h"

static void journal_group_tell(struct journal *j, enum journal_fate fate)
{
	if (j->group_fn)
		j->group_fn(fate, j->group_arg);
}

/* Back to what it was, but for what was refused: that it was, all the same. */
static void journal_group_back(struct journal *j,
			       const struct journal_counts *then)
{
	uint64_t refused = j->now.records.refused;

	j->now = *then;
	j->now.records.refused = refused;
}

static void journal_group_lose(struct journal *j)
{
	journal_group_back(j, &j->begin);
	j->part = j->begin;
	j->open = false;
	j->alone = true;
	journal_group_tell(j, JOURNAL_LOST);
}

void journal_group_check(struct journal *j)
{
	if (j->open && sqlite3_get_autocommit(j->db))
		journal_group_lose(j);
}

void journal_group(struct journal *j, journal_group_fn fn, void *arg)
{
	journal_flush(j);
	j->group_fn = fn;
	j->group_arg = arg;
}

void journal_begin(struct journal *j)
{
	j->failed = false;
	if (!j->open) {
		j->begin = j->now;
		j->puts = 0;
		j->changes = sqlite3_total_changes(j->db);
		j->open = !journal_run(j, STMT_BEGIN);
	}
	j->part = j->now;
	if (j->open)
		journal_run(j, STMT_SAVE);
	j->inside = true;
}

/* Nothing of the transaction is kept, the others of its group are. */
static void journal_group_undo(struct journal *j)
{
	if (j->open &&
	    (journal_run(j, STMT_UNDO) || journal_run(j, STMT_RELEASE)) &&
	    j->open) {
		journal_run(j, STMT_ROLLBACK);
		journal_group_check(j);
	}
	journal_group_back(j, &j->part);
}

int journal_commit(struct journal *j)
{
	bool alone = j->alone || !j->group_fn;

	j->inside = false;
	if (!j->failed)
		journal_run(j, STMT_RELEASE);
	if (j->failed) {
		journal_group_undo(j);
		if (alone)
			journal_flush(j);
		j->alone = alone;	/* what was undone says nothing */
		return -1;
	}
	if (alone)
		return journal_flush(j);
	journal_group_tell(j, JOURNAL_HELD);
	return 0;
}

bool journal_holds(const struct journal *j)
{
	return j->open;
}

int journal_flush(struct journal *j)
{
	if (!j->open || j->inside)
		return 0;
	if (journal_run(j, STMT_COMMIT)) {
		if (j->open) {
			journal_run(j, STMT_ROLLBACK);
			journal_group_check(j);
		}
		return -1;
	}
	j->open = false;
	if (sqlite3_total_changes(j->db) != j->changes)
		j->alone = false;	/* an empty group says nothing */
	journal_group_tell(j, JOURNAL_KEPT);
	return 0;
}

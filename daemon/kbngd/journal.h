/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: an SQLite database with the events that nobody has taken yet,
 * their numbering, and which sessions have been announced in them.
 *
 * Each change is a transaction in the write-ahead log: it survives the
 * daemon's death at any moment. It is not forced to the disk each time; what a
 * power failure may take are the last moments of a machine whose sessions end
 * with it. For events that would mean numbers given twice, so the journal has
 * an instance, a UUID that is new with each boot of the machine, and events
 * are numbered from 1 within it.
 */
#ifndef KBNGD_JOURNAL_H
#define KBNGD_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/kbng.h>

struct journal;

/*
 * Open @path, and make it and its directory if need be. It keeps @max_events;
 * beyond that the oldest are dropped, with a warning. Returns 0, or -1 and why
 * in @error, of @size octets.
 */
int journal_open(const char *path, uint32_t max_events,
		 struct journal **journal, char *error, size_t size);
void journal_close(struct journal *journal);

/* The instance as text, valid as long as the journal is open. */
const char *journal_instance(const struct journal *journal);

/* The number that the next event is going to have. */
uint64_t journal_next_seq(const struct journal *journal);

/*
 * Make what follows one transaction, up to journal_commit(). Both log what
 * goes wrong; journal_commit() returns -1 if nothing of it was kept.
 */
void journal_begin(struct journal *journal);
int journal_commit(struct journal *journal);

/* Append event journal_next_seq() with the text @body. Between the two. */
void journal_append(struct journal *journal, const char *body);

/* === Reading events: journal_read.c === */

/*
 * Call @cb for the oldest @max events, oldest first. Returns how many there
 * were, or -1 with the reason logged.
 */
int journal_read(struct journal *journal, unsigned int max,
		 void (*cb)(int64_t n, const char *body, void *arg), void *arg);

/* Events up to number @n of journal_read() were taken: forget them. */
void journal_taken(struct journal *journal, int64_t n);

/* How many events there are. */
uint64_t journal_count(const struct journal *journal);

/*
 * Write the events of the journal at @path to standard output, one a line;
 * the daemon may be running. Returns 0, or -1 and why in @error.
 */
int journal_print(const char *path, char *error, size_t size);

/* === Announced sessions: journal_session.c === */

/** enum journal_mark - what the journal says of a session */
enum journal_mark {
	JOURNAL_UNKNOWN,		/* nothing was announced */
	JOURNAL_STARTED,		/* SESSION_START was appended */
	JOURNAL_STOPPED,		/* SESSION_STOP too */
};

enum journal_mark journal_session_get(struct journal *journal,
				      const uint8_t *uuid);
/* Belongs to the transaction that is open, if one is. */
void journal_session_set(struct journal *journal, const uint8_t *uuid,
			 enum journal_mark mark);
void journal_session_forget(struct journal *journal, const uint8_t *uuid);

/*
 * Forget the sessions for which @keep returns false. Returns how many.
 */
unsigned int journal_session_prune(struct journal *journal,
				   bool (*keep)(const uint8_t *uuid, void *arg),
				   void *arg);

#endif /* KBNGD_JOURNAL_H */

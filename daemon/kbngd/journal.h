/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: an SQLite database with the events and accounting records that
 * nobody has taken yet, the events' numbering, and which sessions have been
 * announced in them.
 *
 * Each change is a transaction in the write-ahead log, or one of a group that
 * is: once it is kept it survives the daemon's death at any moment. It is not forced to the disk each time; what a
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

#include "lib/cookie.h"
#include "lib/model.h"

struct journal;

/*
 * Open @path, and make it and its directory if need be. It keeps @max_events;
 * beyond that the oldest are dropped, with a warning. What comes of more than
 * @max_records is at journal_record_put(). Returns 0, or -1 and why in @error,
 * of @size octets.
 */
int journal_open(const char *path, uint32_t max_events, uint32_t max_records,
		 struct journal **journal, char *error, size_t size);
void journal_close(struct journal *journal);

/* The instance as text, valid as long as the journal is open. */
const char *journal_instance(const struct journal *journal);

/*
 * A line of text under the name @key, kept over boots: "" if there is none.
 * Errors are logged.
 */
void journal_note_get(struct journal *journal, const char *key, char *value,
		      size_t size);
void journal_note_set(struct journal *journal, const char *key,
		      const char *value);

/* The number that the next event is going to have. */
uint64_t journal_next_seq(const struct journal *journal);

/* === Transactions: journal_group.c === */

/*
 * Make what follows one transaction, up to journal_commit(). Both log what
 * goes wrong; journal_commit() returns -1 if nothing of it was kept.
 */
void journal_begin(struct journal *journal);
int journal_commit(struct journal *journal);

/** enum journal_fate - what becomes of a group of transactions */
enum journal_fate {
	JOURNAL_HELD,			/* one more is in it */
	JOURNAL_KEPT,			/* all of them are in the journal */
	JOURNAL_LOST,			/* none of them is: logged */
};

typedef void (*journal_group_fn)(enum journal_fate fate, void *arg);

/*
 * From here on transactions that were committed make a group, and reach the
 * journal together: with journal_flush(), and before a record or an event of
 * the group is read. What depends on them has to wait. @fn, called at any of
 * these moments, says what became of it, and it must see to it that
 * journal_flush() comes soon. After a group that was lost, and until one was
 * kept, each transaction is a group of its own, and journal_commit() tells.
 * Without @fn, as at first, that is always so.
 */
void journal_group(struct journal *journal, journal_group_fn fn, void *arg);

/* Whether something waits. */
bool journal_holds(const struct journal *journal);

/* Nothing waits after this. -1 if something did and was lost. */
int journal_flush(struct journal *journal);

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

/* How many a full journal has dropped since it was made. */
uint64_t journal_dropped(const struct journal *journal);

/*
 * Write the events of the journal at @path to standard output, one a line;
 * the daemon may be running. Returns 0, or -1 and why in @error.
 */
int journal_print(const char *path, char *error, size_t size);

/* === Accounting records: journal_record.c === */

#define JOURNAL_OCTETS	4096		/* of a record, at most */

/** enum journal_status - Acct-Status-Type, RFC 2866 5.1 */
enum journal_status {
	JOURNAL_START = 1,
	JOURNAL_STOP = 2,
	JOURNAL_INTERIM = 3,
	JOURNAL_ON = 7,
	JOURNAL_OFF = 8,
	JOURNAL_STATUSES,
};

/** struct journal_key - which record it is */
struct journal_key {
	int64_t n;			/* grows in the order of their coming */
	uint8_t uuid[KBNG_UUID_LEN];	/* of the session, or the module's */
	uint8_t status;			/* enum journal_status */
};

/** struct journal_record - a record */
struct journal_record {
	struct journal_key key;
	uint64_t event;			/* s since the epoch, when it was */
	size_t len;
	uint8_t octets[JOURNAL_OCTETS];	/* attributes as in a packet */
};

/** struct journal_records - how many records there are */
struct journal_records {
	uint64_t waiting[JOURNAL_STATUSES], total;
	uint64_t superseded;		/* Interims, by a later record */
	uint64_t dropped;		/* Interims, for want of room */
	uint64_t refused;		/* times that one found no room */
	bool filling, full;		/* half of what there may be, all */
};

/*
 * Append @record, its key.n is not used. An Interim takes the place of one of
 * its session's that waits, and a Stop ends it, but not number @under_way.
 *
 * Where there are max_records an Interim is dropped, and a Start or Stop has
 * a hundredth of the Interims dropped for it. If there are none it is refused:
 * the transaction has failed then, and -1 is returned. On and Off always fit.
 * Within a transaction.
 */
int journal_record_put(struct journal *journal,
		       const struct journal_record *record, int64_t under_way);

/*
 * The first records after number @after, @max at most, into @keys. Returns how
 * many there are, or -1 with the reason logged.
 */
int journal_record_list(struct journal *journal, int64_t after,
			struct journal_key *keys, int max);

/* Record number @n; false if it is there no more. */
bool journal_record_get(struct journal *journal, int64_t n,
			struct journal_record *record);

/* journal_begin() for many of journal_record_get(), which read what is kept. */
void journal_record_begin(struct journal *journal);

/* A server has taken it: forget it. */
void journal_record_taken(struct journal *journal,
			  const struct journal_key *key);

const struct journal_records *journal_records(const struct journal *journal);

/* When what the oldest record tells was, s since the epoch; 0: there is none. */
uint64_t journal_record_oldest(struct journal *journal);

/* === Announced sessions: journal_session.c === */

/** enum journal_mark - what the journal says of a session: flags */
enum journal_mark {
	JOURNAL_UNKNOWN = 0,		/* nothing was announced */
	JOURNAL_STARTED = 1,		/* SESSION_START was appended */
	JOURNAL_STOPPED = 2,		/* SESSION_STOP was */
	JOURNAL_ACCT_STARTED = 4,	/* the record Start was put */
	JOURNAL_ACCT_STOPPED = 8,	/* the record Stop was */
};

unsigned int journal_session_get(struct journal *journal, const uint8_t *uuid);
/* Add @mark. Belongs to the transaction that is open, if one is. */
void journal_session_set(struct journal *journal, const uint8_t *uuid,
			 enum journal_mark mark);
void journal_session_forget(struct journal *journal, const uint8_t *uuid);

/*
 * Forget the sessions for which @keep returns false. Returns how many of them
 * had no SESSION_STOP.
 */
unsigned int journal_session_prune(struct journal *journal,
				   bool (*keep)(const uint8_t *uuid, void *arg),
				   void *arg);

/* === Lines that are known to be ours, and tombstones: journal_line.c === */

/*
 * The session @s was accepted: its MAC address is on its iface, with its VLAN
 * tags or behind its access node, and has its circuit-id and remote-id. Belongs to the transaction that is open.
 */
void journal_line_set(struct journal *journal,
		      const struct kbng_session_info *s);

/* The session was ended on purpose at s->stopped, until it is accepted again. */
void journal_line_end(struct journal *journal,
		      const struct kbng_session_info *s);

/*
 * Where a client with the MAC address, circuit-id and remote-id of @s was
 * accepted last: sets s->ifname, its tags, node and hop, and *@ended to when it was ended on purpose,
 * or to 0. False if it is not known.
 */
bool journal_line_get(struct journal *journal, struct kbng_session_info *s,
		      uint64_t *ended);

/* Forget what was accepted before @seen or ended before @ended. */
void journal_line_prune(struct journal *journal, uint64_t seen, uint64_t ended);

/* === What subscribers were accepted with last: journal_known.c === */

/** struct journal_known - of a subscriber */
struct journal_known {
	struct kbng_policy policy;
	struct kbng_prefixes prefixes;	/* the static ones */
	struct kbng_terms terms;	/* none without auth: offer */
	struct kbng_radius6 radius6;
	struct cookie_value username;
	uint32_t interim, idle;		/* as in struct cookie */
};

/*
 * The subscriber who is asked for as @user was accepted with @known at @now, s
 * since the epoch. Belongs to the transaction that is open. Once an hour those
 * go who were accepted before @since.
 */
void journal_known_set(struct journal *journal, const char *user,
		       const struct journal_known *known, uint64_t now,
		       uint64_t since);
/* It goes on as it was accepted. Belongs to the transaction that is open. */
void journal_known_touch(struct journal *journal, const char *user,
			 uint64_t now);
/* False if @user was neither after @since. */
bool journal_known_get(struct journal *journal, const char *user,
		       uint64_t since, struct journal_known *known);
void journal_known_forget(struct journal *journal, const char *user);

/* === Access nodes: journal_node.c === */

#define JOURNAL_NODE_NAME	(2 * KBNG_ID_MAX + 2)

/** struct journal_node - an access node */
struct journal_node {
	char name[JOURNAL_NODE_NAME + 1];	/* what names it, as text */
	char ifname[IF_NAMESIZE];	/* "": not seen yet */
	struct in_addr addr;		/* 0: has none that is known */
	struct kbng_blob remote_id, relay_id;
	uint64_t seen;			/* s since the epoch, 0: never */
	bool alive;
};

/* Belongs to the transaction that is open. */
void journal_node_set(struct journal *journal, const struct journal_node *node);

/*
 * Call @cb for each, in the order of their names, after those were forgotten
 * that were seen before @since. -1 with the reason logged.
 */
int journal_node_list(struct journal *journal, uint64_t since,
		      void (*cb)(const struct journal_node *node, void *arg),
		      void *arg);

#endif /* KBNGD_JOURNAL_H */

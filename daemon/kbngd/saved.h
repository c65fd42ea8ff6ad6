/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file that sessions are in while the module is replaced: a line of text,
 * filled up to SAVED_HEAD octets, that says from whom and when it is, then each
 * shaper and each session as lib/nl.h packs them. It is written under another
 * name, so under its own it is whole.
 */
#ifndef KBNGD_SAVED_H
#define KBNGD_SAVED_H

#include <stdio.h>
#include <time.h>

#include "lib/nl.h"

#define SAVED_VERSION	1
#define SAVED_HEAD	128		/* octets */
#define SAVED_ERROR	256

/** struct saved_head - of the file */
struct saved_head {
	uint8_t instance[KBNG_UUID_LEN];	/* of the module */
	time_t time;			/* when forwarding ended */
	uint64_t records;		/* shapers and sessions */
};

/** struct saved_writer - a file that is written */
struct saved_writer {
	FILE *file;
	uint64_t records;
	char path[4096], temporary[4096 + 4];
};

/* The file that belongs to the journal at @journal, into @path of @size. */
void saved_path(const char *journal, char *path, size_t size);

/*
 * Begin the file @path, and take @room octets of the disk for it. All that
 * write return 0, or -1 and why in @error, of SAVED_ERROR octets; then, or
 * instead of saved_end(), saved_abort().
 */
int saved_begin(struct saved_writer *w, const char *path, size_t room,
		char *error);
int saved_shaper(struct saved_writer *w, const struct kbng_shaper_info *s,
		 char *error);
int saved_session(struct saved_writer *w, const struct kbng_session_info *s,
		  char *error);
/* It is on the disk, under its name; head->records is not used. */
int saved_end(struct saved_writer *w, const struct saved_head *head,
	      char *error);
void saved_abort(struct saved_writer *w);

/** struct saved - a file that was read, for saved_free() */
struct saved {
	struct saved_head head;
	uint8_t *octets;		/* NULL: there is none */
	size_t len;
};

/*
 * Read the file @path, and find out that all of it is understood. 0, also if
 * there is none, or -1 and why in @error.
 */
int saved_read(const char *path, struct saved *saved, char *error);

/* Call the one that it is for each shaper, then for each session. */
void saved_each(const struct saved *saved,
		void (*shaper)(const struct kbng_shaper_info *s, void *arg),
		void (*session)(struct kbng_session_info *s, void *arg),
		void *arg);
void saved_free(struct saved *saved);

#endif /* KBNGD_SAVED_H */

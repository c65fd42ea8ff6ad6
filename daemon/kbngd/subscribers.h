/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The local subscriber file: who may do what, where there is no RADIUS server.
 */
#ifndef KBNGD_SUBSCRIBERS_H
#define KBNGD_SUBSCRIBERS_H

#include <stdbool.h>

#include "lib/model.h"

#define SUBSCRIBERS_ERROR_SIZE	512

struct subscribers;

/** struct subscriber - what an entry grants */
struct subscriber {
	const char *username;			/* NULL: it has none */
	struct kbng_policy policy;
	struct kbng_prefixes prefixes;
};

/* Read the file @path. Returns 0, or -1 and one line in @error. */
int subscribers_load(const char *path, struct subscribers **subscribers,
		     char *error);
void subscribers_free(struct subscribers *subscribers);

/*
 * The first entry that fits @s decides: *@who is what it grants, nothing where
 * none fits. True, or false for a rejection, also where none fits.
 */
bool subscribers_authorise(const struct subscribers *subscribers,
			   const struct kbng_session_info *s,
			   struct subscriber *who);

#endif /* KBNGD_SUBSCRIBERS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which sessions a command is about.
 */
#ifndef KBNG_SELECT_H
#define KBNG_SELECT_H

#include "cli.h"
#include "lib/fmt.h"

/** struct selection - sessions by one name, by a filter, or all of them */
struct selection {
	struct kbng_session_filter filter;
	uint8_t uuid[KBNG_UUID_LEN];
	char prefix[KBNG_UUID_TEXT];	/* "": not by the start of a UUID */
	const char *name;		/* what was given, NULL: a filter */
	bool by_uuid;
};

/*
 * "all", a UUID or its start, an address, a MAC address, or a filter. No
 * arguments and "all" are refused unless @all. False: what is wrong was said.
 */
bool select_parse(struct selection *sel, int argc, char **argv, bool all);

/*
 * Give each session of @sel to @cb. A non-zero result of it ends the dump and
 * is returned; -ESRCH if a session was named and there is none.
 */
int select_each(struct kbng_nl *nl, const struct selection *sel,
		int (*cb)(const struct kbng_session_info *s, void *arg), void *arg);

/** struct session_list - sessions taken out of a dump, to work on after it */
struct session_list {
	struct selected {
		uint8_t uuid[KBNG_UUID_LEN];
		enum kbng_state state;
		struct kbng_policy policy;
	} *session;
	size_t count;
};

/*
 * The sessions of @sel, to be freed at .session; negative as select_each().
 * A start of a UUID must mean one session here: -ENOTUNIQ.
 */
int select_collect(struct kbng_nl *nl, const struct selection *sel,
		   struct session_list *list);

/* Close @nl and say what select_each() or select_collect() met with, if so. */
int select_close(struct kbng_nl *nl, const struct selection *sel, int rc);

#endif /* KBNG_SELECT_H */

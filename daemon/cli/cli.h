/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command is, and what every command needs.
 */
#ifndef KBNG_CLI_H
#define KBNG_CLI_H

#include <stdlib.h>

#include "lib/nl.h"
#include "output.h"
#include "words.h"

#define EXIT_USAGE	2

/** struct options - what stands before, between and behind the words */
struct options {
	enum format format;
	const char *batch;
	bool dry_run, force;
};

/** enum subject - what a command's first word may name, for completion */
enum subject {
	SUBJECT_NONE,
	SUBJECT_IFACE,		/* one that has a role */
	SUBJECT_DEVICE,		/* any interface */
	SUBJECT_SESSION,
	SUBJECT_SHAPER,
};

/**
 * struct command - a row of the table in main.c
 * @noun: first word
 * @verb: second word; NULL if the noun has no verbs
 * @run: gets what is behind noun and verb, returns the exit status
 * @args: how its arguments are written
 * @brief: one line
 * @text: more lines, or NULL
 * @words: that it takes, or NULL
 * @subject: of its first word
 */
struct command {
	const char *noun;
	const char *verb;
	int (*run)(int argc, char **argv, const struct options *opt);
	const char *args;
	const char *brief;
	const char *text;
	const struct word *words;
	enum subject subject;
};

extern const struct command commands[];		/* ends with a NULL noun */

extern const struct word session_filter_words[];
extern const struct word session_new_words[];
extern const struct word session_set_words[];
extern const struct word iface_words[];
extern const struct word shaper_words[];
extern const struct field session_fields[];

int session_list(int argc, char **argv, const struct options *opt);
int session_show(int argc, char **argv, const struct options *opt);
int session_new(int argc, char **argv, const struct options *opt);
int session_set(int argc, char **argv, const struct options *opt);
int session_clear(int argc, char **argv, const struct options *opt);
int session_forget(int argc, char **argv, const struct options *opt);
int session_trace(int argc, char **argv, const struct options *opt);
int iface_list(int argc, char **argv, const struct options *opt);
int iface_set(int argc, char **argv, const struct options *opt);
int iface_del(int argc, char **argv, const struct options *opt);
int shaper_list(int argc, char **argv, const struct options *opt);
int shaper_set(int argc, char **argv, const struct options *opt);
int shaper_del(int argc, char **argv, const struct options *opt);
int stats_show(int argc, char **argv, const struct options *opt);
int version_show(int argc, char **argv, const struct options *opt);
int daemon_status(int argc, char **argv, const struct options *opt);
int daemon_aaa(int argc, char **argv, const struct options *opt);
int daemon_events(int argc, char **argv, const struct options *opt);
int daemon_reload(int argc, char **argv, const struct options *opt);
int node_list(int argc, char **argv, const struct options *opt);
int daemon_reconcile(int argc, char **argv, const struct options *opt);
int monitor_run(int argc, char **argv, const struct options *opt);
int complete_run(int argc, char **argv, const struct options *opt);

/* One line on stderr, "kbng: " before it. They return the exit status. */
int fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A handle, or NULL when what is wrong has been said. */
struct kbng_nl *cli_open(void);
/* Close @nl; the exit status of @rc, a negative one's text said. */
int cli_close(struct kbng_nl *nl, int rc);

#endif /* KBNG_CLI_H */

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kbng - look at and steer the broadband network gateway in the kernel
 */
#include "cli.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int help_run(int argc, char **argv, const struct options *opt);

const struct command commands[] = {
	{ "session", "list", session_list, "[FILTER]...",
	  "list sessions",
	  "Without a filter, all. All words of a filter must match.",
	  session_filter_words, SUBJECT_NONE },
	{ "session", "show", session_show, "UUID|ADDRESS|MAC | FILTER...",
	  "show all about sessions",
	  "The first digits of a UUID are enough.",
	  session_filter_words, SUBJECT_SESSION },
	{ "session", "new", session_new, "WORD VALUE... | --batch FILE",
	  "create a session without DHCP",
	  "Prints its UUID. A batch holds one session a line in the same words;\n"
	  "# begins a comment, double quotes hold blanks together, - is stdin.",
	  session_new_words, SUBJECT_NONE },
	{ "session", "set", session_set, "UUID|ADDRESS|MAC WORD VALUE...",
	  "change state or policy of a live session",
	  "What is not given stays as it is.",
	  session_set_words, SUBJECT_SESSION },
	{ "session", "clear", session_clear, "UUID|ADDRESS|MAC | FILTER... | all",
	  "end sessions (Admin-Reset)",
	  "They stay as stopped until kbngd has taken their counters.",
	  session_filter_words, SUBJECT_SESSION },
	{ "session", "forget", session_forget, "UUID|ADDRESS|MAC | FILTER... | all",
	  "drop stopped sessions and their counters",
	  "For boxes without kbngd, which does this itself: what is forgotten\n"
	  "before it was accounted for is lost.",
	  session_filter_words, SUBJECT_SESSION },
	{ "session", "trace", session_trace, "[UUID|ADDRESS|MAC [TIME]]",
	  "let kbngd log all that it does for a subscriber",
	  "For 10 minutes, or TIME, also if its log level is low; 0 ends it. Without\n"
	  "arguments it lists who is traced. Read it with: journalctl -u kbngd -g trace",
	  NULL, SUBJECT_SESSION },
	{ "iface", "list", iface_list, "",
	  "list interfaces that have a role", NULL, NULL, SUBJECT_NONE },
	{ "iface", "set", iface_set, "IFACE role access|core [WORD VALUE]...",
	  "give an interface a role",
	  "The whole configuration of IFACE is replaced: what is not given goes\n"
	  "back to its default. Up to 8 servers may be given.",
	  iface_words, SUBJECT_DEVICE },
	{ "iface", "del", iface_del, "IFACE",
	  "take the role from an interface, end its sessions", NULL, NULL,
	  SUBJECT_IFACE },
	{ "shaper", "list", shaper_list, "",
	  "list rates that subscribers share", NULL, NULL, SUBJECT_NONE },
	{ "shaper", "set", shaper_set, "NAME [WORD VALUE]...",
	  "create a shaper or change its rates",
	  "Its sessions, and the shapers below it, share its rate fairly. A session\n"
	  "joins by `kbng session set ... shaper NAME'.",
	  shaper_words, SUBJECT_SHAPER },
	{ "shaper", "del", shaper_del, "NAME",
	  "take away a shaper that nothing uses", NULL, NULL, SUBJECT_SHAPER },
	{ "node", "list", node_list, "",
	  "list access nodes and whether they are alive",
	  "kbngd finds them by DHCP that comes through them, and probes those that\n"
	  "have an address.", NULL, SUBJECT_NONE },
	{ "stats", NULL, stats_show, "[IFACE]",
	  "show the module's counters, or those of an interface",
	  "People see those that are not zero; -j and -t have all. Of an interface it is\n"
	  "what was dropped there, and what its fast path left to the stack.",
	  NULL, SUBJECT_IFACE },
	{ "status", NULL, daemon_status, "",
	  "show how kbngd and what it talks to are",
	  NULL, NULL, SUBJECT_NONE },
	{ "aaa", NULL, daemon_aaa, "",
	  "show RADIUS servers, decisions and accounting records that wait",
	  NULL, NULL, SUBJECT_NONE },
	{ "events", NULL, daemon_events, "[follow]",
	  "show the last events that kbngd has told",
	  "Up to 256 since it was started or reloaded; with `follow', new ones too.\n"
	  "-j has all of their fields.", NULL, SUBJECT_NONE },
	{ "reload", NULL, daemon_reload, "",
	  "let kbngd read its configuration again",
	  "It is checked first: if it cannot be used, nothing changes.",
	  NULL, SUBJECT_NONE },
	{ "reconcile", NULL, daemon_reconcile, "[--dry-run] [--force]",
	  "bring sessions in line with Kea's leases now",
	  "--dry-run only says what would be done; --force ends sessions even\n"
	  "if more than half of them have no lease.",
	  NULL, SUBJECT_NONE },
	{ "monitor", NULL, monitor_run, "[dhcp]",
	  "show events as they happen",
	  "With `dhcp', relayed DHCP messages too. Ends with ^C.",
	  NULL, SUBJECT_NONE },
	{ "version", NULL, version_show, "",
	  "show the versions of this tool and of the module", NULL, NULL,
	  SUBJECT_NONE },
	{ "help", NULL, help_run, "[COMMAND]",
	  "show help", NULL, NULL, SUBJECT_NONE },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL, SUBJECT_NONE },
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "tabs", no_argument, NULL, 't' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "force", no_argument, NULL, 'f' },
	{ "batch", required_argument, NULL, 'b' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void complain(const char *fmt, va_list ap)
{
	fflush(stdout);
	fputs("kbng: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

int fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	return EXIT_FAILURE;
}

int usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	return EXIT_USAGE;
}

struct kbng_nl *cli_open(void)
{
	struct kbng_nl *nl;

	if (!kbng_nl_open(&nl))
		return nl;
	fail("%s", kbng_nl_error(nl));
	kbng_nl_close(nl);
	return NULL;
}

int cli_close(struct kbng_nl *nl, int rc)
{
	int status = rc < 0 ? fail("%s", kbng_nl_error(nl)) : rc;

	kbng_nl_close(nl);
	return status;
}

/* The command of @argv; *@taken of its words are noun and verb. */
static const struct command *find_command(int argc, char **argv, int *taken)
{
	const struct command *c;

	*taken = 0;
	if (!argc)
		return &commands[0];
	for (c = commands; c->noun; c++) {
		if (strcmp(c->noun, argv[0]))
			continue;
		*taken = 1;
		if (!c->verb || argc == 1)
			return c;
		for (; c->noun && !strcmp(c->noun, argv[0]); c++) {
			if (!strcmp(c->verb, argv[1])) {
				*taken = 2;
				return c;
			}
		}
		return NULL;
	}
	return NULL;
}

static int refuse_command(char **argv, int taken)
{
	if (taken)
		return usage("%s has no command `%s', see `kbng help %s'",
			     argv[0], argv[1], argv[0]);
	return usage("unknown command `%s', see `kbng help'", argv[0]);
}

static void print_name(const struct command *c)
{
	output_bold("kbng %s%s%s", c->noun, c->verb ? " " : "",
		    c->verb ? c->verb : "");
}

/* All commands, or those of @noun. */
static void help_list(const char *noun)
{
	const struct command *c;

	puts("usage: kbng [-j|-t] COMMAND [ARGUMENT]...\n");
	for (c = commands; c->noun; c++) {
		if (noun && strcmp(c->noun, noun))
			continue;
		printf("  %s%s%-*s  %s\n", c->noun, c->verb ? " " : "",
		       15 - (int)strlen(c->noun) - (c->verb ? 1 : 0),
		       c->verb ? c->verb : "", c->brief);
	}
	puts("\nWithout a command: session list. Everywhere: -j writes JSON, -t tab-separated\n"
	     "columns, -h helps. `kbng help COMMAND' says more, kbng(8) all.");
}

static void help_command(const struct command *c)
{
	const struct word *w;

	fputs("usage: ", stdout);
	print_name(c);
	printf(" %s\n\n", c->args);
	printf("%c%s.\n", c->brief[0] - 'a' + 'A', c->brief + 1);
	if (c->text)
		printf("%s\n", c->text);
	for (w = c->words; w && w->key; w++)
		printf("%s  %-15s %s%s\n", w == c->words ? "\n" : "", w->key,
		       w->help, w->mandatory ? " (must be given)" : "");
}

static int help_run(int argc, char **argv, const struct options *opt)
{
	const struct command *c;
	int taken;

	(void)opt;
	if (!argc) {
		help_list(NULL);
		return EXIT_SUCCESS;
	}
	c = find_command(argc, argv, &taken);
	if (!c)
		return refuse_command(argv, taken);
	if (c->verb && taken == 1)
		help_list(c->noun);
	else
		help_command(c);
	return EXIT_SUCCESS;
}

static int run(int argc, char **argv, const struct options *opt, bool help)
{
	const struct command *c;
	int taken;

	/* `kbng session help' and `kbng session new help' are meant as well. */
	if (argc >= 2 && argc <= 3 && !strcmp(argv[argc - 1], "help")) {
		help = true;
		argc--;
	}
	if (help)
		return help_run(argc, argv, opt);
	c = find_command(argc, argv, &taken);
	if (!c)
		return refuse_command(argv, taken);
	if (opt->batch && c->run != session_new)
		return usage("--batch belongs to `kbng session new'");
	if ((opt->dry_run || opt->force) && c->run != daemon_reconcile)
		return usage("--dry-run and --force belong to `kbng reconcile'");
	return c->run(argc - taken, argv + taken, opt);
}

int main(int argc, char **argv)
{
	struct options opt = { 0 };
	bool help = false;
	int status;
	int c;

	/* Else the first socket would become it. */
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0)
		return fail("the standard output is closed");
	opterr = 0;
	if (argc > 1 && !strcmp(argv[1], "_complete"))
		return complete_run(argc - 2, argv + 2, &opt);
	while ((c = getopt_long(argc, argv, "jthV", long_options, NULL)) >= 0) {
		switch (c) {
		case 'j':
			opt.format = FORMAT_JSON;
			break;
		case 't':
			opt.format = FORMAT_TABS;
			break;
		case 'b':
			opt.batch = optarg;
			break;
		case 'n':
			opt.dry_run = true;
			break;
		case 'f':
			opt.force = true;
			break;
		case 'h':
			help = true;
			break;
		case 'V':
			puts("kbng " KBNG_VERSION);
			return EXIT_SUCCESS;
		default:
			return usage("unknown option `%s' or no value for it, see `kbng help'",
				     argv[optind - 1]);
		}
	}
	status = run(argc - optind, argv + optind, &opt, help);
	if (fflush(stdout) || ferror(stdout))
		return fail("cannot write the output: %m");
	return status;
}

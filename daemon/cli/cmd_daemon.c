// SPDX-License-Identifier: GPL-2.0-or-later
/* kbng status, aaa, events, ...: what only kbngd knows and does */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "lib/control.h"
#include "lib/parse.h"
#include "select.h"

#define TRACE_SECONDS		600
#define TRACE_SECONDS_MAX	86400

/* The answer, or NULL when what is wrong has been said. */
static json_t *daemon_ask(json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT), *reply = NULL;
	json_t *answer = NULL;
	const char *error;
	ssize_t n = text ? kbng_control_ask(text, &reply) : -ENOMEM;

	json_decref(request);
	free(text);
	if (n == -ECONNREFUSED)
		fail("no kbngd runs in this network namespace: systemctl start kbngd");
	else if (n == -EPERM)
		fail("kbngd answers root alone");
	else if (n < 0)
		fail("kbngd does not answer: %s", strerror(-n));
	else
		answer = json_loadb(reply, n, 0, NULL);
	free(reply);
	error = json_string_value(json_object_get(answer, "error"));
	if (n > 0 && (!json_is_object(answer) || error)) {
		fail("%s", error ? error : "kbngd's answer is no JSON object");
		json_decref(answer);
		return NULL;
	}
	return answer;
}

static int daemon_no_arguments(int argc, char **argv)
{
	return argc ? usage("the command takes no arguments, but `%s' is one",
			    argv[0]) : 0;
}

/* Ask @request, which this frees, and show the answer as it is. */
static int daemon_show(json_t *request, int argc, char **argv,
		       const struct options *opt)
{
	int status = daemon_no_arguments(argc, argv);
	json_t *answer;

	if (status) {
		json_decref(request);
		return status;
	}
	answer = daemon_ask(request);
	if (!answer)
		return EXIT_FAILURE;
	output_tree(opt->format, answer);
	return EXIT_SUCCESS;
}

int daemon_status(int argc, char **argv, const struct options *opt)
{
	return daemon_show(json_pack("{s:s}", "command", "status"), argc, argv,
			   opt);
}

/* What of the status is about who may have service, and what it costs. */
int daemon_aaa(int argc, char **argv, const struct options *opt)
{
	json_t *status, *aaa;

	if (daemon_no_arguments(argc, argv))
		return EXIT_USAGE;
	status = daemon_ask(json_pack("{s:s}", "command", "status"));
	if (!status)
		return EXIT_FAILURE;
	aaa = json_pack("{s:O*, s:O*, s:O*, s:O*}", "radius",
			json_object_get(status, "radius"), "coa",
			json_object_get(status, "coa"), "records",
			json_object_get(json_object_get(status, "journal"),
					"records"),
			"sessions", json_object_get(status, "sessions"));
	json_decref(status);
	output_tree(opt->format, aaa);
	return EXIT_SUCCESS;
}

int daemon_reload(int argc, char **argv, const struct options *opt)
{
	return daemon_show(json_pack("{s:s}", "command", "reload"), argc, argv,
			   opt);
}

int daemon_reconcile(int argc, char **argv, const struct options *opt)
{
	return daemon_show(json_pack("{s:s, s:b, s:b}", "command", "reconcile",
				     "dry_run", opt->dry_run, "force",
				     opt->force),
			   argc, argv, opt);
}

/* All pages of them in one array, or NULL when what is wrong has been said. */
static json_t *nodes_ask(void)
{
	json_t *nodes = json_array(), *answer, *last;
	bool more = true;

	while (nodes && more) {
		last = json_array_get(nodes, json_array_size(nodes) - 1);
		answer = daemon_ask(json_pack("{s:s, s:s*}", "command", "nodes",
					      "after", json_string_value(
						json_object_get(last, "name"))));
		if (!answer) {
			json_decref(nodes);
			return NULL;
		}
		json_array_extend(nodes, json_object_get(answer, "nodes"));
		more = json_is_true(json_object_get(answer, "more"));
		json_decref(answer);
	}
	return nodes;
}

static const char *node_text(const json_t *node, const char *key)
{
	const char *text = json_string_value(json_object_get(node, key));

	return text ? text : "-";
}

int node_list(int argc, char **argv, const struct options *opt)
{
	json_t *nodes, *node;
	size_t i;

	if (daemon_no_arguments(argc, argv))
		return EXIT_USAGE;
	nodes = nodes_ask();
	if (!nodes)
		return EXIT_FAILURE;
	if (opt->format == FORMAT_JSON) {
		output_json_line(nodes);
		return EXIT_SUCCESS;
	}
	if (opt->format == FORMAT_PRETTY)
		output_bold("%-24s %-8s %-15s %-15s %s\n", "NAME", "STATE",
			    "ADDRESS", "IFACE", "LAST SEEN");
	json_array_foreach(nodes, i, node)
		printf(opt->format == FORMAT_TABS ? "%s\t%s\t%s\t%s\t%s\n" :
						    "%-24s %-8s %-15s %-15s %s\n",
		       node_text(node, "name"), node_text(node, "state"),
		       node_text(node, "address"), node_text(node, "iface"),
		       node_text(node, "last_seen"));
	json_decref(nodes);
	return EXIT_SUCCESS;
}

static int trace_mac(const struct kbng_session_info *s, void *arg)
{
	kbng_fmt_mac(arg, KBNG_FMT_SIZE, s->mac);
	return 0;
}

/* The MAC address that @name means: one that has no session may come. */
static bool trace_subscriber(char *name, char *mac)
{
	struct selection sel;
	struct kbng_nl *nl;
	uint8_t octets[KBNG_MAC_LEN];

	if (kbng_parse_mac(name, octets)) {
		kbng_fmt_mac(mac, KBNG_FMT_SIZE, octets);
		return true;
	}
	if (!select_parse(&sel, 1, &name, false))
		return false;
	nl = cli_open();
	*mac = '\0';
	if (!nl || select_close(nl, &sel, select_each(nl, &sel, trace_mac, mac)))
		return false;
	return *mac;
}

int session_trace(int argc, char **argv, const struct options *opt)
{
	char mac[KBNG_FMT_SIZE];
	uint64_t seconds = TRACE_SECONDS;
	json_t *request;

	if (argc > 2)
		return usage("give a subscriber and for how long");
	if (argc == 2 && !kbng_parse_duration(argv[1], TRACE_SECONDS_MAX, &seconds))
		return usage("`%s' is no time: give seconds, or like 10m, up to 24h; 0 ends it",
			     argv[1]);
	if (argc && !trace_subscriber(argv[0], mac))
		return EXIT_FAILURE;
	request = argc ? json_pack("{s:s, s:s, s:I}", "command", "trace", "mac",
				   mac, "seconds", (json_int_t)seconds) :
			 json_pack("{s:s}", "command", "trace");
	return daemon_show(request, 0, NULL, opt);
}

/* As text each; what is only known of some is at the end. */
static void event_show(const json_t *event, const struct options *opt)
{
	static const char *const columns[] = {
		"ts", "event_type", "session_id", "ip_address", "mac_address",
		"username", "router_name",
	};
	const char *text;
	size_t i;

	if (opt->format == FORMAT_JSON) {
		output_json_line(json_incref((json_t *)event));
		return;
	}
	for (i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		text = json_string_value(json_object_get(event, columns[i]));
		if (opt->format == FORMAT_TABS)
			printf("%s%s", i ? "\t" : "", text ? text : "-");
		else if (text)
			printf(i == 1 ? " %-17s" : i ? " %s" : "%s", text);
	}
	putchar('\n');
}

/* Those after number *@seq, which moves on. False: it was said what is wrong. */
static bool events_page(json_int_t *seq, bool *more, const struct options *opt)
{
	json_t *answer = daemon_ask(json_pack("{s:s, s:I}", "command", "events",
					      "after", *seq));
	const json_t *event;
	size_t i;

	if (!answer)
		return false;
	json_array_foreach(json_object_get(answer, "events"), i, event) {
		event_show(event, opt);
		*seq = json_integer_value(json_object_get(event, "seq"));
	}
	*more = json_is_true(json_object_get(answer, "more"));
	json_decref(answer);
	return !fflush(stdout);
}

int daemon_events(int argc, char **argv, const struct options *opt)
{
	bool follow = argc == 1 && !strcmp(argv[0], "follow"), more = true;
	json_int_t seq = 0;

	if (argc && !follow)
		return usage("give nothing or `follow', not `%s'", argv[0]);
	while (more || follow) {
		if (!more)
			sleep(1);
		if (!events_page(&seq, &more, opt))
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

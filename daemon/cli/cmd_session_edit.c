// SPDX-License-Identifier: GPL-2.0-or-later
/* kbng session new, set, clear, forget */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "lib/fmt.h"
#include "select.h"

#define BATCH_WORDS	64

#define SESSION(name)	.offset = offsetof(struct kbng_session_info, name)
#define IF(name)	.flag = FLAG(struct kbng_session_info, name)

#define POLICY_WORDS \
	{ "state", KIND_NAME, SESSION(state), .names = &kbng_states, \
	  .help = "pending, active or rejected" }, \
	{ "prefix", KIND_PREFIXES, SESSION(prefixes), \
	  .help = "static IPv6 prefix, or IPv4 network behind it, up to 8; none: none" }, \
	{ "rate-up", KIND_RATE, SESSION(policy.rate_up), IF(has_policy), \
	  .help = "bit/s from the subscriber, like 10M; 0: no limit" }, \
	{ "rate-down", KIND_RATE, SESSION(policy.rate_down), IF(has_policy), \
	  .help = "bit/s to the subscriber" }, \
	{ "burst-up", KIND_OCTETS, SESSION(policy.burst_up), IF(has_policy), \
	  .help = "octets; 0: a default by rate" }, \
	{ "burst-down", KIND_OCTETS, SESSION(policy.burst_down), IF(has_policy), \
	  .help = "octets; 0: a default by rate" }, \
	{ "policy", KIND_TEXT, SESSION(policy.name), IF(has_policy), \
	  .max = KBNG_NAME_MAX, .help = "name of the policy" }, \
	{ "shaper", KIND_TEXT, SESSION(policy.shaper), IF(has_policy), \
	  .max = KBNG_NAME_MAX, .help = "what is shared with others" }, \
	{ "overhead", KIND_NUMBER, SESSION(policy.overhead), IF(has_policy), \
	  .max = 255, .help = "octets that the line adds to a packet" }, \
	{ "min-unit", KIND_NUMBER, SESSION(policy.min_unit), IF(has_policy), \
	  .max = 255, .help = "octets that a packet takes on the line at least" }, \
	{ "quota", KIND_OCTETS64, SESSION(policy.quota), IF(has_policy), \
	  .help = "octets of the session in both directions; 0: no end" }, \
	{ "isolated", KIND_NAME, SESSION(policy.isolated), IF(has_policy), \
	  .names = &kbng_switch, \
	  .help = "on: nothing passes from or to another subscriber" }

const struct word session_new_words[] = {
	{ "iface", KIND_IFINDEX, SESSION(ifindex), .mandatory = true,
	  .help = "access interface" },
	{ "mac", KIND_MAC, SESSION(mac), .mandatory = true,
	  .help = "the subscriber's MAC address" },
	{ "address", KIND_ADDR, SESSION(addr),
	  .help = "IPv4 address; a session has this or a prefix" },
	{ "circuit-id", KIND_BLOB, SESSION(circuit_id),
	  .help = "of the line, as text or as 0x and hexadecimal digits" },
	{ "remote-id", KIND_BLOB, SESSION(remote_id), .help = "likewise" },
	{ "lease", KIND_SECONDS, SESSION(lease_time), IF(has_lease), .min = 1,
	  .help = "seconds, or like 12h; without it for ever" },
	{ "server", KIND_ADDR, SESSION(server),
	  .help = "the DHCP server that leased the address" },
	{ "vlan", KIND_NUMBER, SESSION(vlan), .max = 4094,
	  .help = "VID of the line's outer or only tag" },
	{ "inner-vlan", KIND_NUMBER, SESSION(inner_vlan), .max = 4094,
	  .help = "VID of the inner of two tags" },
	{ "vlan-protocol", KIND_NAME, SESSION(vlan_protocol),
	  .names = &kbng_vlan_protocols,
	  .help = "of the outer tag: 802.1q or 802.1ad" },
	{ "node", KIND_ADDR, SESSION(node),
	  .help = "giaddr of the layer-3 access node that it is behind" },
	{ "hop", KIND_MAC, SESSION(hop),
	  .help = "MAC address of that node" },
	POLICY_WORDS,
	{ NULL },
};

const struct word session_set_words[] = {
	POLICY_WORDS,
	{ NULL },
};

static const struct field made_fields[] = {
	{ "uuid", KIND_UUID, SESSION(uuid) },
	{ "id", KIND_NUMBER, SESSION(id) },
	{ NULL },
};

/** struct batch - where it comes from and how far it has come */
struct batch {
	const char *name;
	unsigned int line;
	struct output out;
};

static void made_one(struct output *out, const struct kbng_session_info *s)
{
	char uuid[KBNG_UUID_TEXT];

	if (out->format != FORMAT_PRETTY)
		output_object(out, NULL, made_fields, s);
	else
		puts(kbng_fmt_uuid(uuid, sizeof(uuid), s->uuid));
}

/*
 * Cut @line into at most BATCH_WORDS words, in place; their number, or -1 if a
 * quote is open or there are more.
 */
static int split(char *line, char **words)
{
	const char *blanks = " \t\r\n";
	char *end;
	int n = 0;

	for (line += strspn(line, blanks); *line && *line != '#';
	     line += strspn(line, blanks)) {
		if (n == BATCH_WORDS)
			return -1;
		if (*line == '"') {
			words[n++] = ++line;
			end = strchr(line, '"');
			if (!end)
				return -1;
		} else {
			words[n++] = line;
			end = line + strcspn(line, blanks);
		}
		line = *end ? end + 1 : end;
		*end = '\0';
	}
	return n;
}

/* One line of a batch: an exit status. */
static int batch_line(struct kbng_nl *nl, struct batch *b, char *line)
{
	struct kbng_session_info s = { 0 };
	char error[WORDS_ERROR_MAX];
	char *words[BATCH_WORDS];
	int n = split(line, words);

	b->line++;
	if (n < 0)
		return usage("%s:%u: open quote or too many words", b->name,
			     b->line);
	if (!n)
		return EXIT_SUCCESS;
	if (!words_parse(session_new_words, n, words, &s, error))
		return usage("%s:%u: %s", b->name, b->line, error);
	if (kbng_nl_session_new(nl, &s))
		return fail("%s:%u: %s", b->name, b->line, kbng_nl_error(nl));
	if (b->out.format != FORMAT_PRETTY)
		output_object(&b->out, NULL, made_fields, &s);
	else
		b->out.count++;
	return EXIT_SUCCESS;
}

static int batch_run(struct kbng_nl *nl, FILE *file, struct batch *b)
{
	int status = EXIT_SUCCESS;
	char *line = NULL;
	size_t size = 0;

	while (!status && getline(&line, &size, file) >= 0)
		status = batch_line(nl, b, line);
	free(line);
	if (!status && ferror(file))
		status = fail("%s: %m", b->name);
	if (b->out.format == FORMAT_PRETTY)
		printf("made %u session%s\n", b->out.count,
		       b->out.count == 1 ? "" : "s");
	output_end(&b->out);
	return status;
}

static int batch_open(const struct options *opt)
{
	const bool is_stdin = !strcmp(opt->batch, "-");
	struct batch b = { .name = is_stdin ? "stdin" : opt->batch,
			   .out.format = opt->format };
	FILE *file = is_stdin ? stdin : fopen(opt->batch, "r");
	struct kbng_nl *nl;
	int status = EXIT_FAILURE;

	if (!file)
		return fail("%s: %m", b.name);
	nl = cli_open();
	if (nl)
		status = cli_close(nl, batch_run(nl, file, &b));
	if (!is_stdin)
		fclose(file);
	return status;
}

int session_new(int argc, char **argv, const struct options *opt)
{
	struct output out = { .format = opt->format };
	struct kbng_session_info s = { 0 };
	char error[WORDS_ERROR_MAX];
	struct kbng_nl *nl;
	int rc;

	if (opt->batch && argc)
		return usage("words belong into the batch, not beside --batch");
	if (opt->batch)
		return batch_open(opt);
	if (!words_parse(session_new_words, argc, argv, &s, error))
		return usage("%s", error);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	rc = kbng_nl_session_new(nl, &s);
	if (!rc) {
		made_one(&out, &s);
		output_end(&out);
	}
	return cli_close(nl, rc);
}

/* "ended 3 sessions", for programs 3 and {"sessions":3}. */
static void report(const char *done, unsigned int count, enum format format)
{
	switch (format) {
	case FORMAT_JSON:
		output_json_line(
			json_pack("{s:I}", "sessions", (json_int_t)count));
		break;
	case FORMAT_TABS:
		printf("%u\n", count);
		break;
	case FORMAT_PRETTY:
		printf("%s %u session%s\n", done, count, count == 1 ? "" : "s");
		break;
	}
}

static int set_one(struct kbng_nl *nl, const struct selected *old, int argc,
		   char **argv)
{
	struct kbng_session_info s = { .policy = old->policy };
	struct kbng_verdict v = { 0 };
	char error[WORDS_ERROR_MAX];

	/* Parsed before, so it holds: this lays the words over the old policy. */
	words_parse(session_set_words, argc, argv, &s, error);
	v.state = s.state;
	v.policy = s.has_policy ? &s.policy : NULL;
	v.prefixes = s.prefixes.given ? &s.prefixes : NULL;
	return kbng_nl_session_set(nl, old->uuid, &v);
}

int session_set(int argc, char **argv, const struct options *opt)
{
	struct kbng_session_info s = { 0 };
	char error[WORDS_ERROR_MAX];
	struct session_list list;
	struct selection sel;
	unsigned int set = 0;
	struct kbng_nl *nl;
	size_t i;
	int rc;

	if (!select_parse(&sel, argc ? 1 : 0, argv, false))
		return EXIT_USAGE;
	if (argc < 2)
		return usage("set what? see `kbng help session set'");
	if (!words_parse(session_set_words, argc - 1, argv + 1, &s, error))
		return usage("%s", error);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	rc = select_collect(nl, &sel, &list);
	for (i = 0; i < list.count && !rc; i++) {
		if (list.session[i].state == KBNG_STATE_STOPPED)
			continue;
		rc = set_one(nl, &list.session[i], argc - 1, argv + 1);
		set += !rc;
	}
	free(list.session);
	if (!rc && !set)
		rc = fail("session `%s' is stopped", sel.name);
	else if (!rc)
		report("set", set, opt->format);
	return select_close(nl, &sel, rc);
}

/** struct ending - what clear and forget have not in common */
struct ending {
	bool stopped;			/* which sessions it is for */
	const char *done;
	const char *never;		/* the one that was named is not such */
	int (*request)(struct kbng_nl *nl, const uint8_t *uuid);
};

/* One that has ended or is gone when it is its turn does not count. */
static int end_each(int argc, char **argv, const struct options *opt,
		    const struct ending *ending)
{
	struct session_list list;
	unsigned int count = 0;
	struct selection sel;
	struct kbng_nl *nl;
	size_t i;
	int rc;

	if (!select_parse(&sel, argc, argv, true))
		return EXIT_USAGE;
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	rc = select_collect(nl, &sel, &list);
	for (i = 0; i < list.count && !rc; i++) {
		if ((list.session[i].state == KBNG_STATE_STOPPED) !=
		    ending->stopped)
			continue;
		rc = ending->request(nl, list.session[i].uuid);
		count += !rc;
		if (rc == -ENOENT || rc == -EALREADY)
			rc = 0;
	}
	free(list.session);
	if (!rc && !count && sel.name)
		rc = fail("session `%s' %s", sel.name, ending->never);
	else if (!rc || count)
		report(ending->done, count, opt->format);
	return select_close(nl, &sel, rc);
}

static int request_end(struct kbng_nl *nl, const uint8_t *uuid)
{
	return kbng_nl_session_del(nl, uuid, KBNG_CAUSE_ADMIN_RESET);
}

int session_clear(int argc, char **argv, const struct options *opt)
{
	static const struct ending clear = {
		.stopped = false,
		.done = "ended",
		.never = "is stopped already",
		.request = request_end,
	};

	return end_each(argc, argv, opt, &clear);
}

int session_forget(int argc, char **argv, const struct options *opt)
{
	static const struct ending forget = {
		.stopped = true,
		.done = "forgot",
		.never = "is not stopped: `kbng session clear' ends it",
		.request = kbng_nl_session_ack,
	};

	return end_each(argc, argv, opt, &forget);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* kbng shaper list, set, del */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "field.h"
#include "output.h"
#include "words.h"

#define SHAPER(name)	.offset = offsetof(struct kbng_shaper_info, name)

/* The order is that of -t, which kbng(8) promises: add at the end only. */
static const struct field shaper_fields[] = {
	{ "name", KIND_TEXT, SHAPER(name) },
	{ "parent", KIND_TEXT, SHAPER(parent), .optional = true },
	{ "rate_up", KIND_RATE, SHAPER(rate_up) },
	{ "rate_down", KIND_RATE, SHAPER(rate_down) },
	{ "burst_up", KIND_OCTETS, SHAPER(burst_up), .optional = true },
	{ "burst_down", KIND_OCTETS, SHAPER(burst_down), .optional = true },
	{ "users", KIND_NUMBER, SHAPER(users) },
	{ "share_up", KIND_RATE, SHAPER(share_up), .optional = true },
	{ "share_down", KIND_RATE, SHAPER(share_down), .optional = true },
	{ "packets_up", KIND_NUMBER64, SHAPER(packets_up) },
	{ "packets_down", KIND_NUMBER64, SHAPER(packets_down) },
	{ "octets_up", KIND_OCTETS64, SHAPER(octets_up) },
	{ "octets_down", KIND_OCTETS64, SHAPER(octets_down) },
	{ NULL },
};

const struct word shaper_words[] = {
	{ "parent", KIND_TEXT, SHAPER(parent), .max = KBNG_NAME_MAX,
	  .help = "shaper that it has a share of; never changes" },
	{ "rate-up", KIND_RATE, SHAPER(rate_up),
	  .help = "bit/s from the subscribers, like 1G; 0: no limit" },
	{ "rate-down", KIND_RATE, SHAPER(rate_down),
	  .help = "bit/s to the subscribers" },
	{ "burst-up", KIND_OCTETS, SHAPER(burst_up),
	  .help = "octets; 0: a default by rate" },
	{ "burst-down", KIND_OCTETS, SHAPER(burst_down),
	  .help = "octets; 0: a default by rate" },
	{ NULL },
};

static int list_one(const struct kbng_shaper_info *s, void *arg)
{
	output_object(arg, "shaper", shaper_fields, s);
	return 0;
}

int shaper_list(int argc, char **argv, const struct options *opt)
{
	struct output out = { .format = opt->format };
	struct kbng_nl *nl;
	int rc;

	if (argc)
		return usage("shaper list takes no arguments, but `%s' is one",
			     argv[0]);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	rc = kbng_nl_shaper_dump(nl, list_one, &out);
	if (!rc)
		output_end(&out);
	return cli_close(nl, rc);
}

int shaper_set(int argc, char **argv, const struct options *opt)
{
	struct kbng_shaper_info s = { 0 };
	char error[WORDS_ERROR_MAX];
	struct kbng_nl *nl;

	(void)opt;
	if (!argc)
		return usage("which shaper? see `kbng help shaper set'");
	if (strlen(argv[0]) > KBNG_NAME_MAX)
		return usage("a shaper's name has at most %d octets",
			     KBNG_NAME_MAX);
	strcpy(s.name, argv[0]);
	if (!words_parse(shaper_words, argc - 1, argv + 1, &s, error))
		return usage("%s", error);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	return cli_close(nl, kbng_nl_shaper_set(nl, &s));
}

int shaper_del(int argc, char **argv, const struct options *opt)
{
	struct kbng_nl *nl;

	(void)opt;
	if (argc != 1)
		return usage("shaper del takes one name");
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	return cli_close(nl, kbng_nl_shaper_del(nl, argv[0]));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* kbng stats, version */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define MODULE(name)	.offset = offsetof(struct kbng_module_info, name)

static const struct field module_fields[] = {
	{ "version", KIND_TEXT, MODULE(version), .optional = true },
	{ "instance", KIND_UUID, MODULE(instance) },
	{ "seq", KIND_NUMBER64, MODULE(seq) },
	{ NULL },
};

static int stat_json(const char *name, uint64_t value, void *arg)
{
	json_object_set_new(arg, name, json_integer(value));
	return 0;
}

static int stat_tabs(const char *name, uint64_t value, void *arg)
{
	(void)arg;
	printf("%s\t%" PRIu64 "\n", name, value);
	return 0;
}

static int stat_pretty(const char *name, uint64_t value, void *arg)
{
	bool *any = arg;

	if (!value)
		return 0;
	if (!*any) {
		putchar('\n');
		output_bold("counters");
		puts(":");
	}
	*any = true;
	printf("  %-24s %20" PRIu64 "\n", name, value);
	return 0;
}

/* Of the interface @name, unless it is NULL. */
static int stats_json(struct kbng_nl *nl, const char *name, uint32_t ifindex)
{
	struct kbng_module_info module;
	json_t *counters = json_object();
	json_t *all;
	int rc;

	rc = kbng_nl_stats(nl, ifindex, &module, stat_json, counters);
	if (rc) {
		json_decref(counters);
		return rc;
	}
	all = name ? json_pack("{s:s}", "iface", name) :
		     json_pack("{s:o}", "module",
			       output_json(module_fields, &module));
	json_object_set_new(all, "counters", counters);
	output_json_line(all);
	return 0;
}

static int stats_text(struct kbng_nl *nl, const char *name, uint32_t ifindex)
{
	struct kbng_module_info module;
	struct output out = { 0 };
	bool any = false;
	int rc;

	rc = kbng_nl_stats(nl, ifindex, &module, NULL, NULL);
	if (rc)
		return rc;
	if (!name)
		output_object(&out, "module", module_fields, &module);
	return kbng_nl_stats(nl, ifindex, NULL, stat_pretty, &any);
}

int stats_show(int argc, char **argv, const struct options *opt)
{
	uint32_t ifindex = 0;
	struct kbng_nl *nl;
	int rc;

	if (argc > 1)
		return usage("stats takes one interface, but `%s' is another",
			     argv[1]);
	if (argc) {
		ifindex = if_nametoindex(argv[0]);
		if (!ifindex)
			return fail("no interface `%s' in this network namespace, see `kbng iface list'",
				    argv[0]);
	}
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	switch (opt->format) {
	case FORMAT_JSON:
		rc = stats_json(nl, argc ? argv[0] : NULL, ifindex);
		break;
	case FORMAT_TABS:
		rc = kbng_nl_stats(nl, ifindex, NULL, stat_tabs, NULL);
		break;
	default:
		rc = stats_text(nl, argc ? argv[0] : NULL, ifindex);
	}
	return cli_close(nl, rc);
}

int version_show(int argc, char **argv, const struct options *opt)
{
	struct kbng_module_info module;
	struct output out = { 0 };
	struct kbng_nl *nl;
	int rc;

	if (argc)
		return usage("version takes no arguments, but `%s' is one",
			     argv[0]);
	if (opt->format == FORMAT_PRETTY)
		puts("kbng: " KBNG_VERSION);
	nl = cli_open();
	if (!nl)
		return EXIT_FAILURE;
	rc = kbng_nl_stats(nl, 0, &module, NULL, NULL);
	if (rc)
		return cli_close(nl, rc);
	switch (opt->format) {
	case FORMAT_JSON:
		output_json_line(
			json_pack("{s:s, s:o}", "kbng", KBNG_VERSION, "module",
				  output_json(module_fields, &module)));
		break;
	case FORMAT_TABS:
		fputs(KBNG_VERSION "\t", stdout);
		output_tabs(module_fields, &module);
		putchar('\n');
		break;
	case FORMAT_PRETTY:
		output_object(&out, "module", module_fields, &module);
		break;
	}
	return cli_close(nl, 0);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kbng _complete WORD...: what may come next, one a line, for the shells.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "lib/fmt.h"

#define ADDRESSES_MAX	500

static int print_iface(const struct kbng_iface_info *iface, void *arg)
{
	(void)arg;
	puts(iface->ifname);
	return 0;
}

static int print_shaper(const struct kbng_shaper_info *s, void *arg)
{
	(void)arg;
	puts(s->name);
	return 0;
}

static int print_address(const struct kbng_session_info *s, void *arg)
{
	unsigned int *count = arg;
	char text[KBNG_FMT_SIZE];

	if (s->addr.s_addr)
		puts(inet_ntop(AF_INET, &s->addr, text, sizeof(text)));
	else if (s->prefixes.n)
		puts(inet_ntop(AF_INET6, &s->prefixes.prefix[0].addr, text,
			       sizeof(text)));
	return ++*count == ADDRESSES_MAX;
}

static void print_devices(void)
{
	struct if_nameindex *list = if_nameindex();
	struct if_nameindex *i;

	for (i = list; i && i->if_index; i++)
		puts(i->if_name);
	if (list)
		if_freenameindex(list);
}

/* What only the module knows; nothing if it cannot be asked. */
static void print_live(enum kind kind)
{
	unsigned int count = 0;
	struct kbng_nl *nl;

	if (!kbng_nl_open(&nl)) {
		if (kind == KIND_IFINDEX)
			kbng_nl_iface_dump(nl, print_iface, NULL);
		else if (kind == KIND_ADDR)
			kbng_nl_session_dump(nl, NULL, print_address, &count);
	}
	kbng_nl_close(nl);
}

static void print_shapers(void)
{
	struct kbng_nl *nl;

	if (!kbng_nl_open(&nl))
		kbng_nl_shaper_dump(nl, print_shaper, NULL);
	kbng_nl_close(nl);
}

static void print_subject(const struct command *c)
{
	switch (c->subject) {
	case SUBJECT_IFACE:
		print_live(KIND_IFINDEX);
		break;
	case SUBJECT_DEVICE:
		print_devices();
		break;
	case SUBJECT_SESSION:
		if (c->run == session_clear || c->run == session_forget)
			puts("all");
		print_live(KIND_ADDR);
		break;
	case SUBJECT_SHAPER:
		print_shapers();
		break;
	case SUBJECT_NONE:
		break;
	}
}

static void print_value(const struct word *w)
{
	size_t i;

	if (w->kind == KIND_NAME) {
		for (i = 0; i < w->names->count; i++)
			if (w->names->name[i])
				puts(w->names->name[i]);
		return;
	}
	if (w->kind == KIND_TEXT &&
	    (!strcmp(w->key, "shaper") || !strcmp(w->key, "parent")))
		print_shapers();
	print_live(w->kind);
}

/* Behind noun and verb: a subject, a word, or the value of the word before. */
static void print_arguments(const struct command *c, int argc, char **argv)
{
	const struct word *w;
	bool named = c->subject == SUBJECT_DEVICE || c->run == session_set ||
		     c->run == shaper_set;

	if (!argc)
		print_subject(c);
	if (c->run == monitor_run && !argc)
		puts("dhcp");
	if (!c->words || (!argc && named))
		return;
	w = argc ? words_find(c->words, argv[argc - 1]) : NULL;
	if (w && (argc - named) % 2) {
		print_value(w);
		return;
	}
	for (w = c->words; w->key; w++)
		puts(w->key);
}

int complete_run(int argc, char **argv, const struct options *opt)
{
	const struct command *c;
	const char *last = "";

	(void)opt;
	if (argc && !strcmp(argv[0], "help")) {
		if (argc > 2)
			return EXIT_SUCCESS;
		argc--;
		argv++;
	}
	for (c = commands; c->noun; c++) {
		if (!argc && strcmp(c->noun, last))
			puts(c->noun);
		last = c->noun;
		if (!argc || strcmp(c->noun, argv[0]))
			continue;
		if (argc == 1 && c->verb)
			puts(c->verb);
		else if (!c->verb)
			print_arguments(c, argc - 1, argv + 1);
		else if (!strcmp(c->verb, argv[1]))
			print_arguments(c, argc - 2, argv + 2);
	}
	return EXIT_SUCCESS;
}

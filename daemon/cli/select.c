// SPDX-License-Identifier: GPL-2.0-or-later
#include "select.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "lib/parse.h"

#define PREFIX_MIN	4	/* digits of a UUID that name a session */

#define FILTER(name)	.offset = offsetof(struct kbng_session_filter, name), \
			.flag = FLAG(struct kbng_session_filter, by_##name)

const struct word session_filter_words[] = {
	{ "iface", KIND_IFINDEX, FILTER(ifindex), .help = "access interface" },
	{ "mac", KIND_MAC, FILTER(mac), .help = "the subscriber's MAC address" },
	{ "address", KIND_ADDR, FILTER(addr), .help = "IPv4 address" },
	{ "address6", KIND_ADDR6, FILTER(addr6),
	  .help = "IPv6 address in one of its prefixes" },
	{ "state", KIND_NAME, FILTER(state), .names = &kbng_states,
	  .help = "offered, pending, active, rejected or stopped" },
	{ "circuit-id", KIND_BLOB, FILTER(circuit_id),
	  .help = "of the line, as text or as 0x and hexadecimal digits" },
	{ "remote-id", KIND_BLOB, FILTER(remote_id), .help = "likewise" },
	{ "vlan", KIND_NUMBER, FILTER(vlan), .max = 4094,
	  .help = "VID of the outer or only tag; 0: untagged" },
	{ "inner-vlan", KIND_NUMBER, FILTER(inner_vlan), .max = 4094,
	  .help = "VID of the inner of two tags; 0: has none" },
	{ NULL },
};

/** struct walk - a dump that looks for the start of a UUID */
struct walk {
	const struct selection *sel;
	int (*cb)(const struct kbng_session_info *s, void *arg);
	void *arg;
	bool found;
};

/* Hexadecimal digits and dashes where a UUID has them. */
static bool parse_prefix(const char *text, char *prefix)
{
	size_t len = strlen(text);
	size_t i;

	if (len < PREFIX_MIN || len >= KBNG_UUID_TEXT)
		return false;
	for (i = 0; i < len; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23 ?
			    text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
		prefix[i] = tolower((unsigned char)text[i]);
	}
	prefix[len] = '\0';
	return true;
}

/* One argument that names a session. */
static bool parse_name(struct selection *sel, const char *text)
{
	struct kbng_session_filter *f = &sel->filter;

	sel->name = text;
	sel->by_uuid = kbng_parse_uuid(text, sel->uuid);
	if (sel->by_uuid)
		return true;
	f->by_mac = kbng_parse_mac(text, f->mac);
	f->by_addr = inet_pton(AF_INET, text, &f->addr) == 1;
	f->by_addr6 = inet_pton(AF_INET6, text, &f->addr6) == 1;
	return f->by_mac || f->by_addr || f->by_addr6 ||
	       parse_prefix(text, sel->prefix);
}

bool select_parse(struct selection *sel, int argc, char **argv, bool all)
{
	char error[WORDS_ERROR_MAX];

	memset(sel, 0, sizeof(*sel));
	if (argc == 1 && all && !strcmp(argv[0], "all"))
		return true;
	if (!argc) {
		usage("which sessions? a UUID, an address, a MAC address, a filter%s",
		      all ? " or all" : "");
		return false;
	}
	if (argc == 1 && !words_find(session_filter_words, argv[0])) {
		if (parse_name(sel, argv[0]))
			return true;
		usage("`%.64s' is no UUID, address or MAC address", argv[0]);
		return false;
	}
	if (words_parse(session_filter_words, argc, argv, &sel->filter, error))
		return true;
	usage("%s", error);
	return false;
}

static int walk_one(const struct kbng_session_info *s, void *arg)
{
	struct walk *w = arg;
	char uuid[KBNG_UUID_TEXT];

	kbng_fmt_uuid(uuid, sizeof(uuid), s->uuid);
	if (strncmp(uuid, w->sel->prefix, strlen(w->sel->prefix)))
		return 0;
	w->found = true;
	return w->cb(s, w->arg);
}

int select_each(struct kbng_nl *nl, const struct selection *sel,
		int (*cb)(const struct kbng_session_info *s, void *arg),
		void *arg)
{
	struct walk w = { .sel = sel, .cb = cb, .arg = arg };
	struct kbng_session_info s;
	int rc;

	if (sel->by_uuid) {
		rc = kbng_nl_session_get(nl, sel->uuid, &s);
		return rc == -ENOENT ? -ESRCH : rc ? rc : cb(&s, arg);
	}
	rc = kbng_nl_session_dump(nl, &sel->filter, walk_one, &w);
	return !rc && sel->name && !w.found ? -ESRCH : rc;
}

static int collect_one(const struct kbng_session_info *s, void *arg)
{
	struct session_list *list = arg;
	struct selected *more = list->session;

	/* Grow by doubling, at each power of two. */
	if (!(list->count & (list->count - 1)))
		more = reallocarray(more, list->count ? 2 * list->count : 1,
				    sizeof(*more));
	if (!more)
		return -ENOMEM;
	list->session = more;
	memcpy(more[list->count].uuid, s->uuid, sizeof(s->uuid));
	more[list->count].state = s->state;
	more[list->count].policy = s->policy;
	list->count++;
	return 0;
}

int select_collect(struct kbng_nl *nl, const struct selection *sel,
		   struct session_list *list)
{
	int rc;

	memset(list, 0, sizeof(*list));
	rc = select_each(nl, sel, collect_one, list);
	if (!rc && *sel->prefix && list->count > 1)
		rc = -ENOTUNIQ;
	return rc;
}

int select_close(struct kbng_nl *nl, const struct selection *sel, int rc)
{
	int status;

	switch (rc) {
	case -ESRCH:
		status = fail("no session `%s', see `kbng session list'",
			      sel->name);
		break;
	case -ENOTUNIQ:
		status = fail("several sessions begin with `%s': give more of the UUID",
			      sel->name);
		break;
	case -ENOMEM:
		status = fail("out of memory");
		break;
	default:
		return cli_close(nl, rc);
	}
	kbng_nl_close(nl);
	return status;
}

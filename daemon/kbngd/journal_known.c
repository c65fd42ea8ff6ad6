// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "journal_db.h"
#include "lib/fmt.h"
#include "lib/parse.h"

#define PRUNE_S		3600
#define PREFIX_TEXT	48		/* octets of a prefix and a comma */

static void journal_known_prune(struct journal *j, uint64_t now, uint64_t since)
{
	if (now < j->known_pruned + PRUNE_S)
		return;
	j->known_pruned = now;
	sqlite3_bind_int64(j->stmt[STMT_KNOWN_PRUNE], 1, since);
	journal_run(j, STMT_KNOWN_PRUNE);
}

/* "2001:db8:1::/56,2001:db8::5" of those that are static. */
static void journal_known_write(const struct kbng_prefixes *list, char *text,
				size_t size)
{
	unsigned int i;
	size_t len = 0;
	char *at;

	*text = '\0';
	for (i = 0; i < list->n; i++) {
		if (list->prefix[i].kind != KBNG_PREFIX_STATIC ||
		    size - len < PREFIX_TEXT)
			continue;
		at = text + len;
		if (len)
			*at++ = ',';
		kbng_fmt_prefix(at, text + size - at, &list->prefix[i]);
		len += strlen(text + len);
	}
}

static void journal_known_read(const char *text, struct kbng_prefixes *list)
{
	char one[PREFIX_TEXT];
	struct kbng_prefix *p;
	size_t len;

	for (; *text; text += len + (text[len] == ',')) {
		len = strcspn(text, ",");
		if (list->n == KBNG_PREFIXES_MAX || len >= sizeof(one))
			return;
		memcpy(one, text, len);
		one[len] = '\0';
		p = &list->prefix[list->n];
		if (!kbng_parse_prefix(one, p))
			return;
		p->kind = KBNG_PREFIX_STATIC;
		list->n++;
	}
}

void journal_known_set(struct journal *j, const char *user,
		       const struct journal_known *known, uint64_t now,
		       uint64_t since)
{
	const struct kbng_policy *p = &known->policy;
	char prefixes[KBNG_PREFIXES_MAX * PREFIX_TEXT];
	sqlite3_stmt *s = j->stmt[STMT_KNOWN_SET];

	journal_known_prune(j, now, since);
	journal_known_write(&known->prefixes, prefixes, sizeof(prefixes));
	sqlite3_bind_text(s, 1, user, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, now);
	sqlite3_bind_text(s, 3, p->name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 4, p->rate_up);
	sqlite3_bind_int64(s, 5, p->rate_down);
	sqlite3_bind_int64(s, 6, p->burst_up);
	sqlite3_bind_int64(s, 7, p->burst_down);
	sqlite3_bind_text(s, 8, p->shaper, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 9, p->overhead);
	sqlite3_bind_int64(s, 10, p->min_unit);
	sqlite3_bind_blob(s, 11, known->username.data, known->username.len,
			  SQLITE_STATIC);
	sqlite3_bind_int64(s, 12, known->interim);
	sqlite3_bind_int64(s, 13, known->idle);
	sqlite3_bind_text(s, 14, prefixes, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 15, known->terms.framed.s_addr);
	sqlite3_bind_blob(s, 16, known->terms.attrs.data,
			  known->terms.attrs.len, SQLITE_STATIC);
	sqlite3_bind_int64(s, 17, p->isolated);
	sqlite3_bind_blob(s, 18, known->radius6.data, known->radius6.len,
			  SQLITE_STATIC);
	journal_run(j, STMT_KNOWN_SET);
}

void journal_known_touch(struct journal *j, const char *user, uint64_t now)
{
	sqlite3_stmt *s = j->stmt[STMT_KNOWN_TOUCH];

	sqlite3_bind_text(s, 1, user, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, now);
	journal_run(j, STMT_KNOWN_TOUCH);
}

static void journal_known_text(sqlite3_stmt *s, int column, char *text)
{
	snprintf(text, KBNG_NAME_MAX + 1, "%s", sqlite3_column_text(s, column));
}

static void journal_known_row(sqlite3_stmt *s, struct journal_known *known)
{
	struct kbng_policy *p = &known->policy;
	struct kbng_blob *attrs = &known->terms.attrs;
	int attrs_len = sqlite3_column_bytes(s, 13);
	int radius6_len = sqlite3_column_bytes(s, 15);
	int len = sqlite3_column_bytes(s, 8);

	memset(known, 0, sizeof(*known));
	journal_known_text(s, 0, p->name);
	p->rate_up = sqlite3_column_int64(s, 1);
	p->rate_down = sqlite3_column_int64(s, 2);
	p->burst_up = sqlite3_column_int64(s, 3);
	p->burst_down = sqlite3_column_int64(s, 4);
	journal_known_text(s, 5, p->shaper);
	p->overhead = sqlite3_column_int64(s, 6);
	p->min_unit = sqlite3_column_int64(s, 7);
	p->isolated = sqlite3_column_int64(s, 14);
	if (len > 0 && len <= COOKIE_VALUE_MAX) {
		known->username.len = len;
		memcpy(known->username.data, sqlite3_column_blob(s, 8), len);
	}
	known->interim = sqlite3_column_int64(s, 9);
	known->idle = sqlite3_column_int64(s, 10);
	journal_known_read((const char *)sqlite3_column_text(s, 11),
			   &known->prefixes);
	known->terms.framed.s_addr = sqlite3_column_int64(s, 12);
	if (attrs_len > 0 && attrs_len <= (int)sizeof(attrs->data)) {
		attrs->len = attrs_len;
		memcpy(attrs->data, sqlite3_column_blob(s, 13), attrs_len);
	}
	if (radius6_len > 0 &&
	    radius6_len <= (int)sizeof(known->radius6.data)) {
		known->radius6.len = radius6_len;
		memcpy(known->radius6.data, sqlite3_column_blob(s, 15),
		       radius6_len);
	}
}

bool journal_known_get(struct journal *j, const char *user, uint64_t since,
		       struct journal_known *known)
{
	sqlite3_stmt *s = j->stmt[STMT_KNOWN_GET];
	bool found;

	sqlite3_bind_text(s, 1, user, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, since);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found)
		journal_known_row(s, known);
	sqlite3_reset(s);
	return found;
}

void journal_known_forget(struct journal *j, const char *user)
{
	sqlite3_bind_text(j->stmt[STMT_KNOWN_FORGET], 1, user, -1,
			  SQLITE_STATIC);
	journal_run(j, STMT_KNOWN_FORGET);
}

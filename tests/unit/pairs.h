/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of an answer, as radcli keeps those that it knows as strings. */
#ifndef PAIRS_H
#define PAIRS_H

#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <radcli/radcli.h>

#define VALUE(text)	text, sizeof(text) - 1

/* An attribute before those in @list; pairs_free() frees them. */
static inline VALUE_PAIR *add(VALUE_PAIR *list, int attribute,
			      const char *value, size_t len)
{
	VALUE_PAIR *vp = calloc(1, sizeof(*vp));

	assert_non_null(vp);
	vp->attribute = attribute;
	vp->type = PW_TYPE_STRING;
	vp->lvalue = len;
	memcpy(vp->strvalue, value, len);
	vp->next = list;
	return vp;
}

static inline void pairs_free(VALUE_PAIR *list)
{
	VALUE_PAIR *next;

	for (; list; list = next) {
		next = list->next;
		free(list);
	}
}

#endif /* PAIRS_H */

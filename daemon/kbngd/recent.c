// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "recent.h"

#define RECENT_MAX	256
#define RECENT_PAGE	32		/* of them in an answer */

struct recent {
	struct {
		uint64_t seq;
		char *body;
	} event[RECENT_MAX];		/* a ring */
	unsigned int first, n;
};

struct recent *recent_open(void)
{
	return calloc(1, sizeof(struct recent));
}

void recent_close(struct recent *r)
{
	unsigned int i;

	for (i = 0; r && i < RECENT_MAX; i++)
		free(r->event[i].body);
	free(r);
}

static unsigned int recent_place(const struct recent *r, unsigned int i)
{
	return (r->first + i) % RECENT_MAX;
}

void recent_add(struct recent *r, uint64_t seq, const char *body)
{
	unsigned int at;

	while (r->n && r->event[recent_place(r, r->n - 1)].seq >= seq)
		r->n--;
	if (r->n == RECENT_MAX)
		r->first = recent_place(r, 1);
	else
		r->n++;
	at = recent_place(r, r->n - 1);
	free(r->event[at].body);
	r->event[at].seq = seq;
	r->event[at].body = strdup(body);
}

void recent_call(struct kbngd *k, struct control_call *call,
		 const json_t *request)
{
	const struct recent *r = k->recent;
	json_int_t after = json_integer_value(json_object_get(request,
							      "after"));
	json_t *page = json_array();
	unsigned int i = 0, at;

	while (i < r->n &&
	       r->event[recent_place(r, i)].seq <= (uint64_t)after)
		i++;
	for (; i < r->n && json_array_size(page) < RECENT_PAGE; i++) {
		at = recent_place(r, i);
		if (r->event[at].body)
			json_array_append_new(page, json_loads(r->event[at].body,
							       0, NULL));
	}
	control_answer(call, json_pack("{s:o, s:b}", "events", page, "more",
				       i < r->n));
}

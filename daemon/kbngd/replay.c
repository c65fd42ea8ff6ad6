// SPDX-License-Identifier: GPL-2.0-or-later
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"

/* A request that was answered. */
struct answered {
	uint8_t authenticator[REPLAY_DIGEST];	/* first: what the tree orders */
	struct in6_addr source;
	uint16_t port;
	bool stamped;
	time_t until;
	size_t len;
	uint8_t *answer;		/* NULL: not in use */
};

struct replay {
	void *tree;			/* of the entries in use */
	unsigned int next;		/* the oldest */
	struct answered entries[REPLAY_MAX];
};

static int replay_compare(const void *a, const void *b)
{
	return memcmp(a, b, REPLAY_DIGEST);
}

struct replay *replay_new(void)
{
	return calloc(1, sizeof(struct replay));
}

static void replay_forget(struct replay *r, struct answered *e)
{
	if (!e->answer)
		return;
	tdelete(e, &r->tree, replay_compare);
	free(e->answer);
	e->answer = NULL;
}

void replay_free(struct replay *r)
{
	unsigned int i;

	if (!r)
		return;
	for (i = 0; i < REPLAY_MAX; i++)
		replay_forget(r, &r->entries[i]);
	free(r);
}

const uint8_t *replay_find(struct replay *r, const struct replay_key *key,
			   time_t now, size_t *len)
{
	struct answered **at = tfind(key->authenticator, &r->tree, replay_compare);
	struct answered *e;

	if (!at)
		return NULL;
	e = *at;
	if (now > e->until ||
	    (!e->stamped && (e->port != key->port ||
			     memcmp(&e->source, &key->source,
				    sizeof(e->source)))))
		return NULL;
	*len = e->len;
	return e->answer;
}

void replay_keep(struct replay *r, const struct replay_key *key, time_t until,
		 const uint8_t *answer, size_t len)
{
	struct answered **at = tfind(key->authenticator, &r->tree, replay_compare);
	struct answered *e = at ? *at : &r->entries[r->next];

	replay_forget(r, e);
	if (!at)
		r->next = (r->next + 1) % REPLAY_MAX;
	e->answer = malloc(len);
	if (!e->answer)
		return;
	memcpy(e->answer, answer, len);
	memcpy(e->authenticator, key->authenticator, REPLAY_DIGEST);
	e->source = key->source;
	e->port = key->port;
	e->stamped = key->stamped;
	e->until = until;
	e->len = len;
	if (!tsearch(e, &r->tree, replay_compare)) {
		free(e->answer);
		e->answer = NULL;
	}
}

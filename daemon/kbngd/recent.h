/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last events that this process has told, for `kbng events`: where they go
 * to a Redis Stream, the journal does not keep them.
 */
#ifndef KBNGD_RECENT_H
#define KBNGD_RECENT_H

#include "control.h"

struct recent;

struct recent *recent_open(void);
void recent_close(struct recent *recent);

/*
 * The event number @seq has the text @body, which is copied. A number that was
 * there before was not kept by the journal: that one and later ones go.
 */
void recent_add(struct recent *recent, uint64_t seq, const char *body);

/* The control command: a page of those after number "after". */
void recent_call(struct kbngd *k, struct control_call *call,
		 const json_t *request);

#endif /* KBNGD_RECENT_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting records on their way: each is in the journal before it is sent,
 * and leaves it when a server has answered.
 *
 * Records go in the order of their coming, several at once, but a session's
 * one after the other; and nothing is under way beside Accounting-On or -Off,
 * which ends all sessions that a server thinks of as ours (RFC 2866 5.1).
 *
 * When no server answers, one record at a time is tried, so that the end of an
 * outage is noticed. A record that gets no answer while others do waits by
 * itself, longer each time, and with it only what its session has after it.
 */
#ifndef KBNGD_OUTBOX_H
#define KBNGD_OUTBOX_H

#include "lib/cookie.h"
#include "kbngd.h"

/* Begin with what the journal has; NULL without memory. */
struct outbox *outbox_open(struct kbngd *k);
void outbox_close(struct outbox *outbox);

/*
 * Put a record of @status of session @s, and note in the journal that this was
 * done. 0, or -1 with the reason logged or counted: then nothing was.
 */
int outbox_put(struct kbngd *k, const struct kbng_session_info *s,
	       const struct cookie *cookie, enum journal_status status);

/* The answer to a request, or none. */
void outbox_answered(struct outbox *outbox, const struct radius_request *req);

/* There are new records: send them soon. */
void outbox_kick(struct outbox *outbox);

/* If one record is left send it, and wait for its answer. */
void outbox_send_last(struct outbox *outbox);

#endif /* KBNGD_OUTBOX_H */

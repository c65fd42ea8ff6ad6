/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting records and Accounting-Requests, RFC 2866 and RFC 2869.
 *
 * A record has all that a request says but for how long ago it was: so it is
 * the same however often it is sent, by whichever run of the daemon.
 */
#ifndef KBNGD_ACCT_H
#define KBNGD_ACCT_H

#include <time.h>

#include "lib/cookie.h"
#include "kbngd.h"

/*
 * Write a record of @status with the counters of @s as they are. Input is what
 * came from the subscriber. 0, or -1 with the reason logged.
 */
int acct_record(struct kbngd *k, const struct kbng_session_info *s,
		const struct cookie *cookie, enum journal_status status,
		struct journal_record *record);

/*
 * Write JOURNAL_ON or _OFF for the module's @instance, which is its
 * Acct-Session-Id (RFC 2866 5.5), of the time @event. 0, or -1, logged.
 */
int acct_nas_record(struct kbngd *k, enum journal_status status,
		    const uint8_t *instance, time_t event,
		    struct journal_record *record);

/*
 * The request that tells @record now, or NULL with the reason logged. It has
 * the record's UUID, and its status as tag.
 */
struct radius_request *acct_request(struct kbngd *k,
				    const struct journal_record *record);

#endif /* KBNGD_ACCT_H */

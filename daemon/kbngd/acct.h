/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting-Requests, RFC 2866 and RFC 2869.
 */
#ifndef KBNGD_ACCT_H
#define KBNGD_ACCT_H

#include "cookie.h"
#include "kbngd.h"

/*
 * Build a record of @status, PW_STATUS_START, _ALIVE or _STOP, with the
 * counters of @s as they are. Input is what came from the subscriber. NULL
 * with the reason logged.
 */
struct radius_request *acct_request(struct kbngd *k,
				    const struct kbng_session_info *s,
				    const struct cookie *cookie,
				    uint32_t status, int tag);

#endif /* KBNGD_ACCT_H */

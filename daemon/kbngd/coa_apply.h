/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a CoA- or Disconnect-Request asks for, done.
 */
#ifndef KBNGD_COA_APPLY_H
#define KBNGD_COA_APPLY_H

#include "coa.h"
#include "kbngd.h"

/*
 * Find the one session that all of @coa's identification fits and do what is
 * asked, whole or not at all. COA_REQUEST_INITIATED: not done yet, but an
 * Access-Request is on its way (RFC 5176 3.2).
 */
enum coa_error coa_apply(struct kbngd *k, const struct coa *coa);

#endif /* KBNGD_COA_APPLY_H */

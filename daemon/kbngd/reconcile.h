/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions and leases brought together: the DHCP server is the authority on
 * who has which address and until when, the kernel on what its sessions did.
 *
 *   lease without session	adopted as a pending session, if its line is known
 *				and nobody ended it on purpose since
 *   session without lease	ended
 *   other expiry		the lease's holds
 *   other address or owner	the session ends; the lease is one without session
 *
 * A pass reads all leases by pages and is at work for a page's worth at a time.
 * Only what Kea has said in an answer counts: if it is away nothing happens.
 */
#ifndef KBNGD_RECONCILE_H
#define KBNGD_RECONCILE_H

#include "control.h"

struct reconcile;

/*
 * Begin with a pass in the loop, and again each kea.interval. Without a kea
 * section *@reconcile stays NULL, as the functions below may get it. Returns
 * 0, or -1 and why in @error, of @size octets.
 */
int reconcile_open(struct kbngd *k, struct reconcile **reconcile, char *error,
		   size_t size);
void reconcile_close(struct reconcile *reconcile);

/* A session has stopped: if on purpose, its lease is not to bring it back. */
void reconcile_stopped(struct kbngd *k, const struct kbng_session_info *s);

/* How it went so far; a new reference, NULL without a kea section. */
json_t *reconcile_status(const struct reconcile *reconcile);

/* The control command: a pass now, only told and not done with "dry_run". */
void reconcile_call(struct kbngd *k, struct control_call *call,
		    const json_t *request);

#endif /* KBNGD_RECONCILE_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates in PEM: whom we believe over TLS, and who we are.
 */
#ifndef KBNGD_CREDENTIALS_H
#define KBNGD_CREDENTIALS_H

#include <stddef.h>

#include "config.h"

/*
 * Read the files of @tls into its credentials, which threads may share and
 * which credentials_free() frees. Returns NULL, or the name of the key that
 * does not do, and in @why, of @size octets, what is wrong and what to do.
 */
const char *credentials_read(struct config_tls *tls, char *why, size_t size);

/* Free the credentials of @tls, which may be NULL. */
void credentials_free(struct config_tls *tls);

#endif /* KBNGD_CREDENTIALS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets: in files that only their owner can read, and gone after use.
 */
#ifndef KBNGD_SECRET_H
#define KBNGD_SECRET_H

#include <stddef.h>

/*
 * Read the first line of the file @path, without its newline. Returns it, to
 * be given to secret_free(), or NULL and in @why, of @size octets, what is
 * wrong and what to do. A file that its group or others can read is refused,
 * and so is an empty line or one of more than @max octets.
 */
char *secret_read(const char *path, size_t max, char *why, size_t size);

/*
 * Open the file @path for reading, if it is one that only its owner can read.
 * Returns the descriptor, or -1 and in @why what is wrong; @advice is what to
 * do where it cannot be opened.
 */
int secret_open(const char *path, const char *advice, char *why, size_t size);

/* Wipe and free @secret, which may be NULL. */
void secret_free(char *secret);

#endif /* KBNGD_SECRET_H */

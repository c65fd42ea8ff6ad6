/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of HTTP as a question to Kea takes: one POST a connection, by
 * HTTP/1.0, so that the answer ends with the connection and is in no chunks
 * (RFC 9112). Pure.
 */
#ifndef KBNGD_HTTP_H
#define KBNGD_HTTP_H

#include <stddef.h>

/*
 * The request to @host and @port with the JSON text @body, and with basic
 * authentication (RFC 7617) unless @user is NULL. To be freed; NULL without
 * memory.
 */
char *http_request(const char *host, unsigned int port, const char *user,
		   const char *password, const char *body);

/*
 * Find the body of the answer @text, of @len octets: @text is moved there and
 * @len is its length. Returns NULL, or why it is no good answer: one line, good
 * until the next call.
 */
const char *http_answer(const char **text, size_t *len);

#endif /* KBNGD_HTTP_H */

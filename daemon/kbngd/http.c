// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <nettle/base64.h>

#include "http.h"

/* "Authorization: Basic ...", or an empty line's worth of nothing. */
static char *http_authorization(const char *user, const char *password)
{
	char *plain = NULL, *line = NULL;
	char *coded;
	int len;

	if (!user)
		return strdup("");
	len = asprintf(&plain, "%s:%s", user, password);
	if (len < 0)
		return NULL;
	coded = calloc(1, BASE64_ENCODE_RAW_LENGTH(len) + 1);
	if (coded) {
		base64_encode_raw(coded, len, (const uint8_t *)plain);
		if (asprintf(&line, "Authorization: Basic %s\r\n", coded) < 0)
			line = NULL;
		explicit_bzero(coded, strlen(coded));
	}
	explicit_bzero(plain, len);
	free(coded);
	free(plain);
	return line;
}

char *http_request(const char *host, unsigned int port, const char *user,
		   const char *password, const char *body)
{
	char *authorization = http_authorization(user, password);
	const char *open = strchr(host, ':') ? "[" : "";
	char *request = NULL;

	if (authorization &&
	    asprintf(&request,
		     "POST / HTTP/1.0\r\n"
		     "Host: %s%s%s:%u\r\n"
		     "Content-Type: application/json\r\n"
		     "Content-Length: %zu\r\n"
		     "%s\r\n%s", open, host, *open ? "]" : "", port,
		     strlen(body), authorization, body) < 0)
		request = NULL;
	if (authorization)
		explicit_bzero(authorization, strlen(authorization));
	free(authorization);
	return request;
}

/* The line at *@text without its end, which *@text is moved behind. */
static const char *http_line(const char **text, const char *end, size_t *len)
{
	const char *line = *text;
	const char *stop = memchr(line, '\n', end - line);

	if (!stop)
		return NULL;
	*text = stop + 1;
	*len = stop - line;
	if (*len && line[*len - 1] == '\r')
		--*len;
	return line;
}

/* Content-Length in a line; false if it is no number. */
static bool http_length(const char *line, size_t len, size_t *length)
{
	static const char name[] = "content-length:";
	size_t i = sizeof(name) - 1, value = 0;

	if (len < i || strncasecmp(line, name, i))
		return true;
	while (i < len && (line[i] == ' ' || line[i] == '\t'))
		i++;
	if (i == len)
		return false;
	for (; i < len && line[i] >= '0' && line[i] <= '9'; i++) {
		if (value > SIZE_MAX / 16)
			return false;
		value = value * 10 + (line[i] - '0');
	}
	*length = value;
	return i == len;
}

const char *http_answer(const char **text, size_t *len)
{
	static char refused[64];
	const char *at = *text, *end = at + *len, *line;
	size_t n, length = SIZE_MAX;

	line = http_line(&at, end, &n);
	if (!line || n < 12 || strncmp(line, "HTTP/1.", 7) || line[8] != ' ')
		return "the answer is not one of HTTP";
	if (strncmp(line + 9, "200", 3)) {
		snprintf(refused, sizeof(refused), "HTTP status %.3s%s",
			 line + 9, strncmp(line + 9, "401", 3) ? "" :
			 ": see kea.user and kea.password_file");
		return refused;
	}
	while ((line = http_line(&at, end, &n)) && n)
		if (!http_length(line, n, &length))
			return "the answer's Content-Length is no number";
	if (!line || (length != SIZE_MAX && length > (size_t)(end - at)))
		return "the answer is cut short";
	*text = at;
	*len = length != SIZE_MAX ? length : (size_t)(end - at);
	return NULL;
}

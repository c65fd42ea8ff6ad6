// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "cookie.h"

#define COOKIE_VERSION	1

enum {
	COOKIE_INTERIM = 2,
	COOKIE_USERNAME,
	COOKIE_CLASS,
	COOKIE_END,
	COOKIE_IDLE,
	COOKIE_ASK_AGAIN,
	COOKIE_DECISION,
	COOKIE_FRAMED,
	COOKIE_CUI,
};

/* False, and nothing written, if there is no room. */
static bool cookie_put(uint8_t *buf, size_t size, size_t *used, uint8_t type,
		       const void *data, uint8_t len)
{
	if (*used + 2 + len > size)
		return false;
	buf[(*used)++] = type;
	buf[(*used)++] = len;
	if (len)
		memcpy(buf + *used, data, len);
	*used += len;
	return true;
}

/* A number that is 0 is left out. */
static void cookie_put_number(uint8_t *buf, size_t size, size_t *used,
			      uint8_t type, uint32_t value)
{
	value = htonl(value);
	if (value)
		cookie_put(buf, size, used, type, &value, 4);
}

size_t cookie_encode(const struct cookie *c, uint8_t *buf, size_t size)
{
	size_t used = 0;
	unsigned int i;

	if (!size)
		return 0;
	buf[used++] = COOKIE_VERSION;
	if (c->ask_again)
		cookie_put(buf, size, &used, COOKIE_ASK_AGAIN, NULL, 0);
	if (c->framed)
		cookie_put(buf, size, &used, COOKIE_FRAMED, NULL, 0);
	cookie_put_number(buf, size, &used, COOKIE_DECISION, c->decision);
	cookie_put_number(buf, size, &used, COOKIE_INTERIM, c->interim);
	cookie_put_number(buf, size, &used, COOKIE_END, c->end);
	cookie_put_number(buf, size, &used, COOKIE_IDLE, c->idle);
	cookie_put(buf, size, &used, COOKIE_USERNAME, c->username.data,
		   c->username.len);
	if (c->cui.len)
		cookie_put(buf, size, &used, COOKIE_CUI, c->cui.data,
			   c->cui.len);
	for (i = 0; i < c->classes; i++)
		if (!cookie_put(buf, size, &used, COOKIE_CLASS,
				c->class[i].data, c->class[i].len))
			break;
	return used;
}

static bool cookie_get_number(uint32_t *number, const uint8_t *data, uint8_t len)
{
	if (len != 4)
		return false;
	memcpy(number, data, 4);
	*number = ntohl(*number);
	return true;
}

static bool cookie_get(struct cookie *c, uint8_t type, const uint8_t *data,
		       uint8_t len)
{
	struct cookie_value *value = &c->username;

	switch (type) {
	case COOKIE_INTERIM:
		return cookie_get_number(&c->interim, data, len);
	case COOKIE_END:
		return cookie_get_number(&c->end, data, len);
	case COOKIE_IDLE:
		return cookie_get_number(&c->idle, data, len);
	case COOKIE_DECISION:
		return cookie_get_number(&c->decision, data, len);
	case COOKIE_ASK_AGAIN:
		c->ask_again = true;
		return true;
	case COOKIE_FRAMED:
		c->framed = true;
		return true;
	case COOKIE_CLASS:
		if (c->classes == COOKIE_CLASSES_MAX)
			return true;
		value = &c->class[c->classes++];
		break;
	case COOKIE_CUI:
		value = &c->cui;
		break;
	case COOKIE_USERNAME:
		break;
	default:
		return true;
	}
	if (len > sizeof(value->data))
		return false;
	value->len = len;
	memcpy(value->data, data, len);
	return true;
}

bool cookie_decode(struct cookie *c, const uint8_t *buf, size_t len)
{
	size_t at = 1;

	memset(c, 0, sizeof(*c));
	if (!len || buf[0] != COOKIE_VERSION)
		return false;
	while (at < len) {
		if (len - at < 2 || len - at - 2 < buf[at + 1])
			return false;
		if (!cookie_get(c, buf[at], buf + at + 2, buf[at + 1]))
			return false;
		at += 2 + buf[at + 1];
	}
	return true;
}

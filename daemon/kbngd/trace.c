// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/fmt.h"
#include "lib/log.h"
#include "lib/parse.h"
#include "trace.h"

#define TRACES_MAX	16
#define SECONDS_MAX	86400

static struct {
	uint8_t mac[KBNG_MAC_LEN];
	time_t until;			/* of CLOCK_BOOTTIME; 0: is free */
} traces[TRACES_MAX];
static unsigned int traces_n;		/* that are not free */

static time_t trace_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* Those whose time is over become free. */
static void traces_expire(void)
{
	time_t now = trace_now();
	size_t i;

	for (i = 0; traces_n && i < TRACES_MAX; i++) {
		if (!traces[i].until || traces[i].until > now)
			continue;
		traces[i].until = 0;
		traces_n--;
	}
}

/* Where @mac is, or -1. */
static int trace_find(const uint8_t *mac)
{
	int i;

	if (!traces_n)
		return -1;
	traces_expire();
	for (i = 0; i < TRACES_MAX; i++)
		if (traces[i].until &&
		    !memcmp(traces[i].mac, mac, KBNG_MAC_LEN))
			return i;
	return -1;
}

bool trace_follows(const uint8_t *mac)
{
	return trace_find(mac) >= 0;
}

void trace(const uint8_t *mac, const char *fmt, ...)
{
	char text[768], name[KBNG_FMT_SIZE];
	va_list ap;

	if (!trace_follows(mac))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	kbng_log_always(KBNG_LOG_NOTICE, "trace mac=%s %s",
			kbng_fmt_mac(name, sizeof(name), mac), text);
}

void trace_pairs(const uint8_t *mac, const char *name, const rc_handle *dict,
		 VALUE_PAIR *pairs)
{
	char key[NAME_LENGTH + 1], value[AUTH_STRING_LEN * 4];
	VALUE_PAIR *vp;

	if (!trace_follows(mac))
		return;
	for (vp = pairs; vp; vp = vp->next) {
		if (strcasestr(vp->name, "password") ||
		    strcasestr(vp->name, "key") ||
		    rc_avpair_tostr(dict, vp, key, sizeof(key), value,
				    sizeof(value)))
			continue;
		trace(mac, "%s %s=\"%s\"", name, key, value);
	}
}

static const char *trace_set(const uint8_t *mac, json_int_t seconds)
{
	int i = trace_find(mac);

	if (i < 0 && !seconds)
		return "it is not traced";
	for (i = i < 0 ? 0 : i; i < TRACES_MAX; i++)
		if (!traces[i].until ||
		    !memcmp(traces[i].mac, mac, KBNG_MAC_LEN))
			break;
	if (i == TRACES_MAX)
		return "as many are traced as can be: end one of them";
	traces_n += !traces[i].until;
	traces_n -= !seconds;
	traces[i].until = seconds ? trace_now() + seconds : 0;
	memcpy(traces[i].mac, mac, KBNG_MAC_LEN);
	return NULL;
}

static json_t *traces_json(void)
{
	json_t *list = json_array();
	char mac[KBNG_FMT_SIZE];
	int i;

	traces_expire();
	for (i = 0; i < TRACES_MAX; i++)
		if (traces[i].until)
			json_array_append_new(list, json_pack("{s:s, s:I}",
				"mac", kbng_fmt_mac(mac, sizeof(mac),
						    traces[i].mac),
				"seconds", (json_int_t)(traces[i].until -
							trace_now())));
	return json_pack("{s:o}", "traced", list);
}

void trace_call(struct kbngd *k, struct control_call *call,
		const json_t *request)
{
	const char *text = json_string_value(json_object_get(request, "mac"));
	const json_t *seconds = json_object_get(request, "seconds");
	const char *why = NULL;
	uint8_t mac[KBNG_MAC_LEN];

	(void)k;
	if (text && (!kbng_parse_mac(text, mac) || !json_is_integer(seconds) ||
		     json_integer_value(seconds) < 0 ||
		     json_integer_value(seconds) > SECONDS_MAX))
		why = "give a MAC address and 0 to 86400 seconds";
	else if (text)
		why = trace_set(mac, json_integer_value(seconds));
	if (why)
		control_refuse(call, "%s", why);
	else
		control_answer(call, traces_json());
}

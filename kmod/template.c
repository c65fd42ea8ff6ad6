// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>
#include "template.h"

enum kbng_template_word {
	KBNG_TEMPLATE_HOST,
	KBNG_TEMPLATE_IFNAME,
	KBNG_TEMPLATE_MAC,
	KBNG_TEMPLATE_VLAN,
	KBNG_TEMPLATE_SVLAN,
	KBNG_TEMPLATE_CVLAN,
	KBNG_TEMPLATE_GIADDR,
	KBNG_TEMPLATE_HOSTNAME,
	KBNG_TEMPLATE_CLIENT_ID,
	KBNG_TEMPLATE_WORDS
};

static const char * const kbng_template_words[KBNG_TEMPLATE_WORDS] = {
	[KBNG_TEMPLATE_HOST] = "{host}",
	[KBNG_TEMPLATE_IFNAME] = "{ifname}",
	[KBNG_TEMPLATE_MAC] = "{mac}",
	[KBNG_TEMPLATE_VLAN] = "{vlan}",
	[KBNG_TEMPLATE_SVLAN] = "{svlan}",
	[KBNG_TEMPLATE_CVLAN] = "{cvlan}",
	[KBNG_TEMPLATE_GIADDR] = "{giaddr}",
	[KBNG_TEMPLATE_HOSTNAME] = "{hostname}",
	[KBNG_TEMPLATE_CLIENT_ID] = "{client_id}",
};

/* The word that *format begins with, which is then behind it; or -1. */
static int kbng_template_word(const char **format)
{
	int i;

	for (i = 0; i < KBNG_TEMPLATE_WORDS; i++) {
		size_t len = strlen(kbng_template_words[i]);

		if (!strncmp(*format, kbng_template_words[i], len)) {
			*format += len;
			return i;
		}
	}
	return -1;
}

/**
 * kbng_template_valid() - whether every brace belongs to a known word
 * @format: the template
 *
 * Return: true when it can be expanded
 */
bool kbng_template_valid(const char *format)
{
	while (*format) {
		if (*format == '{') {
			if (kbng_template_word(&format) < 0)
				return false;
		} else if (*format++ == '}') {
			return false;
		}
	}
	return true;
}

static void kbng_template_octets(struct kbng_id *id, const u8 *data, size_t len)
{
	if (len > sizeof(id->data) - id->len)
		len = sizeof(id->data) - id->len;
	if (len)
		memcpy(id->data + id->len, data, len);
	id->len += len;
}

static void kbng_template_append(struct kbng_id *id, const char *text)
{
	kbng_template_octets(id, (const u8 *)text, strlen(text));
}

static void kbng_template_hex(struct kbng_id *id, const u8 *data, size_t len)
{
	char text[3];

	while (len-- && id->len < sizeof(id->data)) {
		snprintf(text, sizeof(text), "%02x", *data++);
		kbng_template_append(id, text);
	}
}

/**
 * kbng_template_expand() - make a circuit-id or remote-id
 * @id: the result, cut at KBNG_ID_MAX octets
 * @format: a valid template
 * @v: what the words stand for
 */
void kbng_template_expand(struct kbng_id *id, const char *format,
			  const struct kbng_template_values *v)
{
	const u8 *a = (const u8 *)&v->giaddr;
	char text[20];

	id->len = 0;
	while (*format) {
		if (*format != '{') {
			text[0] = *format++;
			text[1] = '\0';
			kbng_template_append(id, text);
			continue;
		}
		switch (kbng_template_word(&format)) {
		case KBNG_TEMPLATE_HOST:
			kbng_template_append(id, v->host);
			break;
		case KBNG_TEMPLATE_IFNAME:
			kbng_template_append(id, v->ifname);
			break;
		case KBNG_TEMPLATE_MAC:
			snprintf(text, sizeof(text),
				 "%02x:%02x:%02x:%02x:%02x:%02x", v->mac[0],
				 v->mac[1], v->mac[2], v->mac[3], v->mac[4],
				 v->mac[5]);
			kbng_template_append(id, text);
			break;
		case KBNG_TEMPLATE_VLAN:
			if (v->svlan)
				snprintf(text, sizeof(text), "%u.%u", v->svlan,
					 v->cvlan);
			else
				snprintf(text, sizeof(text), "%u", v->cvlan);
			kbng_template_append(id, text);
			break;
		case KBNG_TEMPLATE_SVLAN:
			snprintf(text, sizeof(text), "%u", v->svlan);
			kbng_template_append(id, text);
			break;
		case KBNG_TEMPLATE_CVLAN:
			snprintf(text, sizeof(text), "%u", v->cvlan);
			kbng_template_append(id, text);
			break;
		case KBNG_TEMPLATE_GIADDR:
			snprintf(text, sizeof(text), "%u.%u.%u.%u", a[0], a[1],
				 a[2], a[3]);
			kbng_template_append(id, text);
			break;
		case KBNG_TEMPLATE_HOSTNAME:
			kbng_template_octets(id, v->hostname, v->hostname_len);
			break;
		case KBNG_TEMPLATE_CLIENT_ID:
			kbng_template_hex(id, v->client_id, v->client_id_len);
			break;
		default:	/* not valid: kbng_template_valid() was skipped */
			return;
		}
	}
}

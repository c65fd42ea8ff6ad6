// SPDX-License-Identifier: GPL-2.0-or-later
#include <net/if.h>
#include <stdio.h>

#include "lib/log.h"
#include "reload.h"

/* What --check cannot say, since it may run on another machine. */
static int reload_check_devices(const struct config *c, char *error)
{
	uint32_t i;

	for (i = 0; i < c->ifaces_count; i++)
		if (!if_nametoindex(c->ifaces[i].name)) {
			snprintf(error, CONFIG_ERROR_SIZE,
				 "there is no device %s: create it first, or remove it from ifaces",
				 c->ifaces[i].name);
			return -1;
		}
	return 0;
}

int reload_begin(struct kbngd *k, char *error)
{
	struct config *next;

	if (config_load(k->config_path, &next, error))
		return -1;
	if (reload_check_devices(next, error)) {
		config_free(next);
		return -1;
	}
	config_free(k->next);
	k->next = next;
	uv_stop(&k->loop);
	return 0;
}

void reload_call(struct kbngd *k, struct control_call *call,
		 const json_t *request)
{
	char error[CONFIG_ERROR_SIZE];

	(void)request;
	if (reload_begin(k, error))
		control_refuse(call, "%s", error);
	else
		control_answer(call, json_pack("{s:s}", "configuration",
					       k->config_path));
}

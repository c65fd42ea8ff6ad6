// SPDX-License-Identifier: GPL-2.0-or-later
#include "names.h"

#include <strings.h>
#include <linux/kbng.h>

#define NAMES(list)	{ list, sizeof(list) / sizeof((list)[0]) }

static const char *const states[] = {
	[KBNG_STATE_OFFERED] = "offered",
	[KBNG_STATE_PENDING] = "pending",
	[KBNG_STATE_ACTIVE] = "active",
	[KBNG_STATE_REJECTED] = "rejected",
	[KBNG_STATE_STOPPED] = "stopped",
};

static const char *const roles[] = {
	[KBNG_ROLE_ACCESS] = "access",
	[KBNG_ROLE_CORE] = "core",
};

static const char *const shapers[] = {
	[KBNG_SHAPER_AUTO] = "auto",
	[KBNG_SHAPER_EDT] = "edt",
	[KBNG_SHAPER_POLICE] = "police",
};

static const char *const switch_positions[] = { "off", "on" };

static const char *const causes[] = {
	[KBNG_CAUSE_USER_REQUEST] = "User-Request",
	[KBNG_CAUSE_LOST_CARRIER] = "Lost-Carrier",
	[KBNG_CAUSE_LOST_SERVICE] = "Lost-Service",
	[KBNG_CAUSE_IDLE_TIMEOUT] = "Idle-Timeout",
	[KBNG_CAUSE_SESSION_TIMEOUT] = "Session-Timeout",
	[KBNG_CAUSE_ADMIN_RESET] = "Admin-Reset",
	[KBNG_CAUSE_ADMIN_REBOOT] = "Admin-Reboot",
	[KBNG_CAUSE_PORT_ERROR] = "Port-Error",
	[KBNG_CAUSE_NAS_ERROR] = "NAS-Error",
	[KBNG_CAUSE_NAS_REQUEST] = "NAS-Request",
	[11] = "NAS-Reboot",
	[12] = "Port-Unneeded",
	[13] = "Port-Preempted",
	[14] = "Port-Suspended",
	[15] = "Service-Unavailable",
	[16] = "Callback",
	[KBNG_CAUSE_USER_ERROR] = "User-Error",
	[18] = "Host-Request",
};

static const char *const dhcp_types[] = {
	[1] = "discover",
	[2] = "offer",
	[3] = "request",
	[4] = "decline",
	[5] = "ack",
	[6] = "nak",
	[7] = "release",
	[8] = "inform",
};

const struct kbng_names kbng_states = NAMES(states);
const struct kbng_names kbng_roles = NAMES(roles);
const struct kbng_names kbng_shapers = NAMES(shapers);
const struct kbng_names kbng_switch = NAMES(switch_positions);
const struct kbng_names kbng_causes = NAMES(causes);
const struct kbng_names kbng_dhcp_types = NAMES(dhcp_types);

const char *kbng_name(const struct kbng_names *names, uint32_t value)
{
	if (value >= names->count || !names->name[value])
		return "unknown";
	return names->name[value];
}

bool kbng_name_parse(const struct kbng_names *names, const char *text,
		     uint32_t *value)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (names->name[i] && !strcasecmp(names->name[i], text)) {
			*value = i;
			return true;
		}
	}
	return false;
}

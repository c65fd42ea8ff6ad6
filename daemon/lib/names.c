// SPDX-License-Identifier: GPL-2.0-or-later
#include "names.h"

#include <strings.h>
#include <linux/kbng.h>

#include "cookie.h"

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

static const char *const prefix_kinds[] = {
	[KBNG_PREFIX_STATIC] = "static",
	[KBNG_PREFIX_NA] = "na",
	[KBNG_PREFIX_PD] = "pd",
};

static const char *const vlan_modes[] = {
	[KBNG_VLAN_NONE] = "none",
	[KBNG_VLAN_SINGLE] = "single",
	[KBNG_VLAN_DOUBLE] = "double",
	[KBNG_VLAN_BOTH] = "both",
};

static const char *const vlan_protocols[] = {
	[KBNG_VLAN_8021Q] = "802.1q",
	[KBNG_VLAN_8021AD] = "802.1ad",
};

static const char *const switch_positions[] = { "off", "on" };

static const char *const opt82_policies[] = {
	[KBNG_OPT82_KEEP] = "keep",
	[KBNG_OPT82_REPLACE] = "replace",
	[KBNG_OPT82_APPEND] = "append",
	[KBNG_OPT82_DROP] = "drop",
};

static const char *const servers_modes[] = {
	[KBNG_SERVERS_ALL] = "all",
	[KBNG_SERVERS_FAILOVER] = "failover",
};

static const char *const moves[] = {
	[KBNG_MOVE_FOLLOW] = "follow",
	[KBNG_MOVE_DENY] = "deny",
};

static const char *const auths[] = {
	[KBNG_AUTH_ACK] = "ack",
	[KBNG_AUTH_OFFER] = "offer",
};

static const char *const offers[] = {
	[KBNG_OFFER_FREE] = "free",
	[KBNG_OFFER_WANTED] = "wanted",
	[KBNG_OFFER_GRANTED] = "granted",
	[KBNG_OFFER_REFUSED] = "refused",
};

static const char *const triggers[] = {
	[KBNG_TRIGGER_NONE] = "none",
	[KBNG_TRIGGER_PACKET] = "packet",
	[KBNG_TRIGGER_ARP] = "arp",
	[KBNG_TRIGGER_SOLICITATION] = "solicitation",
};

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

static const char *const decisions[] = {
	[DECISION_ACCEPT] = "accept",
	[DECISION_LOCAL] = "local",
	[DECISION_LAST] = "last",
	[DECISION_OPEN] = "open",
	[DECISION_WALLED] = "walled",
	[DECISION_OPERATOR] = "operator",
	[DECISION_BLOCK] = "block",
	[DECISION_HOLD] = "hold",
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
const struct kbng_names kbng_prefix_kinds = NAMES(prefix_kinds);
const struct kbng_names kbng_vlan_modes = NAMES(vlan_modes);
const struct kbng_names kbng_vlan_protocols = NAMES(vlan_protocols);
const struct kbng_names kbng_switch = NAMES(switch_positions);
const struct kbng_names kbng_opt82_policies = NAMES(opt82_policies);
const struct kbng_names kbng_servers_modes = NAMES(servers_modes);
const struct kbng_names kbng_moves = NAMES(moves);
const struct kbng_names kbng_auths = NAMES(auths);
const struct kbng_names kbng_offers = NAMES(offers);
const struct kbng_names kbng_triggers = NAMES(triggers);
const struct kbng_names kbng_causes = NAMES(causes);
const struct kbng_names kbng_decisions = NAMES(decisions);
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

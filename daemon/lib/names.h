/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for the contract's enumerations, both ways.
 */
#ifndef KBNG_NAMES_H
#define KBNG_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of an array of texts. */
#define NAMES(list)	{ list, sizeof(list) / sizeof((list)[0]) }

/** struct kbng_names - names of the values 0 to @count - 1; NULL has none */
struct kbng_names {
	const char *const *name;
	size_t count;
};

extern const struct kbng_names kbng_states;	/* enum kbng_state: "active" */
extern const struct kbng_names kbng_roles;	/* enum kbng_role: "access" */
extern const struct kbng_names kbng_shapers;	/* enum kbng_shaper_mode: "edt" */
extern const struct kbng_names kbng_prefix_kinds; /* enum kbng_prefix_kind: "pd" */
extern const struct kbng_names kbng_vlan_modes;	/* enum kbng_vlan_mode: "single" */
extern const struct kbng_names kbng_vlan_protocols; /* enum: "802.1q" */
extern const struct kbng_names kbng_switch;	/* 0 "off", 1 "on" */
extern const struct kbng_names kbng_opt82_policies;	/* enum kbng_opt82_policy: "keep" */
extern const struct kbng_names kbng_servers_modes;	/* enum kbng_servers_mode: "all" */
extern const struct kbng_names kbng_moves;	/* enum kbng_move: "follow" */
extern const struct kbng_names kbng_auths;	/* enum kbng_auth: "ack" */
extern const struct kbng_names kbng_offers;	/* enum kbng_offer: "wanted" */
extern const struct kbng_names kbng_triggers;	/* enum kbng_trigger: "arp" */
extern const struct kbng_names kbng_causes;	/* RFC 2866 5.10: "User-Request" */
extern const struct kbng_names kbng_decisions;	/* enum decision: "accept" */
extern const struct kbng_names kbng_dhcp_types;	/* RFC 2132 9.6: "discover" */

/* The name of @value; "unknown" where this version has none. Static. */
const char *kbng_name(const struct kbng_names *names, uint32_t value);

/* Any case. False if there is no such name; then @value stays as it was. */
bool kbng_name_parse(const struct kbng_names *names, const char *text,
		     uint32_t *value);

#endif /* KBNG_NAMES_H */

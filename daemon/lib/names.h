/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for the contract's enumerations, both ways.
 */
#ifndef KBNG_NAMES_H
#define KBNG_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** struct kbng_names - names of the values 0 to @count - 1; NULL has none */
struct kbng_names {
	const char *const *name;
	size_t count;
};

extern const struct kbng_names kbng_states;	/* enum kbng_state: "active" */
extern const struct kbng_names kbng_roles;	/* enum kbng_role: "access" */
extern const struct kbng_names kbng_shapers;	/* enum kbng_shaper_mode: "edt" */
extern const struct kbng_names kbng_switch;	/* 0 "off", 1 "on" */
extern const struct kbng_names kbng_causes;	/* RFC 2866 5.10: "User-Request" */
extern const struct kbng_names kbng_dhcp_types;	/* RFC 2132 9.6: "discover" */

/* The name of @value; "unknown" where this version has none. Static. */
const char *kbng_name(const struct kbng_names *names, uint32_t value);

/* Any case. False if there is no such name; then @value stays as it was. */
bool kbng_name_parse(const struct kbng_names *names, const char *text,
		     uint32_t *value);

#endif /* KBNG_NAMES_H */

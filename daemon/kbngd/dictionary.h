/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes that kbngd sends or reads, for radcli, and those that servers
 * often send besides: it writes a line to the system log for each attribute
 * that it does not know. Built in: auth.c and acct.c name the same attributes,
 * so a file could only be missing or wrong. What radius.rates maps is added by
 * policy_dictionary().
 */
#ifndef KBNGD_DICTIONARY_H
#define KBNGD_DICTIONARY_H

#include <stddef.h>

#define CHARGEABLE_USER_IDENTITY 89	/* RFC 4372 */

/* Of dictionary.kbng. */
#define VENDOR_KBNG		32473
#define KBNG_WALLED		15
#define KBNG_INPUT_OCTETS_IPV6	10
#define KBNG_OUTPUT_OCTETS_IPV6	11
#define KBNG_INPUT_PACKETS_IPV6	12
#define KBNG_OUTPUT_PACKETS_IPV6 13

extern const char dictionary_text[];
extern const size_t dictionary_size;

#endif /* KBNGD_DICTIONARY_H */

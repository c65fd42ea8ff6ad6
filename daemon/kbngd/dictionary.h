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

extern const char dictionary_text[];
extern const size_t dictionary_size;

#endif /* KBNGD_DICTIONARY_H */

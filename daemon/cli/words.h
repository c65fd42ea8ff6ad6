/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arguments as "word value" pairs, into a plain struct.
 */
#ifndef KBNG_WORDS_H
#define KBNG_WORDS_H

#include "field.h"

/**
 * struct word - a word that takes a value
 * @key: as typed
 * @kind: of the value; %KIND_ADDRS, %KIND_ADDRS6 and %KIND_PREFIXES may
 *	be given several times
 * @offset: where the value goes
 * @flag: FLAG() of a bool to set, of %KIND_ADDRS of the count, or 0
 * @min: smallest number
 * @max: largest number, if not 0, or octets that a text may have
 * @mandatory: an error if it is missing
 * @names: of %KIND_NAME
 * @help: what the value means
 */
struct word {
	const char *key;
	enum kind kind;
	size_t offset;
	size_t flag;
	uint32_t min, max;
	bool mandatory;
	const struct kbng_names *names;
	const char *help;
};

#define WORDS_ERROR_MAX	320

/* The word called @key in @words, which end with a NULL key; NULL if none. */
const struct word *words_find(const struct word *words, const char *key);

/* Fill @object; false with a line about it in @error of WORDS_ERROR_MAX octets. */
bool words_parse(const struct word *words, int argc, char **argv, void *object,
		 char *error);

#endif /* KBNG_WORDS_H */

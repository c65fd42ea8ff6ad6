/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text with {variables}, for user names and the like. Pure.
 */
#ifndef KBNGD_TEMPLATE_H
#define KBNGD_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/model.h"

/* Longest result: the value of a RADIUS attribute, RFC 2865 5. */
#define TEMPLATE_MAX	253

/*
 * Whether @format uses only {mac}, {ifname}, {circuit_id}, {remote_id},
 * {hostname}, {address} and {bng_id}, with braces in pairs. If not, *@at is
 * where it goes wrong.
 */
bool template_check(const char *format, const char **at);

/*
 * Write @format with the values of @s and @bng_id into @out. A blob of octets
 * comes as kbng_fmt_blob() writes it, an absent one as nothing. Returns the
 * length, or -1 if @format is not one that template_check() accepts or the
 * result does not fit @size.
 */
int template_expand(const char *format, const struct kbng_session_info *s,
		    const char *bng_id, char *out, size_t size);

#endif /* KBNGD_TEMPLATE_H */

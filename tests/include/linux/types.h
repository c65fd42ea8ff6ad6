/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Enough of the kernel's headers to compile kmod's pure files in userspace:
 * put this directory first in the include path.
 */
#ifndef KBNG_TESTS_LINUX_TYPES_H
#define KBNG_TESTS_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define U32_MAX UINT32_MAX

#endif

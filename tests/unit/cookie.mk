# SPDX-License-Identifier: GPL-2.0-or-later
cookie_SRCS = $(root)/daemon/kbngd/cookie.c

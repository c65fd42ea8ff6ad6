# SPDX-License-Identifier: GPL-2.0-or-later
saved_SRCS = $(root)/daemon/kbngd/saved.c

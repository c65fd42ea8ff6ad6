# SPDX-License-Identifier: GPL-2.0-or-later
template_SRCS = $(root)/daemon/kbngd/template.c

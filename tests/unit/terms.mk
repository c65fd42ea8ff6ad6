# SPDX-License-Identifier: GPL-2.0-or-later
terms_SRCS = $(root)/daemon/kbngd/terms.c
terms_LIBS = `pkg-config --libs radcli`

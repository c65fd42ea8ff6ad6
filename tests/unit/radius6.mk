# SPDX-License-Identifier: GPL-2.0-or-later
radius6_SRCS = $(root)/daemon/kbngd/radius6.c
radius6_LIBS = `pkg-config --libs radcli`

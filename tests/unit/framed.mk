# SPDX-License-Identifier: GPL-2.0-or-later
framed_SRCS = $(root)/daemon/kbngd/framed.c
framed_LIBS = `pkg-config --libs radcli`

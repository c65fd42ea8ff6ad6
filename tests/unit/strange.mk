# SPDX-License-Identifier: GPL-2.0-or-later
strange_SRCS = $(addprefix $(root)/daemon/kbngd/,strange.c policy.c)
strange_LIBS = `pkg-config --libs radcli`

# SPDX-License-Identifier: GPL-2.0-or-later
coa_SRCS = $(addprefix $(root)/daemon/kbngd/,coa.c packet.c policy.c)
coa_LIBS = `pkg-config --libs radcli nettle`

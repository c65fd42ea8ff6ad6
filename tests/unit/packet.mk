# SPDX-License-Identifier: GPL-2.0-or-later
packet_SRCS = $(root)/daemon/kbngd/packet.c $(root)/daemon/kbngd/dictionary.c
packet_LIBS = `pkg-config --libs radcli nettle`

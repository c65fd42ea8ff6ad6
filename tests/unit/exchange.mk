# SPDX-License-Identifier: GPL-2.0-or-later
exchange_SRCS = $(addprefix $(root)/daemon/kbngd/,exchange_many.c packet.c deadline.c radsec.c)
exchange_LIBS = `pkg-config --libs radcli nettle gnutls` -lpthread

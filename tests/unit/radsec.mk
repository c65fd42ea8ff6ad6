# SPDX-License-Identifier: GPL-2.0-or-later
radsec_SRCS = $(addprefix $(root)/daemon/kbngd/,exchange.c packet.c deadline.c radsec.c credentials.c secret.c)
radsec_LIBS = `pkg-config --libs radcli nettle gnutls` -lpthread

# SPDX-License-Identifier: GPL-2.0-or-later
acct_SRCS = $(addprefix $(root)/daemon/kbngd/,acct.c auth.c framed.c radius.c radius_thread.c exchange.c exchange_many.c \
	deadline.c radsec.c packet.c dictionary.c strange.c policy.c template.c)
acct_LIBS = `pkg-config --libs radcli nettle gnutls libuv` -lpthread

# SPDX-License-Identifier: GPL-2.0-or-later
http_SRCS = $(root)/daemon/kbngd/http.c
http_LIBS = `pkg-config --libs nettle`

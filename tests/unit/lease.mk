# SPDX-License-Identifier: GPL-2.0-or-later
lease_SRCS = $(root)/daemon/kbngd/lease.c
lease_LIBS = `pkg-config --libs jansson`

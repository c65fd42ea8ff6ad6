# SPDX-License-Identifier: GPL-2.0-or-later
policy_SRCS = $(root)/daemon/kbngd/policy.c
policy_LIBS = `pkg-config --libs radcli`

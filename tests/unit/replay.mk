# SPDX-License-Identifier: GPL-2.0-or-later
replay_SRCS = $(root)/daemon/kbngd/replay.c

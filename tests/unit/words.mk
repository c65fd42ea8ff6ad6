# SPDX-License-Identifier: GPL-2.0-or-later
words_SRCS = $(root)/daemon/cli/words.c $(root)/daemon/cli/field.c
words_LIBS = `pkg-config --libs jansson`

# SPDX-License-Identifier: GPL-2.0-or-later
subscribers_SRCS = $(addprefix $(root)/daemon/kbngd/,subscribers.c yamlfile.c)
subscribers_LIBS = `pkg-config --libs libcyaml yaml-0.1`

# SPDX-License-Identifier: GPL-2.0-or-later
config_SRCS = $(addprefix $(root)/daemon/kbngd/,config.c config_schema.c \
	config_check.c yamlfile.c secret.c template.c policy.c)
config_LIBS = `pkg-config --libs libcyaml yaml-0.1 radcli`

# SPDX-License-Identifier: GPL-2.0-or-later
config_SRCS = $(addprefix $(root)/daemon/kbngd/,config.c config_schema.c \
	config_check.c config_admission.c config_servers.c config_redis.c config_sessions.c yamlfile.c \
	credentials.c secret.c template.c policy.c)
config_LIBS = `pkg-config --libs libcyaml yaml-0.1 radcli gnutls`

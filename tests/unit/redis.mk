# SPDX-License-Identifier: GPL-2.0-or-later
redis_SRCS = $(addprefix $(root)/daemon/kbngd/,redis.c redis_entry.c \
	redis_link.c sentinel.c journal.c journal_read.c \
	journal_group.c journal_session.c journal_record.c)
redis_LIBS = `pkg-config --libs hiredis libuv jansson sqlite3`

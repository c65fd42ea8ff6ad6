# SPDX-License-Identifier: GPL-2.0-or-later
outbox_SRCS = $(addprefix $(root)/daemon/kbngd/,outbox.c group.c journal.c \
	journal_read.c journal_group.c journal_session.c journal_line.c journal_record.c)
outbox_LIBS = `pkg-config --libs sqlite3 libuv`

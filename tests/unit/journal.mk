# SPDX-License-Identifier: GPL-2.0-or-later
journal_SRCS = $(addprefix $(root)/daemon/kbngd/,journal.c journal_read.c \
	journal_group.c journal_session.c journal_line.c journal_known.c journal_record.c)
journal_LIBS = `pkg-config --libs sqlite3`

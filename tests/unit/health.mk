# SPDX-License-Identifier: GPL-2.0-or-later
health_CFLAGS = `pkg-config --cflags libuv jansson radcli hiredis`
health_LIBS = `pkg-config --libs libuv`

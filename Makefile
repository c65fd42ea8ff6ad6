# SPDX-License-Identifier: GPL-2.0-or-later
# Thin: each part's own makefile does the work. `make help` lists the targets.

KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build
# The machine's own kernel may have no headers: then build for the newest
# stock kernel that has, which is what the guests boot.
ifeq ($(wildcard $(KDIR)/Makefile),)
KDIR	:= $(lastword $(sort $(wildcard /lib/modules/*/build)))
endif

.PHONY: all module daemon demo check bench fuzz chaos install install-dkms clean style help

all: module daemon	## build module, daemon and CLI

module:			## build kmod/kbng.ko for KDIR
	@test -n "$(KDIR)" || { echo "no kernel headers: apt-get install linux-headers-amd64, or make module KDIR=<build tree>" >&2; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) W=1 KCFLAGS=-Werror modules

daemon:			## build kbngd and kbng into build/
	$(MAKE) -C daemon

demo:			## run the main job in a guest; KEEP=1 leaves a shell in it
	lab/demo

check:			## pass all tests; installs what it needs
	tests/check

bench:			## measure speed and memory against plain forwarding and others
	tests/bench/run

fuzz:			## fuzz parsers, netlink and frames for longer; FUZZ_SECONDS=600, SEED
	$(MAKE) -C tests/fuzz run FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600)
	FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600) SELFTEST_SECONDS=$$(($(or $(FUZZ_SECONDS),600) + 900)) \
		tests/check debug fuzz_netlink fuzz_frames

chaos: daemon		## kill, pause and cut off what is around it; MINUTES=10, SEED, SUBSCRIBERS
	$(MAKE) -C tests/selftests/tools
	tests/uml/run --mem 3000 --timeout $$(($(or $(MINUTES),10) * 60 + 1200)) -- \
		env SEED=$(SEED) MINUTES=$(or $(MINUTES),10) \
		SUBSCRIBERS=$(or $(SUBSCRIBERS),500) tests/selftests/chaos.sh

install:		## install daemon, CLI, manual pages and completion (PREFIX, DESTDIR)
	$(MAKE) -C daemon install

install-dkms:		## register the module with DKMS, build and install it
	tests/dkms --install

style:			## checkpatch, sparse and kernel-doc, all silent
	tests/style

clean:			## remove what was built
	rm -rf build
	-[ -z "$(KDIR)" ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

help:			## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 16

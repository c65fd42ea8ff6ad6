#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Send damaged frames through the taps acc1 and core1 of this namespace.

tests/selftests/fuzz_frames.sh has made them, and the sessions. What comes out
towards the core must be from a session that may send, or from the relay:
anything else is shown and fails the run. Prints the seed, which gives the same
frames again, and a digest of them.
"""
import argparse
import fcntl
import hashlib
import os
import random
import struct
import sys
import time

import make
import wire

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454ca, 2, 0x1000
BATCH = 50
RELAY = (make.BNG, make.GATEWAY, make.BNG6, make.LINK6)


class Tap:
    def __init__(self, name):
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.fd, TUNSETIFF,
                    struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
        self.name = name

    def up(self):
        with open(f"/sys/class/net/{self.name}/operstate", encoding="ascii") as file:
            return file.read().strip() in ("up", "unknown")

    def send(self, frame):
        while True:
            try:
                os.write(self.fd, frame)
                return
            except BlockingIOError:
                time.sleep(.001)

    def received(self):
        while True:
            try:
                yield os.read(self.fd, 65536)
            except BlockingIOError:
                return


class Fuzzer:
    def __init__(self, args):
        self.acc, self.core = Tap("acc1"), Tap("core1")
        while not (self.acc.up() and self.core.up()):
            time.sleep(.05)		# the kernel looks after its links
        self.maker = make.Maker(args.hosts)
        self.rng = random.Random(args.seed)
        self.digest = hashlib.sha256()
        self.sent = self.forwarded = self.answered = 0
        self.may4 = {make.host_address(n) for n in range(1, args.active + 1)}
        self.may6 = {make.host_prefix(n) for n in range(1, args.active + 1)}
        self.may6.add(make.LEASED6)

    def allowed(self, frame):
        """Whether a frame towards the core is from who may send."""
        kind = frame[12:14]
        if kind == wire.IPV4:
            source, may = frame[26:30], frame[26:30] in self.may4
        elif kind == wire.IPV6:
            source, may = frame[22:38], frame[22:30] in self.may6
        else:
            return kind == wire.ARP
        self.forwarded += may
        return may or source in RELAY

    def drain(self):
        """False if something came out that should not have."""
        self.answered += sum(1 for _ in self.acc.received())
        for frame in self.core.received():
            if not self.allowed(frame):
                print("# from nobody who may send, to the core:", frame.hex())
                return False
        return True

    def run(self, seconds, count):
        end = time.monotonic() + seconds
        while self.sent < count if count else time.monotonic() < end:
            for _ in range(BATCH):
                if self.rng.random() < .6:
                    tap, frame = self.acc, self.maker.up(self.rng)
                else:
                    tap, frame = self.core, self.maker.down(self.rng)
                self.digest.update(frame)
                tap.send(frame)
            self.sent += BATCH
            if not self.drain():
                return 1
        print(f"# {self.sent} frames, {self.forwarded} forwarded to the core, "
              f"{self.answered} came out to subscribers")
        print(f"# digest {self.digest.hexdigest()[:16]}")
        return not (self.forwarded and self.answered)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**9)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--count", type=int, help="frames, instead of seconds")
    parser.add_argument("--hosts", type=int, default=8)
    parser.add_argument("--active", type=int, default=6, help="of them, the first")
    args = parser.parse_args()
    print(f"# seed {args.seed}", flush=True)
    sys.exit(Fuzzer(args).run(args.seconds, args.count))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames from subscribers and from the core: good ones, and damaged ones."""
import ipaddress
import os
import struct

import wire

CORPUS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../corpus/frames")
GATEWAY_MAC = bytes.fromhex("0200000000fe")
CORE_MAC = bytes.fromhex("0200000000fd")
SERVER_MAC = bytes.fromhex("020000000002")
# As tests/selftests/fuzz_frames.sh has them.
GATEWAY, BNG, SERVER, LINK6, BNG6, SERVER6 = (ipaddress.ip_address(a).packed for a in (
    "10.65.0.1", "192.0.3.1", "192.0.3.2", "2001:db8:65::1", "2001:db8:d::1", "2001:db8:d::2"))
LEASED6 = LINK6[:8]		# what servers give to all that may send, and others
LONGEST = 1514
# Numbers that parsers trip over: lengths, types, options.
NASTY = bytes.fromhex("00010204050608333435365052ff7f80fefffc3b3a2c4560450608")
ALL_NODES = ipaddress.ip_address("ff02::1").packed


def host_mac(n):
    return bytes([2, 1, 0, 0, 0, n])


def host_address(n):
    return bytes([10, 65, 1, n])


def host_prefix(n):
    """Its first 64 bits; static, see the selftest."""
    return bytes.fromhex("20010db80066") + bytes([n, 0])


def link_local(mac):
    return b"\xfe\x80" + bytes(6) + bytes([mac[0] ^ 2]) + mac[1:3] + b"\xff\xfe" + mac[3:]


def host_tags(n):
    return {3: "81000064", 4: "810000c881000007", 5: "88a8012c81000007",
            6: "81000065", 8: "81000064"}.get(n, "")


class Maker:
    """Draws from RNG only. HOSTS subscribers, of which the first is the corpus's."""

    def __init__(self, hosts):
        self.hosts, self.corpus = hosts, []
        for name in sorted(os.listdir(CORPUS)):
            with open(os.path.join(CORPUS, name), encoding="ascii") as file:
                self.corpus += [bytes.fromhex(line) for line in file
                                if line.strip() and line[0] != "#"]
        self.asked = {wire.IPV4: [], wire.IPV6: []}	# (MAC, DHCP), newest last

    def host(self, rng):
        return rng.randint(1, self.hosts + 1)		# the last is nobody

    def up(self, rng):
        """A frame on the access side."""
        n = self.host(rng)
        mac = host_mac(n)
        kind = rng.random()
        if kind < .5:
            if rng.random() < .1:
                mac = b"\x02\x02" + rng.randbytes(4)
            frame = rng.choice(self.corpus).replace(link_local(host_mac(1)), link_local(mac))
            frame = self.remember(frame.replace(host_mac(1), mac))
        elif kind < .6:
            frame = self.arp(rng, n)
        elif kind < .7:
            frame = self.neighbour(rng, n)
        elif kind < .85:
            frame = GATEWAY_MAC + mac + wire.IPV4 + self.packet4(
                rng, host_address(n), self.far4(rng))
        else:
            frame = GATEWAY_MAC + mac + wire.IPV6 + self.packet6(
                rng, self.near6(rng, n), self.far6(rng))
        tags = host_tags(n if rng.random() < .9 else self.host(rng))
        return self.bend(rng, frame[:12] + bytes.fromhex(tags) + frame[12:])

    def remember(self, frame):
        """What a server may answer; that of others is the frame alone."""
        kind = frame[12:14]
        if kind == wire.IPV4 and frame[23] == wire.UDP:
            self.asked[kind].append((frame[6:12], frame[42:]))
        elif kind == wire.IPV6 and frame[20] == wire.UDP:
            self.asked[kind].append((frame[6:12], frame[62:]))
        else:
            return frame
        del self.asked[kind][:-20]
        return frame

    def down(self, rng):
        """A frame on the core side."""
        kind = rng.random()
        head = CORE_MAC + SERVER_MAC
        if kind < .35:
            frame = head + wire.IPV4 + self.reply4(rng)
        elif kind < .6:
            frame = head + wire.IPV6 + self.reply6(rng)
        elif kind < .8:
            frame = head + wire.IPV4 + self.packet4(
                rng, self.far4(rng), host_address(self.host(rng)))
        else:
            frame = head + wire.IPV6 + self.packet6(
                rng, self.far6(rng), self.near6(rng, self.host(rng)))
        return self.bend(rng, frame)

    # --- Packets ----------------------------------------------------------------

    @staticmethod
    def far4(rng):
        return rng.choice([SERVER, b"\xc6\x33\x64" + rng.randbytes(1), rng.randbytes(4),
                           GATEWAY, host_address(2)])

    @staticmethod
    def far6(rng):
        return rng.choice([SERVER6, LINK6, host_prefix(2) + bytes(7) + b"\1", ALL_NODES,
                           bytes.fromhex("20010db800ff") + rng.randbytes(10),
                           rng.randbytes(16)])

    @staticmethod
    def near6(rng, n):
        return rng.choice([host_prefix(n) + rng.randbytes(8)] * 4 +
                          [link_local(host_mac(n)), bytes(16)])

    @staticmethod
    def payload(rng):
        data = rng.randbytes(rng.choice([0, 1, 18, 100, 1000, 1400]))
        return rng.choice([
            (wire.udp(rng.randint(1, 65535), 9, data), wire.UDP),
            (wire.udp(rng.choice([67, 68, 546, 547]), rng.choice([67, 68, 546, 547]), data),
             wire.UDP),
            (struct.pack(">HHIIBBHHH", 1000, 80, 1, 0, 0x50, 2, 65535, 0, 0) + data, 6),
            (data, rng.randrange(256))])

    def packet4(self, rng, source, destination):
        body, protocol = self.payload(rng)
        options = rng.choice([b""] * 8 + [b"\1\1\1\0", b"\x94\4\0\0", rng.randbytes(8)])
        fragment = rng.choice([0] * 6 + [0x4000, 0x2000, 0x2010, 0x00b9, rng.getrandbits(16)])
        return wire.ipv4(source, destination, protocol, body, rng.choice([64, 64, 64, 2, 1, 0]),
                         options, fragment)

    def packet6(self, rng, source, destination):
        body, protocol = self.payload(rng)
        for _ in range(rng.choice([0, 0, 0, 1, 2])):	# extension headers
            size = rng.choice([0, 0, 1, 31])
            body = bytes([protocol, size]) + rng.randbytes(6 + 8 * size) + body
            protocol = rng.choice([0, 43, 44, 51, 60, 135])
        return wire.ipv6(source, destination, protocol, body, rng.choice([64, 64, 255, 2, 1, 0]))

    def arp(self, rng, n):
        m = self.host(rng)
        sender = rng.choice([host_address(n), host_address(m), bytes(4), GATEWAY])
        return rng.choice([b"\xff" * 6, GATEWAY_MAC]) + host_mac(n) + wire.ARP + \
            struct.pack(">HHBBH", 1, 0x800, 6, 4, rng.randint(1, 2)) + host_mac(n) + \
            sender + bytes(6) + rng.choice([GATEWAY, host_address(m)])

    def neighbour(self, rng, n):
        """Router and neighbour discovery, redirects, group membership."""
        m = self.host(rng)
        kind = rng.choice([133, 134, 135, 135, 136, 137, 130, 131, 143])
        target = rng.choice([LINK6, link_local(host_mac(m)), link_local(GATEWAY_MAC),
                             host_prefix(m) + rng.randbytes(8), ALL_NODES])
        option = bytes([rng.choice([1, 2, 3, 5, 14, 25]), rng.choice([0, 1, 1, 1, 2, 4, 255])])
        body = struct.pack(">BBHI", kind, rng.choice([0, 0, 0, 1]), 0, 0) + \
            (b"" if kind in (133, 134) else target) + \
            rng.choice([b"", option + host_mac(m), option + rng.randbytes(30)])
        source = rng.choice([link_local(host_mac(n)), bytes(16), self.near6(rng, n)])
        return b"\x33\x33\0\0\0\1" + host_mac(n) + wire.IPV6 + wire.ipv6(
            source, rng.choice([ALL_NODES, LINK6]), wire.ICMP6, body, rng.choice([255, 255, 64]))

    # --- Servers ----------------------------------------------------------------

    def asked_for(self, rng, kind):
        return rng.choice((self.asked[kind] or [(host_mac(1), rng.randbytes(300))])[-8:])

    def reply4(self, rng):
        """A server's answer to a request, to the giaddr."""
        request = bytearray(self.asked_for(rng, wire.IPV4)[1].ljust(240, b"\0"))
        request[0] = 2
        request[16:20] = host_address(rng.randint(1, 40))
        request[24:28] = GATEWAY
        options = b"\x35\1" + bytes([rng.choice([2, 5, 5, 6])]) + b"\x36\4" + SERVER + \
            b"\x33\4" + struct.pack(">I", rng.choice([0, 1, 60, 600, 0xffffffff]))
        return wire.ipv4(SERVER, GATEWAY, wire.UDP, wire.udp(
            67, 67, bytes(request[:240]) + options + b"\xff"))

    @staticmethod
    def option6(code, data):
        return struct.pack(">HH", code, len(data)) + data

    def lease6(self, rng):
        times = struct.pack(">II", *rng.choice([(30, 60), (0, 0), (60, 30), (2**32 - 1,) * 2]))
        n = rng.randint(1, 40)
        if rng.random() < .5:
            lease = self.option6(5, LEASED6 + bytes(6) + bytes([1, n]) + times)
            return self.option6(3, bytes(11) + b"\1" + lease)
        lease = self.option6(26, times + bytes([rng.choice([56, 60, 64, 128, 0, 48])]) +
                             bytes.fromhex("20010db80067") + bytes([n]) + bytes(9))
        return self.option6(25, bytes(11) + b"\1" + lease)

    def reply6(self, rng):
        """A server's answer to a request, in a RELAY-REPL to the link address."""
        mac, request = self.asked_for(rng, wire.IPV6)
        answer = bytes([rng.choice([2, 7, 7, 7, 10])]) + request[1:4] + \
            b"".join(self.lease6(rng) for _ in range(rng.choice([0, 1, 1, 2, 9])))
        body = b"\x0d\0" + LINK6 + link_local(mac) + self.option6(9, answer) + \
            rng.choice([b"", b"", self.option6(18, rng.randbytes(8))])
        return wire.ipv6(SERVER6, LINK6, wire.UDP, wire.udp(547, 547, body))

    # --- Damage -----------------------------------------------------------------

    def bend(self, rng, frame):
        frame = wire.fit(frame)
        if rng.random() < .5:
            for _ in range(rng.randint(1, 4)):
                frame = self.damage(rng, frame)
            if rng.random() < .8:
                frame = wire.fit(frame)
        if rng.random() < .1:
            frame = self.tag(rng, frame)
        return frame[:LONGEST].ljust(14, b"\0")

    @staticmethod
    def tag(rng, frame):
        for _ in range(rng.choice([1, 1, 2, 3])):
            tci = rng.choice([0, 1, 100, 4095, rng.getrandbits(16)])
            frame = frame[:12] + rng.choice(wire.TAGS) + struct.pack(">H", tci) + frame[12:]
        return frame

    def damage(self, rng, frame):
        at = rng.randrange(len(frame)) if rng.random() < .3 else \
            min(len(frame) - 1, 14 + int(rng.expovariate(1 / 60)))
        what = rng.randrange(7)
        if what == 0:
            return frame[:at] + rng.randbytes(1) + frame[at + 1:]
        if what == 1:
            return frame[:at] + bytes([frame[at] ^ 1 << rng.randrange(8)]) + frame[at + 1:]
        if what == 2:
            return frame[:at] + bytes([rng.choice(NASTY)]) + frame[at + 1:]
        if what == 3:
            return frame[:max(at, 14)]
        if what == 4:			# a part of another one
            other = rng.choice(self.corpus)
            start = rng.randrange(len(other))
            return frame[:at] + other[start:start + rng.randint(1, 80)] + frame[at:]
        if what == 5:
            return frame[:at] + rng.randbytes(rng.randint(1, 64)) + frame[at:]
        return frame[:at] + frame[at + rng.randint(1, 16):] + bytes(14)

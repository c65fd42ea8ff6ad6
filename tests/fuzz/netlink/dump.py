# SPDX-License-Identifier: GPL-2.0-or-later
"""Dumps that are left half read, given up, and resumed from an id."""
import check
import wire

OPEN_MAX = 4


class Dump:
    """A dump of all sessions, read a datagram at a time."""

    def __init__(self, fuzzer, after):
        self.fuzzer, self.ids, self.ended = fuzzer, [], False
        self.must = {i for i in fuzzer.world.sessions.values() if i > after}
        self.sock = wire.Socket(fuzzer.family)
        payload = b""
        if after:
            session = fuzzer.spec.sets["kbng"]["session"]
            payload = wire.attr(session.number | wire.NESTED, wire.attr(
                fuzzer.spec.sets["session"]["id"].number, after.to_bytes(4, "little")))
        self.sock.send(fuzzer.spec.ops["session-get"].number, payload,
                       wire.F_REQUEST | wire.F_DUMP)

    def read(self):
        replies, self.ended = self.sock.receive(16384)
        for reply in replies:
            got = check.decode(self.fuzzer.spec, "kbng", reply)["session"][0]
            if self.ids and got["id"][0] <= self.ids[-1]:
                raise check.Wrong(f"a dump has id {got['id'][0]} after {self.ids[-1]}")
            self.ids.append(got["id"][0])

    def check(self):
        """Who was there all the time is in it."""
        self.fuzzer.dumps.adopt()
        now = set(self.fuzzer.world.sessions.values())
        missing = (self.must & now) - set(self.ids)
        if missing:
            raise check.Wrong(f"a dump lacks the ids {sorted(missing)[:9]}")


class Dumps:
    def __init__(self, fuzzer):
        self.fuzzer, self.open = fuzzer, []

    def step(self, rng):
        """Begin one, read on in one, give one up, or ask for anything."""
        what = rng.random()
        which = int(rng.random() * OPEN_MAX)
        self.fuzzer.what = "dump"
        if what < .3:
            if len(self.open) < OPEN_MAX:
                self.open.append(Dump(self.fuzzer, 0))
        elif what < .7 and which < len(self.open):
            self.read(self.open[which])
        elif what < .8 and which < len(self.open):
            given_up = self.open.pop(which)
            given_up.sock.close()
            if given_up.ids:
                resumed = Dump(self.fuzzer, given_up.ids[-1])
                self.open.append(resumed)
        elif what >= .8:
            self.anything(rng)

    def read(self, dump):
        dump.read()
        if dump.ended:
            dump.check()
            dump.sock.close()
            self.open.remove(dump)

    def anything(self, rng):
        """A dump with filters, valid or not; of a command that has none too."""
        fuzzer = self.fuzzer
        op = fuzzer.spec.ops["session-get"] if rng.random() < .6 else fuzzer.pick(rng)
        message = fuzzer.maker.message()
        for name in op.do or []:
            attr = fuzzer.spec.sets["kbng"][name]
            message.children.append(fuzzer.maker.node(rng, attr))
            message.children[0].children = fuzzer.maker.nest(rng, attr.nested, .1)
        if message.children and rng.random() < .3:
            fuzzer.maker.spoil(rng, message)
        flags = wire.F_REQUEST | wire.F_DUMP
        if op.dump is None:
            try:
                fuzzer.ask(op, message, flags)
            except wire.Refused:
                return		# by generic netlink itself
            raise check.Wrong("a dump of a command that has none")
        fuzzer.free(op, message, flags)

    def adopt(self):
        """Learn which sessions there are: noise makes and ends some too."""
        fuzzer = self.fuzzer
        world = fuzzer.world
        mine = bytes([2, world.net])
        found = {}
        for reply in fuzzer.nl.ask(fuzzer.spec.ops["session-get"].number, b"",
                                   wire.F_REQUEST | wire.F_DUMP):
            got = check.decode(fuzzer.spec, "kbng", reply)["session"][0]
            if got["mac"][0][:2] == mine:
                found[got["uuid"][0]] = got["id"][0]
        world.sessions = found

    def finish(self):
        while self.open:
            self.read(self.open[0])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Fuzz family kbng over netlink with requests made from uapi/kbng.yaml.

What the yaml allows is valid, and must not be refused as malformed; what was
written can be read back. What it forbids is refused, with a text. Prints the
seed, which gives the same requests again, and what it sent; exits 1 at the
first answer that is wrong. Sessions and roles are made on DEVICE... alone.
"""
import argparse
import collections
import hashlib
import random
import socket
import struct
import sys
import time

import check
import dump
import wire
from make import Maker, World
from spec import Spec

# Which attributes a command cannot do without: the yaml cannot say that.
NEEDS = {
    "iface-set": ("ifindex", "role"), "iface-del": ("ifindex",),
    "iface-get": ("ifindex",), "session-new": ("ifindex", "mac", "addr4"),
    "session-set": ("uuid",), "session-del": ("uuid",),
    "session-ack": ("uuid",), "session-get": ("uuid",), "stats-get": (),
    "shaper-set": ("name",), "shaper-get": ("name",), "shaper-del": ("name",),
}
WEIGHTS = {"iface-set": 4, "iface-del": 1, "session-new": 20, "session-set": 20,
           "session-del": 4, "session-ack": 6, "shaper-set": 6}
RESTORED = {"uuid", "hostname", "lease-left", "started", "time", "renewals", "up",
            "down", "line", "link-local", "trigger", "agent", "framed-addr4",
            "radius-attrs", "radius6", "drops"}
KINDS = {"valid": 12, "spoilt": 8, "lacking": 2, "foreign": 1, "doubled": 1,
         "noise": 4, "framing": 2, "dump": 3}


class Fuzzer:
    def __init__(self, args):
        self.spec = Spec()
        self.world = World([socket.if_nametoindex(d) for d in args.device],
                           args.net)
        self.maker = Maker(self.spec, self.world)
        self.family = wire.Family(self.spec.name)
        self.nl = wire.Socket(self.family)
        self.deaf = wire.Socket(self.family, rcvbuf=2048)
        for group in self.family.groups:
            self.deaf.join(group)	# and never reads: ENOBUFS
        self.dumps = dump.Dumps(self)
        self.takes = {}			# op: attributes that it takes, as learnt
        self.sent = collections.Counter()
        self.taken = collections.Counter()
        self.digest = hashlib.sha256()
        self.what = None

    # --- Requests ---------------------------------------------------------------

    def ask(self, op, message, flags=wire.F_REQUEST | wire.F_ACK):
        self.what = f"{op.name} {message}"
        return self.nl.ask(op.number, message.payload(), flags)

    def object_of(self, op):
        """The nest that a command is about."""
        return op.do[0] if op.do else None

    def request(self, rng, op, share=.3):
        """A valid request, with what it needs and a part of what it takes."""
        if not op.do:
            return self.maker.message()
        attr = self.spec.sets["kbng"][self.object_of(op)]
        node = self.maker.node(rng, attr)
        names = set(NEEDS.get(op.name, ()))
        names |= {n for n in sorted(self.takes.get(op.name, ()))
                  if rng.random() < share}
        if op.name == "session-new":
            names = self.restored(rng, names)
        attrs = self.spec.sets[attr.nested]
        node.children = [self.maker.node(rng, attrs[n]) for n in sorted(names)
                         for _ in range(rng.randint(1, 9) if attrs[n].multi else 1)]
        if op.name == "session-new" and rng.random() < .9:
            for child in node.children:
                if child.attr.name == "uuid":
                    child.data = rng.randbytes(16)	# no session has it
        rng.shuffle(node.children)
        return self.maker.message(node)

    def restored(self, rng, names):
        """A session that is restored has more than one that is not."""
        if rng.random() < .5:
            return names - RESTORED
        more = {"uuid"} | ({"lease-time"} if "lease-left" in names else set())
        return names | more

    def learn(self, rng):
        """Which attributes each command takes: those it does not refuse so."""
        for op in self.spec.ops.values():
            self.takes[op.name] = set()
            for name in op.do:
                for attr in self.spec.sets[self.spec.sets["kbng"][name].nested].values():
                    if attr.type == "pad" or attr.reply_only:
                        continue
                    message = self.request(rng, op)
                    message.children[0].remove(attr.name)
                    message.children[0].children.append(self.maker.node(rng, attr))
                    try:
                        self.done(op, message, self.ask(op, message))
                    except wire.Refused as r:
                        check.valid(r)
                        if "does not take" in r.text:
                            continue
                    self.takes[op.name].add(attr.name)

    def sweep(self, rng):
        """Each defect of each attribute that each command takes, once."""
        for op in self.spec.ops.values():
            for name in sorted(self.takes[op.name]):
                for defect in self.maker.defects():
                    n = 0
                    while n is not None:
                        n = self.spoil_nth(rng, op, name, defect, n)

    def spoil_nth(self, rng, op, name, defect, n):
        """In the Nth node of an attribute; the next N, or None behind the last."""
        message = self.request(rng, op, share=0)
        own = message.children[0]
        attr = self.spec.sets[own.attr.nested][name]
        own.remove(name)
        own.children.append(self.maker.node(rng, attr))
        if attr.type == "nest":
            own.children[-1].children = self.maker.nest(rng, attr.nested, 1)
        nodes = list(own.children[-1].walk())
        if n == len(nodes):
            return None
        if defect(rng, nodes[n]):
            self.refused(op, message, defect.__name__[1:])
        return n + 1

    # --- What an accepted request has done --------------------------------------

    def done(self, op, message, replies):
        self.taken[op.name] += 1
        if not op.do:
            return
        node = message.children[0]
        for attr in {str(n.attr) for n in node.walk()}:
            self.taken[attr] += 1
        if op.name == "session-new":
            got = self.answer(replies, "session")
            self.world.sessions[got["uuid"][0]] = got["id"][0]
            check.same(node, got)
        elif op.name in ("session-set", "session-del"):
            uuid = node.find("uuid")
            got = self.read("session-get", "session", uuid)
            if got["state"][0] == 5:
                node.remove("state")
            check.same(node, got)
        elif op.name == "iface-set":
            check.same(node, self.read("iface-get", "iface", node.find("ifindex")))
        elif op.name == "shaper-set":
            check.same(node, self.read("shaper-get", "shaper", node.find("name")))
        elif op.name == "session-ack":
            self.world.sessions.pop(node.find("uuid").data, None)

    def answer(self, replies, name):
        """The only reply's nest NAME."""
        if len(replies) != 1:
            raise check.Wrong(f"{len(replies)} replies")
        return check.decode(self.spec, "kbng", replies[0])[name][0]

    def read(self, op, name, key):
        attr = self.spec.sets["kbng"][name]
        nest = wire.attr(attr.number | wire.NESTED, key.encode())
        return self.answer(self.nl.ask(self.spec.ops[op].number, nest), name)

    # --- Kinds of requests ------------------------------------------------------

    def pick(self, rng):
        ops = list(self.spec.ops.values())
        return rng.choices(ops, [WEIGHTS.get(op.name, 2) for op in ops])[0]

    def valid(self, rng):
        op = self.pick(rng)
        message = self.request(rng, op)
        try:
            self.done(op, message, self.ask(op, message))
        except wire.Refused as r:
            check.valid(r)

    def refused(self, op, message, why):
        self.sent[why] += 1
        try:
            self.ask(op, message)
        except wire.Refused as r:
            check.text(r)
            return
        raise check.Wrong(f"accepted in spite of its defect, {why}")

    def spoilt(self, rng):
        op = self.pick(rng)
        if op.do:
            message = self.request(rng, op, share=.5)
            self.refused(op, message, self.maker.spoil(rng, message))

    def lacking(self, rng):
        op = self.pick(rng)
        message = self.request(rng, op)
        if NEEDS.get(op.name):
            name = rng.choice(NEEDS[op.name])
            message.children[0].remove(name)
            if name == "addr4":		# a prefix would do as well
                message.children[0].remove("prefix")
            self.refused(op, message, "lacking")

    def foreign(self, rng):
        """An attribute that the command does not have, or does not take."""
        op = self.pick(rng)
        message = self.request(rng, op)
        top = self.spec.sets["kbng"]
        others = [a for a in top.values() if a.name not in op.do and a.type != "pad"]
        if op.do and rng.random() < .5:
            own = message.children[0]
            others = [a for a in self.spec.sets[own.attr.nested].values()
                      if a.name not in self.takes[op.name]
                      and a.type != "pad" and not a.reply_only]
            if others:
                own.children.append(self.maker.node(rng, rng.choice(others)))
        else:
            message.children.append(self.maker.node(rng, rng.choice(others)))
        if others:
            self.refused(op, message, "foreign")

    def doubled(self, rng):
        """The last one counts, or it is refused."""
        op = self.pick(rng)
        message = self.request(rng, op)
        nodes = [n for n in message.walk() if n.children]
        if nodes:
            node = rng.choice(nodes)
            attr = rng.choice(node.children).attr
            node.children.append(self.maker.node(rng, attr))
            self.free(op, message)

    def free(self, op, message, flags=wire.F_REQUEST | wire.F_ACK):
        """Send what may be accepted or refused, but then with a text."""
        try:
            self.ask(op, message, flags)
        except wire.Refused as r:
            check.text(r)

    def noise(self, rng):
        """Attributes of any kind, nested anyhow."""
        def some(depth):
            return [some_node(depth) for _ in range(rng.randint(0, 5))]

        def some_node(depth):
            node = self.maker.message()
            node.number, node.nested = rng.randint(0, 30), rng.random() < .5
            if depth and rng.random() < .5:
                node.children = some(depth - 1)
            else:
                node.children = None
                size = 4 if rng.random() < .5 else rng.randint(0, 40)
                node.data = rng.choice([rng.randbytes(size),
                                        rng.randint(0, 9).to_bytes(4, "little")])
            return node

        message = self.maker.message(*some(2))
        if rng.random() < .5:
            message = self.request(rng, self.pick(rng))
            rng.choice([n for n in message.walk()
                        if n.children is not None]).children += some(1)
        self.free(self.pick(rng), message)

    def framing(self, rng):
        """Cut, longer than it is, huge, with any flags, several in one."""
        data = b""
        for _ in range(rng.randint(1, 4)):
            op = self.pick(rng)
            payload = self.request(rng, op).payload()
            if rng.random() < .1:
                payload += wire.attr(rng.randint(0, 30), rng.randbytes(60000))
            flags = rng.choice([0, 1, 5, 0x301, 0x101, 0x201, rng.getrandbits(16)])
            cmd = op.number if rng.random() < .8 else rng.randrange(256)
            one = self.family.message(cmd, payload, flags,
                                      length=rng.choice([None] * 4 + [
                                          rng.randint(0, 40), 1 << 31]))
            data += wire.pad(one[:rng.choice([len(one)] * 3 + [rng.randint(0, len(one))])])
        self.what = f"framing {data[:400].hex()}"
        sock = wire.Socket(self.family)
        try:
            sock.sock.send(data)
        except OSError:
            pass			# too long for the socket
        sock.close()			# a dump may be under way

    def dump(self, rng):
        self.dumps.step(rng)

    # --- The run ----------------------------------------------------------------

    def step(self, seed, n):
        rng = random.Random(f"{seed}/{n}")
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        self.sent[kind] += 1
        self.what = kind
        getattr(self, kind)(rng)
        self.digest.update(f"{kind} {rng.random()}".encode())
        if n % 50 == 0:
            self.what = "stats-get"
            self.nl.ask(self.spec.ops["stats-get"].number)

    def run(self, args):
        rng, end = random.Random(args.seed), time.monotonic() + args.seconds
        n = 0
        try:
            self.learn(rng)
            if not args.count:
                self.sweep(rng)
            while n != args.count and (args.count or time.monotonic() < end):
                n += 1
                self.step(args.seed, n)
            self.dumps.finish()
        except (check.Wrong, wire.Refused, OSError, struct.error) as error:
            sys.exit(f"# request {n}: {self.what}\n# {type(error).__name__}: {error}")
        return n


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**9)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--count", type=int, help="requests, instead of seconds")
    parser.add_argument("--net", type=int, default=1,
                        help="second octet of addresses and MACs")
    parser.add_argument("device", nargs="+")
    args = parser.parse_args()
    print(f"# seed {args.seed}", flush=True)
    fuzzer = Fuzzer(args)
    n = fuzzer.run(args)
    print(f"# {n} requests:", dict(fuzzer.sent))
    print("# accepted:", {k: v for k, v in fuzzer.taken.items() if k in fuzzer.spec.ops})
    wanted = {f"{s}.{n}" for op in fuzzer.takes for s in fuzzer.spec.ops[op].do
              for n in fuzzer.takes[op]}
    print("# never accepted:", *sorted(wanted - set(fuzzer.taken)))
    print("# digest", fuzzer.digest.hexdigest()[:16])
    idle = set(fuzzer.spec.ops) - set(fuzzer.taken)
    if n > 1000 and idle:
        sys.exit(f"# nothing valid was accepted of: {' '.join(sorted(idle))}")


if __name__ == "__main__":
    main()

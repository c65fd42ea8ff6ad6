# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests as trees of attributes: valid ones, and ones with a defect."""
import dataclasses

import wire
from spec import Attr

# Subscribers of a fuzzer: 512 MAC addresses, of an IPv4 address each.
HOSTS = 512
SHAPERS = 6
TEMPLATES = [b"{host}:{ifname}", b"{mac}", b"{ifname}.{vlan}", b"{giaddr}", b"{client_id}", b"x"]


@dataclasses.dataclass
class Node:
    """An attribute of a request: data or children, and how its header lies."""
    attr: object
    number: int
    data: bytes = b""
    children: list = None
    nested: bool = False
    length: int = None
    tail: bytes = b""

    def encode(self):
        data = self.data
        if self.children is not None:
            data = b"".join(c.encode() for c in self.children)
        number = self.number | (wire.NESTED if self.nested else 0)
        return wire.attr(number, data + self.tail, self.length)

    def payload(self):
        """Of the message that is at the top."""
        return b"".join(c.encode() for c in self.children) + self.tail

    def walk(self):
        yield self
        for child in self.children or []:
            yield from child.walk()

    def find(self, name):
        """The child of that name, or None."""
        return next((c for c in self.children
                     if c.attr is not None and c.attr.name == name), None)

    def remove(self, name):
        self.children = [c for c in self.children
                         if c.attr is None or c.attr.name != name]

    def __str__(self):
        name = self.attr.name if self.attr else str(self.number)
        if self.children is None:
            return f"{name}={self.data.hex()}"
        return name + "{" + " ".join(map(str, self.children)) + "}"


class World:
    """What a request can name: devices, and sessions that came from here."""

    def __init__(self, devices, net):
        self.devices, self.net = devices, net
        self.sessions = {}		# UUID: id

    def uuid(self, draw):
        known = list(self.sessions)
        return known[int(draw * len(known))] if known else bytes(16)


class Maker:
    """Draws from RNG only, so a seed gives the same requests again."""

    def __init__(self, spec, world):
        self.spec, self.world = spec, world

    # --- Values ---------------------------------------------------------------

    def value(self, rng, attr):
        if attr.size:
            return self._integer(rng, attr)
        if attr.hint == "mac":
            n = rng.randrange(HOSTS)
            return bytes([2, self.world.net, 0, 0, n >> 8, n & 255])
        if attr.hint == "uuid":
            return self.world.uuid(rng.random())
        if attr.name == "link-local":
            return b"\xfe\x80" + bytes(6) + rng.randbytes(8)
        if attr.name == "radius6" and rng.random() < .9:
            return self._radius6(rng)
        low, high = attr.length_range()
        if str(attr) in ("shaper.name", "shaper.parent", "policy.shaper"):
            return b"shaper-%d-%d" % (self.world.net, rng.randrange(SHAPERS))
        if attr.type == "string":
            if attr.name.endswith("-format"):
                return rng.choice(TEMPLATES)
            return bytes(rng.choices(b"abcxyz-0129 ", k=rng.randint(
                max(low, 1), high or 20)))
        return rng.randbytes(rng.randint(low, high if high is not None else 20))

    @staticmethod
    def _radius6(rng):
        octets = b""
        for number in rng.choices((100, 169, 170, 171, 172), k=rng.randrange(6)):
            bits = rng.randint(0, 128)
            value = (rng.randbytes(16) if number == 169 else
                     bytes([0, bits]) + rng.randbytes(rng.randint((bits + 7) // 8, 16))
                     if number == 170 else b"pool-%d" % rng.randrange(HOSTS))
            octets += bytes([number, 2 + len(value)]) + value
        return octets

    def _integer(self, rng, attr):
        if attr.choices and rng.random() < .95:
            return rng.choice(attr.choices)
        if attr.name == "ifindex":
            return rng.choice(self.world.devices)
        if attr.hint == "ipv4":
            return 10 << 24 | self.world.net << 16 | 1 << 12 | rng.randrange(HOSTS)
        low, high = attr.integer_range()
        if attr.name.startswith("rate-") and "rate-max" in self.spec.consts:
            if rng.random() < .2:
                return 0
            low, high = (self.spec.consts["rate-" + n] for n in ("min", "max"))
        if attr.name.startswith("burst-"):
            high = 1 << 14
        edge = rng.random()
        if edge < .2:
            return low
        if edge < .4:
            return high
        return min(high, max(low, rng.getrandbits(rng.randint(1, 8 * attr.size))))

    def node(self, rng, attr):
        node = Node(attr, attr.number, nested=attr.type == "nest")
        if node.nested:
            node.children = self.nest(rng, attr.nested)
        else:
            node.data = attr.encode(self.value(rng, attr))
        return node

    def nest(self, rng, name, share=.5):
        """A part of a set's attributes, in any order."""
        nodes = [self.node(rng, a) for a in self.spec.sets[name].values()
                 if a.type != "pad" and not a.reply_only and rng.random() < share]
        rng.shuffle(nodes)
        return nodes

    def message(self, *nodes):
        """The top of a tree, which has no header of its own."""
        return Node(Attr("message", "message", 0, "nest", nested="kbng"), 0,
                    children=list(nodes), nested=None)

    # --- Defects: each must be refused ------------------------------------------

    def defects(self):
        """Functions of RNG and a node: whether they could spoil it so."""
        return [self._integer_range, self._integer_length, self._data_length,
                self._string_end, self._no_nested, self._nested, self._unknown,
                self._reply_only, self._pad, self._overrun, self._leftover]

    def spoil(self, rng, top):
        """Give a request one defect. Returns its name."""
        while True:
            defect = rng.choice(self.defects())
            if defect(rng, rng.choice(list(top.walk()))):
                return defect.__name__[1:]

    @staticmethod
    def _integer_range(rng, node):
        if node.attr is None or not node.attr.size or not node.attr.checks:
            return False
        low, high = node.attr.integer_range()
        bad = [v for v in (low - 1, high + 1, 0, (1 << 8 * node.attr.size) - 1)
               if 0 <= v < 1 << 8 * node.attr.size and not low <= v <= high]
        if bad:
            node.data = node.attr.encode(rng.choice(bad))
        return bool(bad)

    @staticmethod
    def _integer_length(rng, node):
        if node.attr is None or not node.attr.size:
            return False
        length = rng.choice([n for n in (0, 1, 2, 3, 4, 5, 7, 8, 9, 100)
                             if n != node.attr.size])
        node.data = (node.data * 20)[:length]
        return True

    @staticmethod
    def _data_length(rng, node):
        if node.attr is None or node.attr.type not in ("binary", "string"):
            return False
        low, high = node.attr.length_range()
        end = node.attr.type == "string"
        bad = [n for n in (0, low - 1, (high or 0) + 1, (high or 0) + 4000)
               if n >= 0 and (n < low or high is not None and n > high)]
        if not bad:
            return False
        node.data = b"a" * rng.choice(bad) + b"\0" * end
        return True

    @staticmethod
    def _string_end(_rng, node):
        if node.attr is None or node.attr.type != "string":
            return False
        node.data = node.data.rstrip(b"\0")
        return True

    @staticmethod
    def _no_nested(_rng, node):
        if not node.nested:
            return False
        node.nested = False
        return True

    @staticmethod
    def _nested(_rng, node):
        if node.nested is not False:
            return False
        node.nested = True
        return True

    def _unknown(self, rng, node):
        if node.children is None:
            return False
        top = self.spec.highest(node.attr.nested)
        number = rng.choice([top + 1, top + 2, 200, wire.TYPE_MASK])
        node.children.insert(rng.randint(0, len(node.children)),
                             Node(None, number, rng.randbytes(4)))
        return True

    def _reply_only(self, rng, node):
        if node.children is None:
            return False
        found = [a for a in self.spec.sets[node.attr.nested].values()
                 if a.reply_only and a.type != "nest"]
        if found:
            node.children.append(self.node(rng, rng.choice(found)))
        return bool(found)

    def _pad(self, _rng, node):
        if node.children is None or "pad" not in self.spec.sets[node.attr.nested]:
            return False
        number = self.spec.sets[node.attr.nested]["pad"].number
        node.children.append(Node(None, number))
        return True

    @staticmethod
    def _overrun(rng, node):
        """Its header tells of more octets than there are."""
        if node.children is None:
            return False
        node.children.append(Node(None, 1, length=rng.choice([9, 64, 65535])))
        return True

    @staticmethod
    def _leftover(rng, node):
        """Octets that make no header: too few, or a length below its own."""
        if node.children is None:
            return False
        node.tail = rng.choice([bytes(4), b"\3\0\1\0", b"\1\0\1\0abcd"])
        return True

# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold of an answer."""
import errno

import wire

# What the kernel's validation says of a request that is not in its policy. A
# valid request is never refused so.
INVALID = ("integer out of range", "Unknown attribute type", "invalid attribute",
           "Unsupported attribute", "failed policy validation", "NLA_F_NESTED",
           "leftover", "Attribute failed")
UNSET = {0, 0xffffffff, b""}	# values that an answer may leave out


# What goes on by itself, is rounded, or is told by another attribute as well.
MOVES = {"session.time", "session.lease-left", "session.trigger",
         "count.drops", "prefix.kind", "prefix.preferred", "prefix.valid",
         "prefix.left"}
ROUNDED = {"line"}


class Wrong(Exception):
    """The kernel's answer is not what uapi/kbng.yaml promises."""


def text(refusal):
    """A refusal says why, unless it is for want of memory."""
    if not refusal.text and refusal.code not in (errno.ENOMEM, errno.ENOBUFS):
        raise Wrong(f"refused without a text: {refusal}")


def valid(refusal):
    text(refusal)
    if any(t in refusal.text for t in INVALID):
        raise Wrong(f"valid, but refused: {refusal}")


def decode(spec, name, data):
    """An answer's nest as {attribute: [values]}."""
    result = {}
    by_number = {a.number: a for a in spec.sets[name].values()}
    for number, value in wire.attrs(data):
        attr = by_number.get(number)
        if attr is None:
            raise Wrong(f"an answer has attribute {number} in a nest {name}")
        if attr.type == "nest":
            value = decode(spec, attr.nested, value)
        elif attr.size and len(value) != attr.size:
            raise Wrong(f"{attr} has {len(value)} octets")
        elif attr.type != "pad":
            value = attr.decode(value)
        result.setdefault(attr.name, []).append(value)
    return result


def same(node, got, where=""):
    """What NODE, a nest, wrote is in GOT, which was read back."""
    wanted = {}
    for child in node.children:
        wanted.setdefault(child.attr.name, []).append(child)
    for name, children in wanted.items():
        attr, have = children[0].attr, got.get(name, [])
        if not attr.multi:
            children = children[-1:]
        if attr.type == "nest":
            same(children[0], have[0] if have else {}, f"{attr.name}.")
            continue
        values = [attr.decode(c.data) for c in children]
        if str(attr) in MOVES or str(attr).split(".")[0] in ROUNDED:
            continue
        if values != have and not (not have and set(values) <= UNSET):
            raise Wrong(f"{where}{name} was set to {values}, is {have}")

# SPDX-License-Identifier: GPL-2.0-or-later
"""uapi/kbng.yaml as objects: which requests there are, and what is valid."""
import dataclasses
import os

import yaml

PATH = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                    "../../../uapi/kbng.yaml")
INTEGERS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}


@dataclasses.dataclass
class Attr:
    """An attribute of a set. Checks are those of the yaml, as numbers."""
    set: str
    name: str
    number: int
    type: str
    nested: str = None
    hint: str = None
    big_endian: bool = False
    multi: bool = False
    reply_only: bool = False
    choices: list = None
    checks: dict = dataclasses.field(default_factory=dict)

    def __str__(self):
        return f"{self.set}.{self.name}"

    @property
    def size(self):
        """Octets of an integer, else None."""
        return INTEGERS.get(self.type)

    def integer_range(self):
        low = self.checks.get("min", 0)
        return low, self.checks.get("max", (1 << 8 * self.size) - 1)

    def length_range(self):
        """Octets of a string, without its end, or of binary data."""
        exact = self.checks.get("exact-len")
        if exact is not None:
            return exact, exact
        return self.checks.get("min-len", 0), self.checks.get("max-len")

    def encode(self, value):
        if self.size:
            order = "big" if self.big_endian else "little"
            return value.to_bytes(self.size, order)
        return value + b"\0" if self.type == "string" else value

    def decode(self, data):
        if self.size:
            order = "big" if self.big_endian else "little"
            return int.from_bytes(data, order)
        return data.split(b"\0")[0] if self.type == "string" else data


@dataclasses.dataclass
class Op:
    """A request: the attributes that its do and its dump take, or None."""
    name: str
    number: int
    do: list
    dump: list


class Spec:
    """consts, sets[NAME][ATTRIBUTE NAME] and ops[NAME]; `kbng` is the top set."""

    def __init__(self, path=PATH):
        with open(path, encoding="utf-8") as file:
            tree = yaml.safe_load(file)
        self.name = tree["name"]
        self.consts = {}
        self.enums = {}
        for d in tree["definitions"]:
            if d["type"] == "const":
                self.consts[d["name"]] = d["value"]
            else:
                self.enums[d["name"]] = self._enum(d)
        self.sets = {s["name"]: self._set(s) for s in tree["attribute-sets"]}
        self.ops = {}
        number = 0
        for op in tree["operations"]["list"]:
            number = op.get("value", number + 1)
            if "do" in op or "dump" in op:
                self.ops[op["name"]] = Op(op["name"], number,
                                          self._takes(op, "do"),
                                          self._takes(op, "dump"))

    @staticmethod
    def _takes(op, mode):
        if mode not in op:
            return None
        return (op[mode].get("request") or {}).get("attributes", [])

    @staticmethod
    def _enum(d):
        values, value = [], d.get("value-start", 0)
        for entry in d["entries"]:
            if isinstance(entry, dict):
                value = entry.get("value", value)
            values.append(1 << value if d["type"] == "flags" else value)
            value += 1
        return values

    def _set(self, s):
        attrs, number = {}, 0
        for a in s["attributes"]:
            number = a.get("value", number + 1)
            checks = {k: self.consts.get(v, v)
                      for k, v in a.get("checks", {}).items()}
            attrs[a["name"]] = Attr(
                s["name"], a["name"], number, a["type"],
                nested=a.get("nested-attributes"), hint=a.get("display-hint"),
                big_endian=a.get("byte-order") == "big-endian",
                multi=a.get("multi-attr", False),
                reply_only="reply only" in a.get("doc", ""),
                choices=self.enums.get(a.get("enum")), checks=checks)
        return attrs

    def highest(self, name):
        return max(a.number for a in self.sets[name].values())

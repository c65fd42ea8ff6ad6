# SPDX-License-Identifier: GPL-2.0-or-later
"""Generic netlink as octets and sockets, for requests that may be wrong."""
import errno
import socket
import struct

F_REQUEST, F_ACK, F_DUMP, F_ACK_TLVS = 0x1, 0x4, 0x300, 0x200
ERROR, DONE = 2, 3
NESTED, TYPE_MASK = 0x8000, 0x3fff
SOL_NETLINK = 270
ADD_MEMBERSHIP, CAP_ACK, EXT_ACK = 1, 10, 11


def pad(data):
    return data + bytes(-len(data) % 4)


def attr(number, data, length=None):
    """LENGTH is what the header says, if not the truth."""
    if length is None:
        length = 4 + len(data)
    return pad(struct.pack("=HH", length & 0xffff, number & 0xffff) + data)


def attrs(data):
    """(number, data) of each attribute."""
    while len(data) >= 4:
        length, number = struct.unpack_from("=HH", data)
        if not 4 <= length <= len(data):
            return
        yield number & TYPE_MASK, data[4:length]
        data = data[(length + 3) & ~3:]


class Refused(Exception):
    """The kernel's errno and its text, which may be empty."""

    def __init__(self, code, text):
        super().__init__(code, text)
        self.code, self.text = code, text

    def __str__(self):
        return f"{errno.errorcode.get(self.code, self.code)} '{self.text}'"


class Family:
    """The family's numbers, and messages for it."""

    def __init__(self, name):
        self.id = 0x10
        ctrl = Socket(self)
        reply, = ctrl.ask(3, attr(2, name.encode() + b"\0"))
        found = dict(attrs(reply))
        self.id = struct.unpack("=H", found[1])[0]
        self.groups = {}
        for _, group in attrs(found.get(7, b"")):
            fields = dict(attrs(group))
            self.groups[fields[1].rstrip(b"\0").decode()] = \
                struct.unpack("=I", fields[2])[0]
        ctrl.close()

    def message(self, cmd, payload, flags=F_REQUEST | F_ACK, seq=0, length=None):
        body = struct.pack("=BBH", cmd & 0xff, 1, 0) + payload
        if length is None:
            length = 16 + len(body)
        return struct.pack("=IHHII", length & 0xffffffff, self.id, flags, seq, 0) + body


class Socket:
    """Requests and their answers; raises Refused."""

    def __init__(self, family, rcvbuf=0):
        self.family, self.seq = family, 0
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.setsockopt(SOL_NETLINK, EXT_ACK, 1)
        self.sock.setsockopt(SOL_NETLINK, CAP_ACK, 1)
        self.sock.settimeout(60)
        if rcvbuf:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)

    def close(self):
        self.sock.close()

    def join(self, group):
        self.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP,
                             self.family.groups[group])

    def send(self, cmd, payload, flags=F_REQUEST | F_ACK):
        self.seq += 1
        self.sock.send(self.family.message(cmd, payload, flags, self.seq))

    def receive(self, size=1 << 20):
        """One datagram: (its replies' attributes, whether that is the end)."""
        replies, data = [], self.sock.recv(size)
        while len(data) >= 16:
            length, kind, flags, seq, _ = struct.unpack_from("=IHHII", data)
            body, data = data[16:length], data[(length + 3) & ~3:]
            if seq != self.seq:
                continue
            if kind in (ERROR, DONE):
                self._verdict(kind, flags, body)
                return replies, True
            replies.append(body[4:])
        return replies, False

    @staticmethod
    def _verdict(kind, flags, body):
        code = -struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
        if code:
            rest = body[4 if kind == DONE else 20:] if flags & F_ACK_TLVS else b""
            text = dict(attrs(rest)).get(1, b"").rstrip(b"\0").decode()
            raise Refused(code, text)

    def ask(self, cmd, payload=b"", flags=F_REQUEST | F_ACK):
        """All replies."""
        self.send(cmd, payload, flags)
        replies, end = [], False
        while not end:
            more, end = self.receive()
            replies += more
        return replies

# SPDX-License-Identifier: GPL-2.0-or-later
"""Headers, and their lengths and checksums."""
import struct

TAGS = (b"\x81\x00", b"\x88\xa8")
IPV4, IPV6, ARP = b"\x08\0", b"\x86\xdd", b"\x08\x06"
UDP, ICMP6 = 17, 58


def checksum(data):
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ipv4(source, destination, protocol, payload, ttl=64, options=b"", fragment=0):
    return struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, 0, 0, 1, fragment, ttl,
                       protocol, 0) + source + destination + options + payload


def ipv6(source, destination, protocol, payload, hops=64):
    return struct.pack(">IHBB", 6 << 28, 0, protocol, hops) + source + destination + payload


def udp(source, destination, payload):
    return struct.pack(">HHHH", source, destination, 0, 0) + payload


def network(frame):
    """Offset of the EtherType behind all tags."""
    at = 12
    while frame[at:at + 2] in TAGS:
        at += 4
    return at


def _fit_payload(protocol, pseudo, payload):
    """Length and checksum of UDP and ICMPv6; PSEUDO is the pseudo-header's addresses."""
    at = {UDP: 6, ICMP6: 2}.get(protocol)
    if at is None or len(payload) < at + 2:
        return payload
    payload = bytearray(payload)
    if protocol == UDP:
        struct.pack_into(">H", payload, 4, len(payload) & 0xffff)
    payload[at:at + 2] = b"\0\0"
    total = checksum(pseudo + struct.pack(">II", len(payload), protocol) + payload)
    struct.pack_into(">H", payload, at, total or 0xffff)
    return bytes(payload)


def _fit4(packet):
    end = 4 * max(packet[0] & 15, 5)
    if end > len(packet):
        return packet
    head = bytearray(packet[:end])
    struct.pack_into(">H", head, 2, len(packet))
    head[10:12] = b"\0\0"
    struct.pack_into(">H", head, 10, checksum(bytes(head)))
    return bytes(head) + _fit_payload(head[9], bytes(head[12:20]), packet[end:])


def _fit6(packet):
    if len(packet) < 40:
        return packet
    packet = packet[:4] + struct.pack(">H", len(packet) - 40) + packet[6:]
    protocol, end = packet[6], 40
    if protocol == 0 and len(packet) > 48:	# hop-by-hop options
        protocol, end = packet[40], 40 + 8 * (packet[41] + 1)
    return packet[:end] + _fit_payload(protocol, packet[8:40], packet[end:])


def fit(frame):
    """FRAME with lengths and checksums that are right, as far as there are any."""
    at = network(frame)
    kind, packet = frame[at:at + 2], frame[at + 2:]
    if kind == IPV4 and len(packet) >= 20:
        packet = _fit4(packet)
    elif kind == IPV6:
        packet = _fit6(packet)
    return frame[:at + 2] + packet

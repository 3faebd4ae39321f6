# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that builds its own frames: for what no kernel would send.

It has an address of its own beside the kernel's (which therefore never answers for it), and a TCP just good enough
to reach ESTABLISHED and then misbehave on purpose.
"""

import socket
import struct
import time

from support.lab import GATEWAY_FRONT
from support.tap import Failure

ETH_IP4, ETH_ARP, ETH_ALL = 0x0800, 0x0806, 0x0003
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
MAC = bytes.fromhex("020000000077")
ADDRESS = "198.18.0.77"


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip4(payload, *, src=ADDRESS, dst=GATEWAY_FRONT, protocol=6, bad_checksum=False, total_len=None, ihl=None, version=4,
        fragment=0x4000, ttl=64, options=b"", number=1):
    """An IPv4 packet; every field that a receiver must check can be set wrong."""
    length = 20 + len(options) + len(payload) if total_len is None else total_len
    words = 5 + len(options) // 4 if ihl is None else ihl
    head = struct.pack("!BBHHHBBH4s4s", version << 4 | words, 0, length, number, fragment, ttl, protocol, 0,
                       socket.inet_aton(src), socket.inet_aton(dst)) + options
    sum_ = checksum(head) ^ (0x5555 if bad_checksum else 0)
    return head[:10] + struct.pack("!H", sum_) + head[12:] + payload


def in_fragments(payload, size, **fields):
    """The same as ip4() in packets that each carry at most size bytes of payload, a multiple of eight."""
    return [ip4(payload[at:at + size], fragment=(0x2000 if at + size < len(payload) else 0) | at // 8, **fields)
            for at in range(0, len(payload), size)]


def tcp(payload=b"", *, sport, dport=443, seq=0, ack=0, flags=ACK, window=65535, options=b"", bad_checksum=False,
        offset=None, cut=None, src=ADDRESS, dst=GATEWAY_FRONT):
    """A TCP segment; cut: only so many bytes of it."""
    options += b"\0" * (-len(options) % 4)
    words = 5 + len(options) // 4 if offset is None else offset
    segment = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, words << 4, flags, window,
                          0, 0) + options + payload
    segment = segment[:cut]
    pseudo = socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack("!BBH", 0, 6, len(segment))
    sum_ = checksum(pseudo + segment) ^ (0x5555 if bad_checksum else 0)
    return segment[:16] + struct.pack("!H", sum_) + segment[18:]


class RawPeer:
    """Frames in and out of the client's interface."""

    def __init__(self, lab, interface="cl0"):
        self._socket = lab.socket("client", socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_ALL))
        self._socket.bind((interface, ETH_ALL))
        self._gateway_mac = None

    def __enter__(self):
        self._gateway_mac = self._resolve()
        return self

    def __exit__(self, *_):
        self._socket.close()

    def frame(self, payload, *, ethertype=ETH_IP4, dst=None):
        self._socket.send((dst or self._gateway_mac) + MAC + struct.pack("!H", ethertype) + payload)

    def raw(self, data):
        self._socket.send(data)

    def packet(self, payload, **fields):
        self.frame(ip4(payload, **fields))

    @property
    def gateway_mac(self):
        return self._gateway_mac

    def arp(self, operation, target_mac, target, *, dst):
        self.frame(struct.pack("!HHBBH6s4s6s4s", 1, ETH_IP4, 6, 4, operation, MAC, socket.inet_aton(ADDRESS),
                               target_mac, socket.inet_aton(target)), ethertype=ETH_ARP, dst=dst)

    def _resolve(self):
        self.arp(1, bytes(6), GATEWAY_FRONT, dst=b"\xff" * 6)
        for frame in self._frames(3.0):
            if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\0\2" and frame[28:32] == socket.inet_aton(GATEWAY_FRONT):
                return frame[22:28]
        raise Failure("the gateway does not answer ARP")

    def _frames(self, within_s):
        """What the gateway sends us; its ARP requests for our address are answered on the way."""
        deadline = time.monotonic() + within_s
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                frame = self._socket.recv(65536)
            except TimeoutError:
                return
            if frame[6:12] == MAC:
                continue
            if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\0\1" and frame[38:42] == socket.inet_aton(ADDRESS):
                self.arp(2, frame[22:28], GATEWAY_FRONT, dst=frame[22:28])
                continue
            yield frame

    def segments(self, sport, within_s=2.0):
        """TCP segments for one of our ports: (seq, ack, flags, payload)."""
        for frame in self._frames(within_s):
            if frame[12:14] != b"\x08\x00" or frame[30:34] != socket.inet_aton(ADDRESS):
                continue
            packet = frame[14:]
            ihl = (packet[0] & 15) * 4
            segment = packet[ihl:struct.unpack("!H", packet[2:4])[0]]
            if packet[9] != 6 or struct.unpack("!H", segment[2:4])[0] != sport:
                continue
            seq, ack, words, flags = struct.unpack("!IIBB", segment[4:14])
            yield seq, ack, flags, segment[(words >> 4) * 4:]


class RawTcp:
    """One connection over a RawPeer: in-order receiving, sending whatever one likes."""

    def __init__(self, peer, sport):
        self.peer = peer
        self.sport = sport
        self.seq = 1000
        self.ack = 0
        self.reset = False
        self.received = b""

    def segment(self, payload=b"", *, flags=ACK, seq=None, **fields):
        self.peer.packet(tcp(payload, sport=self.sport, seq=self.seq if seq is None else seq, ack=self.ack,
                             flags=flags, **fields))

    def open(self):
        self.segment(flags=SYN, options=b"\2\4\5\xb4")
        for seq, ack, flags, _ in self.peer.segments(self.sport):
            if flags & SYN and ack == self.seq + 1:
                self.seq += 1
                self.ack = (seq + 1) & 0xFFFFFFFF
                self.segment()
                return self
        raise Failure("no SYN-ACK")

    def send(self, data, mss=1400):
        for start in range(0, len(data), mss):
            self.segment(data[start:start + mss], flags=ACK | PSH)
            self.seq += len(data[start:start + mss])

    def poll(self, within_s=1.0, enough=None):
        """Collects what arrives; True as soon as enough(received) says so."""
        for seq, _, flags, payload in self.peer.segments(self.sport, within_s):
            if flags & RST:
                self.reset = True
                return False
            if payload and seq == self.ack:
                self.received += payload
                self.ack = (self.ack + len(payload)) & 0xFFFFFFFF
            if payload:
                self.segment()
            if enough is not None and enough(self.received):
                return True
        return False

    def abort(self):
        self.segment(flags=RST)

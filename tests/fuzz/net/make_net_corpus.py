#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fuzz/corpus/{eth_wire,arp_wire,ip4_wire,ip4_reassembly,icmp_wire,frame}: for each parser and for the whole receive
path, accepted inputs and one input for each refusal."""

import pathlib
import struct

OUT = pathlib.Path(__file__).resolve().parent.parent / "corpus"

GW_MAC, PEER_MAC = bytes([2, 0, 0, 0, 0, 1]), bytes([2, 0, 0, 0, 0, 2])
STRANGER_MAC, ALL_MAC = bytes([2, 0, 0, 0, 0, 9]), b"\xff" * 6
GROUP_MAC = bytes([1, 0, 0x5e, 0, 0, 1])
GW, PEER, NOBODY = bytes([198, 18, 0, 1]), bytes([198, 18, 0, 2]), bytes([0, 0, 0, 0])
FAR = bytes([203, 0, 113, 7])


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def eth(payload, kind=0x0800, dst=GW_MAC, src=PEER_MAC, vlan=None):
    tag = b"" if vlan is None else struct.pack(">HH", 0x8100, vlan)
    return dst + src + tag + struct.pack(">H", kind) + payload


def arp(op=1, sender=PEER, target=GW, mac=PEER_MAC, hardware=1, protocol=0x0800, sizes=b"\6\4"):
    return struct.pack(">HH", hardware, protocol) + sizes + struct.pack(">H", op) + mac + sender + bytes(6) + target


def ip4(payload=b"", protocol=6, src=PEER, dst=GW, first=0x45, fragment=0x4000, options=b"", total=None, broken=0):
    total = 20 + len(options) + len(payload) if total is None else total
    head = struct.pack(">BBHHHBBH", first, 0, total, 1, fragment, 64, protocol, 0) + src + dst + options
    return head[:10] + struct.pack(">H", checksum(head) ^ broken) + head[12:] + payload


def icmp(kind, code=0, rest=b"\x12\x34\0\1abc", broken=0):
    head = struct.pack(">BBH", kind, code, 0) + rest
    return head[:2] + struct.pack(">H", checksum(head) ^ broken) + head[4:]


def tcp(flags, port=80, seq=1, ack=0, payload=b"", options=b"", broken=0):
    head = struct.pack(">HHIIBBHHH", 40000, port, seq, ack, (5 + len(options) // 4) << 4, flags, 65535, 0, 0) + options
    pseudo = PEER + GW + struct.pack(">HH", 6, len(head) + len(payload))
    return head[:16] + struct.pack(">H", checksum(pseudo + head + payload) ^ broken) + head[18:] + payload


def quoted(protocol=6, src=GW, dst=FAR, mtu=0):
    return struct.pack(">HH", 0, mtu) + ip4(struct.pack(">HHI", 80, 40000, 9), protocol, src, dst)


def steps(*frames, flags=0):
    return b"".join(bytes([flags]) + struct.pack(">H", len(f)) + f for f in frames)


def write(parser, inputs):
    folder = OUT / parser
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in inputs.items():
        (folder / name).write_bytes(data)


write("eth_wire", {
    "accepted_untagged": eth(b""),
    "accepted_tagged": eth(b"", vlan=0xe00c),
    "truncated": eth(b"")[:13],
    "truncated_tag": eth(b"", vlan=12)[:17],
    "bad_source_group": eth(b"", src=GROUP_MAC),
    "bad_source_zero": eth(b"", src=bytes(6)),
})
write("arp_wire", {
    "accepted_request": arp(),
    "accepted_reply_padded": arp(op=2) + bytes(18),
    "malformed_short": arp()[:27],
    "malformed_hardware": arp(hardware=6),
    "malformed_protocol": arp(protocol=0x86dd),
    "malformed_sizes": arp(sizes=b"\6\x10"),
    "malformed_operation": arp(op=3),
})
write("ip4_wire", {
    "accepted": ip4(b"payload"),
    "accepted_padded": ip4(b"x") + bytes(25),
    "truncated": ip4()[:19],
    "bad_version": ip4(first=0x65),
    "bad_length_header": ip4(first=0x44),
    "bad_length_total": ip4(b"payload", total=28),
    "bad_length_total_short": ip4(b"payload", total=19),
    "bad_checksum": ip4(b"payload", broken=1),
    "options": ip4(first=0x46, options=b"\x94\4\0\0"),
    "fragment_first": ip4(b"payload", fragment=0x2000),
    "fragment_later": ip4(b"payload", fragment=0x00b9),
})


def piece(offset, size, more=True, packet=0, waits=0):
    return struct.pack(">BHH", more | waits << 1 | packet << 4, offset // 8, size)


HELD = piece(64, 64)
write("ip4_reassembly", {
    "accepted_in_order": piece(0, 1480) + piece(1480, 20, False),
    "accepted_backwards": piece(128, 13, False) + HELD + piece(0, 64),
    "accepted_eight_pieces": b"".join(piece(64 * n, 64, n < 7) for n in range(8)),
    "accepted_two_at_a_time": piece(0, 64) + piece(0, 64, packet=1) + piece(64, 8, False) + piece(64, 9, False, packet=1),
    "accepted_largest": piece(65512, 3, False),
    "accepted_after_late": piece(0, 64) + piece(64, 8, False, waits=7) + piece(0, 64),
    "bad_empty": piece(64, 0, False),
    "bad_tiny": piece(0, 40),
    "bad_odd": piece(0, 65),
    "bad_too_large": piece(65512, 4, False),
    "overlap_before": HELD + piece(0, 72),
    "overlap_behind": HELD + piece(120, 64),
    "overlap_inside": piece(0, 512) + HELD,
    "overlap_around": HELD + piece(0, 512),
    "overlap_same_place": HELD + piece(64, 72),
    "overlap_two_ends": piece(640, 8, False) + piece(128, 8, False),
    "overlap_behind_end": piece(640, 8, False) + piece(648, 64),
    "overlap_end_before_held": HELD + piece(48, 16, False),
    "overlap_then_the_rest": HELD + piece(0, 72) + piece(0, 64) + HELD + piece(128, 8, False),
    "duplicate": HELD + HELD + piece(0, 64) + piece(128, 8, False),
    "too_many": b"".join(piece(64 * n, 64) for n in range(9)),
    "late": HELD + piece(0, 64, waits=7),
})
write("icmp_wire", {
    "accepted_echo": icmp(8),
    "accepted_echo_without_payload": icmp(8, rest=b"\0\0\0\0"),
    "accepted_unreachable": icmp(3, 1, quoted()),
    "accepted_time_exceeded": icmp(11, 0, quoted()),
    "accepted_fragmentation_needed": icmp(3, 4, quoted(mtu=1400)),
    "other_redirect": icmp(5, 1, quoted()),
    "truncated": icmp(8)[:7],
    "bad_quote_short": icmp(3, 1, quoted()[:31]),
    "bad_quote_udp": icmp(3, 1, quoted(protocol=17)),
})

PING = eth(ip4(icmp(8), 1))
KNOWN = (PING, eth(arp(op=2), 0x0806))  # afterwards the peer is a neighbour
write("frame", {
    "accepted_arp_request": steps(eth(arp() + bytes(18), 0x0806, dst=ALL_MAC)),
    "accepted_arp_probe": steps(eth(arp(sender=NOBODY), 0x0806, dst=ALL_MAC)),
    "accepted_ping": steps(*KNOWN, PING),
    "accepted_syn": steps(*KNOWN, eth(ip4(tcp(2, options=b"\2\4\5\xb4\1\3\3\7")))),
    "accepted_syn_then_reset": steps(*KNOWN, eth(ip4(tcp(2))), eth(ip4(tcp(4, seq=2)))),
    "accepted_closed_port": steps(*KNOWN, eth(ip4(tcp(2, port=81)))),
    "accepted_priority_tag": steps(eth(ip4(icmp(8), 1), vlan=0xe000)),
    "accepted_unreachable": steps(eth(ip4(icmp(3, 1, quoted()), 1))),
    "repaired_ping": steps(*KNOWN, eth(ip4(icmp(8, broken=5), 1, broken=7)), flags=3),
    "eth_truncated": steps(PING[:13]),
    "eth_bad_source": steps(eth(ip4(icmp(8), 1), src=GROUP_MAC)),
    "eth_not_ours": steps(eth(ip4(icmp(8), 1), dst=STRANGER_MAC), eth(ip4(icmp(8), 1), dst=GROUP_MAC)),
    "eth_vlan": steps(eth(ip4(icmp(8), 1), vlan=12)),
    "eth_type": steps(eth(bytes(40), 0x86dd)),
    "arp_malformed": steps(eth(arp(hardware=6), 0x0806)),
    "arp_bad_sender": steps(eth(arp(sender=FAR), 0x0806), eth(arp(mac=GROUP_MAC), 0x0806)),
    "arp_conflict": steps(eth(arp(sender=GW), 0x0806)),
    "arp_contested": steps(*KNOWN) + steps(PING, PING, eth(arp(mac=STRANGER_MAC, target=PEER), 0x0806), flags=14),
    "arp_not_ours": steps(eth(arp(target=bytes([198, 18, 0, 3])), 0x0806)),
    "arp_unsolicited": steps(eth(arp(op=2), 0x0806)),
    "ip4_truncated": steps(eth(ip4()[:19])),
    "ip4_bad_version": steps(eth(ip4(first=0x65))),
    "ip4_bad_length": steps(eth(ip4(b"x", total=60))),
    "ip4_bad_checksum": steps(eth(ip4(b"x", broken=1))),
    "ip4_options": steps(eth(ip4(first=0x46, options=b"\x94\4\0\0"))),
    "accepted_ping_in_fragments": steps(*KNOWN) + steps(eth(ip4(icmp(8, rest=bytes(124)), 1)), flags=0x20),
    "accepted_syn_in_fragments": steps(*KNOWN) + steps(eth(ip4(tcp(2, payload=bytes(200)))), flags=0x60),
    "ip4_fragment": steps(eth(ip4(b"x" * 8, fragment=0x2000))),
    "ip4_fragment_overlap": steps(eth(ip4(b"x" * 64, fragment=0x2000)), eth(ip4(b"x" * 64, fragment=0x2007))),
    "ip4_fragment_duplicate": steps(*[eth(ip4(b"x" * 64, fragment=0x2000))] * 2),
    "ip4_fragment_too_many": steps(*[eth(ip4(b"x" * 64, fragment=0x2000 + 8 * n)) for n in range(9)]),
    "ip4_fragment_late": steps(eth(ip4(b"x" * 64, fragment=0x2000))) + steps(PING, flags=14),
    "ip4_martian": steps(eth(ip4(icmp(8), 1, src=bytes([127, 0, 0, 1]))), eth(ip4(icmp(8), 1, src=GW))),
    "ip4_broadcast": steps(eth(ip4(icmp(8), 1, dst=b"\xff" * 4), dst=ALL_MAC),
                           eth(ip4(icmp(8), 1, dst=bytes([198, 18, 0, 255])))),
    "ip4_not_ours": steps(eth(ip4(icmp(8), 1, dst=bytes([198, 18, 0, 3])))),
    "ip4_protocol": steps(eth(ip4(bytes(8), 17))),
    "icmp_truncated": steps(eth(ip4(icmp(8)[:7], 1))),
    "icmp_bad_checksum": steps(eth(ip4(icmp(8, broken=1), 1))),
    "icmp_bad_quote": steps(eth(ip4(icmp(3, 1, quoted(protocol=17)), 1))),
    "icmp_not_believed": steps(*KNOWN, eth(ip4(tcp(2))), eth(ip4(icmp(3, 4, quoted(dst=PEER, mtu=1400)), 1))),
    "icmp_other": steps(eth(ip4(icmp(5, 1, quoted()), 1))),
    "tcp_bad_checksum": steps(eth(ip4(tcp(2, broken=1)))),
    # by worker 1's queue
    "steered_arp_request": steps(eth(arp() + bytes(18), 0x0806, dst=ALL_MAC), flags=16),
    "steered_ping": steps(*KNOWN, PING, flags=16),
    "steered_syn_then_reset": steps(*KNOWN, eth(ip4(tcp(2))), eth(ip4(tcp(4, seq=2))), flags=16),
    "steered_unreachable": steps(eth(ip4(icmp(3, 1, quoted()), 1)), flags=16),
    "steered_icmp_bad_quote": steps(eth(ip4(icmp(3, 1, quoted(protocol=17)), 1)), flags=16),
    "steered_tcp_bad_checksum": steps(eth(ip4(tcp(2, broken=1))), flags=16),
    "steered_ip4_protocol": steps(eth(ip4(bytes(8), 17)), flags=16),
    "steered_arp_malformed": steps(eth(arp(hardware=6), 0x0806), flags=16),
})

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fuzz/corpus/tcp_segment/, tcp_conn/ and tcp_pair/: accepted inputs, and one for each reason to refuse."""

import pathlib
import struct

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "corpus"
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
# fuzz_tcp_conn.c, enum opening and enum segment_bit
ACTIVE, TIMESTAMPS, SCALED, SMALL, HALF, COOKIE = 1, 2, 4, 8, 16, 32
TS, TS_OLD, WINDOW_0, BAD_CHECKSUM, WINDOW_SMALL, FAR, OTHER_PORT, SAME_TURN = (1 << i for i in range(8))


def header(flags=ACK, options=b"", offset=None, ports=(40000, 443), payload=b""):
    words = (20 + len(options)) // 4 if offset is None else offset
    return struct.pack(">HHIIBBHHH", *ports, 1000, 2000, words << 4, flags, 512, 0, 0) + options + payload


def seg(flags, seq=0, ack=0, payload=0, bits=0):
    """payload in units of 6 bytes"""
    return struct.pack(">BBhhBB", 0, flags, seq, ack, payload, bits)


def wait(ms):
    return struct.pack(">BH5x", 4, ms)


def user(what, amount=0):
    return struct.pack(">BBB5x", 5, ("write", "read", "shutdown", "release", "abort", "again").index(what), amount)


def too_big(seq, packet, mtu):
    """seq from snd_nxt"""
    return struct.pack(">BBhHH", 7, 2, seq, packet, mtu)


def pool(empty):
    return struct.pack(">BB6x", 7, empty)


SEGMENTS = {
    "accepted-plain": header(),
    "accepted-syn": header(SYN, bytes([2, 4, 5, 0xb4, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0])),
    "accepted-timestamps": header(ACK, bytes([1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]), payload=b"x"),
    "accepted-unknown-option": header(ACK, bytes([253, 6, 1, 2, 3, 4, 0, 0])),
    "accepted-shift-too-large": header(SYN, bytes([3, 3, 255, 0])),
    "short": header()[:19],
    "short-offset-too-small": header(offset=4),
    "short-offset-too-large": header(offset=6),
    "bad-option-length-0": header(ACK, bytes([5, 0, 1, 1])),
    "bad-option-length-1": header(ACK, bytes([5, 1, 1, 1])),
    "bad-option-behind-end": header(ACK, bytes([1, 1, 2, 4])),
    "bad-option-wrong-length": header(ACK, bytes([2, 3, 5, 0])),
    "bad-flags-syn-fin": header(SYN | FIN),
    "bad-flags-syn-rst": header(SYN | RST),
    "bad-port-source": header(ports=(0, 80)),
    "bad-port-destination": header(ports=(80, 0)),
}

CONNS = {
    "accepted-data-both-ways": (0, seg(ACK, payload=200), user("read", 20), user("write", 40), seg(ACK)),
    "accepted-close-by-peer": (TIMESTAMPS | SCALED, seg(FIN | ACK, bits=TS), user("release"), seg(ACK, 1, 1, bits=TS)),
    "accepted-close-by-us": (ACTIVE, user("shutdown"), seg(ACK), seg(FIN | ACK), user("release"), wait(6000)),
    "accepted-simultaneous-open": (ACTIVE | HALF, seg(SYN), seg(SYN | ACK, -1), seg(ACK, payload=1)),
    "accepted-simultaneous-close": (0, user("shutdown"), seg(FIN | ACK, 0, -1), seg(ACK)),
    "accepted-fast-retransmit": (0, user("write", 200), seg(ACK, 0, -12800), seg(ACK, 0, -12800), seg(ACK, 0, -12800),
                                 seg(ACK, 0, -9000), seg(ACK)),
    "accepted-narrow-path": (0, user("write", 200), too_big(-12800, 1500, 1400), seg(ACK, 0, -6400),
                             too_big(-6400, 1400, 1000), wait(250), too_big(-6400, 1400, 1000), user("shutdown"),
                             too_big(-6400, 1000, 68), seg(ACK), wait(250)),
    "narrow-path-refused": (0, user("write", 40), too_big(0, 1500, 1400), too_big(-2561, 1500, 1400),
                            too_big(-2560, 1400, 1400), too_big(-2560, 576, 68), seg(ACK)),
    "accepted-timeouts": (0, user("write", 100), wait(250), wait(500), wait(1000), seg(ACK), wait(60000)),
    "accepted-window-closed": (0, seg(ACK, bits=WINDOW_0), user("write", 100), wait(250), seg(ACK, bits=WINDOW_0),
                               wait(500), seg(ACK, bits=WINDOW_SMALL), seg(ACK)),
    "accepted-gaps": (TIMESTAMPS, seg(ACK, 600, 0, 50, TS), seg(ACK, 1200, 0, 50, TS), seg(ACK, 300, 0, 200, TS),
                      seg(ACK, 0, 0, 200, TS), user("read", 255)),
    "accepted-give-up": (0, user("write", 1), *[wait(60000)] * 3),
    "bad-checksum": (0, seg(ACK, payload=10, bits=BAD_CHECKSUM)),
    "bad-ack": (0, seg(ACK, 0, 1, 10), seg(ACK, 0, -32768, 10)),
    "no-ack": (0, seg(PSH, payload=1)),
    "bad-reset": (0, seg(RST, 1), seg(RST, -1)),
    "reset": (0, seg(ACK, payload=9), seg(RST)),
    "refused": (ACTIVE | HALF, seg(RST | ACK)),
    "syn-in-connection": (0, seg(SYN), seg(SYN, 0x4000, 0, 0, FAR)),
    "syn-data": (HALF, seg(SYN, -1, 0, 20)),
    "paws": (TIMESTAMPS, seg(ACK, payload=1, bits=TS), seg(ACK, payload=1, bits=TS | TS_OLD)),
    "no-timestamp": (TIMESTAMPS, seg(ACK, payload=1)),
    "out-of-window": (0, seg(ACK, -1), seg(ACK, 0x7000, 0, 1, FAR)),
    "beyond-the-window": (SMALL, seg(ACK, 0, 0, 233), seg(ACK, 0, 0, 233), seg(ACK, 0, 0, 233), seg(ACK, 0, 0, 233)),
    "duplicate": (0, seg(ACK, 60, 0, 10), seg(ACK, 60, 0, 10), seg(ACK, 50, 0, 30)),
    "data-after-fin": (0, seg(FIN | ACK, 60, 0, 10), seg(ACK, 90, 0, 10), seg(FIN | ACK, 0, 0, 5), seg(ACK, 0, 0, 10),
                       seg(ACK, 0, 0, 10)),
    "data-after-release": (0, user("release"), seg(ACK, 0, 0, 10)),
    "scattered": (SMALL, *[seg(ACK, 10 * i, 0, 1) for i in range(9, 0, -1)]),
    "no-connection": (0, seg(ACK, bits=OTHER_PORT), seg(RST, bits=OTHER_PORT)),
    "accepted-cookie": (COOKIE, seg(ACK, payload=20), user("read", 9), user("write", 40), seg(ACK)),
    "accepted-cookie-options": (COOKIE | TIMESTAMPS | SCALED, seg(ACK, payload=20, bits=TS), user("write", 40)),
    "accepted-cookie-with-data": (COOKIE | HALF, seg(ACK, payload=20), user("read", 9), seg(FIN | ACK)),
    "bad-cookie": (COOKIE | HALF, seg(ACK, 1), seg(ACK, 0, 1), wait(60000), wait(60000), wait(60000), seg(ACK)),
    "no-tx-mbuf": (0, pool(1), seg(ACK, 6, 0, 1), user("write", 3), wait(300), pool(0), wait(300)),
    "abort": (0, user("write", 3), user("abort"), seg(ACK, 0, 0, 4)),
    "reset-in-same-turn": (0, seg(ACK, 0, 0, 3, SAME_TURN), seg(RST, 0, 0, 0, SAME_TURN), seg(SYN, 99)),
}


# fuzz_tcp_pair.c: kinds of step, what the network does, what a user does
LOST, TWICE, LATER, ALTERED, FORGED, AS_IT_IS = range(6)
SMALL_PAIR, FEW, COOKIE_PAIR = 1, 2, 4
OPEN = bytes([7, AS_IT_IS, 0, 0]) * 3


def net(what, which=0, by=0):
    return bytes([4, what, which, by])


def pair_wait(root_ms):
    """root_ms squared"""
    return bytes([0, root_ms, 0, 0])


def side(who, what, amount=0):
    return bytes([1 + 8 * who, {"shutdown": 0, "release": 1, "abort": 2, "read": 3, "write": 5}[what], amount, 0])


def noise(seed):
    """A program of nothing in particular, after the handshake; the seed is fixed."""
    random = __import__("random").Random(seed)
    steps = [bytes([random.choice((0, 1, 9, 2, 10, 4, 5, 6, 7, 7, 7)), random.choice((5, 5, 5, *range(6))),
                    random.randrange(256), random.randrange(256)]) for _ in range(300)]
    return b"".join(steps)


FLOW = side(0, "write", 255) + side(1, "write", 255)
PAIRS = {
    "accepted-both-ways": bytes([0]) + OPEN + FLOW + net(AS_IT_IS) * 12 + side(0, "read", 255) + side(1, "read", 255),
    "accepted-close": bytes([0]) + OPEN + FLOW + side(0, "shutdown") + side(1, "shutdown") + net(AS_IT_IS) * 20
        + side(0, "read", 255) * 3 + side(1, "read", 255) * 3 + side(0, "release") + side(1, "release") + pair_wait(80),
    "accepted-lost": bytes([0]) + OPEN + FLOW + (net(LOST) + net(AS_IT_IS) * 3 + pair_wait(16)) * 20,
    "accepted-twice": bytes([SMALL_PAIR]) + OPEN + (FLOW + net(TWICE) * 4 + side(0, "read", 99)) * 10,
    "accepted-reordered": bytes([0]) + OPEN + FLOW + net(AS_IT_IS, 3) * 12 + net(LATER, 5) * 12 + side(0, "read", 255),
    "accepted-handshake-lost": bytes([0]) + (net(LOST) + pair_wait(40)) * 3 + OPEN + FLOW,
    "accepted-cookie": bytes([COOKIE_PAIR]) + OPEN + FLOW + net(AS_IT_IS) * 12,
    "cookie-again-after-reset": bytes([COOKIE_PAIR]) + OPEN + side(1, "write", 160) + side(0, "release") + net(TWICE)
        + net(AS_IT_IS, 2) + side(0, "write", 4) + side(1, "read", 1),
    "altered": bytes([0]) + OPEN + FLOW + b"".join(net(ALTERED, 0, i) for i in range(30)),
    "forged": bytes([0]) + OPEN + FLOW + b"".join(net(FORGED, i * 7, i * 5) + net(AS_IT_IS) for i in range(30)),
    "few-buffers": bytes([FEW]) + OPEN + (FLOW + net(AS_IT_IS, 2) * 6 + pair_wait(16)) * 12,
    "aborted": bytes([0]) + OPEN + FLOW + side(0, "abort") + net(AS_IT_IS) * 6,
    **{f"noise-{seed}": bytes([seed % 8]) + OPEN + noise(seed) for seed in range(16)},
}


def write(folder, files):
    target = CORPUS / folder
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        old.unlink()
    for name, content in files.items():
        (target / name).write_bytes(content)


write("tcp_segment", SEGMENTS)
write("tcp_conn", {name: bytes([steps[0]]) + b"".join(steps[1:]) for name, steps in CONNS.items()})
write("tcp_pair", PAIRS)

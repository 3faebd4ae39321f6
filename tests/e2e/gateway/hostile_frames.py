# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile bytes below TLS: frames, packets and segments that no honest peer sends.  Each is counted under its own
reason, disturbs nobody, and leaves the pools as they were."""

import os
import random
import ssl
import struct

from support.client import get
from support.lab import GATEWAY_FRONT
from support.rawnet import ACK, ETH_ARP, FIN, MAC, PSH, RST, SYN, RawPeer, RawTcp, in_fragments, ip4, tcp
from support.site import Site
from support.tap import Failure, case, cases_for, check, check_equal, eventually, main

SPORT = 40000


def flags_of(peer, sport, within_s=1.0):
    """What the gateway answers on one of our ports, flags only."""
    return [flags for _, _, flags, _ in peer.segments(sport, within_s)]


def syn(**fields):
    return tcp(sport=SPORT, flags=SYN, **fields)


# what, the reason it is counted under, the packet
PACKETS = (
    ("an IPv4 header checksum that is wrong", "ip4_bad_checksum", ip4(syn(), bad_checksum=True)),
    ("an IPv4 header of four words", "ip4_bad_length", ip4(syn(), ihl=4)),
    ("an IPv4 header longer than the packet", "ip4_bad_length", ip4(b"", ihl=15)),
    ("IP version 5", "ip4_bad_version", ip4(syn(), version=5)),
    ("a total length beyond the frame", "ip4_bad_length", ip4(syn(), total_len=1400)),
    ("a total length below the header", "ip4_bad_length", ip4(syn(), total_len=19)),
    ("a packet cut inside its IPv4 header", "ip4_truncated", ip4(b"")[:11]),
    ("IPv4 options", "ip4_options", ip4(syn(), options=b"\1\1\1\0")),
    ("a transport that nobody speaks", "ip4_protocol", ip4(b"x" * 64, protocol=99)),
    ("the gateway's own address as source", "ip4_martian", ip4(syn(src=GATEWAY_FRONT), src=GATEWAY_FRONT)),
    ("a loopback source", "ip4_martian", ip4(syn(src="127.0.0.1"), src="127.0.0.1")),
    ("a multicast source", "ip4_martian", ip4(syn(src="224.0.0.1"), src="224.0.0.1")),
    ("another's destination", "ip4_not_ours", ip4(syn(dst="198.18.0.200"), dst="198.18.0.200")),
    ("the network's broadcast destination", "ip4_broadcast", ip4(syn(dst="198.18.0.255"), dst="198.18.0.255")),
    ("an ICMP checksum that is wrong", "icmp_bad_checksum", ip4(b"\10\0\1\2" + bytes(60), protocol=1)),
    ("an ICMP header cut off", "icmp_truncated", ip4(b"\10\0", protocol=1)),
    ("a TCP checksum that is wrong", "tcp_bad_checksum", ip4(syn(bad_checksum=True))),
    ("a TCP header of four words", "tcp_short", ip4(syn(offset=4))),
    ("a TCP header longer than the segment", "tcp_short", ip4(syn(offset=15))),
    ("a TCP header cut off", "tcp_short", ip4(syn(cut=18))),
    ("a TCP option of length zero", "tcp_bad_option", ip4(syn(options=b"\5\0\1\1"))),
    ("a TCP option beyond the header", "tcp_bad_option", ip4(syn(options=b"\1\1\2\44"))),
    ("TCP port 0", "tcp_bad_port", ip4(tcp(sport=0, flags=SYN))),
    ("SYN and FIN together", "tcp_bad_flags", ip4(tcp(sport=SPORT, flags=SYN | FIN))),
    ("SYN and RST together", "tcp_bad_flags", ip4(tcp(sport=SPORT, flags=SYN | RST))),
)

@cases_for(PACKETS, "{} is dropped and counted")
def bad_packets(site, bad):
    _, drop, packet = bad
    before = site.gateway.drops()
    with RawPeer(site.lab) as peer:
        for _ in range(3):
            peer.frame(packet)
        check_equal(flags_of(peer, SPORT, 0.3), [], "segments in answer")
    site.check_counted(before, drop, at_least=3)
    site.check_serves()


LONG_SYN = syn() + bytes(100)

# what, the reason it is counted under, how often, the packets
FRAGMENTS = (
    ("too short", "ip4_fragment", 1, [ip4(LONG_SYN[:40], fragment=0x2000, number=2)]),
    ("that do not end at a multiple of eight", "ip4_fragment", 1, [ip4(LONG_SYN[:50], fragment=0x2000, number=3)]),
    ("beyond the largest packet", "ip4_fragment", 1, [ip4(LONG_SYN[:64], fragment=0x1FFF, number=4)]),
    ("that overlap", "ip4_fragment_overlap", 3, [ip4(LONG_SYN[:64], fragment=0x2000, number=5),
                                                 ip4(LONG_SYN[48:], fragment=0x0006, number=5),
                                                 ip4(LONG_SYN[64:], fragment=0x0008, number=5)]),
    ("with two ends", "ip4_fragment_overlap", 2, [ip4(LONG_SYN[64:], fragment=0x0008, number=6),
                                                  ip4(LONG_SYN[64:72], fragment=0x0020, number=6)]),
    ("in nine pieces", "ip4_fragment_too_many", 9, in_fragments(syn() + bytes(400), 48, number=7)),
    ("whose first is missing", "ip4_fragment_late", 1, [ip4(LONG_SYN[64:], fragment=0x0008, number=8)]),
)


@cases_for(FRAGMENTS, "fragments {} are dropped, counted and forgotten")
def bad_fragments(site, bad):
    """On an af_packet port the kernel may keep fragments back."""
    _, drop, count, packets = bad
    before, pools = site.gateway.drops(), site.settled_pools()
    with RawPeer(site.lab) as peer:
        for packet in packets:
            peer.frame(packet)
        check_equal(flags_of(peer, SPORT, 0.3), [], "segments in answer")
    if site.device == "af_xdp":
        site.check_counted(before, drop, at_least=count)
    site.check_pools(pools)
    site.check_serves()


@case(limit_s=60)
def flood_of_first_fragments_keeps_nobody_out(site):
    """Ten thousand packets of which only the first fragment comes, and a good client among them."""
    pools = site.settled_pools()
    with RawPeer(site.lab) as peer:
        for number in range(10000):
            peer.frame(ip4(bytes(64), fragment=0x2000, number=number))
        site.check_serves()
    check(site.gateway.pools()["mbuf"] <= 1024 + 200, f"packet buffers: {site.gateway.pools()['mbuf']}")
    site.check_pools(pools)


@cases_for([("an ARP packet cut off", "arp_malformed", b"\0\1\10\0\6\4\0\1"),
            ("ARP for another hardware", "arp_malformed", b"\0\7\10\0\6\4\0\1" + bytes(20)),
            ("ARP with absurd lengths", "arp_malformed", b"\0\1\10\0\377\377\0\1" + bytes(20))],
           "{} is dropped and counted")
def bad_arp(site, bad):
    before = site.gateway.drops()
    with RawPeer(site.lab) as peer:
        peer.frame(bad[2], ethertype=ETH_ARP)
    site.check_counted(before, bad[1])
    site.check_serves()


@case
def arp_reply_that_nobody_asked_for_does_not_poison_the_backend(site):
    """A client claims the backend's address, by unasked replies to the port in front: requests still reach it."""
    with RawPeer(site.lab) as peer:
        for _ in range(5):
            body = struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 2, MAC, bytes([198, 19, 0, 2]), peer.gateway_mac,
                               bytes([198, 18, 0, 1]))
            peer.frame(body, ethertype=ETH_ARP)
    site.check_serves()


@case
def ethertypes_of_others_are_dropped_and_counted(site):
    """Many of each: the hosts beside send a few of their own, for IPv6."""
    before = site.gateway.drops()
    with RawPeer(site.lab) as peer:
        for ethertype in (0x88CC, 0x86DD, 0x9999, 0x0842) * 25:
            peer.frame(b"z" * 60, ethertype=ethertype)
    site.check_counted(before, "eth_type", at_least=100)


@case
def tagged_frames_are_dropped_and_counted(site):
    before = site.gateway.drops()
    with RawPeer(site.lab) as peer:
        peer.frame(b"\0\7\10\0" + ip4(syn()), ethertype=0x8100)
    site.check_counted(before, "eth_vlan")


@case
def frames_too_short_for_anything_are_survived(site):
    with RawPeer(site.lab) as peer:
        for length in range(14, 34):
            peer.raw((peer.gateway_mac + MAC + b"\x08\x00" + bytes(64))[:length])
    site.check_serves()


@case(limit_s=60)
def twenty_thousand_frames_of_noise_are_survived(site):
    """Random bytes behind valid beginnings, so that every parser sees some: the seed is fixed."""
    before = site.settled_pools()
    noise = random.Random(20261124)
    with RawPeer(site.lab) as peer:
        for _ in range(20000):
            junk = noise.randbytes(noise.randint(0, 200))
            kind = noise.randrange(5)
            if kind == 0:
                peer.frame(junk, ethertype=noise.choice((0x0800, 0x0806, 0x86DD, 0x8100, noise.randrange(65536))))
            elif kind == 1:
                peer.frame(ip4(junk, protocol=noise.choice((1, 6, 17, 99)), src="198.18.0.99"))
            elif kind == 2:
                peer.frame(ip4(tcp(junk, sport=noise.randrange(65536), flags=noise.choice((0, FIN, RST, ACK, 63)),
                                   seq=noise.getrandbits(32), ack=noise.getrandbits(32), src="198.18.0.99"),
                               src="198.18.0.99"))
            elif kind == 3:
                peer.frame(ip4(tcp(sport=noise.randrange(65536), flags=noise.choice((0, FIN, RST, ACK)),
                                   options=junk[:40], src="198.18.0.99"), src="198.18.0.99"))
            else:
                whole = bytearray(ip4(tcp(junk, sport=SPORT, flags=ACK)))
                whole[noise.randrange(len(whole))] ^= 1 << noise.randrange(8)
                peer.frame(bytes(whole))
    site.check_serves()
    site.check_pools(before)


def tls_over(site, connection, cut):
    """A handshake and one request over a raw TCP connection; cut(connection, bytes) sends them."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = site.tls().wrap_bio(incoming, outgoing, server_hostname="api.example")
    wrote_request, answer = False, b""
    fed = 0
    for _ in range(20):
        try:
            if not wrote_request:
                tls.do_handshake()
                tls.write(get("/raw", fields=["Connection: close"]))
                wrote_request = True
            answer += tls.read(65536)
            if b"GET /raw\n" in answer:
                return answer
        except ssl.SSLWantReadError:
            pass
        waiting = outgoing.read()
        if waiting:
            cut(connection, waiting)
        have = len(connection.received)
        connection.poll(1.0, enough=lambda received, have=have: len(received) > have)
        incoming.write(connection.received[fed:])
        fed = len(connection.received)
        check(not connection.reset, "the gateway reset the connection")
    raise Failure(f"no answer over the raw connection; so far {answer!r}")


def send_overlapping(connection, data):
    """Every byte twice or more, later copies with other content: the first copy received is what counts."""
    start = connection.seq
    step = 120
    for offset in range(0, len(data), step):
        end = min(len(data), offset + step)
        connection.segment(data[offset:end], flags=ACK | PSH, seq=start + offset)
        lie = bytes(b ^ 0xFF for b in data[max(0, offset - 60):end])
        connection.segment(lie, flags=ACK | PSH, seq=start + max(0, offset - 60))
    connection.seq = start + len(data)


def send_backwards(connection, data):
    """The last segment first, and each of them twice."""
    start, step = connection.seq, 200
    for offset in reversed(range(0, len(data), step)):
        for _ in range(2):
            connection.segment(data[offset:offset + step], flags=ACK | PSH, seq=start + offset)
    connection.seq = start + len(data)


def send_single_bytes(connection, data):
    start = connection.seq
    for offset in range(len(data)):
        connection.segment(data[offset:offset + 1], flags=ACK | PSH, seq=start + offset)
    connection.seq = start + len(data)


def send_in_fragments(connection, data):
    """Each segment in packets of 200 bytes of payload, the last first, some twice."""
    for offset in range(0, len(data), 1200):
        segment = tcp(data[offset:offset + 1200], sport=connection.sport, seq=connection.seq, ack=connection.ack,
                      flags=ACK | PSH)
        packets = in_fragments(segment, 200, number=connection.seq & 0xFFFF)
        for packet in reversed(packets[-1:] + packets):
            connection.peer.frame(packet)
        connection.seq += len(data[offset:offset + 1200])


def session_over(site, how):
    site.backend.forget()
    with RawPeer(site.lab) as peer:
        connection = RawTcp(peer, SPORT + 1 + len(how[0])).open()
        answer = tls_over(site, connection, how[1])
        connection.abort()
    check(answer.startswith(b"HTTP/1.1 200 OK"), f"answer {answer[:80]!r}")
    site.check_serves()


@cases_for([("overlapping and contradicting", send_overlapping), ("reversed and doubled", send_backwards),
            ("single-byte", send_single_bytes)],
           "a session over {} segments works")
def segmentation(site, how):
    session_over(site, how)


if os.environ.get("SP_TEST_DEVICE") == "af_xdp":  # of an af_packet port the kernel keeps fragments back

    @case
    def session_over_fragments_works(site):
        put_together = site.gateway.counters()["ip4_reassembled"]
        session_over(site, ("fragmented", send_in_fragments))
        check(site.gateway.counters()["ip4_reassembled"] - put_together >= 2, "packets put together")


@case
def data_outside_the_window_is_answered_and_ignored(site):
    before = site.gateway.drops()
    with RawPeer(site.lab) as peer:
        connection = RawTcp(peer, SPORT + 50).open()
        connection.segment(b"far away", flags=ACK | PSH, seq=connection.seq + 0x40000000)
        challenge = [flags for _, ack, flags, _ in peer.segments(connection.sport, 1.0) if ack == connection.seq]
        check(ACK in challenge, f"no challenge acknowledgement: {challenge}")
        connection.abort()
    site.check_counted(before, "tcp_out_of_window")


@case
def blind_reset_and_blind_syn_do_not_end_a_session(site):
    """RFC 5961: inside the window but not exact: challenged, not obeyed."""
    with RawPeer(site.lab) as peer:
        connection = RawTcp(peer, SPORT + 60).open()
        connection.segment(flags=RST, seq=connection.seq + 100)
        connection.segment(flags=SYN, seq=connection.seq + 100)
        check(flags_of(peer, connection.sport, 0.5).count(ACK) >= 1, "no challenge acknowledgement")
        answer = tls_over(site, connection, lambda c, data: c.send(data))
        check(answer.startswith(b"HTTP/1.1 200 OK"), f"answer {answer[:80]!r}")
        connection.abort()


@case
def segment_for_no_connection_is_reset(site):
    with RawPeer(site.lab) as peer:
        peer.packet(tcp(b"hello?", sport=SPORT + 70, seq=5, ack=77, flags=ACK | PSH))
        check(any(flags & RST for flags in flags_of(peer, SPORT + 70)), "no RST")


@cases_for([("no flag", 0), ("SYN and FIN", SYN | FIN), ("SYN and RST", SYN | RST), ("all flags", 63)],
           "a segment with {} opens nothing")
def absurd_flags(site, flags):
    before = site.settled_pools()
    with RawPeer(site.lab) as peer:
        peer.packet(tcp(sport=SPORT + 80, seq=5, flags=flags[1]))
        got = flags_of(peer, SPORT + 80, 0.4)
    check(not any(flag & SYN for flag in got), f"the gateway answered with flags {got}")
    site.check_pools(before)


@case(limit_s=90)
def syn_flood_leaves_the_pools_as_they_were(site):
    """Clients that never finish the three-way handshake are forgotten, and good ones get in meanwhile."""
    before = site.settled_pools()
    with RawPeer(site.lab) as peer:
        for n in range(1000):
            peer.packet(tcp(sport=10000 + n, seq=n, flags=SYN, src="198.18.0.98"), src="198.18.0.98")
            if n == 500:
                site.check_serves()
    site.check_serves()
    site.check_pools(before, within_s=80)


@case
def ping_is_answered(site):
    done = site.lab.run("client", "ping", "-c", "3", "-i", "0.2", "-W", "1", "-s", "1400", "198.18.0.1")
    check_equal(done.returncode, 0, f"ping ({done.stdout[-200:]})")


main(Site())

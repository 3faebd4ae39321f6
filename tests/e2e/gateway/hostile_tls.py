# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile bytes to the TLS port: each ends its own connection under its own reason, and nobody else's."""

import os
import random
import socket
import ssl

from support.client import connect, get
from support.site import Site
from support.tap import case, cases_for, check, check_equal, main


def client_hello(site):
    """What a good client sends first."""
    outgoing = ssl.MemoryBIO()
    tls = site.tls().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="api.example")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def record(kind, payload, version=b"\x03\x03"):
    return bytes([kind]) + version + len(payload).to_bytes(2, "big") + payload


def send_and_read(site, data, *, finish=True):
    """Everything the gateway says to these first bytes, until it closes."""
    with connect(site.lab, timeout_s=8) as sock:
        try:
            sock.sendall(data)
            if finish:
                sock.shutdown(socket.SHUT_WR)
            out = b""
            while piece := sock.recv(65536):
                out += piece
        except ConnectionResetError:
            pass
        return out


def fragments(hello, size):
    """The same ClientHello in records of size bytes."""
    body = hello[5:]
    return b"".join(record(22, body[i:i + size], b"\x03\x01") for i in range(0, len(body), size))


BAD_STARTS = (
    ("plain HTTP", "http_plain_http_on_tls", lambda hello: get("/")),
    ("an SSL 2 ClientHello", "tls_sslv2_hello", lambda hello: b"\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10" + bytes(37)),
    ("bytes of no record", "tls_not_a_record", lambda hello: b"\xde\xad\xbe\xef" * 16),
    ("an alert", "tls_hello_unexpected", lambda hello: record(21, b"\2\50")),
    ("application data", "tls_hello_unexpected", lambda hello: record(23, bytes(64))),
    ("a ServerHello", "tls_hello_unexpected", lambda hello: record(22, b"\2\0\0\4" + bytes(4))),
    ("a ClientHello of 17 KiB", "tls_hello_too_large", lambda hello: record(22, b"\1\0\x44\0" + bytes(16000))),
    ("a ClientHello of 16 MiB", "tls_hello_too_large", lambda hello: record(22, b"\1\xff\xff\xff" + bytes(100))),
    ("a ClientHello in single bytes", "tls_hello_too_fragmented", lambda hello: fragments(hello, 1)),
    ("a ClientHello with a lying length", "tls_hello_malformed",
     lambda hello: hello[:5 + 4 + 34] + b"\xff" + hello[5 + 4 + 35:]),
    ("a server name with a NUL", "tls_hello_bad_sni", lambda hello: hello.replace(b"api.example", b"api\0example")),
    ("a server name with a space", "tls_hello_bad_sni", lambda hello: hello.replace(b"api.example", b"api example")),
)


@cases_for(BAD_STARTS, "{} is refused and counted")
def bad_start(site, bad):
    _, drop, make = bad
    before = site.gateway.drops()
    send_and_read(site, make(client_hello(site)), finish=False)
    site.check_counted(before, drop)
    site.check_serves()


@case
def plain_http_is_told_so(site):
    site.backend.forget()
    answer = send_and_read(site, get("/"))
    check(answer.startswith(b"HTTP/1.1 400 ") or answer.startswith(b"\x15\x03"), f"the client got {answer[:80]!r}")
    check_equal(len(site.backend.requests), 0, "requests at the backend")


@case
def client_hello_in_small_records_and_small_segments_is_understood(site):
    hello = fragments(client_hello(site), 100)
    with connect(site.lab) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(hello), 7):
            sock.sendall(hello[start:start + 7])
        check_equal(sock.recv(1), b"\x16", "the first byte of the answer")


@cases_for([1, 4, 5, 6, 9, 43, 44, 100], "a ClientHello cut after {} bytes and closed leaves nothing")
def truncated_hello(site, length):
    before = site.settled_pools()
    for _ in range(3):
        send_and_read(site, client_hello(site)[:length])
    site.check_pools(before)
    site.check_serves()


@cases_for([("TLS 1.0", b"\x03\x01"), ("TLS 1.1", b"\x03\x02"), ("SSL 3", b"\x03\x00")], "{} is refused with an alert")
def old_versions(site, version):
    body = version[1] + bytes(32) + b"\0" + b"\0\4\xc0\x13\0\x2f" + b"\1\0" + b"\0\0"
    hello = record(22, b"\1" + len(body).to_bytes(3, "big") + body, b"\x03\x01")
    answer = send_and_read(site, hello, finish=False)
    check(answer[:1] in (b"\x15", b""), f"the client got {answer[:16]!r}")
    check(b"\x16" != answer[:1], "a handshake went on")
    site.check_serves()


def garbled_after_handshake(site, data, version=None):
    """A good handshake, then bytes of our own below TLS; what the client's socket gets before the close."""
    with site.connect(version=version) as client:
        with socket.socket(fileno=os.dup(client.sock.fileno())) as below:
            below.settimeout(8)
            try:
                below.sendall(data)
                out = b""
                while piece := below.recv(65536):
                    out += piece
            except ConnectionResetError:
                pass
            return out


# what, the reason it is counted under, the bytes
RECORDS = (
    ("a record that does not decrypt", "tls_record_bad_mac", record(23, bytes(64))),
    ("a record longer than TLS allows", "tls_record_too_large", record(23, bytes(17000))),
    ("a record of 65535 bytes", "tls_record_too_large", record(23, bytes(65535))),
    ("an empty record", None, record(23, b"")),
    ("a record type of nobody", "tls_record_malformed", record(99, bytes(16))),
    ("plain HTTP inside TLS's connection", "tls_handshake_protocol_version", get("/") + bytes(16384)),
    ("a second ClientHello in the clear", None, record(22, b"\1\0\0\4" + bytes(4))),
)


@cases_for(RECORDS, "{} after the handshake ends that session only")
def bad_record(site, bad):
    _, drop, data = bad
    before, drops = site.settled_pools(), site.gateway.drops()
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        site.backend.forget()
        garbled_after_handshake(site, data, version)
        check_equal(len(site.backend.requests), 0, "requests at the backend")
    if drop is not None:
        site.check_counted(drops, drop, at_least=2)
    site.check_serves()
    site.check_pools(before)


def tls12_hello_answered(sock, site):
    """A TLS 1.2 handshake up to and including ServerHelloDone."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = site.tls(None, version=ssl.TLSVersion.TLSv1_2).wrap_bio(incoming, outgoing, server_hostname="api.example")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    sock.sendall(outgoing.read())
    answer = b""
    while not answer.endswith(b"\x0e\0\0\0"):
        piece = sock.recv(65536)
        check(piece, "closed before ServerHelloDone")
        answer += piece


# what, the reason it is counted under, the bytes after the server's first flight
SECOND_FLIGHTS = (
    ("a close_notify", "tls_handshake_closed", record(21, b"\1\0")),
    ("a Certificate of 16 MiB", "tls_client_refused", record(22, b"\x0b\xff\xff\xff" + bytes(1000))),
)


@cases_for(SECOND_FLIGHTS, "{} in the middle of the handshake is refused and counted")
def bad_second_flight(site, bad):
    _, drop, data = bad
    pools, before = site.settled_pools(), site.gateway.drops()
    with connect(site.lab, timeout_s=8) as sock:
        tls12_hello_answered(sock, site)
        sock.sendall(data)
        try:
            while sock.recv(65536):
                pass
        except ConnectionResetError:
            pass
    site.check_counted(before, drop)
    site.check_serves()
    site.check_pools(pools)


@case
def finished_of_another_handshake_is_refused_and_counted(site):
    """On the way to the gateway one offered group becomes another: both sides have the same keys (without the extended
    master secret they do not depend on the hello), but not the same handshake."""
    before = site.gateway.drops()
    tls = site.tls(None, version=ssl.TLSVersion.TLSv1_2)
    tls.options |= 1  # SSL_OP_NO_EXTENDED_MASTER_SECRET
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = tls.wrap_bio(incoming, outgoing, server_hostname="api.example")
    groups, others = b"\x00\x1d\x00\x17\x00\x1e", b"\x00\x1d\x00\x17\x5a\x5a"
    with connect(site.lab, timeout_s=8) as sock:
        for _ in range(10):
            try:
                client.do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                break
            sock.sendall(outgoing.read().replace(groups, others))
            piece = sock.recv(65536)
            if not piece:
                break
            incoming.write(piece)
    site.check_counted(before, "tls_handshake_bad_finished")
    site.check_serves()


@case
def renegotiation_is_refused(site):
    done = site.lab.run("client", "openssl", "s_client", "-connect", "198.18.0.1:443", "-servername", "api.example",
                        "-tls1_2", input="R\n", timeout=15)
    check("RENEGOTIATING" in done.stdout + done.stderr, "openssl did not try")
    site.check_serves()


@case(limit_s=120)
def mutated_hellos_are_survived(site):
    """Every 50th bit of a ClientHello flipped in turn, and 300 random corruptions; the seed is fixed."""
    before = site.settled_pools()
    noise = random.Random(7)
    hello = client_hello(site)
    attempts = [(bit // 8, 1 << bit % 8) for bit in range(0, len(hello) * 8, 50)]
    attempts += [(noise.randrange(len(hello)), noise.randrange(1, 256)) for _ in range(300)]
    for position, mask in attempts:
        broken = bytearray(hello)
        broken[position] ^= mask
        with connect(site.lab, timeout_s=8) as sock:
            sock.sendall(broken)
            sock.shutdown(socket.SHUT_WR)
            try:
                while sock.recv(65536):
                    pass
            except ConnectionResetError:
                pass
    site.check_serves()
    site.check_pools(before)


@case(limit_s=60)
def slow_handshakes_do_not_hold_up_others(site):
    """A hundred clients that stopped inside their ClientHello."""
    hello = client_hello(site)[:50]
    waiting = [connect(site.lab) for _ in range(100)]
    try:
        for sock in waiting:
            sock.sendall(hello)
        for _ in range(5):
            site.check_serves()
    finally:
        for sock in waiting:
            sock.close()


main(Site())

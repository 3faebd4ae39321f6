# SPDX-License-Identifier: GPL-3.0-or-later
"""Every limit and time limit of the start-up file, met exactly and then exceeded; and that a client which broke one
still gets to read the answer."""

import contextlib
import ssl
import time

from support.client import connect, get
from support.http_wire import chunked
from support.recorder import answer_ok
from support.site import Site
from support.tap import Failure, case, cases_for, check, check_equal, main

HEADER_BYTES, HEADER_COUNT, BODY_BYTES, REQUESTS = 4096, 20, 100_000, 5
TIME_LIMIT_S = 1


def change(config):
    config["limits"] = {"header_bytes": "4KiB", "header_count": HEADER_COUNT, "body": "100000B",
                        "requests_per_connection": REQUESTS}
    config["time_limits"] = {"tls_handshake": "1s", "header": "1s", "idle": "1s", "response": "5s", "connect": "1s"}


def padded(total_bytes):
    """A request whose head has exactly so many bytes."""
    bare = get("/", fields=["X-Fill: "])
    return get("/", fields=["X-Fill: " + "f" * (total_bytes - len(bare))])


def check_refused(site, request, status, drop):
    """The page, read to its end; the drop counted; nothing at the backend but a body that may have begun."""
    before = site.gateway.drops()
    site.backend.forget()
    with site.connect() as connection:
        answer = connection.ask(request)
        check_equal(answer.status, status, "status")
        check(connection.closed_by_peer(), "the connection stays open")
        check(not connection.reset, "the client was reset")
    site.check_counted(before, drop)
    check(all(request.body is None for request in site.backend.requests), "the backend got a whole request")
    site.check_serves()


@case
def head_of_exactly_the_limit_passes(site):
    check_equal(site.ask(padded(HEADER_BYTES)).status, 200, "status")


@cases_for([HEADER_BYTES + 1, HEADER_BYTES * 2, HEADER_BYTES * 64], "a head of {} bytes is refused")
def long_head(site, total_bytes):
    check_refused(site, padded(total_bytes), 431, "http_head_too_large")


@case
def request_line_longer_than_the_limit_is_refused(site):
    check_refused(site, get("/" + "a" * HEADER_BYTES * 2), 414, "http_target_too_long")


@case
def as_many_headers_as_the_limit_pass(site):
    fields = [f"X-{n}: 1" for n in range(HEADER_COUNT - 1)]  # and Host
    check_equal(site.ask(get("/", fields=fields)).status, 200, "status")


@case
def one_header_too_many_is_refused(site):
    check_refused(site, get("/", fields=[f"X-{n}: 1" for n in range(HEADER_COUNT)]), 431, "http_too_many_headers")


@case
def body_of_exactly_the_limit_passes(site):
    check_equal(site.ask(get("/", method="POST", body=b"b" * BODY_BYTES)).status, 200, "status")
    site.backend.forget()
    head = get("/", method="POST", fields=["Transfer-Encoding: chunked"])
    check_equal(site.ask(head + chunked(b"c" * BODY_BYTES)).status, 200, "status of the chunked one")


@case
def announced_body_over_the_limit_is_refused_before_the_backend_hears_of_it(site):
    check_refused(site, get("/", method="POST", body=b"b" * (BODY_BYTES + 1)), 413, "http_body_too_large")


@case
def chunked_body_that_grows_over_the_limit_is_refused(site):
    head = get("/", method="POST", fields=["Transfer-Encoding: chunked"])
    check_refused(site, head + chunked(b"c" * BODY_BYTES, b"!"), 413, "http_body_too_large")


@case
def last_request_a_connection_may_make_says_so(site):
    with site.connect() as connection:
        answers = [connection.ask(get("/")) for _ in range(REQUESTS)]
        check_equal([a.status for a in answers], [200] * REQUESTS, "statuses")
        check_equal([a.get("connection") for a in answers][-1], "close", "Connection of the last answer")
        check(connection.closed_by_peer(), "the connection stays open")


def seconds_until_closed(connection, patience_s=8):
    began = time.monotonic()
    connection.sock.settimeout(patience_s)
    try:
        connection.stream.rest()
    except TimeoutError as error:
        raise Failure(f"still open after {patience_s} s") from error
    return time.monotonic() - began


@case
def idle_connection_is_closed_politely(site):
    with site.connect() as connection:
        check_equal(connection.ask(get("/")).status, 200, "status")
        took = seconds_until_closed(connection)
        check(TIME_LIMIT_S * 0.8 < took < TIME_LIMIT_S + 3, f"closed after {took:.1f} s")
        check(not connection.reset and not connection.ragged, "closed without close_notify")


@case
def half_a_head_is_answered_408(site):
    before = site.gateway.drops()
    with site.connect() as connection:
        connection.send(get("/")[:-2])
        began = time.monotonic()
        check_equal(connection.read().status, 408, "status")
        took = time.monotonic() - began
        check(TIME_LIMIT_S * 0.8 < took < TIME_LIMIT_S + 3, f"answered after {took:.1f} s")
        check(connection.closed_by_peer(), "the connection stays open")
    site.check_counted(before, "http_request_timeout")


@case
def head_that_trickles_is_answered_408(site):
    """A byte now and then does not stretch the time limit."""
    with site.connect() as connection:
        began = time.monotonic()
        connection.sock.settimeout(0.3)
        answered = b""
        for byte in get("/", fields=["X: " + "y" * 100]):
            try:
                connection.send(bytes([byte]))
                answered = connection.sock.recv(65536)
                break
            except TimeoutError:
                continue
            except OSError:
                break
        check(time.monotonic() - began < TIME_LIMIT_S + 3, "the limit was stretched")
        check(answered.startswith(b"HTTP/1.1 408"), f"the client got {answered[:60]!r}")


def check_closed_in_time(sock):
    began = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        while sock.recv(65536):
            pass
    took = time.monotonic() - began
    check(TIME_LIMIT_S * 0.8 < took < TIME_LIMIT_S + 3, f"closed after {took:.1f} s")


@cases_for([("no byte at all", b""), ("half a ClientHello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")],
           "a client that sends {} is closed when the handshake limit is over")
def handshake_limit(site, what):
    with connect(site.lab) as sock:
        sock.sendall(what[1])
        check_closed_in_time(sock)
    site.check_serves()


@case
def client_that_stops_inside_the_handshake_is_closed(site):
    tls = site.tls()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    half = tls.wrap_bio(incoming, outgoing, server_hostname="api.example")
    with connect(site.lab) as sock:
        try:
            half.do_handshake()
        except ssl.SSLWantReadError:
            sock.sendall(outgoing.read())
        check_closed_in_time(sock)
    site.check_serves()


LONG_BODY = ["Content-Length: 3000000"]
LONG_CHUNK = ["Transfer-Encoding: chunked"]  # whose length nobody can know before


@cases_for([("no certificate", None, "api.example", 400, LONG_CHUNK), ("the wrong host", "good", "nobody.example", 421, LONG_CHUNK),
            ("too large a body", "good", "api.example", 413, LONG_BODY)],
           "an upload refused for {} still shows the page, no reset")
def lingering(site, attempt):
    """The client goes on sending a body that nobody reads, and only then looks at the answer."""
    _, who, host, status, framing = attempt
    with site.connect(who) as connection:
        connection.send(get("/", host=host, method="POST", fields=framing) + b"2dc6c0\r\n")  # a chunk of 3,000,000
        connection.sock.settimeout(5)
        for _ in range(46):  # three quarters of a megabyte, within what lingering takes
            connection.send(b"u" * 16384)
            time.sleep(0.002)
        check_equal(connection.read().status, status, "status")
        check(not connection.reset, "the client was reset before it could read")


@case
def lingering_is_bounded_in_time(site):
    with site.connect(None) as connection:
        connection.send(get("/", method="POST", fields=["Content-Length: 100000000000"]))
        began = time.monotonic()
        try:
            while time.monotonic() - began < 15:
                connection.send(b"u" * 1000)
                time.sleep(0.05)
        except OSError:
            return
    raise Failure("a refused client may send for ever")


@case
def body_that_stops_arriving_is_given_up(site):
    site.backend.forget(answer_ok)
    with site.connect() as connection:
        connection.send(get("/", method="POST", fields=["Content-Length: 1000"]) + b"half")
        took = seconds_until_closed(connection, patience_s=12)
        check(took < 12, f"closed after {took:.1f} s")
    site.check_serves()


@case
def many_idle_clients_leave_nothing_behind(site):
    before = site.settled_pools()
    connections = [site.connect() for _ in range(50)]
    for connection in connections:
        connection.sock.settimeout(8)
        connection.stream.rest()
        connection.close()
    site.check_pools(before)


main(Site(change))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that send or read too slowly are cut off; those that are slow, but not too slow, never are, and nobody is blamed
for waiting for somebody else."""

import select
import socket
import time

from support.client import connect, get
from support.http_wire import Stream
from support.lab import GATEWAY_FRONT
from support.recorder import answer_after, answer_bytes, answer_ok, response
from support.site import Site
from support.tap import Failure, case, cases_for, check, check_equal, main

RESPONSE_LIMIT_S = 2
GRACE_S = 1.5
BODY_RATE, READ_RATE = 2000, 20_000  # bytes a second
SMALL_WINDOW_BYTES = 4096


def change(config):
    config["time_limits"] = {"response": f"{RESPONSE_LIMIT_S}s"}
    config["client_rates"] = {"request_body": f"{BODY_RATE}B", "response": f"{READ_RATE}B", "grace": f"{GRACE_S * 1000:.0f}ms"}
    config["listeners"].append({"name": "plain", "address": f"{GATEWAY_FRONT}:80", "tls": "off"})
    config["rules"].append({"listener": "plain", "path": "/", "pool": "app"})


def upload(connection, piece, pause_s, total_bytes):
    """Sends a body in pieces until it is whole or the gateway has answered; how long that took."""
    connection.send(get("/up", method="POST", fields=[f"Content-Length: {total_bytes}"]))
    began, sent = time.monotonic(), 0
    while sent < total_bytes:
        connection.send(piece[:total_bytes - sent])
        sent += len(piece)
        if select.select([connection.sock], [], [], pause_s)[0]:
            break
    return time.monotonic() - began


@case
def trickling_upload_is_cut_off(site):
    before = site.gateway.drops()
    site.backend.forget()
    with site.connect() as connection:
        took = upload(connection, b"u" * (BODY_RATE // 10), 0.2, BODY_RATE * 100)
        check_equal(connection.read().status, 408, "status")
        check(GRACE_S < took < 4 * GRACE_S + 1, f"cut off after {took:.1f} s")
        check(connection.closed_by_peer(), "the connection stays open")
    site.check_counted(before, "http_request_too_slow")
    check(all(request.body is None for request in site.backend.requests), "the backend got a whole request")
    site.check_serves()


@case
def upload_that_is_slow_but_not_too_slow_goes_through(site):
    with site.connect() as connection:
        took = upload(connection, b"u" * (BODY_RATE // 2), 0.2, BODY_RATE * 7)
        check(took > 1.5 * GRACE_S, f"only {took:.1f} s: nothing was tried")
        check_equal(connection.read().status, 200, "status")


@case
def upload_that_waits_for_the_backend_is_not_blamed_on_the_client(site):
    """The client could send; it is the backend that does not read."""
    body = b"b" * 2_000_000

    def answer(connection, request):
        for _ in range(4):  # progress now and then keeps the response limit away
            time.sleep(GRACE_S / 2)
            connection.stream.exactly(400_000)
        request.body = connection.stream.exactly(len(body) - 1_600_000)
        connection.send(response(b"done"))

    site.backend.forget(answer)
    site.backend.on_accept = lambda connection: connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    site.backend.drop_connections()
    check_equal(site.ask(get("/up", method="POST", body=body), timeout_s=20).body, b"done", "answer")


@case
def answer_that_is_late_is_not_blamed_on_the_client(site):
    site.backend.forget(answer_after(GRACE_S + 0.3))
    check_equal(site.ask(get("/late", method="POST", body=b"x")).status, 200, "status")


class PlainClient:
    """A connection without TLS."""

    def __init__(self, site, **options):
        self.sock = connect(site.lab, port=80, **options)
        self.stream = Stream(self.sock.recv)
        self.send = self.sock.sendall

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()


def ask_big(site, body, fields=(), plain=False):
    site.backend.forget(answer_bytes(response(body, fields=fields)))
    options = {"rx_buffer_bytes": SMALL_WINDOW_BYTES, "timeout_s": 20}
    connection = PlainClient(site, **options) if plain else site.connect(**options)
    connection.send(get("/big", fields=fields))
    return connection


@case
def reader_that_stops_is_reset(site):
    before, began = site.gateway.drops(), time.monotonic()
    with ask_big(site, b"q" * 3_000_000) as connection:
        site.check_counted(before, "client_too_slow_reading")
        check(time.monotonic() - began > GRACE_S * 0.8, "reset before its grace was over")
        try:
            connection.read()
        except Failure as error:
            check(connection.reset or connection.ragged, f"the end was not told from a clean one: {error}")
        else:
            raise Failure("the whole response arrived")
    site.check_serves()


TLS_AND_PLAIN = (("with TLS", False), ("without TLS", True))


@cases_for(TLS_AND_PLAIN, "a reader slower than the rate, {}, is reset")
def too_slow_reader(site, how):
    before = site.gateway.drops()
    with ask_big(site, b"q" * 3_000_000, plain=how[1]) as connection:
        for _ in range(40):
            if site.gateway.drops()["client_too_slow_reading"] > before["client_too_slow_reading"]:
                return
            connection.sock.recv(READ_RATE // 10)
            time.sleep(0.2)
    raise Failure("a reader at half the rate is served for ever")


def read_at(connection, bytes_per_s, total_bytes):
    """Reads steadily; how long it took."""
    began = time.monotonic()
    connection.stream.until(b"\r\n\r\n")
    got = 0
    for piece in connection.stream.pieces(total_bytes):
        check(piece == b"q" * len(piece), "the body differs")
        got += len(piece)
        time.sleep(max(0, began + got / bytes_per_s - time.monotonic()))
    return time.monotonic() - began


@cases_for(TLS_AND_PLAIN, "a reader that is slow but not too slow, {}, gets everything")
def slow_reader(site, how):
    """At this rate nothing moves between gateway and backend for longer than time_limits.response."""
    total = 420_000
    with ask_big(site, b"q" * total, plain=how[1]) as connection:
        took = read_at(connection, 3 * READ_RATE, total)
        check(took > 2 * RESPONSE_LIMIT_S, f"only {took:.1f} s: nothing was tried")


@case
def slow_reader_of_a_last_response_gets_its_end(site):
    """What waits in the gateway when the exchange is over is not cut off by the end of lingering."""
    total = 200_000
    with ask_big(site, b"q" * total, ["Connection: close"]) as connection:
        took = read_at(connection, 1.5 * READ_RATE, total)
        check(took > 6, f"only {took:.1f} s: nothing was tried")
        check(connection.closed_by_peer(), "the connection stays open")
        check(not connection.reset and not connection.ragged, "closed without close_notify")


@case
def reader_that_stops_before_the_end_of_a_last_response_is_reset(site):
    before, began = site.gateway.drops(), time.monotonic()
    with ask_big(site, b"q" * 200_000, ["Connection: close"]):
        while site.gateway.drops()["client_too_slow_reading"] == before["client_too_slow_reading"]:
            check(time.monotonic() - began < 15, "a client that takes nothing is kept for ever")
            time.sleep(0.2)


@case
def slow_clients_leave_nothing_behind(site):
    before = site.settled_pools()
    with ask_big(site, b"q" * 3_000_000), site.connect() as uploading:
        uploading.send(get("/up", method="POST", fields=["Content-Length: 100000"]) + b"u" * 1000)
        time.sleep(GRACE_S + 1)
    site.backend.forget(answer_ok)
    site.check_pools(before)


main(Site(change))

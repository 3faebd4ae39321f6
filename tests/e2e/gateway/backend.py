# SPDX-License-Identifier: GPL-3.0-or-later
"""Backends as they are: reused, gone, slow, rude, and larger than memory."""

import hashlib
import socket
import time

from support.client import get
from support.http_wire import Truncated, chunked, read_head
from support.recorder import answer_bytes, answer_chunked, answer_digest, answer_never, answer_ok, response
from support.site import Site
from support.tap import Failure, case, cases_for, check, check_equal, eventually, main

RESPONSE_LIMIT_S = 2
BIG_BYTES = 24 << 20
SMALL_WINDOW_BYTES = 4096


def change(config):
    config["time_limits"] = {"response": f"{RESPONSE_LIMIT_S}s", "connect": "1s"}


@case
def backend_connection_is_reused_across_requests_and_clients(site):
    site.backend.forget()
    for n in range(6):
        check_equal(site.ask(get(f"/{n}")).status, 200, "status")
    used = {request.connection.number for request in site.backend.wait_for(6)}
    check_equal(len(used), 1, "backend connections for six requests in sequence")


@case
def connection_close_of_the_backend_is_honoured(site):
    site.backend.forget(answer_bytes(response(b"bye", fields=["Connection: close"]), keep=False))
    for _ in range(3):
        check_equal(site.ask(get("/")).body, b"bye", "answer")
    used = [request.connection.number for request in site.backend.wait_for(3)]
    check_equal(len(set(used)), 3, "backend connections for three closing answers")


@case
def connection_close_of_the_client_ends_its_connection_only(site):
    site.backend.forget()
    with site.connect() as connection:
        answer = connection.ask(get("/", fields=["Connection: close"]))
        check_equal((answer.status, answer.get("connection")), (200, "close"), "status and Connection")
        check(connection.closed_by_peer(), "the connection stays open")
        check(not connection.ragged and not connection.reset, "closed without close_notify")
    site.ask(get("/"))
    used = {request.connection.number for request in site.backend.wait_for(2)}
    check_equal(len(used), 1, "backend connections")


def close_when_the_next_request_comes(first):
    """The race that every keep-alive proxy meets: the backend closes while a request is on its way to it."""

    def answer(connection, request):
        if connection.served:
            connection.reset() if first == "reset" else connection.sock.close()
            return False
        connection.served = True
        return answer_ok(connection, request)

    return answer


@cases_for([(f"{method} after {how}", method, how) for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS")
            for how in ("FIN", "reset")], "stale connection: {} is retried once on a fresh one")
def stale_idempotent(site, what):
    _, method, how = what
    site.backend.forget(close_when_the_next_request_comes(how))
    site.backend.drop_connections()
    site.ask(get("/warm"))
    check_equal(site.ask(get("/again", method=method)).status, 200, "status")
    seen = [request.target for request in site.backend.wait_for(3)]
    check_equal(seen, ["/warm", "/again", "/again"], "requests at the backend")


@cases_for(["POST", "PUT"], "stale connection {} is not repeated")
def stale_not_repeated(site, method):
    """The one may have had an effect already, and the body of either, or a part of it, is gone."""
    site.backend.forget(close_when_the_next_request_comes("FIN"))
    site.backend.drop_connections()
    site.ask(get("/warm"))
    check_equal(site.ask(get("/once", method=method, body=b"pay 100")).status, 502, "status")
    seen = [request.target for request in site.backend.requests]
    check_equal(seen, ["/warm", "/once"], "requests at the backend")


@case
def backend_that_closes_idle_connections_is_not_noticed_by_clients(site):
    site.backend.forget()
    for n in range(3):
        check_equal(site.ask(get(f"/{n}", method="POST", body=b"x")).status, 200, "status")
        site.backend.drop_connections()
        time.sleep(0.1)


@case
def fresh_connection_closed_without_answer_is_502(site):
    site.backend.forget(lambda connection, request: False)
    site.backend.drop_connections()
    check_equal(site.ask(get("/")).status, 502, "status")
    site.check_serves()


@cases_for([("that refuses connections", "/closed"), ("that nobody answers for", "/nobody")], "a backend {} is 502 or 503")
def unreachable(site, pool):
    began = time.monotonic()
    answer = site.ask(get(pool[1]))
    check(answer.status in (502, 503, 504), f"status {answer.status}")
    check(time.monotonic() - began < 10, "the answer took too long")
    site.check_serves()


@case
def backend_that_comes_back_is_used_again(site):
    site.nginx.stop()
    down = site.ask(get("/web/")).status
    site.nginx.start()
    check(down in (502, 503), f"status {down} while nginx was down")
    eventually(lambda: site.ask(get("/web/")).status == 200, "200 after nginx is back")


@case
def backend_that_never_answers_is_504(site):
    site.backend.forget(answer_never)
    began = time.monotonic()
    check_equal(site.ask(get("/")).status, 504, "status")
    took = time.monotonic() - began
    check(RESPONSE_LIMIT_S - 0.2 < took < RESPONSE_LIMIT_S + 2, f"the answer came after {took:.1f} s")
    site.check_serves()


def check_aborted(site, wire, what):
    """The client must be able to tell that the response is not whole."""
    site.backend.forget(answer_bytes(wire, keep=False))
    with site.connect() as connection:
        try:
            answer = connection.ask(get("/"))
        except Failure:
            check(connection.reset or connection.ragged or connection.stream.ended, "the connection is still open")
        else:
            raise Failure(f"{what} was passed off as whole: {answer.status} {answer.body[:80]!r}")
    site.check_serves()


@cases_for([("Content-Length", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"),
            ("chunked", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
            ("half a chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhello"),
            ("no last CRLF", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")],
           "a response truncated against its {} aborts the client")
def truncated(site, case_):
    check_aborted(site, case_[1], "a truncated response")


@case
def response_until_close_is_delivered_whole(site):
    site.backend.forget(answer_bytes(b"HTTP/1.0 200 OK\r\n\r\n" + b"z" * 100000, keep=False))
    check_equal(len(site.ask(get("/")).body), 100000, "body bytes")


@case
def chunked_response_keeps_its_payload_and_loses_its_trailer(site):
    site.backend.forget(answer_chunked(b"a" * 10, b"b" * 70000, b"c", trailer=b"X-Trailer: 1\r\n"))
    with site.connect() as connection:
        for _ in range(2):
            answer = connection.ask(get("/"))
            check(answer.body == b"a" * 10 + b"b" * 70000 + b"c", "the body differs")


@case
def client_of_http_1_0_gets_no_chunks(site):
    site.backend.forget(answer_chunked(b"hello ", b"world"))
    with site.connect() as connection:
        connection.send(get("/", version="1.0"))
        raw = connection.stream.rest()
    head, _, body = raw.partition(b"\r\n\r\n")
    check(b"chunked" not in head.lower(), f"head {head!r}")
    check_equal(body, b"hello world", "body")


@case
def head_204_and_304_have_no_body(site):
    with site.connect() as connection:
        site.backend.forget(answer_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"))
        answer = connection.ask(get("/", method="HEAD"), head_only=True)
        check_equal((answer.status, answer.get("content-length")), (200, "1234"), "HEAD")
        for line in (b"204 No Content", b"304 Not Modified"):
            site.backend.forget(answer_bytes(b"HTTP/1.1 " + line + b"\r\nETag: \"x\"\r\n\r\n"))
            check_equal(connection.ask(get("/")).status, int(line[:3]), "status")
        site.backend.forget()
        check_equal(connection.ask(get("/after")).body, b"GET /after\n", "the next answer on the same connection")


@case
def interim_responses_do_not_replace_the_answer(site):
    site.backend.forget(answer_bytes(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + response(b"final")))
    with site.connect() as connection:
        answer = connection.ask(get("/"))
        while answer.status < 200:
            answer = connection.read()
        check_equal(answer.body, b"final", "answer")


@case
def curl_upload_with_expect_100_continue_works(site):
    file = site.directory / "expected"
    file.write_bytes(b"e" * 2_000_000)
    site.backend.forget()
    done = site.curl("--data-binary", f"@{file}", "-H", "Expect: 100-continue", "https://api.example/up")
    check_equal((done.returncode, done.stdout), (0, "POST /up\n"), "curl")
    check_equal(len(site.backend.wait_for(1)[0].body), 2_000_000, "body bytes at the backend")


REFUSAL = response(b"too much", status="413 Content Too Large", fields=["Connection: close"])


def refuse_politely(connection, request):
    """As nginx does: answers, ends its side, and reads on for a while so that the answer is not lost."""
    connection.send(REFUSAL)
    connection.sock.shutdown(socket.SHUT_WR)
    connection.stream.rest()
    return False


def refuse_and_reset(connection, request):
    """Closing with unread bytes is a reset; what came before it counts all the same."""
    connection.send(REFUSAL)
    return False


@cases_for([("answers and reads on", refuse_politely), ("answers and resets", refuse_and_reset)],
           "an upload to a backend that {} is answered at once")
def early_answer(site, how):
    _, answer = how
    site.backend.forget(answer)
    with site.connect() as connection:
        connection.send(get("/", method="POST", fields=["Content-Length: 3000000"]))
        try:
            connection.send(b"u" * 3_000_000)
        except OSError:
            pass
        check_equal(connection.read().status, 413, "status")
    site.check_serves()


@case
def slow_reader_holds_the_backend_back(site):
    """With a client that does not read, the backend must soon be unable to write: nothing piles up in the gateway."""
    sent = []

    def answer(connection, request):
        request.read_body()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % BIG_BYTES)
        piece = bytes(65536)
        for _ in range(BIG_BYTES // len(piece)):
            connection.send(piece)
            sent.append(len(piece))

    site.backend.forget(answer)
    before = site.settled_pools()
    with site.connect(rx_buffer_bytes=SMALL_WINDOW_BYTES, timeout_s=20) as connection:
        connection.send(get("/"))
        time.sleep(1)
        stalled = sum(sent)
        time.sleep(0.5)
        check(stalled < BIG_BYTES // 2, f"{stalled} bytes left the backend with nobody reading")
        check_equal(sum(sent), stalled, "bytes sent while stalled")
        site.check_serves()
        head = read_head(connection.stream)
        check_equal(head.start_line, "HTTP/1.1 200 OK", "start line")
        check_equal(sum(len(p) for p in connection.stream.pieces(BIG_BYTES)), BIG_BYTES, "body bytes")
    site.check_pools(before)


@case
def slow_backend_holds_the_client_back(site):
    """The other direction: an upload into a backend that does not read."""
    release = []

    def answer(connection, request):
        while not release:
            time.sleep(0.05)
        answer_digest(connection, request)

    site.backend.forget(answer)
    with site.connect(timeout_s=20) as connection:
        connection.send(get("/", method="POST", fields=[f"Content-Length: {BIG_BYTES}"]))
        connection.sock.settimeout(1)
        data, sent = bytes(65536), 0
        try:
            while sent < BIG_BYTES:
                sent += connection.sock.send(data)
        except TimeoutError:
            pass
        check(sent < BIG_BYTES // 2, f"{sent} bytes left the client with nobody reading")
        release.append(True)
        connection.sock.settimeout(20)
        while sent < BIG_BYTES:
            sent += connection.sock.send(data[:BIG_BYTES - sent])
        check_equal(connection.read().body, hashlib.sha256(bytes(BIG_BYTES)).hexdigest().encode(), "digest")


@case
def client_that_leaves_in_the_middle_leaves_nothing_behind(site):
    before = site.settled_pools()
    site.backend.forget(answer_bytes(response(b"q" * 5_000_000)))
    for _ in range(5):
        connection = site.connect(rx_buffer_bytes=SMALL_WINDOW_BYTES)
        connection.send(get("/"))
        connection.stream.until(b"\r\n\r\n")
        connection.close()
    site.check_serves()
    site.check_pools(before)


main(Site(change))

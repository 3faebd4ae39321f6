# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a request ends is decided once, strictly, and the backend sees one meaning only: no request is smuggled."""

from support.client import get
from support.http_wire import chunked
from support.recorder import answer_ok, response
from support.site import Site
from support.tap import case, cases_for, check, check_equal, main

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: api.example\r\n\r\n"
HOST = b"Host: api.example\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
EMPTY_CHUNKED = b"0\r\n\r\n"


def post(fields, body=b""):
    return b"POST / HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


REFUSED = (
    ("Content-Length beside chunked", post(b"Content-Length: 5\r\n" + CHUNKED, EMPTY_CHUNKED + SMUGGLED)),
    ("chunked beside Content-Length", post(CHUNKED + b"Content-Length: 5\r\n", EMPTY_CHUNKED + SMUGGLED)),
    ("two Content-Lengths", post(b"Content-Length: 0\r\nContent-Length: 46\r\n", SMUGGLED)),
    ("a list of Content-Lengths", post(b"Content-Length: 0, 46\r\n", SMUGGLED)),
    ("a signed Content-Length", post(b"Content-Length: +0\r\n", SMUGGLED)),
    ("a negative Content-Length", post(b"Content-Length: -1\r\n", SMUGGLED)),
    ("a hexadecimal Content-Length", post(b"Content-Length: 0x10\r\n", SMUGGLED)),
    ("a Content-Length with a space inside", post(b"Content-Length: 1 0\r\n", SMUGGLED)),
    ("an empty Content-Length", post(b"Content-Length: \r\n", SMUGGLED)),
    ("a Content-Length beyond 64 bits", post(b"Content-Length: 99999999999999999999999\r\n", SMUGGLED)),
    ("an empty Transfer-Encoding", post(b"Transfer-Encoding:\r\n", SMUGGLED)),
    ("Transfer-Encoding xchunked", post(b"Transfer-Encoding: xchunked\r\n", EMPTY_CHUNKED + SMUGGLED)),
    ("Transfer-Encoding gzip, chunked", post(b"Transfer-Encoding: gzip, chunked\r\n", EMPTY_CHUNKED)),
    ("Transfer-Encoding chunked, identity", post(b"Transfer-Encoding: chunked, identity\r\n", EMPTY_CHUNKED + SMUGGLED)),
    ("Transfer-Encoding twice", post(CHUNKED + CHUNKED, EMPTY_CHUNKED + SMUGGLED)),
    ("Transfer-Encoding with a vertical tab", post(b"Transfer-Encoding: \x0bchunked\r\n", EMPTY_CHUNKED + SMUGGLED)),
    ("a space before the colon of Transfer-Encoding", post(b"Transfer-Encoding : chunked\r\n", EMPTY_CHUNKED)),
    ("Transfer-Encoding in HTTP/1.0", b"POST / HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n" + EMPTY_CHUNKED),
    ("a chunk size that is not hexadecimal", post(CHUNKED, b"zz\r\n")),
    ("a chunk size with 0x", post(CHUNKED, b"0x5\r\nabcde\r\n0\r\n\r\n")),
    ("a chunk size beyond 64 bits", post(CHUNKED, b"fffffffffffffffff\r\n")),
    ("a chunk without its CRLF", post(CHUNKED, b"3\r\nabcXX0\r\n\r\n")),
    ("a bare LF after a chunk size", post(CHUNKED, b"3\nabc\r\n0\r\n\r\n")),
    ("two Hosts", b"GET / HTTP/1.1\r\n" + HOST + b"Host: open.example\r\n\r\n"),
    ("the same Host twice", b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n"),
    ("no Host", b"GET / HTTP/1.1\r\n\r\n"),
    ("a Host with a space", b"GET / HTTP/1.1\r\nHost: api.example open.example\r\n\r\n"),
    ("a Host with a slash", b"GET / HTTP/1.1\r\nHost: api.example/x\r\n\r\n"),
    ("a Host with an at sign", b"GET / HTTP/1.1\r\nHost: x@api.example\r\n\r\n"),
    ("a request line without version", b"GET /\r\n" + HOST + b"\r\n"),
    ("two spaces in the request line", b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n"),
    ("a tab in the request line", b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    ("a bare LF after the request line", b"GET / HTTP/1.1\n" + HOST + b"\r\n"),
    ("a bare LF as the end of the head", b"GET / HTTP/1.1\r\n" + HOST + b"\n"),
    ("HTTP/2.0", b"GET / HTTP/2.0\r\n" + HOST + b"\r\n"),
    ("HTTP/1.2", b"GET / HTTP/1.2\r\n" + HOST + b"\r\n"),
    ("lower-case http", b"GET / http/1.1\r\n" + HOST + b"\r\n"),
    ("a fragment in the target", b"GET /#x HTTP/1.1\r\n" + HOST + b"\r\n"),
    ("a target without slash", b"GET secret HTTP/1.1\r\n" + HOST + b"\r\n"),
    ("a control character in the target", b"GET /\x01 HTTP/1.1\r\n" + HOST + b"\r\n"),
    ("an absolute target with another host", b"GET https://open.example/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    ("a header without colon", b"GET / HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n"),
    ("an empty header name", b"GET / HTTP/1.1\r\n" + HOST + b": x\r\n\r\n"),
    ("a method of RTSP", b"DESCRIBE / HTTP/1.1\r\n" + HOST + b"\r\n"),
    ("CONNECT", b"CONNECT api.example:443 HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED),
    ("the HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("binary garbage", bytes(range(128, 256)) + b"\r\n\r\n"),
)


@cases_for(REFUSED, "{} is refused and nothing is smuggled")
def refused(site, attack):
    site.backend.forget()
    with site.connect() as connection:
        answer = connection.ask(attack[1])
        check(answer.status in (400, 405, 421, 501, 505), f"status {answer.status}")
        check(connection.closed_by_peer(), "the connection stays open after a refusal")
    targets = [request.target for request in site.backend.requests]
    check("/smuggled" not in targets, f"the backend saw {targets}")
    check(all(request.body is None for request in site.backend.requests), "the backend got a whole request")


@case
def upgrade_is_dropped_and_what_follows_is_another_request(site):
    site.backend.forget()
    with site.connect() as connection:
        connection.send(get("/", fields=["Connection: Upgrade", "Upgrade: websocket"]) + get("/next"))
        check_equal([connection.read().body for _ in range(2)], [b"GET /\n", b"GET /next\n"], "answers")
    first = site.backend.wait_for(2)[0].head
    check_equal(first.all("upgrade"), [], "Upgrade at the backend")


@case
def hop_by_hop_headers_end_here(site):
    site.backend.forget()
    names = ("Connection", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade", "Proxy-Authorization", "X-Private")
    site.ask(get("/", fields=["Connection: X-Private, close", "Keep-Alive: timeout=9", "Proxy-Connection: close",
                              "TE: trailers", "Upgrade: h2c", "Proxy-Authorization: Basic eDp5", "X-Private: 1",
                              "X-Public: 1"]))
    head = site.backend.wait_for(1)[0].head
    left = [name for name in names if name.lower() in head.names() and head.get(name).lower() != "keep-alive"]
    check_equal(left, [], "hop-by-hop headers at the backend")
    check_equal(head.all("x-public"), ["1"], "X-Public")


@case
def absolute_target_with_our_host_is_made_origin_form(site):
    site.backend.forget()
    check_equal(site.ask(get("https://api.example/abs?x=1")).status, 200, "status")
    check_equal(site.backend.wait_for(1)[0].target, "/abs?x=1", "target at the backend")


@case
def chunked_body_is_reframed_byte_for_byte(site):
    pieces = [b"a", b"b" * 4000, b"c" * 70000]
    site.backend.forget()
    head = get("/up", method="POST", fields=["Transfer-Encoding: chunked"])
    check_equal(site.ask(head + chunked(*pieces)).status, 200, "status")
    request = site.backend.wait_for(1)[0]
    check_equal(request.head.all("transfer-encoding"), ["chunked"], "Transfer-Encoding")
    check_equal(request.head.all("content-length"), [], "Content-Length")
    check(request.read_body() == b"".join(pieces), "the body differs")


@case
def body_in_single_bytes_arrives_whole(site):
    site.backend.forget()
    with site.connect() as connection:
        for byte in get("/slow", method="POST", body=b"slowly does it"):
            connection.send(bytes([byte]))
        check_equal(connection.read().status, 200, "status")
    check_equal(site.backend.wait_for(1)[0].read_body(), b"slowly does it", "body")


@case
def pipelined_requests_are_answered_in_order(site):
    site.backend.forget()
    with site.connect() as connection:
        connection.send(b"".join(get(f"/{n}") for n in range(20)))
        check_equal([connection.read().body for _ in range(20)], [b"GET /%d\n" % n for n in range(20)], "answers")


@case
def pipelined_requests_behind_a_body_are_answered_in_order(site):
    site.backend.forget()
    with site.connect() as connection:
        connection.send(get("/1", method="POST", body=b"x" * 100000) + get("/2"))
        check_equal([connection.read().body for _ in range(2)], [b"POST /1\n", b"GET /2\n"], "answers")


@case
def request_behind_a_refused_one_is_not_answered(site):
    site.backend.forget()
    with site.connect() as connection:
        connection.send(get("/", host="nobody.example") + get("/behind"))
        check_equal(connection.read().status, 421, "status")
        targets = [request.target for request in site.backend.requests]
        check("/" not in targets, f"the backend saw {targets}")


BAD_RESPONSES = (
    ("garbage", b"this is no HTTP at all\r\n\r\n"),
    ("two Content-Lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
    ("Content-Length beside chunked", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("Transfer-Encoding xchunked", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    ("an empty Transfer-Encoding", b"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\nContent-Length: 0\r\n\r\n"),
    ("a folded header", b"HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n"),
    ("a NUL", b"HTTP/1.1 200 OK\r\nX-A: b\0c\r\nContent-Length: 0\r\n\r\n"),
    ("status 99", b"HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n"),
    ("an endless head", b"HTTP/1.1 200 OK\r\n" + b"X-Fill: " + b"y" * 200000 + b"\r\n\r\n"),
    ("101 unasked", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
)


@cases_for(BAD_RESPONSES, "a response with {} becomes 502")
def bad_response(site, bad):
    def answer(connection, request):
        request.read_body()
        connection.send(bad[1])
        return False

    site.backend.forget(answer)
    check_equal(site.ask(get("/")).status, 502, "status")
    site.check_serves()


@case
def second_response_that_nobody_asked_for_is_never_delivered(site):
    def answer(connection, request):
        request.read_body()
        connection.send(response(b"right") + response(b"poisoned"))

    site.backend.forget(answer)
    check_equal(site.ask(get("/1")).body, b"right", "first answer")
    site.backend.forget(answer_ok)
    for n in range(3):
        check_equal(site.ask(get(f"/{n}")).body, b"GET /%d\n" % n, "an answer after the stray one")


@case
def response_hop_by_hop_headers_end_here(site):
    def answer(connection, request):
        request.read_body()
        connection.send(response(b"x", fields=["Connection: X-Private", "X-Private: 1", "Keep-Alive: timeout=5",
                                               "Proxy-Authenticate: Basic", "X-Public: 1"]))

    site.backend.forget(answer)
    head = site.ask(get("/")).head
    check_equal([n for n in ("x-private", "keep-alive") if n in head.names()], [], "hop-by-hop headers at the client")
    check_equal(head.all("x-public"), ["1"], "X-Public")


main(Site())

# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a request ends is decided once, strictly, and the backend sees one meaning only: no request is smuggled.  What is refused is
in http_constructs.py."""

from support.client import get
from support.http_wire import chunked
from support.recorder import answer_ok, response
from support.site import Site
from support.tap import case, check, check_equal, main


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

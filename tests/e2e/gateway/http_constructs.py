# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row of constructs.py: the answer, its counter, and all the bytes that the backend and the client got."""

import time

from gateway.constructs import BODY_BYTES, HEADER_BYTES, HEADER_COUNT, REQUESTS, RESPONSES
from support.client import get
from support.recorder import answer_ok
from support.site import Site
from support.tap import Failure, case, cases_for, check, check_equal, eventually, main


def change(config):
    config["limits"] = {"header_bytes": f"{HEADER_BYTES}B", "header_count": HEADER_COUNT, "body": f"{BODY_BYTES}B"}
    config["time_limits"] = {"response": "5s", "idle": "5s"}


def rows(table):
    return [(f"{section.lower()}: {row.what}", row) for section, members in table.items() for row in members]


def fresh(site, answer=answer_ok):
    """From here on the backend has seen nothing."""
    site.backend.drop_connections()
    site.backend.forget(answer)
    site.backend.connections.clear()
    site.dropped = site.gateway.drops()


def seen(site):
    return b"".join(connection.received() for connection in site.backend.connections)


def check_reason(site, reason, page):
    """Counted once, under its name alone; and said on the page, where there is one."""
    if reason:
        site.check_counted(site.dropped, f"http_{reason}")
    after = site.gateway.drops()
    grew = {name: after[name] - site.dropped[name] for name in after
            if name.startswith("http_") and after[name] != site.dropped[name]}
    check_equal(grew, {f"http_{reason}": 1} if reason else {}, "refusals counted")
    if page is not None:
        check(f"reason: {reason}\n" in page.text, f"the page says {page.text!r}")


@cases_for(rows(REQUESTS), "request, {}")
def request(site, row):
    row = row[1]
    fresh(site)
    with site.connect(None, sni="open.example") as connection:
        connection.send(row.parts[0])
        for part in row.parts[1:]:
            if b"Expect" in row.parts[0]:
                check_equal(connection.read().status, 100, "interim status")
            else:
                eventually(lambda: seen(site) == row.seen, "the head at the backend")
            connection.send(part)
        answer = connection.read()
        check_equal(answer.status, row.status, "status")
        for _ in range(row.seen.count(b" HTTP/1.1\r\n") - 1):  # pipelined
            check_equal(connection.read().status, 200, "status of the next")
        closes = row.closes if row.closes is not None else bool(row.reason)
        if closes:
            check(connection.closed_by_peer(), "the connection stays open")
            check(not connection.reset and not connection.ragged, "closed without close_notify")
        else:
            check_equal(connection.ask(get("/next", host="open.example")).body, b"GET /next\n", "the next answer")
    check_reason(site, row.reason, answer if row.reason else None)
    got = seen(site)
    if not closes:
        got = got[:got.rindex(b"GET /next")]
    check_equal(got, row.seen, "bytes at the backend")
    if row.reason and row.seen:
        check(all(request.body is None for request in site.backend.requests), "the backend got a whole request")


def answer_of(row):
    def answer(connection, request):
        request.read_body()
        if request.target != "/":
            return answer_ok(connection, request)
        connection.send(row.sent)
        if row.then == "rst":
            time.sleep(0.05)  # a reset may overtake what was sent before
            connection.reset()
        return row.then == "stay"

    return answer


@cases_for(rows(RESPONSES), "response, {}")
def response(site, row):
    row = row[1]
    fresh(site, answer_of(row))
    with site.connect(None, sni="open.example") as connection:
        connection.send(get("/", method=row.method, host="open.example", version=row.version))
        if row.got:
            check_equal(connection.stream.exactly(len(row.got)), row.got, "bytes at the client")
        page = check_failed_response(connection, row) if row.reason else None
        if row.version == "1.0":
            check(connection.closed_by_peer() and not connection.ragged, "not closed cleanly")
        elif not row.reason:
            check_equal(connection.ask(get("/next", host="open.example")).body, b"GET /next\n", "the next answer")
    check_reason(site, row.reason, page)
    check_backend_connection(site, row)


def check_failed_response(connection, row):
    """A page; or, when a part of the response was on its way, an end that nobody can take for a clean one."""
    if row.status == 502:
        page = connection.read()
        check_equal(page.status, 502, "status")
        check(b"xyz" not in bytes(connection.stream.seen), "bytes of the backend reached the client")
        check(connection.closed_by_peer(), "the connection stays open")
        return page
    try:
        answer = connection.read()
    except Failure:
        check(connection.reset or connection.ragged, "the end of a part looks clean")
        return None
    raise Failure(f"a part was passed off as whole: {answer.status} {answer.body!r}")


def check_backend_connection(site, row):
    """Used again, or closed by the gateway."""
    site.ask(get("/after", host="open.example"), who=None, sni="open.example")
    first = [r.connection.number for r in site.backend.requests if r.target == "/"]
    later = [r.connection.number for r in site.backend.requests if r.target != "/"]
    check_equal(len(first), 1, "times the request was sent")
    check_equal(first[0] in later, row.reused, "the connection was used again")
    if row.then == "stay" and not row.reused:
        connection = next(r.connection for r in site.backend.requests if r.target == "/")
        eventually(lambda: connection.over, "the gateway closes the backend's connection")


@case
def all_of_it_leaves_nothing_behind(site):
    site.backend.forget()
    pools = site.settled_pools()
    check_equal(pools["backend_conns"], 0, "connections to the backend")
    check_equal(pools["mbuf"], 0, "packet buffers")


main(Site(change))

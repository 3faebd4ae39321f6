# SPDX-License-Identifier: GPL-3.0-or-later
"""Several servers in a pool: whose turn it is, who is left out and when it comes back, and what a dead one costs."""

import contextlib
import socket
import time

from support.client import get
from support.gateway import NOBODY
from support.lab import BACKEND
from support.recorder import Recorder, answer_after, answer_ok
from support.site import Site
from support.tap import case, cases_for, check, check_equal, eventually, main

PORTS = (8101, 8102)
DEAD_PORTS = (8198, 8199)
MUTE_PORT = 8103
CONNECT_LIMIT_S = 1
FAILURES, FAIL_TIMEOUT_S = 2, 3


def change(config):
    config["time_limits"] = {"connect": f"{CONNECT_LIMIT_S}s", "response": "5s"}

    def pool(name, servers, failures):
        config["backend_pools"].append({"name": name, "servers": [f"{host}:{port}" for host, port in servers],
                                        "max_failures": failures, "fail_timeout": f"{FAIL_TIMEOUT_S * 1000:.0f}ms"})
        config["rules"].append({"listener": "api", "path": f"/{name}", "pool": name})

    pool("pair", [(BACKEND, port) for port in PORTS], FAILURES)
    pool("half", [(BACKEND, DEAD_PORTS[0]), (BACKEND, PORTS[0])], "never")
    pool("hole", [(NOBODY, 80), (BACKEND, PORTS[0])], "never")
    pool("mute", [(BACKEND, MUTE_PORT)], FAILURES)
    pool("quiet", [(BACKEND, MUTE_PORT), (BACKEND, PORTS[0])], "never")
    pool("dead", [(BACKEND, port) for port in DEAD_PORTS], FAILURES)
    pool("lone", [(BACKEND, DEAD_PORTS[0])], FAILURES)


@contextlib.contextmanager
def servers(site):
    """The two servers of the pools, fresh, and used again by the gateway."""
    with Recorder(site.lab, BACKEND, PORTS[0]) as first, Recorder(site.lab, BACKEND, PORTS[1]) as second:

        def all_up():
            site.ask(get("/pair/warm"))
            return states(site, "pair") == ["up", "up"]

        eventually(all_up, "both servers are up")
        first.forget()
        second.forget()
        yield first, second


def servers_of(site, pool):
    return next(p["servers"] for p in site.gateway.status()["backend_pools"] if p["name"] == pool)


def states(site, pool):
    return [server["state"] for server in servers_of(site, pool)]


def hang_up(connection, request):
    request.read_body()
    return False


def targets(server):
    return [request.target for request in server.requests]


@case
def servers_are_asked_in_turn(site):
    with servers(site) as both, site.connect() as connection:
        for n in range(8):
            check_equal(connection.ask(get(f"/pair/{n}")).status, 200, "status")
        check_equal([len(server.requests) for server in both], [4, 4], "requests of each server")


@case
def status_tells_servers_apart(site):
    with servers(site):
        before = servers_of(site, "pair")
        for n in range(4):
            site.ask(get(f"/pair/{n}"))
        after = servers_of(site, "pair")
        check_equal([server["address"] for server in after], [f"{BACKEND}:{port}" for port in PORTS], "addresses")
        check_equal([a["requests"] - b["requests"] for a, b in zip(after, before)], [2, 2], "requests")
        check_equal([a["failures"] - b["failures"] for a, b in zip(after, before)], [0, 0], "failures")


@cases_for([("that refuses connections", "half"), ("that nobody answers for", "hole")],
           "a server {} costs no request: the next one gets it, with its body")
def next_server(site, how):
    pool = how[1]
    body = bytes(range(256)) * 1200
    with servers(site) as (first, _):
        before = site.gateway.counters()["backend_next_servers"]
        for n in range(4):
            check_equal(site.ask(get(f"/{pool}/{n}", method="POST", body=body)).status, 200, "status")
        check_equal(targets(first), [f"/{pool}/{n}" for n in range(4)], "requests at the living server")
        check(all(request.body == body for request in first.requests), "a body differs")
        check(site.gateway.counters()["backend_next_servers"] - before >= 2, "the dead server was never tried")
        check_equal(states(site, pool), ["up", "up"], "states in a pool that never leaves a server out")


@contextlib.contextmanager
def mute_server(site):
    """A listener whose queue is full: its kernel leaves every further SYN without an answer."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(site.lab.socket("backend"))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((BACKEND, MUTE_PORT))
        listener.listen(0)
        for _ in range(2):
            filler = stack.enter_context(site.lab.socket("backend"))
            filler.setblocking(False)
            filler.connect_ex((BACKEND, MUTE_PORT))
        yield


@case
def connection_that_is_not_made_in_time_is_504(site):
    with mute_server(site):
        before, began = site.gateway.drops(), time.monotonic()
        check_equal(site.ask(get("/mute/")).status, 504, "status")
        took = time.monotonic() - began
        check(CONNECT_LIMIT_S * 0.9 < took < CONNECT_LIMIT_S + 2, f"answered after {took:.1f} s")
        site.check_counted(before, "http_backend_timeout")


@case
def next_server_is_tried_when_the_first_does_not_connect_in_time(site):
    body = b"late but whole" * 5000
    with mute_server(site), servers(site) as (first, _):
        for n in range(2):
            check_equal(site.ask(get(f"/quiet/{n}", method="POST", body=body)).status, 200, "status")
        check_equal([request.body for request in first.requests], [body] * 2, "bodies at the living server")
        check_equal(servers_of(site, "quiet")[0]["failures"], 1, "failures of the other")


@case
def expect_is_answered_once_a_server_is_there(site):
    with servers(site) as (first, _):
        for n in range(2):  # one of them meets the dead server first
            with site.connect() as connection:
                connection.send(get(f"/half/{n}", method="POST", fields=["Expect: 100-continue", "Content-Length: 4"]))
                check_equal(connection.read().status, 100, "interim status")
                connection.send(b"data")
                check_equal(connection.read().status, 200, "status")
        check_equal([request.body for request in first.requests], [b"data"] * 2, "bodies")


@case
def refused_upload_is_not_asked_for(site):
    """The client is told to go on only when somebody is there to take the body."""
    with site.connect() as connection:
        connection.send(get("/lone/", method="POST", fields=["Expect: 100-continue", "Content-Length: 4"]))
        check_equal(connection.read().status, 502, "status")


def eject(site, bad):
    """Two failures in a row of one server; the answers that its clients got."""
    bad.answer = hang_up
    answers = [site.ask(get("/pair/bad")).status for _ in range(2 * FAILURES)]
    check_equal(sorted(answers), [200] * FAILURES + [502] * FAILURES, "statuses on the way")


@contextlib.contextmanager
def due_for_a_probe(site, answer):
    """The two servers; the first was left out for as long as it has to be, and from now on answers so."""
    with servers(site) as (bad, good):
        eject(site, bad)
        time.sleep(FAIL_TIMEOUT_S + 0.2)
        bad.forget(answer)
        good.forget()
        yield bad, good


@case
def failing_server_is_left_out(site):
    with servers(site) as (bad, good):
        before = site.gateway.counters()["backend_ejections"]
        eject(site, bad)
        check_equal(states(site, "pair"), ["down", "up"], "states")
        check_equal(site.gateway.counters()["backend_ejections"] - before, 1, "ejections")
        bad.forget(answer_ok)
        good.forget()
        check_equal([site.ask(get(f"/pair/{n}")).status for n in range(6)], [200] * 6, "statuses")
        check_equal((len(bad.requests), len(good.requests)), (0, 6), "requests of each server")


@case
def answer_between_failures_keeps_a_server(site):
    with servers(site) as (first, _):
        for _ in range(2 * FAILURES):
            first.answer = hang_up
            answers = [site.ask(get("/pair/bad")).status for _ in range(2)]
            check_equal(sorted(answers), [200, 502], "statuses")
            first.answer = answer_ok
            check_equal([site.ask(get("/pair/good")).status for _ in range(2)], [200, 200], "statuses")
        check_equal(states(site, "pair"), ["up", "up"], "states")


@case
def one_request_probes_a_server_and_readmits_it(site):
    with due_for_a_probe(site, answer_after(0.7)) as (bad, good):
        with contextlib.ExitStack() as stack:
            connections = [stack.enter_context(site.connect()) for _ in range(6)]
            for n, connection in enumerate(connections):
                connection.send(get(f"/pair/{n}"))
            eventually(lambda: states(site, "pair") == ["probed", "up"], "the server is being probed")
            check_equal([connection.read().status for connection in connections], [200] * 6, "statuses")
        check_equal((len(bad.requests), len(good.requests)), (1, 5), "requests of each server")
        check_equal(states(site, "pair"), ["up", "up"], "states")


@case
def failed_probe_leaves_it_out_again(site):
    with due_for_a_probe(site, hang_up):
        answers = [site.ask(get(f"/pair/{n}")).status for n in range(6)]
        check_equal(sorted(answers), [200] * 5 + [502], "statuses")
        check_equal(states(site, "pair"), ["down", "up"], "states")


@case
def probe_whose_client_leaves_is_followed_by_another(site):
    with due_for_a_probe(site, answer_after(3)) as (bad, _):
        with site.connect() as connection, site.connect() as other:
            connection.send(get("/pair/left"))
            other.send(get("/pair/left"))
            eventually(lambda: states(site, "pair") == ["probed", "up"], "the server is being probed")
            connection.sock.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # SO_LINGER: reset
            other.sock.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")
        eventually(lambda: states(site, "pair") == ["down", "up"], "the probe is given up")
        bad.forget(answer_ok)
        eventually(lambda: site.ask(get("/pair/")).status == 200 and states(site, "pair") == ["up", "up"],
                   "another request has probed it")


@case
def pool_without_servers_is_503_at_once(site):
    before = site.gateway.drops()
    answers = [site.ask(get("/dead/")).status for _ in range(2 * FAILURES)]
    check(set(answers) <= {502, 503}, f"statuses {answers} on the way")
    check_equal(states(site, "dead"), ["down", "down"], "states")
    answer = site.ask(get("/dead/"))
    check_equal(answer.status, 503, "status")
    check("reason: no_server_left" in answer.text, f"the page says {answer.text!r}")
    site.check_counted(before, "http_no_server_left")
    time.sleep(FAIL_TIMEOUT_S + 0.2)
    check_equal(site.ask(get("/dead/")).status, 502, "status of a probe")
    site.check_serves()


@case
def only_server_of_a_pool_is_never_left_out(site):
    check_equal([site.ask(get("/lone/")).status for _ in range(3 * FAILURES)], [502] * 3 * FAILURES, "statuses")
    check_equal(states(site, "lone"), ["up"], "states")


@case
def dead_servers_leave_nothing_behind(site):
    before = site.settled_pools()
    for pool in ("half", "hole", "dead", "lone"):
        for method in ("GET", "POST"):
            site.ask(get(f"/{pool}/", method=method, body=b"x" * 1000 if method == "POST" else b""))
    site.check_pools(before)


main(Site(change))

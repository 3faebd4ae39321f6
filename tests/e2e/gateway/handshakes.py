# SPDX-License-Identifier: GPL-3.0-or-later
"""More handshakes than there is time for: they wait their turn, and whoever is established does not.

The latency of established sessions is that of requests which the gateway answers by itself, asked by a client that runs before
everybody else on its core: neither a backend nor the storm's own arithmetic is in it.
"""

import contextlib
import os
import signal
import ssl

from support.client import connect
from support.load import Load
from support.site import Site
from support.tap import case, check, check_equal, diag, eventually, main

FULL = os.environ.get("SP_TEST_FULL") == "1"
MEASURED_S = 10 if FULL else 2
ESTABLISHED, STORM = 8, 64
# Generous: the test machine has other work.
P99_MOST_US = 500_000

HELLOS = 32


def budget(time):
    return lambda config: config["workers"].update(handshake_budget=time)


def change(config):
    config["listeners"][1]["health"] = "/health"
    config["time_limits"] = {"tls_handshake": "30s"}


def established(site, seconds):
    return Load(site.lab, site.pki, "-c", ESTABLISHED, "-s", seconds, "--path", "/health", host="open.example", core=0, first=True)


def measure(site, what, storm_connections):
    """Shows the latency of established sessions, beside a storm of so many connections at a time; returns the 99th percentile."""
    with contextlib.ExitStack() as stack:
        if storm_connections:
            handshakes = site.gateway.counters()["tls_handshakes_13"]
            stack.enter_context(Load(site.lab, site.pki, "-c", storm_connections, "--handshakes", storm_connections,
                                     "--per-connection", 1, "-s", 10 * MEASURED_S, "--path", "/web/", core=0))
            eventually(lambda: site.gateway.counters()["tls_handshakes_13"] > handshakes, "a storm", 20)
        before = site.gateway.counters()
        with established(site, MEASURED_S) as load:
            result = load.result()
        after = site.gateway.counters()
    check_equal(result["errors"], 0, "errors")
    made, full = (after[name] - before[name] for name in ("tls_handshakes_13", "handshake_turns_full"))
    check(made > ESTABLISHED or not storm_connections, "there was no storm")
    took = result["request_us"]
    diag(f"{what}: p50 {took['p50']} us, p99 {took['p99']} us of {result['requests']} requests in {MEASURED_S} s on {ESTABLISHED} "
         f"connections; {made} handshakes beside them, in {full} turns some had to wait")
    return took["p99"]


@case(limit_s=120)
def established_sessions_keep_their_latency_in_a_storm_of_handshakes(site):
    measure(site, "without a storm", 0)
    p99 = measure(site, f"in a storm, {STORM} at a time", STORM)
    check(p99 < P99_MOST_US, f"p99 in the storm is {p99} us")
    if FULL:
        site.restart(budget("100ms"))
        measure(site, "in the same storm with a budget of 100 ms, which is none", STORM)


def client_hello(tls):
    """The first bytes of a handshake."""
    outgoing = ssl.MemoryBIO()
    client = tls.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="open.example")
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


@case(limit_s=60)
def handshakes_beyond_the_budget_wait_for_another_turn(site):
    """All of them have come by the time the worker looks: it does as many as its time allows, and none is forgotten."""
    site.restart(budget("50us"))
    tls = site.tls(None)
    hellos = [client_hello(tls) for _ in range(HELLOS)]
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connect(site.lab)) for _ in range(HELLOS)]
        before = site.gateway.counters()["handshake_turns_full"]
        os.kill(site.gateway.pid, signal.SIGSTOP)
        try:
            for client, hello in zip(clients, hellos):
                client.sendall(hello)
        finally:
            os.kill(site.gateway.pid, signal.SIGCONT)
        for client in clients:
            check_equal(client.recv(6)[5:], b"\2", "the answer's message, a ServerHello")
        full = site.gateway.counters()["handshake_turns_full"] - before
    check(full >= HELLOS // 4, f"{HELLOS} handshakes had to wait in {full} turns only")
    site.check_serves()


main(Site(change))

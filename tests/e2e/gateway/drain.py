# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a gateway: what is under way is finished, nothing new begins, and the clock has the last word."""

import concurrent.futures
import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

from support.client import connect, get
from support.lab import BUILD, GATEWAY_FRONT
from support.recorder import answer_after, answer_never
from support.site import Site
from support.tap import Failure, case, check, check_equal, eventually, main

CONNECTIONS = 12

SALLYPORTCTL = BUILD / "app/sallyportctl/sallyportctl"


def state(site):
    return site.gateway.status()["state"]


def drain_by_signal(site):
    site.gateway.signal(signal.SIGTERM)
    eventually(lambda: state(site) == "draining", "state draining")


@contextlib.contextmanager
def under_way(site, answer, change=None):
    """A fresh gateway and an exchange that has come to its backend: the connection, and a function that waits for what the
    client got, an answer or a Failure."""
    site.restart(change)
    site.backend.answer = answer
    with site.connect() as connection, concurrent.futures.ThreadPoolExecutor() as threads:
        future = threads.submit(ask, connection, get("/slow"))
        eventually(lambda: site.backend.requests, "the request reaches the backend")
        yield connection, future.result


def ask(connection, request):
    """The answer; or the Failure, returned."""
    try:
        return connection.ask(request)
    except (Failure, OSError) as error:
        return error


def check_finished(connection, answer):
    """As if nothing was the matter, but for the end of the connection."""
    check(not isinstance(answer, Exception), f"the client saw {answer!r}")
    check_equal((answer.status, answer.body), (200, b"GET /slow\n"), "the answer")
    check_equal(answer.get("Connection"), "close", "its Connection header")
    check(connection.closed_by_peer() and not connection.reset and not connection.ragged, "no clean close")


def check_cut_off(connection, answer):
    check(isinstance(answer, Exception) and (connection.reset or connection.ragged), f"the client saw {answer!r}")


@case
def an_exchange_under_way_is_finished_and_then_the_connection_closes(site):
    with under_way(site, answer_after(1.0)) as (connection, result):
        drain_by_signal(site)
        check_finished(connection, result())
    check_equal(site.gateway.wait(5), 0, "exit status")
    check(len(site.gateway.events("draining")) == 1, f"events draining: {site.gateway.events('draining')}")
    check(re.search(r"exit=0 sessions_reset=0$", site.gateway.events("stopped")[0]), site.gateway.events("stopped"))


@case(limit_s=60)
def every_worker_finishes_what_it_has_and_closes_what_is_idle(site):
    site.restart()
    site.backend.answer = answer_after(2.0)
    with contextlib.ExitStack() as stack:
        idle, busy = ([stack.enter_context(site.connect()) for _ in range(CONNECTIONS)] for _ in range(2))
        shares = [worker["sessions"] for worker in site.gateway.status()["workers"]]
        check(len(shares) == site.workers and min(shares) > 0, f"sessions of the workers: {shares}")
        threads = stack.enter_context(concurrent.futures.ThreadPoolExecutor(CONNECTIONS))
        answers = [threads.submit(ask, connection, get("/slow")) for connection in busy]
        site.backend.wait_for(CONNECTIONS)
        drain_by_signal(site)
        for connection in idle:
            check(connection.closed_by_peer() and not connection.reset and not connection.ragged, "an idle one: no clean close")
        for connection, answer in zip(busy, answers):
            check_finished(connection, answer.result())
    check_equal(site.gateway.wait(5), 0, "exit status")
    check(re.search(r"exit=0 sessions_reset=0$", site.gateway.events("stopped")[0]), site.gateway.events("stopped"))


@case
def an_idle_connection_gets_close_notify_at_once(site):
    site.backend.answer = answer_after(0)
    site.restart()
    with site.connect() as connection:
        check_equal(connection.ask(get("/")).status, 200, "status")
        site.gateway.signal(signal.SIGTERM)
        began = time.monotonic()
        check(connection.closed_by_peer(), "more bytes")
        check(not connection.reset and not connection.ragged, "no close_notify")
        check(time.monotonic() - began < 1, "it took its time")
    check_equal(site.gateway.wait(5), 0, "exit status")


@case
def a_new_connection_is_refused_by_a_reset(site):
    with under_way(site, answer_after(1.5)) as (connection, result):
        drain_by_signal(site)
        try:
            connect(site.lab, timeout_s=3).close()
            raise Failure("the connection was accepted")
        except ConnectionRefusedError:
            pass
        check_finished(connection, result())
    check_equal(site.gateway.wait(5), 0, "exit status")


@case
def what_does_not_end_is_reset_when_the_time_is_up(site):
    with under_way(site, answer_never, lambda config: config.update(shutdown={"drain": "1s"})) as (connection, result):
        began = time.monotonic()
        site.gateway.signal(signal.SIGTERM)
        check_equal(site.gateway.wait(5), 0, "exit status")
        took_s = time.monotonic() - began
        check(0.9 < took_s < 3, f"it took {took_s:.1f} s")
        check_cut_off(connection, result())
    check(re.search(r"sessions_reset=1$", site.gateway.events("stopped")[0]), site.gateway.events("stopped"))


@case
def a_second_signal_ends_it_at_once(site):
    with under_way(site, answer_never, lambda config: config.update(shutdown={"drain": "30s"})) as (connection, result):
        drain_by_signal(site)
        began = time.monotonic()
        site.gateway.signal(signal.SIGTERM)
        check_equal(site.gateway.wait(5), 0, "exit status")
        check(time.monotonic() - began < 2, "the second signal did not hurry it")
        check_cut_off(connection, result())


@case
def a_load_balancer_is_told(site):
    """On a connection that it has begun to ask on; new ones are refused."""
    def add_health(config):
        config["listeners"].append({"name": "balanced", "address": f"{GATEWAY_FRONT}:80", "tls": "off", "health": "/health"})

    site.restart(add_health)
    with connect(site.lab, port=80) as asked, connect(site.lab, port=80) as waiting:
        asked.sendall(get("/health"))
        check(asked.recv(4096).startswith(b"HTTP/1.1 200 "), "the page is not 200 in service")
        before = site.gateway.counters()["tcp_segments_received"]
        waiting.sendall(get("/health")[:-2])
        eventually(lambda: site.gateway.counters()["tcp_segments_received"] > before, "half a request arrives")
        drain_by_signal(site)
        waiting.sendall(b"\r\n")
        answer = waiting.recv(4096)
        check(answer.startswith(b"HTTP/1.1 503 ") and answer.endswith(b"\r\n\r\ndraining\n"), f"the page is {answer!r}")
        check(b"\r\nConnection: close\r\n" in answer, "the connection is said to stay")
        check_equal(waiting.recv(4096), b"", "bytes behind the page")
    check_equal(site.gateway.wait(5), 0, "exit status")


@case
def sallyportctl_drain_does_the_same(site):
    site.backend.answer = answer_after(0)
    site.restart()
    done = subprocess.run([SALLYPORTCTL, "drain", "--socket", site.gateway.socket], capture_output=True, text=True)
    check_equal((done.returncode, done.stderr), (0, ""), "sallyportctl drain")
    check_equal(site.gateway.wait(5), 0, "exit status")


@case
def the_service_manager_hears_of_it(site):
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = os.path.join(folder, "notify")
        manager.bind(path)
        manager.settimeout(5)
        site.restart(environment={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "600000"})
        check(manager.recv(200).startswith(b"READY=1\n"), "the first message is not READY=1")
        check_equal(manager.recv(200), b"WATCHDOG=1", "the next message")
        site.gateway.signal(signal.SIGTERM)
        check_equal(site.gateway.wait(5), 0, "exit status")
        rest = []
        manager.setblocking(False)
        try:
            while True:
                rest.append(manager.recv(200))
        except BlockingIOError:
            pass
        check(any(message.startswith(b"STOPPING=1\n") for message in rest), f"the rest: {rest}")


class Restarting(Site):
    """Each case begins with a gateway of its own; the last one is gone already."""

    def restart(self, *arguments, **options):
        super().restart(*arguments, **options)
        self.backend.forget()

    def alive(self):
        return True

    def last_cases(self):
        return []


main(Restarting())

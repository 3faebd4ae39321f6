# SPDX-License-Identifier: GPL-3.0-or-later
"""Two workers on two queues of every port.  What they share nothing of, clients must not notice: whichever queue a frame
comes by, the worker that owns its connection gets it.

A veth does not say by what it spreads, so half of everything has to be passed on, on either kind of port.
"""

import concurrent.futures
import contextlib
import copy
import hashlib
import json
import os
import random
import time

from support.client import get
from support.lab import BUILD, GATEWAY_FRONT
from support.recorder import answer_digest
from support.site import Site
from support.tap import case, check, check_equal, diag, eventually, main

CONNECTIONS = 40
REQUESTS = 5
BULK_BYTES = 16 << 20
STREAMS = 4
LEAST_SHARE = 0.2
IDLE_CORES_MAX = 1.5  # of the two, on a machine that may be busy otherwise


def workers(site):
    return site.gateway.status()["workers"]


def steered(site):
    """(in, out), all workers together."""
    rows = workers(site)
    return sum(w["steer_in"] for w in rows), sum(w["steer_out"] for w in rows)


@case(limit_s=120)
def both_workers_serve_and_answer_alike(site):
    before, steered_before = site.settled_pools(), steered(site)
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(site.connect()) for _ in range(CONNECTIONS)]
        answers = set()
        for _ in range(REQUESTS):
            for connection in connections:
                answer = connection.ask(get("/web/"))
                answers.add((answer.status, answer.body))
        shares = [w["sessions"] / CONNECTIONS for w in workers(site)]
    check_equal(len(answers), 1, "different answers")
    status, body = answers.pop()
    check_equal(status, 200, "status")
    check(b"subject=" in body and b"verify=SUCCESS" in body, f"the identity is missing in {body!r}")
    check_equal(len(shares), 2, "workers")
    diag(f"shares of the connections: {shares}")
    check(min(shares) >= LEAST_SHARE, f"shares of the connections, each with as many requests: {shares}")
    passed = [now - then for now, then in zip(steered(site), steered_before)]
    diag(f"packets steered (in, out): {passed}")
    check(min(passed) > 0, f"packets steered (in, out): {passed}")
    site.check_pools(before)


@case
def every_packet_passed_on_arrives(site):
    def balanced():
        into, out = steered(site)
        return into == out

    eventually(balanced, "as many packets steered in as out")
    check_equal(site.gateway.drops()["steer_ring_full"], 0, "drops for a full ring")
    check(all(w["steer_in"] > 0 and w["steer_out"] > 0 for w in workers(site)), "a worker passed nothing on")


@case(limit_s=60)
def pings_are_answered_whichever_queue_they_come_by(site):
    """Each ping has an identifier of its own, so they are spread over the queues."""
    for _ in range(8):
        done = site.lab.run("client", "ping", "-c", "4", "-i", "0.05", "-W", "2", GATEWAY_FRONT)
        check_equal(done.returncode, 0, f"ping: {done.stdout[-300:]}")


@case(limit_s=60)
def refusals_are_the_same_by_every_worker(site):
    seen = set()
    for _ in range(12):
        seen.add(("expired", site.ask(get("/"), "expired").status))
        seen.add(("nobody", site.ask(get("/"), None).status))
        seen.add(("other host", site.ask(get("/", host="open.example")).status))
    check_equal(seen, {("expired", 400), ("nobody", 400), ("other host", 421)}, "statuses")


@case(limit_s=60)
def forged_identity_headers_are_replaced_by_every_worker(site):
    site.backend.forget()
    for _ in range(12):
        site.ask(get("/", fields=["X-Client-Certificate-Subject: CN=liar"]))
    check_equal(len(site.backend.requests), 12, "requests at the backend")
    for request in site.backend.requests:
        check(b"CN=liar" not in request.raw, f"the backend saw {request.raw!r}")


@case(limit_s=120)
def downloads_have_the_same_digest(site):
    before = site.settled_pools()
    content = random.Random(7).randbytes(BULK_BYTES)
    (site.nginx.files / "bulk").write_bytes(content)

    def download(number):
        path = site.directory / f"got{number}"
        done = site.curl("-o", path, "https://api.example/web/files/bulk", timeout_s=100)
        return done.returncode, hashlib.sha256(path.read_bytes()).hexdigest()

    with concurrent.futures.ThreadPoolExecutor(STREAMS) as pool:
        got = list(pool.map(download, range(STREAMS)))
    check_equal(got, [(0, hashlib.sha256(content).hexdigest())] * STREAMS, "curl's exit status and digest")
    site.check_pools(before)


@case(limit_s=120)
def uploads_have_the_same_digest(site):
    before = site.settled_pools()
    path = site.nginx.files / "bulk"

    site.backend.forget(answer_digest)

    def upload(_):
        done = site.curl("-T", path, "-H", "Expect:", "https://api.example/upload", timeout_s=100)
        return done.returncode, done.stdout

    with concurrent.futures.ThreadPoolExecutor(STREAMS) as pool:
        got = list(pool.map(upload, range(STREAMS)))
    check_equal(got, [(0, hashlib.sha256(path.read_bytes()).hexdigest())] * STREAMS, "curl's exit status and digest")
    site.check_pools(before)


@case
def idle_workers_leave_the_machine_usable(site):
    def cpu_s():
        with open(f"/proc/{site.gateway.status()['pid']}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    site.settled_pools()
    rows, cpu, start = workers(site), cpu_s(), time.monotonic()
    time.sleep(2)
    used = (cpu_s() - cpu) / (time.monotonic() - start)
    check(used < IDLE_CORES_MAX, f"idle workers use {used:.2f} cores")
    for before, after in zip(rows, workers(site)):
        busy = after["busy_cycles"] - before["busy_cycles"]
        total = after["total_cycles"] - before["total_cycles"]
        check(0 <= busy < total / 2, f"worker {after['id']}: busy {busy} of {total} cycles")


def refused(site, settings):
    """What a gateway with other settings says instead of starting: (exit status, standard error)."""
    config = copy.deepcopy(json.loads(site.gateway.config.read_text()))
    config["control"]["socket"] = str(site.directory / "other.sock")
    config["workers"].update(settings)
    path = site.directory / "other.yaml"
    path.write_text(json.dumps(config))
    done = site.lab.run("gw", BUILD / "app/gateway/sallyport", "--config", path, timeout=25)
    return done.returncode, done.stderr


@case
def more_workers_than_cores_do_not_start(site):
    count = os.cpu_count()
    status, said = refused(site, {"cores": list(range(count + 1))})
    check_equal(status, 3, f"exit status ({said})")
    check(f"lists {count + 1} cores and this machine has {count}" in said, said)


@case
def a_core_that_does_not_exist_does_not_start(site):
    status, said = refused(site, {"cores": [0, 127]})
    check_equal(status, 3, f"exit status ({said})")
    check("has no core 127" in said, said)


def the_number_of_queues_must_be_that_of_the_workers(site):
    status, said = refused(site, {"cores": [1]})
    check_equal(status, 3, f"exit status ({said})")
    check("ethtool -L gw0 rx 1 tx 1" in said, said)


if os.environ.get("SP_TEST_DEVICE") == "af_xdp":
    case(the_number_of_queues_must_be_that_of_the_workers)

if __name__ == "__main__":
    main(Site(workers=2))

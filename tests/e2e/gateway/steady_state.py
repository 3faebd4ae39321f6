# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker in steady state asks nobody for memory but its own bounded TLS arena, and the kernel for nothing but what its
ports need to send.

The allocators are counted by a library preloaded into the gateway (tests/support/alloc_count.c), not by the gateway.
"""

import pathlib
import re
import struct
import subprocess
import tempfile
import time

from support.lab import BUILD
from support.load import Load
from support.site import Site
from support.tap import case, check, check_equal, diag, main

CONNECTIONS = 32
REQUESTS = 100_000
TRACED_S = 3
# Each record that comes and each that goes is put together in a buffer of the arena, and given back in the same turn.
ARENA_CALLS_A_REQUEST = 2

# What DPDK's drivers need to send and `idle: backoff` to sleep.  af_xdp and af_packet receive from memory.
SYSTEM_CALLS = {"sendto", "clock_nanosleep", "restart_syscall"}

COUNTS = pathlib.Path(tempfile.mkstemp(prefix="sallyport-allocs.")[1])
ROW = struct.Struct("=QQQ")
COUNTS.write_bytes(bytes(64 * ROW.size))


def worker_threads(site):
    pid = site.gateway.status()["pid"]
    names = {int(task.name): (task / "comm").read_text().strip() for task in pathlib.Path(f"/proc/{pid}/task").iterdir()}
    return [tid for tid, name in names.items() if re.match(r"(rte|lcore)-worker", name)]


def counted(site):
    """(calls of the heap, calls of the arena) of all workers."""
    workers = worker_threads(site)
    data = COUNTS.read_bytes()
    rows = [ROW.unpack_from(data, i) for i in range(0, len(data), ROW.size)]
    mine = [row for row in rows if row[0] in workers]
    return sum(row[1] for row in mine), sum(row[2] for row in mine)


def allocs(site):
    return sum(worker["allocs"] for worker in site.gateway.status()["workers"])


def run_load(site, requests):
    """Keep-alive requests over connections that are open already when counting begins: (heap, arena, allocs) of each half."""
    halves = []
    with Load(site.lab, site.pki, "-c", CONNECTIONS, "-n", requests, "--wait", "--again", "--path", "/web/") as load:
        load.until("ready")
        for _ in range(2):
            before = (*counted(site), allocs(site))
            load.go()
            load.until("again")
            halves.append(tuple(after - b for after, b in zip((*counted(site), allocs(site)), before)))
        load.go()
        result = load.result()
    check_equal((result["errors"], result["requests"]), (0, requests), "(errors, requests)")
    check_equal(result["handshakes"], CONNECTIONS, "handshakes: a connection was lost")
    return halves


@case(limit_s=180)
def no_worker_allocates_over_100_000_keep_alive_requests(site):
    pools = site.settled_pools()
    halves = run_load(site, REQUESTS)
    for heap, arena, said in halves:
        diag(f"heap {heap}, TLS arena {arena}, the gateway says {said}, for {REQUESTS // 2} requests")
        check_equal(heap, 0, "calls of malloc() and its like by workers")
        check_equal(said, arena, "allocations the gateway counted, against those there were")
        check(arena <= ARENA_CALLS_A_REQUEST * REQUESTS // 2, "the arena is asked more than twice a request")
    check_equal(halves[0], halves[1], "both halves the same")
    site.check_pools(pools)


@case(limit_s=60)
def the_count_would_notice(site):
    """A handshake allocates: what did not move above does move."""
    _, before = counted(site)
    site.check_serves()
    check(counted(site)[1] > before + 10, "a handshake went uncounted")


def check_system_calls(site, *options):
    """Of all workers while a load runs with these options."""
    with Load(site.lab, site.pki, "-s", TRACED_S + 2, "--wait", "--path", "/web/", *options) as load:
        load.until("ready")
        load.go()
        time.sleep(0.5)
        calls = {}
        for tid in worker_threads(site):
            for name, count in traced(tid).items():
                calls[name] = calls.get(name, 0) + count
        result = load.result()
    check_equal(result["errors"], 0, "errors")
    diag(f"{result['handshakes']} handshakes, {result['requests']} requests; {calls}")
    check(calls.get("sendto", 0) > 100, "the worker sent nothing while it was watched")
    check_equal(set(calls) - SYSTEM_CALLS, set(), "other system calls")
    return result


@case(limit_s=120)
def a_worker_makes_no_system_call_but_its_ports(site):
    check_system_calls(site, "-c", CONNECTIONS)


@case(limit_s=120)
def nor_does_it_for_handshakes(site):
    result = check_system_calls(site, "-c", CONNECTIONS, "--per-connection", 1)
    check(result["handshakes"] > 10 * CONNECTIONS, "hardly any handshakes while the worker was watched")


def traced(tid):
    """{system call: how often} of one thread while TRACED_S pass."""
    summary = pathlib.Path(tempfile.mkstemp(prefix="sallyport-strace.")[1])
    try:
        strace = subprocess.Popen(["strace", "-c", "-o", summary, "-p", str(tid)], stderr=subprocess.DEVNULL)
        time.sleep(TRACED_S)
        strace.send_signal(2)
        strace.wait(20)
        rows = [line.split() for line in summary.read_text().splitlines()]
    finally:
        summary.unlink()
    return {row[-1]: int(row[3]) for row in rows if len(row) >= 5 and row[3].isdigit() and row[-1] != "total"}


class SteadySite(Site):
    def __exit__(self, *_):
        super().__exit__()
        COUNTS.unlink()


main(SteadySite(environment={"LD_PRELOAD": str(BUILD / "tests/support/alloc_count.so"), "ALLOC_COUNT_FILE": str(COUNTS)}))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the gateway beside nginx and HAProxy: the same lab, backend, client, certificates, protocol, cipher and
identity headers, one after the other, three times over.

The one under test has core 1, everything else core 0, and each host pays for its own receive work: the kernel's peers by
rps_cpus, the gateway's af_xdp port by NAPI threads of its own, pinned to core 1 and counted with it."""

import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import cpu
import report
from peers import CORE, OTHER_CORE, GatewayPeer, HaproxyPeer, NginxPeer
from support.lab import BUILD, HugePages, why_unable
from support.load import Load
from support.pki import Pki
from support.tap import Failure

MIB = 1 << 20
HANDSHAKE = BUILD / "tests/bench/handshake/handshake"
SETTLE_S = 0.3


@dataclasses.dataclass
class Row:
    name: str
    what: str
    options: list
    unit_of: object  # what is counted, from the generator's result
    waits: bool = True
    issuer: str = None  # each connection is a new client of that CA


CONNECTIONS = ["-c", "16", "--per-connection", "1", "--path", "/app/small"]
ROWS = [
    Row("first-time", "connection of a client that is new, as is its intermediate: connect, full handshake, one request",
        [*CONNECTIONS, "--new-issuers"], lambda r: r["requests"], waits=False, issuer="partner-root"),
    Row("known-int", "the same, the intermediate has been seen", CONNECTIONS, lambda r: r["requests"], waits=False,
        issuer="partner-int"),
    Row("returning", "the same, the client has been there before", CONNECTIONS, lambda r: r["requests"], waits=False),
    Row("proxied", "small request through the proxy, keep-alive", ["-c", "32", "--path", "/app/small"],
        lambda r: r["requests"]),
    Row("local", "small answer without a backend, keep-alive", ["-c", "32", "--path", "/local"],
        lambda r: r["requests"]),
    Row("bulk", "MiB through the proxy, 1 MiB a response", ["-c", "8", "--path", "/app/files/mib"],
        lambda r: r["body_bytes"] / MIB),
]


def measure(peer, pki, row, seconds):
    """One run of one row: what was done, and what the core paid for it."""
    options = [*row.options, "-s", seconds, *(["--wait"] if row.waits else [])]
    if row.issuer:
        certificate, key = pki.authority(row.issuer)
        options += ["--issuer", certificate, "--issuer-key", key]
    host = peer.local_host if row.name == "local" else "api.example"
    with Load(peer.lab, pki, *options, host=host, core=OTHER_CORE, sources=True) as load:
        if row.waits:
            load.until("ready")
        own, signatures = peer.own_account(), peer.signatures()
        before = cpu.Sample.take(CORE, peer.threads)
        if row.waits:
            load.go()
        result = load.result()
        time.sleep(0 if row.waits else SETTLE_S)
        used = cpu.Sample.take(CORE, peer.threads).since(before)
        own = [after - b for after, b in zip(peer.own_account(), own)] if own else None
        signatures = [after - b for after, b in zip(peer.signatures(), signatures)]
    if result["errors"] or not result["requests"]:
        raise Failure(f"{peer.name}, {row.name}: {result}")
    units = row.unit_of(result)
    busy_s = sum(used.threads_s.values())
    figures = {
        "units": units, "seconds": result["seconds"], "rate": units / result["seconds"],
        "core_us": used.core_s / units * 1e6, "core_share": used.core_s / used.at_s,
        "threads_us": {role: s / units * 1e6 for role, s in used.threads_s.items()},
        "busy_us": busy_s / units * 1e6, "busy_share": busy_s / used.at_s,
        "p50_us": result["request_us"]["p50"], "p99_us": result["request_us"]["p99"],
    }
    if own:
        # The cycle counter's frequency, by the same two looks.
        own_s = own[0] / own[1] * used.at_s
        figures["own_us"] = own_s / units * 1e6
        figures["own_with_napi_us"] = figures["own_us"] + figures["threads_us"].get("napi", 0)
        figures["busy_us"] = figures["own_with_napi_us"]
        figures["raw_us"] = busy_s / units * 1e6
        figures["signatures"], figures["memo_hits"] = (n / units for n in signatures)
    return figures


def idle_memory(peer, pki, connections):
    """KiB of process memory for each of so many idle connections, kernel sockets not counted."""
    with Load(peer.lab, pki, "-c", "16", "-n", "64", "--path", "/app/small", core=OTHER_CORE) as load:
        load.result()
    before = peer.resident_kib()
    with Load(peer.lab, pki, "-c", connections, "--hold", "--path", "/app/small", core=OTHER_CORE) as load:
        load.until("holding")
        held = peer.resident_kib() - before
    return held / connections


def tls_alone(pki, groups):
    """What a handshake costs with nothing around it, ours and OpenSSL's in turn in one process on the core under test."""
    server = pki.server("api.example")
    done = subprocess.run(["taskset", "-c", str(CORE), HANDSHAKE, "-n", str(groups), server.chain, server.key, pki.server_ca],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def one_round(kind, pki, settings, args, out):
    directory = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-bench."))
    directory.chmod(0o755)
    try:
        with kind(pki, directory, **(settings if kind is GatewayPeer else {})) as peer:
            for row in ROWS:
                figures = measure(peer, pki, row, args.seconds)
                out[row.name].setdefault(peer.name, []).append(figures)
                report.progress(peer.name, row.name, figures)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def memory_round(kind, pki, settings, args):
    """In a process of its own: what was touched before would not be counted."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-bench."))
    directory.chmod(0o755)
    try:
        with kind(pki, directory, **(settings if kind is GatewayPeer else {})) as peer:
            return idle_memory(peer, pki, args.idle)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def parse():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="about two minutes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, help="of each measurement (8; quick: 1.5)")
    parser.add_argument("--device", choices=["af_xdp", "af_packet"], default="af_xdp", help="the gateway's ports")
    parser.add_argument("--hugepages", type=int, default=256, metavar="MIB", help="of the gateway (256; 0: none)")
    parser.add_argument("--only", metavar="PEER", help="sallyport, nginx or haproxy alone")
    parser.add_argument("--json", metavar="FILE", help="where the figures go (bench.json in the build folder)")
    args = parser.parse_args()
    args.seconds = args.seconds or (1.5 if args.quick else 8)
    args.idle = 500 if args.quick else 2000
    args.groups = 60 if args.quick else 300
    return args


def main():
    args = parse()
    why = why_unable() or ("needs two cores" if os.cpu_count() < 2 else None)
    if why:
        print(f"scripts/bench: {why}")
        raise SystemExit(3)
    cpu.go_first()
    kinds = [k for k in (GatewayPeer, NginxPeer, HaproxyPeer) if args.only in (None, k.name)]
    out = {row.name: {} for row in ROWS}
    with contextlib.ExitStack() as undo:
        directory = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-bench."))
        undo.callback(shutil.rmtree, directory, ignore_errors=True)
        pki = Pki(directory / "pki")
        directory.chmod(0o755)
        alone = tls_alone(pki, args.groups)
        memory = {k.name: memory_round(k, pki, {"device": args.device}, args) for k in kinds}
        undo.enter_context(HugePages(args.hugepages))
        settings = {"device": args.device, "hugepages": f"{args.hugepages}MiB" if args.hugepages else "none"}
        for _ in range(args.rounds):
            for kind in kinds:
                one_round(kind, pki, settings, args, out)
    figures = {
        "machine": cpu.machine(), "versions": {k.name: k.version() for k in kinds},
        "settings": {"device": args.device, "hugepages_mib": args.hugepages, "seconds": args.seconds,
                     "rounds": args.rounds, "idle_connections": args.idle},
        "rows": {row.name: {"what": row.what, "peers": out[row.name]} for row in ROWS},
        "memory_kib": memory, "tls_alone": alone,
    }
    report.table(figures)
    path = pathlib.Path(args.json) if args.json else report.DEFAULT_PATH
    path.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"\nall figures: {path.name}")


if __name__ == "__main__":
    main()

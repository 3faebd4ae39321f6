# SPDX-License-Identifier: GPL-3.0-or-later
"""The table and what it says."""

import statistics
import sys

from support.lab import BUILD

DEFAULT_PATH = BUILD / "bench.json"
ALONE = {"first": "first-time client", "known": "client of a known intermediate", "returning": "returning client"}
UNITS = {"first-time": "connection", "known-int": "connection", "returning": "connection", "proxied": "request", "local": "request", "bulk": "MiB"}


def progress(peer, row, figures):
    print(f"  {peer:10} {row:10} {figures['busy_us']:9.1f} us  {figures['rate']:9.0f}/s"
          f"  core {figures['core_share']:4.0%}  threads {figures['busy_share']:4.0%}"
          f"  p50 {figures['p50_us']} us", file=sys.stderr, flush=True)


def spread(values):
    middle = statistics.median(values)
    return f"{middle:.1f} ({min(values):.1f}-{max(values):.1f})"


def table(figures):
    machine = figures["machine"]
    peers = list(figures["versions"])
    print(f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}")
    for peer, version in figures["versions"].items():
        print(f"  {peer}: {version}")
    settings = figures["settings"]
    print(f"{settings['rounds']} interleaved rounds of {settings['seconds']:g} s; median (least-most)\n")
    print(f"{'busy microseconds of core 1 for each':44}" + "".join(f"{p:>26}" for p in peers))
    for name, row in figures["rows"].items():
        what = f"{name}: {UNITS[name]}"
        print(f"{what:44}" + "".join(f"{spread([f['busy_us'] for f in row['peers'][p]]):>26}" for p in peers))
    memory = figures["memory_kib"]
    print(f"{'process KiB for an idle connection':44}" + "".join(f"{memory[p]:>26.1f}" for p in peers))
    alone(figures["tls_alone"])
    if "sallyport" in peers:
        others(figures, peers)
        accounts(figures)


def alone(rows):
    """The handshake by itself: CPU time of the server's steps, transport and proxy left out."""
    print(f"\n{'microseconds of a handshake, TLS alone':44}{'sallyport':>26}{'OpenSSL':>26}{'signatures':>14}{'from memo':>12}")
    for client in ("first", "known", "returning"):
        ours, theirs = rows[client]["sallyport"], rows[client]["openssl"]
        print(f"{ALONE[client]:44}" + "".join(
            f"{f['median_us']:>10.1f} ({f['least_us']:.1f}-{f['most_us']:.1f})".rjust(26) for f in (ours, theirs))
            + f"{ours['signatures']:>14.2f}{ours['memo_hits']:>12.2f}")
    store = rows["store"]
    print(f"with a trust store of {store['cas']} CAs: " + ", ".join(
        f"{client} {rows[client]['sallyport_many_cas']['median_us']:.1f} ({rows[client]['sallyport_many_cas']['least_us']:.1f})"
        for client in ("first", "known", "returning"))
        + f"; compiled, {store['blob_bytes'] >> 10} KiB, it loads in {store['load_us'] / 1000:.1f} ms")


def others(figures, peers):
    print(f"\n{'times as much as the gateway':44}", end="")
    print("".join(f"{p:>26}" for p in peers))
    for name, row in figures["rows"].items():
        ours = statistics.median(f["busy_us"] for f in row["peers"]["sallyport"])
        print(f"{name:44}" + "".join(
            f"{statistics.median(f['busy_us'] for f in row['peers'][p]) / ours:>26.1f}" for p in peers))


def accounts(figures):
    """The gateway's own account beside what the kernel says it used."""
    print(f"\n{'the gateway, microseconds for each':44}{'own account':>14}{'worker thread':>16}{'NAPI threads':>16}"
          f"{'core 1':>12}{'reached':>14}{'signatures':>14}{'from memo':>12}")
    for name, row in figures["rows"].items():
        runs = row["peers"]["sallyport"]

        def middle(get, runs=runs):
            return statistics.median(get(f) for f in runs)

        print(f"{name + ': ' + UNITS[name]:44}{middle(lambda f: f['own_us']):>14.1f}"
              f"{middle(lambda f: f['threads_us']['worker']):>16.1f}"
              f"{middle(lambda f: f['threads_us']['napi']):>16.1f}{middle(lambda f: f['core_us']):>12.1f}"
              f"{middle(lambda f: f['rate']):>12.0f}/s{middle(lambda f: f['signatures']):>14.2f}"
              f"{middle(lambda f: f['memo_hits']):>12.2f}")
    print("The worker thread's time holds its empty turns (`idle: backoff`); core 1 holds whatever else ran there.")

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one large download and one large upload through the gateway, captures them at the client's end of the wire and
lets tshark say what it thinks of every segment.  By hand, with a build that has the fault injector:

    tests/capture/capture.py clean build-fault
    tests/capture/capture.py lossy build-fault

Prints one table: tshark's remark, how often about the gateway's segments, how often about the client's.  docs/TCP.md
explains each.  Exit status 1 when the gateway sent a segment that is wrong in itself, or the bytes were not those sent."""

import argparse
import collections
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
sys.dont_write_bytecode = True

FAULTS = {"clean": "*:seed=1", "lossy": "front:seed=7,loss=2%,reorder=1%,duplicate=1%"}
DOWN_BYTES = UP_BYTES = 72 << 20
GATEWAY = "198.18.0.1"
# A segment for which nothing on the wire can be an excuse.
WRONG = ("Malformed Packet", "Bad checksum", "Illegal characters", "exceeds the window")


def pattern(count):
    block = hashlib.sha256(b"capture").digest() * 2048
    return (block * (count // len(block) + 1))[:count]


def remarks(path, *options):
    """Counter of (remark, source address)."""
    done = subprocess.run(["tshark", "-n", "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
                           "-d", "tcp.port==443,data", *options, "-Y", "_ws.expert",
                           "-T", "fields", "-E", "separator=|", "-E", "occurrence=a", "-E", "aggregator=;",
                           "-e", "ip.src", "-e", "_ws.expert.message"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    found = collections.Counter()
    for line in done.stdout.splitlines():
        source, _, messages = line.partition("|")
        for message in messages.split(";"):
            found[re.sub(r"[#(]?\d+[)]?", "N", message).strip(), source] += 1
    return found


def digest_of_body(request):
    """Read in pieces: the recorder is not made for so much at a time."""
    left, digest = int(request.head.get("content-length")), hashlib.sha256()
    while left > 0:
        piece = request.connection.stream.exactly(min(left, 65536))
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()


def transfer(site):
    from support.recorder import response

    files = [site.directory / name for name in ("sent", "received")]
    answer = response(pattern(DOWN_BYTES))
    files[0].write_bytes(pattern(UP_BYTES))
    site.backend.forget(lambda connection, request: connection.send(answer))
    site.curl("-o", files[1], "https://api.example/down", timeout_s=600)
    down = hashlib.sha256(files[1].read_bytes()).hexdigest() == hashlib.sha256(pattern(DOWN_BYTES)).hexdigest()
    digests = []

    def take(connection, request):
        digests.append(digest_of_body(request))
        connection.send(response(b"taken", fields=["Connection: close"]))
        return False

    site.backend.forget(take)
    site.curl("-H", "Expect:", "--data-binary", f"@{files[0]}", "https://api.example/up", timeout_s=600)
    return down and digests == [hashlib.sha256(pattern(UP_BYTES)).hexdigest()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=FAULTS)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--keep", metavar="FILE", help="leave the capture here")
    args = parser.parse_args()
    for tool in "tcpdump", "tshark":
        if not shutil.which(tool):
            sys.exit(f"capture.py: needs {tool}: apt-get install {tool}")
    os.environ["SP_BUILD"] = str(args.build.resolve())
    from support.site import Site

    with Site(environment={"SP_FAULT": FAULTS[args.kind]}) as site:
        path = args.keep or str(site.directory / "front.pcap")
        tap = site.lab.start("client", "tcpdump", "-i", "cl0", "-s", "120", "-B", "65536", "-w", path, "-U", "-Z", "root",
                             "tcp", "port", "443", stderr=subprocess.PIPE, text=True)
        tap.stderr.readline()
        good = transfer(site)
        tap.terminate()
        said = tap.communicate()[1]
        counters = site.gateway.counters()
        ports = {p["name"]: p.get("fault") for p in site.gateway.status()["ports"]}
        found = remarks(path)
        count, missed = (re.search(rf"(\d+) packets {what}", said).group(1) for what in ("captured", "dropped by kernel"))
        print(f"{args.kind}: {count} packets, {missed} missed by the capture; bytes {'equal' if good else 'DIFFER'}")
        for name in ("tcp_segments_sent", "tcp_retransmits", "tcp_fast_retransmits", "tcp_retransmit_timeouts",
                     "tcp_dupacks_received", "tcp_out_of_order"):
            print(f"  {name} {counters[name]}")
        print(f"  injector {ports['front']}")
        print(f"{'tshark says':<78} {'of ours':>8} {'of theirs':>9}")
        for remark in sorted({remark for remark, _ in found}):
            ours = found[remark, GATEWAY]
            theirs = sum(n for (r, source), n in found.items() if r == remark and source != GATEWAY)
            print(f"{remark:<78} {ours:>8} {theirs:>9}")
    wrong = [r for (r, source), n in found.items() if source == GATEWAY and any(w in r for w in WRONG)]
    return 0 if good and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())

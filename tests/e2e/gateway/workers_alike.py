# SPDX-License-Identifier: GPL-3.0-or-later
"""Two workers answer as one does: the same requests, good, bad and beyond the limits, and clients of every kind, get the
same bytes whichever worker has them, and the backend sees the same bytes too."""

import re
import ssl

from gateway.constructs import BODY_BYTES, HEADER_BYTES, HEADER_COUNT, REQUESTS
from support.client import get
from support.recorder import response
from support.site import CORES, Site
from support.tap import Failure, case, check, check_equal, diag, main

# So often two workers are asked, each time by a connection of its own, so that it falls to either.
TIMES = 3

CLIENTS = (None, "good", "good-alone", "other", "other-int", "self-signed", "twin-int", "twin-with-root", "expired",
           "not-yet-valid", "server-auth", "below-leaf", "liar")
VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)


def change(config):
    config["limits"] = {"header_bytes": f"{HEADER_BYTES}B", "header_count": HEADER_COUNT, "body": f"{BODY_BYTES}B"}


def answer_echo(connection, request):
    """Shows the client what has arrived: the bytes of the head, identity headers included, and the body."""
    body = request.raw + request.read_body() + request.trailer
    connection.send(response(b"" if request.method == "HEAD" else body))


def exchange(site, tls, data, answers=1, **options):
    """All bytes of the answers, without the request's id; or how the handshake or the connection ended instead."""
    try:
        with site.connect(tls=tls, **options) as connection:
            connection.send(data)
            while answers:
                try:
                    answers -= connection.read(head_only=data.startswith(b"HEAD ")).status >= 200
                except Failure:
                    break  # whatever it is, the other gateway has to do the same
            end = "reset" if connection.reset else "ragged" if connection.ragged else "whole"
            return end, re.sub(rb"\b[0-9a-f]{32}\b", b"ID", connection.stream.received())
    except ssl.SSLError as error:
        return error.reason


def everything(site, times):
    """{what was asked: the set of its answers}."""
    found = {}
    tls = site.tls(None)
    for section, rows in REQUESTS.items():
        for row in rows:
            answers = max(1, row.seen.count(b" HTTP/1.1\r\n"))
            found[f"{section}: {row.what}"] = {
                exchange(site, tls, b"".join(row.parts), answers, sni="open.example") for _ in range(times)}
    for who in CLIENTS:
        for version in VERSIONS:
            tls = site.tls(who, version=version)
            found[f"client {who}, {version.name}"] = {exchange(site, tls, get("/")) for _ in range(times)}
    return found


def allocs(site):
    return [worker["allocs"] for worker in site.gateway.status()["workers"]]


@case(limit_s=300)
def answers_are_those_of_one_worker(site):
    site.backend.forget(answer_echo)
    before = allocs(site)
    of_two = everything(site, TIMES)
    shares = [now - then for now, then in zip(allocs(site), before)]
    check(len(shares) == 2 and min(shares) > 0, f"what the workers allocated meanwhile: {shares}")

    for interface in "gw0", "gw1":
        site.lab.run("gw", "ethtool", "-L", interface, "rx", "1", "tx", "1", check=True)
    site.restart(lambda config: config["workers"].update(cores=CORES[:1]))
    check_equal(len(site.gateway.status()["workers"]), 1, "workers")
    of_one = everything(site, 1)

    differ = {what for what in of_one if of_one[what] != of_two[what]}
    for what in sorted(differ)[:10]:
        diag(f"{what}: one worker {of_one[what]}, two workers {of_two[what]}")
    check(not differ, f"{len(differ)} of {len(of_one)} differ")
    diag(f"{len(of_one)} requests, {len(set.union(*of_one.values()))} different answers")


main(Site(change, workers=2))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Volume: connections, requests and bytes by the thousand, and every pool exactly as full afterwards as before.

SP_TEST_FULL=1 runs the numbers of a release (about ten minutes); without it the same cases are scaled down.
"""

import hashlib
import os
import re
import subprocess
import threading

from support.client import get
from support.lab import GATEWAY_FRONT
from support.recorder import answer_digest, response
from support.site import Site
from support.tap import Failure, case, check_equal, diag, eventually, main

FULL = os.environ.get("SP_TEST_FULL") == "1"
SEQUENTIAL = 10_000 if FULL else 500
KEEP_ALIVE_REQUESTS = 200_000 if FULL else 10_000
BULK_BYTES = 1 << (30 if FULL else 26)
ATTACKS = 10_000 if FULL else 300
LIMIT_S = 600 if FULL else 120


def ab(site, *options, path="/web/", who="good"):
    """ApacheBench inside the client's namespace: (complete, failed, not 2xx)."""
    identity = site.pki.client(who)
    both = site.directory / f"{who}.ab.pem"
    both.write_text(identity.chain.read_text() + identity.key.read_text())
    done = site.lab.run("client", "ab", "-q", "-s", "30", "-E", both, "-H", "Host: api.example", *options,
                        f"https://{GATEWAY_FRONT}{path}", timeout=LIMIT_S)
    if done.returncode != 0:
        raise Failure(f"ab: exit {done.returncode}: {done.stderr[-300:]} {done.stdout[-300:]}")

    def figure(name):
        found = re.search(rf"^{name}:\s+(\d+)", done.stdout, re.MULTILINE)
        return int(found.group(1)) if found else 0

    rate = re.search(r"^Requests per second:\s+(\S+)", done.stdout, re.MULTILINE)
    diag(f"{rate.group(1)} requests a second")
    return figure("Complete requests"), figure("Failed requests"), figure("Non-2xx responses")


@case(limit_s=LIMIT_S)
def connections_in_sequence_each_with_a_client_certificate(site):
    before = site.settled_pools()
    ok_before = site.gateway.status()["listeners"][0]["auth_ok"]
    check_equal(ab(site, "-n", SEQUENTIAL, "-c", "1"), (SEQUENTIAL, 0, 0), "(complete, failed, not 2xx)")
    ok = site.gateway.status()["listeners"][0]["auth_ok"] - ok_before
    check_equal(ok, SEQUENTIAL, "accepted certificates counted")
    site.check_pools(before, within_s=30)


@case(limit_s=LIMIT_S)
def requests_over_32_keep_alive_connections(site):
    before = site.settled_pools()
    result = ab(site, "-k", "-n", KEEP_ALIVE_REQUESTS, "-c", "32")
    check_equal(result, (KEEP_ALIVE_REQUESTS, 0, 0), "(complete, failed, not 2xx)")
    site.check_pools(before, within_s=30)


def bulk_file(site):
    """A file of random bytes, and its digest."""
    path = site.nginx.files / "bulk"
    digest = hashlib.sha256()
    if not path.exists():
        with open(path, "wb") as file:
            for _ in range(BULK_BYTES >> 20):
                file.write(os.urandom(1 << 20))
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return path, digest.hexdigest()


@case(limit_s=LIMIT_S)
def download_has_the_same_digest(site):
    _, digest = bulk_file(site)
    before = site.settled_pools()
    identity = site.pki.client("good")
    command = site.lab.command("client", "curl", "--silent", "--show-error", "--max-time", str(LIMIT_S), "--cacert",
                               site.pki.server_ca, "--resolve", f"api.example:443:{GATEWAY_FRONT}", "--cert",
                               identity.chain, "--key", identity.key, "https://api.example/web/files/bulk")
    got, count = hashlib.sha256(), 0
    with subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE) as curl:
        while piece := curl.stdout.read(1 << 20):
            got.update(piece)
            count += len(piece)
    check_equal((curl.returncode, count), (0, BULK_BYTES), "curl's exit status and the bytes received")
    check_equal(got.hexdigest(), digest, "digest")
    site.check_pools(before, within_s=30)


@case(limit_s=LIMIT_S)
def upload_has_the_same_digest(site):
    path, digest = bulk_file(site)
    before = site.settled_pools()

    site.backend.forget(answer_digest)
    done = site.curl("-T", path, "-H", "Expect:", "https://api.example/upload", timeout_s=LIMIT_S)
    check_equal((done.returncode, done.stdout), (0, digest), "curl's exit status and the digest at the backend")
    site.check_pools(before, within_s=30)


@case(limit_s=LIMIT_S)
def chunked_upload_has_the_same_digest(site):
    path, digest = bulk_file(site)

    def answer(connection, request):
        got = hashlib.sha256()
        while size := int(connection.stream.until(b"\r\n"), 16):
            for piece in connection.stream.pieces(size):
                got.update(piece)
            connection.stream.exactly(2)
        connection.stream.until(b"\r\n")
        request.body = b""
        connection.send(response(got.hexdigest().encode()))

    site.backend.forget(answer)
    done = site.curl("-T", path, "-H", "Expect:", "-H", "Transfer-Encoding: chunked", "https://api.example/upload",
                     timeout_s=LIMIT_S)
    check_equal((done.returncode, done.stdout), (0, digest), "curl's exit status and the digest at the backend")


@case(limit_s=LIMIT_S)
def attack_handshakes_leave_memory_as_it_was(site):
    """Unrelated CAs, twins of ours, leaves alone, nothing at all, and keys that do not fit: over and over."""
    attackers = ("other-int", "twin-int", "twin-with-root", "good-alone", "self-signed", "liar", None)
    contexts = [site.tls(who) for who in attackers]
    for tls in contexts:
        attack(site, tls)
    before = site.settled_pools()
    site.backend.forget()
    threads = [threading.Thread(target=attack_often, args=(site, contexts, n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_equal(len(site.backend.requests), 0, "requests that reached the backend")
    site.check_pools(before, within_s=60)
    site.check_serves()


def attack(site, tls):
    try:
        with site.connect(tls=tls) as connection:
            connection.send(get("/secret"))
            connection.stream.rest()
    except OSError:
        pass


def attack_often(site, contexts, first):
    for n in range(first, ATTACKS, 4):
        attack(site, contexts[n % len(contexts)])


@case(limit_s=LIMIT_S)
def clients_and_attackers_side_by_side(site):
    """Good requests are answered, all of them, while attackers shake hands all the time."""
    contexts = [site.tls(who) for who in ("other-int", "good-alone", None)]
    stop = threading.Event()

    def besiege():
        while not stop.is_set():
            attack(site, contexts[0])
            attack(site, contexts[2])

    attackers = [threading.Thread(target=besiege) for _ in range(2)]
    for thread in attackers:
        thread.start()
    try:
        count = KEEP_ALIVE_REQUESTS // 10
        check_equal(ab(site, "-k", "-n", count, "-c", "8"), (count, 0, 0), "(complete, failed, not 2xx)")
    finally:
        stop.set()
        for thread in attackers:
            thread.join()


@case(limit_s=120)
def nothing_at_all_is_left_when_time_wait_is_over(site):
    pools = site.settled_pools(within_s=30)
    eventually(lambda: site.gateway.time_wait() == 0, "no connection in TIME-WAIT", within_s=60)
    check_equal({name: site.gateway.pools()[name] for name in pools if name not in ("tls_arena_bytes",)},
                {name: 0 for name in pools if name not in ("tls_arena_bytes",)}, "pools")


main(Site())

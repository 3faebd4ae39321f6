# SPDX-License-Identifier: GPL-3.0-or-later
"""Many listeners on one address, each with a certificate, a profile and a trust store of its own: a hundred, or 1,000 with
SP_TEST_FULL=1, for their certificates take longer to make than the gateway takes to load them."""

import concurrent.futures
import os
import subprocess
import time

from support.client import context, get
from support.pki import Identity
from support.site import Site
from support.tap import case, check, check_equal, diag, main

COUNT = 1000 if os.environ.get("SP_TEST_FULL") else 100
START_LIMIT_S = 10
SOME = (0, 1, COUNT // 2, COUNT - 1)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def self_signed(folder, name, subject, *options):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj", subject,
            "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem", *options)


def host(number):
    return f"site-{number}.example"


class World:
    """COUNT authorities and servers; clients of some of the authorities."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        jobs = [("server", number, f"/CN={host(number)}", "-addext", f"subjectAltName=DNS:{host(number)}")
                for number in range(COUNT)]
        jobs += [("ca", number, f"/CN=Authority {number}") for number in range(COUNT)]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(self_signed, folder, f"{kind}-{number}", *rest) for kind, number, *rest in jobs]:
                done.result()
        for number in SOME:
            self._client(number)

    def _client(self, number):
        name, authority = self.folder / f"client-{number}", self.folder / f"ca-{number}"
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN=client-{number}",
                "-keyout", f"{name}.key", "-out", f"{name}.csr")
        extensions = self.folder / "client.ext"
        extensions.write_text("keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-days", "3650",
                "-extfile", extensions, "-out", f"{name}.pem")

    def client(self, number):
        name = self.folder / f"client-{number}"
        return Identity(name.with_suffix(".pem"), name.with_suffix(".key"), name.with_suffix(".pem"))

    def add_to(self, config):
        for number in range(COUNT):
            name = f"site-{number}"
            config["trust_stores"].append({"name": name, "files": [str(self.folder / f"ca-{number}.pem")]})
            config["ssl_profiles"].append({"name": name, "client_auth": {"mode": "require", "trust_store": name}})
            config["listeners"].append({
                "name": name, "address": "198.18.0.1:443", "hosts": [host(number)], "ssl_profile": name,
                "certificate": str(self.folder / f"server-{number}.pem"), "key": str(self.folder / f"server-{number}.key"),
                "identity_headers": ["azure"]})
            config["rules"].append({"listener": name, "path": "/", "pool": "app"})


def memory_bytes(site):
    """What the gateway's process holds of memory."""
    with open(f"/proc/{site.gateway.status()['pid']}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS:"))


class ManySite(Site):
    """The usual site, started once without and once with all the listeners."""

    def __enter__(self):
        super().__enter__()
        self.world = World(self.directory / "many")
        self.lean_bytes = memory_bytes(self)
        began = time.monotonic()
        self.restart(self.world.add_to)
        self.start_s = time.monotonic() - began
        self.full_bytes = memory_bytes(self)
        return self

    def ask_at(self, number, who):
        tls = context(self.pki, self.world.client(who))
        tls.load_verify_locations(self.world.folder / f"server-{number}.pem")
        with self.connect(tls=tls, sni=host(number)) as connection:
            return connection.ask(get(f"/{number}", host=host(number)))


@case
def gateway_starts_in_time(site):
    check_equal(len(site.gateway.status()["listeners"]), COUNT + 2, "listeners")
    diag(f"{COUNT} listeners with their own certificate, profile and store: started in {site.start_s:.1f} s, "
         f"{(site.full_bytes - site.lean_bytes) / COUNT / 1024:.1f} KiB each")
    check(site.start_s < START_LIMIT_S, f"it took {site.start_s:.1f} s")


@case
def each_listener_shows_its_own_certificate_and_serves_clients_of_its_own_store(site):
    for number in SOME:
        site.backend.forget()
        answer = site.ask_at(number, number)  # the client checks the certificate's name
        check_equal((answer.status, answer.body), (200, b"GET /%d\n" % number), f"answer of listener {number}")
        check_equal(site.backend.requests[0].head.get("X-Client-Certificate-Subject"), f"CN=client-{number}", "identity")


@case
def client_of_another_listeners_store_is_refused(site):
    for number in SOME:
        for who in SOME:
            if who == number:
                continue
            site.backend.forget()
            answer = site.ask_at(number, who)
            check_equal(answer.status, 400, f"status for client {who} at listener {number}")
            check("unknown_issuer" in answer.text, f"the page says {answer.text!r}")
            check_equal(len(site.backend.requests), 0, "requests that reached the backend")


@case
def host_of_another_listener_gets_421(site):
    tls = context(site.pki, site.world.client(0))
    tls.load_verify_locations(site.world.folder / "server-0.pem")
    site.backend.forget()
    with site.connect(tls=tls, sni=host(0)) as connection:
        check_equal(connection.ask(get("/", host=host(1))).status, 421, "status")
    check_equal(len(site.backend.requests), 0, "requests that reached the backend")


@case
def other_clients_are_served_as_before(site):
    site.check_serves()


main(ManySite())

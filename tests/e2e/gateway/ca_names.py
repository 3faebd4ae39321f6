# SPDX-License-Identifier: GPL-3.0-or-later
"""client_auth.advertise_ca_names: which CAs a client is told in the CertificateRequest, as `openssl s_client` reads it, of several
profiles of one address; and what a store with too many names is told."""

import copy
import json
import pathlib
import re
import subprocess

from support.lab import BUILD
from support.pki import Authority
from support.site import Site
from support.tap import case, cases_for, check, check_equal, main

VERSIONS = ("-tls1_3", "-tls1_2")
# host, the CAs that it names in order
PROFILES = (
    ("told", ["CN = first root", "CN = second root", "CN = first int"]),
    ("partial", ["CN = first int", "CN = first root", "CN = second root"]),
    ("other", ["CN = third root"]),
    ("untold", []),
    ("asked", ["CN = third root"]),
)
CLIENTS = {}


def add_store(config, name, files, **store):
    config["trust_stores"].append({"name": name, "files": [str(path) for path in files], **store})


def add_profile(config, name, store, mode="require", **auth):
    api = config["listeners"][0]
    config["ssl_profiles"].append({"name": name, "client_auth": {"mode": mode, "trust_store": store, **auth}})
    config["listeners"].append({**api, "name": name, "hosts": [f"{name}.example"], "ssl_profile": name})
    config["rules"].append({"listener": name, "path": "/", "pool": "app"})


def profiles(config):
    directory = pathlib.Path(config["trust_stores"][0]["files"][0]).parent
    cas = {name: Authority(directory, name) for name in ("first root", "second root", "third root")}
    inter = cas["first int"] = Authority(directory, "first int", cas["first root"])
    files = {name: directory / f"{name}.store" for name in cas}
    files["first int"].write_text(inter.pem + cas["first root"].pem)
    for name in ("second root", "third root"):
        files[name].write_text(cas[name].pem)
    add_store(config, "both", [files["first int"], files["second root"]])
    add_store(config, "partial", [files["first int"], files["second root"]], partial_chain=True)
    add_store(config, "third", [files["third root"]])
    add_profile(config, "told", "both", advertise_ca_names=True)
    add_profile(config, "partial", "partial", advertise_ca_names=True)
    add_profile(config, "other", "third", advertise_ca_names=True)
    add_profile(config, "untold", "both")
    add_profile(config, "asked", "third", mode="request", advertise_ca_names=True)
    CLIENTS.update({"first int": inter.client(), "third root": cas["third root"].client()})


def names_told(site, name, version):
    done = site.lab.run("client", "openssl", "s_client", "-connect", "198.18.0.1:443", "-servername", f"{name}.example",
                        version, input="", timeout=20)
    listed = re.search(r"Acceptable client certificate CA names\n((?:.* = .*\n)*)", done.stdout)
    check(listed or "No client certificate CA names sent" in done.stdout, f"openssl says {done.stdout!r} {done.stderr!r}")
    return listed.group(1).splitlines() if listed else []


@cases_for(PROFILES, "the names that {} lists")
def names_of(site, profile):
    name, wanted = profile
    for version in VERSIONS:
        check_equal(names_told(site, name, version), wanted, f"names with {version}")


@case
def what_is_told_decides_nothing(site):
    for who, host, status in (("first int", "told", "200"), ("first int", "other", "400"), ("third root", "told", "400"),
                              ("third root", "asked", "200"), ("first int", "untold", "200")):
        identity = CLIENTS[who]
        for version in VERSIONS:
            done = site.lab.run("client", "openssl", "s_client", "-quiet", "-connect", "198.18.0.1:443", "-servername",
                                f"{host}.example", "-cert", identity.leaf, "-key", identity.key, "-cert_chain", identity.chain,
                                version, input=f"GET / HTTP/1.1\r\nHost: {host}.example\r\nConnection: close\r\n\r\n", timeout=20)
            check_equal(done.stdout[9:12], status, f"status for {who} at {host} with {version}")


@case
def client_that_chooses_by_the_names_sends_no_other_certificate(site):
    """wget is built on GnuTLS, which sends a certificate only if one of its chain is of an issuer that was named, or none was."""
    hosts = site.directory / "hosts"
    hosts.write_text("".join(f"198.18.0.1 {name}.example\n" for name, _ in PROFILES))
    for who, host, said in (("first int", "told", "GET /"), ("third root", "told", "no_certificate"),
                            ("third root", "untold", "unknown_issuer"), ("first int", "other", "no_certificate"),
                            ("third root", "other", "GET /")):
        identity = CLIENTS[who]
        done = site.lab.run("client", "unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', hosts, "wget", "-q",
                            "-O", "-", "--content-on-error", "--no-check-certificate", "--certificate", identity.chain,
                            "--private-key", identity.key, "--tries", "1", "--timeout", "10", f"https://{host}.example/", timeout=20)
        check(said in done.stdout, f"{who} at {host}: {done.stdout!r} {done.stderr!r}")


@case
def store_with_too_many_names_is_refused_where_it_is_told(site):
    config = copy.deepcopy(json.loads(site.gateway.config.read_text()))
    files = []
    for number in range(50):
        root = Authority(site.directory, f"{number:02} root".ljust(64, "r"))
        files.append(site.directory / f"many-{number}.pem")
        files[-1].write_text(root.pem + "".join(
            Authority(site.directory, f"{number:02} int {part}".ljust(64, "i"), root).pem for part in range(3)))
    add_store(config, "many", files, max_chains=100)
    add_profile(config, "crowd", "many", advertise_ca_names=True)
    path = site.directory / "many.yaml"
    for told in (True, False):
        config["ssl_profiles"][-1]["client_auth"]["advertise_ca_names"] = told
        path.write_text(json.dumps(config))
        done = subprocess.run([BUILD / "app/sallyportctl/sallyportctl", "check", path], capture_output=True, text=True, timeout=30)
        check_equal(done.returncode, 1 if told else 0, f"exit status, having said {done.stdout}{done.stderr}")
        if told:
            check('advertise_ca_names[crowd]: the CAs of trust store "many" have names of 15800 octets, and a handshake has room '
                  "for 10000; set it to false, or divide the store among profiles" in done.stdout + done.stderr,
                  f"it says {done.stdout}{done.stderr}")


@case
def other_clients_are_served_as_before(site):
    site.check_serves()


main(Site(profiles))

# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of tests/pki through real handshakes: a listener, a profile and a trust store for each, all on one address.  Page
and counter have to give the very reason that `trust explain` gives; only who is accepted reaches the backend.

Usage: trust_cases.py WORLD (what tests/pki/generate.py wrote)."""

import base64
import collections
import csv
import json
import pathlib
import re
import subprocess
import sys

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from support.client import connect
from support.lab import BUILD, ROOT
from support.site import Site
from support.tap import case, cases_for, check, check_equal, diag, main
from support.tls13 import answer_to

WORLD = pathlib.Path(sys.argv[1])
GROUPS = ("alg", "aki", "allow", "bc", "build", "der", "depth", "eku", "ext", "graph", "ku", "leaf", "limit", "name", "nc", "oid",
          "partial", "path", "pathlen", "pin", "pol", "policy", "san", "serial", "sig", "ski", "spiffe", "spki", "time", "version")
# Nothing is read of a leaf that is no certificate, so it has no key that could be proved: an alert is the whole answer.  So it
# is where TLS has no signature for the key (column `handshake` of the table).
NO_KEY = {*(f"der-{what}" for what in ("trailing", "trailing-certificate", "truncated", "half", "one-octet", "empty-sequence",
                                       "indefinite", "long-length", "huge-length", "length-127-octets", "not-a-sequence",
                                       "garbage", "zeros")),
          *(f"alg-leaf-{what}" for what in ("exponent-5-octets", "rsa-no-null", "compressed", "ed25519-params")),
          "graph-bridge-presented", "limit-40-certificates", "limit-bytes"}
ANOTHER_TIME = "another time"
VERSION = subprocess.run([BUILD / "app/gateway/sallyport", "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
# Leaves whose key is for RSASSA-PSS alone, which a wolfSSL before 5.8 cannot read.
PSS_LEAVES = ("alg-leaf-pss-only", "alg-leaf-pss-only-sha512", "alg-leaf-pss-sha384", "alg-leaf-pss-rsa1024")
DECRYPT_ERROR = "alert 51"
ILLEGAL_PARAMETER = "alert 47"
RSA_PSS_RSAE_SHA256, RSA_PSS_RSAE_SHA384 = 0x0804, 0x0805
RSA_PSS_PSS_SHA256, RSA_PSS_PSS_SHA384, RSA_PSS_PSS_SHA512 = 0x0809, 0x080a, 0x080b
# Schemes that are not for the key of a case, whatever else they prove (RFC 8446 section 4.2.3).
WRONG_SCHEMES = (("alg-leaf-rsa2048", RSA_PSS_PSS_SHA256), ("alg-leaf-rsa2048", RSA_PSS_PSS_SHA512),
                 ("alg-leaf-pss-only", RSA_PSS_RSAE_SHA256), ("alg-leaf-pss-sha384", RSA_PSS_RSAE_SHA384),
                 ("alg-leaf-pss-sha384", RSA_PSS_PSS_SHA256), ("alg-leaf-pss-sha384", RSA_PSS_PSS_SHA512))

with open(ROOT / "tests/pki/cases.csv", newline="") as file:
    ALL = list(csv.DictReader(file))
SCHEMA = json.loads((ROOT / "docs/sallyport.schema.json").read_text())["properties"]
CLIENT_AUTH = SCHEMA["ssl_profiles"]["items"]["properties"]["client_auth"]["properties"]
PLURALS = {"allowed_name": "allowed_names", "allowed_leaf": "allowed_leaves"}


def host(row):
    return f"{row['id']}.cases.example"


def settings(row):
    """The options of `trust explain` as keys of the start-up file: (of client_auth, of the store)."""
    auth, store = {}, {}
    words = row["options"].split()
    while words:
        key = words.pop(0).removeprefix("--").replace("-", "_")
        if key == "verify_issuer_dn":
            auth[key] = True
        elif key == "partial_chain":
            store[key] = True
        elif key == "max_chains":
            store[key] = int(words.pop(0))
        elif key in PLURALS:
            auth.setdefault(PLURALS[key], []).append(words.pop(0))
        elif key == "spiffe_trust_domain":
            auth[key] = words.pop(0)
        elif key == "search_limit":
            limit, value = words.pop(0).split("=")
            auth.setdefault("search_limits", {})[limit] = int(value) if value.isdigit() else value
        elif key == "digests":
            auth[key] = words.pop(0).split(",")
        else:
            auth[key] = int(words.pop(0))
    return auth, store


def why_skipped(row):
    """Why the gateway cannot be asked; None when it can."""
    auth, _ = settings(row)
    if row["handshake"] == ANOTHER_TIME:
        return ANOTHER_TIME
    if row["id"] in PSS_LEAVES and "RSASSA-PSS" in VERSION:
        return "the gateway's wolfSSL reads no such key"
    missing = [key for key in auth if key not in CLIENT_AUTH]
    return f"the start-up file has no {missing[0]}" if missing else None


def add_case(config, row):
    api, name = config["listeners"][0], row["id"]
    auth, store = settings(row)
    files = sorted(str(path) for path in (WORLD / name).glob("store-?.pem"))
    config["trust_stores"].append({"name": name, "files": files, **store})
    config["ssl_profiles"].append({"name": name, "client_auth": {
        "mode": "require", "trust_store": name, "on_failure": "http-400", **auth}})
    config["listeners"].append({"name": name, "address": api["address"], "hosts": [host(row)], "ssl_profile": name,
                                "certificate": api["certificate"], "key": api["key"]})
    config["rules"].append({"listener": name, "path": "/", "pool": "app"})


def add_cases(config):
    for row in ALL:
        if row["verdict"] != "unjudged" and why_skipped(row) is None:
            add_case(config, row)


def chain_of(row):
    text = (WORLD / row["id"] / "chain.pem").read_text()
    return [base64.b64decode(block) for block in re.findall("-----BEGIN CERTIFICATE-----(.*?)-----END", text, re.S)]


def key_of(row):
    """The leaf's key; any other where nobody can sign with it."""
    path = WORLD / row["id"] / "key.pem"
    if not row["handshake"] and path.exists():
        return load_pem_private_key(path.read_bytes(), None)
    return ec.generate_private_key(ec.SECP256R1())


def scheme_of(row):
    path = WORLD / row["id"] / "scheme"
    return int(path.read_text(), 16) if path.exists() else RSA_PSS_RSAE_SHA256


def ask(site, row, rsa_scheme=None):
    """The status and the page of the answer, or the alert."""
    with connect(site.lab, timeout_s=10) as sock:
        return answer_to(sock, host(row), chain_of(row), key_of(row), f"/{row['id']}", rsa_scheme or scheme_of(row))


def why_wrong(row, status, text, reasons):
    """None when that answer, and the verdicts counted beside it, are what the table expects."""
    if row["reason"] == "ok":
        good = status == "200" and reasons == ["ok"]
    elif status == DECRYPT_ERROR:  # the client cannot sign, so nobody knows whose certificate it is
        good = bool(row["handshake"]) and reasons == []
    elif row["handshake"] or row["id"] in NO_KEY:
        good = status.startswith("alert ") and reasons == [row["reason"]]
    else:
        good = status == "400" and row["reason"] in re.findall("[a-z_]+", text) and reasons == [row["reason"]]
    return None if good else f"{row['id']}: {row['rule']}: expected {row['reason']}, got {status}, counted {reasons} {text[-150:]!r}"


def verdicts(counters):
    return {name.removeprefix("client_"): count for name, count in counters.items()
            if name.startswith("client_") and name != "client_refused_withheld"}


def handshakes(site, rows):
    """Yields what is wrong with each answer to rows, asked one after the other."""
    before = verdicts(site.gateway.counters())
    for row in rows:
        status, text = ask(site, row)
        after = verdicts(site.gateway.counters())
        yield why_wrong(row, status, text, [reason for reason in after if after[reason] != before[reason]])
        before = after


@cases_for(GROUPS, "the cases of {}", limit_s=60)
def group(site, name):
    rows = [row for row in ALL if row["id"].split("-")[0] == name and row["verdict"] != "unjudged"]
    skipped = collections.Counter(filter(None, map(why_skipped, rows)))
    rows = [row for row in rows if why_skipped(row) is None]
    site.backend.forget()
    wrong = [why for why in handshakes(site, rows) if why is not None]
    diag(f"{len(rows)} handshakes" + "".join(f", {count} skipped: {why}" for why, count in skipped.items()))
    for why in wrong:
        diag(why)
    check_equal(len(wrong), 0, "cases judged otherwise")
    check_equal([request.target for request in site.backend.requests],
                [f"/{row['id']}" for row in rows if row["reason"] == "ok"], "requests that reached the backend")


@case
def start_up_files_with_a_refused_store_are_refused(site):
    whole = json.loads(site.gateway.config.read_text())
    for row in ALL:
        if row["verdict"] != "unjudged":
            continue
        config = {**whole, "trust_stores": whole["trust_stores"][:1], "ssl_profiles": whole["ssl_profiles"][:2],
                  "listeners": whole["listeners"][:2], "rules": whole["rules"][:1]}
        add_case(config, row)
        path = site.directory / "refused.yaml"
        path.write_text(json.dumps(config))
        done = subprocess.run([BUILD / "app/sallyportctl/sallyportctl", "check", path], capture_output=True, text=True, timeout=10)
        said = done.stdout + done.stderr
        check(done.returncode == 1 and row["reason"] in said, f"{row['id']}: exit {done.returncode}: {said}")


@case
def rsa_key_proves_nothing_by_a_scheme_of_another_kind_of_key(site):
    rows = {row["id"]: row for row in ALL}
    site.backend.forget()
    for name, scheme in WRONG_SCHEMES:
        if why_skipped(rows[name]) is not None:
            continue
        before = site.gateway.drops()
        status, _ = ask(site, rows[name], scheme)
        check_equal(status, ILLEGAL_PARAMETER, f"{name} signing by {scheme:#06x}")
        site.check_counted(before, "tls_handshake_certificate_unusable")
    check_equal(site.backend.requests, [], "requests at the backend")


@case
def every_case_belongs_to_a_group(_):
    check({row["id"].split("-")[0] for row in ALL} <= set(GROUPS), "a case is in no group")


@case
def other_clients_are_served_as_before(site):
    site.check_serves()


main(Site(change=add_cases))

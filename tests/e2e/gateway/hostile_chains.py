# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates meant to be dear to judge, in TLS 1.3 handshakes: each is refused for its reason, and costs the worker no more
than so many new clients.  Cost is counted in the worker's busy cycles, of hostile and good clients in turn; other load on the
machine only adds to a count, so the least of several is compared."""

import base64
import math
import os
import sys

from support.client import connect
from support.lab import ROOT
from support.site import Site
from support.tap import case, cases_for, check, check_equal, diag, main
from support.tls13 import answer_to

sys.path.insert(0, str(ROOT / "tests/pki"))
import der  # noqa: E402
from certs import ca, dirname, dns, leaf, name  # noqa: E402
from keys import RsaKey, key  # noqa: E402

HOST = "hostile.example"
RSA_PSS_RSAE_SHA256 = 0x0804
UNSUPPORTED_CERTIFICATE = "alert 43"
TURNS = 3
# New clients that one of these may cost; the dearest measured is seven.
CLIENTS_MAX = 20


class MersenneRsa(RsaKey):
    """A working key whose primes are 2**p - 1 for these p, so that nobody has to look for large ones.  dear: its exponent is as
    long as its modulus, because the private one is 65537."""

    def __init__(self, *powers, dear=False):
        primes = [2**power - 1 for power in powers]
        self.n, order = math.prod(primes), math.lcm(*(prime - 1 for prime in primes))
        self.bits = self.n.bit_length()
        self.e, self.d = 65537, pow(65537, -1, order)
        if dear:
            self.e, self.d = self.d, self.e
        self.pss, self.restricted, self.salt, self.mgf_digest, self.scheme = False, False, None, None, None
        self.digest = "sha256"

    def prove(self, content):
        return RSA_PSS_RSAE_SHA256, self.raw(self._pss(content, "sha256"))


LONG_EXPONENT = MersenneRsa(2203, 1279, 607, dear=True)
LONG_MODULUS = MersenneRsa(9689, 4423, 2281)
assert LONG_EXPONENT.bits <= 4096 < 16384 <= LONG_MODULUS.bits
root = ca("Hostile root")
CLIENT = key("client").private


def made_up(modulus_bits):
    return os.urandom(modulus_bits // 8)


def leaf_of_long_exponent():
    return [leaf(root, key=LONG_EXPONENT)], LONG_EXPONENT.prove


def leaf_of_long_modulus():
    """Its proof is as long as a real one, and nothing else."""
    signature = made_up(LONG_MODULUS.bits)
    return [leaf(root, key=LONG_MODULUS)], lambda content: (RSA_PSS_RSAE_SHA256, signature)


def issuer_of_long_exponent():
    issuer = ca("Dear", root, key=LONG_EXPONENT)
    return [leaf(issuer), issuer], CLIENT


def issuer_of_long_modulus():
    issuer = ca("Dear", root, key=LONG_MODULUS)
    return [leaf(issuer, signature=made_up(LONG_MODULUS.bits)), issuer], CLIENT


def sixteen_long_names():
    """Fifteen issuers of one name, written in another case each time, whose signatures by the root are made up."""
    letters = "a" * 3680
    issuers = []
    for number in range(15):
        case_of = "".join(c.upper() if number >> i & 1 else c for i, c in enumerate(letters[:4]))
        issuers.append(ca("", root, subject=name(case_of + letters[4:]), key=key(f"long {number}"), signer=key("nobody")))
    return [leaf(issuers[0], signer=key("nobody")), *issuers], CLIENT


def names_under_subtrees():
    issuer = ca("Constrained", root, nc=((), [dns(f"x{n:x}.example") for n in range(1700)]))
    return [leaf(issuer, san=[dns(f"y{n:x}.example") for n in range(1700)]), issuer], CLIENT


def long_names_under_subtrees():
    issuer = ca("Constrained", root, nc=((), [dirname("a" * 500 + f"x{n:x}") for n in range(50)]))
    return [leaf(issuer, san=[dirname("a" * 500 + f"y{n:x}") for n in range(50)]), issuer], CLIENT


def ring_of(names):
    """CAs of which each has certificates of three others: as many ways as they have orders."""
    cas = [ca(f"Ring {number}") for number in range(names)]
    return cas, [ca(f"Ring {number}", cas[(number + step) % names]) for number in range(names) for step in (1, 2, 3)]


def ring():
    """None of the ways leads to an anchor."""
    cas, issuers = ring_of(5)
    return [leaf(cas[0]), *issuers], CLIENT


def ring_below_the_root():
    """All of the ways do, and the signature of the leaf is made up."""
    cas, issuers = ring_of(4)
    return [leaf(cas[0], signer=key("nobody")), *issuers, ca("Ring 1", root), ca("Ring 2", root), ca("Ring 3", root)], CLIENT


# what, the answer, the reason, signatures computed with, chain and proof
CHAINS = (
    ("an RSA leaf of an exponent as long as its modulus", UNSUPPORTED_CERTIFICATE, "unsupported_algorithm", 0,
     leaf_of_long_exponent),
    ("an RSA leaf of over 16384 bits", UNSUPPORTED_CERTIFICATE, "unsupported_algorithm", 0, leaf_of_long_modulus),
    ("an RSA issuer of an exponent as long as its modulus", "400", "unsupported_algorithm", 0, issuer_of_long_exponent),
    ("an RSA issuer of over 16384 bits", "400", "unsupported_algorithm", 0, issuer_of_long_modulus),
    ("64 KiB of 16 certificates of long names", "400", "bad_signature", 15, sixteen_long_names),
    ("1700 names under 1700 subtrees", "400", "search_limit", 0, names_under_subtrees),
    ("50 directory names under as many subtrees, all long", "400", "search_limit", 0, long_names_under_subtrees),
    ("a ring of cross-signed issuers", "400", "unknown_issuer", 0, ring),
    ("a ring of cross-signed issuers below the root", "400", "bad_signature", 12, ring_below_the_root),
)


def add_store(config):
    path = os.path.join(os.path.dirname(config["control"]["socket"]), "hostile-root.pem")
    with open(path, "w") as file:
        file.write(f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(root.der).decode()}-----END CERTIFICATE-----\n")
    api = config["listeners"][0]
    config["trust_stores"].append({"name": "hostile", "files": [path]})
    config["ssl_profiles"].append({"name": "hostile", "client_auth": {
        "mode": "require", "trust_store": "hostile", "on_failure": "http-400"}})
    config["listeners"].append({**api, "name": "hostile", "hosts": [HOST], "ssl_profile": "hostile"})
    config["rules"].append({"listener": "hostile", "path": "/", "pool": "app"})


class Cost:
    """What one client cost the gateway, and what it counted of it."""

    def __init__(self, site, chain, proof):
        before = site.gateway.status()
        with connect(site.lab) as sock:
            self.status, self.page = answer_to(sock, HOST, [cert.der for cert in chain], proof, "/dear")
        site.settled_pools()
        after = site.gateway.status()
        self.cycles = after["workers"][0]["busy_cycles"] - before["workers"][0]["busy_cycles"]
        self.counted = {name: after["counters"][name] - before["counters"][name] for name in after["counters"]}


def new_client_cycles(site, number):
    """The signature of the client is one that the worker has not seen; that of its issuer need not be."""
    issuer = ca("Good", root)
    cost = Cost(site, [leaf(issuer, f"client {number}"), issuer], CLIENT)
    check_equal(cost.status, "200", "a good client's answer")
    return cost.cycles


@cases_for(CHAINS, "{} is refused at a bounded cost")
def dear(site, chain):
    what, status, reason, signatures, make = chain
    certs, proof = make()
    octets = sum(len(cert.der) for cert in certs)
    check(octets < 65536 and len(certs) <= 16, f"{octets} octets of {len(certs)} certificates are refused for their number")
    good, bad, computed = math.inf, math.inf, 0
    for turn in range(TURNS):
        good = min(good, new_client_cycles(site, f"{what} {turn}"))
        site.backend.forget()
        cost = Cost(site, certs, proof)
        bad = min(bad, cost.cycles)
        check_equal((cost.status, cost.counted[f"client_{reason}"]), (status, 1), f"answer, and {reason} counted; {cost.page[-200:]}")
        check(status != "400" or reason in cost.page, f"the page does not say {reason}: {cost.page[-200:]}")
        computed = max(computed, cost.counted["trust_signatures"])
        check_equal(site.backend.requests, [], "requests at the backend")
    check_equal(computed, signatures, "signatures computed with, before the worker knew the good ones")
    diag(f"{octets} octets: {bad} cycles, {bad / good:.1f} of {good} of a new client")
    check(bad <= CLIENTS_MAX * good, f"as dear as {bad / good:.1f} new clients")


@case
def other_clients_are_served_as_before(site):
    site.check_serves()


main(Site(change=add_store))

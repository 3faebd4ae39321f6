# SPDX-License-Identifier: GPL-3.0-or-later
"""Names against constraints, one with the other, as the suite BetterTLS crosses them: names in the SAN, in the common name, and
what only looks like the name that a profile allows (section 4.2.1.10)."""

import itertools

import der
from certs import ca, dns, ip, leaf, name
from table import case

root = ca("Root")
NO, NOT_ALLOWED = "name_constraint", "name_not_allowed"
NOT_ASKED = "is not asked for it"
HOST, OTHER_HOST = "client.internal.example", "client.elsewhere.example"
KINDS = {
    "dns": (dns, {"in": HOST, "out": OTHER_HOST}, {"in": "internal.example", "out": "elsewhere.example"}),
    "ip": (ip, {"in": "192.0.2.7", "out": "198.51.100.7"}, {"in": "192.0.2.0/24", "out": "198.51.100.0/24"}),
}
WORDS = {"in": "this tree", "out": "the other tree", "none": "nothing"}


def within(permitted, excluded):
    """An intermediate with these constraints."""
    return ca("Int", root, nc=(permitted, excluded) if permitted or excluded else None)


def matrix(id, rule, reason, inter, san, **options):
    case("nc-matrix-" + id, rule, reason, [leaf(inter, san=san or None, **options), inter], [root])


# One name under what is permitted and what is excluded
for kind, (make, names, trees) in KINDS.items():
    for which, permitted, excluded in itertools.product(("in", "out"), WORDS, WORDS):
        good = permitted in (which, "none") and excluded != which
        matrix(f"{kind}-{which}-permits-{permitted}-excludes-{excluded}",
               f"a name in {WORDS[which]}; permitted is {WORDS[permitted]}, excluded {WORDS[excluded]}" if permitted != "none" else
               f"a name in {WORDS[which]}; excluded is {WORDS[excluded]}", "ok" if good else NO,
               within([make(trees[permitted])] if permitted != "none" else [], [make(trees[excluded])] if excluded != "none" else []),
               make(names[which]))
    matrix(f"{kind}-none", "no name of the kind that is permitted and excluded", "ok",
           within([make(trees["in"])], [make(trees["out"])]), None)

# Names of two kinds: each is bound by the constraints of its kind
for host, address in itertools.product(("in", "out"), repeat=2):
    for bound, what in ((("dns",), "hosts"), (("ip",), "addresses"), (("dns", "ip"), "hosts and addresses")):
        good = all({"dns": host, "ip": address}[kind] == "in" for kind in bound)
        matrix(f"{'-'.join(bound)}-of-host-{host}-address-{address}",
               f"a host in {WORDS[host]} and an address in {WORDS[address]}; constraints for {what} permit this tree",
               "ok" if good else NO, within([KINDS[kind][0](KINDS[kind][2]["in"]) for kind in bound], []),
               [dns(KINDS["dns"][1][host]), ip(KINDS["ip"][1][address])])

# The common name is no name of a client, whatever it looks like
for kind, (make, names, trees) in KINDS.items():
    for how in ("permits", "excludes"):
        inter = within(*(([make(trees["in"])], []) if how == "permits" else ([], [make(trees["out"])])))
        matrix(f"common-name-{kind}-{how}", "a common name outside what is permitted" if how == "permits" else
               "a common name within what is excluded", "ok", inter, make(names["in"]), subject=name(("O", "Cases"), names["out"]))


# What is no dNSName does not pass for one: constraints permit another tree, the profile allows the name
def disguised(id, rule, reason, san, **options):
    inter = within([dns("elsewhere.example")], [])
    case("nc-disguised-" + id, rule, reason, [leaf(inter, san=[dns(OTHER_HOST), san]), inter], [root],
         options=f"--allowed-name dns:exact:{HOST}", **options)


def tagged(tag, text):
    return der.context(tag, text.encode(), constructed=False)


KIND_REASONS = {1: NOT_ALLOWED, 2: NO, 6: NOT_ALLOWED, 8: NOT_ALLOWED}
for tag in range(16):
    reason = KIND_REASONS.get(tag, "parse_error")
    disguised(f"tag-{tag}", f"the octets of an allowed host under the tag [{tag}]", reason, tagged(tag, HOST),
              openssl=NOT_ASKED if reason == NOT_ALLOWED else "does not look" if tag == 7 else "")
for scheme in ("https", "spiffe"):
    disguised(f"uri-{scheme}", f"the allowed host in a URI, {scheme}", NOT_ALLOWED, tagged(6, f"{scheme}://{HOST}"),
              openssl=NOT_ASKED)
for id, separator in (("comma-space", ", "), ("comma", ","), ("semicolon", ";"), ("colon", ":")):
    for prefix, words in (("", ""), ("DNS:", ", written as some tools print it")):
        disguised(f"dns-{id}{'-prefix' if prefix else ''}", f"two hosts in one name with {separator!r} between them{words}", NO,
                  dns(OTHER_HOST + separator + prefix + HOST))
    disguised(f"uri-{id}", f"a URI and the allowed host behind {separator!r}", NOT_ALLOWED,
              tagged(6, f"https://{OTHER_HOST}{separator}DNS:{HOST}"), openssl=NOT_ASKED)

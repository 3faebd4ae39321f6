#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fuzz/corpus/{der,pem,trust_forest_path,trust_path,x509}: what is accepted, and one input for each way to be refused; given the
folder that `tests/support/pki.sh --all` wrote, also corpus/trust_chain and the roots that it is judged against.

Run it by hand after a change of a parser, and commit what it wrote.  unit/trust_corpus checks that the names say the
truth."""

import base64
import os
import re
import sys

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "corpus")


def save(parser, name, data):
    folder = os.path.join(CORPUS, parser)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def seq(*parts):
    return tlv(0x30, *parts)


def oid(text):
    arcs = [int(a) for a in text.split(".")]
    out = b""
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        digits = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            digits.insert(0, 0x80 | arc & 0x7F)
        out += bytes(digits)
    return tlv(6, out)


def name(*attributes):
    """(type, tag, octets), each a set of its own."""
    return seq(*[tlv(0x31, seq(oid(a), tlv(tag, text))) for a, tag, text in attributes])


def ext(kind, value, critical=False):
    return seq(oid(kind), tlv(1, b"\xff") if critical else b"", tlv(4, value))


ECDSA_SHA256 = seq(oid("1.2.840.10045.4.3.2"))
EC_KEY = seq(seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")),
             tlv(3, b"\0\x04" + bytes(range(64))))
RSA_KEY = seq(seq(oid("1.2.840.113549.1.1.1"), tlv(5)),
              tlv(3, b"\0", seq(tlv(2, b"\0\xc5" + bytes(127)), tlv(2, b"\1\0\1"))))
BASIC, USAGE, PURPOSES, ALT_NAME = "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17"
CONSTRAINTS, POLICIES, MAPPINGS, POLICY_LIMITS, NO_ANY = "2.5.29.30", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"


def cert(version=tlv(0xA0, tlv(2, b"\2")), serial=tlv(2, b"\7"), inner=ECDSA_SHA256,
         issuer=name(("2.5.4.3", 0x0C, b"ca")),
         validity=seq(tlv(0x17, b"200101000000Z"), tlv(0x17, b"400101000000Z")),
         subject=name(("2.5.4.3", 0x0C, b"x")), key=EC_KEY, ids=b"", exts=(),
         outer=ECDSA_SHA256, signature=tlv(3, b"\0", seq(tlv(2, b"\1"), tlv(2, b"\1"))),
         behind=b""):
    extensions = tlv(0xA3, seq(*exts)) if exts else b""
    tbs = seq(version, serial, inner, issuer, validity, subject, key, ids, extensions)
    return seq(tbs, outer, signature) + behind


def der():
    save("der", "accepted-all-types", seq(
        tlv(1, b"\xff"), tlv(2, b"\0\x80"), tlv(3, b"\1\x80"), tlv(4, b"x"), tlv(5),
        oid("2.5.4.3"), tlv(0x0C, b"text"), tlv(0x17, b"240229120000Z"),
        tlv(0x18, b"20500101000000Z"), tlv(0x31, tlv(0xA0, tlv(2, b"\1"))), tlv(4, bytes(300))))
    for what, data in {
        "empty": b"", "tag-alone": b"\x30", "body-cut": b"\x04\x03ab", "length-cut": b"\x04\x82\x01",
        "indefinite-length": b"\x30\x80\0\0", "long-length-of-short": b"\x04\x81\x01a",
        "length-leading-zero": b"\x04\x82\0\xff" + bytes(255),
        "length-of-eight-octets": b"\x04\x88" + b"\xff" * 8 + b"abc",
        "tag-of-two-octets": b"\xbf\x81\x01\0", "end-of-contents": b"\0\0",
        "boolean-one": tlv(1, b"\1"), "integer-empty": tlv(2), "integer-padded": tlv(2, b"\0\1"),
        "integer-padded-negative": tlv(2, b"\xff\xff"), "integer-over-32-bits": tlv(2, b"\1" * 5),
        "bits-empty": tlv(3), "bits-nine-unused": tlv(3, b"\x09\0"),
        "bits-unused-set": tlv(3, b"\1\1"), "bits-unused-of-none": tlv(3, b"\1"),
        "oid-empty": tlv(6), "oid-arc-cut": tlv(6, b"\x55\x81"), "oid-arc-padded": tlv(6, b"\x80\1"),
        "oid-too-long": tlv(6, bytes(65)), "time-no-such-day": tlv(0x17, b"230229000000Z"),
        "time-no-zone": tlv(0x17, b"230228000000"), "time-zone": tlv(0x17, b"230228000000+0100"),
        "time-fraction": tlv(0x18, b"20230228000000.5Z"), "time-leap-second": tlv(0x17, b"161231235960Z"),
        "nested": b"\x30\x80" * 40 + b"\x30\x02" * 3,
    }.items():
        save("der", "refused-" + what, data)


def awkward_names():
    return name(
        ("2.5.4.3", 0x0C, b" a,b+c\"d\\e<f>g;h# "), ("2.5.4.3", 0x0C, b"line\r\nX-Admin: 1"),
        ("2.5.4.10", 0x14, b"caf\xe9"), ("2.5.4.10", 0x1E, b"\0K\0\xf6"),
        ("2.5.4.10", 0x1C, b"\0\1\xf5\x12"), ("1.3.6.1.4.1.99999.1", 0x0C, b"unknown"),
        ("2.25.340282366920938463463374607431768211455", 0x13, b"uuid"), ("2.5.4.45", 3, b"\0a"))


def x509():
    ok = {
        "v3": cert(), "v1": cert(version=b""), "rsa": cert(key=RSA_KEY),
        "serial-negative": cert(serial=tlv(2, b"\xff")),
        "empty-subject": cert(subject=seq(), exts=[ext(ALT_NAME, seq(tlv(0x82, b"x.example")), True)]),
        "unknown-key": cert(key=seq(seq(oid("1.2.3")), tlv(3, b"\0"))),
        "names": cert(issuer=awkward_names(), subject=awkward_names()),
        "long-name": cert(subject=name(("2.5.4.3", 0x0C, b"n" * 2000))),
        "unique-ids": cert(ids=tlv(0x81, b"\0\1") + tlv(0x82, b"\0\1")),
        "ca": cert(exts=[ext(BASIC, seq(tlv(1, b"\xff"), tlv(2, b"\3")), True),
                         ext(USAGE, tlv(3, b"\2\x04"), True), ext("2.5.29.14", tlv(4, b"id")),
                         ext("2.5.29.35", seq(tlv(0x80, b"id")))]),
        "leaf": cert(exts=[ext(USAGE, tlv(3, b"\7\x80"), True),
                           ext(PURPOSES, seq(oid("1.3.6.1.5.5.7.3.2"), oid("2.5.29.37.0"))),
                           ext(ALT_NAME, seq(tlv(0x82, b"x.example")), True)]),
        "unknown-critical": cert(exts=[ext("1.2.3.4", tlv(5), True)]),
        "names-of-every-kind": cert(exts=[ext(ALT_NAME, seq(
            tlv(0xA0, oid("1.2.3"), tlv(0xA0, tlv(5))), tlv(0x81, b"a@x.example"), tlv(0x82, b"x.example"), tlv(0xA3),
            tlv(0xA4, name(("2.5.4.3", 0x0C, b"x"))), tlv(0xA5), tlv(0x86, b"spiffe://x.example/a"),
            tlv(0x87, bytes(4)), tlv(0x87, bytes(16)), tlv(0x88, b"\x2a")))]),
        "name-constraints": cert(exts=[ext(BASIC, seq(tlv(1, b"\xff")), True), ext(CONSTRAINTS, seq(
            tlv(0xA0, seq(tlv(0x82, b"x.example")), seq(tlv(0x81, b".x.example")), seq(tlv(0x86, b"x.example"))),
            tlv(0xA1, seq(tlv(0x87, b"\x0a\0\0\0\xff\0\0\0")), seq(tlv(0x82)),
                seq(tlv(0xA4, name(("2.5.4.10", 0x13, b"X"))), tlv(0x80, b"\0")))), True)]),
        "policies": cert(exts=[
            ext(POLICIES, seq(seq(oid("1.2.3")), seq(oid("2.5.29.32.0"), seq(seq(oid("1.2.4"), tlv(0x16, b"x"))))), True),
            ext(MAPPINGS, seq(seq(oid("1.2.3"), oid("1.2.4")))),
            ext(POLICY_LIMITS, seq(tlv(0x80, b"\0"), tlv(0x81, b"\1\0")), True), ext(NO_ANY, tlv(2, b"\0"), True)]),
        "policy-constraints-not-critical": cert(exts=[ext(POLICY_LIMITS, seq(tlv(0x80, b"\0")))]),
        "inhibit-any-not-critical": cert(exts=[ext(NO_ANY, tlv(2, b"\0"))]),
    }
    good = cert()
    bad = {
        "empty": b"", "cut": good[:-1], "behind": cert(behind=b"\0"),
        "version-0": cert(version=tlv(0xA0, tlv(2, b"\0"))),
        "version-4": cert(version=tlv(0xA0, tlv(2, b"\3"))),
        "extensions-in-v2": cert(version=tlv(0xA0, tlv(2, b"\1")), exts=[ext("1.2.3.4", b"")]),
        "unique-ids-in-v1": cert(version=b"", ids=tlv(0x81, b"\0\1")),
        "serial-21-octets": cert(serial=tlv(2, b"\1" * 21)),
        "algorithms-differ": cert(outer=seq(oid("1.2.840.10045.4.3.3"))),
        "name-no-sequence": cert(issuer=tlv(0x31)), "name-empty-rdn": cert(subject=seq(tlv(0x31))),
        "name-nul": cert(subject=name(("2.5.4.3", 0x0C, b"good\0.evil"))),
        "name-bad-utf8": cert(subject=name(("2.5.4.3", 0x0C, b"\xc0\x80"))),
        "name-surrogate": cert(subject=name(("2.5.4.3", 0x1E, b"\xd8\0"))),
        "name-string-in-pieces": cert(subject=name(("2.5.4.3", 0x2C, tlv(0x0C, b"x")))),
        "name-129-attributes": cert(subject=name(*[("2.5.4.3", 0x0C, b"x")] * 129)),
        "dates-reversed": cert(validity=seq(tlv(0x17, b"400101000000Z"), tlv(0x17, b"200101000000Z"))),
        "date-impossible": cert(validity=seq(tlv(0x17, b"200230000000Z"), tlv(0x17, b"400101000000Z"))),
        "rsa-negative": cert(key=seq(seq(oid("1.2.840.113549.1.1.1"), tlv(5)),
                                     tlv(3, b"\0", seq(tlv(2, b"\xff"), tlv(2, b"\3"))))),
        "ec-half-a-point": cert(key=seq(seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")),
                                        tlv(3, b"\0\x04" + bytes(32)))),
        "ed25519-short": cert(key=seq(seq(oid("1.3.101.112")), tlv(3, b"\0" + bytes(31)))),
        "signature-half-octet": cert(signature=tlv(3, b"\4\x10")),
        "duplicate-extension": cert(exts=[ext(BASIC, seq()), ext(BASIC, seq(tlv(1, b"\xff")))]),
        "65-extensions": cert(exts=[ext("1.2.%d" % i, b"") for i in range(65)]),
        "critical-not-boolean": cert(exts=[seq(oid("1.2.3"), tlv(1, b"\1"), tlv(4))]),
        "path-length-no-ca": cert(exts=[ext(BASIC, seq(tlv(2, b"\0")))]),
        "path-length-negative": cert(exts=[ext(BASIC, seq(tlv(1, b"\xff"), tlv(2, b"\xff")))]),
        "key-usage-octets": cert(exts=[ext(USAGE, tlv(4, b"\x80"))]),
        "no-purpose": cert(exts=[ext(PURPOSES, seq())]),
        "no-alt-name": cert(exts=[ext(ALT_NAME, seq())]),
        "key-id-no-octets": cert(exts=[ext("2.5.29.14", b"\1")]),
        "key-id-critical": cert(exts=[ext("2.5.29.14", tlv(4, b"id"), True)]),
        "authority-key-id-critical": cert(exts=[ext("2.5.29.35", seq(tlv(0x80, b"id")), True)]),
        "authority-issuer-without-serial": cert(exts=[ext("2.5.29.35", seq(tlv(0xA1, tlv(0x82, b"x"))))]),
        "empty-issuer": cert(issuer=seq()), "empty-subject": cert(subject=seq()),
        "empty-subject-of-ca": cert(subject=seq(), exts=[ext(BASIC, seq(tlv(1, b"\xff")), True),
                                                         ext(ALT_NAME, seq(tlv(0x82, b"x")), True)]),
        "alt-name-not-critical": cert(subject=seq(), exts=[ext(ALT_NAME, seq(tlv(0x82, b"x")))]),
        "alt-name-nul": cert(exts=[ext(ALT_NAME, seq(tlv(0x82, b"good\0.evil")))]),
        "alt-name-line-end": cert(exts=[ext(ALT_NAME, seq(tlv(0x86, b"x:y\r\nz")))]),
        "alt-name-not-ascii": cert(exts=[ext(ALT_NAME, seq(tlv(0x81, "ä@x".encode())))]),
        "alt-name-empty": cert(exts=[ext(ALT_NAME, seq(tlv(0x82)))]),
        "alt-name-address-with-mask": cert(exts=[ext(ALT_NAME, seq(tlv(0x87, bytes(8))))]),
        "alt-name-kind-9": cert(exts=[ext(ALT_NAME, seq(tlv(0x89, b"x")))]),
        "alt-name-other-without-value": cert(exts=[ext(ALT_NAME, seq(tlv(0xA0, oid("1.2.3"))))]),
        "constraints-none": cert(exts=[ext(CONSTRAINTS, seq(), True)]),
        "constraints-empty": cert(exts=[ext(CONSTRAINTS, seq(tlv(0xA0)), True)]),
        "constraints-minimum": cert(exts=[ext(CONSTRAINTS, seq(tlv(0xA0, seq(tlv(0x82, b"x"), tlv(0x80, b"\1")))))]),
        "constraints-maximum": cert(exts=[ext(CONSTRAINTS, seq(tlv(0xA0, seq(tlv(0x82, b"x"), tlv(0x81, b"\1")))))]),
        "constraints-mask": cert(exts=[ext(CONSTRAINTS, seq(tlv(0xA0, seq(tlv(0x87, bytes(5) + b"\xff\0\0")))))]),
        "constraints-no-mask": cert(exts=[ext(CONSTRAINTS, seq(tlv(0xA0, seq(tlv(0x87, bytes(4))))))]),
        "policies-none": cert(exts=[ext(POLICIES, seq())]),
        "policy-twice": cert(exts=[ext(POLICIES, seq(seq(oid("1.2.3")), seq(oid("1.2.3"))))]),
        "65-policies": cert(exts=[ext(POLICIES, seq(*[seq(oid("1.2.%d" % i)) for i in range(65)]))]),
        "65-mappings": cert(exts=[ext(MAPPINGS, seq(*[seq(oid("1.2.%d" % i), oid("1.3")) for i in range(65)]))]),
        "policy-qualifiers-none": cert(exts=[ext(POLICIES, seq(seq(oid("1.2.3"), seq())))]),
        "policy-constraints-none": cert(exts=[ext(POLICY_LIMITS, seq(), True)]),
        "policy-constraints-negative": cert(exts=[ext(POLICY_LIMITS, seq(tlv(0x80, b"\xff")), True)]),
    }
    for what, data in ok.items():
        save("x509", "accepted-" + what, data)
    for what, data in bad.items():
        save("x509", "refused-" + what, data)


def trust_path():
    """Leaf, intermediate and anchor, for the rules of whole paths."""
    def path(what, leaf=(), intermediate=(), anchor=(), subject=b"x"):
        ca = ext(BASIC, seq(tlv(1, b"\xff")), True)
        ders = [cert(subject=name(("2.5.4.3", 0x0C, subject)), exts=leaf),
                cert(subject=name(("2.5.4.3", 0x0C, b"int")), exts=[ca, *intermediate]), cert(exts=[ca, *anchor])]
        save("trust_path", what, b"".join(len(d).to_bytes(2, "big") + d for d in ders))

    def names(*alt_names):
        return ext(ALT_NAME, seq(*alt_names))

    def constraints(permitted=(), excluded=()):
        return ext(CONSTRAINTS, seq(*[tlv(tag, *[seq(s) for s in subtrees])
                                      for tag, subtrees in ((0xA0, permitted), (0xA1, excluded)) if subtrees]), True)

    def policies(*oids):
        return ext(POLICIES, seq(*[seq(oid(o)) for o in oids]))

    explicit = ext(POLICY_LIMITS, seq(tlv(0x80, b"\0")), True)
    directory = tlv(0xA4, name(("2.5.4.3", 0x0C, b"x")))
    every = [tlv(0x81, b"a@x.example"), tlv(0x82, b"a.x.example"), directory, tlv(0x86, b"spiffe://x.example/a"),
             tlv(0x87, b"\x0a\0\0\1")]
    path("accepted-plain")
    path("accepted-names", [names(*every)], [constraints([tlv(0x81, b"x.example"), tlv(0x82, b"x.example"), directory,
                                                         tlv(0x86, b"x.example"), tlv(0x87, b"\x0a\0\0\0\xff\0\0\0")],
                                                        [tlv(0x82, b"b.x.example")])])
    path("accepted-policies", [policies("1.2.4")], [policies("1.2.3"), ext(MAPPINGS, seq(seq(oid("1.2.3"), oid("1.2.4"))))],
         [explicit])
    path("refused-name_constraint-permitted", [names(*every)], [constraints([tlv(0x82, b"y.example")])])
    path("refused-name_constraint-excluded", [names(*every)], [], [constraints([], [tlv(0x81, b"a@x.example")])])
    path("refused-name_constraint-subject", [], [constraints([directory])], subject=b"y")
    path("refused-name_constraint-unclear", [names(tlv(0x86, b"urn:a"))], [constraints([], [tlv(0x86, b"x.example")])])
    path("refused-name_constraint-mailbox", [names(tlv(0xA0, oid("1.3.6.1.5.5.7.8.9"), tlv(0xA0, tlv(0x0C, b"a@x.example"))))],
         [constraints([], [tlv(0x81, b"x.example")])])
    path("refused-name_constraint-leaf", [constraints([directory])])
    path("refused-search_limit-names", [names(*[tlv(0x82, b"%d" % i) for i in range(60)])],
         [constraints([], [tlv(0x82, b"a%d" % i) for i in range(60)])])
    path("refused-policy-none", [], [explicit])
    path("refused-policy-another", [policies("1.2.4")], [policies("1.2.3"), explicit])
    path("refused-policy-any-mapped", [], [ext(MAPPINGS, seq(seq(oid("2.5.29.32.0"), oid("1.2.4"))))])
    path("refused-policy-any-inhibited", [policies("2.5.29.32.0")], [policies("1.2.3"), explicit, ext(NO_ANY, tlv(2, b"\0"), True)])


def trust_forest_path():
    """The store, then for each certificate: subject, issuer, keys (own, signer), what is wrong, how."""
    a, b, c, d, small_a = range(5)
    expired, no_ca, path_length, usage, bit, cut = range(1, 7)

    def made(subject, issuer, own, signer, wrong=0, how=0):
        return bytes([subject, issuer, signer << 4 | own, wrong, how])

    def forest(what, *certs, store=0):
        save("trust_forest_path", what, bytes([store]) + b"".join(certs))

    leaf, int_b, int_c = made(d, b, 5, 1), made(b, a, 1, 0), made(c, b, 2, 1)
    forest("accepted-direct", made(d, a, 5, 0))
    forest("accepted-other-case", made(d, small_a, 5, 0))
    forest("accepted-intermediate", leaf, int_b)
    forest("accepted-any-order", made(d, c, 5, 2), int_b, int_c)
    forest("accepted-of-the-store", leaf, store=1)
    forest("accepted-partial", leaf, made(a, a, 0, 0), store=0x81)
    forest("accepted-bad-ones-beside", leaf, made(b, a, 1, 0, expired), made(b, a, 1, 0, no_ca), made(b, a, 1, 3),
           made(b, c, 1, 2), made(c, b, 2, 1), int_b)
    forest("refused-unknown_issuer", made(b, d, 5, 3))
    forest("refused-unknown_issuer-ring", made(d, b, 5, 1), made(b, c, 1, 2), made(c, b, 2, 1))
    forest("refused-expired", made(d, a, 5, 0, expired))
    forest("refused-not_a_ca", leaf, made(b, a, 1, 0, no_ca))
    forest("refused-path_length", made(d, c, 5, 2), int_c, made(b, a, 1, 0, path_length))
    forest("refused-key_usage", made(d, a, 5, 0, usage))
    forest("refused-bad_signature", leaf, made(b, a, 1, 3))
    forest("refused-bad_signature-bit", made(d, a, 5, 0, bit, 180))
    forest("refused-parse_error", leaf, int_b, made(c, b, 2, 1, cut, 9))


def block(label, data, line=64, end="\n"):
    text = base64.b64encode(data).decode()
    lines = [text[i:i + line] for i in range(0, len(text), line)]
    return end.join(["-----BEGIN %s-----" % label, *lines, "-----END %s-----" % label, ""]).encode()


def pem():
    save("pem", "accepted-certificates", b"a comment\n" + block("CERTIFICATE", cert()) * 2)
    save("pem", "accepted-crlf", block("CERTIFICATE", cert(), end="\r\n"))
    save("pem", "accepted-one-byte", block("X", b"a"))
    save("pem", "accepted-two-bytes", block("X", b"ab"))
    save("pem", "accepted-private-key", block("EC PRIVATE KEY", b"abc"))
    for what, body in {
        "empty": b"", "padding-missing": b"YQ=", "padding-too-long": b"YQ===", "padding-inside": b"YQ==YQ==",
        "bits-behind": b"YR==", "space": b"YW Jj", "alphabet": b"YW-_", "cr-alone": b"YW\rJj",
        "headers": b"Proc-Type: 4,ENCRYPTED\n\nYWJj",
    }.items():
        save("pem", "refused-" + what, b"-----BEGIN X-----\n" + body + b"\n-----END X-----\n")
    save("pem", "refused-no-end", b"-----BEGIN X-----\nYQ==\n")
    save("pem", "refused-other-end", b"-----BEGIN X-----\nYQ==\n-----END Y-----\n")
    save("pem", "refused-end-alone", b"-----END X-----\n")
    save("pem", "refused-begin-twice", b"-----BEGIN X-----\n-----BEGIN X-----\n-----END X-----\n")
    save("pem", "refused-four-dashes", b"-----BEGIN X----\nYQ==\n-----END X-----\n")


def certificates(pki, name):
    with open(os.path.join(pki, name + ".pem")) as f:
        return [base64.b64decode(b) for b in re.findall("-----BEGIN CERTIFICATE-----(.*?)-----END", f.read(), re.S)]


def many_names():
    """A leaf and its CA with more names to compare than the limit allows."""
    ca = name(("2.5.4.3", 0x0C, b"Many Names"))
    root = name(("2.5.4.6", 0x13, b"SE"), ("2.5.4.10", 0x0C, b"Partner"), ("2.5.4.3", 0x0C, b"Partner Root"))
    hosts = [tlv(0x82, b"%d.example" % i) for i in range(150)]
    excluded = tlv(0xA1, *[seq(tlv(0x82, b"not.%d.example" % i)) for i in range(150)])
    return (cert(issuer=ca, exts=[ext(ALT_NAME, seq(*hosts))]),
            cert(issuer=root, subject=ca, exts=[ext(BASIC, seq(tlv(1, b"\xff")), True),
                                                ext(CONSTRAINTS, seq(excluded), True)]))


def trust_chain(pki):
    def chain(what, *ders):
        save("trust_chain", what, b"".join(len(d).to_bytes(2, "big") + d for d in ders))

    def client(what, *names):
        chain(what, *[d for n in names for d in certificates(pki, n)])

    ca = [ext(BASIC, seq(tlv(1, b"\xff")), True)]
    files = {str(number): certificates(pki, n) for number, n in enumerate((
        "partner-root", "rsa-root", "p384-root", "p521-root", "ed25519-root", "expired-root"), 1)}
    # Of one name, and of nobody: a client of theirs reaches the limit of candidates.
    files["nobodys"] = [cert(serial=tlv(2, bytes([i])), subject=name(("2.5.4.3", 0x0C, b"ca")), exts=ca)
                        for i in range(1, 34)]
    for file, roots in files.items():
        with open(os.path.join(os.path.dirname(CORPUS), "trust", "roots", file + ".pem"), "wb") as f:
            f.write(b"SPDX-License-Identifier: GPL-3.0-or-later\n" + b"".join(block("CERTIFICATE", r) for r in roots))

    client("accepted-intermediate", "client-good-chain")
    client("accepted-with-root", "client-good-chain", "partner-root")
    client("accepted-ten", "client-deep9-chain")
    client("accepted-self-issued", "client-self-issued-chain")
    for algorithm in ("rsa-sha256", "pss-sha384", "of-p384", "of-p521", "of-ed25519"):
        client("accepted-" + algorithm, "client-%s-chain" % algorithm)
    save("trust_chain", "refused-no_certificate", b"")
    chain("refused-parse_error", *certificates(pki, "client-good-chain"), b"\x30\0")
    long = cert(subject=name(("2.5.4.3", 0x0C, b"n" * 16000)))
    chain("refused-too_large", *[long] * 5)
    chain("refused-chain_too_long", *certificates(pki, "client-deep10-chain"),
          *certificates(pki, "client-deep10-chain")[-1:] * 6)
    chain("refused-search_limit", *many_names())
    client("refused-unknown_issuer", "client-other-chain")
    client("refused-not_yet_valid", "client-not-yet-valid-chain")
    client("refused-expired", "client-of-expired-root-chain")
    client("refused-bad_signature", "client-twin-int-chain")
    client("refused-weak_key", "client-weak-rsa-chain")
    client("refused-weak_digest", "client-rsa-sha1-chain")
    client("refused-unsupported_algorithm", "client-explicit-curve-chain")
    client("refused-not_a_ca", "client-of-int-v1-chain")
    client("refused-path_length", "client-pathlen-chain")
    client("refused-key_usage", "client-of-int-no-cert-sign-chain")
    client("refused-extended_key_usage", "client-any-purpose-chain")
    client("refused-unknown_critical", "client-unknown-critical-chain")
    client("refused-name_constraint", "client-outside-constraints-chain")
    client("refused-policy", "client-of-int-explicit-policy-chain")
    client("accepted-name-constraints", "client-inside-constraints-chain")
    client("accepted-policy", "client-of-explicit-policy-chain")
    chain("refused-duplicate_extension", cert(exts=[ext(BASIC, seq()), ext(BASIC, seq(tlv(1, b"\xff")))]))


if __name__ == "__main__":
    der()
    pem()
    x509()
    trust_path()
    trust_forest_path()
    if len(sys.argv) > 1:
        trust_chain(sys.argv[1])

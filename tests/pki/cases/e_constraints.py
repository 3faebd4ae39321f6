# SPDX-License-Identifier: GPL-3.0-or-later
"""basicConstraints, pathLenConstraint, keyUsage, extendedKeyUsage (sections 4.2.1.3, 4.2.1.9, 4.2.1.12, 6.1.4 (k)-(n))."""

import der
from certs import ca, leaf, name
from table import case

root = ca("Root")


def with_int(id, rule, reason, *, openssl="", **options):
    inter = ca("Int", root, **options)
    case(id, rule, reason, [leaf(inter), inter], [root], openssl=openssl)


# basicConstraints
with_int("bc-absent", "an intermediate without basicConstraints", "not_a_ca", bc=None)
with_int("bc-false", "an intermediate that says it is no CA", "not_a_ca", bc=[False])
with_int("bc-false-key-cert-sign", "keyCertSign does not make a CA", "not_a_ca", bc=[False], ku=["keyCertSign"])
with_int("bc-not-critical", "basicConstraints that is not critical is heeded all the same", "ok", critical={"bc": False})
with_int("bc-false-spelt-out", "a FALSE spelt out is tolerated and still no CA", "not_a_ca",
         bc=der.sequence(b"\x01\x01\x00"))
with_int("bc-true-as-one", "TRUE is ff in DER", "parse_error", bc=der.sequence(b"\x01\x01\x01"), openssl="reads BER")
with_int("bc-empty-value", "a basicConstraints without a value", "parse_error", bc=b"")
with_int("bc-trailing", "octets behind basicConstraints", "parse_error", bc=der.sequence(der.boolean(True)) + b"\0",
         openssl="does not look")
with_int("bc-three-fields", "a third field in basicConstraints", "parse_error",
         bc=der.sequence(der.boolean(True), der.integer(3), der.integer(3)))
with_int("bc-path-length-of-no-ca", "a path length without cA (section 4.2.1.9)", "parse_error",
         bc=der.sequence(der.integer(0)))
with_int("bc-negative-path-length", "a negative path length", "parse_error", bc=[True, -1])
with_int("bc-wide-path-length", "a path length of 2^31 - 1", "ok", bc=[True, 2**31 - 1])
with_int("bc-huge-path-length", "a path length that no number holds", "parse_error", bc=[True, 2**80],
         openssl="takes it for no limit")
with_int("bc-padded-path-length", "a path length with a needless zero octet", "parse_error",
         bc=der.sequence(der.boolean(True), b"\x02\x02\x00\x03"))
leaf_ca = leaf(root, "Not a CA")
case("bc-leaf-issues", "a leaf issues another leaf", "not_a_ca", [leaf(leaf_ca, "victim"), leaf_ca], [root])
case("bc-leaf-issues-unsigned", "a leaf issues another leaf, and nobody signed that", "not_a_ca",
     [leaf(leaf_ca, "victim", signature=b"unsigned"), leaf_ca], [root])
case("bc-leaf-path-length-of-no-ca", "a leaf with a path length that is no CA (section 4.2.1.9: must not)", "parse_error",
     [leaf(root, bc=der.sequence(der.integer(0)))], [root], openssl="asks for that under -x509_strict only")
v1_int = ca("Int", root, version=1, extensions=None)
case("bc-v1-int", "an intermediate of version 1 has no way to be a CA", "not_a_ca", [leaf(v1_int), v1_int], [root])
v3_bare = ca("Int", root, extensions=None)
case("bc-v3-without-extensions", "an intermediate of version 3 without extensions", "not_a_ca", [leaf(v3_bare), v3_bare], [root])
STORE_REFUSED = {"store_refused": True, "handshake": "the start-up file is refused"}
NO_CA = "ApplicationGatewayTrustedClientCertificateDoesNotContainAnyCACertificate"
bare_root = ca("Bare root", bc=None)
case("bc-root-absent", "a root of version 3 without basicConstraints is no CA", NO_CA, [leaf(bare_root)], [bare_root],
     openssl="takes whatever is self-signed for an anchor", **STORE_REFUSED)
v1_root = ca("Root of version 1", version=1, extensions=None)
case("bc-root-v1", "a root of version 1 has no way to be a CA", NO_CA, [leaf(v1_root)], [v1_root],
     openssl="takes whatever is self-signed for an anchor", **STORE_REFUSED)
odd_root = ca("Root", critical={"bc": False})
case("bc-root-not-critical", "a root's basicConstraints that is not critical", "ok", [leaf(odd_root)], [odd_root])
case("bc-leaf-ca-without-cert-sign", "a leaf that says CA and may not sign certificates", "ok",
     [leaf(root, bc=[True], ku=["digitalSignature"])], [root])


# pathLenConstraint
def tower(*lengths, self_issued=(), root_length=None, leaf_options=None):
    """Intermediates with these path lengths, topmost first; those of self_issued bear their issuer's name."""
    top = ca("Root", bc=[True] if root_length is None else [True, root_length])
    certs = [top]
    for number, path_length in enumerate(lengths):
        parent = certs[-1]
        subject = parent.subject if number in self_issued else name(("O", "Cases"), f"Tower {number}")
        certs.append(ca(f"Tower {number}", parent, subject=subject,
                        bc=[True] if path_length is None else [True, path_length]))
    return [leaf(certs[-1], **(leaf_options or {})), *reversed(certs[1:])], [top]


def path_length(id, rule, reason, *lengths, **options):
    chain, store = tower(*lengths, **options)
    case("pathlen-" + id, rule, reason, chain, store)


path_length("0-leaf", "0: a leaf may follow", "ok", 0)
path_length("0-int", "0: no intermediate may follow", "path_length", 0, None)
path_length("1-int", "1: one intermediate may follow", "ok", 1, None)
path_length("1-two-ints", "1: not two", "path_length", 1, None, None)
path_length("2-two-ints", "2: two", "ok", 2, None, None)
path_length("falling", "2, 1, 0 over a leaf", "ok", 2, 1, 0)
path_length("rising", "a lower CA cannot widen it: 0 over 6", "path_length", 0, 6)
path_length("rising-within", "1 over 2: that one allows more does not matter", "ok", 1, 2)
path_length("rising-later", "6, 0 and then another intermediate", "path_length", 6, 0, None)
path_length("6-0-leaf", "6, 0, leaf", "ok", 6, 0)
path_length("6-1-1", "6, 1, 1: the last counts none below it", "ok", 6, 1, 1)
path_length("6-0-6", "6, 0, 6", "path_length", 6, 0, 6)
path_length("6-1-1-int", "6, 1, 1 and then another: the first 1 is exceeded", "path_length", 6, 1, 1, None)
path_length("6-4-1-int", "6, 4, 1 and then another", "ok", 6, 4, 1, None)
path_length("equal-zeros", "0 over 0", "path_length", 0, 0)
path_length("root-0", "the root's own 0, leaf", "ok", root_length=0)
path_length("root-0-int", "the root's own 0, then an intermediate", "path_length", None, root_length=0)
path_length("root-1-int", "the root's own 1", "ok", None, root_length=1)
path_length("self-issued-free", "a self-issued intermediate does not count (section 4.2.1.9)", "ok", 0, None, self_issued=(1,))
path_length("self-issued-twice", "two self-issued intermediates do not count", "ok", 0, None, None, self_issued=(1, 2))
path_length("self-issued-then-other", "the one behind a self-issued intermediate counts", "path_length", 0, None, None,
            self_issued=(1,))
# Above the last intermediate stands the name twice: the way past the limit has a wrong signature, and so gets further.
path_length("self-issued-own-0", "a self-issued intermediate has a limit of its own", "bad_signature", None, 0, None,
            self_issued=(1,))
path_length("self-issued-1", "1, self-issued, another", "ok", 1, None, None, self_issued=(1,))
path_length("self-issued-1-two", "1, another, self-issued, another: one too many", "path_length", 1, None, None, None,
            self_issued=(2,))
path_length("self-issued-around", "1, self-issued, another, and that one self-issued", "ok", 1, None, None, None, self_issued=(1, 3))
path_length("0-int-leaf-ca", "0, an intermediate and a leaf that is a CA itself", "path_length", 0, None,
            leaf_options={"bc": [True], "ku": ["digitalSignature", "keyCertSign"]})
path_length("leaf-not-counted", "0 over a leaf that is a CA itself: the last certificate is no intermediate", "ok", 0,
            leaf_options={"bc": [True], "ku": ["digitalSignature", "keyCertSign"]})
path_length("leaf-own", "0 over a leaf that is a CA with 0 of its own", "ok", 0,
            leaf_options={"bc": [True, 0], "ku": ["digitalSignature", "keyCertSign"]})
path_length("leaf-signs-certificates-alone", "a CA as the leaf whose key signs certificates alone: no TLS client", "key_usage", 0,
            leaf_options={"bc": [True, 0], "ku": ["keyCertSign", "cRLSign"]})

# keyUsage
with_int("ku-int-absent", "a CA without keyUsage may sign", "ok", ku=None)
with_int("ku-int-only-crl", "a CA that may sign lists only", "key_usage", ku=["cRLSign"])
with_int("ku-int-empty", "a CA whose keyUsage allows nothing, under a path length", "key_usage", ku=[], bc=[True, 0])
with_int("ku-int-digital-signature", "digitalSignature is not keyCertSign", "key_usage", ku=["digitalSignature", "cRLSign"])
with_int("ku-int-not-critical", "keyUsage that is not critical is heeded all the same", "key_usage", ku=["cRLSign"],
         critical={"ku": False})
with_int("ku-int-not-critical-good", "keyUsage that is not critical", "ok", critical={"ku": False})
with_int("ku-int-all", "every bit", "ok", ku=["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment",
                                              "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"])
crl_root = ca("CRL root", ku=["cRLSign"])
case("ku-root-only-crl", "a root that may sign lists only: anchors are held to what they say", "key_usage", [leaf(crl_root)],
     [crl_root])


def with_leaf(id, rule, reason, *, openssl="", **options):
    case(id, rule, reason, [leaf(root, **options)], [root], openssl=openssl)


with_leaf("ku-leaf-absent", "a leaf without keyUsage may sign", "ok", ku=None)
with_leaf("ku-leaf-several", "digitalSignature among others", "ok", ku=["digitalSignature", "keyEncipherment", "keyAgreement"])
with_leaf("ku-leaf-key-agreement", "a leaf that may only agree on keys: TLS clients sign (RFC 8446 section 4.4.2.4)", "key_usage",
          ku=["keyAgreement"], openssl="takes keyAgreement for a client")
with_leaf("ku-leaf-key-encipherment", "a leaf that may only encipher keys", "key_usage", ku=["keyEncipherment"])
with_leaf("ku-leaf-non-repudiation", "nonRepudiation is not digitalSignature", "key_usage", ku=["nonRepudiation"])
with_leaf("ku-leaf-not-critical", "keyUsage that is not critical is heeded all the same", "key_usage", ku=["keyEncipherment"],
          critical={"ku": False})
with_leaf("ku-leaf-decipher-only", "the ninth bit alone", "key_usage", ku=["decipherOnly"])
with_leaf("ku-leaf-empty", "keyUsage without a bit allows nothing", "key_usage", ku=[])
with_leaf("ku-leaf-zeros", "keyUsage of zeros only allows nothing", "key_usage", ku=b"\x03\x02\x07\x00")
with_leaf("ku-leaf-zeros-behind", "keyUsage that ends in zero bits is tolerated", "ok", ku=b"\x03\x02\x00\x80")
with_leaf("ku-leaf-dirty-bits", "unused bits are zero in DER", "parse_error", ku=b"\x03\x02\x07\xc0", openssl="reads BER")
with_leaf("ku-leaf-no-string", "keyUsage as an OCTET STRING", "parse_error", ku=b"\x04\x02\x07\x80")
with_leaf("ku-leaf-cert-sign-no-ca", "keyCertSign on what is no CA (section 4.2.1.9: then cA must be asserted)", "key_usage",
          ku=["digitalSignature", "keyCertSign"], openssl="asks for that under -x509_strict only")

# extendedKeyUsage
with_leaf("eku-leaf-absent", "a leaf for any purpose", "ok", eku=None)
with_leaf("eku-leaf-client", "clientAuth", "ok")
with_leaf("eku-leaf-critical", "a critical extendedKeyUsage", "ok", critical={"eku": True})
with_leaf("eku-leaf-both", "clientAuth behind serverAuth", "ok", eku=["server", "client"])
with_leaf("eku-leaf-server", "a server's certificate", "extended_key_usage", eku=["server"])
with_leaf("eku-leaf-code", "a code signer's certificate", "extended_key_usage", eku=["code", "email"])
with_leaf("eku-leaf-any", "anyExtendedKeyUsage does not stand for clientAuth: stricter", "extended_key_usage", eku=["any"])
with_leaf("eku-leaf-any-and-client", "clientAuth beside any", "ok", eku=["any", "client"])
with_leaf("eku-leaf-unknown", "a purpose nobody knows", "extended_key_usage", eku=["1.3.6.1.4.1.55555.2"])
with_leaf("eku-leaf-longer-oid", "a purpose that begins as clientAuth does", "extended_key_usage", eku=["1.3.6.1.5.5.7.3.2.1"])
with_leaf("eku-leaf-empty", "an empty extendedKeyUsage", "parse_error", eku=der.sequence())
with_leaf("eku-leaf-trailing", "octets behind extendedKeyUsage", "parse_error",
          eku=der.sequence(der.oid("1.3.6.1.5.5.7.3.2")) + b"\x05\x00", openssl="does not look")
with_leaf("eku-leaf-bad-oid", "an object identifier that ends in the middle", "parse_error",
          eku=der.sequence(b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x82"))
with_int("eku-int-client", "an intermediate for clients", "ok", eku=["client"])
with_int("eku-int-both", "an intermediate for clients and servers", "ok", eku=["server", "client"])
with_int("eku-int-server", "an intermediate for servers: purposes nest", "extended_key_usage", eku=["server"])
with_int("eku-int-any", "an intermediate for anything by anyExtendedKeyUsage: stricter", "extended_key_usage", eku=["any"])
for id, oid, words in (("netscape", "2.16.840.1.113730.4.1", "Netscape's"), ("microsoft", "1.3.6.1.4.1.311.10.3.3", "Microsoft's")):
    with_int(f"eku-int-sgc-{id}", f"server gated crypto, {words}, once stood for any TLS", "extended_key_usage", eku=[oid])
with_int("eku-int-ocsp", "a responder's certificate that says CA", "extended_key_usage", eku=["ocsp"])
upper = ca("Upper", root, eku=["server"])
lower = ca("Lower", upper, eku=["client"])
case("eku-upper-int-server", "the upper intermediate is for servers", "extended_key_usage", [leaf(lower), lower, upper], [root])
eku_root = ca("EKU root", eku=["server"])
case("eku-root-server", "the root is for servers: anchors are held to what they say", "extended_key_usage", [leaf(eku_root)],
     [eku_root])
eku_int = ca("Int", eku_root)
case("eku-root-server-int-none", "the root is for servers and the intermediate for anything", "extended_key_usage",
     [leaf(eku_int), eku_int], [eku_root])
eku_root = ca("EKU root", eku=["client", "email"])
case("eku-root-client", "the root is for clients", "ok", [leaf(eku_root)], [eku_root])

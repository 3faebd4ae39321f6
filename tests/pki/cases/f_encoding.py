# SPDX-License-Identifier: GPL-3.0-or-later
"""The encoding itself: DER, versions, serial numbers, extensions (section 4.1, 4.2)."""

import dataclasses

import der
import keys
from certs import ca, dns, ext, leaf, name, uri
from table import case

root = ca("Root")
inter = ca("Int", root)
good = leaf(inter)
PRIVATE = "1.3.6.1.4.1.55555.3"


def one(id, rule, reason, *, openssl="", handshake="", raw=None, **options):
    """A leaf that is odd; raw: what becomes of its bytes."""
    cert = leaf(inter, **options)
    if raw:
        cert = dataclasses.replace(cert, der=raw(cert.der))
    case(id, rule, reason, [cert, inter], [root], openssl=openssl, handshake=handshake)


def body(octets):
    """What is inside an element with a length of three octets."""
    return octets[4:]


# DER
one("der-trailing", "an octet behind the certificate", "parse_error", trailing=b"\0", openssl="reads what stands before it")
one("der-trailing-certificate", "a second certificate behind the first", "parse_error", trailing=good.der,
    openssl="reads what stands before it")
one("der-fourth-field", "a fourth field of the certificate", "parse_error", tail=der.null())
one("der-tbs-tail", "a field behind the extensions", "parse_error", tbs_tail=der.null())
one("der-truncated", "the last octet is missing", "parse_error", raw=lambda d: d[:-1])
one("der-half", "half a certificate", "parse_error", raw=lambda d: d[:len(d) // 2])
one("der-one-octet", "one octet", "parse_error", raw=lambda d: d[:1])
one("der-empty-sequence", "an empty SEQUENCE", "parse_error", raw=lambda d: der.sequence())
one("der-indefinite", "indefinite length is BER", "parse_error", raw=lambda d: b"\x30\x80" + body(d) + b"\0\0",
    openssl="reads BER")
one("der-long-length", "a length in more octets than needed", "parse_error",
    raw=lambda d: b"\x30\x83\0" + d[2:4] + body(d), openssl="reads BER")
one("der-huge-length", "a length of four gigabytes", "parse_error", raw=lambda d: b"\x30\x84\xff\xff\xff\xff" + body(d))
one("der-length-127-octets", "a length of 127 octets", "parse_error", raw=lambda d: b"\x30\xff" + d)
one("der-not-a-sequence", "a SET in place of the SEQUENCE", "parse_error", raw=lambda d: b"\x31" + d[1:])
one("der-garbage", "no DER at all", "parse_error", raw=lambda d: b"\xff" * 200)
one("der-zeros", "zeros", "parse_error", raw=lambda d: bytes(200))
one("der-high-tag", "a tag of several octets", "parse_error", tbs_tail=b"\xbf\x81\x23\x00")
deep = b""
for _ in range(400):
    deep = der.sequence(deep)
one("der-deep-unknown-extension", "what an unknown extension holds is not read, however deep it is", "ok",
    extra=[ext(PRIVATE, deep)])
one("der-deep-name", "a value of a name 400 deep is not descended into", "ok",
    subject=name(("O", "Cases"), ("1.3.6.1.4.1.55555.9", deep)))
one("der-deep-san", "a SAN 400 deep", "parse_error", san=deep)

# Versions
one("version-1-leaf", "a leaf of version 1 is an end entity without extensions", "ok", version=1, extensions=None)
one("version-1-spelt-out", "version 1 is the default and not written in DER", "parse_error", extensions=None,
    explicit_version=der.context(0, der.integer(0)), openssl="reads BER")
one("version-2-leaf", "version 2 with unique identifiers", "ok", version=2, extensions=None,
    after_spki=der.tlv(0x81, b"\0x"))
one("version-1-extensions", "extensions in version 1", "parse_error", version=1, openssl="does not look")
one("version-2-extensions", "extensions in version 2", "parse_error", version=2, openssl="does not look")
one("version-1-unique-id", "a unique identifier in version 1", "parse_error", version=1, extensions=None,
    after_spki=der.tlv(0x81, b"\0x"), openssl="does not look")
one("version-3-unique-ids", "unique identifiers in version 3 are skipped", "ok",
    after_spki=der.tlv(0x81, b"\0x") + der.tlv(0x82, b"\0y"))
one("version-4", "version 4", "parse_error", version=4, openssl="does not look")
one("version-0", "a negative version", "parse_error", version=0, openssl="does not look")
one("version-huge", "a version of 20 octets", "parse_error", explicit_version=der.context(0, der.integer(2**152)),
    openssl="does not look")

# Serial numbers
one("serial-20-octets", "a serial number of 20 octets", "ok", serial=2**158)
one("serial-20-octets-sign", "a serial number of 20 octets and the sign's", "ok", serial=2**159)
one("serial-21-octets", "a serial number of 21 octets (section 4.1.2.2)", "parse_error", serial=2**160 + 2**159,
    openssl="does not look")
one("serial-200-octets", "a serial number of 200 octets", "parse_error", serial=2**1599, openssl="does not look")
one("serial-zero", "a serial number of zero is handled gracefully (section 4.1.2.2)", "ok", serial=0)
one("serial-negative", "a negative serial number is handled gracefully (section 4.1.2.2)", "ok", serial=-5)
one("serial-empty", "an INTEGER without octets", "parse_error", serial=b"\x02\x00")
one("serial-padded", "a serial number with a needless zero octet", "parse_error", serial=b"\x02\x02\x00\x05")
one("serial-not-integer", "a serial number that is an OCTET STRING", "parse_error", serial=b"\x04\x01\x05")

# Extensions
one("ext-unknown", "an unknown extension that is not critical", "ok", extra=[ext(PRIVATE, b"anything")])
one("ext-unknown-critical", "an unknown critical extension", "unknown_critical", extra=[ext(PRIVATE, b"anything", True)])
one("ext-unknown-empty", "an unknown extension without a value", "ok", extra=[ext(PRIVATE, b"")])
one("ext-crl-points", "where a list can be had is not asked here", "ok", extra=[ext("crl", der.sequence())])
one("ext-issuer-alt-name", "issuerAltName binds nobody", "ok", ian=[dns("ca.example")])
one("ext-access", "authorityInfoAccess is a hint", "ok",
    extra=[ext("aia", der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), uri("http://ocsp.example/"))))])
one("ext-access-critical", "a critical authorityInfoAccess (section 4.2.2.1: must not be)", "unknown_critical",
    extra=[ext("aia", der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), uri("http://ocsp.example/"))), True)])
one("ext-access-malformed", "an authorityInfoAccess that is none is not read", "ok", extra=[ext("aia", b"malformed")])
one("ext-access-empty", "an authorityInfoAccess without a place is not read", "ok", extra=[ext("aia", der.sequence())])
NO_CHECK, FEATURE, PROXY = "1.3.6.1.5.5.7.48.1.5", "1.3.6.1.5.5.7.1.24", "1.3.6.1.5.5.7.1.14"
one("ext-no-check", "a leaf that nobody need ask about (RFC 6960 section 4.2.2.2.1)", "ok", extra=[ext(NO_CHECK, der.null())])
one("ext-no-check-critical", "the same, critical: we do not process it", "unknown_critical", extra=[ext(NO_CHECK, der.null(), True)],
    openssl="processes it")
STATUS_REQUEST = der.sequence(der.integer(5))
one("ext-feature", "a TLS feature (RFC 7633) is for who asks for it", "ok", extra=[ext(FEATURE, STATUS_REQUEST)])
one("ext-feature-critical", "a critical TLS feature: we do not process it", "unknown_critical",
    extra=[ext(FEATURE, STATUS_REQUEST, True)])
proxy_info = ext(PROXY, der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.21.1"))), True)
proxy = leaf(good, subject=name(("O", "Cases"), "client", "proxy"), extra=[proxy_info])
case("ext-proxy", "a proxy certificate (RFC 3820), issued by a client", "unknown_critical", [proxy, good, inter], [root])
proxy = leaf(good, subject=name(("O", "Cases"), "client", "proxy"), extra=[ext(PROXY, b"x")])
case("ext-proxy-not-critical", "the same, not critical: a client is no CA", "not_a_ca", [proxy, good, inter], [root])
one("ext-false-spelt-out", "critical FALSE spelt out is tolerated", "ok",
    extra=[der.sequence(der.oid(PRIVATE), b"\x01\x01\x00", der.octet_string(b"x"))])
one("ext-critical-as-one", "critical TRUE as 01", "parse_error",
    extra=[der.sequence(der.oid(PRIVATE), b"\x01\x01\x01", der.octet_string(b"x"))])
one("ext-no-value", "an extension without a value", "parse_error", extra=[der.sequence(der.oid(PRIVATE))])
one("ext-not-octets", "an extension's value that is no OCTET STRING", "parse_error",
    extra=[der.sequence(der.oid(PRIVATE), der.utf8("x"))])
one("ext-fourth-field", "a fourth field of an extension", "parse_error",
    extra=[der.sequence(der.oid(PRIVATE), der.octet_string(b"x"), der.null())])
one("ext-empty-list", "an empty list of extensions", "parse_error", extensions=[], openssl="does not look")
one("ext-twice-unknown", "an unknown extension twice (section 4.2)", "duplicate_extension",
    extra=[ext(PRIVATE, b"a"), ext(PRIVATE, b"b")], openssl="asks for that since version 3.1")
one("ext-twice-eku", "extendedKeyUsage twice", "duplicate_extension",
    extra=[ext("eku", der.sequence(der.oid("1.3.6.1.5.5.7.3.1")))])
one("ext-twice-same", "the same extension twice, octet by octet", "duplicate_extension",
    extra=[ext("ku", der.named_bits(0), True)])
one("ext-twice-san", "subjectAltName twice, octet by octet", "duplicate_extension", san=dns("client.example"),
    extra=[ext("san", der.sequence(dns("client.example")))])
one("ext-64", "64 extensions", "ok", extra=[ext(f"{PRIVATE}.{n}", b"x") for n in range(60)])
one("ext-65", "more extensions than anybody writes", "parse_error", extra=[ext(f"{PRIVATE}.{n}", b"x") for n in range(61)],
    openssl="knows no such limit")
odd = ca("Int", root, extra=[ext(PRIVATE, b"x", True)])
case("ext-int-unknown-critical", "an unknown critical extension of an intermediate", "unknown_critical", [leaf(odd), odd], [root])
odd = ca("Int", root, extra=[ext(PRIVATE, b"x")])
case("ext-int-unknown", "an unknown extension of an intermediate", "ok", [leaf(odd), odd], [root])
odd = ca("Int", root, extra=[ext("bc", der.sequence(der.boolean(True)), True)])
case("ext-int-twice-bc", "basicConstraints twice", "duplicate_extension", [leaf(odd), odd], [root])
odd = ca("Odd root", extra=[ext(PRIVATE, b"x", True)])
case("ext-root-unknown-critical", "an unknown critical extension of the root: anchors are held to what they say", "unknown_critical",
     [leaf(odd)], [odd])
case("ext-surplus-unknown-critical", "an unknown critical extension of an intermediate of no use", "ok",
     [good, inter, ca("Of no use", root, extra=[ext(PRIVATE, b"x", True)])], [root])
case("ext-other-root-unknown-critical", "an unknown critical extension of a root of no use", "ok", [good, inter], [[odd], [root]])
one("oid-too-long", "an object identifier of 80 octets", "parse_error", extra=[ext("1.3" + ".268435455" * 20, b"x")],
    openssl="knows no such limit")
one("oid-padded", "an arc with a needless octet", "parse_error",
    extra=[der.sequence(b"\x06\x04\x2b\x80\x06\x01", der.octet_string(b"x"))])

# Key identifiers are hints (section 4.2.1.1, 4.2.1.2; RFC 4158 section 3.5.12)
one("aki-absent", "no authorityKeyIdentifier", "ok", aki=None)
one("aki-mismatch", "an authorityKeyIdentifier of another key", "ok", aki=b"another key",
    openssl="takes a mismatch for another issuer")
one("aki-empty", "an empty authorityKeyIdentifier", "ok", extra=[ext("aki", der.sequence())], aki=None)
one("aki-issuer-and-serial", "the issuer by name and serial number", "ok", aki=None, extra=[ext("aki", der.sequence(
    der.context(0, inter.key_id, constructed=False), der.context(1, der.context(4, root.subject)),
    der.context(2, b"\x01", constructed=False)))], openssl="takes a mismatch for another issuer")
one("aki-malformed", "an authorityKeyIdentifier that is no SEQUENCE", "parse_error", aki=None,
    extra=[ext("aki", der.octet_string(b"x"))])
one("aki-trailing", "octets behind an authorityKeyIdentifier", "parse_error", aki=None,
    extra=[ext("aki", der.sequence(der.context(0, inter.key_id, constructed=False)) + b"\0")], openssl="does not look")
one("aki-issuer-alone", "the issuer by name without its serial number (section 4.2.1.1: both or neither)", "parse_error", aki=None,
    extra=[ext("aki", der.sequence(der.context(1, der.context(4, root.subject))))], openssl="does not look")
one("aki-serial-alone", "the issuer's serial number without its name", "parse_error", aki=None,
    extra=[ext("aki", der.sequence(der.context(2, b"\x01", constructed=False)))])
one("aki-critical", "a critical authorityKeyIdentifier (section 4.2.1.1: must not be)", "parse_error", critical={"aki": True})
one("ski-absent", "no subjectKeyIdentifier", "ok", ski=None)
one("ski-malformed", "a subjectKeyIdentifier that is no OCTET STRING", "parse_error", ski=None,
    extra=[ext("ski", der.utf8("x"))])
one("ski-critical", "a critical subjectKeyIdentifier (section 4.2.1.2: must not be)", "parse_error", critical={"ski": True})
critical = ca("Critical", root, critical={"ski": True})
case("ski-int-critical", "a critical subjectKeyIdentifier of an intermediate", "parse_error", [leaf(critical), critical], [root])
INVALID_DATA = "ApplicationGatewayTrustedClientCertificateInvalidData"
for kind in ("ski", "aki"):
    critical = ca("Critical root", aki=ca("Critical root").key_id, critical={kind: True})
    case(f"{kind}-root-critical", f"a critical {kind.upper()} of a root", INVALID_DATA, [leaf(critical)], [critical],
         store_refused=True, handshake="the start-up file is refused")
for what, value, words in (
        ("empty", der.sequence(), "an empty authorityKeyIdentifier"),
        ("mismatch", der.sequence(der.context(0, b"another key", constructed=False)), "an authorityKeyIdentifier of another key"),
        ("issuer-and-serial", der.sequence(der.context(1, der.context(4, name("Somebody"))),
                                           der.context(2, b"\x05", constructed=False)), "the issuer by a name that it has not")):
    hinting = ca("Hinting root", extra=[ext("aki", value)])
    case(f"aki-root-{what}", f"a root with {words}: a hint, and there is nobody to look for", "ok", [leaf(hinting)], [hinting],
         openssl="" if what == "empty" else "takes a mismatch for another issuer")
hintless = ca("Hintless root", ski=None)
case("ski-root-absent", "a root without a subjectKeyIdentifier", "ok", [leaf(hintless)], [hintless])
bare = ca("Bare", root, ski=None, aki=None)
case("ski-int-absent", "an intermediate without key identifiers", "ok", [leaf(bare), bare], [root])
shifted = ca("Shifted", root, ski=b"some other identifier")
case("ski-int-mismatch", "an intermediate whose identifier is not the one its leaf names", "ok", [leaf(shifted), shifted], [root],
     openssl="takes a mismatch for another issuer")
empty_ski = ca("Empty SKI", root, ski=b"")
case("ski-int-empty", "an empty subjectKeyIdentifier", "ok", [leaf(empty_ski), empty_ski], [root],
     openssl="takes a mismatch for another issuer")

# SubjectPublicKeyInfo
spki = keys.key("client").spki()
point = keys.key("client").point()
one("spki-trailing", "octets behind the public key", "parse_error",
    spki=der.sequence(spki[2:23], der.bit_string(point), der.null()), handshake="no library takes it as a key")
one("spki-short-point", "a point of 64 octets", "parse_error", spki=der.sequence(spki[2:23], der.bit_string(point[:-1])),
    handshake="no library takes it as a key")
empty_key = ca("Empty key", root, spki=der.sequence(keys.algorithm("1.2.840.113549.1.1.1", der.null()), der.bit_string(b"")))
case("spki-int-empty", "an intermediate whose RSA key has no octet", "parse_error", [leaf(empty_key), empty_key], [root])

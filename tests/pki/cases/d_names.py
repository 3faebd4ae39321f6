# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: how issuer and subject are compared (section 7.1), which are refused (sections 4.1.2.4, 4.1.2.6)."""

import der
from certs import attribute, ca, dns, email, ext, ip, leaf, name, other_name, registered_id
from table import case

root = ca("Root")


def linked(id, rule, reason, subject, issuer_name, **options):
    """An intermediate of that subject; its leaf writes the issuer's name in its own way."""
    inter = ca("Names", root, subject=subject)
    case("name-" + id, rule, reason, [leaf(inter, issuer_name=issuer_name), inter], [root], **options)


def text(tag, octets):
    return der.tlv(tag, octets)


O = ("O", "Cases")
linked("same", "the same name", "ok", name(O, "Int"), name(O, "Int"))
linked("case", "case does not matter in ASCII", "ok", name(O, "Int Of Names"), name(O, "INT oF nAMES"))
linked("case-printable", "case does not matter in PrintableString", "ok", name(O, ("CN", der.printable("Int"))),
       name(O, ("CN", der.printable("INT"))))
linked("printable-utf8", "PrintableString and UTF8String of the same text", "ok", name(O, ("CN", der.printable("Int"))),
       name(O, ("CN", der.utf8("Int"))))
linked("spaces-inside", "several spaces between words are one", "ok", name(O, "Int Of Names"), name(O, "Int   Of  Names"))
linked("spaces-at-ends", "spaces at the ends do not count", "ok", name(O, "Int Of Names"), name(O, "  Int Of Names "))
linked("spaces-none", "no space is not one space", "unknown_issuer", name(O, "Int Of Names"), name(O, "IntOfNames"))
linked("dc", "a domainComponent is an IA5String without case", "ok", name(("DC", "Example"), "Int"), name(("DC", "EXAMPLE"), "Int"))
linked("email-case", "emailAddress in the case it was written", "ok",
       name(("emailAddress", "ca@example.com"), "Int"), name(("emailAddress", "ca@example.com"), "Int"))
linked("other-text", "another text", "unknown_issuer", name(O, "Int"), name(O, "Inu"))
linked("prefix", "a text that begins the same", "unknown_issuer", name(O, "Int"), name(O, "Int1"))
linked("fewer-rdns", "one attribute less", "unknown_issuer", name(O, "Int"), name("Int"))
linked("more-rdns", "one attribute more", "unknown_issuer", name(O, "Int"), name(O, "Int", ("OU", "x")))
linked("rdn-order", "the order of the attributes matters", "unknown_issuer", name(O, "Int"), name("Int", O))
linked("other-type", "another type of attribute with the same text", "unknown_issuer", name(O, "Int"), name(O, ("OU", "Int")))
linked("multi-valued", "one RDN of two attributes", "ok", name([O, ("CN", "Int")]), name([O, ("CN", "Int")]))
linked("multi-valued-case", "one RDN of two attributes, in other case", "ok", name([O, ("CN", "Int")]),
       name([("O", "CASES"), ("CN", "INT")]))
linked("multi-valued-split", "one RDN of two attributes is not two RDNs", "unknown_issuer", name([O, ("CN", "Int")]),
       name(O, ("CN", "Int")))
linked("non-ascii-same", "the same letters beyond ASCII", "ok", name(O, "Zertifizierungsstelle Zürich"),
       name(O, "Zertifizierungsstelle Zürich"))
linked("non-ascii-case", "letters beyond ASCII in another case: compared octet by octet", "unknown_issuer", name(O, "ZÜRICH"),
       name(O, "zürich"))
linked("non-ascii-composed", "a letter composed and decomposed: compared octet by octet", "unknown_issuer",
       name(O, "Z\u00fcrich"), name(O, "Zu\u0308rich"))
linked("bmp-same", "BMPString, the same octets", "ok", name(O, ("CN", text(0x1E, "Int".encode("utf-16-be")))),
       name(O, ("CN", text(0x1E, "Int".encode("utf-16-be")))))
linked("bmp-utf8", "BMPString and UTF8String of the same text: compared octet by octet", "unknown_issuer",
       name(O, ("CN", text(0x1E, "Int".encode("utf-16-be")))), name(O, "Int"), openssl="reads both as text")
linked("t61-same", "T61String, the same octets", "ok", name(O, ("CN", text(0x14, b"Int"))), name(O, ("CN", text(0x14, b"Int"))))
linked("universal-same", "UniversalString, the same octets", "ok",
       name(O, ("CN", text(0x1C, "Int".encode("utf-32-be")))), name(O, ("CN", text(0x1C, "Int".encode("utf-32-be")))))
linked("long", "texts of 300 characters that differ in the last one", "unknown_issuer", name(O, "x" * 299 + "a"),
       name(O, "x" * 299 + "b"))
linked("long-same", "texts of 300 characters", "ok", name(O, "x" * 300), name(O, "x" * 300))
linked("empty-value", "an empty text is not absent", "unknown_issuer", name(O, ""), name(O))
DN_QUALIFIER, TITLE, SURNAME, GIVEN_NAME, INITIALS, PSEUDONYM, GENERATION = (f"2.5.4.{n}" for n in (46, 12, 4, 42, 43, 65, 44))


def of_every_type(value):
    types = ("C", "O", "OU", DN_QUALIFIER, "ST", "CN", "serialNumber", "L", TITLE, SURNAME, GIVEN_NAME, INITIALS, PSEUDONYM, GENERATION)
    return name(("DC", value), *((type, der.printable(value)) for type in types))


linked("attribute-types", "every type of attribute that section 4.1.2.4 has receivers know, in other case", "ok",
       of_every_type("Value"), of_every_type("VALUE"))
linked("unknown-attribute", "an attribute that nobody knows, the same octets", "ok", name(O, ("1.3.6.1.4.1.55555.9", der.integer(5))),
       name(O, ("1.3.6.1.4.1.55555.9", der.integer(5))), openssl="reads only strings")

inter = ca("Int", root)
NUL = "a string that ends early for one reader and not for another"


def subject(id, rule, reason, value, **options):
    san = options.pop("san", None)
    critical = options.pop("critical", {})
    case("name-" + id, rule, reason, [leaf(inter, subject=value, san=san, critical=critical), inter], [root], **options)


subject("nul-utf8", f"NUL in UTF8String: {NUL}", "parse_error", name(O, "client\0.example"), openssl="does not look")
subject("nul-printable", f"NUL in PrintableString: {NUL}", "parse_error", name(O, ("CN", der.printable("client\0"))),
        openssl="does not look")
subject("nul-ia5", f"NUL in IA5String: {NUL}", "parse_error", name(("emailAddress", "a@b.example\0.com"), "client"),
        openssl="does not look")
subject("nul-bmp", f"NUL in BMPString: {NUL}", "parse_error", name(O, ("CN", text(0x1E, b"\0a\0\0\0b"))), openssl="does not look")
subject("utf8-broken", "UTF-8 cut short", "parse_error", name(O, ("CN", text(0x0C, b"clien\xc3"))))
subject("utf8-overlong", "overlong UTF-8", "parse_error", name(O, ("CN", text(0x0C, b"\xc0\xaf"))))
subject("utf8-surrogate", "a surrogate in UTF-8", "parse_error", name(O, ("CN", text(0x0C, b"\xed\xa0\x80"))))
subject("utf8-beyond", "a character beyond U+10FFFF", "parse_error", name(O, ("CN", text(0x0C, b"\xf4\x90\x80\x80"))))
subject("bmp-odd", "a BMPString of an odd number of octets", "parse_error", name(O, ("CN", text(0x1E, b"\0a\0"))))
subject("universal-odd", "a UniversalString of five octets", "parse_error", name(O, ("CN", text(0x1C, b"\0\0\0aa"))))
subject("empty-rdn", "an RDN without an attribute", "parse_error", der.sequence(der.tlv(0x31)), openssl="does not look")
subject("no-value", "an attribute without a value", "parse_error", der.sequence(der.set_of(der.sequence(der.oid("2.5.4.3")))))
subject("two-values", "an attribute with two values", "parse_error",
        der.sequence(der.set_of(der.sequence(der.oid("2.5.4.3"), der.utf8("a"), der.utf8("b")))))
subject("rdn-sequence", "an RDN as a SEQUENCE", "parse_error", der.sequence(der.sequence(attribute("CN", "client"))))
subject("129-attributes", "more attributes than any name has", "parse_error", name(*[("OU", "x")] * 129),
        openssl="knows no such limit")
subject("100-attributes", "many attributes", "ok", name(*[("OU", "x")] * 100))
subject("empty-with-san", "an empty subject with a critical SAN (section 4.1.2.6)", "ok", name(), san=dns("client.example"),
        critical={"san": True})
subject("empty-without-san", "an empty subject without a SAN names nobody", "parse_error", name(), openssl="does not look")
subject("empty-san-not-critical", "an empty subject with a SAN that is not critical (section 4.1.2.6: must be)", "parse_error", name(),
        san=dns("client.example"), openssl="does not look")
case("name-empty-issuer", "an empty issuer (section 4.1.2.4)", "parse_error", [leaf(inter, issuer_name=name()), inter], [root])
nameless = ca("Nameless", root, subject=name())
case("name-empty-ca", "a CA whose subject is empty (section 4.1.2.6)", "parse_error", [leaf(nameless), nameless], [root],
     openssl="does not look")
nameless = ca("Nameless", subject=name())
case("name-empty-root", "a root whose subject is empty", "ApplicationGatewayTrustedClientCertificateInvalidData", [leaf(nameless)],
     [nameless], store_refused=True, handshake="the start-up file is refused", openssl="does not look")

# subjectAltName (section 4.2.1.6)
def alt_name(id, rule, reason, value, **options):
    case("san-" + id, rule, reason, [leaf(inter, san=value, critical=options.pop("critical", {})), inter], [root], **options)


alt_name("critical", "a critical SAN beside a subject (should not be critical)", "ok",
         dns("client.example"), critical={"san": True})
alt_name("empty", "a SAN without a name", "parse_error", der.sequence(), openssl="does not look")
alt_name("dns-underscore", "an underscore in a DNS name (RFC 1034 section 3.5 has none): nothing is decided by it", "ok",
         dns("a_b.example.com"))
alt_name("dns-address", "an address written as a DNS name: nothing is decided by it", "ok", dns("192.0.2.1"))
alt_name("dns-asterisk", "an asterisk alone: nothing is decided by it", "ok", dns("*"))
alt_name("dns-asterisk-within", "an asterisk within a label: nothing is decided by it", "ok", dns("ba*.example.com"))
alt_name("dns-empty", "a DNS name without an octet", "parse_error", dns(""), openssl="does not look")
alt_name("dns-space", "the DNS name that section 4.2.1.6 forbids by example: a space", "ok", dns(" "))
alt_name("dns-non-ascii", "letters beyond ASCII are no IA5String (section 7.2)", "parse_error", dns("\xfc.example.com"),
         openssl="does not look")
alt_name("email-non-ascii", "letters beyond ASCII in an address", "parse_error", email("\xfc@example.com"), openssl="does not look")
alt_name("ip-network", "a network is no address", "parse_error", ip("192.0.2.0/24"), openssl="does not look")
alt_name("tag-9", "a kind of name that does not exist", "parse_error", der.context(9, b"x", constructed=False))
alt_name("other-name-bare", "an otherName without a value", "parse_error", der.context(0, der.oid("1.3.6.1.4.1.55555.7")))
alt_name("other-kinds", "kinds of names that nobody reads", "ok",
         [other_name("1.3.6.1.4.1.55555.7", der.null()), registered_id("1.2.3.4")])
case("san-text", "a SAN that is a text, no SEQUENCE", "parse_error",
     [leaf(inter, extra=[ext("san", b"client.example")]), inter], [root])

# SPDX-License-Identifier: GPL-3.0-or-later
"""Name constraints (section 4.2.1.10; 6.1.3 (b), (c); 6.1.4 (g)) of all five kinds."""

import ipaddress

import der
from certs import ca, dirname, dns, email, ip, leaf, name, other_name, registered_id, uri
from keys import key
from table import case, openssl_differs

root = ca("Root")


def nc(id, rule, reason, *, permitted=(), excluded=(), san=None, subject=None, critical_san=False, openssl="", **options):
    """An intermediate with constraints and a leaf with names."""
    inter = ca("Int", root, nc=(permitted, excluded), **options)
    case("nc-" + id, rule, reason, [leaf(inter, san=san, subject=subject, critical={"san": critical_san}), inter], [root],
         openssl=openssl)


NO = "name_constraint"
# dNSName: any name made by adding labels to the left
PERMITTED = [dns("example.com")]
for id, text, reason, rule in (
        ("same", "example.com", "ok", "the very name"), ("label", "host.example.com", "ok", "one label more"),
        ("labels", "a.b.c.example.com", "ok", "three labels more"), ("case", "HOST.Example.COM", "ok", "case does not matter"),
        ("suffix", "notexample.com", NO, "a label that ends the same"), ("other", "example.org", NO, "another name"),
        ("parent", "com", NO, "the parent"), ("longer", "example.com.evil.org", NO, "the name in front of another"),
        ("wildcard", "*.example.com", "ok", "a wildcard below it"),
        ("wildcard-parent", "*.com", NO, "a wildcard that covers it and others"),
        ("hyphen", "host-1.example.com", "ok", "a hyphen")):
    nc(f"dns-permitted-{id}", f"permitted example.com: {rule}", reason, permitted=PERMITTED, san=dns(text))
for id, text, reason, rule in (
        ("same", "example.com", NO, "the very name"), ("label", "host.example.com", NO, "one label more"),
        ("case", "HOST.EXAMPLE.COM", NO, "case does not matter"), ("suffix", "notexample.com", "ok", "a label that ends the same"),
        ("other", "example.org", "ok", "another name"), ("wildcard", "*.example.com", NO, "a wildcard below it")):
    nc(f"dns-excluded-{id}", f"excluded example.com: {rule}", reason, excluded=PERMITTED, san=dns(text))
nc("dns-excluded-wildcard-parent", "excluded host.example.com: a wildcard that covers it", NO,
   excluded=[dns("host.example.com")], san=dns("*.example.com"))
nc("dns-excluded-within-permitted", "excluded wins over permitted", NO, permitted=PERMITTED,
   excluded=[dns("secret.example.com")], san=dns("a.secret.example.com"))
nc("dns-permitted-beside-excluded", "permitted and not excluded", "ok", permitted=PERMITTED, excluded=[dns("secret.example.com")],
   san=dns("a.example.com"))
nc("dns-two-permitted", "one of two permitted subtrees is enough", "ok", permitted=[dns("example.org"), dns("example.com")],
   san=dns("a.example.com"))
nc("dns-two-names", "every name has to be permitted", NO, permitted=PERMITTED, san=[dns("a.example.com"), dns("a.example.org")])
nc("dns-empty-permitted", "an empty constraint permits every name", "ok", permitted=[dns("")], san=dns("a.example.org"))
nc("dns-empty-excluded", "an empty constraint excludes every name", NO, excluded=[dns("")], san=dns("a.example.org"))
nc("dns-no-name", "a constraint binds only names of its kind", "ok", permitted=PERMITTED)
nc("dns-other-kind", "a constraint on DNS names does not bind addresses", "ok", permitted=PERMITTED, san=email("a@example.org"))
nc("dns-common-name", "a common name is no DNS name for a client's identity", "ok", permitted=PERMITTED,
   subject=name(("O", "Cases"), "www.example.org"), openssl="reads a common name as a host where there is no SAN")
nc("dns-not-critical", "constraints that are not critical are heeded all the same", NO, permitted=PERMITTED,
   san=dns("a.example.org"), critical={"nc": False})
nc("dns-not-critical-good", "constraints that are not critical, permitted", "ok", permitted=PERMITTED, san=dns("a.example.com"),
   critical={"nc": False})
nc("dns-same-permitted-and-excluded", "permitted and excluded at once", NO, permitted=PERMITTED, excluded=PERMITTED,
   san=dns("example.com"))
nc("dns-excluded-second", "the second of two names is excluded", NO, excluded=[dns("secret.example.com")],
   san=[dns("example.com"), dns("secret.example.com")])
nc("dns-excluded-wildcard-parent-permitted", "a wildcard that is permitted and covers what is excluded", NO, permitted=PERMITTED,
   excluded=[dns("host.example.com")], san=dns("*.example.com"))
nc("dns-permitted-wildcard-wider", "permitted host.example.com: a wildcard that covers it and others", NO,
   permitted=[dns("host.example.com")], san=dns("*.example.com"))
for id, text, rule in (
        ("period-in-front", ".example.com", "a name with a period in front"),
        ("period-behind", "host.example.com.", "a name with a period behind"),
        ("two-periods", "host..example.com", "a name with an empty label"),
        ("asterisk-within", "ba*.example.com", "an asterisk within a label"),
        ("asterisk-second", "foo.*.example.com", "an asterisk that is not the first label"),
        ("two-asterisks", "*.*.example.com", "two asterisks"),
        ("asterisk-alone", "*", "an asterisk alone"),
        ("space", "host example.com", "a space")):
    nc(f"dns-permitted-{id}", f"permitted example.com: {rule} cannot be compared", NO, permitted=PERMITTED,
       san=[dns("foo.example.com"), dns(text)])
    nc(f"dns-excluded-{id}", f"excluded example.org: {rule} cannot be compared", NO, excluded=[dns("example.org")], san=dns(text))
nc("dns-permitted-underscore", "permitted example.com: an underscore, which is in use", "ok", permitted=PERMITTED,
   san=dns("a_b.example.com"))
for id, base, rule in (
        ("period", ".example.com", "a DNS constraint with a period in front, which is a form of the other kinds,"),
        ("asterisk", "*.example.com", "a DNS constraint with an asterisk"),
        ("period-behind", "example.com.", "a DNS constraint with a period behind"),
        ("uri", "https://example.com", "a DNS constraint that is a URI")):
    nc(f"dns-constraint-{id}", f"permitted: {rule} permits nothing", NO, permitted=[dns(base)], san=dns("foo.example.com"))
    nc(f"dns-constraint-{id}-excluded", f"excluded: {rule} lets nothing pass", NO, excluded=[dns(base)], san=dns("foo.example.org"))
HOST = [dns("host.example.com")]
for id, text, permitted_reason, excluded_reason, rule in (
        ("inner", "*.host.example.com", "ok", NO, "a wildcard below it"),
        ("far-inner", "*.a.host.example.com", "ok", NO, "a wildcard two labels below it"),
        ("upper-case", "*.EXAMPLE.COM", NO, NO, "a wildcard that covers it, in another case"),
        ("far-outer", "*.com", NO, "ok", "a wildcard that stands for one label, two labels above it"),
        ("beside", "*.other.example.com", NO, "ok", "a wildcard beside it")):
    nc(f"dns-permitted-wildcard-{id}", f"permitted host.example.com: {rule}", permitted_reason, permitted=HOST, san=dns(text))
    nc(f"dns-excluded-wildcard-{id}", f"excluded host.example.com: {rule}", excluded_reason, excluded=HOST, san=dns(text))
nc("dns-malformed-unbound", "a name that is no host where nothing binds it", "ok", permitted=[email("example.com")],
   san=dns("no host at all"))
nc("dns-empty-name", "an empty dNSName (section 4.2.1.6: must not be used)", "parse_error", excluded=PERMITTED, san=dns(""))
nc("unknown-kind", "a name of a kind that there is not, [9]", "parse_error", permitted=PERMITTED, san=der.tlv(0x89, b"x"))
nc("unknown-kind-constraint", "a constraint of a kind that there is not, [9]", "parse_error", permitted=[der.tlv(0x89, b"x")],
   san=dns("a.example.com"))
nc("dns-long-label", "a host of 300 labels", NO, permitted=PERMITTED, san=dns("a." * 300 + "org"))

# iPAddress: octets under a mask
for id, base, text, reason, rule in (
        ("within", "192.0.2.0/24", "192.0.2.77", "ok", "within 192.0.2.0/24"),
        ("outside", "192.0.2.0/24", "192.0.3.77", NO, "outside 192.0.2.0/24"),
        ("host", "192.0.2.7/32", "192.0.2.7", "ok", "the very host"),
        ("other-host", "192.0.2.7/32", "192.0.2.8", NO, "another host"),
        ("all", "0.0.0.0/0", "198.51.100.1", "ok", "the mask 0"),
        ("bits", "192.0.2.128/25", "192.0.2.127", NO, "the mask cuts within an octet"),
        ("v6-within", "2001:db8::/32", "2001:db8:1::1", "ok", "within 2001:db8::/32"),
        ("v6-host", "::1/128", "::1", "ok", "the very host, IPv6"),
        ("v6-bits", "2001:db8:8000::/33", "2001:db8:7fff::1", NO, "the mask cuts within an octet, IPv6"),
        ("v6-outside", "2001:db8::/32", "2001:db9::1", NO, "outside 2001:db8::/32"),
        ("v6-for-v4", "2001:db8::/32", "192.0.2.1", NO, "an IPv4 address where IPv6 is permitted"),
        ("v4-for-v6", "0.0.0.0/0", "2001:db8::1", NO, "an IPv6 address where every IPv4 is permitted")):
    nc(f"ip-permitted-{id}", f"permitted: {rule}", reason, permitted=[ip(base)], san=ip(text))
nc("ip-excluded-within", "excluded: within", NO, excluded=[ip("192.0.2.0/24")], san=ip("192.0.2.77"))
nc("ip-excluded-outside", "excluded: outside", "ok", excluded=[ip("192.0.2.0/24")], san=ip("192.0.3.77"))
nc("ip-excluded-v4-for-v6", "excluded every IPv4: IPv6 is free", "ok", excluded=[ip("0.0.0.0/0")], san=ip("2001:db8::1"))
nc("ip-mapped", "an IPv4 address mapped into IPv6 is an IPv6 address", "ok", excluded=[ip("192.0.2.0/24")],
   san=ip("::ffff:192.0.2.7"))
nc("ip-mapped-permitted", "an IPv4 address mapped into IPv6 is not within what IPv4 permits", NO, permitted=[ip("192.0.2.0/24")],
   san=ip("::ffff:192.0.2.7"))
nc("ip-mapped-base", "IPv4 addresses are not within the IPv6 addresses that they are mapped to", NO,
   permitted=[ip("::ffff:0:0/96")], san=ip("192.0.2.7"))
nc("ip-v6-excluded-all", "permitted some of IPv4, excluded all of IPv6", "ok", permitted=[ip("192.0.2.0/24")], excluded=[ip("::/0")],
   san=ip("192.0.2.7"))
HOST_BITS = [ip(b"\xc0\0\2\x07\xff\xff\0\0")]
nc("ip-host-bits-permitted", "what the mask hides of a constraint's address does not matter: permitted", "ok", permitted=HOST_BITS,
   san=ip("192.0.77.1"))
nc("ip-host-bits-excluded", "what the mask hides of a constraint's address does not matter: excluded", NO, excluded=HOST_BITS,
   san=ip("192.0.77.1"))
nc("ip-as-dns", "an address written as a dNSName is a host", "ok", excluded=[ip("192.0.2.0/24")], san=dns("192.0.2.7"))
nc("ip-constraint-short", "a constraint of four octets has no mask", "parse_error", permitted=[ip(b"\xc0\0\2\1")],
   san=ip("192.0.2.1"))
nc("ip-excluded-v6-within", "excluded: the very host, IPv6", NO, excluded=[ip("::1/128")], san=ip("::1"))
nc("ip-other-kind", "a constraint on addresses does not bind DNS names", "ok", permitted=[ip("192.0.2.0/24")],
   san=dns("a.example.com"))
nc("ip-other-kind-excluded", "an exclusion of addresses does not bind DNS names", "ok", excluded=[ip("192.0.2.0/24")],
   san=dns("a.example.com"))
nc("ip-constraint-short-v6", "a constraint of sixteen octets has no mask", "parse_error", permitted=[ip("::1")], san=ip("::1"))
nc("ip-constraint-mask-holes-v6", "a mask with holes, IPv6", "parse_error",
   excluded=[ip(ipaddress.ip_address("2001:db8::").packed + b"\xff\0" + b"\xff" * 14)], san=ip("2001:db8::1"),
   openssl="applies any mask")
nc("ip-constraint-mask-holes", "a mask with holes is no CIDR (RFC 4632)", "parse_error", permitted=[ip(b"\xc0\0\2\0\xff\0\xff\0")],
   san=ip("192.0.2.1"), openssl="applies any mask")
nc("ip-san-short", "a SAN address of three octets", "parse_error", permitted=[ip("192.0.2.0/24")], san=ip(b"\xc0\0\2"))
nc("ip-san-8", "a SAN address of eight octets", "parse_error", permitted=[ip("192.0.2.0/24")], san=ip(b"\xc0\0\2\1\xff\xff\xff\0"))

# rfc822Name: a mailbox, a host, or a domain with a dot in front
for id, base, text, reason, rule in (
        ("mailbox", "a@example.com", "a@example.com", "ok", "the very mailbox"),
        ("mailbox-other", "a@example.com", "b@example.com", NO, "another mailbox of the host"),
        ("mailbox-local-case", "a@example.com", "A@example.com", NO, "the local part has case (section 7.5)"),
        ("mailbox-host-case", "a@example.com", "a@EXAMPLE.com", "ok", "the host has none"),
        ("host", "example.com", "anyone@example.com", "ok", "a mailbox of the host"),
        ("host-sub", "example.com", "anyone@mail.example.com", NO, "a mailbox of a host below it"),
        ("domain", ".example.com", "anyone@mail.example.com", "ok", "a mailbox of a host in the domain"),
        ("domain-self", ".example.com", "anyone@example.com", NO, "the domain's own name is not in it"),
        ("domain-suffix", ".example.com", "anyone@notexample.com", NO, "a label that ends the same"),
        ("asterisk", "*@example.com", "*@example.com", "ok", "an asterisk stands for itself"),
        ("asterisk-user", "*@example.com", "user@example.com", NO, "an asterisk is no pattern"),
        ("asterisk-sub", "*@example.com", "*@mail.example.com", NO, "an asterisk, another host"),
        ("two-asterisks", "**@example.com", "**@example.com", "ok", "two asterisks stand for themselves"),
        ("two-asterisks-one", "**@example.com", "*@example.com", NO, "two asterisks are not one"),
        ("asterisk-within", "us*r@example.com", "us*r@example.com", "ok", "an asterisk among letters"),
        ("asterisk-within-user", "us*r@example.com", "user@example.com", NO, "an asterisk among letters is no pattern"),
        ("asterisk-host", "*.example.com", "user@mail.example.com", NO, "a host with an asterisk is none"),
        ("quoted", "example.com", '"a"@example.com', NO, "a local part in quotes cannot be compared"),
        ("address", "example.com", "a@[192.0.2.1]", NO, "an address in place of the host"),
        ("host-other", "example.com", "anyone@example.org", NO, "another host")):
    nc(f"email-permitted-{id}", f"permitted {base}: {rule}", reason, permitted=[email(base)], san=email(text))
nc("email-excluded-host", "excluded example.com: a mailbox of the host", NO, excluded=[email("example.com")],
   san=email("a@example.com"))
nc("email-excluded-host-sub", "excluded example.com: a mailbox of a host below it", "ok", excluded=[email("example.com")],
   san=email("a@mail.example.com"))
nc("email-excluded-domain", "excluded .example.com: a host in the domain", NO, excluded=[email(".example.com")],
   san=email("a@mail.example.com"))
nc("email-excluded-mailbox", "excluded a@example.com: the very mailbox", NO, excluded=[email("a@example.com")],
   san=email("a@example.com"))
nc("email-excluded-mailbox-case", "excluded a@example.com: most hosts take A for the same mailbox", NO,
   excluded=[email("a@example.com")], san=email("A@example.com"), openssl="heeds the case of the local part")
nc("email-excluded-mailbox-other", "excluded a@example.com: another mailbox", "ok", excluded=[email("a@example.com")],
   san=email("b@example.com"))
for id, base, rule in (
        ("two-at", "a@b@example.com", "a constraint with two @"), ("no-local", "@example.com", "a constraint with @ in front"),
        ("period", "a@.example.com", "a mailbox of a domain"), ("two-periods", "..example.com", "two periods in front")):
    nc(f"email-constraint-{id}", f"permitted: {rule} permits nothing", NO, permitted=[email(base)], san=email("a@example.com"))
    nc(f"email-constraint-{id}-excluded", f"excluded: {rule} lets nothing pass", NO, excluded=[email(base)],
       san=email("x@example.org"))
MAILER = name(("O", "Cases"), "client", ("emailAddress", "a@example.org"))
nc("email-subject", "emailAddress in the subject counts where the SAN has no address", NO, permitted=[email("example.com")],
   subject=MAILER)
nc("email-subject-good", "emailAddress in the subject, permitted", "ok", permitted=[email("example.org")], subject=MAILER)
nc("email-subject-excluded", "emailAddress in the subject, excluded", NO, excluded=[email("example.org")], subject=MAILER)
nc("email-subject-and-san", "emailAddress in the subject beside an address in the SAN: both are bound", NO,
   permitted=[email("example.com")], subject=MAILER, san=email("a@example.com"))
for id, value in (("utf8", der.utf8("a@example.org")), ("bmp", der.tlv(0x1E, "a@example.org".encode("utf-16-be")))):
    subject = name(("O", "Cases"), "client", ("emailAddress", value))
    nc(f"email-subject-{id}", f"emailAddress as {id.upper()}String, outside", NO, permitted=[email("example.com")], subject=subject)
    nc(f"email-subject-{id}-excluded", f"emailAddress as {id.upper()}String, excluded", NO, excluded=[email("example.org")],
       subject=subject)
nc("email-no-at", "an address without @", NO, permitted=[email("example.com")], san=email("example.com"))
nc("email-two-at", "an address with two @", NO, permitted=[email("example.com")],
   san=email("a@example.org@example.com"), openssl="takes the last one")

nc("email-excluded-quoted", "excluded example.org: a local part in quotes cannot be compared", NO, excluded=[email("example.org")],
   san=email('"a"@example.com'))
nc("email-excluded-address", "excluded example.org: an address in place of the host", NO, excluded=[email("example.org")],
   san=email("a@[192.0.2.1]"))
for id, base, text, rule in (
        ("empty", "", "a@example.com", "an empty constraint on mailboxes, which means nothing"),
        ("quoted-at", "example.com", '"a@example.org"@example.com', "a quoted @"),
        ("source-route", "example.com", "@example.org:a@example.com", "a route in front of the mailbox")):
    nc(f"email-permitted-{id}", rule, NO, permitted=[email(base)], san=email(text))
    nc(f"email-excluded-{id}", f"excluded: {rule}", NO, excluded=[email(base)], san=email(text))
nc("email-excluded-same-local", "two excluded mailboxes of one local part", NO,
   excluded=[email("a@example.org"), email("a@example.com")], san=email("a@example.com"))
nc("email-not-ascii", "rfc822Name is ASCII (section 4.2.1.6)", "parse_error", permitted=[email("example.com")],
   san=email("z\u00fcrich@example.com"))


# A mailbox in an otherName, SmtpUTF8Mailbox: constraints on addresses hold for it (RFC 9598 section 6)
def mailbox(text):
    return other_name("1.3.6.1.5.5.7.8.9", der.utf8(text))


nc("mailbox-outside", "a mailbox in an otherName, of another host than is permitted", NO, permitted=[email("example.com")],
   san=mailbox("\u00fc@example.org"))
nc("mailbox-excluded", "a mailbox in an otherName, of a host that is excluded", NO, excluded=[email("example.org")],
   san=mailbox("\u00fc@example.org"))
nc("mailbox-within", "a mailbox beyond ASCII of the host that is permitted: cannot be compared", NO,
   permitted=[email("example.com")], san=mailbox("\u00fc@example.com"), openssl="compares the host alone")
nc("mailbox-ascii-within", "a mailbox in an otherName that might be an rfc822Name, of the host that is permitted", "ok",
   permitted=[email("example.com")], san=mailbox("client@example.com"))
nc("mailbox-beside", "a mailbox in an otherName beside an address that is permitted", NO, permitted=[email("example.com")],
   san=[email("client@example.com"), mailbox("\u00fc@example.org")])
nc("mailbox-no-text", "a mailbox that is no text", NO, permitted=[email("example.com")],
   san=other_name("1.3.6.1.5.5.7.8.9", der.integer(5)))
nc("mailbox-excluded-malformed", "a mailbox with something behind it, where a host is excluded", "parse_error", excluded=[email("example.org")],
   san=other_name("1.3.6.1.5.5.7.8.9", der.utf8("client@example.com") + der.utf8("client@example.org")))
nc("mailbox-free", "a mailbox in an otherName where nothing binds addresses", "ok", permitted=[dns("example.com")],
   san=mailbox("\u00fc@example.org"))

# uniformResourceIdentifier: the host part
for id, base, text, reason, rule in (
        ("host", "example.com", "https://example.com/x", "ok", "the very host"),
        ("host-sub", "example.com", "https://a.example.com/x", NO, "a host below it: a host is meant exactly"),
        ("domain", ".example.com", "https://a.example.com/x", "ok", "a host in the domain"),
        ("domain-deep", ".example.com", "https://a.b.example.com/x", "ok", "two labels more"),
        ("domain-self", ".example.com", "https://example.com/x", NO, "the domain's own name is not in it"),
        ("port", "example.com", "https://example.com:8443/x", "ok", "a port is no part of the host"),
        ("user", "example.com", "https://evil.org@example.com/x", NO, "user information in front of the host: stricter"),
        ("user-trick", "example.com", "https://example.com@evil.org/x", NO, "the host stands behind the @"),
        ("path-trick", "example.com", "https://evil.org/@example.com", NO, "the host ends at the path"),
        ("query-trick", "example.com", "https://evil.org?@example.com", NO, "the host ends at the query"),
        ("case", "example.com", "HTTPS://EXAMPLE.COM", "ok", "case does not matter"),
        ("other", "example.com", "https://example.org/", NO, "another host"),
        ("spiffe", "example.com", "spiffe://example.com/workload", "ok", "a SPIFFE ID has a host"),
        ("spiffe-other", "example.com", "spiffe://example.org/workload", NO, "a SPIFFE ID of another trust domain")):
    nc(f"uri-permitted-{id}", f"permitted {base}: {rule}", reason, permitted=[uri(base)], san=uri(text))
nc("uri-no-authority", "a URI without a host under a constraint must be refused", NO, permitted=[uri("example.com")],
   san=uri("urn:example:client"))
nc("uri-no-authority-excluded", "a URI without a host under an exclusion must be refused too", NO, excluded=[uri("example.com")],
   san=uri("urn:example:client"))
nc("uri-address", "a URI whose host is an address must be refused", NO, permitted=[uri(".example.com")], san=uri("https://192.0.2.1/"))
nc("uri-address-excluded", "a URI whose host is an address under an exclusion", NO, excluded=[uri("example.com")],
   san=uri("https://192.0.2.1/"), openssl="compares it as a text")
nc("uri-address-v6", "a URI whose host is an IPv6 address", NO, permitted=[uri(".example.com")], san=uri("https://[2001:db8::1]/"))
for id, text, rule in (
        ("address-v6-port", "https://[2001:db8::1]:8443/", "an IPv6 address and a port"),
        ("address-zone", "https://[fe80::1%25.example.com]/", "an IPv6 address whose zone ends as the domain does"),
        ("address-number", "https://3221225985/", "an address as one number"),
        ("address-hex", "https://0xc0.0.2.1/", "an address with an octet in base 16"),
        ("trailing-period", "https://a.example.com./", "a host that ends in a period"),
        ("escaped", "https://evil.org%2f.example.com/", "an escaped slash in the host"),
        ("backslash", "https://evil.org\\.example.com/", "a backslash in the host"),
        ("relative", "//a.example.com/", "no scheme (section 4.2.1.6: must not be relative)")):
    nc(f"uri-permitted-{id}", f"permitted .example.com: {rule}", NO, permitted=[uri(".example.com")], san=uri(text))
    nc(f"uri-excluded-{id}", f"excluded .example.org: {rule}", NO, excluded=[uri(".example.org")], san=uri(text))
nc("uri-permitted-empty", "an empty constraint on URIs, which means nothing", NO, permitted=[uri("")], san=uri("https://example.com/"))
nc("uri-excluded-empty", "excluded: an empty constraint on URIs, which means nothing", NO, excluded=[uri("")],
   san=uri("https://example.com/"))
nc("uri-several", "every URI has to be permitted", NO, permitted=[uri("example.com")],
   san=[uri("https://example.com/a"), uri("https://example.org/b")])
nc("uri-excluded-host", "excluded example.com", NO, excluded=[uri("example.com")], san=uri("https://example.com/"))
nc("uri-excluded-host-sub", "excluded example.com: a host below it", "ok", excluded=[uri("example.com")],
   san=uri("https://a.example.com/"))
nc("uri-excluded-port", "excluded example.com: a port is no part of the host", NO, excluded=[uri("example.com")],
   san=uri("ftp://example.com:21/x/"))
nc("uri-excluded-domain", "excluded .example.com", NO, excluded=[uri(".example.com")], san=uri("https://a.example.com/"))
nc("uri-excluded-other", "excluded example.com: another host", "ok", excluded=[uri("example.com")], san=uri("https://example.org/"))
nc("uri-unconstrained", "a URI without a host where nothing binds it", "ok", permitted=[dns("example.com")],
   san=uri("urn:example:client"))

# directoryName: the first RDNs, compared as names are
CASES = dirname(("O", "Cases"))
nc("dn-permitted", "permitted O=Cases: a subject that begins so", "ok", permitted=[CASES])
nc("dn-permitted-case", "compared without case", "ok", permitted=[dirname(("O", "CASES"))])
nc("dn-permitted-printable", "compared as text", "ok", permitted=[dirname(("O", der.printable("Cases")))])
nc("dn-permitted-other", "a subject of another organisation", NO, permitted=[CASES], subject=name(("O", "Others"), "client"))
nc("dn-permitted-order", "the right attribute in another place", NO, permitted=[CASES], subject=name("client", ("O", "Cases")))
nc("dn-permitted-longer", "a subject shorter than the subtree", NO, permitted=[dirname(("O", "Cases"), ("OU", "a"), ("OU", "b"))])
nc("dn-permitted-whole", "a subtree that is the whole subject", "ok", permitted=[dirname(("O", "Cases"), "client")])
nc("dn-permitted-text-prefix", "an attribute is compared whole, not by its beginning", NO, permitted=[dirname(("O", "Case"))])
nc("dn-permitted-two-files", "one of two subtrees", "ok", permitted=[dirname(("O", "Others")), CASES])
nc("dn-excluded", "excluded O=Cases", NO, excluded=[CASES])
nc("dn-excluded-case", "excluded o=cases, without case", NO, excluded=[dirname(("O", "cases"))])
nc("dn-excluded-other", "excluded O=Others", "ok", excluded=[dirname(("O", "Others"))])
nc("dn-excluded-empty", "the empty subtree excludes every subject", NO, excluded=[dirname()])
nc("dn-permitted-two-names", "the subject in one of two subtrees, a directoryName in the other", "ok",
   permitted=[CASES, dirname(("O", "Others"))], san=dirname(("O", "Others"), "client"))
for id, organisation in (("first", "Cases"), ("second", "Others")):
    nc(f"dn-excluded-{id}-of-two", f"two subtrees are excluded: the {id}", NO, excluded=[CASES, dirname(("O", "Others"))],
       subject=name(("O", organisation), "client"))
UNIT = dirname(("O", "Cases"), ("OU", "a"))
nc("dn-excluded-within-permitted", "excluded wins over permitted", NO, permitted=[CASES], excluded=[UNIT],
   subject=name(("O", "Cases"), ("OU", "a"), "client"))
nc("dn-permitted-beside-excluded", "permitted and not excluded", "ok", permitted=[CASES], excluded=[UNIT],
   subject=name(("O", "Cases"), ("OU", "b"), "client"))
nc("dn-san", "a directoryName in the SAN is bound too", NO, permitted=[CASES], san=dirname(("O", "Others")))
nc("dn-san-excluded", "a directoryName in the SAN, excluded", NO, excluded=[dirname(("O", "Others"))],
   san=dirname(("O", "Others"), "x"))
nc("dn-san-good", "subject and directoryName, both permitted", "ok", permitted=[CASES], san=dirname(("O", "Cases"), "x"))
nc("dn-san-good-subject-bad", "a directoryName of the SAN that is permitted does not make up for the subject", NO,
   permitted=[CASES], subject=name(("O", "Others"), "client"), san=dirname(("O", "Cases"), "x"))
nc("dn-subject-excluded-san-other", "a subject that is excluded beside a directoryName that is not", NO, excluded=[CASES],
   san=dirname(("O", "Others"), "x"))
nc("dn-other-kind", "a constraint on directory names does not bind DNS names, where there is no subject", "ok",
   permitted=[dirname(("O", "Others"))], subject=name(), san=dns("client.example"), critical_san=True)
# Strings of other types are compared as text; of what some readers take for alike and others not, the answer is no either way
for id, subtree, subject, permitted, excluded, words in (
        ("bmp", der.tlv(0x1E, "Cases".encode("utf-16-be")), "Cases", "ok", NO, "a BMPString of the same text"),
        ("universal", der.tlv(0x1C, "Cases".encode("utf-32-be")), "Cases", "ok", NO, "a UniversalString of the same text"),
        ("t61", der.tlv(0x14, b"Cases"), "Cases", "ok", NO, "a T61String of the same text"),
        ("numeric", der.tlv(0x12, b"77"), "77", "ok", NO, "a NumericString of the same text"),
        ("printable-case", der.printable("CASES"), "Cases", "ok", NO, "a PrintableString in another case"),
        ("spaces", "  Ca   ses ", "Ca ses", "ok", NO, "the same text in more spaces"),
        ("octets", der.octet_string(b"Cases"), "Cases", NO, NO, "what is no string, of the same octets"),
        ("non-ascii", "Zürich", "Zürich", "ok", NO, "letters beyond ASCII"),
        ("non-ascii-case", "ZÜRICH", "zürich", NO, NO, "letters beyond ASCII in another case"),
        ("non-ascii-composed", "Z\u00fcrich", "Zu\u0308rich", NO, NO, "a letter composed and decomposed"),
        ("non-ascii-other", "Zürich", "Bern", NO, "ok", "letters beyond ASCII, another text")):
    subject = name(("O", subject), "client")
    nc(f"dn-permitted-{id}", f"permitted: {words}", permitted, permitted=[dirname(("O", subtree))], subject=subject)
    nc(f"dn-excluded-{id}", f"excluded: {words}", excluded, excluded=[dirname(("O", subtree))], subject=subject)
nc("dn-multi-valued", "an RDN of two attributes is compared as a whole", NO, permitted=[dirname([("O", "Cases"), ("OU", "a")])])
nc("dn-empty-subject", "an empty subject is no name that could be bound", "ok", permitted=[CASES], subject=name(),
   san=dns("client.example"), critical_san=True)

nc("dn-octets-excluded", "a subject whose organisation is no string where that is excluded: some read it as one", NO,
   excluded=[CASES], subject=name(("O", der.octet_string(b"Cases")), "client"))
nc("dn-injected", "the text of an attribute is no further attribute", NO, permitted=[CASES],
   subject=name(("O", "Others, O=Cases"), "client/O=Cases"))
nc("dn-multi-valued-more", "an RDN of more attributes than the subtree's is another one", NO, permitted=[CASES],
   subject=name([("O", "Cases"), ("OU", "a")], "client"))
nc("dn-multi-valued-same", "an RDN of two attributes, whatever their case", "ok",
   permitted=[dirname([("O", "Cases"), ("OU", "A")])], subject=name([("OU", "a"), ("O", "cases")], "client"))

# Other kinds
OTHER = other_name("1.3.6.1.4.1.311.20.2.3", der.utf8("client@example.com"))
nc("other-name", "a constraint of a kind we do not apply, and such a name", NO, permitted=[OTHER], san=OTHER)
nc("other-name-absent", "a constraint of a kind we do not apply, and no such name", "ok", permitted=[OTHER],
   san=dns("client.example"))
nc("other-name-unconstrained", "another kind of name where nothing binds it", "ok", permitted=[dns("example.com")], san=OTHER)
nc("other-name-beside", "an exclusion of a kind we do not apply, and such a name beside a permitted one", NO,
   permitted=[dns("example.com")], excluded=[OTHER], san=[dns("example.com"), OTHER])
nc("other-name-excluded-absent", "an exclusion of a kind we do not apply, and no such name", "ok", permitted=[dns("example.com")],
   excluded=[OTHER], san=dns("example.com"))
for id, tag in (("x400", 3), ("edi-party", 5)):
    value = der.context(tag, der.utf8("x"))
    nc(f"{id}", f"a constraint of the kind {id}, and such a name", NO, permitted=[value], san=value)
nc("registered-id", "a constraint on registered identifiers, and such a name", NO, excluded=[registered_id("1.2.3.4")],
   san=registered_id("1.2.3.4"))

nc("other-name-type", "a constraint on otherNames whose value is of another type than the name's", NO,
   permitted=[other_name("1.3.6.1.5.5.7.8.9", der.utf8("example.com"))], san=other_name("1.3.6.1.5.5.7.8.9", der.boolean(True)))

# Syntax
nc("empty", "constraints without a subtree (section 4.2.1.10: must not)", "parse_error")


def raw(id, rule, reason, value, **options):
    inter = ca("Int", root, nc=value)
    case("nc-" + id, rule, reason, [leaf(inter, san=dns("a.example.com")), inter], [root], **options)


SUBTREE = der.sequence(dns("example.com"))
raw("minimum-0", "a minimum of 0 spelt out is tolerated", "ok",
    der.sequence(der.context(0, der.sequence(dns("example.com"), b"\x80\x01\x00"))))
raw("minimum-1", "a minimum of 1 (must be 0)", "parse_error",
    der.sequence(der.context(0, der.sequence(dns("example.com"), b"\x80\x01\x01"))))
raw("maximum", "a maximum (must be absent)", "parse_error",
    der.sequence(der.context(0, der.sequence(dns("example.com"), b"\x81\x01\x05"))))
raw("empty-permitted-list", "a list of permitted subtrees without one", "parse_error", der.sequence(der.context(0)))
raw("empty-excluded-list", "a list of excluded subtrees without one", "parse_error", der.sequence(der.context(1)))
raw("empty-lists", "two lists of subtrees without one", "parse_error", der.sequence(der.context(0), der.context(1)))
raw("empty-permitted-list-beside", "no permitted subtree in its list beside an excluded one", "parse_error",
    der.sequence(der.context(0), der.context(1, der.sequence(dns("example.org")))))
raw("empty-excluded-list-beside", "no excluded subtree in its list beside a permitted one", "parse_error",
    der.sequence(der.context(0, SUBTREE), der.context(1)))
raw("null", "NULL in place of the lists", "parse_error", der.sequence(der.null(), der.null()))
raw("not-a-sequence", "constraints that are no SEQUENCE", "parse_error", der.null())
raw("subtree-not-a-sequence", "a subtree without its SEQUENCE", "parse_error", der.sequence(der.context(0, dns("example.com"))))
raw("wrong-order", "excluded in front of permitted", "parse_error",
    der.sequence(der.context(1, der.sequence(dns("example.org"))), der.context(0, SUBTREE)))
raw("trailing", "octets behind the constraints", "parse_error", der.sequence(der.context(0, SUBTREE)) + b"\0",
    openssl="does not look")
leaf_nc = leaf(ca("Int", root), nc=(PERMITTED, ()), san=dns("a.example.org"))
case("nc-in-leaf", "constraints belong to a CA (section 4.2.1.10: must be used only in one)", NO,
     [leaf_nc, ca("Int", root)], [root])
leaf_nc = leaf(ca("Int", root), nc=(PERMITTED, ()), san=dns("a.example.com"), critical={"nc": False})
case("nc-in-leaf-not-critical", "constraints of a leaf that are not critical", NO, [leaf_nc, ca("Int", root)], [root])

# Several CAs
upper = ca("Upper", root, nc=([dns("example.com")], ()))


def two(id, rule, reason, lower_nc, san, **options):
    lower = ca("Lower", upper, nc=lower_nc)
    case("nc-two-" + id, rule, reason, [leaf(lower, san=san), lower, upper], [root], **options)


two("narrower", "the lower CA narrows what the upper one permits", "ok", ([dns("a.example.com")], ()), dns("x.a.example.com"))
two("outside-lower", "permitted by the upper CA only", NO, ([dns("a.example.com")], ()), dns("b.example.com"))
two("outside-upper", "the lower CA cannot widen", NO, ([dns("example.org")], ()), dns("x.example.org"))
two("disjoint", "what two CAs permit has nothing in common", NO, ([dns("example.org")], ()), dns("x.example.com"))
two("other-kind", "the lower CA adds another kind", "ok", ([email("example.com")], ()), dns("x.example.com"))
two("lower-excludes", "the lower CA excludes", NO, ((), [dns("a.example.com")]), dns("x.a.example.com"))
two("none", "the lower CA has none: those of the upper one hold", NO, None, dns("x.example.org"))


def two_dn(id, rule, reason, upper_nc, lower_nc, subject=None, **options):
    upper = ca("Upper", root, nc=upper_nc)
    lower = ca("Lower", upper, nc=lower_nc, subject=name(("O", "Cases"), ("OU", "a"), "Lower"))
    case("nc-two-dn-" + id, rule, reason, [leaf(lower, subject=subject, **options), lower, upper], [root])


def of_unit(*units):
    return name(("O", "Cases"), *(("OU", unit) for unit in units), "client")


A, B, C, A_B = (dirname(("O", "Cases"), *(("OU", unit) for unit in units)) for units in ("a", "b", "c", "ab"))
two_dn("narrower", "the lower CA permits a subtree of the upper one's", "ok", ([A], ()), ([A_B], ()), of_unit("a", "b"))
two_dn("outside-lower", "permitted by the upper CA only", NO, ([A], ()), ([A_B], ()), of_unit("a"))
two_dn("disjoint", "what two CAs permit has nothing in common: a name of the upper one's", NO, ([A], ()), ([B], ()), of_unit("a"))
two_dn("disjoint-lower", "a name of the lower one's", NO, ([A], ()), ([B], ()), of_unit("b"))
two_dn("disjoint-no-name", "and no name that could be bound", "ok", ([A], ()), ([B], ()), name(), san=email("a@example.com"),
       critical={"san": True})
two_dn("upper-excludes", "the upper CA excludes, the lower one permits more", NO, ((), [B]), ([CASES], ()), of_unit("b"))
two_dn("upper-excludes-other", "the upper CA excludes another", "ok", ((), [B]), ([CASES], ()), of_unit("c"))
two_dn("both-exclude-upper", "each CA excludes: the upper one's", NO, ((), [B]), ((), [C]), of_unit("b"))
two_dn("both-exclude-lower", "each CA excludes: the lower one's", NO, ((), [B]), ((), [C]), of_unit("c"))
MAILBOX = ([email("example.com")], ())
two_dn("and-email", "directory names above, addresses below: both fit", "ok", ([A], ()), MAILBOX, of_unit("a"),
       san=email("a@example.com"))
two_dn("and-email-other", "the address does not", NO, ([A], ()), MAILBOX, of_unit("a"), san=email("a@example.org"))
two_dn("and-email-subject", "the address in the subject does not", NO, ([A], ()), MAILBOX,
       name(("O", "Cases"), ("OU", "a"), "client", ("emailAddress", "a@example.org")))
both = ([dns("permitted.example.com")], [dns("forbidden.example.com")])
for id, top, high_nc in (("root", ca("NC root", nc=both), None), ("upper", root, both)):
    high = ca("High", top, nc=high_nc)
    low = ca("Low", high, san=dns("forbidden.example.com"))
    case(f"nc-int-san-excluded-by-{id}", f"the lower intermediate's name is excluded by the {id}, the leaf's is permitted", NO,
         [leaf(low, san=dns("permitted.example.com")), low, high], [top])
# Two certificates of one CA, of which the way over one is not good for its own name
high = ca("High", root, nc=both)
named, unnamed = ca("Low", other_root := ca("Other root"), san=dns("forbidden.example.com")), ca("Low", high)
case("nc-int-san-dead-end-beside", "a certificate of the lower CA leads nowhere, the other one is not bound by its name", "ok",
     [leaf(unnamed, san=dns("permitted.example.com")), high, named, unnamed], [root])
high = ca("High", root, nc=((), [dns("forbidden.example.com")]))
bound, free = ca("Low", high, san=dns("forbidden.example.com")), ca("Low", other_root, san=dns("free.example.com"))
case("nc-int-san-excluded-beside", "two roots over one CA, on one way its own name is excluded", "ok",
     [leaf(bound, san=dns("client.example.com")), high, bound, free], [[root], [other_root]],
     openssl="tries the first candidate alone")
case("nc-int-san-excluded-both", "two ways, and its own name is excluded on either", NO,
     [leaf(bound, san=dns("client.example.com")), high, bound], [[root], [other_root]])
lower = ca("Lower", upper, san=dns("ca.example.org"))
case("nc-int-san", "an intermediate's own names are bound", NO, [leaf(lower, san=dns("x.example.com")), lower, upper], [root])
upper_dn = ca("Upper", root, nc=([CASES], ()))
lower = ca("Lower", upper_dn, subject=name(("O", "Others"), "Lower"))
case("nc-int-subject", "an intermediate's subject is bound", NO, [leaf(lower), lower, upper_dn], [root])
rolled = ca("Rolled", upper_dn, subject=upper_dn.subject)
case("nc-self-issued-int", "a self-issued intermediate is bound no more than what follows", "ok",
     [leaf(rolled), rolled, upper_dn], [root])
upper_other = ca("Upper", root, nc=([dirname(("O", "Nobody"))], ()))
rolled = ca("Rolled", upper_other, subject=upper_other.subject)
case("nc-self-issued-int-exempt", "a self-issued intermediate is exempt, its leaf is not", NO, [leaf(rolled), rolled, upper_other],
     [root])
rolled = ca("Rolled", upper_other, subject=upper_other.subject)
case("nc-self-issued-int-exempt-good", "a self-issued intermediate outside the subtree, its leaf within", "ok",
     [leaf(rolled, subject=name(("O", "Nobody"), "client")), rolled, upper_other], [root])
san_root = ca("SAN root", nc=(PERMITTED, ()), san=dns("ca.example.org"))
rolled = ca("SAN root", san_root, key=key("rolled"), san=dns("ca.example.org"))
case("nc-self-issued-int-san", "a self-issued intermediate with a SAN outside, its leaf within", "ok",
     [leaf(rolled, san=dns("a.example.com")), rolled], [san_root])
case("nc-self-issued-int-san-leaf", "a self-issued intermediate with a SAN outside, its leaf too", NO,
     [leaf(rolled, san=dns("a.example.org")), rolled], [san_root])
case("nc-self-issued-leaf-san", "a self-issued leaf with a SAN outside is not exempt", NO,
     [leaf(san_root, subject=san_root.subject, san=dns("a.example.org"))], [san_root])
case("nc-self-issued-leaf", "a self-issued leaf is not exempt", NO,
     [leaf(upper_other, subject=upper_other.subject), upper_other], [root])
nc_root = ca("NC root", nc=([dns("example.com")], ()))
case("nc-root-good", "the root's own constraints (RFC 5937): permitted", "ok", [leaf(nc_root, san=dns("a.example.com"))], [nc_root])
case("nc-root-bad", "the root's own constraints (RFC 5937): not permitted", NO, [leaf(nc_root, san=dns("a.example.org"))], [nc_root])
nc_int = ca("Int", root, nc=([dns("example.com")], ()))
case("nc-store-int", "the constraints of an intermediate of the store", NO, [leaf(nc_int, san=dns("a.example.org"))],
     [root, nc_int])

# Bounded work
many = [dns(f"host-{n}.example.com") for n in range(300)]
nc("many-names", "300 names under 300 subtrees: more comparisons than the limit allows", "search_limit", permitted=many, san=many)
for id, top, names in (
        ("dns", ca("NC root", nc=([dns(f"t{n}.test") for n in range(513)], [dns(f"x{n}.test") for n in range(513)])),
         [dns(f"t{n}.test") for n in range(513)]),
        ("email", ca("NC root", nc=((), [email(f"x{n}@example.com") for n in range(800)])),
         [email(f"t{n}@example.com") for n in range(800)]),
        ("dn", ca("NC root", nc=((), [dirname(("O", "Cases"), f"x{n}") for n in range(500)])),
         [dirname(("O", "Cases"), f"t{n}") for n in range(500)])):
    case(f"nc-many-names-{id}", "a root's hundreds of subtrees and a leaf's hundreds of names", "search_limit",
         [leaf(top, san=names)], [top], openssl="has a higher limit")

openssl_differs("does not look", "nc-empty", *[f"nc-empty-{what}" for what in (
    "permitted-list", "excluded-list", "lists", "permitted-list-beside", "excluded-list-beside")])
openssl_differs("compares the wildcard as a text", "nc-dns-excluded-wildcard-parent", "nc-dns-excluded-wildcard-parent-permitted")
openssl_differs("compares whatever it is as a text", *[f"nc-dns-{side}-{what}" for side, whats in (
    ("permitted", ("period-in-front", "two-periods", "asterisk-within", "asterisk-second", "two-asterisks")),
    ("excluded", ("period-in-front", "period-behind", "two-periods", "asterisk-within", "asterisk-second", "two-asterisks",
                  "asterisk-alone", "space")),
    ("constraint", ("period", "period-excluded", "asterisk-excluded", "period-behind-excluded", "uri-excluded")))
    for what in whats],
                "nc-email-permitted-quoted", "nc-email-constraint-no-local",
                *[f"nc-email-constraint-{what}-excluded" for what in ("two-at", "no-local", "period", "two-periods")])
openssl_differs("compares a NumericString octet by octet", "nc-dn-permitted-numeric", "nc-dn-excluded-numeric")
openssl_differs("compares what is beyond ASCII octet by octet", "nc-dn-excluded-non-ascii-case",
                "nc-dn-excluded-non-ascii-composed")
openssl_differs("tries the first candidate alone", "nc-int-san-dead-end-beside")
openssl_differs("does not look", "nc-in-leaf", "nc-in-leaf-not-critical")
openssl_differs("has a higher limit", "nc-many-names")
openssl_differs("compares texts", "nc-dns-excluded-wildcard-upper-case", "nc-email-permitted-quoted-at",
                "nc-email-permitted-source-route", "nc-email-excluded-quoted", "nc-email-excluded-address",
                "nc-email-excluded-empty", "nc-uri-permitted-escaped",
                "nc-uri-permitted-backslash", *[f"nc-uri-excluded-{what}" for what in (
                    "address-v6-port", "address-zone", "address-number", "address-hex", "trailing-period", "escaped", "backslash",
                    "empty")])
openssl_differs("compares encodings", "nc-other-name-type")
openssl_differs("does not look", "nc-dns-empty-name", "nc-email-not-ascii")

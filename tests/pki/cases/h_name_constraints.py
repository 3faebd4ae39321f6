# SPDX-License-Identifier: GPL-3.0-or-later
"""Name constraints (section 4.2.1.10; 6.1.3 (b), (c); 6.1.4 (g)) of all five kinds."""

import der
from certs import ca, dirname, dns, email, ip, leaf, name, other_name, registered_id, uri
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
        ("v6-outside", "2001:db8::/32", "2001:db9::1", NO, "outside 2001:db8::/32"),
        ("v6-for-v4", "2001:db8::/32", "192.0.2.1", NO, "an IPv4 address where IPv6 is permitted"),
        ("v4-for-v6", "0.0.0.0/0", "2001:db8::1", NO, "an IPv6 address where every IPv4 is permitted")):
    nc(f"ip-permitted-{id}", f"permitted: {rule}", reason, permitted=[ip(base)], san=ip(text))
nc("ip-excluded-within", "excluded: within", NO, excluded=[ip("192.0.2.0/24")], san=ip("192.0.2.77"))
nc("ip-excluded-outside", "excluded: outside", "ok", excluded=[ip("192.0.2.0/24")], san=ip("192.0.3.77"))
nc("ip-excluded-v4-for-v6", "excluded every IPv4: IPv6 is free", "ok", excluded=[ip("0.0.0.0/0")], san=ip("2001:db8::1"))
nc("ip-mapped", "an IPv4 address mapped into IPv6 is an IPv6 address", "ok", excluded=[ip("192.0.2.0/24")],
   san=ip("::ffff:192.0.2.7"))
nc("ip-constraint-short", "a constraint of four octets has no mask", "parse_error", permitted=[ip(b"\xc0\0\2\1")],
   san=ip("192.0.2.1"))
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
        ("host-other", "example.com", "anyone@example.org", NO, "another host")):
    nc(f"email-permitted-{id}", f"permitted {base}: {rule}", reason, permitted=[email(base)], san=email(text))
nc("email-excluded-host", "excluded example.com: a mailbox of the host", NO, excluded=[email("example.com")],
   san=email("a@example.com"))
nc("email-excluded-host-sub", "excluded example.com: a mailbox of a host below it", "ok", excluded=[email("example.com")],
   san=email("a@mail.example.com"))
nc("email-excluded-domain", "excluded .example.com: a host in the domain", NO, excluded=[email(".example.com")],
   san=email("a@mail.example.com"))
MAILER = name(("O", "Cases"), "client", ("emailAddress", "a@example.org"))
nc("email-subject", "emailAddress in the subject counts where the SAN has no address", NO, permitted=[email("example.com")],
   subject=MAILER)
nc("email-subject-good", "emailAddress in the subject, permitted", "ok", permitted=[email("example.org")], subject=MAILER)
nc("email-subject-excluded", "emailAddress in the subject, excluded", NO, excluded=[email("example.org")], subject=MAILER)
nc("email-subject-and-san", "emailAddress in the subject beside an address in the SAN: both are bound", NO,
   permitted=[email("example.com")], subject=MAILER, san=email("a@example.com"))
nc("email-no-at", "an address without @", NO, permitted=[email("example.com")], san=email("example.com"))
nc("email-two-at", "an address with two @", NO, permitted=[email("example.com")],
   san=email("a@example.org@example.com"), openssl="takes the last one")

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
nc("dn-multi-valued", "an RDN of two attributes is compared as a whole", NO, permitted=[dirname([("O", "Cases"), ("OU", "a")])])
nc("dn-empty-subject", "an empty subject is no name that could be bound", "ok", permitted=[CASES], subject=name(),
   san=dns("client.example"), critical_san=True)

# Other kinds
OTHER = other_name("1.3.6.1.4.1.311.20.2.3", der.utf8("client@example.com"))
nc("other-name", "a constraint of a kind we do not apply, and such a name", NO, permitted=[OTHER], san=OTHER)
nc("other-name-absent", "a constraint of a kind we do not apply, and no such name", "ok", permitted=[OTHER],
   san=dns("client.example"))
nc("other-name-unconstrained", "another kind of name where nothing binds it", "ok", permitted=[dns("example.com")], san=OTHER)
nc("registered-id", "a constraint on registered identifiers, and such a name", NO, excluded=[registered_id("1.2.3.4")],
   san=registered_id("1.2.3.4"))

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
raw("wrong-order", "excluded in front of permitted", "parse_error",
    der.sequence(der.context(1, der.sequence(dns("example.org"))), der.context(0, SUBTREE)))
raw("trailing", "octets behind the constraints", "parse_error", der.sequence(der.context(0, SUBTREE)) + b"\0",
    openssl="does not look")
leaf_nc = leaf(ca("Int", root), nc=(PERMITTED, ()), san=dns("a.example.org"))
case("nc-in-leaf", "constraints belong to a CA (section 4.2.1.10: must be used only in one)", NO,
     [leaf_nc, ca("Int", root)], [root])

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

openssl_differs("does not look", "nc-empty", "nc-empty-permitted-list")
openssl_differs("compares the wildcard as a text", "nc-dns-excluded-wildcard-parent")
openssl_differs("does not look", "nc-in-leaf")
openssl_differs("has a higher limit", "nc-many-names")

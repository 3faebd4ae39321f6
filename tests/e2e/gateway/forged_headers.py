# SPDX-License-Identifier: GPL-3.0-or-later
"""No client can say who it is: whatever identity headers it sends, in whatever spelling, the backend never sees them.

The assertion is on the exact bytes that the backend received: the forged value must not be among them.
"""

from support.client import get
from support.http_wire import chunked
from support.site import Site
from support.tap import case, cases_for, check, check_equal, main

FORGED = "forged-by-the-client"

# The strip list; a name that stands for a family ends in something that nobody knows.
NAMES = ("client-cert", "client-cert-chain", "client-cert-zz", "x-client-cert", "x-client-cert-zz",
         "x-client-certificate", "x-client-certificate-start-date", "x-client-certificate-end-date",
         "x-client-certificate-fingerprint", "x-client-certificate-serial", "x-client-certificate-issuer",
         "x-client-certificate-subject", "x-client-certificate-verification", "x-client-certificate-zz",
         "x-client-certificatezz", "x-forwarded-client-cert", "x-amzn-mtls-clientcert", "x-amzn-mtls-zz",
         "x-amzn-tls-version", "x-amzn-tls-zz", "x-ssl-client-verify", "x-ssl-client-zz", "ssl-client-verify",
         "ssl-client-s-dn", "ssl-client-zz", "x-azure-ja4-fingerprint", "x-azure-zz")

LISTENERS = (("good", "api.example"), (None, "open.example"))


def odd_case(name):
    return "".join(c.upper() if i % 2 else c for i, c in enumerate(name))


def check_not_seen(site, *requests):
    """Each request (a function of the host) is answered, and nothing forged is among what the backend got for it."""
    for who, host in LISTENERS:
        with site.connect(who, sni=host) as connection:
            for request in requests:
                site.backend.forget()
                check_equal(connection.ask(request(host)).status, 200, f"status from {host}")
                seen = site.backend.wait_for(1)[0]
                raw = seen.raw + seen.read_body() + seen.trailer
                check(FORGED.encode() not in raw, f"{host}: the backend received {raw!r}")
                if who is not None:
                    check_own_headers(seen.head)


def check_own_headers(head):
    check_equal(head.all("x-client-certificate-subject"), ["CN=client-good,O=Partner,C=SE"], "our own header")
    check_equal(head.all("x-client-certificate-verification"), ["SUCCESS"], "our own header")
    check_equal(len(head.all("client-cert")), 1, "our own Client-Cert headers")


def with_fields(*fields):
    return lambda host: get("/", host=host, fields=fields)


@cases_for(NAMES, "{} is stripped in every spelling")
def spellings(site, name):
    spelled = (name, name.title(), odd_case(name), name.replace("-", "_"), odd_case(name.replace("-", "_")),
               name.replace("-", "_", 1), name.replace("-", "."), name.replace("-", "~"))
    check_not_seen(site, *(with_fields(f"{one}: {FORGED}") for one in spelled))


@cases_for(NAMES, "{} is stripped when duplicated")
def duplicated(site, name):
    check_not_seen(site, with_fields(f"{name}: {FORGED}", "x-client-id: 7", f"{name.title()}: {FORGED}", f"{name}: "))


@cases_for(NAMES, "{} is stripped when Connection nominates it, and ours stays")
def nominated(site, name):
    nominations = (name, f"keep-alive, {odd_case(name)}", f"{name}, {name}")
    check_not_seen(site, *(with_fields(f"Connection: {one}", f"{name}: {FORGED}") for one in nominations))


@case
def connection_cannot_remove_our_own_headers(site):
    own = ("X-Client-Certificate-Subject", "X-Client-Certificate-Verification", "Client-Cert", "X-Forwarded-For",
           "X-Forwarded-Proto")
    for fields in (["Connection: " + ", ".join(own)], [f"Connection: {name}" for name in own]):
        site.backend.forget()
        check_equal(site.ask(get("/", fields=fields)).status, 200, "status")
        head = site.backend.wait_for(1)[0].head
        check_own_headers(head)
        for name in own:
            check_equal(len(head.all(name)), 1, f"{name} at the backend")


@cases_for(NAMES, "{} is dropped from trailers")
def trailers(site, name):
    trailer = f"{name}: {FORGED}\r\n{odd_case(name)}: {FORGED}\r\n".encode()
    fields = ["Transfer-Encoding: chunked", f"Trailer: {name}"]

    def request(host):
        return get("/", method="POST", host=host, fields=fields) + chunked(b"body", trailer=trailer)

    check_not_seen(site, request)


@case
def forged_header_in_a_chunk_extension_is_dropped(site):
    def request(host):
        head = get("/", method="POST", host=host, fields=["Transfer-Encoding: chunked"])
        return head + f"4;x-client-cert={FORGED}\r\nbody\r\n0;x-client-cert={FORGED}\r\n\r\n".encode()

    check_not_seen(site, request)


@cases_for([("a folded line", "X-A: b\r\n X-Client-Cert: " + FORGED),
            ("a bare CR", "X-A: b\rX-Client-Cert: " + FORGED),
            ("a bare LF", "X-A: b\nX-Client-Cert: " + FORGED),
            ("NUL", "X-A: b\0\r\nX-Client-Cert: " + FORGED),
            ("a space before the colon", "X-Client-Cert : " + FORGED),
            ("a tab before the colon", "X-Client-Cert\t: " + FORGED),
            ("a space before the name", " X-Client-Cert: " + FORGED),
            ("a control character in the name", "X-Client\x01Cert: " + FORGED),
            ("a slash in the name", "X-Client/Cert: " + FORGED)],
           "a forged header hidden behind {} is refused")
def hidden(site, hiding):
    site.backend.forget()
    before = len(site.backend.requests)
    answer = site.ask(get("/", fields=[hiding[1]]))
    check_equal(answer.status, 400, "status")
    check_equal(len(site.backend.requests), before, "requests that reached the backend")


@case
def forged_header_of_a_second_pipelined_request_is_stripped(site):
    site.backend.forget()
    with site.connect() as connection:
        connection.send(get("/1") + get("/2", fields=[f"X-Client-Certificate-Subject: {FORGED}"]))
        connection.read()
        connection.read()
    raw = b"".join(request.raw for request in site.backend.wait_for(2))
    check(FORGED.encode() not in raw, f"the backend received {raw!r}")


@cases_for(["x-client-id", "client-certain", "x-client", "x-azur", "ssl-clien", "x-request-id", "x-sslclient"],
           "{} is none of ours and passes")
def passes(site, name):
    site.backend.forget()
    site.ask(get("/", fields=[f"{name}: kept"]))
    check_equal(site.backend.wait_for(1)[0].head.all(name), ["kept"], name)


main(Site())

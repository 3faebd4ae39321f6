# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is let in.  For every client that may not be: the exact answer, and no byte of its request at a backend."""

import ssl
import time

from support.client import context, get
from support.site import Site
from support.tap import case, cases_for, check, check_equal, main

VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)

NO_CERTIFICATE = "400 No required SSL certificate was sent"
REFUSED = "400 The SSL certificate error"

# who, the sentence of the page, the reason code on it
REFUSALS = (
    ("no certificate", None, NO_CERTIFICATE, "no_certificate"),
    ("a leaf alone", "good-alone", REFUSED, "unknown_issuer"),
    ("an unrelated root", "other", REFUSED, "unknown_issuer"),
    ("an unrelated CA", "other-int", REFUSED, "unknown_issuer"),
    ("an unrelated leaf alone", "other-int-alone", REFUSED, "unknown_issuer"),
    ("a self-signed certificate", "self-signed", REFUSED, "unknown_issuer"),
    ("a root with the same name", "twin", REFUSED, None),
    ("a CA with the same names", "twin-int", REFUSED, None),
    ("a CA with the same names and our root appended", "twin-with-root", REFUSED, None),
    ("an expired certificate", "expired", REFUSED, "expired"),
    ("a certificate of the future", "not-yet-valid", REFUSED, "not_yet_valid"),
    ("a server's certificate", "server-auth", REFUSED, "extended_key_usage"),
    ("a leaf as issuer", "below-leaf", REFUSED, "not_a_ca"),
)


def nothing_reached_the_backend(site):
    time.sleep(0.1)
    check_equal([request.raw for request in site.backend.requests], [], "requests that reached the backend")


def check_refused(site, who, sentence, reason, version=None):
    """The page, the close, and silence at the backend, also for a second request sent along."""
    site.backend.forget()
    with site.connect(who, version=version) as connection:
        answer = connection.ask(get("/secret") + get("/secret-too"))
        check_equal(answer.status, 400, "status")
        check(sentence in answer.text, f"the page says {answer.text!r}")
        if reason is not None:
            check(reason in answer.text, f"the page says {answer.text!r}")
        check(connection.closed_by_peer(), "the connection stays open after a refusal")
    nothing_reached_the_backend(site)


def check_accepted(site, who="good", version=None):
    site.backend.forget()
    answer = site.ask(get("/"), who, version=version)
    check_equal(answer.status, 200, f"status for {who}")


@cases_for(REFUSALS, "{} is refused")
def refusals(site, refusal):
    for version in VERSIONS:
        check_refused(site, *refusal[1:], version=version)


# the name of odd-dn has an RDN of two values, which wolfSSL would not read
@cases_for(["good", "second", "rsa", "long-dn", "odd-dn"], "the {} client is accepted")
def accepted(site, who):
    for version in VERSIONS:
        check_accepted(site, who, version)


@case
def leaf_alone_is_refused_after_its_full_chain_passed(site):
    for version in VERSIONS:
        for _ in range(3):
            check_accepted(site, "good", version)
            check_refused(site, "good-alone", REFUSED, "unknown_issuer", version)


@case
def nothing_is_learnt_from_an_attackers_chain(site):
    for version in VERSIONS:
        for who in ("other-int", "twin-int", "twin-with-root"):
            check_refused(site, who, REFUSED, None, version)
            check_refused(site, "other-int-alone", REFUSED, "unknown_issuer", version)
            check_refused(site, "good-alone", REFUSED, "unknown_issuer", version)
        check_accepted(site, "good", version)


def handshake_or_first_read_fails(site, who, version):
    """In TLS 1.3 the client believes it is done before the server has looked at its certificate."""
    try:
        with site.connect(who, version=version) as connection:
            connection.send(get("/secret"))
            got = connection.stream.rest()
            check_equal(got, b"", "bytes received by a client without the key")
            return connection.ragged or connection.reset
    except (ssl.SSLError, ConnectionError):
        return True


@case
def certificate_without_its_key_fails_the_handshake(site):
    for version in VERSIONS:
        site.backend.forget()
        drops = site.gateway.drops()
        failed = site.gateway.status()["listeners"][0]["handshakes_failed"]
        check(handshake_or_first_read_fails(site, "liar", version), "the handshake succeeded")
        site.check_counted(drops, "tls_handshake_bad_certificate_verify")
        nothing_reached_the_backend(site)
        after = site.gateway.status()["listeners"][0]["handshakes_failed"]
        check_equal(after - failed, 1, f"failed handshakes counted with {version.name}")
        check_accepted(site, "good", version)


@case
def no_session_is_ever_resumed(site):
    for version in VERSIONS:
        tls = site.tls("good", version=version)
        with site.connect(tls=tls) as connection:
            connection.ask(get("/"))  # a TLS 1.3 ticket would have come by now
            session = connection.sock.session
        if session is None:
            continue  # nothing was offered to resume with
        with site.connect(tls=tls, session=session) as connection:
            check_equal(connection.ask(get("/")).status, 200, "status")
            check(not connection.sock.session_reused, f"{version.name}: the session was resumed")


def s_client(site, *options, who=None, request=None):
    identity = site.pki.client(who) if who else None
    return site.lab.run("client", "openssl", "s_client", "-connect", "198.18.0.1:443", "-servername", "api.example",
                        "-CAfile", site.pki.server_ca, *options,
                        *(["-cert", identity.leaf, "-key", identity.key, "-cert_chain", site.pki.issuing] if who else []),
                        input=(request or get("/secret", fields=["Connection: close"])).decode(), timeout=20)


@cases_for(["-tls1_2", "-tls1_3"], "a session file of another client helps nobody with openssl {}")
def stolen_session(site, version):
    session = site.directory / "session"
    first = s_client(site, version, "-ign_eof", "-sess_out", session, who="good")
    check("200 OK" in first.stdout, f"the good client got {first.stdout[-300:]!r} {first.stderr[-300:]!r}")
    check("TLS session ticket:" not in first.stdout, "a ticket was issued")
    if not session.exists():
        return
    site.backend.forget()
    thief = s_client(site, version, "-ign_eof", "-sess_in", session)
    check("Reused, TLS" not in thief.stdout, "the session was resumed")
    check(NO_CERTIFICATE in thief.stdout, f"the thief got {thief.stdout[-300:]!r}")
    nothing_reached_the_backend(site)


@case
def connection_outlives_its_certificate_but_forwards_nothing_more(site):
    until = int(time.time()) + 6
    identity = site.pki.brief_client(until)
    site.backend.forget()
    with site.connect(tls=context(site.pki, identity)) as connection:
        check_equal(connection.ask(get("/before")).status, 200, "status before the certificate ends")
        check_equal(len(site.backend.requests), 1, "requests at the backend")
        time.sleep(max(0, until + 1.5 - time.time()))
        site.backend.forget()
        answer = connection.ask(get("/after"))
        check_equal(answer.status, 400, "status afterwards")
        check("expired" in answer.text, f"the page says {answer.text!r}")
        check(connection.closed_by_peer(), "the connection stays open after a refusal")
    nothing_reached_the_backend(site)


@case
def openssl_reconnecting_gets_full_handshakes_only(site):
    done = s_client(site, "-tls1_2", "-reconnect", who="good")
    check_equal((done.stdout.count("New, TLSv1.2"), done.stdout.count("Reused,")), (6, 0), "(new, reused) sessions")


@case
def verdict_is_counted(site):
    before = site.gateway.status()["listeners"][0]
    check_accepted(site)
    check_refused(site, None, NO_CERTIFICATE, "no_certificate")
    check_refused(site, "other-int", REFUSED, "unknown_issuer")
    after = site.gateway.status()["listeners"][0]
    check_equal(after["auth_ok"] - before["auth_ok"], 1, "auth_ok")
    check_equal(after["auth_failed"] - before["auth_failed"], 2, "auth_failed")


main(Site())

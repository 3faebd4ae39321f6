# SPDX-License-Identifier: GPL-3.0-or-later
"""Several listeners of one address: wildcards, two certificates, refusals by alert, plain HTTP, redirects, health pages."""

import re
import ssl

from support.client import PORT, connect, get
from support.http_wire import Stream, Truncated, read_body, read_head
from support.site import Site
from support.tap import Failure, case, cases_for, check, check_equal, main

TWO_PORT, ALERT_PORT, PLAIN_PORT, REDIRECT_PORT, LB_PORT, SECRET_PORT = 8443, 9443, 80, 81, 6443, 82
VERSIONS = ("-tls1_2", "-tls1_3")


def change(config):
    api, opened = config["listeners"]
    pki = api["certificate"].rsplit("/", 1)[0]
    pairs = [{"certificate": f"{pki}/{name}.pem", "key": f"{pki}/{name}.key"} for name in ("server", "server-rsa")]
    two = {key: value for key, value in opened.items() if key not in ("certificate", "key")}

    def address(port):
        return f"198.18.0.1:{port}"

    config["ssl_profiles"].append({"name": "strict", "client_auth": {
        "mode": "require", "trust_store": "partners", "on_failure": "alert"}})
    config["listeners"] += [
        {**opened, "name": "wild", "hosts": ["*.example", "*.deep.example"]},
        {**two, "name": "two", "address": address(TWO_PORT), "certificates": pairs},
        {**api, "name": "strict", "address": address(ALERT_PORT), "ssl_profile": "strict"},
        {"name": "plain", "address": address(PLAIN_PORT), "tls": "off", "hosts": ["api.example"], "health": "/health"},
        {"name": "plain-2", "address": address(PLAIN_PORT), "tls": "off", "hosts": ["*.plain.example"]},
        {"name": "plain-private", "address": address(PLAIN_PORT), "tls": "off", "hosts": ["private.example"],
         "allow_from": ["10.0.0.0/8"]},
        {"name": "redirect", "address": address(REDIRECT_PORT), "tls": "off", "hosts": ["api.example", "*.api.example"],
         "redirect": "https", "redirect_port": TWO_PORT},
        {**opened, "name": "balanced", "address": address(LB_PORT), "hosts": ["lb.example"], "default": True,
         "health": "/health"},
        {"name": "secret", "address": address(SECRET_PORT), "tls": "off", "allow_from": ["10.0.0.0/8"]},
    ]
    config["rules"] += [{"listener": name, "path": "/", "pool": "app"}
                        for name in ("wild", "two", "strict", "plain", "plain-2", "plain-private", "secret")]


class Plain:
    """One connection without TLS."""

    def __init__(self, site, port):
        self.sock = connect(site.lab, port=port)
        self.stream = Stream(self.sock.recv)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def ask(self, request, head_only=False):
        self.sock.sendall(request)
        head = read_head(self.stream)
        status = int(head.start_line.split(" ")[1])
        body = b"" if head_only else read_body(self.stream, head)[0]
        return status, head, body


def ask_plain(site, request, port=PLAIN_PORT, head_only=False):
    with Plain(site, port) as connection:
        return connection.ask(request, head_only)


# names

@cases_for([("api.example", 400), ("other.example", 200), ("x.deep.example", 200)],
           "SNI {} gets its listener: exact before wildcard")
def chosen_by_name(site, name):
    host, status = name
    with site.connect(None, sni=host, any_name=True) as connection:
        check_equal(connection.ask(get("/", host=host)).status, status, "status without a client certificate")


@cases_for(["example", "a.b.example", "a.b.deep.example"], "SNI {} is covered by no wildcard")
def not_covered(site, host):
    try:
        site.connect(None, sni=host, any_name=True).close()
    except ssl.SSLError as error:
        check("unrecognized name" in str(error).lower().replace("_", " "), f"the client was told {error}")
        return
    raise Failure("the handshake succeeded")


@case
def name_of_another_listener_gets_421_although_the_wildcard_covers_it(site):
    site.backend.forget()
    with site.connect(None, sni="other.example", any_name=True) as connection:
        check_equal(connection.ask(get("/secret", host="api.example")).status, 421, "status")
        check_equal(connection.ask(get("/", host="another.example")).status, 200, "status for a host of its own")
    check_equal(len(site.backend.requests), 1, "requests that reached the backend")


# two certificates

def s_client(site, port, *options, who=None, request=b""):
    identity = site.pki.client(who) if who else None
    issuer = ["-cert_chain", site.pki.issuing] if who and who not in ("good-alone", "other", "twin") else []
    return site.lab.run("client", "openssl", "s_client", "-connect", f"198.18.0.1:{port}", "-servername",
                        "open.example" if port == TWO_PORT else "api.example", "-CAfile", site.pki.server_ca, *options,
                        *issuer, *(["-cert", identity.leaf, "-key", identity.key] if who else []),
                        input=request.decode(), timeout=20)


# options, what the server must sign with; None: no handshake
SIGNATURES = (
    ("-tls1_3 -sigalgs ecdsa_secp256r1_sha256", "ECDSA"),
    ("-tls1_3 -sigalgs rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256", "ECDSA"),
    ("-tls1_3 -sigalgs rsa_pss_rsae_sha256", "RSA-PSS"),
    ("-tls1_3 -sigalgs ecdsa_secp384r1_sha384:rsa_pss_rsae_sha384", "RSA-PSS"),
    ("-tls1_2 -sigalgs ECDSA+SHA256", "ECDSA"),
    ("-tls1_2 -sigalgs RSA+SHA256", "RSA"),
    ("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", "RSA-PSS"),
    ("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", "ECDSA"),
    ("-tls1_2 -groups P-384", "RSA-PSS"),
    ("-tls1_2 -sigalgs ECDSA+SHA256 -cipher ECDHE-RSA-AES128-GCM-SHA256", None),
    ("-tls1_3 -sigalgs ecdsa_secp384r1_sha384", None),
)


@cases_for(SIGNATURES, "openssl {} gets the certificate that it can verify")
def certificate_by_signature_algorithm(site, what):
    options, kind = what
    done = s_client(site, TWO_PORT, *options.split())
    signed = re.search(r"Peer signature type: (\S+)", done.stdout)
    verified = "Verification: OK" in done.stdout
    check_equal((signed.group(1) if signed else None, verified and signed is not None), (kind, kind is not None),
                f"(signature type, verified); openssl said {done.stdout[-600:]} {done.stderr[-300:]}")
    site.check_serves()


# refusals by alert

# who, reason, the alert
ALERTS = (
    ("no certificate, TLS 1.2,", None, "no_certificate", 40, "-tls1_2"),
    ("no certificate, TLS 1.3,", None, "no_certificate", 116, "-tls1_3"),
    *((f"{who}, {version[1:]},", who, reason, alert, version)
      for who, reason, alert in (("other", "unknown_issuer", 48), ("good-alone", "unknown_issuer", 48),
                                 ("expired", "expired", 45), ("not-yet-valid", "not_yet_valid", 45),
                                 ("twin", "bad_signature", 42), ("server-auth", "extended_key_usage", 43),
                                 ("unknown-critical", "unknown_critical", 46))
      for version in VERSIONS),
)


@cases_for(ALERTS, "{} is refused by its alert")
def alerts(site, refusal):
    _, who, reason, alert, version = refusal
    site.backend.forget()
    before = site.gateway.status()
    done = s_client(site, ALERT_PORT, version, "-ign_eof", who=who,
                    request=get("/secret", fields=["Connection: close"]))
    found = re.findall(r"SSL alert number (\d+)", done.stdout + done.stderr)
    check_equal(found, [str(alert)], f"alerts; openssl said {done.stderr[-600:]}")
    site.check_counted(before["drops"], "tls_client_refused")
    after = site.gateway.status()
    check_equal(after["counters"][f"client_{reason}"] - before["counters"][f"client_{reason}"], 1, f"client_{reason}")
    index = next(i for i, listener in enumerate(after["listeners"]) if listener["name"] == "strict")
    for key, rise in (("auth_failed", 1), ("auth_ok", 0), ("handshakes_failed", 1), ("requests", 0)):
        check_equal(after["listeners"][index][key] - before["listeners"][index][key], rise, key)
    check_equal(len(site.backend.requests), 0, "requests that reached the backend")


@case
def accepted_client_is_served_where_others_get_alerts(site):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        check_equal(site.ask(get("/"), port=ALERT_PORT, version=version).status, 200, "status")


@case
def refusals_by_alert_leave_nothing_behind(site):
    before = site.settled_pools()
    for version in VERSIONS:
        for who in (None, "other", "expired"):
            s_client(site, ALERT_PORT, version, who=who)
    site.check_pools(before)
    site.check_serves()


# plain HTTP

@case
def plain_listener_forwards_without_an_identity(site):
    site.backend.forget()
    status, _, body = ask_plain(site, get("/x", fields=["X-Client-Certificate-Subject: CN=forged", "Client-Cert: :Zm9v:",
                                                        "X-Forwarded-Proto: https"]))
    check_equal((status, body), (200, b"GET /x\n"), "answer")
    request = site.backend.requests[0]
    names = request.head.names()
    check(not [name for name in names if "client-cert" in name], f"the backend saw {names}")
    check_equal(request.head.get("X-Forwarded-Proto"), "http", "X-Forwarded-Proto")
    check_equal(request.head.get("X-Forwarded-Port"), str(PLAIN_PORT), "X-Forwarded-Port")


@case
def plain_connection_is_kept_and_stays_with_the_listener_of_its_first_host(site):
    with Plain(site, PLAIN_PORT) as connection:
        check_equal(connection.ask(get("/1"))[0], 200, "status")
        check_equal(connection.ask(get("/2"))[0], 200, "status of the second request")
        site.backend.forget()
        check_equal(connection.ask(get("/3", host="a.plain.example"))[0], 421, "status for another listener's host")
        check_equal(len(site.backend.requests), 0, "requests that reached the backend")
    check_equal(ask_plain(site, get("/", host="a.plain.example"))[0], 200, "status for that host by itself")


@case
def plain_host_of_nobody_gets_421(site):
    for host in ("nobody.example", "198.18.0.1", "plain.example"):
        check_equal(ask_plain(site, get("/", host=host))[0], 421, f"status for {host}")


@case
def plain_body_goes_through_in_both_directions(site):
    body = bytes(range(256)) * 4000
    status, _, _ = ask_plain(site, get("/big", method="POST", body=body))
    check_equal(status, 200, "status")
    check_equal(site.backend.requests[-1].body, body, "body at the backend")


@case
def plain_listener_refuses_what_is_no_http(site):
    before = site.gateway.drops()
    with connect(site.lab, port=PLAIN_PORT) as sock:
        sock.sendall(b"\x16\x03\x01\x00\x05hello")
        check(sock.recv(65536).startswith(b"HTTP/1.1 400 "), "no page")
    site.check_counted(before, "http_bad_byte")


@case
def plain_listener_keeps_its_limits(site):
    check_equal(ask_plain(site, get("/", fields=["X: " + "x" * 20000]))[0], 431, "status of a large head")
    check_equal(ask_plain(site, get("/a/../b"))[0], 400, "status of an ambiguous path")


@case
def allow_from_holds_on_plain_listeners(site):
    before = site.gateway.drops()
    with Plain(site, PLAIN_PORT) as connection:
        try:
            connection.ask(get("/", host="private.example"))
        except (ConnectionError, Truncated):
            pass
        else:
            raise Failure("a client from elsewhere was answered")
    site.check_counted(before, "listener_denied")
    before = site.gateway.drops()
    try:
        connect(site.lab, port=SECRET_PORT, timeout_s=1.5).close()
    except (TimeoutError, ConnectionError):
        site.check_counted(before, "listener_denied")
        return
    raise Failure("a client from elsewhere was let in")


# redirects

@cases_for([("/a/b?c=d", "/a/b?c=d"), ("http://api.example/abs", "/abs"), ('/q?"<>^`{|}', "/q?%22%3C%3E%5E%60%7B%7C%7D"),
            ("/?to=//evil.test/", "/?to=//evil.test/")], "target {} is redirected to https")
def redirected(site, target):
    asked, wanted = target
    site.backend.forget()
    status, head, body = ask_plain(site, get(asked, host="api.example"), REDIRECT_PORT)
    check_equal((status, head.get("Location"), body), (308, f"https://api.example:{TWO_PORT}{wanted}", b""), "answer")
    check_equal(len(site.backend.requests), 0, "requests that reached the backend")


@case
def redirect_names_only_hosts_of_the_listener(site):
    for host in ("evil.test", "api.example.evil.test", "198.18.0.1", "[::1]", "x.y.api.example"):
        status, head, _ = ask_plain(site, get("/", host=host), REDIRECT_PORT)
        check_equal((status, head.get("Location")), (421, None), f"answer for {host}")
    status, head, _ = ask_plain(site, get("/", host="WWW.api.example:81"), REDIRECT_PORT)
    check_equal((status, head.get("Location")), (308, f"https://www.api.example:{TWO_PORT}/"), "answer")


@cases_for([("a line end", b"GET /\r\nLocation: https://evil.test/ HTTP/1.1\r\nHost: api.example\r\n\r\n"),
            ("a bare line feed", b"GET /\nX: y HTTP/1.1\r\nHost: api.example\r\n\r\n"),
            ("two slashes", get("//evil.test/")), ("a backslash", get("/\\evil.test/")),
            ("a user in the host", get("/", host="api.example@evil.test"))], "{} is refused and not redirected")
def not_redirected(site, attempt):
    status, head, _ = ask_plain(site, attempt[1], REDIRECT_PORT)
    check_equal((status, head.get("Location")), (400, None), "answer")


@case
def redirects_are_counted_and_the_connection_is_kept(site):
    before = site.gateway.counters()["redirects"]
    with Plain(site, REDIRECT_PORT) as connection:
        for _ in range(3):
            check_equal(connection.ask(get("/"))[0], 308, "status")
        status, head, _ = connection.ask(get("/", method="POST", body=b"unread"))
        check_equal((status, head.get("Connection")), (308, "close"), "answer to a request with a body")
    check_equal(site.gateway.counters()["redirects"] - before, 4, "redirects counted")


# health

@case
def health_page_is_answered_without_server_name_host_or_certificate(site):
    site.backend.forget()
    with site.connect(None, sni=None, any_name=True, port=LB_PORT) as connection:
        answer = connection.ask(get("/health", host="198.18.0.1"))
        check_equal((answer.status, answer.body), (200, b"ok\n"), "answer over TLS")
    check_equal(ask_plain(site, get("/health", host="198.18.0.1"))[::2], (200, b"ok\n"), "answer in the clear")
    check_equal(ask_plain(site, get("/health", method="HEAD"), head_only=True)[0], 200, "status for HEAD")
    check_equal(len(site.backend.requests), 0, "requests that reached the backend")


@case
def only_the_path_itself_is_the_health_page(site):
    check_equal(ask_plain(site, get("/health/x"))[2], b"GET /health/x\n", "answer below it")
    check_equal(ask_plain(site, get("/health", method="POST", body=b"x"))[2], b"POST /health\n", "answer to POST")
    with site.connect(port=PORT) as connection:
        check_equal(connection.ask(get("/health")).body, b"GET /health\n", "answer of a listener without one")


main(Site(change))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Who the backend is told the client is: every identity header, against what openssl says of the certificate."""

import base64
import hashlib
import socket
import ssl
import subprocess
import urllib.parse

from support.client import get
from support.site import Site
from support.tap import case, cases_for, check, check_equal, main

AZURE = ("x-client-certificate", "x-client-certificate-start-date", "x-client-certificate-end-date",
         "x-client-certificate-fingerprint", "x-client-certificate-serial", "x-client-certificate-issuer",
         "x-client-certificate-subject", "x-client-certificate-verification")
IDENTITY = AZURE + ("client-cert",)


def openssl_says(identity, *what):
    out = subprocess.run(["openssl", "x509", "-in", str(identity.leaf), "-noout", "-nameopt", "RFC2253",
                          *what], capture_output=True, text=True, check=True).stdout.strip()
    return out.partition("=")[2]


def seen_by_backend(site, who, request=None, **options):
    site.backend.forget()
    answer = site.ask(request or get("/who"), who, **options)
    check_equal(answer.status, 200, "status")
    return site.backend.wait_for(1)[0].head


def check_identity(site, who, head):
    """Each header is there once, and says what openssl says."""
    identity = site.pki.client(who)
    pem = ssl.DER_cert_to_PEM_cert(identity.der())
    want = {
        "client-cert": ":" + base64.b64encode(identity.der()).decode() + ":",
        "x-client-certificate": urllib.parse.quote(pem, safe=""),
        "x-client-certificate-start-date": openssl_says(identity, "-startdate"),
        "x-client-certificate-end-date": openssl_says(identity, "-enddate"),
        "x-client-certificate-fingerprint": hashlib.sha1(identity.der()).hexdigest(),
        "x-client-certificate-serial": openssl_says(identity, "-serial"),
        "x-client-certificate-issuer": openssl_says(identity, "-issuer"),
        "x-client-certificate-subject": openssl_says(identity, "-subject"),
        "x-client-certificate-verification": "SUCCESS",
    }
    for name, value in want.items():
        check_equal(head.all(name), [value], name)


@cases_for(["good", "rsa", "long-dn"], "every identity header is right for the {} client")
def identity_headers(site, who):
    check_identity(site, who, seen_by_backend(site, who))


def nginx_says(site, who):
    """What a real nginx, asked directly, makes of the client's certificate: in the order of AZURE."""
    with socket.socket(socket.AF_UNIX) as plain:
        plain.settimeout(10)
        plain.connect(str(site.nginx.tls_socket))
        with site.tls(who).wrap_socket(plain, server_hostname="api.example") as tls:
            tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
            answer = b"".join(iter(lambda: tls.recv(65536), b""))
    return answer.decode("latin-1").partition("\r\n\r\n")[2].splitlines()


@cases_for(["good", "rsa", "long-dn"], "the azure headers of the {} client are nginx's own variables, letter for letter")
def nginx_format(site, who):
    head = seen_by_backend(site, who)
    check_equal([head.get(name) for name in AZURE], nginx_says(site, who), "headers, beside nginx's")


@cases_for([("TLS 1.2", ssl.TLSVersion.TLSv1_2), ("TLS 1.3", ssl.TLSVersion.TLSv1_3)],
           "the identity is the same over {}")
def versions(site, version):
    check_identity(site, "good", seen_by_backend(site, "good", version=version[1]))


@case
def clients_on_one_gateway_keep_their_own_identity(site):
    with site.connect("good") as one, site.connect("second") as two:
        for connection, name in ((one, "client-good"), (two, "client-second"), (one, "client-good")):
            site.backend.forget()
            connection.ask(get("/"))
            subject = site.backend.wait_for(1)[0].head.all("x-client-certificate-subject")
            check_equal(subject, [f"CN={name},O=Partner,C=SE"], "subject")


@case
def every_request_of_a_connection_carries_the_identity(site):
    with site.connect("good") as connection:
        for number in range(5):
            site.backend.forget()
            check_equal(connection.ask(get(f"/{number}")).status, 200, "status")
            check_identity(site, "good", site.backend.wait_for(1)[0].head)


@case
def listener_without_client_authentication_sends_no_identity(site):
    head = seen_by_backend(site, None, get("/", host="open.example"), sni="open.example")
    check_equal([name for name in head.names() if name in IDENTITY], [], "identity headers")


@case
def certificate_offered_to_an_open_listener_is_ignored(site):
    head = seen_by_backend(site, "good", get("/", host="open.example"), sni="open.example")
    check_equal([name for name in head.names() if name in IDENTITY], [], "identity headers")


@case
def forwarding_headers_name_the_client(site):
    forged = ["X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: http", "X-Forwarded-Port: 1"]
    head = seen_by_backend(site, "good", get("/", fields=forged))
    check_equal(head.all("x-forwarded-for"), ["198.18.0.2"], "X-Forwarded-For")
    check_equal(head.all("x-forwarded-proto"), ["https"], "X-Forwarded-Proto")
    check_equal(head.all("x-forwarded-port"), ["443"], "X-Forwarded-Port")


@case
def nginx_behind_the_gateway_sees_the_identity(site):
    done = site.curl("https://api.example/web/")
    check_equal(done.returncode, 0, f"curl ({done.stderr.strip()})")
    check("subject=CN=client-good,O=Partner,C=SE verify=SUCCESS" in done.stdout, f"nginx saw: {done.stdout}")


main(Site())

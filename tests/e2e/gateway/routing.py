# SPDX-License-Identifier: GPL-3.0-or-later
"""Which listener a client gets, and what it may ask for there: SNI, Host, allow_from, paths."""

import ssl

from support.client import connect, get
from support.site import Site
from support.tap import Failure, case, cases_for, check, check_equal, main

PRIVATE_PORT = 4443


def change(config):
    """A second address, with a default listener, for clients without a name; and a port that the lab's client may
    not use."""
    api = config["listeners"][0]
    config["listeners"] += [
        {**api, "name": "fallback", "address": "198.18.0.1:8443", "hosts": ["fallback.example"], "default": True},
        {**api, "name": "private", "address": f"198.18.0.1:{PRIVATE_PORT}", "allow_from": ["198.18.0.128/25"]},
        {**api, "name": "neighbours", "address": "198.18.0.1:5443", "allow_from": ["10.0.0.0/8", "198.18.0.0/30"]},
    ]
    config["rules"] += [{"listener": name, "path": "/", "pool": "app"} for name in ("private", "neighbours")]
    config["rules"] += [{"listener": "fallback", "path": "/only/here", "pool": "app"}]


def common_name(connection):
    subject = connection.sock.getpeercert()["subject"]
    return dict(pair for relative in subject for pair in relative)["commonName"]


@cases_for(["api.example", "open.example"], "SNI {} gets its own certificate")
def certificates(site, host):
    with site.connect(sni=host) as connection:
        check_equal(common_name(connection), host, "certificate")


@case
def server_name_is_matched_without_regard_to_case(site):
    with site.connect(sni="API.Example", any_name=True) as connection:
        check_equal(common_name(connection), "api.example", "certificate")


@cases_for([("an unknown name", "unknown.example"), ("no name", None)],
           "{} is refused by unrecognized_name where no listener is the default")
def unknown_name(site, name):
    try:
        site.connect(sni=name[1]).close()
    except ssl.SSLError as error:
        check("unrecognized name" in str(error).lower().replace("_", " "), f"the client was told {error}")
        return
    raise Failure("the handshake succeeded")


@cases_for([("an unknown name", "unknown.example"), ("no name", None)], "{} gets the address's default listener")
def default_listener(site, name):
    with site.connect(sni=name[1], any_name=True, port=8443) as connection:
        check_equal(common_name(connection), "api.example", "certificate")
        answer = connection.ask(get("/only/here", host="fallback.example"))
        check_equal(answer.status, 200, "status")


@cases_for([("the other listener's host", "api.example", "open.example", "good"),
            ("the protected host, over the open listener,", "open.example", "api.example", None),
            ("the protected host, over the open listener, with a certificate", "open.example", "api.example", "good"),
            ("a host of nobody", "api.example", "nobody.example", "good"),
            ("the address as host", "api.example", "198.18.0.1", "good")],
           "{} gets 421")
def misdirected(site, attempt):
    _, sni, host, who = attempt
    site.backend.forget()
    answer = site.ask(get("/secret", host=host), who, sni=sni)
    check_equal(answer.status, 421, "status")
    check_equal(len(site.backend.requests), 0, "requests that reached the backend")


@case
def host_is_matched_without_regard_to_case_and_with_the_port(site):
    for host in ("API.example", "api.example:443", "Api.Example:443"):
        check_equal(site.ask(get("/", host=host)).status, 200, f"status for Host {host}")


@case
def every_request_of_a_connection_is_checked_for_its_host(site):
    with site.connect() as connection:
        check_equal(connection.ask(get("/")).status, 200, "status")
        site.backend.forget()
        check_equal(connection.ask(get("/secret", host="open.example")).status, 421, "status")
        check_equal(len(site.backend.requests), 0, "requests that reached the backend")


@cases_for([("/only/here", 200), ("/only/here/", 200), ("/only/here/and/below", 200), ("/only/here?query=/", 200),
            ("/only/hereafter", 404), ("/only", 404), ("/", 404), ("/ONLY/HERE", 404)],
           "path {} meets a rule only at a segment boundary")
def prefixes(site, path):
    target, status = path
    with site.connect(sni="fallback.example", any_name=True, port=8443) as connection:
        check_equal(connection.ask(get(target, host="fallback.example")).status, status, f"status for {target}")


@cases_for(["/web/../secret", "/./secret", "//secret", "/a//b", "/a\\b", "/a%2fb", "/a%2Fb", "/a%00b", "/%2e%2e/secret",
            "/web/%2e./secret", "/web/.%2E/secret"], "target {} gets 400")
def ambiguous_targets(site, target):
    site.backend.forget()
    check_equal(site.ask(get(target)).status, 400, f"status for {target}")
    check_equal(len(site.backend.requests), 0, "requests that reached the backend")


@case
def longest_prefix_wins(site):
    check("subject=" in site.ask(get("/web/")).text, "/web/ did not go to nginx")
    check_equal(site.ask(get("/webbing")).body, b"GET /webbing\n", "/webbing")


@case
def client_outside_allow_from_gets_no_handshake(site):
    before = site.gateway.drops()
    try:
        site.connect(port=PRIVATE_PORT, timeout_s=1.5).close()
    except (TimeoutError, ssl.SSLError, ConnectionError):
        site.check_counted(before, "listener_denied")
        return
    raise Failure("a client from elsewhere was let in")


@case
def client_inside_allow_from_is_served(site):
    with site.connect(port=5443) as connection:
        check_equal(connection.ask(get("/")).status, 200, "status")


@case
def port_without_a_listener_is_refused(site):
    try:
        connect(site.lab, port=9999, timeout_s=2).close()
    except ConnectionRefusedError:
        return
    raise Failure("port 9999 is open")


main(Site(change))

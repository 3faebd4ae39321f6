# SPDX-License-Identifier: GPL-3.0-or-later
"""What each mode of client_auth does with each kind of client: answer, alert, headers at the backend, log, counters; and
that each setting of a profile decides who is let in."""

import hashlib
import json
import pathlib
import ssl
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from support.client import context, get
from support.pki import Authority
from support.site import Site
from support.tap import case, cases_for, check, check_equal, eventually, main

VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
CERTIFICATE = ("x-client-certificate", "x-client-certificate-start-date", "x-client-certificate-end-date",
               "x-client-certificate-fingerprint", "x-client-certificate-serial", "x-client-certificate-issuer",
               "x-client-certificate-subject")
VERIFICATION = "x-client-certificate-verification"

# who, its reason code, the alert that a client of OpenSSL names so
REFUSED = (
    ("expired", "expired", "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
    ("not-yet-valid", "not_yet_valid", "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
    ("other", "unknown_issuer", "TLSV1_ALERT_UNKNOWN_CA"),
    ("server-auth", "extended_key_usage", "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"),
    ("below-leaf", "not_a_ca", "SSLV3_ALERT_BAD_CERTIFICATE"),
    ("unknown-critical", "unknown_critical", "SSLV3_ALERT_CERTIFICATE_UNKNOWN"),
)


# The client of SETTINGS: an intermediate between it and the root, keys of P-256 (or RSA of 2048 bits), signatures with SHA-256.
NAMES = (x509.UniformResourceIdentifier("spiffe://2001.example/web"), x509.DNSName("web.example"))
CLIENTS = {}
SHA256_OF_WEB = "the SHA-256 of its certificate"

# what the name of a case says, who, settings that let the client in, settings that do not, the reason
SETTINGS = (
    ("verify_depth", "web", {"verify_depth": 1}, {"verify_depth": 0}, "chain_too_long"),
    ("rsa_bits_min", "rsa", {"rsa_bits_min": 2048}, {"rsa_bits_min": 2049}, "weak_key"),
    ("ec_bits_min", "web", {"ec_bits_min": 256}, {"ec_bits_min": 384}, "weak_key"),
    ("digests", "web", {"digests": ["sha256"]}, {"digests": ["sha384", "sha512"]}, "weak_digest"),
    ("spiffe_trust_domain", "web", {"spiffe_trust_domain": "2001.example"}, {"spiffe_trust_domain": "2001"}, "name_not_allowed"),
    ("allowed_names", "web", {"allowed_names": ["dns:exact:x.example", "uri:prefix:spiffe://2001.example/"]},
     {"allowed_names": ["dns:exact:x.example", "uri:prefix:spiffe://2001"]}, "name_not_allowed"),
    ("allowed_leaves", "web", {"allowed_leaves": [SHA256_OF_WEB, "00" * 32]}, {"allowed_leaves": ["ff" * 32, "00" * 32]},
     "name_not_allowed"),
    ("search_limits.certificates", "web", {"search_limits": {"certificates": 2}}, {"search_limits": {"certificates": 1}},
     "chain_too_long"),
    ("search_limits.candidates", "web", {"search_limits": {"candidates": 2}}, {"search_limits": {"candidates": 1}}, "search_limit"),
)


def every_setting(config):
    directory = pathlib.Path(config["trust_stores"][0]["files"][0]).parent
    root = Authority(directory, "settings root")
    issuing = Authority(directory, "settings issuing", root)
    CLIENTS["web"] = issuing.client(NAMES)
    CLIENTS["rsa"] = issuing.client(NAMES, rsa.generate_private_key(65537, 2048))
    store = directory / "settings.pem"
    store.write_text(root.pem)
    config["trust_stores"].append({"name": "settings", "files": [str(store)]})
    for what, _, let_in, refused, _ in SETTINGS:
        for name, asked in ((f"{what}-lets-in", let_in), (f"{what}-refuses", refused)):
            asked = json.loads(json.dumps(asked).replace(SHA256_OF_WEB, hashlib.sha256(CLIENTS["web"].der()).hexdigest()))
            add_profile(config, name, {"mode": "require", "trust_store": "settings", **asked})


def add_profile(config, name, auth):
    """With a listener for NAME.example."""
    config["ssl_profiles"].append({"name": name, "client_auth": auth})
    config["listeners"].append({**config["listeners"][0], "name": name, "hosts": [host_of(name)], "ssl_profile": name,
                                "identity_headers": ["azure"]})
    config["rules"].append({"listener": name, "path": "/", "pool": "app"})


def host_of(name):
    return f"{name.replace('_', '-')}.example"


def every_mode(config):
    config["access_log"] = {"path": config["control"]["socket"].replace("control.sock", "access.log")}
    every_setting(config)
    for mode in ("request", "require", "passthrough"):
        for on_failure in ("http-400", "alert"):
            auth = {"mode": mode, "on_failure": on_failure}
            if mode != "passthrough":
                auth["trust_store"] = "partners"
            add_profile(config, f"{mode}-{on_failure}", auth)


def log_lines(site, listener):
    """Those of single requests to it: sums of refusals come later."""
    path = site.directory / "access.log"
    text = path.read_text() if path.exists() else ""
    lines = [json.loads(line) for line in text.splitlines(True) if line.endswith("\n")]
    return [line for line in lines if "repeated" not in line and line["listener"] == listener]


class Observed:
    """One connection to the listener `name` with one request: what it did to the counters and, if logged, to the log,
    where a refusal like one of the last seconds has no line of its own."""

    def __init__(self, site, name, who, version, fields=(), logged=True):
        host = host_of(name)
        identity = CLIENTS.get(who) or (site.pki.client(who) if who else None)
        counters, seen = site.gateway.counters(), len(log_lines(site, name))
        self.alert = self.answer = None
        site.backend.forget()
        try:
            with site.connect(tls=context(site.pki, identity, version=version), sni=host, any_name=True) as connection:
                connection.send(get("/who", host=host, fields=fields))
                if not connection.stream.at_end():
                    self.answer = connection.read()
        except ssl.SSLError as error:
            self.alert = error.reason
        self.log = eventually(lambda: log_lines(site, name)[seen:], "a line in the log")[0] if logged else None
        after = site.gateway.counters()
        self.counted = sorted(key for key in after if key.startswith("client_") and after[key] != counters[key]
                              and key != "client_refused_withheld")
        self.heads = [request.head for request in site.backend.requests]

    def check_forwarded(self, verification, verify, counter):
        check(self.answer is not None, f"alert {self.alert}")
        check_equal(self.answer.status, 200, "status")
        check_equal(self.heads[0].all(VERIFICATION), [verification], VERIFICATION)
        check_equal(self.log["client_verify"], verify, "client_verify")
        check_equal(self.counted, [counter], "counters that rose")

    def check_refused(self, reason, alert):
        check_equal(self.heads, [], "requests at the backend")
        if self.log is not None:
            verify = "NONE" if reason == "no_certificate" else f"FAILED:{reason}"
            check_equal((self.log["client_verify"], self.log["client_reason"]), (verify, reason), "verdict in the log")
        check_equal(self.counted, [f"client_{reason}"], "counters that rose")
        if alert is not None:
            check_equal(self.alert, alert, "alert")
            return
        check(self.answer is not None, f"alert {self.alert}")
        check_equal(self.answer.status, 400, "status")
        check(reason in self.answer.text, f"the page says {self.answer.text!r}")


@cases_for(["request", "require"], "mode {} refuses a bad certificate, by page or by alert")
def bad_certificates(site, mode):
    for version in VERSIONS:
        for who, reason, alert in REFUSED:
            logged = version is VERSIONS[0]
            Observed(site, f"{mode}-http-400", who, version, logged=logged).check_refused(reason, None)
            Observed(site, f"{mode}-alert", who, version, logged=logged).check_refused(reason, alert)


@cases_for(["request", "require"], "mode {} forwards an accepted certificate")
def good_certificates(site, mode):
    for version in VERSIONS:
        for on_failure in ("http-400", "alert"):
            seen = Observed(site, f"{mode}-{on_failure}", "good", version)
            seen.check_forwarded("SUCCESS", "SUCCESS", "client_ok")
            for name in CERTIFICATE:
                check_equal(len(seen.heads[0].all(name)), 1, name)


@case
def mode_require_refuses_a_client_without_certificate(site):
    for version, alert in zip(VERSIONS, ("SSLV3_ALERT_HANDSHAKE_FAILURE", "TLSV13_ALERT_CERTIFICATE_REQUIRED")):
        logged = version is VERSIONS[0]
        Observed(site, "require-http-400", None, version, logged=logged).check_refused("no_certificate", None)
        Observed(site, "require-alert", None, version, logged=logged).check_refused("no_certificate", alert)


@cases_for(["request", "passthrough"], "mode {} forwards a client without certificate, and says so")
def no_certificate(site, mode):
    forged = ["X-Client-Certificate: forged", "X-Client-Certificate-Verification: SUCCESS", "Client-Cert: :Zm9yZ2Vk:"]
    for version in VERSIONS:
        for on_failure in ("http-400", "alert"):
            seen = Observed(site, f"{mode}-{on_failure}", None, version, forged)
            seen.check_forwarded("NONE", "NONE", "client_no_certificate")
            for name in CERTIFICATE + ("client-cert",):
                check_equal(seen.heads[0].all(name), [], name)


@cases_for(["good", "other", "self-signed", "expired", "server-auth", "twin", "odd-dn"],
           "mode passthrough forwards the {} client as presented")
def passed_through(site, who):
    identity = site.pki.client(who)
    pem = urllib.parse.quote(ssl.DER_cert_to_PEM_cert(identity.der()), safe="")
    for version in VERSIONS:
        for on_failure in ("http-400", "alert"):
            seen = Observed(site, f"passthrough-{on_failure}", who, version, ["X-Client-Certificate: forged"])
            seen.check_forwarded("PASSTHROUGH", "PASSTHROUGH", "client_unjudged")
            check_equal(seen.heads[0].all("x-client-certificate"), [pem], "x-client-certificate")


@cases_for(SETTINGS, "client_auth.{} decides who is let in")
def setting(site, row):
    what, who, _, _, reason = row
    for version in VERSIONS:
        Observed(site, f"{what}-refuses", who, version, logged=False).check_refused(reason, None)
        Observed(site, f"{what}-lets-in", who, version).check_forwarded("SUCCESS", "SUCCESS", "client_ok")


@case
def mode_passthrough_still_asks_for_the_key(site):
    for version in VERSIONS:
        before = site.gateway.drops()
        seen = Observed(site, "passthrough-http-400", "liar", version, logged=False)
        check_equal(seen.heads, [], "requests at the backend")
        check_equal(seen.counted, [], "counters that rose")
        site.check_counted(before, "tls_handshake_bad_certificate_verify")


@case
def only_verdicts_count_as_authentications(site):
    def counts(name):
        listener = next(row for row in site.gateway.status()["listeners"] if row["name"] == name)
        return listener["auth_ok"], listener["auth_failed"]

    for name, who, ok, failed in (("request-http-400", None, 0, 0), ("request-http-400", "good", 1, 0),
                                  ("request-http-400", "expired", 0, 1), ("request-alert", "expired", 0, 1),
                                  ("passthrough-http-400", "expired", 0, 0)):
        before = counts(name)
        Observed(site, name, who, VERSIONS[1], logged=False)
        after = counts(name)
        check_equal((after[0] - before[0], after[1] - before[1]), (ok, failed), f"(auth_ok, auth_failed) of {who} at {name}")


main(Site(every_mode))

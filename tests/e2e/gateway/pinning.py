# SPDX-License-Identifier: GPL-3.0-or-later
"""client_auth.verify_issuer_dn: which name each shape of trust file pins, shown by handshakes.  Every client here has a good
path; where nobody asks for a pinned issuer it is accepted."""

import pathlib
import ssl

from support.client import context, get
from support.pki import Authority
from support.site import Site
from support.tap import case, cases_for, check, check_equal, main

VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)

# shape of the file, its CAs in order as (name, issuer), whose clients are let in, whose are not
SCENARIOS = (
    ("root and intermediate", (("root", None), ("int", "root")), "int", "root"),
    ("root and two intermediates", (("root", None), ("int1", "root"), ("int2", "int1")), "int2", "int1"),
    ("root alone", (("root", None),), "root", "presented"),
    ("two chains of one length", (("root", None), ("int1", "root"), ("int2", "root")), "int1", "int2"),
    ("chains of different lengths", (("root", None), ("short", "root"), ("int1", "root"), ("int2", "int1")), "int2", "short"),
)
WORLDS = {}  # of each scenario the clients that are let in and refused


def make_world(directory, shape, cas, pinned, other):
    made = {}
    for name, issuer in cas:
        made[name] = Authority(directory, f"{shape} {name}", made.get(issuer))
    store = directory / f"{shape}.pem"
    store.write_text("".join(made[name].pem for name, _ in cas))
    if other == "presented":
        made[other] = Authority(directory, f"{shape} {other}", made["root"])
    WORLDS[shape] = (made[pinned].client(), made[other].client())
    return store


def pinning(config):
    api = config["listeners"][0]
    directory = pathlib.Path(config["trust_stores"][0]["files"][0]).parent
    for number, (shape, *scenario) in enumerate(SCENARIOS):
        store = make_world(directory, shape, *scenario)
        config["trust_stores"].append({"name": f"store-{number}", "files": [str(store)]})
        for kind, asked in (("asks", {"verify_issuer_dn": True}), ("alerts", {"verify_issuer_dn": True, "on_failure": "alert"}),
                            ("trusts", {})):
            name = f"{kind}-{number}"
            auth = {"mode": "require", "trust_store": f"store-{number}", **asked}
            config["ssl_profiles"].append({"name": name, "client_auth": auth})
            config["listeners"].append({**api, "name": name, "hosts": [f"{name}.example"], "ssl_profile": name})
            config["rules"].append({"listener": name, "path": "/", "pool": "app"})


def ask(site, name, identity, version):
    host = f"{name}.example"
    site.backend.forget()
    tls = context(site.pki, identity, version=version)
    with site.connect(tls=tls, sni=host, any_name=True) as connection:
        return connection.ask(get("/who", host=host))


def check_accepted(site, name, identity, version):
    check_equal(ask(site, name, identity, version).status, 200, f"status at {name}")


@cases_for(SCENARIOS, "the pinned issuer of {}")
def pinned_issuer(site, scenario):
    number, (let_in, refused) = SCENARIOS.index(scenario), WORLDS[scenario[0]]
    for version in VERSIONS:
        for name in (f"asks-{number}", f"alerts-{number}", f"trusts-{number}"):
            check_accepted(site, name, let_in, version)
        check_accepted(site, f"trusts-{number}", refused, version)
        answer = ask(site, f"asks-{number}", refused, version)
        check_equal(answer.status, 400, "status")
        check("issuer_not_pinned" in answer.text, f"the page says {answer.text!r}")
        check_equal(site.backend.requests, [], "requests at the backend")
        try:
            answer = ask(site, f"alerts-{number}", refused, version)
            check(False, f"no alert but {answer.status}")
        except ssl.SSLError as error:
            check_equal(error.reason, "TLSV1_ALERT_ACCESS_DENIED", "alert")
        check_equal(site.backend.requests, [], "requests at the backend")


@case
def pinned_issuers_are_in_the_event_log(site):
    said = [line.split("event=")[1] for line in site.gateway.events("issuer_pinned")]
    wanted = []
    for number, (shape, _, pinned, _) in enumerate(SCENARIOS):
        wanted += [f'issuer_pinned profile={kind}-{number} issuer="CN={shape} {pinned}"' for kind in ("asks", "alerts")]
    check_equal(said, wanted, "events")


main(Site(pinning))

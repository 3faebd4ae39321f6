# SPDX-License-Identifier: GPL-3.0-or-later
"""What Prometheus reads: well-formed, complete, with help, and true; and nothing else is served there."""

import http.client
import json
import re
import shutil
import socket
import subprocess

from support.client import get
from support.lab import BUILD, GATEWAY_FRONT, ROOT
from support.site import Site
from support.tap import Failure, case, check, check_equal, eventually, main

SALLYPORT = BUILD / "app/gateway/sallyport"
ADDRESS, PORT = "127.0.0.1", 9100
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'


def with_metrics(config):
    config["metrics"] = {"address": f"{ADDRESS}:{PORT}"}


def fetch(site, path="/metrics", method="GET", body=None):
    def ask():
        connection = http.client.HTTPConnection(ADDRESS, PORT, timeout=5)
        connection.request(method, path, body)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer

    return site.lab.inside("gw", ask)


def parse(text):
    """Strictly: {family: {type, help, samples: {labels: value}}}."""
    check(text.endswith("\n"), "the last line does not end")
    families, current = {}, None
    for line in text[:-1].split("\n"):
        help_line = re.fullmatch(rf"# HELP ({NAME}) ((?:[^\\\n]|\\[\\n])+)", line)
        type_line = re.fullmatch(rf"# TYPE ({NAME}) (counter|gauge)", line)
        sample = re.fullmatch(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\d+)", line)
        if help_line:
            check(help_line[1] not in families, f"family {help_line[1]} twice")
            current = families[help_line[1]] = {"help": help_line[2], "samples": {}}
            name = help_line[1]
        elif type_line:
            check(type_line[1] == name and "type" not in current, f"misplaced: {line}")
            current["type"] = type_line[2]
            check((type_line[2] == "counter") == name.endswith("_total"), f"name of {name}")
        elif sample:
            check(sample[1] == name and "type" in current, f"misplaced: {line}")
            check(sample[2] not in current["samples"], f"twice: {line}")
            current["samples"][sample[2]] = int(sample[3])
        else:
            raise Failure(f"no line of the format: {line!r}")
    return families


def value(families, name, labels=None):
    return families[name]["samples"][labels]


def of_workers(families, name):
    """What every worker counted, in their order."""
    return [value(families, name, f'worker="{number}"') for number in range(len(families[name]["samples"]))]


@case
def the_page_is_well_formed(site):
    answer = fetch(site)
    check_equal((answer.status, answer.getheader("Content-Type")),
                (200, "text/plain; version=0.0.4; charset=utf-8"), "status and type")
    families = parse(answer.text)
    check(all("type" in family for family in families.values()), "a family without a type")
    if shutil.which("promtool"):
        done = subprocess.run(["promtool", "check", "metrics"], input=answer.text, capture_output=True, text=True)
        check_equal(done.returncode, 0, f"promtool: {done.stderr or done.stdout}")


@case
def every_counter_and_drop_is_there_with_its_help(site):
    families = parse(fetch(site).text)
    status = site.gateway.status()
    helps = {}
    for table, macro in ("base/counters.def", "COUNTER"), ("base/drops.def", "DROP"):
        helps.update({(macro, name): text.replace('\\"', '"') for name, text in
                      re.findall(rf'^{macro}\((\w+), \w+, "((?:[^"\\]|\\.)*)"\)', (ROOT / table).read_text(), re.M)})
    for macro, prefix, names in ("COUNTER", "", status["counters"]), ("DROP", "drop_", status["drops"]):
        for name in names:
            family = families[f"sallyport_{prefix}{name}_total"]
            check(len(family["samples"]) >= 1, f"no sample of {name}")
            if (macro, name) in helps:
                check_equal(family["help"], helps[macro, name], f"help of {name}")


@case
def figures_are_those_of_status(site):
    with site.connect() as connection:
        for _ in range(3):
            connection.ask(get("/"))
        connection.ask(get("/", host="nobody.example"))

    def same():
        families, status = parse(fetch(site).text), site.gateway.status()
        api = status["listeners"][0]
        return (value(families, "sallyport_listener_requests_total", 'listener="api"') == api["requests"] >= 4
                and value(families, "sallyport_listener_responses_total", 'listener="api",class="2xx"') == api["status"]["2xx"]
                and sum(of_workers(families, "sallyport_drop_http_host_mismatch_total"))
                == status["drops"]["http_host_mismatch"]
                and value(families, "sallyport_pool_size", 'worker="0",pool="sessions"')
                == status["workers"][0]["pools"]["sessions"]["size"]
                and value(families, "sallyport_backend_requests_total", 'pool="app",server="198.19.0.2:8080"')
                == status["backend_pools"][0]["servers"][0]["requests"])

    eventually(same, "metrics and status agree")


@case
def every_worker_has_its_own_figures(site):
    def handshakes():
        return of_workers(parse(fetch(site).text), "sallyport_tls_handshakes_13_total")

    before, asked = handshakes(), 10 * site.workers
    for _ in range(asked):
        site.ask(get("/"))

    def all_rose():
        rose = [now - then for now, then in zip(handshakes(), before)]
        return sum(rose) == asked and min(rose) > 0

    check_equal(len(before), site.workers, "workers on the page")
    eventually(all_rose, f"{asked} handshakes, some by every worker")


@case
def health_is_answered(site):
    answer = fetch(site, "/healthz")
    check_equal((answer.status, answer.text), (200, "ok\n"), "the answer")


@case
def nothing_else_is_served(site):
    for path, method, expected in (("/", "GET", 404), ("/metrics/x", "GET", 404), ("/metricsx", "GET", 404),
                                   ("/metrics", "POST", 405), ("/metrics", "HEAD", 405), ("/healthz", "DELETE", 405)):
        answer = fetch(site, path, method, b"x" * 100 if method == "POST" else None)
        check_equal(answer.status, expected, f"{method} {path}")
        if expected == 405:
            check_equal(answer.getheader("Allow"), "GET", "Allow")


@case
def garbage_and_silence_do_not_stop_it(site):
    def dial():
        return socket.create_connection((ADDRESS, PORT), 5)

    silent = [site.lab.inside("gw", dial) for _ in range(20)]
    for sock in silent[:5]:
        sock.sendall(b"\x16\x03\x01" + bytes(2000) + b"\r\n\r\n")
    for sock in silent[5:]:
        sock.close()
    check_equal(eventually(lambda: fetch(site).status, "an answer", 10), 200, "status")
    site.gateway.status()
    for sock in silent[:5]:
        sock.close()


@case
def the_front_does_not_serve_it(site):
    check_equal(site.ask(get("/metrics")).body, b"GET /metrics\n", "it goes to the backend as any path")


def start_with(site, address):
    config = json.loads(site.gateway.config.read_text())
    config["metrics"]["address"] = address
    config["control"]["socket"] = str(site.directory / "other.sock")
    path = site.directory / "other.yaml"
    path.write_text(json.dumps(config, indent=1))
    return site.lab.run("gw", SALLYPORT, "--config", path, timeout=30)


@case
def a_port_in_use_stops_the_start(site):
    done = start_with(site, f"{ADDRESS}:{PORT}")
    check_equal(done.returncode, 3, f"exit status ({done.stderr[-300:]})")
    check("metrics.address: 127.0.0.1:9100: Address already in use; stop what listens there" in done.stderr, done.stderr)


@case
def an_address_that_the_kernel_has_not_stops_the_start(site):
    done = start_with(site, "203.0.113.1:9100")
    check_equal(done.returncode, 3, f"exit status ({done.stderr[-300:]})")
    check("such as 127.0.0.1" in done.stderr, done.stderr)


@case
def an_address_of_a_port_is_refused_with_the_file(site):
    done = start_with(site, f"{GATEWAY_FRONT}:9100")
    check_equal(done.returncode, 1, f"exit status ({done.stderr[-300:]})")
    check("metrics.address: is an address of port front" in done.stderr, done.stderr)


main(Site(with_metrics))

# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator relies on: exit statuses, the log's events, the status document, and a stop that is clean."""

import json
import re
import subprocess

from support.client import get
from support.lab import BUILD
from support.site import Site
from support.tap import case, cases_for, check, check_equal, main

SALLYPORT = BUILD / "app/gateway/sallyport"
SALLYPORTCTL = BUILD / "app/sallyportctl/sallyportctl"

# Every key that outsiders script against, as the document nests them.
SHAPE = {
    "schema": int, "version": str, "pid": int, "uptime_s": int, "state": str, "generation": int, "config_digest": str,
    "workers": [{"id": int, "core": int, "sessions": int, "time_wait": int, "backend_conns": int, "steer_in": int,
                 "steer_out": int, "allocs": int, "busy_cycles": int, "total_cycles": int, "pools": dict}],
    "ports": [{"name": str, "device": str, "driver": str, "mac": str, "link": str, "mtu": int, "rx_pkts": int,
               "tx_pkts": int, "rx_dropped": int}],
    "listeners": [{"name": str, "address": str, "sessions": int, "handshakes_ok": int, "handshakes_failed": int,
                   "auth_ok": int, "auth_failed": int, "requests": int, "status": dict}],
    "backend_pools": [{"name": str, "servers": [{"address": str, "state": str, "conns": int, "requests": int,
                                                 "failures": int}]}],
    "counters": dict, "drops": dict,
}


def check_shape(value, shape, path="status"):
    if isinstance(shape, dict):
        check(set(shape) <= set(value), f"{path} lacks {sorted(set(shape) - set(value))}")
        for key, part in shape.items():
            check_shape(value[key], part, f"{path}.{key}")
    elif isinstance(shape, list):
        check(len(value) > 0, f"{path} is empty")
        for number, item in enumerate(value):
            check_shape(item, shape[0], f"{path}[{number}]")
    else:
        check(type(value) is shape, f"{path} is {value!r}, no {shape.__name__}")


def run(*command):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=30)


@case
def status_document_has_every_key(site):
    check_shape(site.gateway.status(), SHAPE)


@case
def status_document_counts_what_happened(site):
    before = site.gateway.status()
    site.backend.forget()
    with site.connect() as connection:
        for _ in range(3):
            connection.ask(get("/"))
        during = site.gateway.status()
        connection.ask(get("/nowhere", host="nobody.example"))
    after = site.gateway.status()
    check_equal(during["listeners"][0]["sessions"] - before["listeners"][0]["sessions"], 1, "open sessions")
    change = {key: after["listeners"][0][key] - before["listeners"][0][key]
              for key in ("handshakes_ok", "handshakes_failed", "auth_ok", "auth_failed", "requests")}
    check_equal(change, {"handshakes_ok": 1, "handshakes_failed": 0, "auth_ok": 1, "auth_failed": 0, "requests": 4},
                "the listener's counts")
    statuses = {key: after["listeners"][0]["status"][key] - before["listeners"][0]["status"][key]
                for key in after["listeners"][0]["status"]}
    check_equal((statuses["2xx"], statuses["4xx"], statuses["5xx"]), (3, 1, 0), "answers by class")
    pools = {pool["name"]: pool["servers"][0] for pool in after["backend_pools"]}
    check(pools["app"]["requests"] >= 3, f"requests to the pool: {pools['app']}")
    check_equal(after["drops"]["http_host_mismatch"] - before["drops"]["http_host_mismatch"], 1, "host_mismatch")


@case
def human_status_names_listeners_ports_and_pools(site):
    done = run(SALLYPORTCTL, "status", "--socket", site.gateway.socket)
    check_equal(done.returncode, 0, f"exit status ({done.stderr})")
    for word in ("api", "open", "front", "back", "app", "mbuf"):
        check(re.search(rf"\b{word}\b", done.stdout), f"no {word} in:\n{done.stdout}")


@case
def status_without_a_gateway_could_not_tell(site):
    done = run(SALLYPORTCTL, "status", "--json", "--socket", site.directory / "nobody.sock")
    check_equal((done.returncode, done.stdout), (2, ""), "exit status and output")
    check(done.stderr.strip(), "no word of why")


@case
def log_says_starting_and_ready(site):
    events = [re.search(r"event=(\w+)", line).group(1) for line in site.gateway.log if "event=" in line]
    check(events.index("starting") < events.index("ready"), f"events {events}")
    ready = next(line for line in site.gateway.log if "event=ready" in line)
    check(re.match(r"ts=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*Z level=info event=ready generation=1 workers=1", ready),
          f"the line is {ready!r}")


@case
def good_start_up_file_passes_the_check(site):
    for program in ((SALLYPORT, "--check", "--config"), (SALLYPORTCTL, "check")):
        done = run(*program, site.gateway.config)
        check_equal(done.returncode, 0, f"{program[0].name}'s exit status ({done.stderr})")
        check(re.fullmatch(rf"{site.gateway.config}: ok, 2 listeners, 4 pools, digest sha256:[0-9a-f]{{64}}\n", done.stdout),
              f"{program[0].name} says {done.stdout!r}")


@case
def printed_configuration_reads_back_as_itself(site):
    first = run(SALLYPORT, "--print-config", "--config", site.gateway.config)
    again = site.directory / "printed.yaml"
    again.write_text(first.stdout)
    second = run(SALLYPORT, "--print-config", "--config", again)
    check_equal((first.returncode, second.returncode), (0, 0), f"exit statuses ({first.stderr}{second.stderr})")
    check_equal(second.stdout, first.stdout, "printed twice")


def start_with(site, change):
    config = json.loads(site.gateway.config.read_text())
    config["control"]["socket"] = str(site.directory / "other.sock")
    change(config)
    path = site.directory / "other.yaml"
    path.write_text(json.dumps(config, indent=1))
    return site.lab.run("gw", SALLYPORT, "--config", path, timeout=20)


@cases_for([("an unknown key", 1, lambda c: c.update(colour="green")),
            ("a missing certificate file", 1, lambda c: c["listeners"][0].update(certificate="/nonexistent.pem")),
            ("a device that is not there", 3, lambda c: c["ports"][0].update(device="af_packet:nosuch0")),
            ("a core that is not there", 3, lambda c: c["workers"].update(cores=[126]))],
           "a start-up file with {} is refused with its exit status")
def refused_start(site, what):
    _, status, change = what
    done = start_with(site, change)
    check_equal(done.returncode, status, f"exit status ({done.stderr[-400:]})")
    check(done.stderr.strip(), "no word of why")
    site.check_serves()


@case
def a_second_gateway_does_not_take_the_socket_of_the_first(site):
    done = start_with(site, lambda config: config["control"].update(socket=str(site.gateway.socket)))
    check_equal(done.returncode, 3, f"exit status ({done.stderr[-400:]})")
    check("control.socket: another gateway answers on " in done.stderr, done.stderr)
    check_equal(site.gateway.status()["pid"], site.gateway.pid, "who answers")


@case
def wrong_usage_is_status_2(site):
    for command in ((SALLYPORT,), (SALLYPORT, "--nonsense"), (SALLYPORTCTL,), (SALLYPORTCTL, "nonsense")):
        check_equal(run(*command).returncode, 2, f"exit status of {' '.join(map(str, command))}")


@case
def version_and_help_are_status_0(site):
    for program in (SALLYPORT, SALLYPORTCTL):
        for option in ("--version", "--help"):
            check_equal(run(program, option).returncode, 0, f"{program.name} {option}")
    check("wolfSSL" in run(SALLYPORT, "--version").stdout, "the version does not say what was built in")


@case
def open_sessions_do_not_keep_the_gateway_from_stopping(site):
    site.keep = [site.connect() for _ in range(5)]  # the last case stops it with these still open


main(Site())

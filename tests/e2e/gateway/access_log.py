# SPDX-License-Identifier: GPL-3.0-or-later
"""The access log: each answer has exactly one line, whose id is the one that the client was shown, and the sums agree."""

import contextlib
import fcntl
import json
import os
import re
import signal
import socket
import ssl
import subprocess

from support.client import connect, get
from support.lab import BACKEND, CLIENT, GATEWAY_FRONT
from support.recorder import answer_never
from support.site import Site
from support.tap import case, check, check_equal, eventually, main

KEYS = ("ts id listener client_ip client_port tls_version tls_cipher sni resumed client_verify client_reason "
        "client_subject client_sha256 method host target status bytes_in bytes_out backend backend_status duration_us "
        "backend_us error").split()
SUMMED_FOR_S = 10
RING_RECORDS = 4096  # a worker may be ahead of the writer


def with_log(config):
    to_path(config)
    config["time_limits"] = {"header": "500ms", "response": "2s"}
    # A page of the gateway's own, for as many requests as can be.
    config["listeners"].append({"name": "health", "address": f"{GATEWAY_FRONT}:80", "tls": "off", "health": "/health"})


def to_path(config):
    config["access_log"] = {"path": config["control"]["socket"].replace("control.sock", "access.log")}


def to_stdout(config):
    config["access_log"] = {"stdout": True}


def lines(site):
    path = site.directory / "access.log"
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(True) if line.endswith("\n")]


def new_lines(site, before, count=1):
    """The lines behind the first `before`, once there are as many as expected; a moment later there are no more."""
    eventually(lambda: len(lines(site)) >= before + count, f"{count} lines more than {before}")
    found = lines(site)[before:]
    check_equal(len(found), count, f"lines, {found}")
    return found


def page_id(answer):
    return re.search(r"^request: ([0-9a-f]{32})$", answer.text, re.M).group(1)


@case
def a_request_that_was_answered_has_its_line(site):
    before = len(lines(site))
    with site.connect() as connection:
        answer = connection.ask(get("/a?b=c", fields=("User-Agent: x",)))
        port = connection.sock.getsockname()[1]
    line = new_lines(site, before)[0]
    check_equal(list(line), KEYS, "keys")
    expected = {"listener": "api", "client_ip": CLIENT, "client_port": port, "tls_version": "TLSv1.3", "sni": "api.example",
                "resumed": False, "client_verify": "SUCCESS", "client_reason": "ok", "method": "GET", "host": "api.example",
                "target": "/a?b=c", "status": 200, "bytes_in": len(get("/a?b=c", fields=("User-Agent: x",))),
                "backend": f"app/{BACKEND}:8080", "backend_status": 200, "error": None}
    check_equal({key: line[key] for key in expected}, expected, "what it says")
    check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["ts"]), line["ts"])
    check(re.fullmatch(r"[0-9a-f]{32}", line["id"]), line["id"])
    check("CN=client-good" in line["client_subject"], line["client_subject"])
    check(re.fullmatch(r"[0-9a-f]{64}", line["client_sha256"]), line["client_sha256"])
    check(line["bytes_out"] > len(answer.body) and line["duration_us"] >= line["backend_us"] >= 0, line)


def refused(site, ask, *, count=1):
    before = len(lines(site))
    answer = ask()
    return answer, new_lines(site, before, count)[-1]


@case
def every_refusal_has_a_line_with_the_id_of_its_page(site):
    for name, ask, expected in (
            ("no certificate", lambda: site.ask(get("/"), None),
             {"status": 400, "client_verify": "NONE", "client_reason": "no_certificate", "client_subject": None,
              "error": "http_client_no_certificate", "target": "/", "backend": None}),
            ("refused certificate", lambda: site.ask(get("/"), "expired"),
             {"status": 400, "client_verify": "FAILED:expired", "client_reason": "expired",
              "error": "http_client_certificate_refused"}),
            ("foreign host", lambda: site.ask(get("/", host="open.example")),
             {"status": 421, "client_verify": "SUCCESS", "error": "http_host_mismatch", "host": "open.example"}),
            ("bad request", lambda: site.ask(b"GET / HTTP/1.1\r\n\r\n"),
             {"status": 400, "error": "http_no_host", "method": None, "bytes_in": 18}),
            ("unreachable backend", lambda: site.ask(get("/closed")),
             {"status": 502, "error": "http_backend_unreachable", "backend": f"closed/{BACKEND}:8099", "backend_status": None}),
            ("listener without client certificates", lambda: site.ask(get("/", host="open.example"), None, sni="open.example"),
             {"status": 200, "client_verify": "NONE", "client_reason": None, "listener": "open", "error": None})):
        answer, line = refused(site, ask)
        check_equal({key: line[key] for key in expected}, expected, name)
        if line["error"]:
            check_equal(line["id"], page_id(answer), f"{name}: id")
    check("CN=" in next(l for l in lines(site) if l["client_reason"] == "expired")["client_subject"], "who was refused")


@case
def half_a_head_gets_408_and_a_line_with_its_id(site):
    def ask():
        with site.connect() as connection:
            connection.send(b"GET / HT")
            return connection.read()

    answer, line = refused(site, ask)
    check_equal((line["status"], line["error"], line["id"]), (408, "http_request_timeout", page_id(answer)), "the line")


@case
def an_exchange_that_the_client_leaves_has_a_line(site):
    site.backend.forget(answer_never)
    before = len(lines(site))
    connection = site.connect()
    connection.send(get("/left"))
    site.backend.wait_for(1)
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()
    line = new_lines(site, before)[0]
    check_equal((line["target"], line["status"], line["error"], line["backend_status"]),
                ("/left", None, "client_aborted", None), "the line")
    site.backend.forget()


@case
def what_never_became_a_request_has_a_line(site):
    def plain():
        with connect(site.lab) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            return sock.recv(4096)

    def garbage():
        with connect(site.lab) as sock:
            sock.sendall(bytes(64))
            return sock.recv(4096)

    def unknown_name():
        try:
            site.connect(sni="nobody.example").close()
        except ssl.SSLError:
            pass

    _, line = refused(site, plain)
    check_equal((line["error"], line["status"], line["listener"], line["tls_version"]),
                ("http_plain_http_on_tls", 400, None, None), "plain HTTP")
    _, line = refused(site, garbage)
    check_equal((line["error"], line["status"], line["id"]), ("tls_not_a_record", None, None), "garbage")
    _, line = refused(site, unknown_name)
    check_equal((line["error"], line["status"], line["id"]), ("tls_unrecognized_name", None, None), "unknown name")


@case
def an_idle_connection_that_closes_has_none(site):
    before = len(lines(site))
    site.connect().close()
    site.check_serves()
    new_lines(site, before, 1)


@case
def hostile_bytes_stay_inside_their_string(site):
    target = "/" + "".join(map(chr, range(0x21, 0x7f))).replace("\\", "").replace("#", "").replace("%", "")
    before = len(lines(site))
    with site.connect() as connection:
        connection.ask(get(target))
        connection.ask(get("/" + 600 * "x"))
    first, second = new_lines(site, before, 2)
    check(first["target"] in (None, target), first["target"])
    check_equal((len(second["target"]), second["truncated"]), (512, ["target"]), "the long one")


@case(limit_s=60)
def repeated_refusals_are_summed(site):
    before, counted = len(lines(site)), site.gateway.counters()["access_log_summed"]
    asked = 30
    with site.connect() as connection:
        for number in range(asked):
            check_equal(connection.ask(get(f"/{number}", host="nobody.example")).status, 421, "status")

    def stood_for():
        return sum(line.get("repeated", 1) for line in lines(site)[before:])

    eventually(lambda: stood_for() == asked, "lines that stand for all", SUMMED_FOR_S + 8)
    found = lines(site)[before:]
    check(len(found) <= 3, f"{len(found)} lines")
    check_equal(found[-1]["target"], f"/{asked - 1}", "the target of the last line")
    check(site.gateway.counters()["access_log_summed"] - counted >= asked - 2, "counter access_log_summed")


@case
def refused_clients_are_events_too(site):
    check(any(re.search(rf"level=warning event=client_refused listener=api client={CLIENT} reason=expired count=\d+$", line)
              for line in site.gateway.log), f"{site.gateway.log[-5:]}")


@case(limit_s=90)
def thousands_of_requests_reconcile(site):
    site.backend.forget()
    before, counters = len(lines(site)), site.gateway.status()
    asked = 2000
    good = site.pki.client("good")
    done = site.lab.run("client", "ab", "-q", "-k", "-n", asked, "-c", "8", "-H", "Host: api.example",
                        "-E", site.pki_bundle(good), "https://198.18.0.1/web/", timeout=80)
    check_equal(done.returncode, 0, f"ab ({done.stderr[-300:]})")
    eventually(lambda: len(lines(site)) >= before + asked, f"{asked} lines", 5)
    found = lines(site)[before:]
    check_equal(len(found), asked, "lines")
    check_equal(len({line["id"] for line in found}), asked, "different ids")
    after = site.gateway.status()
    answered = sum(after["listeners"][i]["status"][c] - counters["listeners"][i]["status"][c]
                   for i in range(2) for c in ("2xx", "3xx", "4xx", "5xx"))
    check_equal(answered, asked, "answers counted")
    check_equal(after["drops"]["access_log_behind"], 0, "lines lost")
    check_equal(after["counters"]["access_log_lines"] - counters["counters"]["access_log_lines"], asked, "lines counted")


@case
def sigusr1_opens_the_file_anew(site):
    path, old = site.directory / "access.log", site.directory / "access.log.1"
    os.rename(path, old)
    site.gateway.signal(signal.SIGUSR1)
    eventually(lambda: site.gateway.events("access_log_reopened"), "event access_log_reopened")
    kept = old.read_text()
    site.check_serves()
    check_equal(len(new_lines(site, 0)), 1, "lines in the new file")
    check_equal(old.read_text(), kept, "the old file")


@case
def a_folder_that_is_gone_keeps_the_old_file(site):
    before = len(lines(site))
    folder = site.directory / "logs"
    folder.mkdir()

    def change(config):
        config["access_log"]["path"] = str(folder / "a.log")

    site.restart(change)
    os.rename(folder, site.directory / "moved")
    site.gateway.signal(signal.SIGUSR1)
    eventually(lambda: site.gateway.events("access_log_failed"), "event access_log_failed")
    site.check_serves()
    eventually(lambda: (site.directory / "moved/a.log").read_text().count("\n") == 1, "the line in the old file")
    check_equal(len(lines(site)), before, "lines elsewhere")


@case
def standard_output_gets_lines_and_a_closed_pipe_loses_them_counted(site):
    reader, writer = os.pipe()

    site.restart(to_stdout, stdout=writer)
    site.check_serves()
    check_equal(json.loads(os.read(reader, 65536))["status"], 200, "the line's status")
    os.close(writer)
    os.close(reader)
    site.check_serves()
    eventually(lambda: site.gateway.counters()["access_log_failed"] == 1, "counter access_log_failed")


def start_asking(site, count):
    return site.lab.start("client", "ab", "-q", "-k", "-n", count, "-c", "16", f"http://{GATEWAY_FRONT}/health",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def check_asked(ab, count):
    """Every request was answered, and with 200."""
    said, _ = ab.communicate(timeout=80)
    check_equal((ab.returncode, re.search(r"Complete requests: +(\d+)", said)[1], re.search(r"Failed requests: +(\d+)", said)[1],
                 "Non-2xx" in said), (0, str(count), "0", False), f"ab's exit status, requests, failures, refusals ({said})")


@case(limit_s=90)
def rotation_while_busy_loses_and_doubles_nothing(site):
    path = site.directory / "access.log"
    path.unlink()
    site.restart(to_path)
    asked, rotations = 20_000, 10
    ab = start_asking(site, asked)
    for number in range(rotations):
        eventually(lambda: site.gateway.counters()["access_log_lines"] >= number * asked // (2 * rotations), "more lines", 30)
        os.rename(path, path.with_suffix(f".{number}"))
        site.gateway.signal(signal.SIGUSR1)
        eventually(lambda: len(site.gateway.events("access_log_reopened")) == number + 1, "the file is opened anew")
    check_asked(ab, asked)
    eventually(lambda: site.gateway.counters()["access_log_lines"] == asked, "all lines are written")
    files = [path, *(path.with_suffix(f".{number}") for number in range(rotations))]
    found = [json.loads(line)["id"] for file in files for line in file.read_text().splitlines()]
    check_equal((len(found), len(set(found))), (asked, asked), "lines, and different ids")
    check_equal(site.gateway.drops()["access_log_behind"], 0, "lines lost")


@case(limit_s=90)
def a_writer_that_falls_behind_loses_lines_counted_and_holds_up_nobody(site):
    """Standard output is a pipe that nobody reads: the writer hangs, its rings fill."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)

    site.restart(to_stdout, stdout=writer)
    os.close(writer)
    asked = site.workers * RING_RECORDS + 4000
    check_asked(start_asking(site, asked), asked)
    behind = site.gateway.drops()["access_log_behind"]
    check(0 < behind < asked - RING_RECORDS, f"{behind} of {asked} lines lost")
    site.check_serves()

    os.set_blocking(reader, False)
    got = bytearray()

    def all_accounted_for():
        with contextlib.suppress(BlockingIOError):
            while more := os.read(reader, 65536):
                got.extend(more)
        lost = site.gateway.drops()["access_log_behind"]
        return got.count(b"\n") + lost == asked + 1 and site.gateway.counters()["access_log_lines"] + lost == asked + 1

    eventually(all_accounted_for, "lines written and lost are as many as requests", 20)
    for line in got.splitlines():
        json.loads(line)
    site.check_serves()
    os.set_blocking(reader, True)
    check_equal(json.loads(os.read(reader, 65536))["target"], "/still-there", "the next line's target")
    os.close(reader)


@case
def a_log_that_takes_nothing_does_not_hold_up_the_end(site):
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    site.restart(to_stdout, stdout=writer)
    os.close(writer)
    for _ in range(20):
        site.check_serves()
    site.gateway.signal(signal.SIGTERM)
    check_equal(site.gateway.wait(10), 0, "exit status")
    lost = re.search(r"error=ETIMEDOUT lines_lost=(\d+)$", site.gateway.events("access_log_failed")[-1])
    check(lost and int(lost[1]) > 0, f"{site.gateway.events('access_log_failed')}")
    os.close(reader)
    site.restart(to_path)


class Logged(Site):
    def pki_bundle(self, identity):
        """One file with certificates and key, as ab wants it."""
        path = self.directory / "bundle.pem"
        path.write_text(open(identity.chain).read() + open(identity.key).read())
        return path


main(Logged(with_log))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Long runs at full size.  Each row adds up what the client counted, what the gateway counted and what the backend wrote
into its log, and ends with every pool exactly as full as before."""

import argparse
import collections
import contextlib
import hashlib
import json
import math
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import cpu
from peers import Backend, gateway_config
from support.gateway import RECORDER_PORT, Gateway
from support.lab import BACKEND, BUILD, GATEWAY_FRONT, Lab, why_unable
from support.load import Load, add_sources
from support.pki import Pki
from support.recorder import Recorder, answer_digest
from support.tap import Failure, check, check_equal, eventually

MIB = 1 << 20
LOG_LINE = re.compile(rb'"(?:GET|POST) (\S+) HTTP/1.1" (\d+) ')
ROWS = {}


def row(sessions=4000, change=None, **environment):
    """Registers a row by its function's name."""

    def register(function):
        ROWS[function.__name__] = (function, sessions, change, environment)
        return function

    return register


class Soak:
    """The lab, the backend with its log, the gateway, and the sums."""

    def __init__(self, args, sessions, change, environment):
        self.scale, self._args = args.scale, args
        self._sessions, self._change, self._environment = sessions, change, environment
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        with self._stack as undo:
            self.directory = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-soak."))
            undo.callback(shutil.rmtree, self.directory, ignore_errors=True)
            self.directory.chmod(0o755)
            self.pki = Pki(self.directory / "pki")
            self.lab = undo.enter_context(Lab())
            add_sources(self.lab)
            self.log = self.directory / "access.log"
            self.backend = undo.enter_context(Backend(self.lab, self.directory, f"{self.log} combined"))
            self.recorder = undo.enter_context(Recorder(self.lab, BACKEND, RECORDER_PORT))
            config = gateway_config(self.pki, self.directory, device=self._args.device, sessions=self._sessions)
            config["backend_pools"].append({"name": "recorder", "servers": [f"{BACKEND}:{RECORDER_PORT}"]})
            config["rules"].append({"listener": "api", "path": "/recorder", "pool": "recorder"})
            if self._change:
                self._change(config)
            self.gateway = undo.enter_context(Gateway(self.lab, self.directory, config,
                                                      environment=self._environment))
            self._warm_up()
            self._stack = undo.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def count(self, n):
        return max(1, int(n * self.scale))

    def _warm_up(self):
        with self.load("-c", 4, "-n", 64, "--path", "/app/echo", "--echo") as load:
            check_equal(load.result()["errors"], 0, "errors of the first requests")
        self.pools = self._settled_pools()
        self.before = self.gateway.status()
        os.truncate(self.log, 0)

    def load(self, *options, **settings):
        return Load(self.lab, self.pki, *options, sources=True, **settings)

    def say(self, name, value):
        print(f"  {name:34} {value}", flush=True)

    def run(self, *options):
        """A load from beginning to end, without a single error."""
        with self.load(*options) as load:
            result = load.result()
        self.show(result)
        check_equal(result["errors"], 0, "errors of the client")
        return result

    def show(self, result):
        self.say("client", ", ".join(f"{result[k]} {k}" for k in ("connections", "handshakes", "requests", "errors")))
        self.say("client, seconds", f"{result['seconds']:.0f}, {result['requests'] / result['seconds']:.0f} requests a "
                 f"second")
        self.say("client, microseconds p50/p99/p999", "handshake {p50}/{p99}/{p999}".format(**result["handshake_us"])
                 + ", request {p50}/{p99}/{p999}".format(**result["request_us"]))

    def gateway_counts(self):
        """What the gateway has counted since the row began."""
        now, before = self.gateway.status()["listeners"][0], self.before["listeners"][0]
        counts = {key: now[key] - before[key] for key in ("handshakes_ok", "handshakes_failed", "auth_ok",
                                                         "auth_failed", "requests")}
        counts.update({key: value - before["status"][key] for key, value in now["status"].items()})
        self.say("gateway", ", ".join(f"{value} {key}" for key, value in counts.items() if value))
        return counts

    def counter(self, name):
        return self.gateway.counters()[name] - self.before["counters"][name]

    def risen_drops(self):
        now = self.gateway.drops()
        return {key: now[key] - self.before["drops"][key] for key in now if now[key] != self.before["drops"][key]}

    def log_lines(self):
        """[(target, status)] as the backend wrote them."""
        lines = [(target, int(status)) for target, status in LOG_LINE.findall(self.log.read_bytes())]
        self.say("backend's log", f"{len(lines)} lines: "
                 + ", ".join(f"{n} with {s}" for s, n in sorted(collections.Counter(s for _, s in lines).items())))
        return lines

    def reconcile(self, results):
        """Client, gateway and backend saw the same, and all of it went well."""
        requests = sum(r["requests"] for r in results)
        handshakes = sum(r["handshakes"] for r in results)
        gateway, log = self.gateway_counts(), self.log_lines()
        check_equal((gateway["requests"], gateway["2xx"], len(log)), (requests,) * 3,
                    "requests: gateway, answered with 2xx, backend's log")
        check_equal((gateway["handshakes_ok"], gateway["auth_ok"]), (handshakes,) * 2, "handshakes, clients accepted")
        check_equal((gateway["handshakes_failed"], gateway["auth_failed"]), (0, 0), "failed, refused")
        check_equal(sum(r["2xx"] for r in results), requests, "answers with 2xx at the client")
        return log

    def _settled_pools(self, within_s=120):
        """In use, when every session and connection is gone; those in TIME-WAIT are over for all but TCP."""

        def at_rest():
            pools = self.gateway.pools()
            return pools if pools["sessions"] == pools["tcp_conns"] == 0 else None

        return eventually(at_rest, "the gateway comes to rest", within_s)

    def check_end(self):
        pools = self._settled_pools()
        self.say("pools before", json.dumps(self.pools))
        self.say("pools after", json.dumps(pools))
        check_equal(pools, self.pools, "pools")
        drops = self.risen_drops()
        self.say("drops", json.dumps(drops))
        check(self.gateway.alive(), "the gateway is gone")
        self.gateway.stop()
        return drops


@row()
def requests(s):
    """A million requests on 64 connections; each answer is the number of its own request."""
    n = s.count(1_000_000)
    result = s.run("-c", 64, "-n", n, "--path", "/app/echo", "--echo")
    log = s.reconcile([result])
    check_equal((result["requests"], result["handshakes"]), (n, 64), "(requests, connections)")
    check_equal(sorted(int(target.partition(b"=")[2]) for target, _ in log), list(range(1, n + 1)),
                "the numbers in the backend's log, each once")


@row()
def concurrent(s):
    """1,000 connections with client certificates at a time, renewed after 20 requests each."""
    n = s.count(1000)
    result = s.run("-c", n, "-n", n * 100, "--per-connection", 20, "--handshakes", n, "--path", "/app/echo", "--echo")
    s.reconcile([result])
    check_equal(result["requests"], n * 100, "requests")


# A generator may have 20,000 files open where the machine allows no more.
HOLDERS = 3


@row(sessions=60_000)
def idle(s):
    """50,000 connections with client certificates, each asked once, held for a minute, asked again 64 at a time."""
    n = s.count(50_000)
    shares = [n // HOLDERS + (i < n % HOLDERS) for i in range(HOLDERS)]
    with contextlib.ExitStack() as stack:
        resident = cpu.resident_kib(s.before["pid"])
        loads = [stack.enter_context(s.load("-c", share, "--hold", "--path", "/app/echo")) for share in shares]
        for load in loads:
            load.until("holding")
        time.sleep(60 * min(1, s.scale))
        worker = s.gateway.status()["workers"][0]
        s.say("held", f"{worker['sessions']} sessions, {worker['pools']['tls_arena_bytes']['in_use'] // n} TLS bytes and "
              f"{(cpu.resident_kib(s.before['pid']) - resident) / n:.1f} KiB of process memory each")
        check_equal(worker["sessions"], n, "sessions held")
        check_equal(worker["pools"]["mbuf"]["in_use"], s.pools["mbuf"], "packet buffers while all are idle")
        for word in ("held", None):
            for load in loads:
                load.go()
            for load in loads if word else ():
                load.until(word)
        results = [load.result() for load in loads]
    for result in results:
        s.show(result)
        check_equal((result["errors"], result["closed_by_peer"]), (0, 0), "errors, connections lost")
    s.reconcile(results)
    check_equal((sum(r["handshakes"] for r in results), sum(r["requests"] for r in results)), (n, 2 * n),
                "(handshakes, requests)")


@row()
def sequence(s):
    """100,000 connections one after the other, each with a client certificate and one request."""
    n = s.count(100_000)
    result = s.run("-c", 1, "-n", n, "--per-connection", 1, "--path", "/app/echo", "--echo")
    s.reconcile([result])
    check_equal((result["handshakes"], result["requests"]), (n, n), "(handshakes, requests)")


LOSS, REORDER, DUPLICATE = 0.02, 0.01, 0.01


def transfer(s, command, data=None):
    done = subprocess.run([str(c) for c in s.lab.command(
        "client", "curl", "--silent", "--show-error", "--max-time", "600", "--cacert", s.pki.server_ca, "--resolve",
        f"api.example:443:{GATEWAY_FRONT}", "--cert", s.pki.client("good").chain, "--key", s.pki.client("good").key,
        *command)], input=data, capture_output=True, check=False)
    check_equal((done.returncode, done.stderr), (0, b""), "curl")
    return done.stdout


@row(SP_FAULT=f"*:seed=7,loss={LOSS:.0%},reorder={REORDER:.0%},duplicate={DUPLICATE:.0%}")
def lossy(s):
    """16 MiB each way while every port loses, reorders and duplicates in both directions."""
    data = os.urandom(s.count(16 * MIB))
    digest = hashlib.sha256(data).hexdigest()
    (s.directory / "files/data").write_bytes(data)
    begin = time.monotonic()
    got = transfer(s, ["https://api.example/app/files/data"])
    down_s, begin = time.monotonic() - begin, time.monotonic()
    s.recorder.forget(answer_digest)
    said = transfer(s, ["--data-binary", "@-", "-H", "Expect:", "https://api.example/recorder"], data)
    up_s = time.monotonic() - begin
    s.say("down", f"{len(got)} bytes in {down_s:.1f} s, SHA-256 {hashlib.sha256(got).hexdigest()}")
    s.say("up", f"{len(data)} bytes in {up_s:.1f} s, SHA-256 {said.decode()}")
    check_equal((hashlib.sha256(got).hexdigest(), said.decode()), (digest, digest), "digests, down and up")
    gateway = s.gateway_counts()
    check_equal((gateway["requests"], gateway["2xx"], len(s.log_lines())), (2, 2, 1), "requests, 2xx, nginx's log")
    injected(s)
    retransmits = s.counter("tcp_retransmits")
    s.say("retransmitted segments", retransmits)
    check(retransmits > 0, "nothing was sent twice")


def injected(s):
    """The injector did what was asked of it: each of its counts within three standard deviations of its rate."""
    total = collections.Counter()
    for port in s.gateway.status()["ports"]:
        for direction in ("rx", "tx"):
            total.update(port["fault"][direction])
    kept = total["seen"] - total["lost"]
    for name, of, rate in (("lost", total["seen"], LOSS), ("reordered", kept, REORDER),
                           ("duplicated", kept, DUPLICATE)):
        sigma = math.sqrt(of * rate * (1 - rate))
        off = (total[name] - of * rate) / sigma
        s.say(f"injector, {name}", f"{total[name]} of {of} frames, {off:+.1f} standard deviations from {rate:.0%}")
        check(abs(off) <= 3, f"{name}: {total[name]} of {of}")


def impatient(config):
    config["time_limits"].update({"response": "2s", "connect": "1s"})


@row(change=impatient)
def backends(s):
    """The backend is killed and stalled again and again under load: every request is answered, by it or by a page."""
    rounds, results = s.count(10), []

    def under_load():
        with s.load("-c", 64, "-s", 6 * rounds, "--path", "/app/echo", "--echo", "--tolerate") as load:
            results.append(load.result())

    thread = threading.Thread(target=under_load)
    thread.start()
    for _ in range(rounds):
        time.sleep(1)
        kill(s.backend.process.pid, signal.SIGKILL)
        time.sleep(0.5)
        s.backend.stop()
        s.backend.start()
        time.sleep(1)
        kill(s.backend.process.pid, signal.SIGSTOP)
        time.sleep(2.5)
        kill(s.backend.process.pid, signal.SIGCONT)
    thread.join()
    result, = results
    s.show(result)
    s.say("client, answers", f"{result['2xx']} with 2xx, {result['5xx']} with 5xx")
    check_equal((result["errors"], result["2xx"] + result["5xx"]), (0, result["requests"]), "errors, 2xx and 5xx")
    gateway, log = s.gateway_counts(), s.log_lines()
    check_equal((gateway["requests"], gateway["2xx"], gateway["5xx"]),
                (result["requests"], result["2xx"], result["5xx"]), "requests, 2xx, 5xx of the gateway")
    check(result["5xx"] > 0, "nobody noticed")
    check(result["2xx"] > result["5xx"], "the backend hardly ever answered")
    # A request of which nobody knows whether it was served may stand in the log; an answer must, but for the one at the
    # moment of each kill, whose line was not written.
    retries = s.counter("backend_retries")
    s.say("retries", retries)
    served = sum(status == 200 for _, status in log)
    check(result["2xx"] - rounds <= served <= result["2xx"] + result["5xx"] + retries,
          f"{served} answers in the backend's log for {result['2xx']} at the client")


def kill(pid, sent):
    """The backend and its worker: those that we started, by their ids."""
    for tid in cpu.threads_of(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(tid, sent)


def main():
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__,
                                     epilog="rows: " + "; ".join(f"{n}: {f.__doc__}" for n, (f, *_) in ROWS.items()))
    parser.add_argument("row", nargs="+", choices=list(ROWS), metavar="ROW")
    parser.add_argument("--scale", type=float, default=1, help="a fraction of the full size, to try it out")
    parser.add_argument("--device", choices=["af_xdp", "af_packet"], default="af_xdp")
    args = parser.parse_args()
    why = why_unable()
    if why:
        print(f"scripts/soak: {why}", file=sys.stderr)
        raise SystemExit(3)
    cpu.go_first()
    failed = False
    for name in args.row:
        failed |= not run_row(name, args)
    raise SystemExit(1 if failed else 0)


def run_row(name, args):
    function, sessions, change, environment = ROWS[name]
    machine, version = cpu.machine(), cpu.version_of(BUILD / "app/gateway/sallyport", "--version")
    print(f"{name}: {function.__doc__}")
    print(f"  {version}, {args.device}, one worker; {machine['cpu']}, {machine['cores']} cores, Linux "
          f"{machine['kernel']}" + (f"; scale {args.scale:g}" if args.scale != 1 else ""), flush=True)
    with Soak(args, sessions, change, environment) as s:
        begin = time.monotonic()
        try:
            function(s)
            s.check_end()
        except Failure as why:
            s.say("drops", json.dumps(s.risen_drops()) if s.gateway.alive() else "the gateway is gone")
            print("\n".join(f"  log {line}" for line in s.gateway.log[-8:]))
            print(f"FAILED: {why}", flush=True)
            return False
        print(f"ok, {time.monotonic() - begin:.0f} s", flush=True)
    return True


if __name__ == "__main__":
    main()

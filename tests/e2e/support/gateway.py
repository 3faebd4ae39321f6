# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway under test: its start-up file, its process, its status."""

import json
import os
import subprocess
import threading
import time

from support.lab import BACKEND, BUILD, GATEWAY_BACK, GATEWAY_FRONT, end
from support.tap import Failure, diag

RECORDER_PORT = 8080
NGINX_PORT = 8081
CLOSED_PORT = 8099
NOBODY = "198.19.0.99"  # in the backend's network, and nobody answers for it

START_LIMIT_S = 60
STOP_LIMIT_S = 8


def start_up_file(pki, directory, *, device, hugepages):
    """The start-up file of the tests as a dict.  Written as JSON, which is YAML."""
    auth = {"mode": "require", "trust_store": "partners", "on_failure": "http-400"}
    address = f"{GATEWAY_FRONT}:443"
    return {
        "workers": {"cores": [1], "idle": "backoff"},
        "memory": {"hugepages": hugepages, "sessions": 2000},
        "ports": [
            {"name": "front", "device": f"{device}:gw0", "addresses": [f"{GATEWAY_FRONT}/24"]},
            {"name": "back", "device": f"{device}:gw1", "addresses": [f"{GATEWAY_BACK}/24"]},
        ],
        "trust_stores": [{"name": "partners", "files": [str(pki.partners)]}],
        "ssl_profiles": [{"name": "partners", "client_auth": auth},
                         {"name": "open", "client_auth": {"mode": "off"}}],
        "listeners": [
            {"name": "api", "address": address, "hosts": ["api.example"], "ssl_profile": "partners",
             "certificate": str(pki.server("api.example").chain), "key": str(pki.server("api.example").key),
             "identity_headers": ["azure", "rfc9440"]},
            {"name": "open", "address": address, "hosts": ["open.example"], "ssl_profile": "open",
             "certificate": str(pki.server("open.example").chain), "key": str(pki.server("open.example").key)},
        ],
        "backend_pools": [
            {"name": "app", "servers": [f"{BACKEND}:{RECORDER_PORT}"]},
            {"name": "web", "servers": [f"{BACKEND}:{NGINX_PORT}"]},
            {"name": "closed", "servers": [f"{BACKEND}:{CLOSED_PORT}"]},
            {"name": "nobody", "servers": [f"{NOBODY}:80"]},
        ],
        "rules": [{"listener": listener, "path": path, "pool": pool}
                  for listener in ("api", "open")
                  for path, pool in (("/", "app"), ("/web", "web"), ("/closed", "closed"), ("/nobody", "nobody"))],
        "control": {"socket": str(directory / "control.sock")},
    }


class Gateway:
    def __init__(self, lab, directory, config, *, environment=(), stdout=subprocess.DEVNULL):
        self._lab = lab
        self._environment = dict(environment)
        self._stdout = stdout
        self.config = directory / "sallyport.yaml"
        self.config.write_text(json.dumps(config, indent=1))
        self.socket = directory / "control.sock"
        self.log = []
        self._ready = threading.Event()
        self._process = None

    def __enter__(self):
        self._process = self._lab.start("gw", BUILD / "app/gateway/sallyport", "--config", self.config,
                                        stderr=subprocess.PIPE, stdout=self._stdout, text=True,
                                        env={**os.environ, **self._environment})
        threading.Thread(target=self._read_log, daemon=True).start()
        deadline = time.monotonic() + START_LIMIT_S
        while not self._ready.wait(0.05):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("the gateway does not start:\n" + "\n".join(self.log))
        return self

    def __exit__(self, *_):
        end(self._process)

    def _read_log(self):
        for line in self._process.stderr:
            self.log.append(line.rstrip("\n"))
            if "event=ready" in line:
                self._ready.set()

    def alive(self):
        return self._process.poll() is None

    @property
    def pid(self):
        return self._process.pid

    def kill(self):
        if self.alive():
            self._process.kill()
        self._process.wait()

    def signal(self, number):
        self._process.send_signal(number)

    def wait(self, limit_s):
        """The exit status; Failure when it is still alive."""
        try:
            return self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise Failure(f"still alive after {limit_s:g} s") from None

    def events(self, name):
        """The log's lines of that event."""
        return [line for line in self.log if f" event={name}" in line]

    def stop(self):
        """SIGTERM, as an operator would; a session left open may not hold it for longer than its drain time."""
        self._process.terminate()
        try:
            status = self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            status = self._process.wait(STOP_LIMIT_S)
        if status != 0:
            raise Failure(f"exit status {status} after SIGTERM\n" + "\n".join(self.log[-20:]))

    def show_log(self):
        for line in self.log[-5:] if self.alive() else self.log[-40:]:
            diag(f"gateway: {line}")

    def status(self):
        done = subprocess.run([BUILD / "app/sallyportctl/sallyportctl", "status", "--json", "--socket", self.socket],
                              capture_output=True, text=True, timeout=10)
        if done.returncode != 0:
            raise Failure(f"sallyportctl status: exit {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def pools(self):
        """What is in use of every pool, all workers together; the TLS arena's is in bytes.  A connection in TIME-WAIT is
        over for everybody but TCP, which keeps it for a while: not counted."""
        workers = self.status()["workers"]
        in_use = {name: sum(worker["pools"][name]["in_use"] for worker in workers) for name in workers[0]["pools"]}
        in_use["tcp_conns"] -= sum(worker["time_wait"] for worker in workers)
        return in_use

    def time_wait(self):
        return sum(worker["time_wait"] for worker in self.status()["workers"])

    def drops(self):
        return self.status()["drops"]

    def counters(self):
        return self.status()["counters"]

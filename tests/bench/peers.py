# SPDX-License-Identifier: GPL-3.0-or-later
"""Those who are measured: the gateway, nginx, HAProxy.  Each is a context manager that runs on CORE in a lab of its own
kind, with the same backend behind it."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import time

import cpu
from support.gateway import Gateway
from support.lab import BACKEND, BUILD, GATEWAY_BACK, GATEWAY_FRONT, Lab, end
from support.load import ADDRESS, add_sources
from support.tap import eventually

CORE, OTHER_CORE = 1, 0
BACKEND_ADDRESS = f"{BACKEND}:8081"
HERE = pathlib.Path(__file__).resolve().parent


class Backend:
    """nginx, on the other core; access_log as nginx writes it, or off."""

    def __init__(self, lab, directory, access_log="off"):
        self._lab, self._directory = lab, directory
        (directory / "files").mkdir(exist_ok=True)
        (directory / "files/mib").write_bytes(os.urandom(1 << 20))
        config = (HERE / "peers/backend.conf").read_text()
        (directory / "backend.conf").write_text(
            config.format(directory=directory, address=BACKEND_ADDRESS, access_log=access_log))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.process = self._lab.start("backend", "taskset", "-c", OTHER_CORE, "nginx", "-p", self._directory, "-c",
                                       "backend.conf", "-e", self._directory / "backend.error.log",
                                       stderr=subprocess.DEVNULL)
        wait_for_port(self._lab, "backend", BACKEND, 8081)

    def stop(self):
        end(self.process)


def wait_for_port(lab, role, address, port):
    def answers():
        with lab.socket(role, socket.AF_INET) as probe:
            return probe.connect_ex((address, port)) == 0

    eventually(answers, f"{address}:{port} answers", within_s=10)


class Peer:
    """One who is measured.  threads: whose CPU time is its."""

    name = None
    mode = "kernel"
    local_host = "api.example"

    def __init__(self, pki, directory):
        self._pki, self.directory = pki, directory
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        with self._stack as undo:
            self.lab = undo.enter_context(Lab(self.mode))
            add_sources(self.lab)
            undo.enter_context(Backend(self.lab, self.directory))
            self._open(undo)
            self._stack = undo.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def own_account(self):
        """(busy cycles, all cycles) by its own accounting; None when it has none."""
        return None

    def signatures(self):
        """(verified, known to be valid) of clients' chains; nothing when it does not say."""
        return ()

    def resident_kib(self):
        return cpu.resident_kib(self._process.pid)

    def _launch(self, undo, template, *command):
        identity = self._pki.server("api.example")
        both = self.directory / "both.pem"
        both.write_text(identity.chain.read_text() + identity.key.read_text())
        config = self.directory / template
        config.write_text((HERE / "peers" / template).read_text().format(
            directory=self.directory, address=ADDRESS, backend=BACKEND_ADDRESS, certificate=identity.chain,
            key=identity.key, both=both, partners=self._pki.partners))
        self._process = self.lab.start("gw", "taskset", "-c", CORE, *command, stderr=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL)
        undo.callback(end, self._process)
        wait_for_port(self.lab, "client", GATEWAY_FRONT, 443)
        self.threads = {"process": list(cpu.threads_of(self._process.pid)),
                        "softirq": list(cpu.kernel_threads(f"ksoftirqd/{CORE}"))}


class NginxPeer(Peer):
    name = "nginx"

    def _open(self, undo):
        self._launch(undo, "nginx.conf", "nginx", "-p", self.directory, "-c", "nginx.conf", "-e",
                     self.directory / "nginx.error.log")

    @staticmethod
    def version():
        return cpu.version_of("nginx", "-v").replace("nginx version: ", "")


class HaproxyPeer(Peer):
    name = "haproxy"

    def _open(self, undo):
        self._launch(undo, "haproxy.cfg", "haproxy", "-f", self.directory / "haproxy.cfg")

    @staticmethod
    def version():
        return " ".join(cpu.version_of("haproxy", "-v").split()[:3])


def gateway_config(pki, directory, *, device="af_xdp", hugepages="none", sessions=4000):
    """The gateway as it is measured.  Written as JSON, which is YAML."""
    identity, health = pki.server("api.example"), pki.server("open.example")
    auth = {"mode": "require", "trust_store": "partners", "on_failure": "http-400"}
    return {
        "workers": {"cores": [CORE], "idle": "backoff"},
        "memory": {"hugepages": hugepages, "sessions": sessions},
        "ports": [
            {"name": "front", "device": f"{device}:gw0", "addresses": [f"{GATEWAY_FRONT}/24"]},
            {"name": "back", "device": f"{device}:gw1", "addresses": [f"{GATEWAY_BACK}/24"]},
        ],
        "trust_stores": [{"name": "partners", "files": [str(pki.partners)]}],
        "ssl_profiles": [{"name": "partners", "client_auth": auth},
                         {"name": "open", "client_auth": {"mode": "off"}}],
        "listeners": [{"name": "api", "address": ADDRESS, "hosts": ["api.example"], "ssl_profile": "partners",
                       "certificate": str(identity.chain), "key": str(identity.key), "identity_headers": ["azure"]},
                      {"name": "health", "address": ADDRESS, "hosts": ["open.example"], "ssl_profile": "open",
                       "certificate": str(health.chain), "key": str(health.key), "health": "/local"}],
        "backend_pools": [{"name": "app", "servers": [BACKEND_ADDRESS]}],
        "rules": [{"listener": "api", "path": "/app", "pool": "app"}],
        "time_limits": {"idle": "600s"},
        "control": {"socket": str(directory / "control.sock")},
    }


class GatewayPeer(Peer):
    name = "sallyport"
    mode = "gateway"
    local_host = "open.example"  # answers for its health itself only where it asks for no certificate

    def __init__(self, pki, directory, **settings):
        super().__init__(pki, directory)
        self._config = gateway_config(pki, directory, **settings)

    def _open(self, undo):
        before = cpu.kernel_threads("napi/gw")
        self.gateway = undo.enter_context(Gateway(self.lab, self.directory, self._config))
        self.threads = {"worker": self._worker_threads(), "napi": self._napi_threads(before)}

    def _worker_threads(self):
        pid = self.gateway.status()["pid"]
        return [tid for tid, name in cpu.threads_of(pid).items() if name.startswith(("rte-worker", "lcore-worker"))]

    def _napi_threads(self, before):
        """Native XDP runs in the veth's NAPI, on the sender's core unless it has a thread of its own (af_xdp only; for
        af_packet rps_cpus does it)."""
        if not self._config["ports"][0]["device"].startswith("af_xdp"):
            self.lab.run("gw", "sh", "-c", f"for q in /sys/class/net/gw*/queues/rx-*; do echo {1 << CORE:x} "
                         ">$q/rps_cpus; done", check=True)
            return list(cpu.kernel_threads(f"ksoftirqd/{CORE}"))
        self.lab.run("gw", "sh", "-c", "echo 1 >/sys/class/net/gw0/threaded && echo 1 >/sys/class/net/gw1/threaded",
                     check=True)
        time.sleep(0.1)
        ours = [tid for tid in cpu.kernel_threads("napi/gw") if tid not in before]
        for tid in ours:
            os.sched_setaffinity(tid, {CORE})
            os.setpriority(os.PRIO_PROCESS, tid, os.getpriority(os.PRIO_PROCESS, 0))
        return ours

    def resident_kib(self):
        return cpu.resident_kib(self.gateway.status()["pid"])

    def own_account(self):
        worker = self.gateway.status()["workers"][0]
        return worker["busy_cycles"], worker["total_cycles"]

    def signatures(self):
        counters = self.gateway.status()["counters"]
        return counters["trust_signatures"], counters["trust_memo_hits"]

    @staticmethod
    def version():
        return cpu.version_of(BUILD / "app/gateway/sallyport", "--version")

    def config_text(self):
        return json.dumps(self._config)

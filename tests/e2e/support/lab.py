# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual lab: three network namespaces, made and removed by scripts/lab under a name of our own.

Sockets belong to the namespace of the thread that creates them, and stay there: so clients and recording
backends live in this process and still speak from inside the lab.
"""

import ctypes
import os
import pathlib
import socket
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("SP_BUILD", ROOT / "build"))

GATEWAY_FRONT = "198.18.0.1"
GATEWAY_BACK = "198.19.0.1"
CLIENT = "198.18.0.2"
BACKEND = "198.19.0.2"

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def start(command, **options):
    """A child that cannot outlive us."""
    command = ["setpriv", "--pdeathsig", "KILL", *(str(c) for c in command)]
    return subprocess.Popen(command, **options)


def end(process, patience_s=3):
    """Ends a child that we started: politely, then not."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def why_unable():
    """Why no lab can be made here; None when one can."""
    if os.geteuid() != 0:
        return "needs root"
    probe = subprocess.run(["unshare", "--net", "true"], capture_output=True)
    if probe.returncode != 0:
        return "needs network namespaces"
    return None


class Lab:
    """The lab's namespaces; as a context manager it brings them up and takes them down.

    SP_LAB is only the beginning of its name: a demo under that name may be running.
    """

    def __init__(self, mode="gateway", queues=1):
        self._queues = queues  # of every interface
        self._mode = mode  # or "kernel": the gateway's place is the kernel's, for a peer to compare with
        own = f"t{os.getpid()}"
        self.name = os.environ.get("SP_LAB", "")[:12 - len(own)] + own

    def _script(self, verb, *options):
        environment = {**os.environ, "SP_LAB": self.name, "SP_LAB_QUEUES": str(self._queues)}
        done = subprocess.run([ROOT / "scripts/lab", verb, *options], env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"scripts/lab {verb}: {done.stderr}")

    def __enter__(self):
        self._script("up", *(["--kernel"] if self._mode == "kernel" else []))
        return self

    def __exit__(self, *_):
        self._script("down")

    def netns(self, role):
        """The namespace of `client`, `gw` or `backend`."""
        return f"sp-{self.name}-{role}"

    def command(self, role, *command):
        return ["ip", "netns", "exec", self.netns(role), *command]

    def run(self, role, *command, **options):
        """Runs to its end inside the namespace; output is captured as text unless told otherwise."""
        options = {"capture_output": True, "text": True, **options}
        return subprocess.run([str(c) for c in self.command(role, *command)], **options)

    def start(self, role, *command, **options):
        return start(self.command(role, *command), **options)

    def inside(self, role, function, *args):
        """Calls function in a thread that has joined the namespace; returns what it returns."""
        result = []

        def enter():
            try:
                with open(f"/var/run/netns/{self.netns(role)}", "rb") as handle:
                    if _libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
                        raise OSError(ctypes.get_errno(), "setns")
                result.append((function(*args), None))
            except OSError as error:
                result.append((None, error))

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        value, error = result[0]
        if error is not None:
            raise error
        return value

    def socket(self, role, family=socket.AF_INET, kind=socket.SOCK_STREAM, protocol=0):
        return self.inside(role, socket.socket, family, kind, protocol)


class HugePages:
    """Adds huge pages for as long as it is open, and gives them back."""

    PATH = pathlib.Path("/proc/sys/vm/nr_hugepages")
    PAGE_MIB = 2

    def __init__(self, mib):
        self.mib = mib
        self.before = None

    def __enter__(self):
        if self.mib:
            self.before = int(self.PATH.read_text())
            self.PATH.write_text(str(self.before + self.mib // self.PAGE_MIB))
        return self

    def __exit__(self, *_):
        if self.before is not None:
            self.PATH.write_text(str(self.before))

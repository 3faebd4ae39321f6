# SPDX-License-Identifier: GPL-3.0-or-later
"""The load generator of tests/bench/load, run inside the client's namespace."""

import json
import subprocess

from support.lab import BUILD, GATEWAY_FRONT
from support.tap import Failure

LOAD = BUILD / "tests/bench/load/load"
ADDRESS = f"{GATEWAY_FRONT}:443"
_NETWORK = GATEWAY_FRONT.rpartition(".")[0]
_SOURCES = [f"{_NETWORK}.{n}" for n in range(16, 32)]


def add_sources(lab):
    """A client's address has 28,000 ports; some runs need more of them."""
    for address in _SOURCES:
        lab.run("client", "ip", "address", "add", f"{address}/24", "dev", "cl0", check=True)


class Load:
    """One run of the generator.  With --wait or --hold it stops at the words it prints, until go().

    core: where it may run.  first: before everybody else there.  sources: from the addresses of add_sources().
    """

    def __init__(self, lab, pki, *options, who="good", host="api.example", core=None, first=False, sources=False):
        identity = pki.client(who)
        self._process = lab.start(
            "client", *(["taskset", "-c", core] if core is not None else []), *(["chrt", "--fifo", "10"] if first else []), LOAD, ADDRESS, "--host", host,
            "--ca", pki.server_ca, "--cert", identity.chain, "--key", identity.key,
            *(["--sources", f"{_SOURCES[0]}-{_SOURCES[-1]}"] if sources else []), *options,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def until(self, word):
        line = self._process.stdout.readline()
        if line.strip() != word:
            self._process.kill()
            raise Failure(f"load: {line!r} instead of {word!r}: {self._process.stderr.read()[-300:]}")

    def go(self):
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def result(self):
        """What it counted; whether that is what was wanted is the caller's question."""
        line = self._process.stdout.readline()
        try:
            return json.loads(line)
        except ValueError:
            raise Failure(f"load: {line!r}: {self._process.stderr.read()[-300:]}") from None

# SPDX-License-Identifier: GPL-3.0-or-later
"""The load generator of tests/bench/load, run inside the client's namespace on the other core."""

import json
import subprocess

from peers import ADDRESS, OTHER_CORE, sources
from support.lab import BUILD
from support.tap import Failure

LOAD = BUILD / "tests/bench/load/load"


class Load:
    """One run of the generator.  With `wait` or `hold` it stops at the words it prints, until go()."""

    def __init__(self, lab, pki, *options, who="good", pin=True, address=ADDRESS):
        identity = pki.client(who)
        self._process = lab.start(
            "client", *(["taskset", "-c", OTHER_CORE] if pin else []), LOAD, address, "--host", "api.example",
            "--ca", pki.server_ca, "--cert", identity.chain, "--key", identity.key, "--sources", sources(), *options,
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

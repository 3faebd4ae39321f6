# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything a test of the gateway needs, opened in order and closed in reverse."""

import contextlib
import json
import os
import pathlib
import shutil
import tempfile

from support import client
from support.gateway import NGINX_PORT, RECORDER_PORT, Gateway, start_up_file
from support.lab import BACKEND, GATEWAY_FRONT, HugePages, Lab, why_unable
from support.nginx import Nginx
from support.pki import Pki
from support.recorder import Recorder
from support.tap import Failure, Fixture, check_equal, eventually, skip_all


CORES = [1, 0]  # of the first worker, and of the second


class Site(Fixture):
    """The lab, the PKI, both backends and the gateway.

    change is called with the start-up file as a dict, before it is written.  SP_TEST_DEVICE and SP_TEST_HUGEPAGES
    (MiB) choose the kind of port and memory.  environment: more variables for the gateway's process.  workers: one or
    two, each with a queue of every interface of the lab; unless said, SP_TEST_WORKERS of them.
    """

    def __init__(self, change=None, environment=(), workers=None):
        self._change = change
        self.workers = workers or int(os.environ.get("SP_TEST_WORKERS", "1"))
        self._environment = environment
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        why = why_unable()
        if why:
            skip_all(why)
        self.device = os.environ.get("SP_TEST_DEVICE", "af_packet")
        hugepages_mib = int(os.environ.get("SP_TEST_HUGEPAGES", "0"))
        with self._stack as undo:
            self.directory = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-test."))
            undo.callback(shutil.rmtree, self.directory, ignore_errors=True)
            self.pki = Pki(self.directory / "pki")
            undo.enter_context(HugePages(hugepages_mib))
            self.lab = undo.enter_context(Lab(queues=self.workers))
            self.backend = undo.enter_context(Recorder(self.lab, BACKEND, RECORDER_PORT))
            self.nginx = undo.enter_context(Nginx(self.lab, self.directory, BACKEND, NGINX_PORT, self.pki))
            config = start_up_file(self.pki, self.directory, device=self.device,
                                   hugepages=f"{hugepages_mib}MiB" if hugepages_mib else "none")
            config["workers"]["cores"] = CORES[:self.workers]
            if self._change is not None:
                self._change(config)
            self.gateway = undo.enter_context(Gateway(self.lab, self.directory, config,
                                                          environment=self._environment))
            if hugepages_mib and any("hugepages_unavailable" in line for line in self.gateway.log):
                raise RuntimeError("the gateway does not use the huge pages there are")
            self._stack = undo.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    # what tap.main() asks of a fixture
    def alive(self):
        return self.gateway.alive()

    def explain_failure(self):
        self.gateway.show_log()

    def last_cases(self):
        def the_gateway_stops_cleanly(_):
            self.gateway.stop()

        return [the_gateway_stops_cleanly]

    def restart(self, change=None, **options):
        """A fresh gateway in place of the present one, which is killed if it still lives; change as for Site."""
        self.gateway.kill()
        config = json.loads(self.gateway.config.read_text())
        if change is not None:
            change(config)
        self.gateway = self._stack.enter_context(Gateway(self.lab, self.directory, config, **options))
        return self.gateway

    # clients
    def tls(self, who="good", **options):
        """A client context; who names a client of the PKI, None presents no certificate."""
        return client.context(self.pki, self.pki.client(who) if who else None, **options)

    def connect(self, who="good", *, sni="api.example", version=None, tls=None, **options):
        return client.TlsClient(self.lab, tls or self.tls(who, version=version), sni=sni, **options)

    def ask(self, request, who="good", **options):
        """One request on a connection of its own."""
        with self.connect(who, **options) as c:
            return c.ask(request, head_only=request.startswith(b"HEAD "))

    def curl(self, *arguments, who="good", host="api.example", timeout_s=20):
        identity = self.pki.client(who) if who else None
        return self.lab.run("client", "curl", "--silent", "--show-error", "--max-time", str(timeout_s),
                            "--cacert", self.pki.server_ca, "--resolve", f"{host}:443:{GATEWAY_FRONT}",
                            *(["--cert", identity.chain, "--key", identity.key] if identity else []), *arguments)

    def check_serves(self):
        """The one question after every attack: is a good client still answered?"""
        self.backend.forget()
        answer = self.ask(client.get("/still-there"))
        check_equal((answer.status, answer.body), (200, b"GET /still-there\n"), "a good client's answer")

    def check_counted(self, before, name, at_least=1):
        """The drop reason `name` has risen since `before` (what gateway.drops() said)."""
        if name not in before:
            raise Failure(f"no drop reason {name}; there are: {' '.join(sorted(before))}")

        def risen():
            return self.gateway.drops()[name] - before[name] >= at_least

        try:
            eventually(risen, f"drop {name} counted")
        except Failure:
            after = self.gateway.drops()
            grew = {key: after[key] - before[key] for key in after if after[key] != before[key]}
            raise Failure(f"drop {name} not counted {at_least} times; what rose: {grew}") from None

    def settled_pools(self, within_s=20.0):
        """What is in use when nothing is going on: no session, no connection to the backends."""

        def idle():
            self.backend.drop_connections()
            pools = self.gateway.pools()
            return pools if pools["sessions"] == pools["tcp_conns"] == 0 else None

        return eventually(idle, "the gateway comes to rest", within_s)

    def check_pools(self, before, within_s=20.0):
        """Every pool comes back to exactly what settled_pools() said."""
        last = {}

        def same():
            self.backend.drop_connections()
            last.update(self.gateway.pools())
            return last == before

        try:
            eventually(same, "pools as before", within_s)
        except Failure:
            differ = {name: (before.get(name), last[name]) for name in last if last[name] != before.get(name)}
            raise Failure(f"pools differ after {within_s:g} s (before, after): {differ}") from None

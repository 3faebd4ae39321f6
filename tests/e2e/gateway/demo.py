# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/demo as a person runs it: --once ends well and leaves nothing; without it, it stays up, what it prints can be
pasted, and SIGTERM ends it without a trace."""

import os
import re
import signal
import subprocess
import sys
import time

from support.lab import ROOT, Lab, end, start, why_unable
from support.tap import Fixture, case, check, check_equal, eventually, main, skip_all

DEVICE = sys.argv[1]
ENV = {**os.environ, "SP_LAB": Lab().name}
DEMO = [ROOT / "scripts/demo", "--device", DEVICE]


def machine_state():
    namespaces = sorted(n for n in os.listdir("/run/netns") if ENV["SP_LAB"] in n) if os.path.isdir("/run/netns") else []
    with open("/proc/sys/vm/nr_hugepages", encoding="ascii") as file:
        return namespaces, file.read(), os.path.exists(f"/run/sallyport-demo-{ENV['SP_LAB']}")


def once(*options):
    before = machine_state()
    done = subprocess.run([*DEMO, "--once", *options], env=ENV, capture_output=True, text=True, timeout=250)
    check_equal(done.returncode, 0, f"exit status (output: {done.stdout[-1500:]} {done.stderr[-500:]})")
    check_equal(done.stdout.count("as it must be"), 5, "right answers")
    check_equal(machine_state(), before, "namespaces, huge pages and files afterwards")


@case(limit_s=280)
def once_passes(_):
    once()


@case(limit_s=280)
def once_with_huge_pages_passes_and_gives_them_back(_):
    once("--hugepages")


@case(limit_s=280)
def it_stays_up_and_what_it_prints_can_be_pasted(_):
    before = machine_state()
    log = open(f"/tmp/sallyport-demo-test.{os.getpid()}", "w+", encoding="utf-8")
    os.unlink(log.name)
    demo = start(DEMO, env=ENV, stdout=log, stderr=subprocess.STDOUT)

    def printed():
        log.seek(0)
        return log.read()

    try:
        eventually(lambda: "seen by the backend:" in printed() or demo.poll() is not None, "the demo is up", 120)
        lines = [line.strip() for line in re.search(r"another terminal:\n\n(.*?)\n\n", printed(), re.S).group(1).splitlines()]
        *head, last = lines
        check("trust explain" in last, f"what explains a refusal, and so exits with 1, is not the last line: {last}")
        script = "\n".join([*head, f"! {last}"])
        done = subprocess.run(["bash", "-ec", script], capture_output=True, text=True, timeout=60)
        check_equal(done.returncode, 0, f"the pasted lines (output: {done.stdout[-800:]} {done.stderr[-500:]})")
        for word in ("Hello, CN=client-good", "No required SSL certificate", "unknown_issuer", "421", "refused: expired"):
            check(word in done.stdout, f"{word!r} is missing in {done.stdout!r}")
        began = time.monotonic()
        demo.send_signal(signal.SIGTERM)
        check_equal(demo.wait(15), 143, "exit status after SIGTERM")
        check(time.monotonic() - began < 10, "it took too long to end")
    finally:
        end(demo, patience_s=10)
        log.close()
    check_equal(machine_state(), before, "namespaces, huge pages and files afterwards")


if why_unable():
    skip_all(why_unable())
main(Fixture())

# SPDX-License-Identifier: GPL-3.0-or-later
"""`idle: poll`: a worker that never sleeps, and what it says of its time."""

import pathlib
import time

from support.site import Site
from support.tap import case, check, main

BUSY_MAX = 0.5
SLEEPS_MAX = 10


def change(config):
    config["workers"] = {"cores": [1], "idle": "poll"}


def sleeps(site):
    """How often the worker's thread has given up its core of its own accord."""
    for task in pathlib.Path(f"/proc/{site.gateway.status()['pid']}/task").iterdir():
        if "worker" in (task / "comm").read_text():
            return int((task / "status").read_text().split("\nvoluntary_ctxt_switches:")[1].split()[0])
    raise RuntimeError("no worker thread")


@case
def a_polling_worker_serves(site):
    site.check_serves()


@case
def a_polling_worker_never_sleeps_and_calls_its_time_idle(site):
    site.settled_pools()
    before, slept = site.gateway.status()["workers"][0], sleeps(site)
    time.sleep(2)
    slept = sleeps(site) - slept
    after = site.gateway.status()["workers"][0]
    busy, total = (after[name] - before[name] for name in ("busy_cycles", "total_cycles"))
    check(slept <= SLEEPS_MAX, f"slept {slept} times")
    check(total > 0, "no time passed")
    check(busy < BUSY_MAX * total, f"busy {busy} of {total} cycles without anything to do")


main(Site(change))

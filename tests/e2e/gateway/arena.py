# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of the TLS sessions: huge pages that packets left, else transparent ones, else plain ones; said at the
start and in the status, and what is said is so."""

import ctypes
import os
import pathlib
import re

HUGEPAGES_MIB = 256
os.environ["SP_TEST_HUGEPAGES"] = str(HUGEPAGES_MIB)

from support.site import Site  # noqa: E402
from support.tap import Failure, case, check, check_equal, eventually, main  # noqa: E402

MIB = 1 << 20
PR_SET_THP_DISABLE = 41


def without_hugepages(config):
    config["memory"]["hugepages"] = "none"


def arena(site):
    """What the event at the start says, and it is what the status says."""
    lines = site.gateway.events("tls_arena")
    check_equal(len(lines), 1, "events of one worker")
    said = dict(re.findall(r"(\w+)=(\S+)", lines[0]))
    status = site.gateway.status()["workers"][0]["tls_arena"]
    check_equal({key: said[key] for key in ("pages", "bytes", "hugepages_bytes")},
                {key: str(status[key]) for key in ("pages", "bytes", "hugepages_bytes")}, "the event")
    check(0 < status["taken_bytes"] <= status["bytes"], f"taken: {status}")
    return status


def mappings(site):
    """The process's mappings: (bytes, {field: KiB, "VmFlags": flags})."""
    found = []
    for line in pathlib.Path(f"/proc/{site.gateway.pid}/smaps").read_text().splitlines():
        start = re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line)
        if start:
            found.append((int(start.group(2), 16) - int(start.group(1), 16), {}))
            continue
        name, value = line.split(":", 1)
        found[-1][1][name] = value.split() if name == "VmFlags" else int(value.split()[0])
    return found


def huge_bytes(site):
    return sum(fields["Shared_Hugetlb"] + fields["Private_Hugetlb"] for _, fields in mappings(site)) << 10


def free_hugepages():
    return int(re.search(r"HugePages_Free:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1))


@case
def huge_pages_that_packets_left_carry_the_arena(site):
    status = arena(site)
    check_equal(status["pages"], "huge", "pages")
    check(status["hugepages_bytes"] >= 64 * MIB, f"most of what is left: {status}")
    check(any(size == status["hugepages_bytes"] and fields["Private_Hugetlb"] << 10 == size
              for size, fields in mappings(site)), "no such mapping of huge pages")
    site.check_serves()


@case
def packets_and_arena_together_take_no_more_than_was_given(site):
    taken = huge_bytes(site)
    check(taken <= HUGEPAGES_MIB * MIB, f"{taken} bytes of huge pages")
    check(taken > arena(site)["hugepages_bytes"] + 64 * MIB, f"packets are not on huge pages: {taken} bytes in all")


@case
def huge_pages_are_given_back(site):
    mine = huge_bytes(site) // (2 * MIB)
    before = free_hugepages()
    site.gateway.stop()
    eventually(lambda: free_hugepages() >= before + mine, f"{mine} more free huge pages than {before}")
    site.restart()


@case
def without_them_the_arena_is_on_transparent_ones(site):
    site.restart(without_hugepages)
    status = arena(site)
    enabled = pathlib.Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text()
    check_equal(status["pages"], "plain" if "[never]" in enabled else "transparent", "pages")
    check_equal(status["hugepages_bytes"], 0, "huge pages")
    if status["pages"] == "transparent":
        check(any(size == status["bytes"] and "hg" in fields["VmFlags"] for size, fields in mappings(site)),
              "the kernel knows of no such advice")
    check_equal(huge_bytes(site), 0, "bytes of huge pages")
    site.check_serves()


@case
def without_those_it_is_on_plain_ones(site):
    prctl = ctypes.CDLL(None).prctl
    check_equal(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), 0, "prctl")  # children have none either
    try:
        site.restart(without_hugepages)
    finally:
        prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0)
    check_equal(arena(site)["pages"], "plain", "pages")
    site.check_serves()


@case
def fewer_than_packets_need_refuse_the_start(site):
    def too_few(config):
        config["memory"]["hugepages"] = "64MiB"

    try:
        site.restart(too_few)
    except RuntimeError as error:
        check(re.search(r"memory\.hugepages: packet buffers need \d+MiB; give at least that, or lower memory\.sessions",
                        str(error)), f"the message: {error}")
    else:
        raise Failure("the gateway took more than it was given")
    finally:
        site.restart(lambda config: config["memory"].update(hugepages=f"{HUGEPAGES_MIB}MiB"))
    check_equal(arena(site)["pages"], "huge", "pages afterwards")


main(Site())

# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway that was started as root serves as somebody else, and can still do all it has to."""

import grp
import json
import os
import pathlib
import pwd
import signal

from support.client import get
from support.lab import BUILD
from support.site import Site
from support.tap import case, check, check_equal, eventually, main

SALLYPORT = BUILD / "app/gateway/sallyport"
USER = pwd.getpwnam("nobody")
CAP_NET_ADMIN = 1 << 12


def as_nobody(config):
    folder = pathlib.Path(config["control"]["socket"]).parent
    os.chmod(folder, 0o755)
    logs = folder / "logs"
    logs.mkdir()
    os.chown(logs, USER.pw_uid, USER.pw_gid)
    config["process"] = {"user": USER.pw_name}
    config["access_log"] = {"path": str(logs / "access.log")}
    config["metrics"] = {"address": "127.0.0.1:9100"}


def threads(site):
    """/proc/PID/task/*/status of every thread, as dicts."""
    for task in sorted(pathlib.Path(f"/proc/{site.gateway.pid}/task").iterdir()):
        lines = (task / "status").read_text().splitlines()
        yield int(task.name), dict(line.split(":\t", 1) for line in lines if ":\t" in line)


@case
def no_thread_is_root_any_more(site):
    seen = list(threads(site))
    check(len(seen) >= 3, f"{len(seen)} threads")
    for task, status in seen:
        check_equal(status["Uid"].split(), [str(USER.pw_uid)] * 4, f"{status['Name']}: Uid")
        check_equal(status["Gid"].split(), [str(USER.pw_gid)] * 4, f"{status['Name']}: Gid")
        check_equal(status.get("Groups", "").split(), [], f"{status['Name']}: Groups")
        check_equal(status["NoNewPrivs"], "1", f"{status['Name']}: NoNewPrivs")
        kept = CAP_NET_ADMIN if site.device == "af_xdp" and task == site.gateway.pid else 0
        for kind in "CapEff", "CapPrm", "CapInh", "CapAmb":
            wanted = kept if kind in ("CapEff", "CapPrm") else 0
            check_equal(int(status[kind], 16), wanted, f"{status['Name']}: {kind}")
    check(site.gateway.events("privileges_dropped"), "no event privileges_dropped")


@case
def it_serves_as_before(site):
    site.check_serves()
    with site.connect() as connection:
        check_equal(connection.ask(get("/web/", method="GET")).status, 200, "status")


@case
def its_socket_and_log_are_the_users(site):
    for path in site.gateway.socket, site.directory / "logs/access.log":
        check_equal((path.stat().st_uid, path.stat().st_gid), (USER.pw_uid, USER.pw_gid), f"owner of {path.name}")
    check_equal(site.gateway.status()["state"], "running", "state")


@case
def its_log_can_be_rotated(site):
    path, rotated = (site.directory / f"logs/access.log{suffix}" for suffix in ("", ".1"))
    os.rename(path, rotated)
    site.gateway.signal(signal.SIGUSR1)
    eventually(lambda: site.gateway.events("access_log_reopened"), "event access_log_reopened")
    check_equal(site.ask(get("/rotated", method="GET")).status, 200, "status")
    eventually(lambda: "/rotated" in path.read_text(), "the line in the new file")
    check("/rotated" not in rotated.read_text(), "the line is in the old file")


def start_with(site, process):
    config = json.loads(site.gateway.config.read_text())
    config["process"] = process
    config["control"]["socket"] = str(site.directory / "other.sock")
    config["metrics"]["address"] = "127.0.0.1:9101"
    path = site.directory / "other.yaml"
    path.write_text(json.dumps(config, indent=1))
    return site.lab.run("gw", SALLYPORT, "--config", path, timeout=30)


def stop_and_leave(site):
    site.gateway.signal(signal.SIGTERM)
    check_equal(site.gateway.wait(10), 0, "exit status")


@case(limit_s=60)
def its_socket_goes_with_it_where_the_folder_is_the_users(site):
    before = site.gateway.socket
    path = site.directory / "logs/control.sock"
    site.restart(lambda config: config["control"].update(socket=str(path)))
    check(path.is_socket(), "no socket")
    stop_and_leave(site)
    check(not path.exists(), "the socket is left behind")
    site.restart(lambda config: config["control"].update(socket=str(before)))


@case(limit_s=60)
def a_socket_that_it_could_not_remove_is_replaced_at_the_next_start(site):
    """The folder is root's, which the gateway is no more when it ends.  The same after an end that left it no time."""
    for end in stop_and_leave, lambda site: site.gateway.kill():
        end(site)
        check(site.gateway.socket.is_socket(), "no socket is left, so nothing is shown here")
        site.restart()
        check_equal((site.gateway.status()["pid"], site.gateway.socket.stat().st_uid), (site.gateway.pid, USER.pw_uid),
                    "whose socket it is")


@case
def a_user_or_group_that_is_not_there_stops_the_start(site):
    for process, word in (({"user": "nobody-such"}, "process.user: this machine has no user"),
                          ({"user": "nobody", "group": "none-such"}, "process.group: this machine has no group")):
        done = start_with(site, process)
        check_equal(done.returncode, 3, f"exit status ({done.stderr[-300:]})")
        check(word in done.stderr, done.stderr)


@case
def a_group_of_its_own_can_be_named(site):
    site.restart(lambda config: config["process"].update(group="daemon"))
    gid = grp.getgrnam("daemon").gr_gid
    for _, status in threads(site):
        check_equal(status["Gid"].split(), [str(gid)] * 4, f"{status['Name']}: Gid")


@case
def without_the_key_it_stays_who_started_it(site):
    site.restart(lambda config: config.pop("process"))
    for _, status in threads(site):
        check_equal((status["Uid"].split()[1], status["NoNewPrivs"]), ("0", "1"), f"{status['Name']}")
    check(not site.gateway.events("privileges_dropped"), "an event of what did not happen")


@case(limit_s=60)
def an_interface_is_left_as_it_was(site):
    site.restart(lambda config: config.update(process={"user": "nobody"}))
    site.check_serves()
    stop_and_leave(site)
    done = site.lab.run("gw", "ip", "-details", "link", "show", "gw0")
    check("xdp" not in done.stdout, f"a program is left on the interface: {done.stdout}")
    site.restart()
    site.check_serves()


main(Site(as_nobody))

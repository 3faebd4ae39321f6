# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of ports that the other programs do not use: tap, memif, and cards that are not there.  (Cards that are:
scripts/test-nic.)"""

import json
import re
import subprocess

from support.lab import BUILD, CLIENT, GATEWAY_FRONT, end
from support.site import Site
from support.tap import Failure, case, check, check_equal, eventually, main

TAP = "sptap0"
# Several processes start here, on a machine that may be busy.
LIMIT_S = 60


def front(device):
    return lambda config: config["ports"][0].update(device=device)


def ip(site, role, *words):
    done = site.lab.run(role, "ip", *words)
    if done.returncode != 0:
        raise Failure(f"ip {' '.join(words)}: {done.stderr}")


def check_pings(site):
    def answered():
        return site.lab.run("client", "ping", "-c", "1", "-W", "1", GATEWAY_FRONT).returncode == 0

    eventually(answered, f"{GATEWAY_FRONT} answers a ping", LIMIT_S)


class Forwarder:
    """testpmd between a memif socket and the interface gw0, both ways."""

    def __init__(self, site, socket, role):
        self._process = site.lab.start(
            "gw", "dpdk-testpmd", "--no-huge", "-m", "128", "--no-pci", "--no-shconf",
            f"--file-prefix=spfwd{socket.stem}", "--no-telemetry", "--lcores", "0@0,1@0",
            "--vdev", f"net_memif0,role={role},socket={socket},socket-abstract=no",
            "--vdev", "net_af_packet0,iface=gw0,blocksz=16384,framesz=2048,framecnt=1024",
            "--", "--no-mlockall", "--total-num-mbufs=4096", "--forward-mode=io", "--auto-start", "--stats-period=60",
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self._process)


def check_port(site, driver, link="up"):
    port = site.gateway.status()["ports"][0]
    check_equal((port["driver"], port["link"], port["queues"], port["mtu"]), (driver, link, 1, 1500),
                "driver, link, queues, mtu")
    return port


@case(limit_s=2 * LIMIT_S)
def tap_is_an_interface_of_the_kernels_that_pings_and_serves(site):
    site.restart(front(f"tap:{TAP}"))
    ip(site, "gw", "link", "set", TAP, "netns", site.lab.netns("client"))
    ip(site, "client", "address", "flush", "dev", "cl0")
    ip(site, "client", "link", "set", TAP, "up")
    ip(site, "client", "address", "add", f"{CLIENT}/24", "dev", TAP)
    check_pings(site)
    site.check_serves()
    port = site.gateway.status()["ports"][0]
    check_equal((port["driver"], port["offloads"]),
                ("net_tap", "rx_checksum,tx_ip4_checksum,tx_tcp_checksum,tx_multi_segment"), "driver, offloads")
    check(port["rx_pkts"] > 0 and port["tx_pkts"] > 0, f"packets: {port}")


@case(limit_s=2 * LIMIT_S)
def tap_goes_with_the_gateway(site):
    site.gateway.stop()
    check(site.lab.run("client", "ip", "link", "show", TAP).returncode != 0, f"{TAP} is left behind")
    ip(site, "client", "address", "add", f"{CLIENT}/24", "dev", "cl0")
    site.restart(front("af_packet:gw0"))


def fronts(site, name):
    """How many events of that name were about the front port."""
    return sum(" port=front " in line for line in site.gateway.events(name))


@case(limit_s=4 * LIMIT_S)
def memif_that_listens_serves_and_takes_a_new_peer(site):
    socket = site.directory / "listens.sock"
    site.restart(front(f"memif:{socket}"))
    check_port(site, "net_memif", "down")
    for nth in (1, 2):
        with Forwarder(site, socket, "client"):
            eventually(lambda: fronts(site, "port_up") == nth, "the link comes up", LIMIT_S)
            check_port(site, "net_memif")
            check_pings(site)
            site.check_serves()
        eventually(lambda: fronts(site, "port_down") == 1 + nth, "the loss of the link is reported", LIMIT_S)


@case(limit_s=4 * LIMIT_S)
def memif_that_connects_serves(site):
    socket = site.directory / "connects.sock"
    with Forwarder(site, socket, "server"):
        eventually(socket.exists, "the other side listens", LIMIT_S)
        site.restart(front(f"memif:{socket},id=0,role=client"))
        check_pings(site)
        site.check_serves()
        check_port(site, "net_memif")


def refusal(site, device):
    """(exit status, the error) of a gateway with that device in front."""
    config = json.loads(site.gateway.config.read_text())
    front(device)(config)
    path = site.directory / "refused.yaml"
    path.write_text(json.dumps(config))
    done = site.lab.run("gw", BUILD / "app/gateway/sallyport", "--config", path, timeout=LIMIT_S)
    return done.returncode, re.search(r'event=start_failed error="(.*)"', done.stderr).group(1)


@case(limit_s=2 * LIMIT_S)
def card_that_is_not_there_refuses_the_start(site):
    check_equal(refusal(site, "ffff:ff:1f.7"),
                (3, "there is no PCI device ffff:ff:1f.7; `lspci -D` lists those of this machine"), "exit, error")


@case(limit_s=2 * LIMIT_S)
def tap_does_not_take_an_interface_that_is_there(site):
    check_equal(refusal(site, "tap:gw0"),
                (3, "ports[front]: there is an interface 'gw0' already; choose a name for the one to be made, or use "
                    "af_packet:gw0"), "exit, error")


main(Site())

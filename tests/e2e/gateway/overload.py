# SPDX-License-Identifier: GPL-3.0-or-later
"""More than the gateway can do: floods below TLS, memory nearly used up.  Whoever is established is served on, and what is
refused is refused first to those who are not."""

import socket
import time

from support.client import connect, context, get
from support.lab import GATEWAY_FRONT
from support.rawnet import ACK, PSH, SYN, RawPeer, RawTcp, ip4, tcp
from support.site import Site
from support.tap import case, check, check_equal, diag, eventually, main

SESSIONS = 64


def change(config):
    config["memory"]["sessions"] = SESSIONS


@case(limit_s=60)
def flood_of_syns_is_answered_without_state_and_true_clients_get_in(site):
    before_pools, before = site.settled_pools(), site.gateway.counters()
    with site.connect() as established, RawPeer(site.lab) as peer:
        for i in range(6000):
            source = f"198.18.0.{100 + i % 100}"
            peer.frame(ip4(tcp(sport=1024 + i, flags=SYN, src=source, options=b"\2\4\5\xb4"), src=source))
            if i % 64 == 0:
                time.sleep(0.002)
        check_equal(established.ask(get("/in-the-flood")).status, 200, "an established client")
        held = site.gateway.status()["workers"][0]["pools"]["tcp_conns"]
        check(held["in_use"] <= held["size"] // 4 + 8, f"{held} control blocks after the flood")
        # The kernel's SYN cookie client: timestamps and window scale come back through the cookie.
        with site.connect() as late:
            check_equal(late.ask(get("/new")).status, 200, "a new client")
    after = site.gateway.counters()
    check(after["tcp_syncookies_sent"] - before["tcp_syncookies_sent"] > 1000, "cookies were sent")
    check(after["tcp_syncookies_accepted"] > before["tcp_syncookies_accepted"], "and one came back")
    site.check_pools(before_pools, within_s=40)


@case(limit_s=60)
def one_byte_segments_on_many_connections_do_not_exhaust_the_packets(site):
    before_pools = site.settled_pools()
    # A record of 16 KiB is announced, so the gateway must wait for it.
    start = b"\x16\x03\x01\x40\x00\x01"
    with site.connect() as established:
        attackers = []
        for _ in range(SESSIONS - 12):
            sock = connect(site.lab)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.sendall(start)
            attackers.append(sock)
        for _ in range(150):
            for sock in attackers:
                try:
                    sock.send(b"\0")
                except OSError:
                    pass
        pool = site.gateway.status()["workers"][0]["pools"]["mbuf"]
        diag(f"{len(attackers)} connections of {150 + len(start)} one-byte segments: {pool['in_use']} of "
             f"{pool['size']} packet buffers")
        check(pool["in_use"] < 4 * len(attackers) + 200, f"packet buffers: {pool}")
        check_equal(established.ask(get("/good")).status, 200, "an established client")
        for sock in attackers:
            sock.close()
    site.check_pools(before_pools)


@case(limit_s=60)
def scattered_bytes_on_many_connections_do_not_stop_good_traffic(site):
    """Every other byte, so that none can be copied behind another: what lies ahead of gaps is bounded for each."""
    before_pools = site.settled_pools()
    with site.connect() as established, RawPeer(site.lab) as peer:
        attackers = [RawTcp(peer, 30000 + i).open() for i in range(24)]
        for attacker in attackers:
            for k in range(300):
                attacker.segment(b"x", flags=ACK | PSH, seq=attacker.seq + 1 + 2 * k)
        pool = site.gateway.status()["workers"][0]["pools"]["mbuf"]
        diag(f"{len(attackers)} connections of 300 scattered bytes: {pool['in_use']} of {pool['size']} packet buffers")
        check(pool["in_use"] < pool["size"] // 2, f"packet buffers: {pool}")
        check_equal(established.ask(get("/good")).status, 200, "an established client")
        for attacker in attackers:
            attacker.abort()
    site.check_pools(before_pools)


@case(limit_s=60)
def sessions_nearly_used_up_shed_new_connections_and_nothing_else(site):
    before_pools, before = site.settled_pools(), site.gateway.drops()
    tls = context(site.pki, site.pki.client("good"))
    held = []
    try:
        with site.connect() as established:
            while len(held) < SESSIONS - SESSIONS // 16 - 1:
                held.append(site.connect(tls=tls))
            time.sleep(0.1)
            with socket_that_waits(site) as late:
                check_equal(late.connect_ex((GATEWAY_FRONT, 443)) != 0, True, "the late client has no connection")
            site.check_counted(before, "shed_sessions")
            check_equal(site.gateway.drops()["sessions_exhausted"] - before["sessions_exhausted"], 0,
                        "sessions refused for want of room")
            check_equal(established.ask(get("/good")).status, 200, "an established client")
            eventually(lambda: site.gateway.events("shedding"), "the log says that something is shed")
            check("resource=sessions" in site.gateway.events("shedding")[-1], "and what")
            for connection in held[:SESSIONS // 4]:
                connection.close()
            with site.connect() as late:
                check_equal(late.ask(get("/again")).status, 200, "a client that came when there was room again")
    finally:
        for connection in held:
            connection.close()
    site.check_pools(before_pools)


def socket_that_waits(site):
    sock = site.lab.socket("client")
    sock.settimeout(0.8)
    return sock


main(Site(change))

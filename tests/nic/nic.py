# SPDX-License-Identifier: GPL-3.0-or-later
"""One client-certificate request over each model of network card; see scripts/test-nic."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from guest import Guest, Root, kernel  # noqa: E402
from support.gateway import RECORDER_PORT, start_up_file  # noqa: E402
from support.lab import BACKEND, BUILD, CLIENT, GATEWAY_FRONT, Lab, end  # noqa: E402
from support.pki import Pki  # noqa: E402
from support.recorder import Recorder  # noqa: E402
from support.tap import Failure, check, check_equal  # noqa: E402

OUTPUT = pathlib.Path(__file__).parent / "last-output.txt"
READY_LIMIT_S = 240
PING_LIMIT_S = 60
GATEWAY = "/opt/sallyport"
CONTROL = "/run/control.sock"

# (model and its options for qemu, the kernel's driver, DPDK's driver)
CARDS = [
    ("e1000e", "e1000e", "net_e1000_em"),
    ("vmxnet3", "vmxnet3", "net_vmxnet3"),
    ("virtio-net-pci,disable-legacy=on,iommu_platform=on,ats=on", "virtio-pci", "net_virtio"),
]


class Host(Lab):
    """One namespace that is client and backend, with the other ends of the guest's cards."""

    def __enter__(self):
        self.netns_name = f"sp-nic-{os.getpid()}"
        self._ip("netns", "add", self.netns_name)
        for number in range(len(CARDS)):
            self._ip("-n", self.netns_name, "tuntap", "add", f"nic{number}", "mode", "tap")
        self._ip("-n", self.netns_name, "link", "set", "lo", "up")
        # The addresses are there before any card is, so that the backend can listen.
        self._ip("-n", self.netns_name, "address", "add", f"{BACKEND}/32", "dev", "lo")
        return self

    def __exit__(self, *_):
        self._ip("netns", "delete", self.netns_name)

    def netns(self, role):
        return self.netns_name

    @staticmethod
    def _ip(*words):
        done = subprocess.run(["ip", *words], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"ip {' '.join(words)}: {done.stderr}")

    def use_card(self, number):
        for other in range(len(CARDS)):
            self._ip("-n", self.netns_name, "address", "flush", "dev", f"nic{other}")
        self._ip("-n", self.netns_name, "link", "set", f"nic{number}", "up")
        for address in (CLIENT, BACKEND):
            self._ip("-n", self.netns_name, "address", "add", f"{address}/24", "dev", f"nic{number}")


class Report:
    def __init__(self):
        self.lines = []

    def say(self, text=""):
        print(text, flush=True)
        self.lines.append(text)

    def write(self):
        OUTPUT.write_text("\n".join(self.lines) + "\n")


def address_of(number):
    return f"0000:00:{0x10 + number:02x}.0"


def write_config(root, pki, number):
    """The start-up file for one card, which carries both networks."""
    config = start_up_file(pki, pathlib.Path("/run"), device="x", hugepages="192MiB")
    config["memory"]["sessions"] = 100
    front, back = config["ports"]
    config["ports"] = [{"name": "card", "device": address_of(number), "addresses": front["addresses"] + back["addresses"]}]
    config["backend_pools"] = [config["backend_pools"][0]]
    config["rules"] = [rule for rule in config["rules"] if rule["pool"] == "app"]
    config["control"]["socket"] = CONTROL
    text = json.dumps(config, indent=1)
    for path in sorted(set(re.findall(r'"(/[^"]+\.(?:pem|key))"', text))):
        root.add(path, f"etc/{pathlib.Path(path).name}")
        text = text.replace(f'"{path}"', f'"/etc/{pathlib.Path(path).name}"')
    (root.path / f"etc/{number}.yaml").write_text(text)


def build_root(directory, pki):
    image, modules = kernel()
    root = Root(directory / "root")
    root.add_program(BUILD / "app/gateway/sallyport", f"{GATEWAY}/sallyport")
    root.add_program(BUILD / "app/sallyportctl/sallyportctl", f"{GATEWAY}/sallyportctl")
    root.add_pmds()
    root.add_modules(modules)
    for number in range(len(CARDS)):
        write_config(root, pki, number)
    root.pack(directory / "root.cpio")
    shutil.rmtree(root.path)
    return image, directory / "root.cpio"


def driver_of(guest, address):
    return pathlib.Path(guest.ask(f"readlink /sys/bus/pci/devices/{address}/driver")).name


def bind_to_vfio(guest, address):
    device = f"/sys/bus/pci/devices/{address}"
    guest.ask(f"echo vfio-pci >{device}/driver_override")
    guest.ask(f"echo {address} >{device}/driver/unbind")
    guest.ask(f"echo {address} >/sys/bus/pci/drivers_probe")
    check_equal(driver_of(guest, address), "vfio-pci", "the driver after binding")


def wait_ready(guest):
    deadline = time.monotonic() + READY_LIMIT_S
    while time.monotonic() < deadline:
        log = guest.run("cat /tmp/log")[1]
        if "event=ready" in log:
            return log
        if guest.run("kill -0 $(cat /tmp/pid)")[0] != 0:
            raise Failure("the gateway does not start:\n" + "\n".join(log.splitlines()[:8]))
        time.sleep(1)
    raise Failure(f"not ready within {READY_LIMIT_S} s:\n{log}")


def event(log, name):
    (line,) = [line for line in log.splitlines() if f" event={name} " in line + " "]
    return line.partition("level=")[2].partition(" ")[2]


def request(host, pki, recorder, report):
    deadline = time.monotonic() + PING_LIMIT_S
    while host.run("client", "ping", "-c", "1", "-W", "2", GATEWAY_FRONT).returncode != 0:
        if time.monotonic() > deadline:
            raise Failure("no answer to a ping")
    report.say("  ping                answered")
    recorder.forget()
    good = pki.client("good")
    done = host.run("client", "curl", "--silent", "--show-error", "--max-time", "60", "--cacert", pki.server_ca,
                    "--resolve", f"api.example:443:{GATEWAY_FRONT}", "--cert", good.chain, "--key", good.key,
                    "--write-out", " %{http_code}", "https://api.example/hello")
    check_equal((done.returncode, done.stdout), (0, "GET /hello\n 200"), f"curl ({done.stderr.strip()})")
    (seen,) = recorder.requests
    subject = re.search(rb"X-Client-Certificate-Subject: [^\r]*", seen.raw).group(0).decode()
    report.say("  request             200, client certificate presented")
    report.say(f"  backend saw         {subject}")
    done = host.run("client", "curl", "--silent", "--max-time", "60", "--cacert", pki.server_ca, "--output", "/dev/null",
                    "--resolve", f"api.example:443:{GATEWAY_FRONT}", "--write-out", "%{http_code}", "https://api.example/hello")
    check_equal((done.stdout, len(recorder.requests)), ("400", 1), "without a certificate: answer, backend's requests")
    report.say("  without certificate 400, backend saw nothing")


def try_card(number, host, guest, pki, recorder, report):
    model, kernel_driver, dpdk_driver = CARDS[number]
    address = address_of(number)
    report.say(f"{model}, {address}")
    check_equal(driver_of(guest, address), kernel_driver, "the kernel's driver")
    start = f"{GATEWAY}/sallyport --config /etc/{number}.yaml"
    status, text = guest.run(start)
    check_equal(status, 3, f"exit status while the kernel drives the card: {text}")
    report.say(f"  not bound: exit 3   {event(text, 'start_failed')}")
    bind_to_vfio(guest, address)
    host.use_card(number)
    guest.ask(f"{start} >/tmp/log 2>&1 & echo $! >/tmp/pid")
    log = wait_ready(guest)
    report.say(f"  at the start        {event(log, 'port_up')}")
    report.say(f"                      {event(log, 'tls_arena')}")
    request(host, pki, recorder, report)
    state = json.loads(guest.ask(f"{GATEWAY}/sallyportctl status --json --socket {CONTROL}"))
    (port,) = state["ports"]
    report.say(f"  status              {json.dumps(port)}")
    check_equal((port["driver"], port["link"]), (dpdk_driver, "up"), "driver, link")
    check(port["rx_pkts"] > 0 and port["tx_pkts"] > 0, "no packets counted")
    bad = {name: count for name, count in state["drops"].items() if count and "checksum" in name}
    check_equal(bad, {}, "segments refused for their checksum")
    guest.ask("kill -TERM $(cat /tmp/pid); wait $(cat /tmp/pid)", 60)
    report.say("  SIGTERM             exit 0")


def show_state(guest, report):
    """What a gateway that does not serve knows."""
    status, text = guest.run(f"{GATEWAY}/sallyportctl status --json --socket {CONTROL}")
    if status == 0:
        state = json.loads(text)
        report.say(f"  ports               {json.dumps(state['ports'])}")
        for kind in ("counters", "drops"):
            report.say(f"  {kind:19} {({name: n for name, n in state[kind].items() if n})}")


def run(report):
    failed = 0
    qemu = subprocess.run(["qemu-system-x86_64", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    with contextlib.ExitStack() as undo:
        directory = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-nic."))
        undo.callback(shutil.rmtree, directory, ignore_errors=True)
        pki = Pki(directory / "pki")
        image, archive = build_root(directory, pki)
        host = undo.enter_context(Host())
        recorder = undo.enter_context(Recorder(host, BACKEND, RECORDER_PORT))
        cards = [(model, f"nic{number}") for number, (model, _, _) in enumerate(CARDS)]
        guest = undo.enter_context(Guest(directory, host.netns_name, image, archive, cards))
        report.say(f"{qemu}, q35 with intel-iommu, tcg; guest kernel {guest.ask('uname -r')}; "
                   f"{time.strftime('%Y-%m-%d', time.gmtime())}")
        for number in range(len(CARDS)):
            report.say()
            try:
                try_card(number, host, guest, pki, recorder, report)
            except Failure as failure:
                failed += 1
                report.say(f"  FAILED: {failure}")
                show_state(guest, report)
                guest.run("kill -KILL $(cat /tmp/pid)")
        report.say()
        report.say(f"{len(CARDS) - failed} of {len(CARDS)} models of card serve")
    return failed


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through every clean-up
    report = Report()
    failed = run(report)
    report.write()
    sys.exit(1 if failed else 0)


main()

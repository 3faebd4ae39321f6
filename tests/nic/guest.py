# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual machine whose root is a handful of this machine's own files, held in its memory: Debian's kernel, busybox, and
the gateway with what it loads.  It is spoken to over a serial line, one shell command at a time."""

import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess
import time

from support.lab import ROOT, end, start
from support.tap import Failure

CACHE = ROOT / ".deps/test-nic"
BOOT_LIMIT_S = 600
MEMORY_MIB = 1536
HUGEPAGES = 112  # of 2 MiB, in the guest

# The drivers under test, and what DPDK needs around them.
PMDS = ["bus_pci", "bus_vdev", "mempool_ring", "net_e1000", "net_vmxnet3", "net_virtio"]
MODULES = ["e1000e", "vmxnet3", "virtio_pci", "virtio_net", "vfio-pci", "vfio_iommu_type1"]

# A shell on the second serial line: each command's output, then @@ and its status.
INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
chmod 755 / # DPDK loads no drivers from a folder that anyone may write
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /run /tmp /var/run
ip link set lo up
while read -r module; do insmod $module; done </modules.order
stty -F /dev/ttyS1 raw -echo
exec 3<>/dev/ttyS1
echo '@@ 0' >&3
while read -r line <&3; do
	eval "$line" >/tmp/out 2>&1 </dev/null
	rc=$?
	cat /tmp/out >&3
	echo "@@ $rc" >&3
done
poweroff -f
"""


def kernel():
    """(vmlinuz, folder of its modules) of Debian's present kernel, fetched once."""
    if not list(CACHE.glob("boot/vmlinuz-*")):
        depends = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], check=True, capture_output=True, text=True)
        package = re.search(r"Depends: (linux-image-\S+)", depends.stdout).group(1)
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "-q", "download", package], cwd=CACHE, check=True, capture_output=True)
        (deb,) = CACHE.glob("linux-image-*.deb")
        subprocess.run(["dpkg-deb", "-x", deb, CACHE], check=True)
        deb.unlink()
    (image,) = CACHE.glob("boot/vmlinuz-*")
    return image, CACHE / "lib/modules" / image.name.removeprefix("vmlinuz-")


def libraries_of(program):
    listed = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return [pathlib.Path(p) for p in re.findall(r"(/\S+) \(0x", listed)]


class Root:
    """The files of the guest."""

    def __init__(self, directory):
        self.path = pathlib.Path(directory)
        for name in ("bin", "proc", "sys", "dev", "usr/lib", "usr/lib64", "usr/bin", "lib/modules"):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.path / "lib")
        for name in ("lib", "lib64"):
            (self.path / name).symlink_to(f"usr/{name}")
        self.add("/bin/busybox", "bin/busybox")
        (self.path / "init").write_text(INIT)
        (self.path / "init").chmod(0o755)

    def add(self, source, place=None):
        """A link stays one: DPDK must not load a library twice under two names."""
        real = pathlib.Path(source).resolve()
        target = self.path / str(place or real).lstrip("/")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(real, target)
        link = self.path / str(source).lstrip("/")
        if place is None and not link.exists() and not link.is_symlink():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(real)

    def add_program(self, program, place):
        self.add(program, place)
        for library in libraries_of(program):
            self.add(library)

    def add_pmds(self):
        (folder,) = pathlib.Path("/usr/lib/x86_64-linux-gnu/dpdk").glob("pmds-*")
        for name in PMDS:
            (plugin,) = folder.glob(f"librte_{name}.so.*.0")
            self.add_program(plugin, plugin)

    def add_modules(self, folder):
        """In the order in which they can be loaded."""
        files = {f.stem.replace("-", "_"): f for f in folder.rglob("*.ko")}
        order = []

        def take(name):
            file = files[name.replace("-", "_")]
            if file in order:
                return
            depends = re.search(rb"\0depends=([^\0]*)\0", b"\0" + file.read_bytes()).group(1).decode()
            for needed in filter(None, depends.split(",")):
                take(needed)
            order.append(file)

        for name in MODULES:
            take(name)
        for file in order:
            self.add(file, f"modules/{file.name}")
        (self.path / "modules.order").write_text("".join(f"/modules/{f.name}\n" for f in order))

    def pack(self, archive):
        """As the kernel unpacks it into its memory (cpio, newc)."""
        with open(archive, "wb") as out:
            names = [self.path / "dev", *sorted(self.path.rglob("*"))]
            for number, path in enumerate(dict.fromkeys(names), 1):
                status = path.lstat()
                data = b""
                if stat.S_ISLNK(status.st_mode):
                    data = os.readlink(path).encode()
                elif stat.S_ISREG(status.st_mode):
                    data = path.read_bytes()
                self._entry(out, number, status.st_mode, str(path.relative_to(self.path)).encode(), data)
            self._entry(out, 0, 0, b"TRAILER!!!", b"")

    @staticmethod
    def _entry(out, number, mode, name, data):
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08x" % f for f in fields) + name + b"\0"
        out.write(head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4))


class Guest:
    """Runs in the namespace, with a card of each model on a tap interface of its own there."""

    def __init__(self, directory, netns, image, archive, cards):
        """cards: (model with its options, name of the tap interface); the first is device 10.0 of bus 0, and so on."""
        self.console = directory / "console.log"
        talk = directory / "talk.sock"
        command = ["ip", "netns", "exec", netns, "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max",
                   "-machine", "q35,kernel-irqchip=split", "-device", "intel-iommu,intremap=on,caching-mode=on",
                   "-smp", "2", "-m", str(MEMORY_MIB), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                   "-serial", f"file:{self.console}",
                   "-chardev", f"socket,id=talk,path={talk},server=on,wait=off", "-serial", "chardev:talk",
                   "-kernel", image, "-initrd", archive, "-append",
                   f"console=ttyS0 loglevel=4 panic=-1 no_timer_check intel_iommu=on iommu=pt hugepages={HUGEPAGES} rdinit=/init"]
        for number, (model, interface) in enumerate(cards):
            command += ["-netdev", f"tap,id=n{number},ifname={interface},script=no,downscript=no",
                        "-device", f"{model},netdev=n{number},mac=52:54:00:12:34:{0x10 + number:02x},addr={0x10 + number:x}"]
        self._process = start(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self._line = None
        self._talk = talk

    def __enter__(self):
        deadline = time.monotonic() + BOOT_LIMIT_S
        self._line = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self._line.connect(str(self._talk))
                break
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    end(self._process)
                    raise Failure(f"qemu: {self._process.stderr.read()}") from None
                time.sleep(0.1)
        try:
            self._answer(deadline)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._line is not None:
            self._line.close()
        end(self._process)

    def _answer(self, deadline):
        got = b""
        while True:
            found = re.search(rb"(?:^|\n)@@ (\d+)\r?\n$", got)
            if found:
                return int(found.group(1)), got[:found.start()].decode(errors="replace").replace("\r", "").strip("\n")
            self._line.settimeout(max(0.1, deadline - time.monotonic()))
            try:
                more = self._line.recv(65536)
            except TimeoutError:
                more = b""
            if not more:
                console = self.console.read_text(errors="replace").splitlines()[-15:]
                raise Failure("the guest does not answer; its console ends:\n" + "\n".join(console) + f"\nsaid: {got!r}")
            got += more

    def run(self, command, limit_s=120):
        """(exit status, what it printed)."""
        self._line.sendall(command.encode() + b"\n")
        return self._answer(time.monotonic() + limit_s)

    def ask(self, command, limit_s=120):
        """What it printed; Failure when it failed."""
        status, text = self.run(command, limit_s)
        if status != 0:
            raise Failure(f"in the guest: {command}: exit {status}: {text[-2000:]}")
        return text

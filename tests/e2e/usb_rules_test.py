#!/usr/bin/env python3
"""The udev rules of the sticks, put to udev itself over a made-up /sys in a mount namespace of its own: who starts
bianmin-usb@, and which USB interfaces get a driver once 76-bianmin-usb-lock.rules is in place. Prints TAP."""
import os
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

TOP = os.path.abspath(os.environ.get("G_TEST_SRCDIR", "."))
HUB = "devices/pci0000:00/0000:00:14.0/usb1"
INSIDE = """
mount --bind "$1/sys" /sys && mount -t tmpfs none /run && mkdir -p /run/udev/rules.d && cp "$1"/rules/* /run/udev/rules.d &&
mount -t tmpfs none /etc/udev && mount -t tmpfs none /usr/lib/udev &&
exec udevadm test --action="$2" "/$3"
"""


class Tree:
    """A /sys with one USB controller; and the rules that are in force."""

    def __init__(self, top, rules, own=""):
        self.top = top
        self.sys = os.path.join(top, "sys")
        self.bus = os.path.join(self.sys, "bus/usb")
        os.makedirs(os.path.join(self.bus, "devices"))
        self.write("bus/usb/drivers_probe", "")
        os.makedirs(os.path.join(top, "rules"))
        for rule in rules:
            shutil.copy(os.path.join(TOP, "db", rule), os.path.join(top, "rules"))
        with open(os.path.join(top, "rules", "75-own.rules"), "w", encoding="utf-8") as out:
            out.write(own)
        self.add(HUB, "usb", "usb_device", interface_authorized_default="1", authorized="1", bNumInterfaces=" 1")

    def write(self, path, text):
        os.makedirs(os.path.dirname(os.path.join(self.sys, path)), exist_ok=True)
        with open(os.path.join(self.sys, path), "w", encoding="utf-8") as out:
            out.write(text)

    def read(self, path):
        with open(os.path.join(self.sys, path), encoding="utf-8") as source:
            return source.read().strip()

    def add(self, path, subsystem, devtype, uevent="", **attributes):
        self.write(path + "/uevent", f"DEVTYPE={devtype}\n{uevent}")
        for name, value in attributes.items():
            self.write(f"{path}/{name}", value + "\n")
        home = os.path.join(self.sys, "bus" if subsystem == "usb" else "class", subsystem)
        os.makedirs(home, exist_ok=True)
        os.symlink(os.path.relpath(home, os.path.join(self.sys, path)), os.path.join(self.sys, path, "subsystem"))
        return path

    def event(self, path, action="add"):
        done = subprocess.run(["unshare", "-m", "sh", "-c", INSIDE, "sh", self.top, action, path], text=True,
                              capture_output=True, check=False, env=dict(os.environ, SYSTEMD_DEVICE_VERIFY_SYSFS="0"))
        return done.stdout + done.stderr

    def plug(self, port, *interfaces, authorized="1", interface_authorized="0"):
        """A device with those (class, subclass, protocol); the paths of its interfaces, after their events."""
        hub = f"{HUB}/{port.rpartition('.')[0]}".rstrip("/")
        device = self.add(f"{hub}/{port}", "usb", "usb_device", authorized=authorized,
                          bNumInterfaces=f"{len(interfaces):2d}")
        self.event(device)
        paths = []
        for number, (kind, sub, protocol) in enumerate(interfaces):
            paths.append(self.add(f"{device}/{port}:1.{number}", "usb", "usb_interface", bInterfaceClass=kind,
                                  bInterfaceSubClass=sub, bInterfaceProtocol=protocol,
                                  authorized=interface_authorized))
        for path in paths:
            self.event(path)
        return paths

    def is_allowed(self, path):
        return self.read(path + "/authorized") == "1"


STICK, KEYBOARD, NETWORK = ("08", "06", "50"), ("03", "01", "01"), ("02", "06", "00")
CASES = [
    ("a stick is allowed", "1-1", [STICK], True),
    ("a keyboard is not", "1-1", [KEYBOARD], False),
    ("a network card is not", "1-1", [NETWORK], False),
    ("a stick that is a keyboard as well is not", "1-1", [STICK, KEYBOARD], False),
    ("nor with eleven interfaces", "1-1", [STICK] * 11, False),
    ("a hub is not", "1-1", [("09", "00", "00")], False),
    ("our own port is", "1-2", [KEYBOARD], True),
    ("and a port behind it", "1-2.4", [KEYBOARD], False),
]


def locked(top):
    tree = Tree(top, ["76-bianmin-usb-lock.rules"], 'SUBSYSTEM=="usb", KERNEL=="1-2:*", ENV{BIANMIN_USB_OWN}="1"\n')
    tree.event(HUB)
    return tree


def test_lock(tap, work):
    for number, (name, port, interfaces, is_wanted) in enumerate(CASES):
        tree = locked(os.path.join(work, str(number)))
        paths = tree.plug(port, *interfaces)
        bad = [f"{path}: {tree.read(path + '/authorized')}" for path in paths if tree.is_allowed(path) != is_wanted]
        if is_wanted and tree.read("bus/usb/drivers_probe") != os.path.basename(paths[-1]):
            bad.append("no driver is looked for: " + tree.read("bus/usb/drivers_probe"))
        tap.result(name, bad)
    tree = locked(os.path.join(work, "hub"))
    tap.result("the controller holds new interfaces back", [] if tree.read(HUB + "/interface_authorized_default") == "0"
               else [tree.read(HUB + "/interface_authorized_default")])
    paths = tree.plug("1-1", STICK, authorized="0")
    tap.result("a device that the kernel held back is looked at", [] if tree.is_allowed(f"{HUB}/1-1")
               and tree.is_allowed(paths[0]) else ["held back"])
    tree.write(HUB + "/interface_authorized_default", "1\n")
    tree.plug("1-3", KEYBOARD, authorized="0", interface_authorized="1")
    tap.result("but not where interfaces are not held back", ["let in"] if tree.is_allowed(f"{HUB}/1-3") else [])


def test_start(tap, work):
    tree = Tree(os.path.join(work, "start"), ["77-bianmin-usb.rules"])
    usb = f"{HUB}/1-1/1-1:1.0/host0/target0:0:0/0:0:0:0/block/sdb"
    sata = "devices/pci0000:00/0000:00:17.0/ata1/host1/target1:0:0/1:0:0:0/block/sda"
    tree.plug("1-1", STICK)
    for name, path, action, facts, start, is_wanted in [
            ("a partition of a stick is copied", usb + "/sdb1", "add", "filesystem", 2048, True),
            ("an encrypted one is told of", usb + "/sdb2", "add", "crypto", 4096, True),
            ("one without a file system is not", usb + "/sdb3", "add", "", 6144, False),
            ("nor one that goes away", usb + "/sdb4", "remove", "filesystem", 8192, False),
            ("nor one that is the whole stick once more", usb + "/sdb5", "add", "filesystem", 0, False),
            ("nor the disk inside", sata + "/sda1", "add", "filesystem", 2048, False)]:
        device = os.path.basename(path)
        tree.add(path, "block", "partition", f"MAJOR=8\nMINOR=17\nDEVNAME={device}\n", start=str(start))
        with open(os.path.join(tree.top, "rules", "60-facts.rules"), "w", encoding="utf-8") as out:
            out.write(f'ENV{{ID_FS_USAGE}}="{facts}"\n')
        said = tree.event(path, action)
        wanted = f"SYSTEMD_WANTS=bianmin-usb-report@{device}.service bianmin-usb@{device}.service"
        tap.result(name, [] if (wanted in said) == is_wanted else said.splitlines())


def main():
    tap = Tap()
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode or \
            not shutil.which("udevadm"):
        print("1..0 # SKIP needs root, unshare and udevadm")
        return 0
    work = tempfile.mkdtemp(prefix="usb_rules_test.")
    try:
        test_lock(tap, work)
        test_start(tap, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return tap.finish()


sys.exit(main())

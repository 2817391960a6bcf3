#!/usr/bin/env python3
"""Called by vm.sh with the folder that holds kernel, initrd and disk: boots the machine, plugs and pulls sticks by
QEMU's monitor, and judges by what the machine says. Prints TAP. CUTS: how many power cuts (5)."""
import base64
import json
import os
import random
import re
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "e2e"))
from tap import Tap  # pylint: disable=wrong-import-position

WORK = sys.argv[1]
CUTS = int(os.environ.get("CUTS", "5"))
STATE = "cat /var/lib/bianmin/intake/state.json"
STAMP = "stat -c %y /var/lib/bianmin/intake/state.json"
TALK = """
import json, socket, sys
talk = socket.socket(socket.AF_UNIX)
talk.connect("/run/bianmin/update.socket")
lines = talk.makefile("rwb")
for request in json.loads(sys.argv[1]):
    lines.write(json.dumps(request).encode() + b"\\n")
    lines.flush()
    told = {"is": "progress"}
    while told["is"] == "progress":
        told = json.loads(lines.readline())
    print(told["is"], told.get("message", ""))
"""


class Machine:
    def __init__(self):
        self.process = self.lines = None

    def path(self, name):
        return os.path.join(WORK, name)

    def start(self, *more):
        for name in ("monitor", "agent"):
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "2048", "-display", "none", "-no-reboot",
             "-kernel", self.path("kernel"), "-initrd", self.path("initrd"), "-net", "none", "-device", "qemu-xhci,id=xhci",
             "-append", "root=/dev/vda rw console=tty0 console=ttyS0 systemd.show_status=0", "-vga", "virtio",
             "-drive", f"file={self.path('disk')},if=virtio,format=raw,cache=writeback",
             "-serial", f"file:{self.path('console')}", "-monitor", f"unix:{self.path('monitor')},server=on,wait=off",
             "-device", "virtio-serial", "-chardev", f"socket,id=agent,path={self.path('agent')},server=on,wait=off",
             "-device", "virtserialport,chardev=agent,name=agent", *more], stdin=subprocess.DEVNULL)
        wait(lambda: os.path.exists(self.path("agent")), 20)
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(400)
        link.connect(self.path("agent"))
        self.lines = link.makefile("rwb")
        self.run("true")

    def cut(self):
        self.process.kill()
        self.process.wait()

    def run(self, command):
        """(status, text)."""
        self.lines.write(base64.b64encode(command.encode()) + b"\n")
        self.lines.flush()
        status, _, text = self.lines.readline().partition(b" ")
        return int(status), base64.b64decode(text).decode(errors="replace").strip()

    def said(self, command):
        return self.run(command)[1]

    def order(self, *lines):
        """To QEMU's monitor."""
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(self.path("monitor"))
            for line in ("", *lines):
                text = b""
                if line:
                    link.sendall(line.encode() + b"\n")
                while not text.endswith(b"(qemu) "):
                    text += link.recv(4096)

    def plug(self, name, throttle=0, kind="usb-storage", bus="bus=xhci.0"):
        limit = f",throttling.bps-total={throttle}" if throttle else ""
        self.order(f"drive_add 0 if=none,id=drive-{name},file={self.path(name)},format=raw{limit}",
                   f"device_add {kind},drive=drive-{name},id={name},{bus}")

    def pull(self, name):
        self.order(f"device_del {name}")
        time.sleep(2)
        self.order(f"drive_del drive-{name}")

    def make_stick(self, name, megabytes, commands):
        """`commands` partition, format and fill /dev/vdb: not a stick yet, so that nothing copies it."""
        with open(self.path(name), "wb") as out:
            out.truncate(megabytes << 20)
        self.plug(name, kind="virtio-blk-pci", bus="addr=0x10")
        status, text = self.run("until [ -b /dev/vdb ]; do sleep .2; done; udevadm settle; set -e\n" + commands +
                                "\nif mountpoint -q /mnt; then umount /mnt; fi; sync")
        if status:
            raise RuntimeError(f"{name}: {text}")
        self.pull(name)
        self.run("while [ -b /dev/vdb ]; do sleep .2; done")

    def copied(self, name, **more):
        """What state.json says of a stick, once it is no longer being copied; the stick is pulled out then."""
        before = self.said(STAMP)
        self.plug(name, **more)
        wait(lambda: self.said(STAMP) != before and not self.said("systemctl list-jobs | grep bianmin-usb"), 90)
        state = json.loads(self.said(STATE))
        self.pull(name)
        return state


def wait(is_so, seconds):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


FAT = "mkfs.vfat -F 32 -I {0} >/dev/null; mount -o iocharset=utf8 {0} /mnt; "
EXFAT = "mkfs.exfat {0} >/dev/null; mount {0} /mnt; "
STICKS = [  # name, megabytes, how it is made, what becomes of it
    ("FAT", 64, "echo ,,c | sfdisk -q /dev/vdb; udevadm settle; " + FAT.format("/dev/vdb1") + "cp /root/sheets/* /mnt; "
     "bianmin stick enrol /mnt --label 王姐 --pin-file /root/pin", "copied"),
    ("exFAT on GPT", 64, "printf 'label: gpt\\n,\\n' | sfdisk -q /dev/vdb; udevadm settle; " + EXFAT.format("/dev/vdb1") +
     "mkdir /mnt/便民数据; cp /root/sheets/* /mnt/便民数据", "copied"),
    ("FAT without partitions", 64, FAT.format("/dev/vdb") + "cp /root/sheets/* /mnt", "copied"),
    ("exFAT without partitions", 64, EXFAT.format("/dev/vdb") + "cp /root/sheets/* /mnt", "copied"),
    ("two partitions", 96, "printf ',32M,c\\n,,7\\n' | sfdisk -q /dev/vdb; udevadm settle; "
     "mkfs.vfat /dev/vdb1 >/dev/null; " + EXFAT.format("/dev/vdb2") + "cp /root/sheets/* /mnt", "copied"),
    ("ext4", 64, "mkfs.ext4 -q /dev/vdb", "refused"),
    ("nothing of ours", 64, EXFAT.format("/dev/vdb") + "echo x >/mnt/x.txt", "nothing"),
]


def check_system(tap, machine):
    text = machine.said("systemctl is-system-running --wait; cd /var/lib/bianmin; stat -c '%a %U:%G %n' . content intake")
    wanted = "running\n1775 root:bm-import .\n2755 bm-import:bm-read content\n2751 root:bm-import intake"
    tap.result("everything starts, the folders are made", [] if text == wanted else [text])


def check_sticks(tap, machine):
    machine.run("mkdir /root/sheets; cp /root/bianmin/db/starter/*.csv /root/sheets; echo 738291 >/root/pin; "
                "sed -i 's/残疾人证办理/残疾人证的办理/' /root/sheets/事项.csv")
    for name, megabytes, commands, wanted in STICKS:
        machine.make_stick(name.replace(" ", "-"), megabytes, commands)
        state = machine.copied(name.replace(" ", "-"))
        tap.result(f"{name}: {wanted}", [] if state["state"] == wanted else [str(state)])
    machine.make_stick("large", 256, FAT.format("/dev/vdb") + "head -c 150000000 /dev/zero >/mnt/事项.csv")
    machine.plug("large", throttle=3000000)
    bad = [] if wait(lambda: '"copying"' in machine.said(STATE), 60) else ["not copied at all"]
    time.sleep(3)
    machine.pull("large")
    wait(lambda: '"copying"' not in machine.said(STATE), 60)
    text = machine.said(STATE + "; ls /var/lib/bianmin/intake")
    tap.result("pulled in the midst of it", bad + ([] if '"pulled"' in text and text.endswith("}\nstate.json") else [text]))


def check_conversation(tap, machine):
    machine.run("systemctl enable --now bianmin-update.socket")
    machine.copied("FAT")
    talk = json.dumps([{"do": "hello"}, {"do": "enter", "pin": "738291"}, {"do": "check"}, {"do": "publish"},
                       {"do": "report"}])
    with_talk = f"cat >/tmp/talk.py <<'END'\n{TALK}END\nrunuser -u %s -- python3 /tmp/talk.py '{talk}'"
    tap.result("only the touch screen may connect", [] if machine.run(with_talk % "bm-sms")[0] else ["so may others"])
    text = machine.said(with_talk % "bm-kiosk")
    tap.result("PIN, check and publication through the socket", [] if [line.split()[0] for line in text.splitlines()] ==
               ["hello", "entered", "checked", "published", "reported"] else [text])
    for account in ("bm-kiosk", "bm-sms"):
        text = machine.said(f"runuser -u {account} -- bianmin status")
        tap.result(f"{account} answers from it", [] if "现用数据：第 1 版" in text else [text])
    for name in ("FAT", "exFAT on GPT"):
        machine.copied(name.replace(" ", "-"))
        text = machine.said("journalctl -o cat -n 5 -u 'bianmin-usb-report@*'")
        tap.result(f"the result is written to {name}", [] if "结果写进了U盘" in text else [text])


def check_kiosk(tap, machine):
    machine.run("systemctl enable --now bianmin-sms bianmin-kiosk")
    machine.run("pkill -9 -x cage")
    is_back = wait(lambda: "NRestarts=1\nActiveState=active" in machine.said(
        "systemctl show bianmin-kiosk -p NRestarts -p ActiveState | sort -r"), 120)
    time.sleep(30)
    machine.order(f"screendump {machine.path('screen.ppm')}")
    time.sleep(1)
    with open(machine.path("screen.ppm"), "rb") as source:
        picture = source.read()
    colours = len({picture[at:at + 3] for at in range(len(picture) % 3, len(picture), 3)})
    text = machine.said("fgconsole; systemctl status bianmin-sms bianmin-kiosk")
    tap.result("the touch screen shows something, and comes back", [] if is_back and colours > 50 and text.startswith("7\n")
               else [f"{colours} colours"] + text.splitlines())


def check_lock(tap, machine):
    machine.run("cp /usr/local/share/bianmin/usb/76-bianmin-usb-lock.rules /etc/udev/rules.d; "
                "systemctl disable --now bianmin-kiosk bianmin-sms; (sleep 1; systemctl poweroff) >/dev/null 2>&1 &")
    machine.process.wait(120)
    machine.start("-drive", f"file={machine.path('FAT')},if=none,id=drive-cold,format=raw",
                  "-device", "usb-storage,drive=drive-cold,id=cold,bus=xhci.0")
    wait(lambda: '"copied"' in machine.said(STATE), 120)
    text = machine.said(STATE)
    tap.result("a stick that is in at boot is copied", [] if '"copied"' in text else [text])
    machine.pull("cold")
    machine.order("device_add usb-kbd,id=keys,bus=xhci.0")
    time.sleep(10)
    text = machine.said("cat /proc/bus/input/devices; cat /sys/bus/usb/devices/*/bInterfaceClass")
    tap.result("with the lock a keyboard is none", [] if "USB Keyboard" not in text and "03" in text else [text])
    state = machine.copied("exFAT-on-GPT")
    tap.result("and a stick is one", [] if state["state"] == "copied" else [str(state)])


PUBLISH = """
while :; do
    for x in A B; do
        bianmin update /root/$x --yes && bianmin status --json | sed 's/.*\\("generation":[0-9]*\\).*/\\1/' >/dev/ttyS0
    done
done
"""


def check_cuts(tap, machine):
    """Two contents in turn; whatever was said to be published before the cut, or was just being published, is in force."""
    machine.run("rm -rf /root/A /root/B; cp -r /root/sheets /root/A; cp -r /root/sheets /root/B; "
                "sed -i 's/残疾人证的办理/残疾人证怎么办/' /root/B/事项.csv; "
                f"cat >/root/publish <<'END'\n{PUBLISH}END\nsync")
    least = json.loads(machine.said("bianmin status --json"))["generation"]
    for cut in range(CUTS):
        machine.run("setsid sh /root/publish >/dev/null 2>&1 3>&- &")
        time.sleep(random.uniform(5, 25))
        machine.cut()
        with open(machine.path("console"), encoding="utf-8", errors="replace") as source:
            least = max([least, *map(int, re.findall(r'"generation":(\d+)\r?\n', source.read()))])
        machine.start()
        machine.run("systemctl is-system-running --wait")
        status = json.loads(machine.said("bianmin status --json"))
        left = machine.said("ls -d /var/lib/bianmin/*.tmp /var/lib/bianmin/intake/* 2>/dev/null")
        bad = [str(warning) for warning in status["warnings"]] + left.split()
        if not least <= status["generation"] <= least + 1:
            bad.append(f"{status['generation']}, {least} was said to be published")
        least = status["generation"]
        tap.result(f"power cut {cut + 1}: generation {least}", bad)


def main():
    tap, machine = Tap(), Machine()
    try:
        machine.start()
        for check in (check_system, check_sticks, check_conversation, check_kiosk, check_lock, check_cuts):
            check(tap, machine)
    finally:
        machine.cut()
    return tap.finish()


sys.exit(main())

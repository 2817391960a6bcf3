#!/usr/bin/env python3
"""The kiosk as a resident meets it: the built binary alone on the screen under cage, in the environment of
kiosk/bianmin-kiosk.service. Headless: what it tells systemd, what is on the screen, how it ends. In a window of Xvfb,
which gives cage a real pointer and keyboard: a click does something, the keys that leave other programs do not.
Prints TAP. cage refuses uid 0: as root everything is run as nobody."""
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from tap import Tap

BIANMIN = os.environ["BIANMIN"]
BUILD = os.environ.get("BIANMIN_BUILD", os.path.dirname(BIANMIN))
TOP = os.environ.get("G_TEST_SRCDIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PATIENCE_S = 120  # the sanitized binary on a busy machine; nothing is measured
NOBODY = 65534
BRANDS = (bytes.fromhex("0B4F6C"), bytes.fromhex("123848"))  # by day, by night
WIDTH, HEIGHT = 1080, 1920
TILE = (0.25, 0.45)  # of the width, of the height: some tile of the first page
HEADER = 0.10        # of the height: the clock is in it
KEYS = ("alt+F4", "ctrl+shift+i", "ctrl+shift+d", "ctrl+q", "ctrl+w", "F10", "F11", "shift+F10", "Menu", "super",
        "alt+Escape", "alt+Tab", "ctrl+alt+F2", "ctrl+alt+BackSpace", "ctrl+semicolon")
# Upside down. Upright, wlroots 0.15 on these two backends shows the program's own buffer without copying it, and what a
# screenshot then copies is older; a graphics card never gets it so. grim turns the picture back; see point().
CAGE = ("cage", "-r", "-r", "--")
# The kiosk arranges its pages for the screen that it finds; this one gets its size after cage has opened it.
WHEN_READY = ("sh", "-c", 'until [ -e "$0" ]; do sleep 0.05; done; exec "$@"')
PR_SET_CHILD_SUBREAPER = 36


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


for program, package in (("cage", "cage"), ("Xwayland", "xwayland"), ("grim", "grim")):
    if not shutil.which(program):
        skip_all(f"no {package}")
if "kiosk" not in subprocess.run([BIANMIN, "help"], capture_output=True, text=True).stdout:
    skip_all("built without the kiosk")


def wait_for(condition):
    """What `condition` gives once it is true, or its last answer when patience has ended."""
    end = time.monotonic() + PATIENCE_S
    while True:
        got = condition()
        if got or time.monotonic() > end:
            return got
        time.sleep(0.1)


def run_as():
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def make_folder():
    """A folder of whoever runs cage."""
    folder = tempfile.mkdtemp(prefix="bianmin-cage-")
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    return folder


class Stage:
    """The session's files as they are installed, and the binary where nobody can reach it."""

    def __init__(self):
        self.folder = make_folder()
        self.prefix = self.folder + "/usr"
        env = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        subprocess.run(["make", "-s", "-C", TOP, "install-session", f"BUILD={BUILD}", f"DESTDIR={self.folder}",
                        "PREFIX=/usr"], env=env, check=True)
        self.binary = shutil.copy(BIANMIN, self.folder + "/bianmin")
        subprocess.run(["chmod", "-R", "a+rX", self.folder], check=True)

    def environment(self):
        """The Environment= lines of the unit."""
        with open(TOP + "/kiosk/bianmin-kiosk.service", encoding="utf-8") as unit:
            pairs = re.findall(r"^Environment=(\w+)=(.*)$", unit.read(), re.MULTILINE)
        return {name: value.replace("@PREFIX@", self.prefix) for name, value in pairs}

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Picture:
    """What grim sees, the pointer included."""

    def __init__(self, ppm):
        magic, size, _, self.pixels = ppm.split(b"\n", 3)
        assert magic == b"P6"
        self.width, self.height = map(int, size.split())

    def row(self, y):
        return self.pixels[3 * self.width * y:3 * self.width * (y + 1)]

    def has_header(self):
        """Most of a row near the top is of the brand's colour."""
        row = self.row(4)
        colours = [row[i:i + 3] for i in range(0, len(row), 3)]
        return any(colours.count(brand) > 0.9 * self.width for brand in BRANDS)

    def is_plain_at_top(self):
        """Ten rows of one colour: no arrow of a pointer in them."""
        return all(self.row(y) == self.row(0) for y in range(10)) and self.has_header()

    def below_header(self):
        return self.pixels[3 * self.width * int(self.height * HEADER):]


class Kiosk:
    """cage with the kiosk in it, a process group of its own; `extra` environment says on what."""

    def __init__(self, stage, extra):
        self.folder = make_folder()
        keep = {key: value for key, value in os.environ.items()
                if key not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
        self.env = {**keep, **stage.environment(), "HOME": self.folder, "XDG_RUNTIME_DIR": self.folder,
                    "XDG_CACHE_HOME": self.folder + "/cache",
                    # GTK and fontconfig keep what they loaded until the end; that is not our leak
                    "ASAN_OPTIONS": "detect_leaks=0", **extra}
        self.log = open(self.folder + "/log", "w+b")
        command = (*CAGE, *WHEN_READY, self.folder + "/ready", stage.binary, "kiosk", "--data", self.folder + "/none")
        self.process = subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, start_new_session=True, **run_as())

    def screen_is_ready(self):
        open(self.folder + "/ready", "w", encoding="utf-8").close()

    def is_alive(self):
        """Both: cage ends when its child does."""
        return self.process.poll() is None

    def picture(self):
        """None while there is none."""
        env = {**self.env, "WAYLAND_DISPLAY": "wayland-0"}
        got = subprocess.run(["grim", "-c", "-t", "ppm", "-"], env=env, capture_output=True, **run_as())
        return Picture(got.stdout) if got.returncode == 0 and got.stdout else None

    def first_picture(self, size=None):
        def appeared():
            if not self.is_alive():
                return None
            picture = self.picture()
            fits = picture and (size is None or (picture.width, picture.height) == size)
            return picture if fits and picture.has_header() else None
        return wait_for(appeared) and self.settled()

    def settled(self, unlike=None):
        """The picture below the header once three in a row are the same (and not `unlike`)."""
        seen = []

        def is_settled():
            picture = self.picture()
            seen.append(picture and picture.below_header())
            return len(seen) >= 3 and seen[-1] and seen[-1] == seen[-2] == seen[-3] and seen[-1] != unlike
        return seen[-1] if wait_for(is_settled) else None

    def shows(self, expected):
        return wait_for(lambda: (picture := self.picture()) and picture.below_header() == expected)

    def stop(self):
        """As systemd does: SIGTERM to all; every one of them must be gone, the orphans too. Says whether they are."""
        def has_ended():
            try:
                while os.waitpid(-self.process.pid, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                return True
            return False
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        ended = wait_for(has_ended)
        if not ended:
            os.killpg(self.process.pid, signal.SIGKILL)
            wait_for(has_ended)
        return ended

    def complaints(self):
        self.log.seek(0)
        return [line for line in self.log.read().decode(errors="replace").splitlines()
                if re.search(r"CRITICAL|Sanitizer|runtime error|Theme parsing|cursor", line)]

    def remove(self):
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Systemd:
    """The end of NOTIFY_SOCKET that hears."""

    def __init__(self):
        self.folder = make_folder()
        self.path = self.folder + "/notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)
        os.chmod(self.path, 0o777)
        self.heard = []

    def hears(self, word, times=1):
        def has_come():
            try:
                while True:
                    self.heard += self.socket.recv(4096).decode().split("\n")
            except BlockingIOError:
                return self.heard.count(word) >= times
        return wait_for(has_come)

    def close(self):
        self.socket.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def test_headless(tap, stage):
    systemd = Systemd()
    kiosk = Kiosk(stage, {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "NOTIFY_SOCKET": systemd.path,
                          "WATCHDOG_USEC": "2000000"})
    try:
        kiosk.screen_is_ready()
        tap.result("the header is on the screen", [] if kiosk.first_picture() else ["no header"] + kiosk.complaints())
        tap.result("systemd hears READY=1", [] if systemd.hears("READY=1") else [str(systemd.heard)])
        tap.result("systemd hears WATCHDOG=1 again and again",
                   [] if systemd.hears("WATCHDOG=1", 3) else [str(systemd.heard)])
    finally:
        tap.result("SIGTERM ends cage and the kiosk", [] if kiosk.stop() else ["something is left"])
        tap.result("no complaint of GTK's", kiosk.complaints())
        systemd.close()
        kiosk.remove()


class Screen:
    """An Xvfb with cage's window over all of it."""

    def __init__(self):
        read_end, write_end = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-nolisten", "tcp", "-ac", "-screen", "0",
                                        f"{WIDTH}x{HEIGHT}x24"], pass_fds=[write_end], stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            self.name = ":" + pipe.readline().strip()

    def xdotool(self, *words):
        return subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": self.name}, capture_output=True,
                              text=True).stdout.split()

    def is_filled(self):
        """Makes cage's window as large as the screen and the one with the keyboard; says whether it is."""
        windows = self.xdotool("search", "--onlyvisible", "--name", ".*")  # the root, and cage's once it is there
        if len(windows) < 2:
            return False
        self.xdotool("windowmove", windows[-1], "0", "0")
        self.xdotool("windowsize", windows[-1], str(WIDTH), str(HEIGHT))
        self.xdotool("windowfocus", windows[-1])
        return (f"{WIDTH}x{HEIGHT}" in self.xdotool("getwindowgeometry", windows[-1]) and
                self.xdotool("getwindowfocus") == windows[-1:])

    def start(self, stage):
        """A kiosk over the whole screen, and its first picture. On an overloaded machine a start has once ended without
        one, and nobody knows why: a second try is told."""
        for is_last in (False, True):
            kiosk = Kiosk(stage, {"WLR_BACKENDS": "x11", "DISPLAY": self.name})
            wait_for(self.is_filled)
            kiosk.screen_is_ready()
            picture = kiosk.first_picture((WIDTH, HEIGHT))
            if picture or is_last:
                break
            print("# started once more: no picture", kiosk.complaints())
            kiosk.stop()
            kiosk.remove()
        self.point(0.5, 1 / HEIGHT)
        return kiosk, picture

    def point(self, x, y):
        """Fractions of the picture; the window is upside down."""
        self.xdotool("mousemove", str(WIDTH - 1 - int(x * WIDTH)), str(HEIGHT - 1 - int(y * HEIGHT)))

    def click(self, x, y):
        self.point(x, y)
        self.xdotool("click", "1")

    def stop(self):
        self.server.terminate()
        self.server.wait()


def test_click(tap, stage, screen):
    """What is seen before and after a click on the tile."""
    kiosk, before = screen.start(stage)
    after = None
    try:
        tap.result("the first page fills the screen", [] if before else ["no picture"] + kiosk.complaints())
        picture = kiosk.picture()
        tap.result("no pointer is drawn", [] if picture and picture.is_plain_at_top() else ["an arrow at the top"])
        screen.click(*TILE)
        after = kiosk.settled(unlike=before)
        tap.result("a click on a tile shows another page", [] if after else ["the picture is the same"])
    finally:
        tap.result("SIGTERM ends cage and the kiosk", [] if kiosk.stop() else ["something is left"])
        tap.result("no complaint of GTK's", kiosk.complaints())
        kiosk.remove()
    return before, after


def test_keys(tap, stage, screen, before, after):
    """The click comes after the keys: when it has been answered, so have they."""
    kiosk, picture = screen.start(stage)
    try:
        tap.result("a second start looks as the first", [] if picture and picture == before else ["it does not"])
        for key in KEYS:
            screen.xdotool("key", "--clearmodifiers", key)
        screen.click(*TILE)
        tap.result("after the keys a click does what it did without", [] if after and kiosk.shows(after) else
                   ["not the page that was expected"])
        tap.result("the kiosk has outlived " + ", ".join(KEYS), [] if kiosk.is_alive() else ["it has ended"])
    finally:
        kiosk.stop()
        tap.result("no complaint of GTK's", kiosk.complaints())
        kiosk.remove()


def main():
    tap = Tap()
    # orphans of cage become ours, so that their end can be seen
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    stage = Stage()
    screen = None
    try:
        test_headless(tap, stage)
        if shutil.which("Xvfb") and shutil.which("xdotool"):
            screen = Screen()
            test_keys(tap, stage, screen, *test_click(tap, stage, screen))
        else:
            print("# no Xvfb or xdotool: clicks and keys are not tried")
    finally:
        if screen:
            screen.stop()
        stage.remove()
    return tap.finish()


sys.exit(main())

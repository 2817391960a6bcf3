"""The kiosk as a process on a screen: started, watched and ended."""
import os
import re
import signal
import subprocess
import tempfile
import time

import x_screen

WIDTH, HEIGHT = 1080, 1920
BRAND = 0x0B4F6C  # kiosk/ui/style.css
CORNER = (8, 8)   # of the header: nothing is written there
REST_S = 1.8      # it gives memory back a second after the last touch: kiosk/window.c, REST_MS
SETTINGS = "[kiosk]\nspeech=none\nnight_from=0\nnight_to=0\nprinter=\n"
COMPLAINT = re.compile(r"CRITICAL|Theme parsing|ERROR \*\*|Sanitizer|Assertion")


class Kiosk:
    """In folders of its own; by day at any hour, and silent. `bus`: a session bus's address, or None: there is none."""

    def __init__(self, binary, screen, bus=None, extra_env=(), arguments=()):
        self.folder = tempfile.TemporaryDirectory(prefix="bianmin-kiosk-")
        home = self.folder.name
        settings = home + "/kiosk.conf"
        with open(settings, "w") as out:
            out.write(SETTINGS)
        os.mkdir(home + "/data")
        self.log = open(home + "/log", "w+")
        env = environment(screen, home, bus)
        env.update(extra_env)
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "--config", settings, "--data", home + "/data", "kiosk", "--windowed", "--size",
             f"{screen.width}x{screen.height}", *arguments], env=env, stdin=subprocess.DEVNULL, stderr=self.log)

    def wait_painted(self, screen, patience_s=60):
        """Seconds from its start to its first picture, or None."""
        moment = screen.wait(lambda: screen.pixel(*CORNER) == BRAND or not self.is_alive(), patience_s)
        return moment - self.begin if moment and self.is_alive() else None

    def is_alive(self):
        return self.process.poll() is None

    def memory(self):
        """MiB: Rss, Pss, Anonymous ..."""
        with open(f"/proc/{self.process.pid}/smaps_rollup") as file:
            return {words[0].rstrip(":"): int(words[1]) / 1024 for words in map(str.split, file) if words[-1] == "kB"}

    def cpu_s(self):
        """Its main thread's."""
        with open(f"/proc/{self.process.pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9

    def ticks_s(self):
        """All its threads', in steps of a clock tick."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def complaints(self):
        with open(self.folder.name + "/log", errors="replace") as file:
            return [line.strip() for line in file if COMPLAINT.search(line)]

    def stop(self):
        """Its exit status; None: it had to be killed."""
        if self.is_alive():
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        self.log.close()
        self.folder.cleanup()
        return status


def environment(screen, home, bus=None):
    env = {key: value for key, value in os.environ.items()
           if key not in ("DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "WAYLAND_DISPLAY", "GTK_A11Y", "GSK_RENDERER")}
    env.update(DISPLAY=screen.name, GDK_BACKEND="x11", GSK_RENDERER="cairo", HOME=home, XDG_RUNTIME_DIR=home,
               # GTK and fontconfig keep what they loaded until the end; that is not our leak
               ASAN_OPTIONS="detect_leaks=0")
    if bus:
        env["DBUS_SESSION_BUS_ADDRESS"] = bus
    return env


def has_kiosk(binary):
    return "kiosk" in subprocess.run([binary, "help"], capture_output=True, text=True).stdout


def new_screen():
    return x_screen.Screen(WIDTH, HEIGHT)

"""The kiosk as its tests see it: the built binary in a window of an Xvfb, a bus of its own for assistive technology, a
real pointer and a real keyboard, and pictures of the screen.

AT-SPI is spoken over GDBus: libatspi keeps copies that nobody refreshes without its main loop. What GTK 4.8 says and what
it does not: extents are the content box, so the real target is found by asking Contains(); nothing says whether a widget
is showing, so GetAccessibleAtPoint() is asked what lies on top."""
import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

BIANMIN = os.environ.get("BIANMIN", "build/bianmin")
BUILD = os.environ.get("BIANMIN_BUILD", os.path.dirname(BIANMIN))
IS_SANITIZED = os.environ.get("SANITIZE") == "1"
PATIENCE_S = 120 if IS_SANITIZED else 20
POLL_S = 0.02
FRAME_S = 0.02  # longer than a frame of GDK's clock
CLOCK = "2026-05-06T14:05:00"
PORTRAIT, LANDSCAPE = (1080, 1920), (1366, 768)
# What is started so ends with the test, however that ends (prctl(2), PR_SET_PDEATHSIG).
WITH_US = ["setpriv", "--pdeathsig", "TERM"]


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


try:
    import gi
    gi.require_version("Gio", "2.0")
    from gi.repository import Gio, GLib
    from PIL import Image, ImageChops
except (ImportError, ValueError) as missing:
    skip_all(f"no python3-gi or python3-pil: {missing}")
for program, package in (("Xvfb", "xvfb"), ("dbus-daemon", "dbus")):
    if not shutil.which(program):
        skip_all(f"no {package}")
if not os.path.exists("/usr/libexec/at-spi-bus-launcher"):
    skip_all("no at-spi2-core")
if "kiosk" not in subprocess.run([BIANMIN, "help"], capture_output=True, text=True).stdout:
    skip_all("built without the kiosk")


class KioskDied(RuntimeError):
    """It has ended before it was asked to."""


def wait_until(condition, patience_s=PATIENCE_S, poll_s=POLL_S):
    """What `condition` gives once it is true, or its last answer when patience has ended. KioskDied if the kiosk has
    ended without that making it true: nothing else will."""
    end = time.monotonic() + patience_s
    while True:
        got = condition()
        if got or time.monotonic() > end:
            return got
        for kiosk in Kiosk.started:
            kiosk.check_alive()
        time.sleep(poll_s)


# ---- X: windows, pictures, a pointer and keys ----

try:
    x11, xtest = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
except OSError as missing:
    skip_all(f"no libx11-6 or libxtst6: {missing}")


class XImage(ctypes.Structure):
    _fields_ = [("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int), ("format", ctypes.c_int),
                ("data", ctypes.c_void_p), ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
                ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int), ("depth", ctypes.c_int),
                ("bytes_per_line", ctypes.c_int)]


class XAttributes(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int),
                ("border_width", ctypes.c_int), ("depth", ctypes.c_int), ("visual", ctypes.c_void_p),
                ("root", ctypes.c_ulong), ("class", ctypes.c_int), ("bit_gravity", ctypes.c_int),
                ("win_gravity", ctypes.c_int), ("backing_store", ctypes.c_int), ("backing_planes", ctypes.c_ulong),
                ("backing_pixel", ctypes.c_ulong), ("save_under", ctypes.c_int), ("colormap", ctypes.c_ulong),
                ("map_installed", ctypes.c_int), ("map_state", ctypes.c_int), ("rest", ctypes.c_long * 8)]


VIEWABLE, Z_PIXMAP, ALL_PLANES, TO_POINTER_ROOT, NOW = 2, 2, 0xFFFFFF, 1, 0
display_p, window_t = ctypes.c_void_p, ctypes.c_ulong
for name, result, arguments in (
        ("XOpenDisplay", display_p, [ctypes.c_char_p]), ("XCloseDisplay", ctypes.c_int, [display_p]),
        ("XDefaultRootWindow", window_t, [display_p]), ("XSync", ctypes.c_int, [display_p, ctypes.c_int]),
        ("XFree", ctypes.c_int, [ctypes.c_void_p]),
        ("XGetImage", ctypes.POINTER(XImage), [display_p, window_t, ctypes.c_int, ctypes.c_int, ctypes.c_uint,
                                               ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]),
        ("XQueryTree", ctypes.c_int, [display_p, window_t, ctypes.POINTER(window_t), ctypes.POINTER(window_t),
                                      ctypes.POINTER(ctypes.POINTER(window_t)), ctypes.POINTER(ctypes.c_uint)]),
        ("XGetWindowAttributes", ctypes.c_int, [display_p, window_t, ctypes.POINTER(XAttributes)]),
        ("XSetInputFocus", ctypes.c_int, [display_p, window_t, ctypes.c_int, ctypes.c_ulong]),
        ("XStringToKeysym", ctypes.c_ulong, [ctypes.c_char_p]),
        ("XKeysymToKeycode", ctypes.c_ubyte, [display_p, ctypes.c_ulong])):
    function = getattr(x11, name)
    function.restype, function.argtypes = result, arguments
for name in ("XTestFakeKeyEvent", "XTestFakeButtonEvent"):
    getattr(xtest, name).argtypes = [display_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
xtest.XTestFakeMotionEvent.argtypes = [display_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_ulong]

# a window may be gone before it is looked at: Xlib would exit
forgive = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda display, error: 0)
x11.XSetErrorHandler(forgive)


class Screen:
    """An Xvfb of this size and the buses that go with it; one kiosk at a time."""

    def __init__(self, size):
        self.size = size
        self.folder = tempfile.mkdtemp(prefix="bianmin-screen-")
        self.log = open(self.folder + "/log", "wb")
        read_end, write_end = os.pipe()
        self.server = subprocess.Popen([*WITH_US, "Xvfb", "-displayfd", str(write_end), "-nolisten", "tcp", "-screen",
                                        "0", f"{size[0]}x{size[1]}x24"], pass_fds=[write_end], stderr=self.log)
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            self.name = ":" + pipe.readline().strip()
        keep = {key: value for key, value in os.environ.items()
                if key not in ("WAYLAND_DISPLAY", "AT_SPI_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS")}
        self.env = {**keep, "DISPLAY": self.name, "HOME": self.folder, "XDG_RUNTIME_DIR": self.folder,
                    "XDG_CONFIG_HOME": self.folder, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GSETTINGS_BACKEND": "memory",
                    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",  # as the unit has it
                    # GTK and fontconfig keep what they loaded until the end; that is not our leak
                    "ASAN_OPTIONS": "detect_leaks=0"}
        self.start_buses()
        self.display = x11.XOpenDisplay(self.name.encode())
        self.root = x11.XDefaultRootWindow(self.display)

    def start_buses(self):
        self.daemon = subprocess.Popen([*WITH_US, "dbus-daemon", "--session", "--nofork", "--print-address"], env=self.env,
                                       stdout=subprocess.PIPE, stderr=self.log, text=True, start_new_session=True)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.daemon.stdout.readline().strip()
        session = self.connect(self.env["DBUS_SESSION_BUS_ADDRESS"])
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                                    Gio.DBusCallFlags.NONE, PATIENCE_S * 1000, None).unpack()[0]
        self.bus = self.connect(address)

    @staticmethod
    def connect(address):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        connection.set_exit_on_close(False)
        return connection

    def close(self):
        x11.XCloseDisplay(self.display)
        os.killpg(self.daemon.pid, signal.SIGTERM)  # and what it started
        self.daemon.wait()
        self.daemon.stdout.close()
        self.server.terminate()
        self.server.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- looking --

    def windows(self):
        """Sizes of the windows that are seen, and their numbers."""
        root, parent, children, count = window_t(), window_t(), ctypes.POINTER(window_t)(), ctypes.c_uint()
        x11.XQueryTree(self.display, self.root, root, parent, children, count)
        numbers = [children[i] for i in range(count.value)]
        if numbers:
            x11.XFree(children)
        found = []
        for number in numbers:
            attributes = XAttributes()
            if x11.XGetWindowAttributes(self.display, number, attributes) and attributes.map_state == VIEWABLE:
                found.append(((attributes.width, attributes.height), number))
        return found

    def octets(self):
        """The screen, four octets a pixel."""
        image = x11.XGetImage(self.display, self.root, 0, 0, *self.size, ALL_PLANES, Z_PIXMAP)
        got = ctypes.string_at(image.contents.data, image.contents.bytes_per_line * self.size[1])
        x11.XFree(image.contents.data)
        x11.XFree(image)
        return got

    def picture(self):
        return Image.frombytes("RGB", self.size, self.octets(), "raw", "BGRX")

    # -- touching --

    def move(self, x, y):
        xtest.XTestFakeMotionEvent(self.display, -1, x, y, NOW)
        x11.XSync(self.display, 0)

    def press(self, button=1):
        xtest.XTestFakeButtonEvent(self.display, button, 1, NOW)
        x11.XSync(self.display, 0)

    def release(self, button=1):
        xtest.XTestFakeButtonEvent(self.display, button, 0, NOW)
        x11.XSync(self.display, 0)

    def click(self, x, y, button=1):
        self.move(x, y)
        self.press(button)
        self.release(button)

    def key(self, chord):
        """"ctrl+shift+i": as they are pressed, and let go the other way round."""
        full = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L", "super": "Super_L"}
        codes = [x11.XKeysymToKeycode(self.display, x11.XStringToKeysym(full.get(part, part).encode()))
                 for part in chord.split("+")]
        assert all(codes), chord
        for code in codes:
            xtest.XTestFakeKeyEvent(self.display, code, 1, NOW)
        for code in reversed(codes):
            xtest.XTestFakeKeyEvent(self.display, code, 0, NOW)
        x11.XSync(self.display, 0)

    def focus(self):
        """As a window manager would."""
        for _, number in self.windows():
            x11.XSetInputFocus(self.display, number, TO_POINTER_ROOT, NOW)
        x11.XSync(self.display, 0)


# ---- what assistive technology sees ----

ACCESSIBLE, COMPONENT, ACTION = (f"org.a11y.atspi.{name}" for name in ("Accessible", "Component", "Action"))
ROOT = "/org/a11y/atspi/accessible/root"
PROPERTIES = "org.freedesktop.DBus.Properties"
NAME = GLib.Variant("(ss)", (ACCESSIBLE, "Name"))
OF_WINDOW = GLib.Variant("(u)", (1,))
CONTROLS = {"button", "push button", "toggle button", "check box", "radio button", "link", "entry", "slider", "list item",
            "menu item", "combo box", "switch"}

def point_of(x, y):
    return GLib.Variant("(iiu)", (x, y, 1))


STATE_SENSITIVE, STATE_PRESSED, STATE_CHECKED, STATE_FOCUSED = 24, 20, 4, 12


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self):
        return self.x + self.width

    @property
    def bottom(self):
        return self.y + self.height

    @property
    def centre(self):
        return self.x + self.width // 2, self.y + self.height // 2

    def holds(self, other, slack=0):
        return (other.x >= self.x - slack and other.y >= self.y - slack and other.right <= self.right + slack and
                other.bottom <= self.bottom + slack)

    def gap(self, other):
        """Between the nearest edges; negative: they lie over each other."""
        return max(other.x - self.right, self.x - other.right, other.y - self.bottom, self.y - other.bottom)

    def __str__(self):
        return f"{self.width}x{self.height}+{self.x}+{self.y}"


@dataclass
class Node:
    path: str
    role: str
    name: str
    states: int
    box: Box  # the content, without padding and border
    parent: "Node" = None
    children: list = field(default_factory=list)

    def has(self, state):
        return bool(self.states >> state & 1)

    @property
    def is_control(self):
        return self.role in CONTROLS

    @property
    def is_sensitive(self):
        return self.has(STATE_SENSITIVE) and all(node.has(STATE_SENSITIVE) for node in self.ancestors())

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self):
        node = self.parent
        while node:
            yield node
            node = node.parent

    def __str__(self):
        return f"{self.role} “{self.name}”".replace("\n", "⏎")


class Kiosk:
    """The binary in a window; used with `with`, which ends it and keeps its complaints."""

    HARMLESS = re.compile(r"dconf|portal|Vulkan|libEGL|MESA|Failed to set fd limit|at-spi")
    COMPLAINT = re.compile(r"CRITICAL|WARNING|Theme parsing|Sanitizer|runtime error|\.css:\d")
    SETTINGS = {"sms_number": "13800577500", "opening_hours": "8:30—11:30，14:00—17:00", "counter": "3 号窗口",
                "speech": "none"}
    started = []  # and not ended yet

    def __init__(self, screen, page=None, clock=CLOCK, data=None, before=(), **settings):
        """`before`: words of a command that starts it."""
        self.screen, self.insets = screen, {}
        self.folder = tempfile.mkdtemp(prefix="kiosk-", dir=screen.folder)
        config = self.folder + "/kiosk.conf"
        with open(config, "w", encoding="utf-8") as out:
            out.write("[kiosk]\n" + "".join(f"{key}={value}\n" for key, value in {**self.SETTINGS, **settings}.items()))
        command = [BIANMIN, "kiosk", "--windowed", "--size", "{}x{}".format(*screen.size), "--config", config, "--data",
                   data or self.folder + "/data"]
        command += ["--page", page] if page else []
        command += ["--clock", clock] if clock else []
        self.log = open(self.folder + "/log", "w+b")
        self.process = subprocess.Popen([*WITH_US, *before, *command], env=screen.env, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        self.started.append(self)
        self.complaints = []
        self.name = None

    def __enter__(self):
        try:
            self.name = wait_until(self.on_the_bus)
            if not self.name or not wait_until(self.screen.windows):
                raise RuntimeError(f"the kiosk has not appeared, and said: {self.said()}")
            self.screen.focus()
            self.settle()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        """SIGTERM; what it said against itself, and what it ended with, stay in `complaints`."""
        self.started.remove(self)
        if self.is_alive():
            self.process.terminate()
        try:
            status = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        said = self.said()
        self.log.close()
        self.complaints += [line for line in said if self.COMPLAINT.search(line) and not self.HARMLESS.search(line)]
        if status != 0:
            self.complaints.append(f"ended with {status}")
            self.complaints += said[-5:]
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_alive(self):
        return self.process.poll() is None

    def said(self):
        """Its lines on stdout and stderr. It writes where this descriptor stands: pread() moves nothing."""
        octets = os.pread(self.log.fileno(), os.fstat(self.log.fileno()).st_size, 0)
        return octets.decode(errors="replace").splitlines()

    def check_alive(self):
        if not self.is_alive():
            raise KioskDied(f"the kiosk has ended with {self.process.returncode}, and said: {self.said()[-20:]}")

    # -- asking --

    def ask_all(self, questions):
        """Answers to (path, interface, method, arguments), all asked before the first is awaited; None: an error."""
        answers, left, loop = [None] * len(questions), len(questions), GLib.MainLoop()

        def take(connection, result, index):
            nonlocal left
            try:
                answers[index] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass
            left -= 1
            if left == 0:
                loop.quit()
        for index, (path, interface, method, arguments) in enumerate(questions):
            self.screen.bus.call(self.name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE,
                                 PATIENCE_S * 1000, None, take, index)
        if questions:
            loop.run()
        if None in answers:
            self.check_alive()
        return answers

    def ask(self, *question):
        return self.ask_all([question])[0]

    def on_the_bus(self):
        """Our process among those that the registry knows."""
        bus = self.screen.bus
        call = lambda name, path, interface, method, arguments=None: bus.call_sync(
            name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, PATIENCE_S * 1000, None).unpack()
        for name, _ in call("org.a11y.atspi.Registry", ROOT, ACCESSIBLE, "GetChildren")[0]:
            try:
                pid = call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                           "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0]
            except GLib.Error:
                continue
            if pid == self.process.pid:
                return name
        return None

    def look(self, paths):
        """Nodes of these paths with what matters of them, and the paths of their children; None while they change."""
        roles = self.ask_all([(path, ACCESSIBLE, "GetRoleName", None) for path in paths])
        if None in roles:
            return None, None
        questions = []
        for path, (role,) in zip(paths, roles):
            questions.append((path, COMPONENT, "GetExtents", OF_WINDOW))
            if role != "label":
                questions.append((path, ACCESSIBLE, "GetChildren", None))
            if role != "group":
                questions.append((path, PROPERTIES, "Get", NAME))
            if role in CONTROLS:
                questions.append((path, ACCESSIBLE, "GetState", None))
        answers = self.ask_all(questions)
        if None in answers:
            return None, None
        nodes, children, answers = [], [], iter(answers)
        for path, (role,) in zip(paths, roles):
            box = Box(*next(answers)[0])
            children.append([kid for _, kid in next(answers)[0]] if role != "label" else [])
            name = next(answers)[0] if role != "group" else ""
            states = next(answers)[0] if role in CONTROLS else None
            nodes.append(Node(path, role, name, states[0] | states[1] << 32 if states else 1 << STATE_SENSITIVE, box))
        return nodes, children

    def tree(self):
        """The window and all that stands in it, as it is now; None while it changes."""
        windows = self.ask(ROOT, ACCESSIBLE, "GetChildren", None)
        if not windows or not windows[0]:
            return None
        level, below = self.look([windows[0][0][1]])
        top = level[0] if level else None
        while level:
            parents = [node for node, kids in zip(level, below) for _ in kids]
            paths = [path for kids in below for path in kids]
            level, below = self.look(paths) if paths else ([], [])
            if level is None:
                return None
            for node, parent in zip(level, parents):
                node.parent = parent
                parent.children.append(node)
        return top

    def nodes(self):
        """All of them with a place on the screen."""
        top = wait_until(self.tree)
        return [node for node in top.walk() if node.box.width > 0 and node.box.height > 0] if top else []

    def has_state(self, node, *states):
        """Any of these, now."""
        answer = self.ask(node.path, ACCESSIBLE, "GetState", None)
        return bool(answer and any((answer[0][0] | answer[0][1] << 32) >> state & 1 for state in states))

    def box(self, node):
        """Where it is now."""
        return Box(*self.ask(node.path, COMPONENT, "GetExtents", OF_WINDOW)[0])

    def labels(self):
        return [node.name for node in self.nodes() if node.role == "label"]

    def hits(self, points):
        """For each point the path of what lies on top there."""
        window = self.ask(ROOT, ACCESSIBLE, "GetChildren", None)[0][0][1]
        answers = self.ask_all([(window, COMPONENT, "GetAccessibleAtPoint", point_of(x, y))
                                for x, y in points])
        return [answer[0][1] if answer else None for answer in answers]

    def contains(self, node, points):
        return [bool(answer and answer[0]) for answer in self.ask_all(
            [(node.path, COMPONENT, "Contains", point_of(x, y)) for x, y in points])]

    def target(self, node):
        """What a finger hits: found between the content and the screen's edge. Siblings mostly have the same padding:
        what was found before is tried first."""
        x, y = node.box.centre
        box = node.box

        def rectangle(inset):
            left, top, right, bottom = inset
            return Box(box.x - left, box.y - top, box.width + left + right, box.height + top + bottom)

        def edges(each, by):
            """Points on the edges and `by` pixels beyond; Contains() counts the right and the lower edge in."""
            return [(each.x - by, y), (each.right + by, y), (x, each.y - by), (x, each.bottom + by)]

        holder = node.parent.path if node.parent else ""
        for inset in dict.fromkeys(self.insets[key] for key in (node.path, holder) if key in self.insets):
            guess = rectangle(inset)
            answers = self.contains(node, edges(guess, 0) + edges(guess, 1))
            if all(answers[:4]) and not any(answers[4:]):
                self.insets[node.path] = inset
                return guess
        near, far = [0] * 4, [300] * 4  # how far each edge of the target is from the content's
        while max(far[i] - near[i] for i in range(4)) > 1:
            middle = [(near[i] + far[i]) // 2 for i in range(4)]
            points = [edges(box, middle[i])[i] for i in range(4)]
            for i, is_inside in enumerate(self.contains(node, points)):
                near[i], far[i] = (middle[i], far[i]) if is_inside else (near[i], middle[i])
        inset = near[0], near[2], near[1], near[3]
        self.insets[node.path] = self.insets[holder] = inset
        return rectangle(inset)

    def find(self, name, role=None):
        """The one that is called so (a button rather than its label) and lies on top; None while there is none."""
        found = [node for node in self.nodes() if node.name == name and (role is None or node.role == role)]
        found.sort(key=lambda node: not node.is_control)
        for node in found:
            if self.is_on_top(node):
                return node
        return None

    def is_on_top(self, node):
        """In its middle, or at its edge: an icon is not in the tree."""
        if self.is_hit(node, self.hits([node.box.centre])):
            return True
        if not node.is_control:
            return False
        target = self.target(node)
        return self.is_hit(node, self.hits([(target.x + 3, target.centre[1])]))

    @staticmethod
    def is_hit(node, hits):
        """At all of these. What is switched off is not hit itself: what holds it is."""
        mine = {each.path for each in node.walk()}
        if not node.is_sensitive:
            mine |= {each.path for each in node.ancestors()}
        return all(hit in mine for hit in hits)

    # -- doing --

    def settle(self):
        """Until what was asked for has been drawn: the main loop has answered after more than a frame, twice, and the
        picture stays."""
        for _ in range(2):
            self.ask(ROOT, ACCESSIBLE, "GetChildren", None)
            time.sleep(FRAME_S)
        seen = []

        def is_still():
            self.ask(ROOT, ACCESSIBLE, "GetChildren", None)
            seen.append(self.screen.octets())
            return len(seen) > 1 and seen[-1] == seen[-2]
        wait_until(is_still)

    def click(self, name, role=None, button=1):
        """With the pointer, in the middle of the target. False: there is no such thing."""
        node = wait_until(lambda: self.find(name, role))
        if not node:
            return False
        self.screen.click(*self.target(node).centre, button)
        return True

    def act(self, name, role=None):
        """By its accessible action. GTK shows a button as pressed for a quarter of a second before it acts."""
        node = wait_until(lambda: self.find(name, role))
        return bool(node and (self.ask(node.path, ACTION, "DoAction", GLib.Variant("(i)", (0,))) or [False])[0])

    def type(self, letters):
        for letter in letters:
            self.screen.key(letter)


# ---- running two screens at once ----

def report(name, bad, note=""):
    """From one of run_parts()' processes: a result of the test."""
    print(json.dumps([name, bad, note]), flush=True)


def run_parts(tap, parts):
    """This script once more for each of `parts`, all at once; what they report is said in `tap`."""
    lock = threading.Lock()

    def listen(part):
        command = [*WITH_US, sys.executable, os.path.abspath(sys.argv[0]), part]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                with lock:
                    tap.result(*json.loads(line))
        if process.returncode != 0:
            with lock:
                tap.result(f"{part} has run to its end", [f"ended with {process.returncode}"])
    listeners = [threading.Thread(target=listen, args=[part]) for part in parts]
    for listener in listeners:
        listener.start()
    for listener in listeners:
        listener.join()


def difference(one, other, tolerance):
    """Pixels that differ by more than `tolerance` in a channel, and a picture of them."""
    channels = ImageChops.difference(one, other).split()
    most = channels[0]
    for channel in channels[1:]:
        most = ImageChops.lighter(most, channel)
    mask = most.point(lambda value: 255 if value > tolerance else 0)
    return mask.histogram()[255], mask

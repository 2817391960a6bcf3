"""A screen of its own (Xvfb) for a test or a bench: its pixels, and a finger and keys that are the server's (XTest)."""
import ctypes
import os
import shutil
import signal
import subprocess
import time

Z_PIXMAP = 2
ALL_PLANES = 0xFFFFFF
LEFT_BUTTON = 1


class XImage(ctypes.Structure):
    """The beginning of Xlib's."""
    _fields_ = [("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int), ("format", ctypes.c_int),
                ("data", ctypes.c_void_p), ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
                ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int), ("depth", ctypes.c_int),
                ("bytes_per_line", ctypes.c_int), ("bits_per_pixel", ctypes.c_int)]


def load():
    """Xlib and XTest, or None."""
    try:
        x11, xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    except OSError:
        return None
    display, window = ctypes.c_void_p, ctypes.c_ulong
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = display, [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [display]
    x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = window, [display]
    x11.XGetImage.restype = ctypes.POINTER(XImage)
    x11.XGetImage.argtypes = [display, window] + [ctypes.c_int] * 2 + [ctypes.c_uint] * 2 + [ctypes.c_ulong, ctypes.c_int]
    x11.XDestroyImage.argtypes = [ctypes.POINTER(XImage)]
    x11.XSync.argtypes = [display, ctypes.c_int]
    x11.XKeysymToKeycode.argtypes, x11.XKeysymToKeycode.restype = [display, ctypes.c_ulong], ctypes.c_ubyte
    xtst.XTestFakeMotionEvent.argtypes = [display] + [ctypes.c_int] * 3 + [ctypes.c_ulong]
    xtst.XTestFakeButtonEvent.argtypes = [display, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
    xtst.XTestFakeKeyEvent.argtypes = [display, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
    return x11, xtst


def is_there():
    return bool(shutil.which("Xvfb") and load())


class Screen:
    def __init__(self, width, height):
        self.width, self.height = width, height
        read_end, write_end = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-nolisten", "tcp", "-noreset", "-screen",
                                        "0", f"{width}x{height}x24"], pass_fds=[write_end], stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            self.name = ":" + pipe.readline().strip()
        self.x11, self.xtst = load()
        self.display = self.x11.XOpenDisplay(self.name.encode())
        if not self.display:
            self.server.kill()
            raise OSError(f"no display {self.name}")
        self.root = self.x11.XDefaultRootWindow(self.display)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.x11.XCloseDisplay(self.display)
        self.server.send_signal(signal.SIGTERM)
        self.server.wait()

    def pixels(self, x, y, width, height):
        """Four octets a pixel, blue first."""
        image = self.x11.XGetImage(self.display, self.root, x, y, width, height, ALL_PLANES, Z_PIXMAP)
        octets = ctypes.string_at(image.contents.data, image.contents.bytes_per_line * height)
        self.x11.XDestroyImage(image)
        return octets

    def pixel(self, x, y):
        return int.from_bytes(self.pixels(x, y, 1, 1)[:3], "little")

    def lines(self, areas):
        """What stands in some lines or columns: (x, y, width, height) each."""
        return [self.pixels(*area) for area in areas]

    def move(self, x, y):
        self.xtst.XTestFakeMotionEvent(self.display, -1, int(x), int(y), 0)

    def button(self, is_down):
        self.xtst.XTestFakeButtonEvent(self.display, LEFT_BUTTON, is_down, 0)
        self.x11.XSync(self.display, 0)

    def key(self, keysym, is_down):
        self.xtst.XTestFakeKeyEvent(self.display, self.x11.XKeysymToKeycode(self.display, keysym), is_down, 0)
        self.x11.XSync(self.display, 0)

    def tap(self, x, y, hold_s=0):
        self.move(x, y)
        self.button(True)
        time.sleep(hold_s)
        self.button(False)

    def wait(self, condition, patience_s, step_s=0.001):
        """The moment in which it was true, or None."""
        end = time.monotonic() + patience_s
        while True:
            is_so, now = condition(), time.monotonic()
            if is_so:
                return now
            if now > end:
                return None
            time.sleep(step_s)

    def wait_still(self, still_s=0.15, patience_s=20):
        """Until nothing has moved for a while."""
        columns = [(x, 0, 1, self.height) for x in range(self.width // 24, self.width, self.width // 12)]
        last, since = self.lines(columns), time.monotonic()
        end = since + patience_s
        while time.monotonic() < end and time.monotonic() - since < still_s:
            time.sleep(0.02)
            now = self.lines(columns)
            if now != last:
                last, since = now, time.monotonic()

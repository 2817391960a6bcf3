#!/usr/bin/env python3
"""The kiosk's window under Xvfb: it appears with our colours, and ends cleanly on SIGTERM. Prints TAP."""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BIANMIN = os.environ["BIANMIN"]
BRAND, ACTION, PAPER = 0x0B4F6C, 0x0B5E3C, 0xFAF7F0  # kiosk/ui/style.css
WIDTH, HEIGHT = 600, 800
PATIENCE_S = 30
Z_PIXMAP = 2


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


if not shutil.which("Xvfb"):
    skip_all("no Xvfb")
if "kiosk" not in subprocess.run([BIANMIN, "help"], capture_output=True, text=True).stdout:
    skip_all("built without the kiosk")

x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
x11.XDefaultRootWindow.restype = ctypes.c_ulong
x11.XGetImage.restype = ctypes.c_void_p
x11.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
                          ctypes.c_ulong, ctypes.c_int]
x11.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
x11.XGetPixel.restype = ctypes.c_ulong


def colours(display):
    """The colours of every eighth pixel of the screen."""
    image = x11.XGetImage(display, x11.XDefaultRootWindow(display), 0, 0, WIDTH, HEIGHT, 0xFFFFFF, Z_PIXMAP)
    return {x11.XGetPixel(image, x, y) & 0xFFFFFF for x in range(4, WIDTH, 8) for y in range(4, HEIGHT, 8)}


def wait_for(condition):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def start_xvfb():
    """Xvfb on a free display, and its name."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-nolisten", "tcp", "-screen", "0",
                               f"{WIDTH}x{HEIGHT}x24"], pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        return server, ":" + pipe.readline().strip()


def stop(process, number):
    process.send_signal(number)
    try:
        return process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return None


def main():
    server, name = start_xvfb()
    results = []
    try:
        with tempfile.TemporaryDirectory() as home:
            env = {**os.environ, "DISPLAY": name, "GDK_BACKEND": "x11", "HOME": home, "XDG_RUNTIME_DIR": home,
                   # GTK and fontconfig keep what they loaded until the end; that is not our leak
                   "ASAN_OPTIONS": "detect_leaks=0"}
            display = x11.XOpenDisplay(name.encode())
            assert display, "no display"
            command = [BIANMIN, "kiosk", "--windowed", "--size", f"{WIDTH}x{HEIGHT}", "--data", home + "/none"]
            for number in (signal.SIGTERM, signal.SIGINT):
                kiosk = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                results.append((wait_for(lambda: {BRAND, ACTION, PAPER} <= colours(display)),
                                "the window shows our colours"))
                results.append((stop(kiosk, number) == 0, f"ends with 0 on {number.name}"))
                noise = kiosk.stderr.read()
                results.append(("CRITICAL" not in noise and "Theme parsing" not in noise, "no complaint of GTK's"))
            left = os.path.exists(home + "/none")
            results.append((not left, "nothing is written to a data folder that is not there"))
    finally:
        stop(server, signal.SIGTERM)

    env = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    blind = subprocess.run([BIANMIN, "kiosk"], env=env, capture_output=True, text=True, timeout=PATIENCE_S)
    results.append((blind.returncode == 69 and "屏幕" in blind.stderr, "no display: says so, 69"))
    for size in ("", "10x10", "800", "800x", "x800", "800x600x2", "99999x800", "-1x5", "800x600 "):
        got = subprocess.run([BIANMIN, "kiosk", "--size", size], capture_output=True, timeout=PATIENCE_S)
        results.append((got.returncode == 64, f"--size '{size}' is refused"))

    print(f"1..{len(results)}")
    for number, (ok, what) in enumerate(results, 1):
        print(f"{'ok' if ok else 'not ok'} {number} - {what}")


main()

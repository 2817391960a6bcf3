#!/usr/bin/env python3
"""The same 100 touches anywhere, again and again: the kiosk lives, complains of nothing, and leaks nothing. Prints TAP.

The first rounds make the pages and draw the letters; later ones seldom show anything new, and what grows with each of
them is lost. What counts is how much of the heap is in use (heap_shim.c) after a rest, in which the kiosk gives letters
up (kiosk/glyphs.h). That, or a page seen late, changes one stretch of touches; a leak changes each: so the median
counts. A leak of 1 KiB a touch fails."""
import os
import random
import signal
import statistics
import sys
import tempfile
import time

import kiosk_process
import x_screen
from tap import Tap

BIANMIN = os.environ["BIANMIN"]
SHIM = os.path.join(os.environ.get("BIANMIN_BUILD", os.path.dirname(BIANMIN)), "tests/e2e/heap_shim.so")
ROUND, ROUNDS, STRETCHES = 100, 3, 6  # the first stretch is not counted
SEED = 20260506
GROWTH_KIB = 0.6  # a touch
PATIENCE_S = 60
HAS_HEAP = os.environ.get("SANITIZE") != "1"  # the sanitizer's is another, and keeps what is freed

if not x_screen.is_there():
    print("1..0 # SKIP no Xvfb or no libXtst")
    sys.exit(0)
if not kiosk_process.has_kiosk(BIANMIN):
    print("1..0 # SKIP built without the kiosk")
    sys.exit(0)


def touches(screen):
    chance = random.Random(SEED)
    return [(chance.randrange(screen.width), chance.randrange(screen.height)) for _ in range(ROUND)]


def heap(kiosk, path):
    """KiB in use; 0: it is dead, or tells nothing."""
    kiosk.process.send_signal(signal.SIGUSR1)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and kiosk.is_alive():
        time.sleep(0.05)
        if os.path.exists(path):
            with open(path) as file:
                text = file.read()
            if text.endswith("\n"):
                os.unlink(path)
                return int(text) / 1024
    return 0


def touch(screen, points):
    for x, y in points * ROUNDS:
        screen.tap(x, y)
        time.sleep(0.015)
    screen.wait_still()
    time.sleep(kiosk_process.REST_S)


def soak(screen, kiosk, path):
    """The heap after each stretch, in KiB."""
    points, sizes = touches(screen), []
    while len(sizes) < (STRETCHES if HAS_HEAP else 1) and kiosk.is_alive():
        touch(screen, points)
        sizes.append(heap(kiosk, path) if HAS_HEAP else 0)
    return sizes


def check_heap(tap, sizes):
    if not HAS_HEAP:
        return tap.result("it leaks nothing", [], " # SKIP the heap is a sanitizer's")
    grown = [(b - a) / (ROUND * ROUNDS) for a, b in zip(sizes, sizes[1:])]
    growth = statistics.median(grown) if len(grown) == STRETCHES - 1 and min(sizes) > 0 else float("inf")
    return tap.result("it leaks nothing", [] if growth < GROWTH_KIB else [f"{growth:.2f} KiB a touch"],
                      f" # {growth:.2f} KiB a touch; MiB: " + ", ".join(f"{size / 1024:.2f}" for size in sizes))


def main():
    tap = Tap()
    with kiosk_process.new_screen() as screen, tempfile.TemporaryDirectory() as folder:
        path = folder + "/heap"
        kiosk = kiosk_process.Kiosk(BIANMIN, screen, None,
                                     {"LD_PRELOAD": SHIM, "HEAP_FILE": path} if HAS_HEAP else {})
        tap.result("the first picture comes", [] if kiosk.wait_painted(screen, PATIENCE_S) else ["it does not"])
        time.sleep(kiosk_process.REST_S)
        sizes = soak(screen, kiosk, path)
        tap.result("it lives", [] if kiosk.is_alive() else [f"ended with {kiosk.process.returncode}"])
        tap.result("it complains of nothing", kiosk.complaints())
        check_heap(tap, sizes)
        status = kiosk.stop()
        tap.result("it ends with 0", [] if status == 0 else [f"{status}"])
    return tap.finish()


sys.exit(main())

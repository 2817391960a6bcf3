#!/usr/bin/env python3
"""300 touches anywhere, the same ones each time: the kiosk lives, complains of nothing, grows little. Prints TAP."""
import os
import random
import sys
import time

import kiosk_process
import x_screen
from tap import Tap

BIANMIN = os.environ["BIANMIN"]
TOUCHES, SETTLED = 300, 100
SEED = 20260506
GROWTH_MIB = 40  # a page that is made at its first visit takes some; a leak of one page a touch takes 100
PATIENCE_S = 60

if not x_screen.is_there():
    print("1..0 # SKIP no Xvfb or no libXtst")
    sys.exit(0)
if not kiosk_process.has_kiosk(BIANMIN):
    print("1..0 # SKIP built without the kiosk")
    sys.exit(0)


def main():
    tap, chance, sizes = Tap(), random.Random(SEED), {}
    with kiosk_process.new_screen() as screen:
        kiosk = kiosk_process.Kiosk(BIANMIN, screen)
        tap.result("the first picture comes", [] if kiosk.wait_painted(screen, PATIENCE_S) else ["it does not"])
        for number in range(1, TOUCHES + 1):
            screen.tap(chance.randrange(screen.width), chance.randrange(screen.height))
            time.sleep(0.01)
            if number in (SETTLED, TOUCHES):
                screen.wait_still()
                if kiosk.is_alive():
                    sizes[number] = kiosk.memory()["Anonymous"]
        tap.result("it lives", [] if kiosk.is_alive() else [f"ended with {kiosk.process.returncode}"])
        tap.result("it complains of nothing", kiosk.complaints())
        growth = sizes.get(TOUCHES, 0) - sizes.get(SETTLED, 0)
        limit = GROWTH_MIB * (8 if os.environ.get("SANITIZE") == "1" else 1)  # ASan keeps what is freed
        tap.result("it grows little", [] if growth < limit else [f"{growth:.1f} MiB in {TOUCHES - SETTLED} touches"],
                   f" # {growth:.1f} MiB")
        status = kiosk.stop()
        tap.result("it ends with 0", [] if status == 0 else [f"{status}"])
    return tap.finish()


sys.exit(main())

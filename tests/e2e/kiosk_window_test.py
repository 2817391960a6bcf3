#!/usr/bin/python3
"""The kiosk's window from its start to its end: it shows our colours, answers a click and an accessible action, ends
with 0 on a signal, and leaves behind only what it counts. Prints TAP."""
import os
import signal
import sys

import kiosk_ui as ui
from tap import Tap

BRAND, ACTION, PAPER = (0x0B, 0x4F, 0x6C), (0x0B, 0x5E, 0x3C), (0xFA, 0xF7, 0xF0)  # kiosk/ui/style.css
SIZE = (600, 1066)  # smaller than what it was drawn for


def shows(kiosk, name):
    return ui.wait_until(lambda: kiosk.find(name))


def test_window(tap, screen):
    kiosk = ui.Kiosk(screen)
    with kiosk:
        colours = {colour for _, colour in screen.picture().getcolors(1 << 20)}
        missing = {BRAND, ACTION, PAPER} - colours
        tap.result("the window shows our colours", [f"not {colour}" for colour in missing])
        sizes = [size for size, _ in screen.windows()]
        tap.result("one window, as large as was asked for", [] if sizes == [SIZE] else [f"{sizes}"])
        kiosk.click("残疾人服务")
        tap.result("a click opens a category", [] if shows(kiosk, "首页") else kiosk.labels())
        kiosk.act("首页")
        tap.result("an accessible action goes home", [] if shows(kiosk, "打字查找") else kiosk.labels())
    tap.result("ends with 0 on SIGTERM, without a complaint", kiosk.complaints)


def test_interrupt(tap, screen):
    with ui.Kiosk(screen) as kiosk:
        kiosk.process.send_signal(signal.SIGINT)
        ui.wait_until(lambda: not kiosk.is_alive())
    tap.result("ends with 0 on SIGINT, without a complaint", kiosk.complaints)


def test_data(tap, screen):
    """A folder that is made, and one that cannot be: a file is in its way."""
    folder = screen.folder + "/none"
    with ui.Kiosk(screen, data=folder) as kiosk:
        pass
    left = os.listdir(folder)
    tap.result("only its own folder is made for what it counts", [f"{left}"] if left != ["kiosk"] else kiosk.complaints)
    with ui.Kiosk(screen, data=screen.folder + "/log/none") as kiosk:
        kiosk.click("打字查找")
        is_shown = shows(kiosk, "九键")
    tap.result("where nothing can be written it works the same", [] if is_shown else kiosk.labels())
    told = [line for line in kiosk.complaints if "记不下来" in line]
    tap.result("and the journal is told, once", [] if len(kiosk.complaints) == len(told) == 1 else kiosk.complaints)


def main():
    tap = Tap()
    screen = ui.Screen(SIZE)
    try:
        test_window(tap, screen)
        test_interrupt(tap, screen)
        test_data(tap, screen)
    finally:
        screen.close()
    return tap.finish()


sys.exit(main())

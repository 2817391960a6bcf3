#!/usr/bin/python3
"""Keys and clicks that lead out of other programs lead nowhere here: afterwards there is one window, the same page, and
the kiosk is alive. Prints TAP. kiosk_escape_test.py PAGE: one of the pages, as JSON."""
import sys
import time

import kiosk_ui as ui
from tap import Tap

KEYS = ("ctrl+shift+i", "ctrl+shift+d", "alt+F4", "F10", "F11", "ctrl+q", "ctrl+w", "Menu", "shift+F10",
        "ctrl+semicolon", "ctrl+period", "ctrl+c", "ctrl+v", "super", "alt+space", "alt+Tab", "Escape", "ctrl+alt+Delete")
LONG_PRESS_S = 0.8  # GTK takes half a second for one
RIGHT, MIDDLE = 3, 2
SIZE = ui.LANDSCAPE  # nothing depends on it; the smaller one is the quicker
# a page, and on it a thing of each kind
PAGES = {"home": ("残疾人服务", "打字查找", "大字", "需要帮忙"), "topic:CL02": ("CL02", "重度残疾人护理补贴的二维码", "扫码", "返回"),
         "search": ("找什么？", "九键", "删除", "需要帮忙"), "category:残疾人服务": ("残疾人服务", "下一页", "夜间", "首页")}
if ui.IS_SANITIZED:
    PAGES = {page: PAGES[page] for page in ("home", "search")}


class Escape:
    def __init__(self, kiosk, page):
        self.kiosk, self.page, self.screen = kiosk, page, kiosk.screen
        self.before = kiosk.screen.octets()
        self.names = self.kiosk.labels()

    def complaints(self):
        """A picture says most of it: the page is as it was, and nothing lies over it."""
        bad = []
        if not self.kiosk.is_alive():
            return ["it has ended"]
        self.kiosk.settle()
        sizes = [size for size, _ in self.screen.windows()]
        if sizes != [SIZE]:
            bad.append(f"windows: {sizes}")
        if self.kiosk.labels() != self.names:
            bad.append(f"another page: {self.kiosk.labels()[:5]}")
        elif self.screen.octets() != self.before:
            bad.append("it looks other than before")
        return bad

    def check(self, what):
        ui.report(f"{self.page}: {what}", self.complaints())

    def keys(self):
        for key in KEYS:
            self.screen.key(key)
            self.kiosk.settle()
            sizes = [size for size, _ in self.screen.windows()]
            if sizes != [SIZE] or not self.kiosk.is_alive():
                ui.report(f"{self.page}: {key}", [f"windows: {sizes}"])
                return
        self.check(", ".join(KEYS))

    def clicks(self, names):
        for name in names:
            node = ui.wait_until(lambda: self.kiosk.find(name), ui.PATIENCE_S / 10)
            if not node:
                ui.report(f"{self.page}: {name} is there", [f"only {self.names}"])
                continue
            place = self.kiosk.target(node).centre
            for button in (RIGHT, MIDDLE):
                self.screen.click(*place, button)
            self.check(f"right and middle click on {name}")

    def long_press(self, names):
        """Held, pulled away and let go: neither a menu nor a press."""
        for name in names:
            node = self.kiosk.find(name)
            if not node:
                continue
            self.screen.move(*self.kiosk.target(node).centre)
            self.screen.press()
            time.sleep(LONG_PRESS_S)
            sizes = [size for size, _ in self.screen.windows()]
            self.screen.move(SIZE[0] // 2, 4)  # the header
            self.screen.release()
            bad = self.complaints() + ([f"windows while it is held: {sizes}"] if sizes != [SIZE] else [])
            ui.report(f"{self.page}: long press on {name}", bad)


def run_page(page):
    screen = ui.Screen(SIZE)
    try:
        kiosk = ui.Kiosk(screen, page)
        with kiosk:
            screen.move(SIZE[0] // 2, 4)
            kiosk.settle()
            escape = Escape(kiosk, page)
            escape.keys()
            escape.clicks(PAGES[page])
            escape.long_press(PAGES[page][:2])
        ui.report(f"{page}: no complaint of GTK's", kiosk.complaints)
    finally:
        screen.close()
    return 0


def main():
    if len(sys.argv) > 1:
        return run_page(sys.argv[1])
    tap = Tap()
    ui.run_parts(tap, PAGES)
    return tap.finish()


sys.exit(main())

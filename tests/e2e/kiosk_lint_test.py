#!/usr/bin/python3
"""Every page of the kiosk in every mode, on both screens, against the rules of the house: what is touched has a name, is
72 px large and 8 px from the next; nothing is outside the window, cut off, or over something else; text has a contrast
of 4.5 as it is drawn; no word is smaller in 大字 than it was. Prints TAP. kiosk_lint_test.py portrait, landscape: one
half, as JSON."""
import functools
import sys
import time

import kiosk_ui as ui
from update_desk import FIRST, Desk
from tap import Tap

SIDE_MIN, GAP_MIN = 72, 8
TEXT_CONTRAST, ICON_CONTRAST = 4.5, 3.0
SLACK = 1              # of a pixel box: GTK rounds
COLOURS_MAX = 4096
INK_TOLERANCE = 60     # of 255: the smoothed edge is no ink
WORDS_MAX = 24         # of longer texts fewer lines may be shown
INK_SHARE = 0.05       # of the pixels that are not ground: the rest is how edges are smoothed
LARGE, CONTRAST, NIGHT = "大字", "高对比", "夜间"
MODES = ("", LARGE, CONTRAST, NIGHT)
NONE = "none:我的护照在外地丢了要怎么补办，去哪里办，多少钱"
PAGES = ("home", "more", "category:残疾人服务", "topic:CL02", "topic:HJ03", "choices:补贴", NONE, "figures",
         "projects", "notices", "notice:3", "help", "qr:CL02", "slip:CL02")
ALONE = ("idle", "out")  # without the row of modes: what is left is day and night by the clock
TURNED = ("topic:CL02", "topic:HJ03", "category:残疾人服务", "notice:3", "projects", "figures")  # looked at page by page
TURNS_MAX = 4
NIGHT_CLOCK = "2026-05-06T22:05:00"
SIZES = {"portrait": ui.PORTRAIT, "landscape": ui.LANDSCAPE}
if ui.IS_SANITIZED:  # a sample
    MODES, PAGES, ALONE, TURNED = ("", LARGE), ("home", "topic:CL02"), (), ()


# ---- colours ----

@functools.cache
def luminance(colour):
    parts = [value / 255 for value in colour]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@functools.cache
def contrast_of(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def contrast_in(picture, box):
    """Of the ink with the ground: the colour that most pixels have, and that which stands out most without being a few
    pixels only. None: nothing is drawn."""
    area = picture.crop((max(box.x, 0), max(box.y, 0), min(box.right, picture.width), min(box.bottom, picture.height)))
    colours = area.getcolors(COLOURS_MAX)
    if not colours:
        return None
    colours.sort(reverse=True)
    ground = colours.pop(0)[1]
    ink = sorted(((contrast_of(colour, ground), count) for count, colour in colours), reverse=True)
    wanted = max(INK_SHARE * sum(count for _, count in ink), 6)
    for contrast, count in ink:
        wanted -= count
        if wanted <= 0:
            return contrast
    return None


def ink_height(picture, box):
    """Of what is drawn on the ground, the colour that most pixels have."""
    area = picture.crop((max(box.x, 0), max(box.y, 0), min(box.right, picture.width), min(box.bottom, picture.height)))
    colours = area.getcolors(COLOURS_MAX)
    if not colours:
        return 0
    ground = ui.Image.new("RGB", area.size, max(colours)[1])
    _, mask = ui.difference(area, ground, INK_TOLERANCE)
    bounds = mask.getbbox()
    return bounds[3] - bounds[1] if bounds else 0


# ---- rules ----

class Sight:
    """What stands on the screen now: controls with their targets, and texts."""

    def __init__(self, kiosk, known=None):
        """`known`: an earlier sight of this page; what lies where it lay is not asked about again."""
        self.kiosk, self.bad = kiosk, []
        self.heights = {}  # of texts, as they are drawn
        self.window = ui.Box(0, 0, *kiosk.screen.size)
        nodes = kiosk.nodes()
        dialogs = [node for node in nodes if node.role in ("dialog", "alert")]
        nodes = [node for node in nodes if not dialogs or dialogs[0] in node.ancestors()]
        self.nodes = nodes
        self.places = {node.path: node.box for node in nodes}
        self.controls = [node for node in nodes if node.is_control]
        self.texts = [node for node in nodes if node.role in ("label", "text", "heading") and node.name]
        is_known = known and known.places == self.places
        self.targets = known.targets if is_known else {node.path: kiosk.target(node) for node in self.controls}
        self.hits = known.hits if is_known else self.ask_hits()
        # turned away: GTK leaves a place to what is not mapped
        self.texts = [node for node in self.texts if any(self.is_hit(node))]

    def points(self, node):
        """Near the middle of each edge; a text has none of its own, but may be cut off at three of them."""
        box = self.targets.get(node.path, node.box)
        x, y = box.centre
        inset = 3 if node.is_control else 1
        points = [(box.right - 1 - inset, y), (x, box.y + inset), (x, box.bottom - 1 - inset)]
        return points + [(box.x + inset, y)] if node.is_control else points

    def ask_hits(self):
        asked = self.controls + self.texts
        points = [self.points(node) for node in asked]
        found = iter(self.kiosk.hits([point for each in points for point in each]))
        return {node.path: [next(found) for _ in each] for node, each in zip(asked, points)}

    def is_hit(self, node):
        return [self.kiosk.is_hit(node, [hit]) for hit in self.hits[node.path]]

    def complain(self, what):
        self.bad.append(what)

    def check_window(self):
        sizes = [size for size, _ in self.kiosk.screen.windows()]
        if sizes != [self.kiosk.screen.size]:
            self.complain(f"windows {sizes}, asked for {self.kiosk.screen.size}")

    def check_names(self):
        for node in self.nodes:
            is_spoken = node.is_control or node.role in ("image", "icon", "text", "label", "heading")
            if is_spoken and (not node.name.strip() and node.role != "label" or node.name.startswith(("Gtk", "Kiosk"))):
                self.complain(f"no name: {node} in {node.parent} at {node.box}")
        if not self.texts:
            self.complain("no text")

    def check_targets(self):
        for node in self.controls:
            target = self.targets[node.path]
            if min(target.width, target.height) < SIDE_MIN:
                self.complain(f"small: {node} {target}, at least {SIDE_MIN}")
            if not self.window.holds(target):
                self.complain(f"outside the window: {node} {target}")
            elif not all(self.is_hit(node)):
                self.complain(f"cut off or covered at {self.where(node)}: {node} {target}")
        for i, one in enumerate(self.controls):
            for other in self.controls[i + 1:]:
                gap = self.targets[one.path].gap(self.targets[other.path])
                if gap < GAP_MIN - SLACK:
                    self.complain(f"gap {gap}, at least {GAP_MIN}: {one} {self.targets[one.path]}, "
                                  f"{other} {self.targets[other.path]}")

    def where(self, node):
        words = ("the right", "the top", "the bottom", "the left")
        return ", ".join(word for word, is_hit in zip(words, self.is_hit(node)) if not is_hit)

    def check_places(self):
        for node in self.texts:
            if not self.window.holds(node.box):
                self.complain(f"outside the window: {node} {node.box}")
            elif not all(self.is_hit(node)):
                self.complain(f"cut off or covered at {self.where(node)}: {node} {node.box}")
            for holder in node.ancestors():
                place = self.targets.get(holder.path, holder.box)
                if not place.holds(node.box, SLACK):
                    self.complain(f"sticks out of {holder} {place}: {node} {node.box}")
                    break
        for i, one in enumerate(self.texts):
            for other in self.texts[i + 1:]:
                if one.box.gap(other.box) < -2 and one not in other.ancestors() and other not in one.ancestors():
                    self.complain(f"text over text: {one} {one.box}, {other} {other.box}")

    def check_contrast(self):
        picture = self.kiosk.screen.picture()
        for node in self.texts:
            contrast = contrast_in(picture, node.box)
            self.heights[node.path, node.name] = ink_height(picture, node.box)
            if contrast is None:
                self.complain(f"nothing is drawn: {node} {node.box}")
            elif contrast < TEXT_CONTRAST:
                self.complain(f"contrast {contrast:.1f}, at least {TEXT_CONTRAST}: {node} {node.box}")
        for node in self.controls:
            if not any(each.role == "label" and each.name for each in node.walk()):
                contrast = contrast_in(picture, node.box)
                if contrast is None or contrast < ICON_CONTRAST:
                    self.complain(f"contrast {contrast}, at least {ICON_CONTRAST}: picture of {node} {node.box}")

    def check_larger(self, ordinary):
        """The same words are no lower in 大字 than in the ordinary letters of that sight."""
        for (path, name), height in self.heights.items():
            before = ordinary.heights.get((path, name), 0)
            if height < before - SLACK and len(name) <= WORDS_MAX:
                self.complain(f"smaller in {LARGE}: “{name}” is {height} high, it was {before}")

    def check(self):
        self.check_window()
        self.check_names()
        self.check_targets()
        self.check_places()
        self.check_contrast()
        return self.bad


class Half:
    """All pages on one screen."""

    def __init__(self, part):
        self.part, self.screen = part, ui.Screen(SIZES[part])

    def lint(self, kiosk, what, known=None, ordinary=None):
        """Looked at again before it is said: it may have been looked at too early. `ordinary`: this page before 大字."""
        kiosk.settle()
        sight = Sight(kiosk, known)
        if sight.check():
            time.sleep(0.3)
            kiosk.settle()
            sight = Sight(kiosk)
            sight.check()
        if ordinary:
            sight.check_larger(ordinary)
        ui.report(f"{self.part} {what}: {len(sight.controls)} targets, {len(sight.texts)} texts", sight.bad)
        return sight

    def end(self, kiosk, what):
        if kiosk.complaints:
            ui.report(f"{self.part} {what}: no complaint of GTK's", kiosk.complaints)

    def find_modes(self, kiosk):
        self.modes = {node.name: node for node in kiosk.nodes() if node.is_control and node.name in MODES[1:]}
        if len(self.modes) != len(MODES) - 1:
            ui.report(f"{self.part}: the modes are there", [f"only {list(self.modes)}"])

    @staticmethod
    def is_on(kiosk, node):
        return kiosk.has_state(node, ui.STATE_PRESSED, ui.STATE_CHECKED)

    def is_mode(self, kiosk, mode):
        """This one and no other."""
        return all(self.is_on(kiosk, node) == (name == mode) for name, node in self.modes.items())

    def press_modes(self, kiosk, mode):
        for name, node in self.modes.items():
            if self.is_on(kiosk, node) != (name == mode):
                kiosk.settle()  # 大字 moves them
                node.box = kiosk.box(node)
                self.screen.click(*kiosk.target(node).centre)

    def set_mode(self, kiosk, mode):
        self.press_modes(kiosk, mode)
        if not ui.wait_until(lambda: self.is_mode(kiosk, mode)):
            ui.report(f"{self.part} {mode}: can be switched", ["it cannot"])

    @staticmethod
    def turn(kiosk):
        """To the next page, if there is one."""
        node = kiosk.find("下一页")
        if not node or not node.is_sensitive:
            return False
        before = kiosk.screen.octets()
        kiosk.click("下一页")
        return ui.wait_until(lambda: kiosk.screen.octets() != before)

    def look_at(self, page):
        """One page in every mode; in the ordinary one and in 大字 all that it is turned to."""
        kiosk = ui.Kiosk(self.screen, page)
        known = None
        with kiosk:
            self.find_modes(kiosk)
            for mode in MODES:
                self.set_mode(kiosk, mode)
                sight = self.lint(kiosk, f"{page} {mode}".strip(), known, known if mode == LARGE else None)
                known = known or sight
                number = 1
                while page in TURNED and mode in ("", LARGE) and number < TURNS_MAX and self.turn(kiosk):
                    number += 1
                    self.lint(kiosk, f"{page} {mode} page {number}".replace("  ", " "))
        self.end(kiosk, page)

    def look_at_search(self):
        """Nothing typed, letters typed, each kind of keys."""
        kiosk = ui.Kiosk(self.screen)
        with kiosk:
            self.find_modes(kiosk)
            for mode in MODES:
                self.set_mode(kiosk, mode)
                kiosk.click("打字查找")
                ui.wait_until(lambda: kiosk.find("九键"))
                self.lint(kiosk, f"search {mode}".strip())
                kiosk.type("cjr")
                ui.wait_until(lambda: any(label.startswith("找到") for label in kiosk.labels()))
                self.lint(kiosk, f"search, cjr typed {mode}".strip())
                kiosk.click("清空")
                for keys in ("九键", "笔画", "手写") if mode in ("", LARGE) else ():
                    if kiosk.find(keys):
                        kiosk.click(keys)
                        self.lint(kiosk, f"search, {keys} {mode}".strip())
                kiosk.click("首页")
                ui.wait_until(lambda: kiosk.find("打字查找"))
        self.end(kiosk, "search")

    def look_at_staff(self):
        """The PIN, then what will change, then whether to go back."""
        with Desk() as desk:
            desk.edit("事项", lambda text: text.replace("残疾人证", "残疾人的证"))
            kiosk = ui.Kiosk(self.screen, "staff", data=desk.data, staff="yes", update_folder=desk.stick)
            with kiosk:
                self.find_modes(kiosk)
                for step, word in (("PIN", "确定"), ("changes", "恢复上一版"), ("going back", "确认恢复")):
                    ui.wait_until(lambda: kiosk.find(word))
                    for mode in MODES:
                        self.set_mode(kiosk, mode)
                        self.lint(kiosk, f"staff, {step} {mode}".strip())
                    self.set_mode(kiosk, "")
                    if step == "PIN":
                        for digit in FIRST[1]:
                            kiosk.click("键 " + digit)
                    kiosk.click(word)
            self.end(kiosk, "staff")

    def look_at_alone(self, page):
        for mode, clock in (("", ui.CLOCK), (NIGHT, NIGHT_CLOCK)):
            kiosk = ui.Kiosk(self.screen, page, clock=clock, night_from=18, night_to=6)
            with kiosk:
                self.lint(kiosk, f"{page} {mode}".strip())
            self.end(kiosk, page)

    def look_at_question(self):
        """还在看吗？ over a page, in every mode. It may come while a mode is still to be set, and a touch then only sends
        it away."""
        kiosk = ui.Kiosk(self.screen, "topic:CL02", idle_seconds=8 if ui.IS_SANITIZED else 4, warning_seconds=600)

        def is_asked(mode):
            is_there = kiosk.find("继续看")
            if is_there and self.is_mode(kiosk, mode):
                return True
            if is_there:
                kiosk.click("继续看")
            else:
                self.press_modes(kiosk, mode)
            kiosk.settle()
            return False
        with kiosk:
            self.find_modes(kiosk)
            for mode in MODES:
                what = f"还在看吗？ {mode}".strip()
                if ui.wait_until(lambda: is_asked(mode), poll_s=0.3):
                    self.lint(kiosk, what)
                else:
                    ui.report(f"{self.part} {what}", ["it does not come"])
        self.end(kiosk, "还在看吗？")

    def run(self):
        try:
            for page in PAGES:
                self.look_at(page)
            self.look_at_search()
            if not ui.IS_SANITIZED:
                self.look_at_staff()
            for page in ALONE:
                self.look_at_alone(page)
            self.look_at_question()
        finally:
            self.screen.close()


def main():
    if len(sys.argv) > 1:
        Half(sys.argv[1]).run()
        return 0
    tap = Tap()
    ui.run_parts(tap, SIZES)
    return tap.finish()


sys.exit(main())

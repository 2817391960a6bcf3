#!/usr/bin/python3
"""Pages as they were when somebody last looked at them: tests/kiosk/golden/*.png. A pixel differs if a channel does by
more than TOLERANCE of 255; SHARE_MAX of them may. On failure the picture and what differs lie in $BIANMIN_BUILD/golden-diff.
BIANMIN_WRITE_GOLDEN=1 takes the pictures anew. Prints TAP. kiosk_golden_test.py portrait, landscape: one half, as JSON."""
import os
import shutil
import subprocess
import sys

import kiosk_ui as ui
from tap import Tap

TOLERANCE, SHARE_MAX = 8, 0.001
TOP = os.environ.get("G_TEST_SRCDIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
FOLDER = os.path.join(TOP, "tests", "kiosk", "golden")
DIFFERENCES = os.path.join(ui.BUILD, "golden-diff")
FONTS = os.path.join(FOLDER, "FONTS")
IS_WRITING = bool(os.environ.get("BIANMIN_WRITE_GOLDEN"))
SIZES = {"portrait": ui.PORTRAIT, "landscape": ui.LANDSCAPE}
PAGES = {"home": "home", "category": "category:残疾人服务", "topic": "topic:CL02", "search": "search", "figures": "figures",
         "none": "none:护照怎么办"}


def fonts():
    """What draws the letters: other versions draw others."""
    if not shutil.which("dpkg-query"):
        return ""
    got = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\\n", "fonts-noto-cjk", "libgtk-4-1",
                          "libpangocairo-1.0-0", "libfreetype6", "libcairo2"], capture_output=True, text=True)
    return got.stdout


def take(screen, page):
    """Its picture, and what the kiosk said against itself."""
    kiosk = ui.Kiosk(screen, PAGES[page])
    with kiosk:
        if page == "search":
            kiosk.type("cjr")
            ui.wait_until(lambda: any(label.startswith("找到") for label in kiosk.labels()))
        screen.move(screen.size[0] - 1, 0)
        kiosk.settle()
        picture = screen.picture()
    return picture, kiosk.complaints


def compare(picture, name):
    path = f"{FOLDER}/{name}.png"
    if IS_WRITING:
        # a third of the size, and no channel further off than 5
        picture.quantize(256, method=ui.Image.Quantize.MAXCOVERAGE, dither=ui.Image.Dither.NONE).save(path, optimize=True)
        return []
    if not os.path.exists(path):
        return [f"there is no {path}"]
    with ui.Image.open(path) as file:
        golden = file.convert("RGB")
    if golden.size != picture.size:
        return [f"{picture.size}, the golden picture {golden.size}"]
    count, mask = ui.difference(picture, golden, TOLERANCE)
    share = count / (picture.width * picture.height)
    if share < SHARE_MAX:
        return []
    os.makedirs(DIFFERENCES, exist_ok=True)
    picture.save(f"{DIFFERENCES}/{name}.png")
    red = ui.Image.new("RGB", picture.size, (255, 0, 0))
    ui.Image.composite(red, ui.Image.blend(golden, ui.Image.new("RGB", golden.size, (255, 255, 255)), 0.6),
                       mask).save(f"{DIFFERENCES}/{name}-diff.png")
    return [f"{100 * share:.2f} % of the pixels differ within {mask.getbbox()}: {DIFFERENCES}/{name}-diff.png"]


def run_half(part):
    screen = ui.Screen(SIZES[part])
    try:
        for page in PAGES:
            picture, complaints = take(screen, page)
            ui.report(f"{page} {part} looks as it did", compare(picture, f"{page}-{part}") + complaints)
    finally:
        screen.close()
    return 0


def main():
    if len(sys.argv) > 1:
        return run_half(sys.argv[1])
    if IS_WRITING:
        os.makedirs(FOLDER, exist_ok=True)
        with open(FONTS, "w", encoding="utf-8") as file:
            file.write(fonts())
    if not os.path.exists(FONTS):
        ui.skip_all("no golden pictures")
    with open(FONTS, encoding="utf-8") as file:
        recorded = file.read()
    if recorded != fonts():
        ui.skip_all("the pictures were taken with " + recorded.strip().replace("\n", ", "))
    tap = Tap()
    ui.run_parts(tap, SIZES)
    return tap.finish()


sys.exit(main())

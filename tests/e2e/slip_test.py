#!/usr/bin/env python3
"""Slips as a printer gets them: the golden files through slip_reader.py, their QR codes through zbarimg, and
that the reader finds what is wrong. Prints TAP."""
import os
import shutil
import subprocess
import sys
import tempfile

KIOSK_TESTS = os.path.join(os.environ.get("G_TEST_SRCDIR", os.path.join(os.path.dirname(__file__), "..", "..")),
                           "tests", "kiosk")
sys.path.insert(0, KIOSK_TESTS)
import slip_reader  # noqa: E402
from tap import Tap  # noqa: E402

BROKEN = {  # octets → a word of the complaint
    "a line too long": (b"\x1b@" + b"x" * 33 + b"\n", "cells"),
    "a heading too long": (b"\x1d!\x11" + b"x" * 17 + b"\n", "cells"),
    "Chinese mode is off": (b"\x1b@\xc9\xed\n", "no character"),
    "half a character": (b"\x1c&\xc9\n", "no character"),
    "an unknown command": (b"\x1bp\x00\x19\x19", "unknown command"),
    "a form feed": (b"a\x0c\n", "control character"),
    "ends within a picture": (b"\x1dv0\x00\x30\x00\x02\x00" + b"\x00" * 50, "ends within"),
    "a picture too wide": (b"\x1dv0\x00\x31\x00\x01\x00" + b"\x00" * 49, "picture of 392"),
    "the last line is open": (b"abc", "not ended"),
}


def read_golden(name, cells):
    with open(os.path.join(KIOSK_TESTS, name), "rb") as golden:
        return slip_reader.read(golden.read(), cells)


def faults(slip, wanted):
    bad = list(slip.faults)
    bad += [f"missing: {words}" for words in wanted if words not in slip.text]
    if not slip.is_initialized or slip.cuts != 1:
        bad.append(f"initialized {slip.is_initialized}, cut {slip.cuts} times")
    return bad


def scanned(picture):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "qr.pbm")
        slip_reader.write_pbm(picture, path)
        return subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True).stdout.strip()


def main():
    tap = Tap()
    narrow, wide = read_golden("slip_CL01_58.bin", 32), read_golden("slip_HJ03_80.bin", 48)
    tap.result("58 mm, the code as a picture", faults(narrow, ["要带：\n□申请表\n□身份证\n", "2.街道初审。"]))
    tap.result("80 mm, the code drawn by the printer", faults(wide, ["收费：首次申领免费", "□换领的交回旧证"]))
    tap.result("headings are twice as large", [] if narrow.lines[0] == ("困难残疾人", 2) else [str(narrow.lines[0])])
    tap.result("labels are bold", [] if "要带：" in narrow.bold else [str(narrow.bold)])
    tap.result("the printer is told the code", [] if wide.qr == ["smsto:10690000:HJ03"] else [str(wide.qr)])
    if shutil.which("zbarimg"):
        text = scanned(narrow.pictures[0])
        tap.result("the picture is read", [] if text == "smsto:10690000:CL01" else [text])
    else:
        tap.result("the picture is read", [], " # SKIP no zbarimg")
    for name, (octets, word) in BROKEN.items():
        found = slip_reader.read(octets).faults
        tap.result(f"the reader sees: {name}", [] if any(word in fault for fault in found) else [str(found)])
    return tap.finish()


sys.exit(main())

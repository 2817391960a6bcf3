#!/usr/bin/env python3
"""bianmin kiosk from the command line: what it refuses, and with which status. Prints TAP. The pages themselves:
kiosk_flow_test.py, kiosk_lint_test.py, kiosk_golden_test.py; under cage: kiosk_cage_test.py."""
import os
import subprocess
import sys
import tempfile

from tap import Tap

BIANMIN = os.environ["BIANMIN"]
USAGE, NO_INPUT, UNAVAILABLE, CONFIG = 64, 66, 69, 78


def run(folder, *arguments):
    env = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [BIANMIN, "kiosk", "--data", folder + "/data", *arguments]
    return subprocess.run(command, env={**env, "ASAN_OPTIONS": "detect_leaks=0"}, capture_output=True, text=True)


def main():
    if "kiosk" not in subprocess.run([BIANMIN, "help"], capture_output=True, text=True).stdout:
        print("1..0 # SKIP built without the kiosk")
        return 0
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        def settings(text):
            path = folder + "/kiosk.conf"
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            return path
        for name, status, words, arguments in (
                ("no screen", UNAVAILABLE, ["没有图形界面"], []),
                ("a page that is none", USAGE, ["没有“nowhere”这一页", "topic"], ["--page", "nowhere"]),
                ("a clock that is none", USAGE, ["--clock"], ["--clock", "noon"]),
                ("one word too many", USAGE, ["不用再写别的"], ["now"]),
                ("settings that are not there", NO_INPUT, ["none"], ["--config", folder + "/none"]),
                ("wrong settings, all at once", CONFIG,
                 ["3 处", "kiosk.conf 第 2 行：[kiosk] paper=A4", "58", "第 3 行：[kiosk] phone=abc", "第 4 行", "idle_seconds"],
                 ["--config", settings("[kiosk]\npaper=A4\nphone=abc\nidle_second=9\n")]),
                *((f"--size '{size}'", USAGE, ["--size"], ["--size", size]) for size in
                  ("", "10x10", "800", "800x", "x800", "800x600x2", "99999x800", "-1x5", "800x600 ")),
        ):
            done = run(folder, *arguments)
            bad = [] if done.returncode == status else [f"status {done.returncode}, not {status}: {done.stderr}"]
            bad += [f"not said: {word}" for word in words if word not in done.stderr]
            tap.result(name, bad)
    return tap.finish()


sys.exit(main())

#!/usr/bin/env python3
"""Publication under faults: every file operation of it fails, is cut short, or is the last one, in turn.

After each fault readers must get exactly the old or the new content without a warning, the next
publication must succeed, and nothing may be left over. What was reported as done must be in force.
"""
import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from tap import Tap, starter_folder

BUILD = os.environ.get("BIANMIN_BUILD", "build")
BIANMIN = os.environ.get("BIANMIN", os.path.join(BUILD, "bianmin"))
SHIM = os.path.join(BUILD, "tests", "e2e", "fault_shim.so")
MODES = ["eio", "enospc", "short", "torn", "kill", "after", "power"]
# under the sanitizers a third of the operations: all of them are tried without
STRIDE = 1 if os.environ.get("SANITIZE") in (None, "", "0") else 3
KILLS = int(os.environ.get("CRASH_KILLS", 100 // STRIDE))
EXPECTED_NAMES = {"audit", "content", "current", "previous"}
REFUSED = {65, 66, 69, 73, 74, 75}  # sysexits.h; not 70: that would be our mistake


class Sheets:
    """Folders of sheets to publish: a few topics each, so that a run is short; and the whole starter."""

    def __init__(self, top):
        self.big = starter_folder()
        with open(os.path.join(self.big, "事项.csv"), encoding="utf-8-sig", newline="") as source:
            rows = list(csv.reader(source))
        self.small = {}
        for count in (2, 3, 4):
            folder = os.path.join(top, f"sheets-{count}")
            os.mkdir(folder)
            with open(os.path.join(folder, "事项.csv"), "w", encoding="utf-8", newline="") as target:
                csv.writer(target).writerows(rows[:1 + count])
            self.small[count] = ["update", folder, "--fresh", "--yes"]
        self.whole = ["update", self.big, "--fresh", "--yes"]


class Case:
    """One data folder with generations published in it, and a shadow beside it."""

    def __init__(self, template=None):
        self.top = tempfile.mkdtemp(prefix="crash-")
        self.data = os.path.join(self.top, "data")
        self.shadow = os.path.join(self.top, "shadow")
        os.mkdir(self.shadow)
        if template:
            shutil.copytree(template, self.data, symlinks=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def run(self, words, fault=None, at=0, log=None):
        env = dict(os.environ)
        if fault or log:
            env.update(LD_PRELOAD=SHIM, FAULT_DIR=self.data, FAULT_AT=str(at), FAULT_MODE=fault or "",
                       FAULT_SHADOW=self.shadow)
            env["ASAN_OPTIONS"] = "verify_asan_link_order=0:" + env.get("ASAN_OPTIONS", "")
        if log:
            env["FAULT_LOG"] = log
        return subprocess.run([BIANMIN, "--data", self.data, *words], env=env, capture_output=True,
                              text=True, check=False)

    def served(self):
        got = self.run(["status", "--json"])
        if got.returncode != 0:
            return f"status {got.returncode}: {got.stderr.strip()}"
        return json.loads(got.stdout)["digest"]

    def leftovers(self):
        found = set(os.listdir(self.data)) - EXPECTED_NAMES
        found |= {n for n in os.listdir(os.path.join(self.data, "content")) if not n.endswith(".db")}
        return sorted(found)


def digest_of(words):
    with Case() as case:
        case.run(words)
        return case.served()


def check_after(case, done, old, new, again, where):
    """What must hold whatever went wrong. Returns a list of complaints."""
    bad = []
    served = case.served()
    if served not in (old, new):
        bad.append(f"{where}: served {served}")
    if done.returncode == 0 and served != new:
        bad.append(f"{where}: success reported, but the old content is served")
    if done.returncode not in REFUSED | {0, -signal.SIGKILL}:
        bad.append(f"{where}: exit {done.returncode} {done.stderr.strip()[-300:]}")
    if done.returncode in REFUSED and not done.stderr.strip():
        bad.append(f"{where}: refused without a word")
    repeated = case.run(again)
    if repeated.returncode != 0:
        bad.append(f"{where}: the next update failed: {repeated.stderr.strip()}")
    if case.leftovers():
        bad.append(f"{where}: left over: {case.leftovers()}")
    return bad


def every_operation(mode, template, words, old, new, again):
    bad = []
    with Case(template) as case:
        log = os.path.join(case.top, "log")
        case.run(words, log=log)
        with open(log, encoding="utf-8") as lines:
            operations = [line.split(None, 2)[1] for line in lines]
    if mode == "power":
        operations.append("the end")  # what was reported as done must be on the disk
    for at, operation in enumerate(operations, 1):
        if mode in ("short", "torn") and operation != "write":
            continue
        if (at + MODES.index(mode)) % STRIDE and operation != "the end":
            continue
        with Case(template) as case:
            done = case.run(words, fault=mode, at=at)
            bad += check_after(case, done, old, new, again, f"{mode} at {at} ({operation})")
    return bad, len(operations)


def random_kills(template, words, old, again, count):
    """One run is timed, then as many are interrupted somewhere within that time: OSTree's way."""
    bad, switched, new = [], 0, digest_of(words)
    generator = random.Random(12345)
    with Case(template) as case:
        start = time.monotonic()
        case.run(words)
        span = time.monotonic() - start
    for i in range(count):
        with Case(template) as case:
            with subprocess.Popen([BIANMIN, "--data", case.data, *words], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as child:
                time.sleep(generator.random() * span * 1.2)
                child.kill()
            served = case.served()
            switched += served == new
            if served not in (old, new):
                bad.append(f"kill {i}: served {served}")
            if case.run(again).returncode != 0 or case.leftovers():
                bad.append(f"kill {i}: not clean afterwards: {case.leftovers()}")
    return bad, switched


def fill_up(case, sheets, pages):
    """Two updates on a disk of so many pages. Complaints, and how many updates were refused."""
    if case.run(sheets.small[2]).returncode != 0:
        return [], 1
    old, done = case.served(), case.run(sheets.whole)
    served, bad = case.served(), []
    if (done.returncode == 0) != (served != old):
        bad.append(f"{pages} pages: exit {done.returncode}, served {served}")
    if done.returncode not in REFUSED | {0} or (done.returncode and "磁盘" not in done.stderr):
        bad.append(f"{pages} pages: exit {done.returncode} {done.stderr.strip()}")
    if case.leftovers():
        bad.append(f"{pages} pages: left over {case.leftovers()}")
    return bad, int(done.returncode != 0)


def full_disk(sheets):
    """A tmpfs of a few pages, each size in turn; None if mounting is not permitted."""
    bad, refused = [], 0
    for pages in range(6, 150, 4 * STRIDE):
        with Case() as case:
            os.mkdir(case.data)
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={pages * 4096}", "tmpfs", case.data],
                                     capture_output=True, check=False)
            if mounted.returncode != 0:
                return None, 0
            try:
                complaints, count = fill_up(case, sheets, pages)
                bad += complaints
                refused += count
            finally:
                subprocess.run(["umount", case.data], check=True)
    return bad, refused


def main():
    tap = Tap()
    with Case() as base, Case() as twice:
        sheets = Sheets(base.top)
        two, three, four = (sheets.small[n] for n in (2, 3, 4))
        old, new = digest_of(two), digest_of(three)
        base.run(two)
        for mode in MODES:
            bad, count = every_operation(mode, base.data, three, old, new, four)
            tap.result(f"update, {mode} at every operation", bad, f" ({count} operations)")
        with Case() as empty:
            os.mkdir(empty.data)
            builtin = empty.served()
            for mode in ("eio", "kill", "power"):
                bad, count = every_operation(mode, empty.data, three, builtin, new, four)
                tap.result(f"first update, {mode} at every operation", bad, f" ({count} operations)")
        twice.run(three)
        twice.run(two)
        for mode in ("eio", "enospc", "kill", "power"):
            bad, count = every_operation(mode, twice.data, ["rollback"], old, new, four)
            tap.result(f"rollback, {mode} at every operation", bad, f" ({count} operations)")
        bad, switched = random_kills(base.data, sheets.whole, old, four, KILLS)
        tap.result(f"{KILLS} random kills", bad, f" ({switched} after the switch)")
        bad, refused = full_disk(sheets)
        tap.result("full disk", bad or [], " # SKIP mounting is not permitted" if bad is None
                   else f" ({refused} updates refused)")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Publication under faults: every file operation of it fails, is cut short, or is the last one, in turn.

After each fault readers must get exactly the old or the new content without a warning, the next
publication must succeed, and nothing may be left over. What was reported as done must be in force.
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BIANMIN_BUILD", "build")
PUBLISHER = os.path.join(BUILD, "tests", "e2e", "publisher")
SHIM = os.path.join(BUILD, "tests", "e2e", "fault_shim.so")
MODES = ["eio", "enospc", "short", "torn", "kill", "after", "power"]
KILLS = int(os.environ.get("CRASH_KILLS", "200"))
EXPECTED_NAMES = {"audit", "content", "current", "previous"}


class Case:
    """One data folder with a generation published in it, and a shadow beside it."""

    def __init__(self, template):
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

    def run(self, *words, fault=None, at=0, log=None):
        env = dict(os.environ)
        if fault or log:
            env.update(LD_PRELOAD=SHIM, FAULT_DIR=self.data, FAULT_AT=str(at), FAULT_MODE=fault or "",
                       FAULT_SHADOW=self.shadow)
            env["ASAN_OPTIONS"] = "verify_asan_link_order=0:" + env.get("ASAN_OPTIONS", "")
        if log:
            env["FAULT_LOG"] = log
        return subprocess.run([PUBLISHER, self.data, *words], env=env, capture_output=True, text=True)

    def served(self):
        got = self.run("served")
        if got.returncode != 0:
            return "nothing: " + got.stderr.strip(), -1
        _number, digest, warnings = got.stdout.split()
        return digest, int(warnings)

    def leftovers(self):
        found = set(os.listdir(self.data)) - EXPECTED_NAMES
        found |= {n for n in os.listdir(os.path.join(self.data, "content")) if not n.endswith(".db")}
        return found


def digest_of(*publications):
    with Case(None) as case:
        for count in publications:
            case.run("publish", str(count))
        return case.served()[0]


def check_after(case, done, old, new, where):
    """What must hold whatever went wrong. Returns a list of complaints."""
    bad = []
    digest, warnings = case.served()
    if digest not in (old, new) or warnings != 0:
        bad.append(f"{where}: served {digest} with {warnings} warnings")
    if done.returncode == 0 and digest != new:
        bad.append(f"{where}: success reported, but the old content is served")
    if done.returncode not in (0, 65, 74, -signal.SIGKILL):
        bad.append(f"{where}: exit {done.returncode} {done.stderr.strip()[-300:]}")
    again = case.run("publish", "30")
    if again.returncode != 0:
        bad.append(f"{where}: the next publication failed: {again.stderr.strip()}")
    if case.leftovers():
        bad.append(f"{where}: left over: {sorted(case.leftovers())}")
    return bad


def every_operation(mode, template, words, old, new):
    bad, at = [], 0
    with Case(template) as case:
        log = os.path.join(case.top, "log")
        case.run(*words, log=log)
        with open(log, encoding="utf-8") as lines:
            operations = [line.split(None, 2)[1] for line in lines]
    for at, operation in enumerate(operations, 1):
        if mode in ("short", "torn") and operation != "write":
            continue
        with Case(template) as case:
            done = case.run(*words, fault=mode, at=at)
            bad += check_after(case, done, old, new, f"{mode} at {at} ({operation})")
    return bad, len(operations)


def random_kills(template, old, new, count):
    """As long as one run takes, interrupted anywhere: OSTree's way."""
    bad, switched = [], 0
    generator = random.Random(12345)
    with Case(template) as case:
        start = time.monotonic()
        case.run("publish", "2000")
        span = time.monotonic() - start
    for i in range(count):
        with Case(template) as case:
            child = subprocess.Popen([PUBLISHER, case.data, "publish", "2000"], stderr=subprocess.DEVNULL)
            time.sleep(generator.random() * span * 1.1)
            child.kill()
            child.wait()
            digest, warnings = case.served()
            switched += digest == new
            if digest not in (old, new) or warnings:
                bad.append(f"kill {i}: served {digest} with {warnings} warnings")
            if case.run("publish", "30").returncode != 0 or case.leftovers():
                bad.append(f"kill {i}: not clean afterwards: {sorted(case.leftovers())}")
    return bad, switched


def full_disk():
    """A tmpfs of a few pages, each size in turn; None if mounting is not permitted."""
    bad, failures = [], 0
    old, new = digest_of(10), digest_of(2000)
    for pages in range(4, 100, 2):
        with Case(None) as case:
            os.mkdir(case.data)
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={pages * 4096}", "tmpfs", case.data],
                                     capture_output=True, check=False)
            if mounted.returncode != 0:
                return None, 0
            try:
                if case.run("publish", "10").returncode != 0:
                    failures += 1
                    continue
                done = case.run("publish", "2000")
                failures += done.returncode != 0
                digest, warnings = case.served()
                if digest not in (old, new) or warnings or (done.returncode == 0) != (digest == new):
                    bad.append(f"{pages} pages: exit {done.returncode}, served {digest}")
                if done.returncode not in (0, 74) or (done.returncode and "磁盘" not in done.stderr):
                    bad.append(f"{pages} pages: {done.stderr.strip()}")
                if case.leftovers():
                    bad.append(f"{pages} pages: left over {sorted(case.leftovers())}")
            finally:
                subprocess.run(["umount", case.data], check=True)
    return bad, failures


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def result(self, name, bad, note=""):
        self.count += 1
        self.failed += bool(bad)
        print(f"{'not ok' if bad else 'ok'} {self.count} - {name}{note}", flush=True)
        for line in bad[:20]:
            print("#   " + line, flush=True)


def main():
    tap = Tap()
    old, new = digest_of(10), digest_of(10, 20)
    with Case(None) as base:
        base.run("publish", "10")
        template = base.data
        for mode in MODES:
            bad, count = every_operation(mode, template, ("publish", "20"), old, new)
            tap.result(f"publish, {mode} at every operation", bad, f" ({count} operations)")
        bad, switched = random_kills(template, old, digest_of(2000), KILLS)
        tap.result(f"{KILLS} random kills", bad, f" ({switched} after the switch)")
    with Case(None) as base:
        base.run("publish", "20")
        base.run("publish", "10")
        for mode in ("eio", "enospc", "kill", "power"):
            bad, count = every_operation(mode, base.data, ("rollback",), old, new)
            tap.result(f"rollback, {mode} at every operation", bad, f" ({count} operations)")
    bad, failures = full_disk()
    tap.result("full disk", bad or [], " # SKIP mounting is not permitted" if bad is None
               else f" ({failures} publications refused)")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())

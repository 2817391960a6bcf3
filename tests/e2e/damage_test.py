#!/usr/bin/env python3
"""Damaged data: the product falls back, says so, and goes on answering. And it never writes to read."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from tap import Tap, starter_folder

BUILD = os.environ.get("BIANMIN_BUILD", "build")
BIANMIN = os.environ.get("BIANMIN", os.path.join(BUILD, "bianmin"))


class Kiosk:
    """A data folder with two generations: 1 has one notice fewer than 2, which is the starter."""

    def __init__(self, top):
        self.data = os.path.join(top, "data")
        first = os.path.join(top, "first")
        shutil.copytree(starter_folder(), first)
        sheet = os.path.join(first, "公告.csv")
        with open(sheet, encoding="utf-8") as lines:
            rows = lines.read().splitlines(True)
        with open(sheet, "w", encoding="utf-8") as out:
            out.writelines(rows[:-1])
        assert self.run("update", first, "--yes").returncode == 0
        self.older = self.status()[1]["digest"]
        assert self.run("update", starter_folder(), "--yes").returncode == 0
        self.newer = self.status()[1]["digest"]
        self.current = os.path.join(self.data, "current")
        self.content = os.path.join(self.data, "content", "content-000002.db")
        os.chmod(self.content, 0o640)

    def run(self, *words):
        return subprocess.run([BIANMIN, "--data", self.data, *words], capture_output=True, text=True, check=False)

    def status(self):
        done = self.run("status", "--json")
        return done, json.loads(done.stdout)

    def complaints(self, where, source, digest, with_answer=True):
        done, status = self.status()
        bad = []
        if (status["source"], status["digest"]) != (source, digest):
            bad.append(f"{where}: {status['source']} {status['digest']}")
        if done.returncode != 65 or not status["warnings"] or not done.stderr.strip():
            bad.append(f"{where}: exit {done.returncode} {done.stderr.strip()}")
        if with_answer:
            answer = self.run("ask", "低保怎么申请")
            if answer.returncode != 0 or "低保" not in answer.stdout or not answer.stderr.strip():
                bad.append(f"{where}: ask exit {answer.returncode}, stderr {answer.stderr.strip()!r}")
        return bad


class Spoilt:
    """Within it `path` holds other octets; afterwards the old ones."""

    def __init__(self, path, change):
        self.path = path
        with open(path, "rb") as file:
            self.before = file.read()
        self.after = change(self.before)

    def __enter__(self):
        self.write(self.after)

    def __exit__(self, *_):
        self.write(self.before)

    def write(self, octets):
        if octets is None:
            os.unlink(self.path)
            return
        with open(self.path, "wb") as file:
            file.write(octets)


def flipped(at):
    return lambda octets: octets[:at] + bytes([octets[at] ^ 0x20]) + octets[at + 1:]


CHANGES = [("empty", lambda octets: b""), ("missing", lambda octets: None),
           ("half", lambda octets: octets[:len(octets) // 2]), ("longer", lambda octets: octets + b"x"),
           ("zeros", lambda octets: bytes(len(octets))), ("huge", lambda octets: octets * 300)]


def test_pointer(kiosk):
    bad = []
    for at in range(os.path.getsize(kiosk.current)):
        with Spoilt(kiosk.current, flipped(at)):
            bad += kiosk.complaints(f"octet {at}", "previous", kiosk.older, with_answer=at % 40 == 0)
    for name, change in CHANGES:
        with Spoilt(kiosk.current, change):
            bad += kiosk.complaints(name, "previous", kiosk.older)
    return bad


def test_content(kiosk):
    bad, size = [], os.path.getsize(kiosk.content)
    for at in list(range(0, 100, 3)) + list(range(100, size, size // 60)) + [size - 1]:
        with Spoilt(kiosk.content, flipped(at)):
            bad += kiosk.complaints(f"octet {at}", "previous", kiosk.older, with_answer=at % 7 == 0)
    for name, change in CHANGES:
        with Spoilt(kiosk.content, change):
            bad += kiosk.complaints(name, "previous", kiosk.older)
    return bad


def test_both(kiosk):
    bad = []
    builtin = json.loads(subprocess.run([BIANMIN, "--data", kiosk.data + "-none", "status", "--json"],
                                        capture_output=True, text=True, check=True).stdout)["digest"]
    for name, change in CHANGES:
        with Spoilt(kiosk.current, change), Spoilt(os.path.join(kiosk.data, "previous"), change):
            bad += kiosk.complaints(name, "builtin", builtin)
    return bad


def test_mending(kiosk):
    one_word = ("低保".encode(), "低饱".encode())
    with Spoilt(kiosk.content, lambda octets: octets.replace(*one_word, 1)):
        done = kiosk.run("update", starter_folder(), "--yes")
        status, facts = kiosk.status()
        if done.returncode != 0 or status.returncode != 0 or facts["generation"] != 3:
            return [f"update {done.returncode}, status {status.returncode}: {done.stderr} {status.stderr}"]
        refused = kiosk.run("rollback", "2")
        if refused.returncode != 65:
            return [f"rollback to a damaged generation: exit {refused.returncode}"]
    return []


def listing(folder):
    return sorted((path, name, os.lstat(os.path.join(path, name)).st_mtime_ns)
                  for path, folders, files in os.walk(folder) for name in folders + files)


def test_reading_writes_nothing(kiosk):
    bad = []
    for name, change in [("sound", lambda octets: octets)] + CHANGES:
        with Spoilt(kiosk.current, change):
            before = listing(kiosk.data)
            for words in (("status",), ("ask", "低保"), ("export", os.path.join(kiosk.data, "..", "out"), "--force")):
                kiosk.run(*words)
            if listing(kiosk.data) != before:
                bad.append(f"{name}: the data folder has changed")
    return bad


def test_round_trip(kiosk):
    """Export, then update: the same digest; also for a cell that a spreadsheet would take for a formula."""
    out = os.path.join(kiosk.data, "..", "sheets")
    answer = "-按月发放，问\"社区\"。"
    kiosk.run("export", out)
    sheet = os.path.join(out, "问答.csv")
    with open(sheet, encoding="utf-8-sig", newline="") as file:
        text = file.read()
    head, first, rest = text.split("\r\n", 2)
    code, question, _answer = first.split(",", 2)
    with open(sheet, "w", encoding="utf-8-sig", newline="") as file:
        file.write("\r\n".join([head, f'{code},{question},"\'{answer.replace(chr(34), chr(34) * 2)}"', rest]))
    changed = kiosk.run("update", out, "--yes")
    digest = kiosk.status()[1]["digest"]
    kiosk.run("export", out, "--force")
    with open(sheet, encoding="utf-8-sig") as file:
        if "'-按月发放" not in file.read():
            return [f"the formula is not guarded: {changed.stdout} {changed.stderr}"]
    again = json.loads(kiosk.run("update", out, "--yes", "--json").stdout)
    if again["outcome"] != "same" or kiosk.status()[1]["digest"] != digest:
        return [f"not the same again: {again}"]
    return []


def main():
    tap = Tap()
    for name, test in [("pointer: every octet", test_pointer), ("content: many octets", test_content),
                       ("both pointers", test_both), ("an update mends it", test_mending),
                       ("reading writes nothing", test_reading_writes_nothing),
                       ("export and update", test_round_trip)]:
        top = tempfile.mkdtemp(prefix="damage-")
        try:
            tap.result(name, test(Kiosk(top)))
        finally:
            shutil.rmtree(top, ignore_errors=True)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
